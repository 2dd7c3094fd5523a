"""Whether anybody waits to be told something: the little that each pass asks, without the room of alerts."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from bcp.store.part import StorePart

FILE = "alerts.json"
_ANY = "SELECT 1 FROM alert_deliveries WHERE state = 'waiting' LIMIT 1"


class AlertsWaiting(StorePart):
    """A look at the outbox of alerts."""

    def any(self) -> bool:
        """Whether an alert waits for somebody. Raises StoreError where that cannot be read."""
        return bool(self._rows(_ANY))


def spare_files(state: Path, outside: Path | None) -> list[Path]:
    """Where alerts are kept that the store refused, the best place first.

    `state` is the folder of the store, `outside` that of this login.
    """
    name = sha256(str(state).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    own = [outside / "alerts" / f"{name}.json"] if outside is not None else []
    return [*own, state / FILE]

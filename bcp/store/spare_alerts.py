"""What people have to hear while the store cannot be written: in memory, and in a small file where one can be.

A full disk must not keep an outage from anybody. The file lies in the folder of this login's own, else beside the
store; where neither can be written, what waits lives as long as the process.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from bcp.alert.alert import AlertKind, read_alert
from bcp.alert.outbox import STATES, AlertRow, DeliveryState
from bcp.event import moment, stamp
from bcp.files import in_words, put
from bcp.store.part import one_of, typed

_LOG = logging.getLogger(__name__)


class SpareAlerts:
    """`AlertOutbox` beside the store."""

    def __init__(self, files: Sequence[Path]) -> None:
        """`files` are tried in this order."""
        self._files = files
        self._rows: dict[tuple[str, str], AlertRow] = {}
        for file in files:
            with suppress(OSError, ValueError, TypeError, LookupError, RecursionError):
                for data in json.loads(file.read_bytes()):
                    row = _read(data)
                    self._rows.setdefault((row.alert.id, row.recipient), row)

    @property
    def rows(self) -> list[AlertRow]:
        """All that it holds."""
        return list(self._rows.values())

    def add(self, rows: Iterable[AlertRow]) -> None:
        """Keep rows; those that are there already stay as they are."""
        for row in rows:
            self._rows.setdefault((row.alert.id, row.recipient), row)
        self._write()

    def last_words(self) -> dict[str, AlertKind]:
        """What was last to be told about each thing."""
        alerts = sorted(
            (row.alert for row in self._rows.values() if row.alert.about), key=lambda each: each.at
        )
        return {alert.about: alert.kind for alert in alerts}

    def waiting(self) -> list[AlertRow]:
        """The rows that wait."""
        return [row for row in self._rows.values() if row.state == "waiting"]

    def taken(self, alerts: Iterable[str]) -> dict[str, set[str]]:
        """By whom each of these alerts was taken."""
        wanted, found = set(alerts), dict[str, set[str]]()
        for (alert, recipient), row in self._rows.items():
            if row.state == "taken" and alert in wanted:
                found.setdefault(alert, set()).add(recipient)
        return found

    def settle(self, rows: Iterable[AlertRow]) -> None:
        """Keep how far rows came."""
        self._rows.update({(row.alert.id, row.recipient): row for row in rows})
        self._write()

    def clear(self) -> None:
        """All of it is in the store again."""
        self._rows.clear()
        for file in self._files:
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def _write(self) -> None:
        content = json.dumps([_data(row) for row in self._rows.values()], ensure_ascii=False).encode()
        for file in self._files:
            try:
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                put(file, content)
            except OSError as error:
                _LOG.warning("alerts were not kept in %s: %s", file.name, in_words(error))
            else:
                return


def _data(row: AlertRow) -> dict[str, Any]:
    times = {name: stamp(at) if at else None for name, at in (("not_before", row.not_before), ("at", row.at))}
    told = {"recipient": row.recipient, "state": row.state, "tries": row.tries, "why": row.why}
    return {"alert": row.alert.as_data(), **told, **times}


def _read(data: Any) -> AlertRow:
    recipient, state, tries, why = typed(
        [data[name] for name in ("recipient", "state", "tries", "why")], str, str, int, str
    )
    times = [moment(data[name]) if data[name] else None for name in ("not_before", "at")]
    found = cast("DeliveryState", one_of(state, STATES))
    return AlertRow(read_alert(data["alert"]), recipient, found, tries, times[0], why, times[1])

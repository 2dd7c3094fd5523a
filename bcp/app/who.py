"""Who sits at this computer: asked once where nothing says so, and kept for a day under the name of the login."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bcp.event import moment, stamp
from bcp.files import put
from bcp.private import make_folder

FILE = "who.json"
AGAIN = "ask"
"""What `--by` says to be asked again."""
KEPT_FOR = timedelta(hours=12)
"""From the last time that somebody acted: over a long day and the night after it, and not until the next incident."""


class Asker(Protocol):
    """Whoever can ask the person who sits there."""

    @property
    def attended(self) -> bool:
        """Whether somebody sits there."""
        ...

    def ask(self, people: Mapping[str, str]) -> str | None:
        """Which of the `people`, names by id, sits there; None for none of them."""
        ...


class NobodyToAsk:
    """Nobody sits there."""

    attended = False

    def ask(self, people: Mapping[str, str]) -> str | None:
        """Nobody answers."""
        return None


class KnownPeople:
    """Who acts under which login, in a file beside the journal: `{login: {person, until}}`."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the stores."""
        self._path = folder / FILE

    def find(self, login: str, now: datetime) -> str | None:
        """Who acted last under this login, unless that is too long ago; a file that cannot be read says nothing."""
        with suppress(ValueError, TypeError, KeyError):
            kept = self._read()[login]
            if now <= moment(kept["until"]) <= now + KEPT_FOR:
                return str(kept["person"])
        return None

    def keep(self, login: str, person: str, now: datetime) -> None:
        """Keep that this person acts now. Where that cannot be written it is asked again next time."""
        everybody = {**self._read(), login: {"person": person, "until": stamp(now + KEPT_FOR)}}
        with suppress(OSError):
            make_folder(self._path.parent)
            put(self._path, json.dumps(everybody, ensure_ascii=False).encode())

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

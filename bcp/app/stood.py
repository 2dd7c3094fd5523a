"""How each lever was when it was last looked at, read without a look and without the rooms of the levers.

What was seen is in the ledger of its kind, once for each change. When it was last looked at stands in a file beside the
journals: a line of the ledger every quarter of an hour would make it long, and everything that reads it slow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from bcp.app.session import Session
from bcp.event import moment, stamp, unseal
from bcp.files import put
from bcp.incident.state import Incident
from bcp.lever.journal import LeverEvent, looks_of, stacks_of
from bcp.private import make_folder

FILE = "looked.json"
STREAMS: Mapping[Literal["line", "number", "place"], str] = {
    "line": "lines",
    "number": "numbers",
    "place": "places",
}
"""The kinds of levers, and the streams of their ledgers."""
OPEN_EVERY = timedelta(minutes=15)
"""How old the last look at an open measure may be."""
_RED = ("hidden", "gone", "changed", "left")
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LastTry:
    """When a lever was last seen, when it was last tried, and why that told nothing, if it did not."""

    at: datetime
    tried: datetime
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class LookTimes:
    """When all levers were last asked, what became of that at each (`KIND LEVER`), and which were not well."""

    at: datetime = _NEVER
    tries: Mapping[str, LastTry] = field(default_factory=dict)
    red: tuple[str, ...] = ()


class LookFile:
    """The file with those times."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the stores."""
        self._path = folder / FILE

    def read(self) -> LookTimes | None:
        """What it says; None where nobody ever looked, as far as it is known."""
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            told = json.loads(self._path.read_bytes())
            tries = {
                str(name): LastTry(moment(each["at"]), moment(each["tried"]), str(each["unseen"]))
                for name, each in told["tries"].items()
            }
            return LookTimes(moment(told["at"]), tries, tuple(map(str, told["red"])))
        return None

    def keep(self, times: LookTimes) -> None:
        """Write it. Where that cannot be done everything is looked at again next time."""
        tries = {
            name: {"at": stamp(each.at), "tried": stamp(each.tried), "unseen": each.unseen}
            for name, each in times.tries.items()
        }
        told = {"at": stamp(times.at), "tries": tries, "red": times.red}
        with suppress(OSError):
            make_folder(self._path.parent)
            put(self._path, json.dumps(told, ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True)
class Stood:
    """A lever as it was last seen: its `state` as in `Standing`, in words, since when, and when it was looked at.

    `incident` and `step` are whose layer lies on top, nothing where none does. `todo` is the one thing to do. Where
    the last look told nothing, `unseen` says why.
    """

    kind: str
    lever: str
    incident: str
    step: str
    state: str
    words: str
    todo: str
    since: datetime
    at: datetime
    unseen: str

    @property
    def is_red(self) -> bool:
        """Whether somebody has to do something."""
        return self.state in _RED

    def as_data(self) -> dict[str, Any]:
        """What `status --json` says of it."""
        told = {"state": self.state, "words": self.words, "todo": self.todo}
        return {**told, "since": stamp(self.since), "at": stamp(self.at), "unseen": self.unseen}


def stood(session: Session) -> list[Stood]:
    """Every lever that was ever looked at since its uppermost layer was laid."""
    times = LookFile(session.stores.folder).read()
    if times is None:
        return []
    return [each for told in STREAMS.items() for each in _of_kind(session, *told, times.tries)]


def stood_of(every: Sequence[Stood], incident: Incident, step: str) -> Stood | None:
    """The one at which a step of an incident has set something; None where nobody looked since."""
    return next((each for each in every if (each.incident, each.step) == (incident.id, step)), None)


def _of_kind(session: Session, kind: str, stream: str, tries: Mapping[str, LastTry]) -> list[Stood]:
    read = [unseal(row) for row in session.stores.levers.rows(stream)]
    events = [LeverEvent(each.kind, each.data, each.at) for each in read]
    looks = looks_of(events)
    found = []
    for lever, stack in stacks_of(events).items():
        look, tried = looks.get(lever), tries.get(f"{kind} {lever}")
        top = stack.top
        is_old = tried is None or (top is not None and tried.at < top.at)
        if tried is None or is_old or (look is None and not tried.unseen):
            continue
        incident, step = top.key[:2] if top is not None else ("", "")
        told = look.data if look is not None else {"state": "unknown", "words": "", "todo": ""}
        since = look.at if look is not None else tried.at
        said = told["state"], told["words"], told["todo"]
        found.append(Stood(kind, lever, incident, step, *said, since, max(tried.at, since), tried.unseen))
    return found

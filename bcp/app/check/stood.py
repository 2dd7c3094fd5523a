"""What the last look at each thing that was set gave, in a file beside the journal: who shows it need not look."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bcp.event import moment, stamp
from bcp.files import put
from bcp.private import make_folder

FILE = "standing.json"
RED = ("gone", "changed")
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stood:
    """A thing that was set, as it was last seen: `stands`, `gone` or `changed`, since when, and when it was looked at.

    `incident` and `step` say who set it, nothing where nobody did; `todo` is the one thing to do. Where the last look
    told nothing, `unseen` says why, and what was seen before stays.
    """

    kind: str
    name: str
    incident: str
    step: str
    state: str
    words: str
    todo: str
    since: datetime
    at: datetime
    unseen: str = ""

    @property
    def key(self) -> str:
        """What it is called in the file."""
        return f"{self.incident}/{self.step}" if self.incident else f"{self.kind}:{self.name}"

    @property
    def is_red(self) -> bool:
        """Whether it is not as it should be."""
        return self.state in RED

    def as_data(self) -> dict[str, Any]:
        """What `status --json` says of it."""
        told = self.as_json()
        return {name: told[name] for name in ("state", "words", "todo", "since", "at", "unseen")}

    def as_json(self) -> dict[str, Any]:
        """As the file has it."""
        return {**asdict(self), "since": stamp(self.since), "at": stamp(self.at)}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Stood:
        """What `as_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        texts = {field.name: str(told[field.name]) for field in fields(cls)}
        return cls(**{**texts, "since": moment(told["since"]), "at": moment(told["at"])})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class LastLooks:
    """When somebody looked at all that is set, and what was seen of each, by its key."""

    at: datetime
    seen: Mapping[str, Stood]

    def of(self, incident: str, step: str) -> Stood | None:
        """What was seen of what a step set; None where nobody looked since."""
        return self.seen.get(f"{incident}/{step}")


NO_LOOKS = LastLooks(_NEVER, {})


class StoodFile:
    """The file."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the stores."""
        self._path = folder / FILE

    def read(self) -> LastLooks:
        """What it says; one that is not there or cannot be read says that nobody ever looked."""
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            told = json.loads(self._path.read_bytes())
            return LastLooks(moment(told["at"]), {each.key: each for each in map(Stood.read, told["seen"])})
        return NO_LOOKS

    def keep(self, looks: LastLooks) -> None:
        """Write it. Where that cannot be done it is looked at again next time."""
        told = {"at": stamp(looks.at), "seen": [each.as_json() for each in looks.seen.values()]}
        with suppress(OSError):
            make_folder(self._path.parent)
            put(self._path, json.dumps(told, ensure_ascii=False).encode())

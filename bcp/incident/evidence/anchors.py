"""Heads that were given away: when, how and to whom; each proves the journal up to its event, from then on.

They are kept beside the incident and once more outside the folder of the office, in files of lines of JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from bcp.event import canonical, moment, stamp

FILE = "anchors.jsonl"
FOLDER = "anchors"
How = Literal["kept", "stamp", "mail", "tried"]
GIVEN = ("stamp", "mail")
"""`kept` on this computer alone; `tried` to give it away, in vain."""


class GivenHead(NamedTuple):
    """The hash of one event of an incident, as it was given away; `to` is an address, or why it did not work."""

    incident: str
    event: int
    head: str
    at: datetime
    how: How
    to: str = ""

    @property
    def stamp_file(self) -> str:
        """Where the stamp of it lies, from the incident's folder."""
        return f"{FOLDER}/{self.event:06}.tsr"


def stamped_text(head: str) -> bytes:
    """What an authority stamps: the 64 digits and a line end, so that `openssl ts -verify` reads it from a file."""
    return f"{head}\n".encode()


def as_line(given: GivenHead) -> str:
    """It as a line of the file."""
    return canonical({**given._asdict(), "at": stamp(given.at)}) + "\n"


def from_lines(lines: Iterable[str]) -> Iterator[GivenHead]:
    """Those of a file; a line that cannot be read is passed over: what it would prove is not proven then."""
    for line in lines:
        try:
            told = json.loads(line)
            given = GivenHead(**{**told, "at": moment(told["at"])})
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        texts = (given.incident, given.head, given.how, given.to)
        if (
            all(isinstance(each, str) for each in texts)
            and type(given.event) is int
            and given.how in get_args(How)
        ):
            yield given

"""Event, its seal (hash), Log: the protocol of anything that keeps events.

An event is kept as two texts of canonical JSON (keys sorted, no spaces, text as it is), a line each: its header, and
what it says.

    {"at":…,"format":2,"how":…,"kind":…,"prev":…,"recorded_at":…,"sealed":…,"seq":…,"stream":…}
    {"by":…,"data":…,"line":…,"recorded_by":…,"salt":…}

`sealed` is the hash (SHA-256) of the second line, and the hash of the event is that of the first one, which also holds
the hash of the event before: each event vouches for all that stand in front of it. So what an event says can be
withheld and the chain still be checked link by link; the salt keeps what is withheld from being guessed. `line` is its
line of journal.txt, as it was written.

Events of format 1 are one such text, with all of it but salt and line; their hash is that of the whole text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any, NamedTuple, Protocol

from bcp.errors import ChainBroken
from bcp.revealed import REVEALED


class Head(NamedTuple):
    """The end of a stream: the number and the hash of its last event."""

    seq: int
    hash: str


_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
# What `_WRITER.encode` makes anew for each text it writes: behind a flush to the disk, when nothing is in the
# processor's cache, that is half of the cost. Only CPython has it.
_FAST = c_make_encoder and c_make_encoder(
    None, _WRITER.default, encode_basestring, None, ":", ",", True, False, False
)
_READER = json.JSONDecoder()

FORMAT = 2
_SALT_BYTES = 16
_PLANS = ("plan", "texts")
NO_EVENT = "its text is not an event"
NOT_ITS_HASH = "its text does not match its hash"
MOVED = "it was moved from another place"
KEEP = "keep a copy of the database as it is; the events before it are still whole"

NOTHING = Head(0, "0" * 64)


class Row(NamedTuple):
    """One stored event, as it lies in the store."""

    stream: str
    seq: int
    kind: str
    body: str
    hash: str


class Entry(NamedTuple):
    """What is to be written: `at` is when it happened, if that was before it is written down."""

    kind: str
    by: str
    data: Mapping[str, Any] = {}
    at: datetime | None = None
    recorded_by: str = ""
    how: str = "terminal"


class Event(NamedTuple):
    """One entry of a journal: occurred at, recorded at (UTC), who did it, who recorded it, and how.

    `how` is terminal, watch or paper; `body` is its stored text, `hash` its seal, `prev` that of the one before;
    `line` is its line of journal.txt as it was written, empty where none was kept with it.
    """

    stream: str
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    by: str
    recorded_by: str
    how: str
    data: Mapping[str, Any]
    prev: str
    hash: str
    body: str
    line: str = ""

    def as_json(self) -> dict[str, Any]:
        """The event as `incident log --json` prints it."""
        return {**content_of(self.body), "hash": self.hash}


Line = Callable[[Event], str]
"""Says an event in one line, before it is sealed: `body` and `hash` are not there yet."""


def canonical(data: object) -> str:
    """The one text of `data`: JSON with sorted keys, no spaces, no NaN.

    A half of a surrogate pair, as Python makes of bytes that are no text, becomes U+FFFD: what a program
    said must not keep the journal from being written, and it could not be shown or stored as it is.
    """
    return _written(data)[0]


def _written(data: object) -> tuple[str, bytes]:
    """The canonical text, and its bytes as they are hashed and stored."""
    text = "".join(_FAST(data, 0)) if _FAST else _WRITER.encode(data)
    try:
        return text, text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text, text.encode()


def stamp(moment: datetime) -> str:
    """`2026-11-26T07:50:00.123Z`: UTC, milliseconds, one length, so that text sorts as time does."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[:-6] + "Z"


def moment(text: str) -> datetime:
    """The aware datetime that `stamp` wrote."""
    return datetime.fromisoformat(text)


def seal(stream: str, last: Head | Event, entry: Entry, now: datetime, line: Line | None = None) -> Event:
    """`entry` as the event that follows `last`, with its canonical text and its hash, and its `line`."""
    recorded_at = stamp(now)
    header = {
        "format": FORMAT,
        "stream": stream,
        "seq": last.seq + 1,
        "kind": entry.kind,
        "at": stamp(entry.at) if entry.at else recorded_at,
        "recorded_at": recorded_at,
        "how": entry.how,
        "prev": last.hash,
    }
    withheld: dict[str, Any] = {
        "salt": os.urandom(_SALT_BYTES).hex(),
        "by": entry.by,
        "recorded_by": entry.recorded_by or entry.by,
        "data": REVEALED.net(entry.data, but=_PLANS),
    }
    said, raw = _written(withheld)
    if line is not None:
        withheld["line"] = line(event_of({**header, **_decoded(said)[0]}, "", ""))
        said, raw = _written(withheld)
    text, raw = _written({**header, "sealed": _sha256()(raw).hexdigest()})
    body = f"{text}\n{said}"
    # Not from what was sealed but from its text, so that an event is the same when it is read again.
    return event_of(content_of(body), _sha256()(raw).hexdigest(), body)


def seal_all(
    stream: str, head: Head, entries: Sequence[Entry], now: datetime, line: Line | None = None
) -> list[Event]:
    """`entries` as the events that follow `head`, each sealed behind the one before."""
    last: Head | Event = head
    events = []
    for entry in entries:
        last = seal(stream, last, entry, now, line)
        events.append(last)
    return events


def digest(text: str) -> str:
    """SHA-256 of these characters, as hexadecimal digits."""
    hexadecimal: str = _sha256()(text.encode()).hexdigest()
    return hexadecimal


def content_of(body: str) -> dict[str, Any]:
    """All that the stored text of an event tells, of either format. Raises ValueError for what is no such text."""
    header, end = _decoded(body)
    if header.get("format", 1) == 1:
        return header
    content, _end = _decoded(body, end + 1)
    return {**content, **header}


def row_of(body: str, sealed: str) -> Row:
    """The row of an event that comes from elsewhere. Raises ValueError, KeyError or TypeError for what is none."""
    header, _end = _decoded(body)
    return Row(header["stream"], header["seq"], header["kind"], body, sealed)


def _decoded(text: str, start: int = 0) -> tuple[dict[str, Any], int]:
    """The object of JSON that begins there, and where it ends."""
    found, end = _READER.raw_decode(text, start)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found, end


@cache
def _sha256() -> Callable[[bytes], Any]:
    # Imported here: reading the status of an incident hashes nothing, and OpenSSL takes its time to load.
    # Once, not at each call: after a flush to the disk even that is dear.
    from hashlib import sha256

    return sha256


def unseal(row: Row) -> Event:
    """The event in a stored row; the hash is not checked here (see `checked`).

    Raises ChainBroken for a text that is no event, or the event of another place.
    """
    try:
        event = event_of(content_of(row.body), row.hash, row.body)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise broken(row, NO_EVENT) from None
    if not isinstance(row.hash, str):
        raise broken(row, NOT_ITS_HASH)
    if event.seq != row.seq:
        raise broken(row, MOVED)
    return event


def event_of(all_of_it: Mapping[str, Any], sealed: str, body: str) -> Event:
    """The event that tells `all_of_it`, with its hash and its stored text. Raises what reading it raises."""
    line = all_of_it.get("line", "")
    if not isinstance(line, str):
        raise TypeError("a line that is no text")
    return Event(
        all_of_it["stream"],
        all_of_it["seq"],
        all_of_it["kind"],
        moment(all_of_it["at"]),
        moment(all_of_it["recorded_at"]),
        all_of_it["by"],
        all_of_it["recorded_by"],
        all_of_it["how"],
        all_of_it["data"],
        all_of_it["prev"],
        sealed,
        body,
        line,
    )


def broken(row: Row, why: str) -> ChainBroken:
    """What is to be raised because of a row of a journal."""
    return ChainBroken(f"the journal of {row.stream} is broken at event {row.seq}: {why}", KEEP)


class Log(Protocol):
    """Anything that keeps events: appends them, and never changes them."""

    def append(self, stream: str, head: Head, entries: Sequence[Entry]) -> list[Event]:
        """Write `entries` after `head`, all or none. Raises Conflict if the stream has grown since."""
        ...

    def rows(self, stream: str, after: int = 0, but: str = "") -> Iterator[Row]:
        """The stored rows of `stream` behind event number `after`, in order.

        Those of the kind `but` are left out, if they are not the last one.
        """
        ...

    def streams(self, kind: str) -> list[str]:
        """The streams that hold an event of `kind`, oldest first."""
        ...

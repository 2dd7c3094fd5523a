"""Event, its seal (hash), Log: the protocol of anything that keeps events.

An event is kept as canonical JSON: keys sorted, no spaces, text as it is. Those very characters are
stored and hashed (SHA-256), and they contain the hash of the event before, so each event vouches for
all that stand in front of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

_PLANS = ("plan", "texts")
_NO_EVENT = "its text is not an event"
_NOT_ITS_HASH = "its text does not match its hash"
_MOVED = "it was moved from another place"
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

    `how` is terminal, watch or paper; `body` is its stored text, `hash` its seal, `prev` that of the one before.
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

    def as_json(self) -> dict[str, Any]:
        """The event as `incident log --json` prints it."""
        return {**json.loads(self.body), "hash": self.hash}


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


def seal(stream: str, last: Head | Event, entry: Entry, now: datetime) -> Event:
    """`entry` as the event that follows `last`, with its canonical text and its hash."""
    recorded_at = stamp(now)
    at = stamp(entry.at) if entry.at else recorded_at
    recorded_by = entry.recorded_by or entry.by
    body, raw = _written(
        {
            "stream": stream,
            "seq": last.seq + 1,
            "kind": entry.kind,
            "at": at,
            "recorded_at": recorded_at,
            "by": entry.by,
            "recorded_by": recorded_by,
            "how": entry.how,
            "data": REVEALED.net(entry.data, but=_PLANS),
            "prev": last.hash,
        }
    )
    return _event(body, _sha256()(raw).hexdigest())


def seal_all(stream: str, head: Head, entries: Sequence[Entry], now: datetime) -> list[Event]:
    """`entries` as the events that follow `head`, each sealed behind the one before."""
    last: Head | Event = head
    events = []
    for entry in entries:
        last = seal(stream, last, entry, now)
        events.append(last)
    return events


def digest(body: str) -> str:
    """SHA-256 of the stored characters, as hexadecimal digits."""
    hexadecimal: str = _sha256()(body.encode()).hexdigest()
    return hexadecimal


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
        event = _event(row.body, row.hash)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _broken(row, _NO_EVENT) from None
    if not isinstance(row.hash, str):
        raise _broken(row, _NOT_ITS_HASH)
    if event.seq != row.seq:
        raise _broken(row, _MOVED)
    return event


def following(rows: Iterable[Row], head: Head) -> list[Event]:
    """The events in the rows behind `head`, hashes unchecked.

    Raises ChainBroken where their numbers do not ascend: a damaged page gives them in any order, and whoever then
    asked for what comes behind the last one would get the same ones for ever.
    """
    events, last = [], head.seq
    for row in rows:
        event = unseal(row)
        if event.seq <= last:
            raise _broken(row, _MOVED)
        events.append(event)
        last = event.seq
    return events


def _event(body: str, sealed: str) -> Event:
    # Not from what was sealed but from its text, so that an event is the same when it is read again.
    told, _end = _READER.raw_decode(body)
    return Event(
        told["stream"],
        told["seq"],
        told["kind"],
        moment(told["at"]),
        moment(told["recorded_at"]),
        told["by"],
        told["recorded_by"],
        told["how"],
        told["data"],
        told["prev"],
        sealed,
        body,
    )


def checked(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of one stream, each after its place in the chain was proved.

    Raises ChainBroken at the first row that was changed, removed, inserted or swapped. That nothing
    was cut off the end cannot be seen from inside: compare the last hash with one kept elsewhere.
    """
    head = NOTHING
    for row in rows:
        if row.seq != head.seq + 1:
            raise ChainBroken(
                f"the journal of {row.stream} is broken: event {head.seq + 1} is missing",
                KEEP,
            )
        why = _fault(row, head)
        if why:
            raise _broken(row, why)
        yield row
        head = Head(row.seq, row.hash)


def _broken(row: Row, why: str) -> ChainBroken:
    return ChainBroken(f"the journal of {row.stream} is broken at event {row.seq}: {why}", KEEP)


def _fault(row: Row, head: Head) -> str:
    if not isinstance(row.body, str) or digest(row.body) != row.hash:
        return _NOT_ITS_HASH
    try:
        told = json.loads(row.body)
        same = (told["stream"], told["seq"], told["kind"]) == (row.stream, row.seq, row.kind)
    except (ValueError, KeyError, TypeError, RecursionError):
        return _NO_EVENT
    if not same:
        return _MOVED
    if told.get("prev") != head.hash:
        return "it does not follow the event before it"
    return ""


class Log(Protocol):
    """Anything that keeps events: appends them, and never changes them."""

    def append(self, stream: str, head: Head, entries: Sequence[Entry]) -> list[Event]:
        """Write `entries` after `head`, all or none. Raises Conflict if the stream has grown since."""
        ...

    def rows(self, stream: str, after: int = 0) -> Iterator[Row]:
        """The stored rows of `stream` behind event number `after`, in order."""
        ...

    def streams(self, kind: str) -> list[str]:
        """The streams that hold an event of `kind`, oldest first."""
        ...

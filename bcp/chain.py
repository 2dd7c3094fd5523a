"""The chain of a stream: whether each event stands in its place, unchanged, behind the one before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from bcp.errors import ChainBroken
from bcp.event import (
    FORMAT,
    KEEP,
    MOVED,
    NO_EVENT,
    NOT_ITS_HASH,
    NOTHING,
    Event,
    Head,
    Row,
    broken,
    digest,
    event_of,
    unseal,
)


def checked(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of one stream, each after its place in the chain was proved; see `proven`."""
    for row, _event_of_it in _proven(rows):
        yield row


def proven(rows: Iterable[Row]) -> Iterator[Event]:
    """The events in the rows of one stream, each after its place in the chain was proved.

    Raises ChainBroken at the first row that was changed, removed, inserted or swapped. That nothing
    was cut off the end cannot be seen from inside: compare the last hash with one kept elsewhere.
    """
    for _row, event in _proven(rows):
        yield event


def _proven(rows: Iterable[Row]) -> Iterator[tuple[Row, Event]]:
    head = NOTHING
    for row in rows:
        if row.seq != head.seq + 1:
            raise ChainBroken(
                f"the journal of {row.stream} is broken: event {head.seq + 1} is missing",
                KEEP,
            )
        yield row, _in_its_place(row, head)
        head = Head(row.seq, row.hash)


def _in_its_place(row: Row, head: Head) -> Event:
    """The event of a row that has its hash, says what the row says and follows `head`. Raises ChainBroken."""
    if not isinstance(row.body, str) or not isinstance(row.hash, str):
        raise broken(row, NOT_ITS_HASH)
    # In canonical JSON a line feed is written as two characters: the first real one stands between the two texts.
    text, _feed, content = row.body.partition("\n")
    if digest(text) != row.hash:
        raise broken(row, NOT_ITS_HASH)
    try:
        header = json.loads(text)
        if (header.get("format", 1) == FORMAT) is not bool(content):
            raise broken(row, NO_EVENT)
        if content and header.get("sealed") != digest(content):
            raise broken(row, NOT_ITS_HASH)
        event = event_of({**json.loads(content), **header} if content else header, row.hash, row.body)
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        raise broken(row, NO_EVENT) from None
    if (event.stream, event.seq, event.kind) != (row.stream, row.seq, row.kind):
        raise broken(row, MOVED)
    if event.prev != head.hash:
        raise broken(row, "it does not follow the event before it")
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
            raise broken(row, MOVED)
        events.append(event)
        last = event.seq
    return events

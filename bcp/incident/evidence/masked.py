"""A masked copy of an incident: its chain can be checked link by link, and nothing in it can be guessed.

Each entry is given with its header, whose hash is that of the event. What people said is in the rest of the event, of
which the header holds a hash: it is salted, and rest and salt are left out. The event is told beside, names masked.

Events of format 1 have no salt: with the hash of one, whoever tries names and numbers finds those that were masked.
So they are told without their hashes, and so is the header behind them, which holds the last of these hashes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bcp.event import Event, canonical, stamp
from bcp.i18n import _
from bcp.incident.evidence.export import JOURNAL, JOURNAL_TEXT, about, around, lines
from bcp.incident.evidence.masking import KnownPrivate, Masker
from bcp.incident.journal_text import JournalWords
from bcp.progress import UNWATCHED, Progress, counted


class MaskedCopy(NamedTuple):
    """The files of a masked copy; how often what was masked; how many events have lost their hashes for it.

    `telling_id` says that the id of the incident would be masked if it were a text, and stays.
    """

    files: dict[str, bytes]
    counts: Mapping[str, int]
    loose: int
    telling_id: bool


def masked_copy(
    events: Sequence[Event], known: KnownPrivate, version: str, *, progress: Progress = UNWATCHED
) -> MaskedCopy:
    """The copy, without the letters, plans and receipts: they are about people all through."""
    mask = Masker(events, known, progress=progress)
    words = JournalWords(events[0])
    old = sum(header_of(event) is None for event in events)
    made: dict[str, list[str]] = {JOURNAL: [], JOURNAL_TEXT: []}
    for event in counted(progress, _("Masking the entries"), events, len(events)):
        made[JOURNAL].append(canonical(_entry(event, mask, old)))
        made[JOURNAL_TEXT].append(mask.text(words.line(event)))
    files = {name: lines(texts) for name, texts in made.items()}
    whole = about(events, version)
    head = whole.head if old < len(events) else None
    files |= around(whole._replace(head=head, title=mask.text(whole.title), masked=True), files)
    id_ = events[0].stream
    loose = min(old + 1, len(events)) if old else 0
    counts = mask.counts
    return MaskedCopy(files, counts, loose, mask.text(id_) != id_)


def header_of(event: Event) -> str | None:
    """The text that is hashed, without what people said; None where they are one text."""
    header, newline, _sealed = event.body.partition("\n")
    return header if newline else None


def _entry(event: Event, mask: Masker, old: int) -> dict[str, Any]:
    told = {"event": mask.value(_told(event))}
    told["event"] |= {name: value for name, value in _told(event).items() if name in _PLAIN}
    if event.seq <= old:
        return told
    if old and event.seq == old + 1:
        return {**told, "hash": event.hash}
    return {**told, "hash": event.hash, "header": header_of(event)}


_PLAIN = ("stream", "seq", "kind", "at", "recorded_at", "how")
"""What the header tells as well: it is the same in both."""


def _told(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": stamp(event.at),
        "recorded_at": stamp(event.recorded_at),
        "how": event.how,
        "stream": event.stream,
        "by": event.by,
        "recorded_by": event.recorded_by,
        "data": event.data,
    }

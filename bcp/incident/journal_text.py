"""journal.txt: the record in plain words and local time, a line an event, for people without the tool."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bcp.errors import TooNew
from bcp.event import Event
from bcp.files import append, put, when_free
from bcp.i18n import _
from bcp.incident.events.registry import read
from bcp.incident.fold import started as begun
from bcp.private import make_folder, tighten
from bcp.times import local
from bcp.visible import in_one_line

FILE = "journal.txt"
_LATE = timedelta(minutes=1)
_AT_ONCE = 5
"""So far a line may stand from its place: several commands that write at once append their lines as they come."""
_PATIENCE = 0.3
"""Seconds for which a line waits that another program lets the file go: it is no more than a copy, and is mended."""


def is_late(event: Event) -> bool:
    """Whether it was written down so much later than it happened that the record must say so."""
    return event.recorded_at - event.at > _LATE


class JournalWords:
    """What is needed to say an event in plain words; it is learnt from the first event of the incident."""

    def __init__(self, started: Event) -> None:
        """`started` is the first event of the journal."""
        first = begun(started)
        self.zone = ZoneInfo(first.plan.office.timezone)
        self.drill = first.drill
        self._plan = first.plan

    def name(self, person: str) -> str:
        """The name of a person of the office, or the text itself."""
        return self._plan.name_of(person)

    def line(self, event: Event) -> str:
        """Its line as it was written; of an event from before lines were kept, in the words of that time."""
        if event.line:
            return event.line
        from bcp.incident import first_words

        return first_words.line(event, self, first_words.text_of(self._plan.office.language))

    def line_to_keep(self, event: Event) -> str:
        """`Thu 26 Nov 2026 07:50 CET  #3  Anna Nowak: done: Call the provider`, in the words of today."""
        mark = "DRILL  " if self.drill else ""
        when = ""
        if is_late(event):
            when = _(" [written down {time}]").format(time=local(event.recorded_at, self.zone))
        typed = ""
        if event.recorded_by != event.by:
            typed = _(" [recorded by {who}]").format(who=self.name(event.recorded_by))
        paper = _(" [from paper]") if event.how == "paper" else ""
        text = self.said(event)
        who = self.name(event.by)
        return in_one_line(
            f"{mark}{local(event.at, self.zone)}  #{event.seq}  {who}: {text}{paper}{typed}{when}"
        )

    def said(self, event: Event) -> str:
        """What happened, without when and who: `done: Call the provider`; its kind where that is not known here."""
        try:
            return " ".join(read(event).sentence(self).split())
        except TooNew:
            return event.kind


@dataclass(frozen=True, slots=True)
class TextDifference:
    """What journal.txt says otherwise than the journal; an empty one where both say the same.

    `more` are lines that only journal.txt has; `missing` the numbers of the events whose line it has not, and
    `is_behind` says that only lines at its end are missing, as where a command was cut off or the disk was full;
    `is_mixed`, that its lines stand in another order. `kept` is where the old text lies since it was written anew.
    """

    path: Path
    more: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()
    is_behind: bool = False
    is_mixed: bool = False
    kept: Path | None = None

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.more or self.missing or self.is_mixed)

    @property
    def is_finding(self) -> bool:
        """Whether it says what the journal does not say, or hides what it says."""
        return bool(self) and not self.is_behind


def difference(path: Path, lines: Sequence[str]) -> TextDifference:
    """What the journal.txt at `path` says otherwise than `lines`, those of the journal. Raises OSError."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        text = ""
    found = [line.removesuffix("\r") for line in text.split("\n")]
    torn = found.pop()
    if found == lines and not torn:
        return TextDifference(path)
    if torn and not (len(found) < len(lines) and lines[len(found)].startswith(torn)):
        found.append(torn)
    more = Counter(found) - Counter(lines)
    lacking = Counter(lines) - Counter(found)
    missing = tuple(seq for seq, line in enumerate(lines, 1) if lacking[line] > 0)
    is_mixed = not more and not missing and _is_mixed(found, lines)
    return TextDifference(
        path,
        tuple(line for line in found if more[line] > 0),
        missing,
        not more and found == lines[: len(found)],
        is_mixed,
    )


def _is_mixed(found: Sequence[str], lines: Sequence[str]) -> bool:
    places = {line: place for place, line in enumerate(lines)}
    return any(abs(places[line] - place) > _AT_ONCE for place, line in enumerate(found))


class JournalTexts:
    """Keeps `<state>/<incident>/journal.txt` in step with the journal."""

    def __init__(self, state: Path, first: Callable[[str], Event], now: Callable[[], datetime]) -> None:
        """`first` gives the first event of a stream; an old text that is kept is called by what `now` says."""
        self._state = state
        self._first = first
        self._now = now
        self._words: dict[str, JournalWords] = {}

    def path(self, stream: str) -> Path:
        """Where the record of an incident lies."""
        return self._state / stream / FILE

    def line(self, event: Event) -> str:
        """What is to stand there of an event that is about to be written."""
        return self._words_of(event).line_to_keep(event)

    def add(self, events: Sequence[Event]) -> None:
        """Append a line for each event, without waiting for the disk: the journal itself is safe already."""
        path = self.path(events[0].stream)
        make_folder(path.parent)
        tighten(path.parent)
        lines = "".join(event.line + "\n" for event in events)
        when_free(path, lambda: append(path, lines), _PATIENCE)

    def compare(self, events: Sequence[Event]) -> TextDifference:
        """What it says otherwise than the journal; nothing is written. Raises OSError where it cannot be read."""
        words = self._words_of(events[0])
        return difference(self.path(events[0].stream), [words.line(event) for event in events])

    def rebuild(self, events: Sequence[Event]) -> TextDifference:
        """Write it anew where it differs from the journal; what it said otherwise is kept beside it first.

        `events` are all of the journal, proven. Raises OSError.
        """
        found = self.compare(events)
        if not found:
            return found
        make_folder(found.path.parent)
        kept = None
        if not found.is_behind:
            kept = self._free_name(found.path)
            put(kept, found.path.read_bytes())
        words = self._words_of(events[0])
        text = "".join(words.line(event) + "\n" for event in events)
        put(found.path, text.replace("\n", os.linesep).encode())
        return replace(found, kept=kept)

    def _free_name(self, path: Path) -> Path:
        """`journal-2026-11-26-075000.txt`."""
        stem = f"{path.stem}-{self._now():%Y-%m-%d-%H%M%S}"
        free = path.with_name(f"{stem}{path.suffix}")
        for number in count(2):
            if not free.exists():
                break
            free = path.with_name(f"{stem}-{number}{path.suffix}")
        return free

    def _words_of(self, event: Event) -> JournalWords:
        if event.stream not in self._words:
            started = event if event.seq == 1 else self._first(event.stream)
            self._words[event.stream] = JournalWords(started)
        return self._words[event.stream]

"""journal.txt: the record in plain words and local time, a line an event, for people without the tool."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
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
        """`Thu 26 Nov 2026 07:50 CET  #3  Anna Nowak: done: Call the provider`."""
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


class JournalTexts:
    """Keeps `<state>/<incident>/journal.txt` in step with the journal."""

    def __init__(self, state: Path, first: Callable[[str], Event]) -> None:
        """`first` gives the first event of a stream."""
        self._state = state
        self._first = first
        self._words: dict[str, JournalWords] = {}

    def path(self, stream: str) -> Path:
        """Where the record of an incident lies."""
        return self._state / stream / FILE

    def add(self, events: Sequence[Event]) -> None:
        """Append a line for each event, without waiting for the disk: the journal itself is safe already."""
        path = self.path(events[0].stream)
        make_folder(path.parent)
        tighten(path.parent)
        words = self._words_of(events[0])
        lines = "".join(words.line(event) + "\n" for event in events)
        when_free(path, lambda: append(path, lines), _PATIENCE)

    def rebuild(self, events: Iterable[Event]) -> bool:
        """Write it anew where it differs from the journal; whether it did."""
        lines = []
        stream = ""
        for event in events:
            stream = event.stream
            lines.append(self._words_of(event).line(event) + "\n")
        path, text = self.path(stream), "".join(lines)
        if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == text:
            return False
        make_folder(path.parent)
        put(path, text.replace("\n", os.linesep).encode())
        return True

    def _words_of(self, event: Event) -> JournalWords:
        if event.stream not in self._words:
            started = event if event.seq == 1 else self._first(event.stream)
            self._words[event.stream] = JournalWords(started)
        return self._words[event.stream]

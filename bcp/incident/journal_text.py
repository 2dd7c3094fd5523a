"""journal.txt: the record in plain words and local time, a line an event, for people without the tool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bcp.event import Event, moment
from bcp.i18n import _
from bcp.incident import ledger_words
from bcp.times import local

FILE = "journal.txt"
LATER = 60.0


class Words:
    """What is needed to say an event in plain words; it is learnt from the first event of the incident."""

    def __init__(self, started: Event) -> None:
        """`started` is the first event of the journal."""
        self.zone = ZoneInfo(started.data["plan"]["office"]["timezone"])
        self.drill = started.data["kind"] == "drill"
        self._people: Mapping[str, Any] = started.data["plan"]["people"]

    def name(self, person: str) -> str:
        """The name of a person of the office, or the text itself."""
        return str(self._people.get(person, {}).get("name") or person)

    def line(self, event: Event) -> str:
        """`Thu 26 Nov 2026 07:50 CET  #3  Anna Nowak: done: Call the provider`."""
        mark = "DRILL  " if self.drill else ""
        late = (event.recorded_at - event.at).total_seconds() > LATER
        when = _(" [written down {time}]").format(time=local(event.recorded_at, self.zone)) if late else ""
        typed = ""
        if event.recorded_by != event.by:
            typed = _(" [recorded by {who}]").format(who=self.name(event.recorded_by))
        paper = _(" [from paper]") if event.how == "paper" else ""
        text = self.said(event)
        return f"{mark}{local(event.at, self.zone)}  #{event.seq}  {self.name(event.by)}: {text}{paper}{typed}{when}"

    def said(self, event: Event) -> str:
        """What happened, without when and who: `done: Call the provider`."""
        return " ".join(_ON.get(event.kind, _unknown)(self, event).split())


def _started(words: Words, event: Event) -> str:
    title = event.data["title"]
    return (
        _("DRILL begun: {title}").format(title=title)
        if words.drill
        else _("incident begun: {title}").format(title=title)
    )


def _begun(words: Words, event: Event) -> str:
    return _("began: {title}").format(title=event.data["title"])


def _tried(words: Words, event: Event) -> str:
    return _("did not succeed: {title}: {why}").format(title=event.data["title"], why=event.data["why"])


def _waiting(words: Words, event: Event) -> str:
    if event.data.get("until"):
        until = local(moment(event.data["until"]), words.zone)
        return _("waits until {time}: {title}").format(time=until, title=event.data["title"])
    return _("waits for a person: {title}").format(title=event.data["title"])


def _entered(words: Words, event: Event) -> str:
    return _("went on to the runbook {runbook}").format(runbook=event.data["runbook"])


def _settled(words: Words, event: Event) -> str:
    data = event.data
    by_hand = _(" by hand") if data.get("by_hand") else ""
    parts = [f"{_OUTCOMES[data['outcome']]()}{by_hand}: {data['title']}"]
    parts += [f"{name} = {value}" for name, value in data.get("facts", {}).items()]
    if data.get("note"):
        parts.append(data["note"])
    if data.get("corrects"):
        parts.append(_("corrects entry #{number}").format(number=data["corrects"]))
    return " | ".join(parts)


def _taken(words: Words, event: Event) -> str:
    return _("took on: {title}").format(title=event.data["title"])


def _noted(words: Words, event: Event) -> str:
    return _("note: {text}").format(text=event.data["text"])


def _amended_fact(words: Words, event: Event) -> str:
    facts = ", ".join(f"{name} = {value}" for name, value in event.data["facts"].items())
    return _("left the runbook: {what}").format(what=facts)


def _amended_step(words: Words, event: Event) -> str:
    added = _('new step "{title}" after {after}').format(
        title=event.data["plan"]["title"], after=event.data["after"]
    )
    return _("left the runbook: {what}").format(what=added)


def _left(words: Words, event: Event) -> str:
    return _("left in force: {title}: {reason}").format(
        title=event.data["title"], reason=event.data["reason"]
    )


def _found(words: Words, event: Event) -> str:
    return _("still in force, although it does not count as done: {title}: {what}").format(
        title=event.data["title"], what=event.data["what"]
    )


def _closing(words: Words, event: Event) -> str:
    return _("stand-down begun")


def _closed(words: Words, event: Event) -> str:
    parts = [_("DRILL closed") if words.drill else _("incident closed")]
    if event.data.get("open"):
        parts.append(_("not carried out: {steps}").format(steps=", ".join(event.data["open"])))
    if event.data.get("left"):
        parts.append(_("left in force: {measures}").format(measures=", ".join(event.data["left"])))
    if event.data.get("reason"):
        parts.append(event.data["reason"])
    return " | ".join(parts)


def _flipped(words: Words, event: Event) -> str:
    said = _("check {title}: {state}: {reason}")
    verdict = (
        _(" | verdict: {verdict}").format(verdict=event.data["verdict"]) if event.data.get("verdict") else ""
    )
    state = event.data["state"].upper()
    return said.format(title=event.data["title"], state=state, reason=event.data["reason"]) + verdict


def _unknown(words: Words, event: Event) -> str:
    return event.kind


_OUTCOMES: dict[str, Callable[[], str]] = {
    "done": lambda: _("done"),
    "failed": lambda: _("FAILED"),
    "skipped": lambda: _("skipped"),
    "not-applicable": lambda: _("does not apply"),
    "deferred": lambda: _("put off"),
}
_ON: dict[str, Callable[[Words, Event], str]] = {
    "incident.started": _started,
    "step.begun": _begun,
    "step.tried": _tried,
    "step.waiting": _waiting,
    "step.entered": _entered,
    "step.settled": _settled,
    "step.taken": _taken,
    "note.written": _noted,
    "fact.amended": _amended_fact,
    "step.amended": _amended_step,
    "measure.left": _left,
    "measure.found": _found,
    "closing.begun": _closing,
    "incident.closed": _closed,
    "check.flipped": _flipped,
    **ledger_words.ON,
}


class Record:
    """Keeps `<state>/<incident>/journal.txt` in step with the journal."""

    def __init__(self, state: Path, first: Callable[[str], Event]) -> None:
        """`first` gives the first event of a stream."""
        self._state = state
        self._first = first
        self._words: dict[str, Words] = {}

    def path(self, stream: str) -> Path:
        """Where the record of an incident lies."""
        return self._state / stream / FILE

    def add(self, events: Sequence[Event]) -> None:
        """Append a line for each event, without waiting for the disk: the journal itself is safe already."""
        path = self.path(events[0].stream)
        path.parent.mkdir(parents=True, exist_ok=True)
        words = self._words_of(events[0])
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(words.line(event) + "\n" for event in events))

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
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
        return True

    def _words_of(self, event: Event) -> Words:
        if event.stream not in self._words:
            started = event if event.seq == 1 else self._first(event.stream)
            self._words[event.stream] = Words(started)
        return self._words[event.stream]

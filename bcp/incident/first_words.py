"""What journal.txt said of an event until each one kept its line with it: the words of that time, which never change.

Whoever compares an old journal.txt with its journal needs them as they were, in the language of then. So they do not
follow the sentences of the events, which may be worded better every day; nothing is ever added here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bcp.errors import TooNew
from bcp.event import Event
from bcp.incident.events.base import Speaker
from bcp.incident.events.registry import read
from bcp.times import local, local_day
from bcp.visible import in_one_line

_LATE = timedelta(minutes=1)
_POLISH = Path(__file__).parents[1] / "locale" / "first" / "pl.json"
Text = Callable[[str], str]
"""Says a text of then in the language of the office."""

_OUTCOMES = {
    "done": "done",
    "failed": "FAILED",
    "skipped": "skipped",
    "not-applicable": "does not apply",
    "deferred": "put off",
}
_COSTS = {"mitigation": "cost", "hours": "hours", "loss": "loss"}
_WHYS = {
    "time": "its time has come",
    "broken-promises": "so many promises were broken",
    "cost": "so much was spent",
}
_QUESTIONS = {
    "happened": "What happened?",
    "expected": "What did we expect?",
    "decided": "What did we decide?",
    "solved": "What solved it?",
    "well": "What went well?",
    "badly": "What went badly?",
    "improve": "What to improve?",
}


def text_of(language: str) -> Text:
    """The words of then in a language; there were English and Polish ones."""
    if language != "pl":
        return str
    return lambda text: _polish().get(text, text)


def line(event: Event, words: Speaker, text: Text) -> str:
    """`Thu 26 Nov 2026 07:50 CET  #3  Anna Nowak: done: Call the provider`."""
    mark = "DRILL  " if words.drill else ""
    when = ""
    if event.recorded_at - event.at > _LATE:
        when = text(" [written down {time}]").format(time=local(event.recorded_at, words.zone))
    typed = ""
    if event.recorded_by != event.by:
        typed = text(" [recorded by {who}]").format(who=words.name(event.recorded_by))
    paper = text(" [from paper]") if event.how == "paper" else ""
    who = words.name(event.by)
    sentence = _said(event, words, text)
    return in_one_line(
        f"{mark}{local(event.at, words.zone)}  #{event.seq}  {who}: {sentence}{paper}{typed}{when}"
    )


def _said(event: Event, words: Speaker, text: Text) -> str:
    """What happened, without when and who: `done: Call the provider`; its kind where that is not known here."""
    try:
        payload = read(event)
    except TooNew:
        return event.kind
    sentence = _SENTENCES.get(event.kind)
    return " ".join(sentence(payload, words, text).split()) if sentence else event.kind


@cache
def _polish() -> Mapping[str, str]:
    texts: dict[str, str] = json.loads(_POLISH.read_text(encoding="utf-8"))
    return texts


def _joined(parts: Sequence[str]) -> str:
    return " | ".join(filter(None, parts))


def _settled(it: Any, _words: Speaker, text: Text) -> str:
    by_hand = text(" by hand") if it.by_hand else ""
    corrects = text("corrects entry #{number}").format(number=it.corrects) if it.corrects else ""
    facts = [f"{name} = {value}" for name, value in it.facts.items()]
    return _joined([f"{text(_OUTCOMES[it.outcome])}{by_hand}: {it.title}", *facts, it.note, corrects])


def _waiting(it: Any, words: Speaker, text: Text) -> str:
    if it.until is None:
        return text("waits for a person: {title}").format(title=it.title)
    return text("waits until {time}: {title}").format(time=local(it.until, words.zone), title=it.title)


def _amended(it: Any, _words: Speaker, text: Text) -> str:
    added = text('new step "{title}" after {after}').format(title=it.plan.title, after=it.after)
    return text("left the runbook: {what}").format(what=added)


def _facts(it: Any, _words: Speaker, text: Text) -> str:
    facts = ", ".join(f"{name} = {value}" for name, value in it.facts.items())
    return text("left the runbook: {what}").format(what=facts)


def _started(it: Any, words: Speaker, text: Text) -> str:
    return text("DRILL begun: {title}" if words.drill else "incident begun: {title}").format(title=it.title)


def _closed(it: Any, words: Speaker, text: Text) -> str:
    steps, measures = ", ".join(it.open), ", ".join(it.left)
    return _joined(
        (
            text("DRILL closed" if words.drill else "incident closed"),
            text("not carried out: {steps}").format(steps=steps) if it.open else "",
            text("left in force: {measures}").format(measures=measures) if it.left else "",
            it.reason,
        )
    )


def _decided(it: Any, _words: Speaker, text: Text) -> str:
    return _joined(
        (
            text("decided: {answer}: {question}").format(answer=it.answer, question=it.question),
            text("by default, as the office allowed") if it.by_default else "",
            text("went on to the runbook {runbook}").format(runbook=it.runbook) if it.runbook else "",
            it.reason,
        )
    )


def _decision_due(it: Any, _words: Speaker, text: Text) -> str:
    due = text("DECISION DUE ({why}): {question} | prepared: {default}")
    return due.format(why=text(_WHYS[it.why]), question=it.question, default=it.default)


def _promised(it: Any, words: Speaker, text: Text) -> str:
    promised = text("{provider} promised ({id}): {what}, by {time}")
    due = local(it.due, words.zone)
    return _joined(
        (
            promised.format(provider=it.provider, id=it.promise, what=it.what, time=due),
            text('in its words "{value}"').format(value=it.said) if it.said else "",
            text("said by {value}").format(value=it.said_by) if it.said_by else "",
            text("ticket {value}").format(value=it.ticket) if it.ticket else "",
            text("by {value}").format(value=it.channel) if it.channel else "",
        )
    )


def _promise(it: Any, said_of_it: str, note: str = "") -> str:
    return _joined((said_of_it.format(provider=it.provider, what=it.what, id=it.promise), note))


def _cost(it: Any, _words: Speaker, text: Text) -> str:
    hours, receipt = text("{hours} h at {rate}"), it.receipt
    return _joined(
        (
            f"{text(_COSTS[it.kind])}: {it.amount}: {it.what} ({it.cost})",
            hours.format(hours=it.hours, rate=it.rate) if it.hours else "",
            text("receipt {file}").format(file=receipt.file) if receipt is not None else "",
            text("instead of {id}").format(id=it.instead_of) if it.instead_of else "",
        )
    )


def _flipped(it: Any, _words: Speaker, text: Text) -> str:
    flip = text("check {title}: {state}: {reason}")
    verdict = text(" | verdict: {verdict}").format(verdict=it.verdict) if it.verdict else ""
    return flip.format(title=it.title, state=it.state.upper(), reason=it.reason) + verdict


def _follow_up(it: Any, words: Speaker, text: Text) -> str:
    added = text("follow-up {id}: {what} | {who}, by {day}")
    return added.format(id=it.followup, what=it.what, who=words.name(it.owner), day=local_day(it.due))


def _taken(it: Any, _words: Speaker, text: Text) -> str:
    if not it.lost:
        return text("taken over from another computer")
    return text("taken over after the other computer was lost: {reason}").format(reason=it.reason)


def _looked_back(it: Any, _words: Speaker, text: Text) -> str:
    question = text(_QUESTIONS.get(it.about, it.about))
    return text("looking back: {question} {text}").format(question=question, text=it.text)


_SENTENCES: Mapping[str, Callable[[Any, Speaker, Text], str]] = {
    "incident.started": _started,
    "closing.begun": lambda it, words, text: text("stand-down begun"),
    "incident.closed": _closed,
    "step.begun": lambda it, words, text: text("began: {title}").format(title=it.title),
    "step.tried": lambda it, words, text: text("did not succeed: {title}: {why}").format(
        title=it.title, why=it.why
    ),
    "step.waiting": _waiting,
    "step.entered": lambda it, words, text: text("went on to the runbook {runbook}").format(
        runbook=it.runbook
    ),
    "step.settled": _settled,
    "step.taken": lambda it, words, text: text("took on: {title}").format(title=it.title),
    "step.amended": _amended,
    "note.written": lambda it, words, text: text("note: {text}").format(text=it.text),
    "fact.amended": _facts,
    "measure.left": lambda it, words, text: text("left in force: {title}: {reason}").format(
        title=it.title, reason=it.reason
    ),
    "measure.found": lambda it, words, text: text(
        "still in force, although it does not count as done: {title}: {what}"
    ).format(title=it.title, what=it.what),
    "decision.announced": lambda it, words, text: text("a decision comes near, {time}: {question}").format(
        time=local(it.due, words.zone), question=it.question
    ),
    "decision.due": _decision_due,
    "decision.overridden": lambda it, words, text: text(
        "decision put off until {time}: {question} | {reason}"
    ).format(time=local(it.until, words.zone), question=it.question, reason=it.reason),
    "decision.answered": _decided,
    "promise.made": _promised,
    "promise.asked": lambda it, words, text: _promise(
        it, text("promise due, was it kept? {provider}: {what} ({id})")
    ),
    "promise.kept": lambda it, words, text: _promise(
        it, text("promise came true: {provider}: {what} ({id})"), it.note
    ),
    "promise.broken": lambda it, words, text: _promise(
        it, text("promise BROKEN: {provider}: {what} ({id})"), it.note
    ),
    "cost.added": _cost,
    "check.flipped": _flipped,
    "notice.pasted": lambda it, words, text: text(
        "the text of the notice {notice} stands here: {place}"
    ).format(notice=it.notice, place=it.place),
    "pen.ended": lambda it, words, text: text("handed over to another computer: {file}").format(file=it.to),
    "pen.taken": _taken,
    "followup.added": _follow_up,
    "followup.done": lambda it, words, text: _joined(
        (text("follow-up {id} done: {what}").format(id=it.followup, what=it.what), it.note)
    ),
    "followup.due": lambda it, words, text: text("clients are to be asked whether they are satisfied"),
    "review.written": _looked_back,
}

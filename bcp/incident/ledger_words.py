"""Decisions, promises, costs, follow-ups and the pen in plain words: their lines of journal.txt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from bcp.event import Event, moment
from bcp.i18n import _
from bcp.times import local, local_day


class Speaker(Protocol):
    """What is needed to say an event: the office's zone, and the names of its people."""

    zone: ZoneInfo

    def name(self, person: str) -> str:
        """The name of a person of the office, or the text itself."""
        ...


def _announced(words: Speaker, event: Event) -> str:
    due = local(moment(event.data["due"]), words.zone)
    return _("a decision comes near, {time}: {question}").format(time=due, question=event.data["question"])


def _due(words: Speaker, event: Event) -> str:
    why = _WHYS[event.data["why"]]()
    said = _("DECISION DUE ({why}): {question} | prepared: {default}")
    return said.format(why=why, question=event.data["question"], default=event.data["default"])


def _overridden(words: Speaker, event: Event) -> str:
    said = _("decision put off until {time}: {question} | {reason}")
    until = local(moment(event.data["until"]), words.zone)
    return said.format(time=until, question=event.data["question"], reason=event.data["reason"])


def _answered(words: Speaker, event: Event) -> str:
    data = event.data
    parts = [_("decided: {answer}: {question}").format(answer=data["answer"], question=data["question"])]
    if data.get("by_default"):
        parts.append(_("by default, as the office allowed"))
    if data.get("runbook"):
        parts.append(_("went on to the runbook {runbook}").format(runbook=data["runbook"]))
    return " | ".join([*parts, *filter(None, [data.get("reason", "")])])


def _promised(words: Speaker, event: Event) -> str:
    data = event.data
    said = _("{provider} promised ({id}): {what}, by {time}")
    due = local(moment(data["due"]), words.zone)
    parts = [said.format(provider=data["from"], id=data["promise"], what=data["what"], time=due)]
    labels = {
        "said": _('in its words "{value}"'),
        "said_by": _("said by {value}"),
        "ticket": _("ticket {value}"),
        "channel": _("by {value}"),
    }
    parts += [text.format(value=data[key]) for key, text in labels.items() if data.get(key)]
    return " | ".join(parts)


def _asked(words: Speaker, event: Event) -> str:
    return _about_promise(_("promise due, was it kept? {provider}: {what} ({id})"), event)


def _kept(words: Speaker, event: Event) -> str:
    return _about_promise(_("promise came true: {provider}: {what} ({id})"), event)


def _broken(words: Speaker, event: Event) -> str:
    return _about_promise(_("promise BROKEN: {provider}: {what} ({id})"), event)


def _about_promise(text: str, event: Event) -> str:
    data = event.data
    said = text.format(provider=data["from"], what=data["what"], id=data["promise"])
    return " | ".join([said, *filter(None, [data.get("note", "")])])


def _cost(words: Speaker, event: Event) -> str:
    data = event.data
    parts = [f"{_KINDS[data['kind']]()}: {data['amount']}: {data['what']} ({data['cost']})"]
    if data.get("hours"):
        parts.append(_("{hours} h at {rate}").format(hours=data["hours"], rate=data["rate"]))
    if data.get("receipt"):
        parts.append(_("receipt {file}").format(file=data["receipt"]["file"]))
    if data.get("instead_of"):
        parts.append(_("instead of {id}").format(id=data["instead_of"]))
    return " | ".join(parts)


def _to_do(words: Speaker, event: Event) -> str:
    data = event.data
    said = _("follow-up {id}: {what} | {who}, by {day}")
    day = local_day(date.fromisoformat(data["due"]))
    return said.format(id=data["followup"], what=data["what"], who=words.name(data["owner"]), day=day)


def _did(words: Speaker, event: Event) -> str:
    said = _("follow-up {id} done: {what}").format(id=event.data["followup"], what=event.data["what"])
    return " | ".join([said, *filter(None, [event.data.get("note", "")])])


def _to_be_asked(words: Speaker, event: Event) -> str:
    return _("clients are to be asked whether they are satisfied")


def _pasted(words: Speaker, event: Event) -> str:
    said = _("the text of the notice {notice} stands here: {place}")
    return said.format(notice=event.data["notice"], place=event.data["place"])


def _looked_back(words: Speaker, event: Event) -> str:
    about = event.data["about"]
    question = QUESTIONS[about]() if about in QUESTIONS else about
    return _("looking back: {question} {text}").format(question=question, text=event.data["text"])


def _pen_ended(words: Speaker, event: Event) -> str:
    return _("handed over to another computer: {file}").format(file=event.data["to"])


def _pen_taken(words: Speaker, event: Event) -> str:
    if not event.data.get("lost"):
        return _("taken over from another computer")
    return _("taken over after the other computer was lost: {reason}").format(reason=event.data["reason"])


_WHYS: dict[str, Callable[[], str]] = {
    "time": lambda: _("its time has come"),
    "broken-promises": lambda: _("so many promises were broken"),
    "cost": lambda: _("so much was spent"),
}
QUESTIONS: dict[str, Callable[[], str]] = {
    "happened": lambda: _("What happened?"),
    "expected": lambda: _("What did we expect?"),
    "decided": lambda: _("What did we decide?"),
    "solved": lambda: _("What solved it?"),
    "well": lambda: _("What went well?"),
    "badly": lambda: _("What went badly?"),
    "improve": lambda: _("What to improve?"),
}
"""What is asked when it is over; nobody is asked who is to blame."""

_KINDS: dict[str, Callable[[], str]] = {
    "mitigation": lambda: _("cost"),
    "hours": lambda: _("hours"),
    "loss": lambda: _("loss"),
}
ON: dict[str, Callable[[Speaker, Event], str]] = {
    "decision.announced": _announced,
    "decision.due": _due,
    "decision.overridden": _overridden,
    "decision.answered": _answered,
    "promise.made": _promised,
    "promise.asked": _asked,
    "promise.kept": _kept,
    "promise.broken": _broken,
    "cost.added": _cost,
    "followup.added": _to_do,
    "followup.done": _did,
    "followup.due": _to_be_asked,
    "notice.pasted": _pasted,
    "review.written": _looked_back,
    "pen.ended": _pen_ended,
    "pen.taken": _pen_taken,
}

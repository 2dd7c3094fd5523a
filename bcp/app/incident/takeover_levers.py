"""What an incident from elsewhere would put back or publish by what it says was there before, beside our own plans.

What was before is known to the other computer alone. A phone is ours if one of our plans names it; of a page nothing
but a phone number of ours is taken without a question, in plain marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from html import unescape
from typing import Any

from bcp.app.incident.lever_events import MOVED, STREAMS
from bcp.app.session import Session
from bcp.clock import StoppedClock
from bcp.errors import BcpError
from bcp.event import Event, moment, unseal
from bcp.i18n import _
from bcp.incident.fold import fold
from bcp.incident.state import Incident
from bcp.lever.journal import LeverEvent, stacks_of
from bcp.lever.older import CALLS, as_laid
from bcp.lever.place.marks import NAMES
from bcp.lever.stack import LeverLayer
from bcp.notice.campaign.post import LetterContext, Post
from bcp.runbook.compiled import Plan

_TAG = re.compile(r"<[^<>]*>")
_HARMLESS = re.compile(r"</?(?:b|strong|em|span|p|br|a)\s*/?>|<a href=\"tel:[+\d ().-]+\">", re.IGNORECASE)
_NUMBER = re.compile(r"[\d\s+()./\u00a0-]*")
_LEAST_DIGITS = 6
_TOLD_NUMBERS = ("answer_number", "office_number")
"""Answers that stand in every letter, wherever the notice says how we are reached."""


def foreign_levers(
    session: Session, told: Sequence[Mapping[str, Any]], events: Sequence[Event], ours: Plan | None
) -> Iterator[str]:
    """Lines on what would be put back, or stand on a page of ours, and is nothing that our plans know.

    `told` is of the levers, `events` are the journal.
    """
    known, theirs = _known(session), fold(events).plan
    texts = _OwnTexts(session, events)
    # Also of what the other plan leaves out: what is put back may be that of another incident of ours.
    plans = [plan for plan in (theirs, ours) if plan is not None]
    places = {name for plan in plans for name in plan.places}
    numbers = {name for plan in plans for name in _numbers(plan)}
    phones = set(_phones(ours)) if ours is not None else set()
    for event in told:
        if event[MOVED]["hash"] in known:
            continue
        kind, data = event["kind"], event["data"]
        laid = as_laid(kind, data, moment(event["at"]))
        if kind == "place.update":
            if data["place"] in places and not texts.say(event):
                yield from _update(data)
        elif laid is not None and event["stream"] == "numbers" and laid[0] in numbers:
            yield from _forwarding(laid[0], laid[1], phones)
        elif laid is not None and event["stream"] == "lines":
            yield from _lines(theirs, laid[1])
        elif laid is not None and laid[0] in places:
            yield from _page(laid[0], laid[1], phones, compares=ours is None or bool(ours.numbers))
    yield from _below(told, known, places)


def _below(told: Sequence[Mapping[str, Any]], known: set[str], places: set[str]) -> Iterator[str]:
    """What stands on a page again once what lies on it is taken back: none of it is looked at again then."""
    new = [each for each in told if each["stream"] == "places" and each[MOVED]["hash"] not in known]
    stacks = stacks_of(LeverEvent(each["kind"], each["data"], moment(each["at"])) for each in new)
    words = _("when another notice ends, this is put on the page of “{place}” again: “{html}”")
    for place, stack in stacks.items():
        for layer in stack.open[:-1] if place in places else ():
            shown = [html for part, html in layer.put.items() if part.rpartition(":")[2] in NAMES]
            yield from (words.format(place=place, html=html) for html in shown)


def foreign_numbers(now: Incident, before: Incident | None, ours: Plan | None) -> Iterator[str]:
    """Lines on numbers that clients are told to call and that none of our plans names; `before` is what we knew."""
    phones = set(_phones(ours)) if ours is not None else set()
    for fact in _TOLD_NUMBERS:
        value = now.facts.get(fact)
        if value and not _is_ours(value, phones) and (before is None or before.facts.get(fact) != value):
            yield _("clients are told to call {number}, which is no number of your plans").format(
                number=value
            )


def _forwarding(number: str, layer: LeverLayer, phones: set[str]) -> Iterator[str]:
    to = str(layer.put.get(CALLS, {}).get("to", ""))
    if to and not _is_ours(to, phones):
        words = _("the calls of “{number}” go to {to}, which is no number of your plans")
        yield words.format(number=number, to=to)
    saved = layer.before.get(CALLS) or {}
    strange = {key: each for key, each in saved.items() if each and not _is_ours(str(each), phones)}
    if strange:
        words = _("to end it, the calls of “{number}” are sent to: {saved}")
        yield words.format(number=number, saved=_values(strange))


def _lines(theirs: Plan, layer: LeverLayer) -> Iterator[str]:
    for line, before in layer.before.items():
        if before["saved"] and not _is_of_one_computer(theirs, line):
            words = _("to end it, the line “{line}” is put back to: {saved}")
            yield words.format(line=line, saved=_values(before["saved"]))


def _page(place: str, layer: LeverLayer, phones: set[str], compares: bool) -> Iterator[str]:
    for part, texts in layer.before.items():
        for html in texts:
            if not _is_plain_number(html, phones if compares else None):
                words = _("to end it, this is put on the page of “{place}” in place of our {part}: “{html}”")
                yield words.format(place=place, part=part, html=html)


def _update(data: Mapping[str, Any]) -> Iterator[str]:
    """A status page is written anew with all that was told before: each text that stood there stands there again."""
    words = _("the status page “{place}” says again: “{text}”")
    for said in data["said"]:
        yield words.format(place=data["place"], text=f"{said['title']}: {said['text']}")
    if data["number"]:
        yield words.format(place=data["place"], text=data["number"]["dial"])


class _OwnTexts:
    """What our own notices say at a place: with what was known at a time, is known now, or without facts."""

    def __init__(self, session: Session, events: Sequence[Event]) -> None:
        self._session, self._events = session, events

    @cached_property
    def _post(self) -> Post:
        from bcp.app.notice.office import post_of

        return post_of(self._session)

    @cached_property
    def _now(self) -> Incident:
        return fold(self._events)

    def say(self, told: Mapping[str, Any]) -> bool:
        """Whether an update of a status page is what we would have said then, or says nothing, or is of no place."""
        data, at = told["data"], moment(told["at"])
        number = data["number"]["dial"] if data["number"] else ""
        if data["place"] not in self._now.plan.places or not (data["said"] or number):
            return True
        then = [event for event in self._events if event.recorded_at <= at] or self._events[:1]
        return any(self._said(incident, told, number) for incident in (fold(then), self._now))

    def _said(self, incident: Incident, told: Mapping[str, Any], number: str) -> bool:
        from bcp.app.notice.office import affair_of
        from bcp.app.places import OfficeWording

        data, at = told["data"], moment(told["at"])
        affair = affair_of(incident, told["by"])
        if data["incident"] != incident.id:
            affair = LetterContext(data["incident"], None, {}, told["by"])
        languages = incident.plan.places[data["place"]].get("languages") or ()
        try:
            post = replace(self._post, clock=StoppedClock(at))
            own = OfficeWording(lambda: post, affair).notice(data["notice"], languages, number)
        except BcpError:
            return False
        return [asdict(each) for each in own.said] == data["said"] and _is_reachable(post, affair, number)


def _is_reachable(post: Post, affair: LetterContext, number: str) -> bool:
    """Whether a number that is shown is one of ours, or of this incident as our own notices would name it."""
    ours = [who.phone for who in post.office.people] + [each.phone for each in post.office.numbers]
    return not number or number in ours or number == post.setting(affair, None).reach.get("phone")


def _is_plain_number(html: str, phones: set[str] | None) -> bool:
    """Whether a reader sees nothing, or a phone number of ours alone; `phones` None where none of ours is known."""
    if not all(_HARMLESS.fullmatch(tag) for tag in _TAG.findall(html)):
        return False
    text = unescape(_TAG.sub("", html))
    dialled = re.findall(r"tel:([^\"]*)", html)
    if "<" in text or not _NUMBER.fullmatch(text):
        return False
    return phones is None or all(_is_ours(each, phones) for each in (*dialled, text) if _digits(each))


def _is_ours(phone: str, phones: set[str]) -> bool:
    """Whether it is one of our numbers, also as it is dialled in its own country."""
    digits = _digits(phone)
    bare = re.fullmatch(r"[\d\s+()./\u00a0-]*", phone) is not None
    return bare and len(digits) >= _LEAST_DIGITS and any(each.endswith(digits) for each in phones)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text).lstrip("0")


def _phones(plan: Plan) -> Iterator[str]:
    """The digits of every phone that a plan names."""
    yield from (_digits(who.phone) for who in plan.people.values() if who.phone)
    yield from (_digits(str(each.number.get("phone") or "")) for each in plan.numbers)
    for line in (*plan.ways.values(), *(one.as_json() for one in plan.lines.values())):
        yield from (_digits(str(line.get(key) or "")) for key in ("number", "support"))


def _numbers(plan: Plan) -> set[str]:
    return {str(each.number.get("number")) for each in plan.numbers}


def _is_of_one_computer(plan: Plan, line: str) -> bool:
    """Whether its way is one that stays with the computer that switched, so that it is not put back here."""
    from bcp.lever.line.base import LineDriver
    from bcp.office.line import OfficeLine

    told = plan.ways.get(line)
    way = OfficeLine.model_validate(told).way if told else None
    return not isinstance(way, LineDriver) or way.is_of_one_computer


def _values(saved: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: “{value}”" for key, value in saved.items())


def _known(session: Session) -> set[str]:
    """The hashes of what is written here already, also of what came from elsewhere before."""
    if not session.stores.exist():
        return set()
    events = [unseal(row) for name in STREAMS for row in session.stores.levers.rows(name)]
    return {str(event.data.get(MOVED, {}).get("hash", event.hash)) for event in events}

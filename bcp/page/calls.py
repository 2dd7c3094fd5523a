"""The call list: who is called on which number, the agreed sentence in each language, and boxes to tick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from bcp.contact.model import HAND_WAYS, Contact
from bcp.event import canonical, digest
from bcp.incident.state import Incident
from bcp.normalize import say_phone
from bcp.notice.campaign import calls as notice_calls
from bcp.notice.campaign.links import dialled
from bcp.notice.text.model import Notice
from bcp.page import content as said
from bcp.page.blocks import (
    Block,
    Break,
    CallBlock,
    Calls,
    Document,
    EndBlock,
    Field,
    Form,
    Heading,
    Proof,
    TextBlock,
)
from bcp.page.labels import Labels
from bcp.page.proof import proof
from bcp.visible import visible

_SPOKEN = ("en", "pl", "cs", "el", "de")


def calls_content(
    office: str, notice: Notice, audience: str, calls: Sequence[notice_calls.Call]
) -> dict[str, Any]:
    """What the list says, without anybody in it: how many, and a hash of all, so that a client can be forgotten."""
    sentences = {call.contact.language or "": call.say for call in calls}
    return {
        "document": "calls",
        "id": "calls",
        "office": {"name": office},
        "notice": notice.id,
        "audience": audience,
        "sentences": [{"id": language, "title": text} for language, text in sorted(sentences.items())],
        "clients": len(calls),
        "list": [digest(canonical([_key(call) for call in calls]))],
    }


def call_list(
    content: Mapping[str, Any], calls: Sequence[notice_calls.Call], silent: Sequence[Contact], words: Labels
) -> Document:
    """The list of peacetime, for the grab bag: who calls is written in on the day."""
    blocks = (
        Heading(words("calls"), words("calls_note"), level=1),
        Form(
            (Field(words("calls_who"), "line"), Field(words("date"), "date"), Field(words("time"), "clock")),
            text=words("calls_fill"),
        ),
        *_tables(calls, words),
        *_without_number([contact.called for contact in silent], words),
        TextBlock(words("calls_report")),
        EndBlock(words("end")),
    )
    return Document("calls", words("calls"), words.language, proof(content, words), blocks)


class CallRound(NamedTuple):
    """The calls of one sending: what it says, the calls of each caller, and those who have no number."""

    title: str
    shares: Mapping[str, Sequence[notice_calls.Call]]
    silent: Sequence[str]


def campaign_list(incident: Incident, calling: CallRound, words: Labels, moment: datetime) -> Document:
    """The list of one sending as it stood at `moment`: each caller begins on a page of their own."""
    blocks: list[Block] = [
        Heading(words("calls_for", title=visible(calling.title)), words("calls_note"), level=1)
    ]
    callers = [(caller, calls) for caller, calls in calling.shares.items() if calls]
    for index, (caller, calls) in enumerate(callers):
        if index:
            blocks.append(Break())
        blocks.append(Heading(words("calls_of", caller=caller, count=len(calls))))
        blocks += _tables(calls, words)
    blocks += [
        *_without_number(calling.silent, words),
        TextBlock(words("calls_report")),
        TextBlock(words("calls_codes")),
        EndBlock(words("end")),
    ]
    whole = [[caller, [_key(call) for call in calls]] for caller, calls in callers]
    seal = Proof(
        incident.plan.office.name,
        _head(incident, words, moment),
        digest(canonical(whole))[: said.DIGITS],
    )
    return Document("calls", words("calls"), words.language, seal, tuple(blocks))


def _head(incident: Incident, words: Labels, moment: datetime) -> str:
    """Of which incident, and as of when: others are told while the list is called."""
    name = words("drill_copy" if incident.drill else "incident_copy", id=incident.id)
    return f"{name} · {words('as_of', date=words.moment(moment, incident.zone))}"


def _tables(calls: Sequence[notice_calls.Call], words: Labels) -> Iterator[Block]:
    """One table for each language, the largest first: the sentence, and those to whom it is said."""
    results = (words("called_told"), words("called_no_answer"), words("called_wrong"))
    often = Counter(call.say for call in calls)

    def order(call: notice_calls.Call) -> tuple[int, str, bool, str]:
        return -often[call.say], call.say, not call.contact.running_project, call.contact.called.casefold()

    ordered = sorted(calls, key=order)
    for say, group in groupby(ordered, key=lambda call: call.say):
        those = list(group)
        language = those[0].contact.language or ""
        title = words(f"say_{language}" if language in _SPOKEN else "say")
        yield Calls(title, visible(say), results, words("time"), tuple(_row(call, words) for call in those))


def _row(call: notice_calls.Call, words: Labels) -> CallBlock:
    running = words("calls_running") if call.contact.running_project else ""
    code = dialled(call.contact).code
    prefers = HAND_WAYS.get(call.contact.preferred_channel or "", "")
    prefers = prefers or (words("way_sms") if code.startswith("sms:") else "")
    wish = words("calls_prefers", way=prefers) if prefers else ""
    note = " · ".join(part for part in (wish, running, call.before) if part)
    who = " ".join(part for part in (call.code, visible(call.contact.called)) if part)
    return CallBlock(say_phone(call.number), who, visible(note), code)


def _without_number(names: Sequence[str], words: Labels) -> Iterator[Block]:
    if names:
        yield TextBlock(words("calls_silent", names=", ".join(visible(name) for name in names)))


def _key(call: notice_calls.Call) -> list[str]:
    way = call.contact.preferred_channel
    wish = [way] if way in HAND_WAYS else []
    return [call.contact.called, call.number, call.say, str(call.contact.running_project), *wish]

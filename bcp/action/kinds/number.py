"""number: a phone number's calls are sent to somebody who answers, proved by a test call; and taken back again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, model_validator

from bcp.action.base import Action, Deed, Done, Failed, Loc, Operator, Ref, Tools, says_yes, tell_lines
from bcp.action.levers import Forwarded, Forwarding, NumberLever
from bcp.errors import BcpError
from bcp.fact import Fact
from bcp.i18n import _
from bcp.yaml.keyed import fail, told
from bcp.yaml.rules import exactly_one, said, unsaid
from bcp.yaml.shape import FACT, ID, PHONE
from bcp.yaml.types import Id, SomeDuration, phone_or
from bcp.yes_no import read_yes_no

OFFICE_NUMBER = "office_number"
_TRIES = 3
_REF = {"role": "role", "person": "person", "number": "number"}


_NAMED = rf"\{{fact:{FACT}\}}|(role|person|number):{ID}"
_EXPECTED = 'role:lead, person:anna, number:standby, "{fact:…}", or a number with its country code'
Somebody = Annotated[
    str,
    phone_or(_NAMED, _EXPECTED),
    PHONE.or_text(_NAMED, _EXPECTED),
]


class Number(Action):
    """Send a number's calls to somebody, or take that back."""

    model_config = ConfigDict(
        json_schema_extra=exactly_one("activate", "deactivate")
        | {"if": said("deactivate"), "then": unsaid("forward_to")}
    )

    asks_person: ClassVar[bool] = True

    activate: Id | None = Field(default=None, description="a number of bcp.yaml", examples=["standby"])
    forward_to: Somebody | None = Field(
        default=None,
        description="whose phone takes the calls; nobody's where the number has a phone of its own",
        examples=["role:lead"],
    )
    deactivate: Id | None = Field(
        default=None, description="the number whose forwarding ends", examples=["standby"]
    )
    announce: bool = Field(
        default=True, description="whether this becomes the fact office_number, which clients are told"
    )
    within: SomeDuration = Field(
        default=timedelta(minutes=1), description="how long the expected check may take to pass"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Number:
        if (self.activate is None) == (self.deactivate is None):
            example = "{activate: standby, forward_to: role:lead} or {deactivate: standby}"
            fail("Number", [told((), "expected either activate or deactivate", example)])
        if self.deactivate is not None and self.forward_to is not None:
            words = "forward_to belongs to activate"
            fail("Number", [told(("forward_to",), words, "its calls go where they went before")])
        return self

    def describe(self) -> str:
        """Which number, and to whom."""
        if self.deactivate is not None:
            words = _('Send the calls of the number "{number}" where they went before')
            return words.format(number=self.deactivate)
        if self.forward_to is None:
            return _('Put the number "{number}" into use, and call it').format(number=self.activate)
        words = _('Send the calls of the number "{number}" to {to}, and call it')
        return words.format(number=self.activate, to=self.forward_to)

    def refs(self) -> tuple[Ref, ...]:
        """The number, and who takes the calls."""
        key = "activate" if self.activate is not None else "deactivate"
        refs = [Ref("number", self._name, (key,))]
        kind, _colon, name = (self.forward_to or "").partition(":")
        if kind in _REF:
            refs.append(Ref(_REF[kind], name, ("forward_to",)))  # type: ignore[arg-type]
        return tuple(refs)

    def texts(self) -> tuple[tuple[Loc, str], ...]:
        """The phone that takes the calls may be a fact."""
        return ((("forward_to",), self.forward_to),) if self.forward_to else ()

    def facts(self) -> tuple[Fact, ...]:
        """The number on which we are reached."""
        words = _("On which number are we reached now?")
        return (Fact(OFFICE_NUMBER, words, "phone"),) if self.announce else ()

    def switches_on(self) -> str:
        """That calls go somewhere else."""
        return f"number {self.activate}" if self.activate is not None else ""

    def switches_off(self) -> str:
        """That they do."""
        return f"number {self.deactivate}" if self.deactivate is not None else ""

    def is_repeatable(self) -> bool:
        """What was before is saved once and kept, so forwarding again to the same phone does no harm."""
        return True

    def length(self) -> timedelta:
        """A provider answers within half a minute."""
        return timedelta(seconds=30)

    def run(self, tools: Tools) -> Deed:
        """Say what will happen, forward, read back, call; not done before somebody heard the call."""
        if tools.levers is None:
            return Failed(_("no number can be forwarded from here"))
        lever = tools.levers.number(self._name)
        if self.activate is None:
            return self._end(lever, tools)
        whose, to = self._taker(lever, tools)
        # In a drill the number may be an invented example, which is nobody's mistake.
        if to == lever.phone and not lever.rehearsed:
            return Failed(_("the number would be forwarded to itself"))
        forwarding = lever.forward(whose, to)
        answers = _led(forwarding, tools.desk)
        if answers is None:
            return Failed(_("it was not confirmed, so it does not count as forwarded"))
        evidence = {**forwarding.switch(answers)}
        heard = call_until_heard(lever, tools.desk, whose)
        if not heard:
            return _unheard(lever, forwarding, evidence, tools.desk)
        facts = {OFFICE_NUMBER: lever.phone} if self.announce else {}
        return Done(heard, facts, {**evidence, "test_call": heard}, forwarding.put_back, self.within)

    @property
    def _name(self) -> str:
        return self.activate or self.deactivate or ""

    def _taker(self, lever: NumberLever, tools: Tools) -> tuple[str, str]:
        """Who takes the calls; where several can, the person says who."""
        if self.forward_to is None:
            return "", ""
        phones = lever.phones(tools.number_in(self.forward_to))
        name = next(iter(phones))
        if len(phones) > 1:
            asked = Fact("answers", _("Whose phone takes the calls?"), "choice", tuple(phones))
            name = tools.desk.ask(asked) or name
        return name, phones[name]

    def _end(self, lever: NumberLever, tools: Tools) -> Deed:
        back = lever.back()
        answers = _led(back, tools.desk)
        if answers is None:
            return Failed(_("it was not confirmed, so its calls may still be forwarded"))
        evidence = back.switch(answers)
        facts = {OFFICE_NUMBER: lever.usual} if self.announce else {}
        where = evidence.get("goes_to")
        note = _("its calls go to {where}").format(where=where) if where else ""
        note = _("rehearsed, nothing was changed") if lever.rehearsed else note
        return Done(note, facts, evidence, within=self.within)


def _unheard(
    lever: NumberLever, forwarding: Forwarded, evidence: Mapping[str, Any], desk: Operator
) -> Failed:
    """What nobody heard is taken back: by itself where a program set it, else by the person, who may put that off."""
    question = _("Take it back now? (no: it stays set, to be tried again)")
    is_led = bool(forwarding.hand()) and says_yes(desk, "take_back", question)
    back = lever.back() if is_led else None
    answers = _led(back, desk) if back is not None else None
    if back is not None and answers is not None:
        back.switch(answers)
    trouble = forwarding.put_back() if answers is None else ""
    put = trouble or _("what was before is set again")
    words = _("the test call to {number} was not heard; {put}").format(number=lever.said, put=put)
    return Failed(
        words, {**evidence, "test_call": "not heard", "put_back": trouble or "yes"}, unsure=bool(trouble)
    )


def _led(forwarding: Forwarding, desk: Operator) -> dict[str, str] | None:
    """Say what will happen, lead through what a person must do; the answers, or None where it is not done."""
    for line in forwarding.describe():
        desk.tell(line)
    if forwarding.hand():
        tell_lines(desk, forwarding.hand())
    answers: dict[str, str] = {}
    for fact in forwarding.asks():
        said = desk.ask(fact)
        if fact.type == "yes-no" and said != "yes":
            return None
        if said is not None:
            answers[fact.name] = said
    return answers


def call_until_heard(lever: NumberLever, desk: Operator, whose: str) -> str:
    """Call the number until somebody heard it, thrice at most; how it was confirmed, or nothing.

    A call through the provider says digits, which prove that it was really heard.
    """
    if lever.rehearsed:
        return _("rehearsed, nothing was changed and nobody was called")
    for _try in range(_TRIES):
        said = _one_call(lever, desk, whose or _("the phone with this number"))
        if said != "again":
            break
    heard = said not in ("again", "no")
    lever.heard(heard, said if heard else lever.fate() or _("nobody heard it"))
    return said if heard else ""


def _one_call(lever: NumberLever, desk: Operator, whose: str) -> str:
    """How one call was heard: words, or `again`, or `no`."""
    try:
        digits = lever.call()
    except BcpError as error:
        desk.tell(_("The provider could not place the test call: {why}").format(why=error.message))
        digits = ""
    if not digits:
        words = _("Call {number} from another telephone, not from the one that takes the calls.")
        desk.tell(words.format(number=lever.said))
        question = _("Did it ring at {whose}, and did you hear each other?").format(whose=whose)
        said = desk.ask(Fact("heard", question, "choice", ("yes", "again", "no")))
        return (
            _("a person called, and {whose} answered").format(whose=whose) if said == "yes" else said or "no"
        )
    desk.tell(_("{number} is being called now. Answer at {whose}.").format(number=lever.said, whose=whose))
    question = _("Which digits does the voice say? (again: call once more; no: nothing rings)")
    said = (desk.ask(Fact("digits", question)) or "").strip().lower()
    if re.sub(r"\D", "", said) == digits:
        return _("a test call was heard by {whose}, who named its digits").format(whose=whose)
    if read_yes_no(said) is False and not any(letter.isdigit() for letter in said):
        return "no"
    fate = lever.fate()
    desk.tell(_("Those are not the digits that were said.") + (f" {fate}" if fate else ""))
    return "again"


Kind = Number

"""report-fault: a guided call to a provider; not done without ticket, name and time, or their explicit refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, model_validator

from bcp.action.base import Action, Deed, Done, Ref, Tools, says_yes
from bcp.action.kinds.ask import Question, not_known
from bcp.action.letters import LettersSent
from bcp.errors import BcpError
from bcp.fact import REFUSED, Fact, is_refusal
from bcp.i18n import _
from bcp.times import local
from bcp.yaml.keyed import fail, told
from bcp.yaml.types import Id

_REFUSABLE = ("provider_ticket", "provider_agent", "provider_cause", "provider_promised", "provider_promise")


class ReportFault(Action):
    """Report a fault to the provider of a line, by phone."""

    by_person: ClassVar[bool] = True
    line: Id = Field(description="the line of bcp.yaml that is dead", examples=["internet"])
    again: bool = Field(default=False, description="yes: a later call about a fault that was reported before")
    questions: list[Question] = Field(default_factory=list, description="what else is to be asked, as in ask")
    read_back: Id = Field(
        default="read-back", description="the notice that confirms in writing what was said on the phone"
    )

    @model_validator(mode="after")
    def _each_fact_once(self) -> ReportFault:
        counts = Counter(fact.name for fact in self.facts())
        for index, question in enumerate(self.questions):
            if counts[question.fact] > 1:
                words = f'the fact "{question.fact}" is asked for twice in one step'
                fail("ReportFault", [told(("questions", index, "fact"), words, "give it another name")])
        return self

    def describe(self) -> str:
        """Whom to call about what."""
        words = _('Call the provider of the line "{line}" and write down what they say')
        return words.format(line=self.line)

    def refs(self) -> tuple[Ref, ...]:
        """The line, and the notice that reads back."""
        return (Ref("line", self.line, ("line",)), Ref("notice", self.read_back, ("read_back",)))

    def about(self) -> str:
        """The line: its numbers stand beside the step."""
        return self.line

    def facts(self) -> tuple[Fact, ...]:
        """What is asked, in the order in which it comes up in the call."""
        asked = tuple(question.known_as() for question in self.questions)
        return (*(_of_a_later_call() if self.again else _of_the_first_call()), *asked, *_of_every_call())

    def promise(self) -> Mapping[str, str]:
        """Which of the facts make up what the provider promised."""
        names = {
            "line": self.line,
            "what": "provider_promised",
            "said": "provider_promise",
            "due": "provider_promise_at",
            "said_by": "provider_agent",
            "ticket": "provider_ticket",
        }
        return {**names, "kept": "promise_kept"} if self.again else names

    def is_repeatable(self) -> bool:
        """Asking again does no harm."""
        return True

    def run(self, tools: Tools) -> Deed:
        """Ask until all is answered; what was said is read back in writing once the answers are safe."""
        given: dict[str, str] = {}
        for fact in self.facts():
            is_moment = fact.name == "provider_promise_at"
            answer = self._moment(given, tools) if is_moment else self._answer(fact, tools)
            if answer is not None:
                given[fact.name] = answer
        return Done(
            not_known(self.facts(), given),
            given,
            then=lambda: self._read_back({**tools.facts, **given}, tools),
        )

    def _answer(self, fact: Fact, tools: Tools) -> str | None:
        answer = tools.desk.ask(fact)
        refused = answer is not None and fact.name in _REFUSABLE and is_refusal(answer)
        return REFUSED if refused else answer

    def _moment(self, given: Mapping[str, str], tools: Tools) -> str | None:
        """The time that was promised: understood from the provider's words, or asked for as a date."""
        said = given.get("provider_promise", REFUSED)
        if said == REFUSED:
            return None
        found = tools.faults.moment(said) if tools.faults is not None else None
        if found is not None:
            shown = _('"{text}" is understood as {time}').format(text=said, time=local(found, tools.zone))
            tools.desk.tell(shown)
            if says_yes(tools.desk, "understood", _("Is that right?")):
                return found.astimezone(tools.zone).isoformat(timespec="minutes")
        return tools.desk.ask(_promised_at())

    def _read_back(self, facts: Mapping[str, str], tools: Tools) -> str:
        """Show the letter, let a person say yes, send it; what became of it, in a sentence."""
        if tools.faults is None or tools.letters is None:
            return ""
        own = {question.fact for question in self.questions}
        if unknown := not_known([fact for fact in self.facts() if fact.name not in own], facts):
            return _("What they said is not read back in writing: {why}").format(why=unknown)
        heard = {"reported_at": facts["provider_called_at"]} if self.again else {}
        try:
            mailing = tools.faults.read_back(self.line, self.read_back, {**facts, **heard})
            for line in mailing.words:
                tools.desk.tell(line)
            if not mailing.letters:
                return _("What they said is read back in writing already.")
            question = _("Send this to the provider now, so that it is in writing?")
            if not says_yes(tools.desk, "send_read_back", question):
                return _("What they said was not read back to them in writing.")
            sent = tools.letters().send(mailing.campaign)
            lies = _("It lies in {where}: send it from any mailbox. Is that done?").format(where=sent.where)
            if sent.lying and says_yes(tools.desk, "carried", lies):
                sent = tools.letters().carried(mailing.campaign)
        except BcpError as error:
            return _("What they said is not read back in writing: {why}").format(why=error.message)
        return _became(sent)


def _became(sent: LettersSent) -> str:
    if sent.standings.get("told"):
        return _("What they said is read back to them in writing.")
    if sent.stopped:
        return _("What they said is not read back in writing: {why}").format(why=sent.stopped)
    return _(
        "The letter to the provider lies in the incident's folder, under letters: send it from your mailbox."
    )


def _of_the_first_call() -> tuple[Fact, ...]:
    return (
        Fact("reported_at", _("When did they take the report? (a time, such as 8:20)"), "datetime"),
        Fact("provider_ticket", _("Ticket number? (or: refused)")),
    )


def _of_a_later_call() -> tuple[Fact, ...]:
    return (
        Fact("provider_called_at", _("When did you speak with them? (a time, such as 8:20)"), "datetime"),
        Fact("promise_kept", _("Has the provider kept what it promised until now?"), "yes-no"),
    )


def _of_every_call() -> tuple[Fact, ...]:
    return (
        Fact("provider_agent", _("Name of the person you spoke to? (or: refused)")),
        Fact("provider_cause", _("What is broken, in their own words? (or: refused)")),
        Fact("provider_promised", _("What will they do? (such as: send a technician; or: refused)")),
        Fact("provider_promise", _("By when, in their own words? (such as: tomorrow noon; or: refused)")),
        _promised_at(),
    )


def _promised_at() -> Fact:
    return Fact(
        "provider_promise_at", _("Which day and time is that?"), "datetime", required=False, ahead=True
    )


Kind = ReportFault

"""notify: a notice to an audience; planned, confirmed with the count, sent once, accounted for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field

from bcp.action.base import Action, Deed, Done, Failed, Ref, Tools, says_yes
from bcp.action.letters import LettersSent, Mailing
from bcp.command_words import as_typed
from bcp.errors import PersonNeeded
from bcp.fact import Fact
from bcp.i18n import _
from bcp.yaml.types import Id, Line

STANDING_WORDS: Mapping[str, Callable[[], str]] = {
    "told": lambda: _("told"),
    "unknown": lambda: _("unknown"),
    "waiting": lambda: _("waiting"),
    "unreachable": lambda: _("unreachable"),
    "not told": lambda: _("not told"),
    "not to be told": lambda: _("not to be told"),
}
"""Where somebody stands, in the words that people read."""


class Notify(Action):
    """Tell an audience."""

    notice: Id = Field(examples=["line-down"], description="a notice in notices/")
    audience: Line = Field(
        examples=["clients"], description="a file or group of contacts, staff, all or told"
    )
    channels: list[Id] = Field(
        default_factory=list, description="the ways to try, in this order; all, if none"
    )

    def describe(self) -> str:
        """Who is told what."""
        words = _('Send the notice "{notice}" to {audience}').format(
            notice=self.notice, audience=self.audience
        )
        return f"{words} ({', '.join(self.channels)})" if self.channels else words

    def refs(self) -> tuple[Ref, ...]:
        """The notice, the audience, and the channels that are to be tried."""
        channels = (Ref("channel", name, ("channels", index)) for index, name in enumerate(self.channels))
        return (
            Ref("notice", self.notice, ("notice",)),
            Ref("audience", self.audience, ("audience",)),
            *channels,
        )

    def is_repeatable(self) -> bool:
        """The ledger keeps a letter from going out twice."""
        return True

    def run(self, tools: Tools) -> Deed:
        """Plan, show, let a person type the count, send."""
        if tools.letters is None:
            return Failed(_("nothing can be sent from here"))
        mailing = tools.letters().plan(self.notice, self.audience, tuple(self.channels), {})
        for line in mailing.words:
            tools.desk.tell(line)
        overruled: dict[str, str] = {}
        if mailing.against:
            overruled = self._overruled(mailing, tools)
            if not overruled:
                words = _("the notice is not fit to be sent: {mistakes}")
                mistakes = "; ".join(words for _rule, words in mailing.against)
                return Failed(words.format(mistakes=mistakes), {"hint": self._way_out(mailing)})
            mailing = tools.letters().plan(self.notice, self.audience, tuple(self.channels), overruled)
        mailing = self._made_true(mailing, tools)
        if mailing.letters and not self._confirmed(mailing, tools):
            words = _("not confirmed, so nothing went out: {count} letters wait")
            return Failed(words.format(count=mailing.letters), {"campaign": mailing.campaign})
        mailed = tools.letters().send(mailing.campaign)
        if mailed.lying and self._are_carried(mailing, mailed, tools):
            mailed = tools.letters().carried(mailing.campaign)
        return self._judge(mailing, mailed, overruled)

    def _overruled(self, mailing: Mailing, tools: Tools) -> dict[str, str]:
        """A person's reason for each rule that does not hold now; nothing where one has none, or nobody is there."""
        if mailing.rehearsed:
            return {}
        reasons: dict[str, str] = {}
        question = _(
            "Send it all the same? Then type why: the reason stays in the record. (Enter: mend it first)"
        )
        for rule, said in _by_rule(mailing).items():
            for words in said:
                tools.desk.tell(f"{rule}: {words}")
            try:
                reason = tools.desk.ask(Fact("overruled", question, required=False))
            except PersonNeeded:
                return {}
            if not reason:
                return {}
            reasons[rule] = reason
        return reasons

    def _way_out(self, mailing: Mailing) -> str:
        why = _("why")
        rules = " ".join(f'--overrule {rule}="{why}"' for rule in _by_rule(mailing))
        command = f"{as_typed(('bcp', 'notice', 'send', self.notice, self.audience))} {rules}"
        words = _("mend it and try again; or, with a reason, send it all the same:\n{command}")
        return words.format(command=command)

    def _made_true(self, mailing: Mailing, tools: Tools) -> Mailing:
        """The sending, its letters written anew where they are not true any more and a person wants that."""
        if mailing.renew is None:
            return mailing
        for line in mailing.untrue:
            tools.desk.tell(line)
        anew = _("write anew")
        asked = Fact(
            "waiting", _("What is to go out to those who wait?"), "choice", (anew, _("send as frozen"))
        )
        if tools.desk.ask(asked) != anew:
            return mailing
        return replace(mailing, letters=mailing.renew())

    def _confirmed(self, mailing: Mailing, tools: Tools) -> bool:
        if mailing.rehearsed:
            return True
        question = _("Type the number {count} to send {count} letters, or 0 to send none.")
        asked = Fact("letters", question.format(count=mailing.letters), "number")
        return tools.desk.ask(asked) == str(mailing.letters)

    def _are_carried(self, mailing: Mailing, mailed: LettersSent, tools: Tools) -> bool:
        """Whether somebody sent or carried the letters that lie as files."""
        if mailing.rehearsed:
            return True
        words = _(
            "{count} letters are ready in {where}: open it and send each from any mailbox, or carry it."
        )
        tools.desk.tell(words.format(count=mailed.lying, where=mailed.where))
        return says_yes(tools.desk, "carried", _("Is that done?"))

    def _judge(self, mailing: Mailing, mailed: LettersSent, overruled: Mapping[str, str]) -> Deed:
        evidence: dict[str, Any] = {
            "campaign": mailing.campaign, "notice": self.notice, "standings": dict(mailed.standings),
        }  # fmt: skip
        told = [f"{count} {STANDING_WORDS[standing]()}" for standing, count in mailed.standings.items()]
        said = ", ".join(told) or _("nobody is in it")
        if mailed.calls:
            said += "; " + _("the call list is {file}").format(file=mailed.calls)
        for rule, reason in overruled.items():
            said += "; " + _("overruled {rule}: {reason}").format(rule=rule, reason=reason)
        if mailed.stopped:
            return Failed(f"{mailed.stopped} ({said})", evidence)
        if mailed.standings and not mailed.standings.get("told"):
            return Failed(_("nobody could be told ({said})").format(said=said), evidence)
        note = _("rehearsed, not sent: {said}").format(said=said) if mailing.rehearsed else said
        return Done(note=note, evidence=evidence)


def _by_rule(mailing: Mailing) -> Mapping[str, list[str]]:
    """What speaks against it by its rule: one reason overrules a rule in all languages."""
    found: dict[str, list[str]] = {}
    for rule, said in mailing.against:
        found.setdefault(rule, []).append(said)
    return found


Kind = Notify

"""notify: a notice to an audience; planned, confirmed with the count, sent once, accounted for."""

from __future__ import annotations

from pydantic import Field

from bcp.action.base import Action, Deed, Done, Failed, Mailed, Mailing, Ref, Tools
from bcp.fact import Fact
from bcp.fields import Id, Line
from bcp.tongue import _


class Notify(Action):
    """Tell an audience."""

    notice: Id = Field(examples=["line-down"])
    audience: Line = Field(
        examples=["clients"], description="a file or group of contacts, staff, all or told"
    )
    channels: list[Id] = Field(
        default_factory=list, description="the ways to try, in this order; all, if none"
    )

    def words(self) -> str:
        """Who is told what."""
        by = f" by {', '.join(self.channels)}" if self.channels else ""
        return f'Send the notice "{self.notice}" to {self.audience}{by}'

    def refs(self) -> tuple[Ref, ...]:
        """The notice and the audience."""
        return (Ref("notice", self.notice, ("notice",)), Ref("audience", self.audience, ("audience",)))

    def is_repeatable(self) -> bool:
        """The ledger keeps a letter from going out twice."""
        return True

    def run(self, tools: Tools) -> Deed:
        """Plan, show, let a person type the count, send."""
        if tools.letters is None:
            return Failed("nothing can be sent from here")
        mailing = tools.letters.plan(self.notice, self.audience, tuple(self.channels))
        for line in mailing.words:
            tools.desk.tell(line)
        if mailing.against:
            return Failed("the notice is not fit to be sent: " + "; ".join(mailing.against))
        if mailing.letters and not self._confirmed(mailing, tools):
            return Failed(f"not confirmed: {mailing.letters} letters wait", {"campaign": mailing.campaign})
        mailed = tools.letters.send(mailing.campaign)
        if mailed.lying and self._are_carried(mailing, mailed, tools):
            mailed = tools.letters.carried(mailing.campaign)
        return self._judge(mailing, mailed)

    def _confirmed(self, mailing: Mailing, tools: Tools) -> bool:
        if mailing.rehearsed:
            return True
        question = f"Type the number {mailing.letters} to send {mailing.letters} letters, or 0 to send none."
        return tools.desk.ask(Fact("letters", question, "number")) == str(mailing.letters)

    def _are_carried(self, mailing: Mailing, mailed: Mailed, tools: Tools) -> bool:
        """Whether somebody sent or carried the letters that lie as files."""
        if mailing.rehearsed:
            return True
        words = _("{count} letters lie in {where}: send each from any mailbox, or carry it.")
        tools.desk.tell(words.format(count=mailed.lying, where=mailed.where))
        return tools.desk.ask(Fact("carried", _("Is that done?"), "yes-no")) == "yes"

    def _judge(self, mailing: Mailing, mailed: Mailed) -> Deed:
        evidence = {"campaign": mailing.campaign, "notice": self.notice, "standings": dict(mailed.standings)}
        said = (
            ", ".join(f"{count} {standing}" for standing, count in mailed.standings.items())
            or "nobody is in it"
        )
        calls = f"; the call list is {mailed.calls}" if mailed.calls else ""
        if mailed.stopped:
            return Failed(f"{mailed.stopped} ({said}{calls})", evidence)
        if mailed.lying:
            words = _("{count} letters lie in {where}, and nobody sent or carried them yet")
            return Failed(f"{words.format(count=mailed.lying, where=mailed.where)} ({said}{calls})", evidence)
        if mailed.standings and not mailed.standings.get("told"):
            return Failed(f"nobody could be told ({said}{calls})", evidence)
        note = f"{said}{calls}"
        return Done(note=f"rehearsed, not sent: {note}" if mailing.rehearsed else note, evidence=evidence)


Kind = Notify

"""Letters for one incident: what the action `notify` and the commands do with the post room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple, Protocol

from bcp.action.letters import LettersSent, Mailing
from bcp.command_words import as_typed, lines_of
from bcp.contact.model import Contact
from bcp.errors import InputError, SourceError
from bcp.files import IncidentFiles
from bcp.i18n import _
from bcp.notice.campaign.by_hand import PAGE, ByHand
from bcp.notice.campaign.calls import RESULTS, Call, share, written
from bcp.notice.campaign.hurried import Hurried
from bcp.notice.campaign.outbox import CALL, HELD, Campaign, LetterRow, Settled, waits
from bcp.notice.campaign.plan_words import plan_words
from bcp.notice.campaign.post import LetterContext, Post, Prepared, SendingRequest
from bcp.notice.campaign.send import Delivery, Ended
from bcp.notice.campaign.stale import Stale, stale
from bcp.notice.campaign.standing import Standing, counted, standings, unaccounted
from bcp.notice.campaign.watching import Watch, unwatched
from bcp.notice.lint.rule import LintFinding
from bcp.notice.text.merge import Merger
from bcp.outside import World
from bcp.times import local_clock

CALLS = "calls.txt"
LETTERS = "letters"


class ContactStanding(NamedTuple):
    """Where a contact stands, by its id and its name, and why."""

    contact: str
    name: str
    standing: Standing
    reason: str


class Papers(Protocol):
    """Writes what a person takes in hand to tell those of a sending who are not told."""

    def __call__(self, letters: IncidentLetters, campaign: Campaign, /) -> None:
        """Write it into the folder of the incident."""
        ...


def no_papers(letters: IncidentLetters, campaign: Campaign, /) -> None:
    """Nothing is written."""


def _said(finding: LintFinding) -> str:
    """What speaks against a text; a command in it ends with its line."""
    return "\n    ".join([f"{finding.mistake}", *lines_of(finding.mistake.hint)])


@dataclass
class IncidentLetters:
    """The `Letters` of an incident."""

    post: Post
    affair: LetterContext
    world: World
    watch: Watch = unwatched
    papers: Papers = no_papers

    @cached_property
    def by_hand(self) -> ByHand:
        """Those who are told by hand."""
        return ByHand(self.post, self.affair)

    @property
    def files(self) -> IncidentFiles:
        """The files of this incident."""
        return self.post.files(self.affair.incident)

    def plan(
        self, notice: str, audience: str, channels: tuple[str, ...], overruled: Mapping[str, str]
    ) -> Mailing:
        """Plan it and freeze every letter; nothing goes out."""
        again = self._is_new_update(notice)
        prepared = self.post.prepare(
            self.affair, SendingRequest(notice, audience, channels, None, overruled, again)
        )
        against = tuple((finding.rule, _said(finding)) for finding in prepared.open_findings)
        untrue = Stale() if against else self.freeze(prepared)
        if untrue.asks and self.affair.drill:
            self.renew(prepared)
        waiting = self.waiting(prepared.campaign.id)
        read = _("Read them first: {command}").format(command=as_typed(("bcp", "notice", "preview", notice)))
        places = as_typed(("bcp", "notice", "places", notice))
        words = (*plan_words(prepared), read, _("Where to paste the text: {command}").format(command=places))
        asks = tuple(untrue.describe()) if untrue.asks and not self.affair.drill else ()
        anew = partial(self.renew, prepared) if asks else None
        return Mailing(prepared.campaign.id, waiting, words, against, self.affair.drill, asks, anew)

    def freeze(self, prepared: Prepared) -> Stale:
        """Keep the letters that are not there yet; what is not true any more in those that wait since an earlier run.

        Whoever could not be reached, and has another address now, is tried again.
        """
        self.post.freeze(prepared)
        untrue = stale(self.post, prepared)
        if untrue.mended and not untrue.asks:
            self.renew(prepared)
        return untrue

    def renew(self, prepared: Prepared) -> int:
        """Write the letters that wait anew, as `prepared` has them; how many wait then. What is out stays out.

        Raises InputError while another process sends them.
        """
        with self.post.ledger.sole_sender():
            self.post.ledger.renew(prepared.campaign, self.post.drafts(prepared))
        return self.waiting(prepared.campaign.id)

    def waiting(self, campaign: str) -> int:
        """How many letters of a sending are still to go out."""
        return self.post.ledger.waiting(campaign)

    def plan_one(self, notice: str, to: Contact, name: str) -> Mailing:
        """Freeze one letter to somebody in no audience, by mail or into a file; `name` is that of the sending.

        Its words are the letter; under a name that was there before nothing new is written, but what waits says
        what is shown.
        """
        ways = self.post.ways.channels
        fit = tuple(way for way in ways if ways[way].medium in ("email", "file"))
        prepared = self.post.prepare(self.affair, SendingRequest(notice, name, fit, to=to))
        if prepared.open_findings:
            raise SourceError([finding.mistake for finding in prepared.open_findings])
        for one in prepared.plan.left_out:
            raise InputError(f"{one.contact.called}: {one.why_not}")
        if self.freeze(prepared).asks:
            self.renew(prepared)
        waiting = self.waiting(prepared.campaign.id)
        language = prepared.plan.planned[0].language
        text = Merger(prepared.notice.versions[language], prepared.setting).text(to)
        address = to.email or _("no mail address, so it becomes a file")
        lines = (f"{to.called} <{address}>", text.subject, "", *text.body.splitlines())
        return Mailing(prepared.campaign.id, waiting, lines, rehearsed=self.affair.drill)

    def send(self, campaign: str) -> LettersSent:
        """Send what waits; those who are not told then are on a call list."""
        ended = self.deliver(campaign)
        if ended.why in ("done", "expired", "held"):
            return self._mailed(campaign, "")
        if ended.until is None:
            return self._mailed(campaign, ended.words)
        time = local_clock(ended.until, self.post.office.zone, self.post.clock.now())
        words = _("{why}; a watch that runs goes on with it at {time}")
        return self._mailed(campaign, words.format(why=ended.words, time=time))

    def carried(self, campaign: str) -> LettersSent:
        """The letters that lie as files were carried by somebody, who says so."""
        words = f"carried, says {self.affair.by}"
        for row in self._lying(campaign):
            self.post.ledger.settle_doubt(row.key, "sent", words, self.post.clock.now())
        return self._mailed(campaign, "")

    def _mailed(self, campaign: str, stopped: str) -> LettersSent:
        calls = self.write_calls(self.campaign(campaign))
        where = str(self.files.path(PAGE if self.files.holds(PAGE) else LETTERS))
        return LettersSent(
            self.counts(campaign), stopped, str(calls) if calls else "", len(self._lying(campaign)), where
        )

    def _lying(self, campaign: str) -> list[LetterRow]:
        """The letters that lie as files, and of which nobody said yet that they were carried."""
        return [row for row in self.post.ledger.rows(campaign) if self.by_hand.is_ready(row)]

    def deliver(self, campaign: str, patience: timedelta = timedelta(seconds=90)) -> Ended:
        """Send what waits, to which a person has agreed."""
        self.post.ledger.approve(campaign, self.affair.by)
        return self._run(campaign, patience)

    def go_on(self, campaign: str) -> Ended:
        """Send what may go out now of what a person agreed to earlier; nothing is waited for."""
        return self._run(campaign, timedelta(0), hurries=False)

    def _run(self, campaign: str, patience: timedelta, *, hurries: bool = True) -> Ended:
        clock = Hurried(self.post.clock) if self.affair.drill else self.post.clock
        with self.watch(self.waiting(campaign), self.post.clock) as watcher:
            return Delivery(
                self.post.ledger, self.campaign(campaign), self.post.ways.channels, self.world, clock, watcher,
                self.post.office.timezone, self.files.below(LETTERS), patience, hurries,
            ).run()  # fmt: skip

    def campaign(self, name: str) -> Campaign:
        """The campaign with that id. Raises InputError where there is none."""
        for one in self.post.ledger.campaigns(self.affair.incident):
            if one.id == name:
                return one
        raise InputError(f'there is no sending "{name}"', "see them: bcp notice status")

    def rows(self) -> Iterator[LetterRow]:
        """All letters of this incident."""
        for campaign in self.post.ledger.campaigns(self.affair.incident):
            if campaign.tells:
                yield from self.post.ledger.rows(campaign.id)

    def held(self, campaign: str) -> list[LetterRow]:
        """The letters of a sending that are held back."""
        return [row for row in self.post.ledger.rows(campaign) if waits(row) and row.reason == HELD]

    def counts(self, campaign: str) -> dict[str, int]:
        """How many contacts stand where, in one sending."""
        return counted(self.post.ledger.rows(campaign))

    def accounts(self) -> list[ContactStanding]:
        """Where each contact of this incident stands."""
        rows = list(self.rows())
        names = {row.key.contact: row.name for row in rows}
        return [ContactStanding(contact, names[contact], *told) for contact, told in standings(rows).items()]

    def unaccounted(self) -> list[str]:
        """The names of those of whom nobody can say that they were told, or why not."""
        campaigns = self.post.ledger.campaigns(self.affair.incident)
        return unaccounted(self.rows(), any(one.kind == "all-clear" for one in campaigns))

    def note_call(self, contact: Contact, result: str, by: str) -> int:
        """Keep what came of a call, with the last sending that the contact was in. Raises InputError for none.

        What was told so need not be written any more: how many letters of sendings of that kind waited for the contact
        and are taken back. Who shares the mailbox gets a letter all the same.
        """
        state, words = RESULTS[result]
        mine = [row for row in self.rows() if row.key.contact == contact.id]
        if not mine:
            raise InputError(
                f"{contact.called} is in no sending of this incident",
                "plan one: bcp notice plan NOTICE AUDIENCE",
            )
        settled = Settled(state, self.post.clock.now(), "call", reply=f"{words}, {by}")  # type: ignore[arg-type]
        last = mine[-1].key.campaign
        self.post.ledger.note_call(last, contact.id, contact.called, settled, f"{words}, {by}")
        if state != "sent":
            return 0
        kind = self.campaign(last).kind
        alike = [one.id for one in self.post.ledger.campaigns(self.affair.incident) if one.kind == kind]
        return self.post.ledger.told_by_phone(alike, contact.id, settled.at)

    def called(self, contact: Contact) -> LetterRow | None:
        """What a person reported last of a contact; None where nobody did, for the sending that is its last one."""
        mine = [row for row in self.rows() if row.key.contact == contact.id]
        last = mine[-1].key.campaign if mine else ""
        return next((row for row in mine if row.key == (last, contact.id, CALL)), None)

    def calls(self, campaign: Campaign) -> list[Call]:
        """Those who are not told and have a phone, each with the sentence in his language.

        Besides those of `campaign` these are the ones whom an earlier sending did not reach and no later one was for.
        """
        return self.by_hand.calls(campaign)

    def rewrite_papers(self) -> None:
        """Write anew what a person has in hand, as it stands now."""
        told = [one for one in self.post.ledger.campaigns(self.affair.incident) if one.tells]
        if told:
            self.papers(self, told[-1])

    def write_calls(self, campaign: Campaign, callers: Sequence[str] = ()) -> Path | None:
        """Write the call list into the incident's folder; None where nobody is to be called. Then the other papers.

        A list that was written before names nobody then.
        """
        self.papers(self, campaign)
        calls = self.calls(campaign)
        if not calls and not self.files.holds(CALLS):
            return None
        people = list(callers) or [person.name for person in self.post.office.people]
        title = f"{'DRILL · ' if self.affair.drill else ''}CALL LIST: {campaign.notice}"
        listed = written(share(calls, people), title, self.post.clock.now(), self.post.office.zone)
        file = self.files.write(CALLS, listed.encode())
        return file if calls else None

    def _is_new_update(self, notice: str) -> bool:
        """An update is news each time: it is a sending of its own once the last one is through."""
        earlier = [c for c in self.post.ledger.campaigns(self.affair.incident) if c.notice == notice]
        if not earlier or earlier[-1].kind != "update":
            return False
        return not self.waiting(earlier[-1].id)

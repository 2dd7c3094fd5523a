"""The post room: brings contacts, notices, channels and the ledger together, for one incident at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bcp.clock import Clock, StoppedClock
from bcp.contact import audience as audiences
from bcp.contact.model import Contact, Contacts
from bcp.errors import InputError, SourceError
from bcp.files import IncidentFiles
from bcp.i18n import _
from bcp.notice.campaign.dead import dead_numbers, only_dead, phone_is_out, standby_number
from bcp.notice.campaign.drafts import Writer
from bcp.notice.campaign.ledger import Ledger
from bcp.notice.campaign.outbox import OF_OUTAGE, Campaign, Key, LetterDraft, is_set_aside
from bcp.notice.campaign.plan import SendingPlan, plan
from bcp.notice.campaign.standing import told
from bcp.notice.channel.base import Channel
from bcp.notice.channel.channels import Ways
from bcp.notice.lint.findings import against, in_notice
from bcp.notice.lint.rule import LintFinding
from bcp.notice.text.merge import Setting, mergers
from bcp.notice.text.model import Notice
from bcp.notice.text.next_update import moment_in, still_to_come
from bcp.notice.text.next_update import next_update as next_update_after
from bcp.notice.text.placeholders import uses
from bcp.notice.text.quoted import Doubted
from bcp.office.model import Office
from bcp.progress import UNWATCHED, Progress
from bcp.yaml.near import pick

EXPIRES = timedelta(hours=4)
"""A sending that takes longer than this says what is not true any more."""


@dataclass(frozen=True, slots=True)
class LetterContext:
    """What the letters are about: the incident, what is known, which dates are not believed; and a line, in a letter to
    its provider. `since` is when a check saw it first, where one did.
    """

    incident: str
    since: datetime | None
    facts: Mapping[str, str]
    by: str = ""
    drill: bool = False
    line: Mapping[str, str] = field(default_factory=dict)
    doubted: tuple[Doubted, ...] = ()


@dataclass(frozen=True, slots=True)
class SendingRequest:
    """What is asked for: a notice, to an audience, by some channels (all, if none), overruling some rules.

    `to` is somebody in no audience, such as a provider; then `audience` only names the sending.
    """

    notice: str
    audience: str
    channels: tuple[str, ...] = ()
    next_update: datetime | None = None
    overruled: Mapping[str, str] = field(default_factory=dict)
    again: bool = False
    to: Contact | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that would be sent, and what speaks against it."""

    campaign: Campaign
    notice: Notice
    plan: SendingPlan
    setting: Setting
    findings: tuple[LintFinding, ...]
    is_new: bool

    @property
    def open_findings(self) -> list[LintFinding]:
        """What still speaks against sending: each is mended, or overruled with a reason."""
        overruled = self.campaign.overruled
        return [one for one in self.findings if not one.advice and one.rule not in overruled]

    @property
    def advice(self) -> list[LintFinding]:
        """What would be truer in another way, and stops nothing."""
        return [one for one in self.findings if one.advice]


@dataclass
class Post:
    """The post room of an office; `files` are those of an incident, by its id. `progress` shows how far it is."""

    folder: Path
    files: Callable[[str], IncidentFiles]
    office: Office
    contacts: Contacts
    notices: Mapping[str, Notice]
    ways: Ways
    ledger: Ledger
    clock: Clock
    progress: Progress = UNWATCHED

    def prepare(self, affair: LetterContext, order: SendingRequest) -> Prepared:
        """Plan it and read every letter once. Raises InputError for what is not there or not known."""
        notice = self.notice(order.notice)
        campaign, is_new = self._campaign(affair, order, notice)
        # One sending says the same to all: the same person signs, and the next update is the one that it promised.
        setting = self.setting(replace(affair, by=campaign.by), order.next_update, campaign.next_update)
        # Kept is what the letters say: one that names no next update promises none.
        says_when = any(
            uses(each, part, "next_update") for each in notice.versions.values() for part in each.parts
        )
        campaign = replace(campaign, next_update=setting.next_update if says_when else None)
        otherwise = notice.otherwise(self.office.language)
        planned = plan(
            self._members(affair, order),
            self._fit(notice, order.channels),
            order.channels,
            (notice.versions.keys(), otherwise),
            (self.ledger.suppressed(), self._told_before(campaign, order)),
        )
        findings = tuple(
            against(notice, planned, setting, self.ways.channels, otherwise, progress=self.progress)
        )
        return Prepared(campaign, notice, planned, setting, findings, is_new)

    def read(self, affair: LetterContext, name: str) -> list[LintFinding]:
        """What is wrong with a notice in all its languages, as our contacts would read it with our name in it."""
        contacts = (*self.contacts.all, *audiences.staff(self.office))
        return list(in_notice(self.notice(name), contacts, self.setting(affair, None), self.ways.channels))

    def _members(self, affair: LetterContext, order: SendingRequest) -> list[Contact]:
        told = partial(self.told, affair.incident)
        return (
            [order.to]
            if order.to
            else audiences.members(order.audience, self.contacts.all, self.office, told)
        )

    def freeze(self, prepared: Prepared) -> int:
        """Render every letter that is not there yet, and keep it with its campaign; how many letters are new.

        An all-clear cancels what is still to go out in this incident. Raises SourceError for findings that nobody
        overruled; then nothing is kept.
        """
        if prepared.open_findings:
            raise SourceError([finding.mistake for finding in prepared.open_findings])
        cancels: list[str] = []
        if prepared.campaign.kind == "all-clear":
            others = self.ledger.campaigns(prepared.campaign.incident)
            cancels = [one.id for one in others if one.kind in OF_OUTAGE]
        # What is there stays as it is, so it is not written once more.
        kept = () if prepared.is_new else (row.key for row in self.ledger.rows(prepared.campaign.id))
        return self.ledger.freeze(prepared.campaign, self.drafts(prepared, frozenset(kept)), cancels)

    def drafts(self, prepared: Prepared, but: Collection[Key] = (), what: str = "") -> Iterator[LetterDraft]:
        """The letters one by one, without those that are kept already; a contact's further ways wait in reserve.

        `what` says what is done with them, where they are not simply written.
        """
        writer = Writer(
            mergers(prepared.notice, prepared.setting),
            self.ways.channels,
            prepared.notice.otherwise(self.office.language),
            (self.office.name, prepared.setting.reach.get("email", "")),
        )
        planned = prepared.plan.planned
        with self.progress.task(what or _("Writing the letters"), len(planned)) as task:
            for one in planned:
                yield from writer.drafts(prepared.campaign.id, one, but)
                task.advance(name=one.contact.called)

    def rewritten(
        self, affair: LetterContext, campaign: Campaign, contacts: Sequence[Contact]
    ) -> Iterator[LetterDraft]:
        """The letters of a sending to these contacts by every way, as they would be written at the time of its plan.

        Raises BcpError for a notice that is not ours, or that cannot be written with what is known.
        """
        then = replace(self, clock=StoppedClock(campaign.at))
        notice = then.notice(campaign.notice)
        setting = then.setting(replace(affair, by=campaign.by), None, campaign.next_update)
        languages = (notice.versions.keys(), notice.otherwise(self.office.language))
        planned = plan(contacts, then._fit(notice, ()), (), languages)
        return then.drafts(Prepared(campaign, notice, planned, setting, (), False))

    def _fit(self, notice: Notice, asked: Sequence[str]) -> Mapping[str, Channel]:
        """The channels that can carry the notice: text messages need a text of their own in every language."""
        lacking = [version for version in notice.versions.values() if not version.front.sms]
        fit = {name: way for name, way in self.ways.channels.items() if way.medium != "sms" or not lacking}
        for name in asked:
            if lacking and (name == "sms" or (name in self.ways.channels and name not in fit)):
                hint = 'add sms: "…" to its front matter, or choose another channel'
                raise InputError(f"{lacking[0].document.shown} has no text message", hint)
        if not fit:
            raise self.ways.lacks(
                _('channel that can carry the notice "{notice}"').format(notice=notice.id),
                "channels: [{channel: mail, smtp: {…}}]",
            )
        return fit

    def notice(self, name: str) -> Notice:
        """The notice of that name. Raises InputError with what is there."""
        return pick(name, self.notices, "notice")

    def _told_before(self, campaign: Campaign, order: SendingRequest) -> set[str]:
        """Who got this notice in an earlier sending: nobody gets it twice, unless it is sent `again` on purpose."""
        if order.again or order.to is not None:
            return set()
        earlier = [one for one in self.ledger.campaigns(campaign.incident) if one.notice == campaign.notice]
        return told(row for one in earlier if one.id != campaign.id for row in self.ledger.rows(one.id))

    def told(self, incident: str) -> set[str]:
        """The contacts who were told of this incident, or may have been."""
        campaigns = [one for one in self.ledger.campaigns(incident) if one.tells]
        return told(row for campaign in campaigns for row in self.ledger.rows(campaign.id))

    def setting(
        self, affair: LetterContext, next_update: datetime | None, promised: datetime | None = None
    ) -> Setting:
        """What all letters share. We are reached on the number that was said, else on one that works.

        `promised` is the next update that earlier letters of this sending name; it holds until it is over.
        """
        lead = self.office.person(self.office.roles[0].owner)
        by = self.office.person(affair.by) or lead
        facts, now = affair.facts, self.clock.now()
        dead, standby = dead_numbers(self.office, facts), standby_number(self.office, phone_is_out(facts))
        numbers = (
            facts.get("answer_number"),
            facts.get("office_number"),
            standby,
            lead.phone if lead else None,
        )
        given = (one for one in numbers if one and any(map(str.isdigit, one)))  # not "nobody knows yet"
        phone = next((one for one in given if not only_dead(one, dead)), "")
        email = self.ways.reply_address or (lead.email if lead and lead.email else "")
        reach = {name: value for name, value in (("phone", phone), ("email", email)) if value}
        moment = next_update or still_to_come(moment_in(facts.get("next_update", "")), now)
        return Setting(
            office={"name": self.office.name, "address": self.office.address or ""},
            sender={"name": by.name if by else self.office.name, "phone": (by.phone if by else None) or ""},
            reach=reach,
            zone=self.office.zone,
            facts=facts,
            next_update=moment or still_to_come(promised, now) or next_update_after(now, self.office.zone),
            since=affair.since,
            line=affair.line,
            dead=dead,
            doubted=tuple(one for one in affair.doubted if self._is_to_come(one.at)),
        )

    def _is_to_come(self, moment: datetime) -> bool:
        """Whether it is on a day that is not over."""
        today = self.clock.now().astimezone(self.office.zone).date()
        return moment.astimezone(self.office.zone).date() >= today

    def _campaign(
        self, affair: LetterContext, order: SendingRequest, notice: Notice
    ) -> tuple[Campaign, bool]:
        """The campaign that this continues, else a new one; whether it is new."""
        earlier = [one for one in self.ledger.campaigns(affair.incident) if one.notice == notice.id]
        same = [one for one in earlier if one.audience == order.audience]
        now = self.clock.now()
        if same and not order.again and same[-1].expires_at > now and not self._is_over(same[-1]):
            return replace(same[-1], overruled={**same[-1].overruled, **order.overruled}), False
        front = next(iter(notice.versions.values())).front
        return (
            Campaign(
                affair.incident, notice.id, len(earlier) + 1, notice.kind, order.audience, affair.by, now,
                now + (front.expires or EXPIRES), order.overruled,
            ),
            True,
        )  # fmt: skip

    def _is_over(self, campaign: Campaign) -> bool:
        """Whether somebody ended it: what was cancelled stays so, and those who were not told need a new sending."""
        if self.ledger.waiting(campaign.id):
            return False
        rows = self.ledger.rows(campaign.id)
        return any(row.state == "cancelled" and not is_set_aside(row) for row in rows)


def find(contacts: Contacts, office: Office, said: str) -> Contact:
    """The contact, or the person of the staff, that is meant."""
    return audiences.one(said, (*contacts.all, *audiences.staff(office)))

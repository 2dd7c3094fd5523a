"""Who is told by hand: everybody not told yet, with the text in their language and the links that open it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bcp.contact.audience import staff
from bcp.contact.model import Contact
from bcp.i18n import _
from bcp.notice.campaign.calls import Call
from bcp.notice.campaign.codes import codes
from bcp.notice.campaign.links import Link, dialled, links
from bcp.notice.campaign.outbox import BY_HAND, Campaign, LetterRow
from bcp.notice.campaign.post import LetterContext, Post
from bcp.notice.campaign.standing import Standing, standings
from bcp.notice.text.merge import LetterText, Merger, mergers

UNTOLD: tuple[Standing, ...] = ("unreachable", "unknown", "waiting", "not told")
"""Where somebody stands who is to be called."""
PAGE = "phone.html"
PRINT = "letters.pdf"
"""What a person takes in hand, in the folder of the incident: for a phone, and the letters to print."""
SET = "letters-set"
"""The folder for pages of letters that were set before: what says the same is not set again."""
EXPORTS = "handed-over"
"""The folder for tables that a colleague sends from."""
HANDED_OVER = "handed over"
"""How the reply of a letter begins that went to a person in a table."""


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody not told yet. `contact.language` is that of the text; `before` says what came of it so far.

    `say` is read aloud in a call, `text.sms` is the message and `text.body` the letter. `is_ready` where the letter is
    written and waits for a person to send it.
    """

    code: str
    contact: Contact
    say: str
    text: LetterText
    links: tuple[Link, ...]
    before: str
    is_ready: bool


class _Untold(NamedTuple):
    """A contact who is not told, the last sending that was for him, and what came of it."""

    campaign: Campaign
    contact: Contact
    why: str
    is_ready: bool

    @property
    def is_handed_over(self) -> bool:
        """Whether somebody has the letter in a table."""
        return self.is_ready and self.why.startswith(HANDED_OVER)

    @property
    def before(self) -> str:
        """What to know of him first; that a letter lies as a file is plain, and so is the way that he prefers."""
        is_plain = self.why.startswith(BY_HAND) or (self.is_ready and not self.is_handed_over)
        return "" if is_plain else self.why


@dataclass
class ByHand:
    """Those of one incident who are told by hand."""

    post: Post
    affair: LetterContext
    _aloud: dict[str, Mapping[str, Merger]] = field(default_factory=dict)

    def people(self, campaign: Campaign) -> list[ToTell]:
        """Everybody who is not told. Left out is who wants no notices, and who is in no contact file any more.

        Besides those of `campaign` these are the ones whom an earlier sending did not reach and no later one was for.
        """
        known, suppressed = self.codes(), self.post.ledger.suppressed()
        found = []
        for one in self._watched(campaign):
            text = self._text(one.campaign, one.contact)
            said, reader = text.spoken or text.subject, replace(one.contact, language=text.language)
            ways = tuple(links(reader, text, suppressed, "email" if one.is_ready else None))
            found.append(ToTell(known[reader.id], reader, said, text, ways, one.before, one.is_ready))
        return found

    def calls(self, campaign: Campaign) -> list[Call]:
        """Those of `people` who have a phone, each with what is said to them."""
        known = self.codes()
        found = []
        for one in self._watched(campaign):
            if number := dialled(one.contact).number:
                text = self._text(one.campaign, one.contact)
                said, reader = text.spoken or text.subject, replace(one.contact, language=text.language)
                found.append(Call(reader, number, said, one.before, known[reader.id]))
        return found

    def _watched(self, campaign: Campaign) -> Iterator[_Untold]:
        """Those whom somebody is to tell; how far it is is shown."""
        with self.post.progress.task(_("Preparing what is told by hand")) as task:
            for one in self._to_tell(campaign):
                yield one
                task.advance(name=one.contact.called)

    def without_number(self, campaign: Campaign) -> list[str]:
        """The names of those of `people` who cannot be called: no number of theirs is known."""
        return [one.contact.called for one in self._to_tell(campaign) if not dialled(one.contact).number]

    def is_anybody_left(self, campaign: Campaign) -> bool:
        """Whether there are such people."""
        return any(True for _one in self._to_tell(campaign))

    def codes(self) -> dict[str, str]:
        """What is typed for each contact of this incident, by its id."""
        return codes(self.post.ledger.contacts(self.affair.incident))

    def ready(self, campaign: Campaign) -> dict[str, bool]:
        """Those of `people` whose letters are written for a person to send, by their ids: whether it was handed over.

        Else it lies as a file.
        """
        return {one.contact.id: one.is_handed_over for one in self._to_tell(campaign) if one.is_ready}

    def is_ready(self, row: LetterRow) -> bool:
        """Whether a letter is written for somebody to send or carry, who did not say yet that he did.

        It lies as a file, or was handed over in a table.
        """
        way = self.post.ways.channels.get(row.key.channel)
        is_file = way is not None and way.medium == "file"
        return row.state == "unknown" and (is_file or row.reply.startswith(HANDED_OVER))

    def _to_tell(self, campaign: Campaign) -> Iterator[_Untold]:
        """Each contact who is not told, with the last sending that was for him."""
        every = [one for one in self.post.ledger.campaigns(self.affair.incident) if one.tells]
        cleared = any(one.kind == "all-clear" for one in every)
        people = {one.id: one for one in (*self.post.contacts.all, *staff(self.post.office))}
        for one in [campaign, *(one for one in reversed(every) if one.id != campaign.id)]:
            rows = list(self.post.ledger.rows(one.id))
            ready = {row.key.contact for row in rows if self.is_ready(row)}
            for name, (standing, why) in standings(rows).items():
                # Who never got the alarm needs no word of it once it is over.
                is_over = cleared and standing == "not told" and one.kind != "all-clear"
                contact = people.pop(name, None)
                if contact and not contact.opted_out and standing in UNTOLD and not is_over:
                    yield _Untold(one, contact, why, standing == "unknown" and name in ready)

    def subject(self, campaign: Campaign, language: str) -> str:
        """What a sending is about, in that language where it is written in it, else in the office's."""
        anybody = Contact("", self.post.office.name, language=language)
        return self._text(campaign, anybody).subject

    def _text(self, campaign: Campaign, contact: Contact) -> LetterText:
        """What a sending says to a contact with what is known now; the same next update as in its letters."""
        language, notice = contact.language, self.post.notice(campaign.notice)
        if campaign.id not in self._aloud:
            # Made once for everybody. The next update is a promise, so it must be the one that the letters made.
            setting = self.post.setting(replace(self.affair, by=campaign.by), None, campaign.next_update)
            self._aloud[campaign.id] = mergers(notice, setting)
        aloud = self._aloud[campaign.id]
        if language is None or language not in aloud:
            language = notice.otherwise(self.post.office.language)
        return aloud[language].text(contact)

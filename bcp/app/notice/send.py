"""`notice send` and `notice stop`: every letter is frozen, a person agrees, what waits goes out and nothing twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bcp.action.kinds.notify import STANDING_WORDS
from bcp.app.notice.by_hand import NO_PAPERS, HandPapers, page_of, ready_letters
from bcp.app.notice.go_on import goes_on_words
from bcp.app.notice.office import letters_of
from bcp.app.notice.request import NoticeRequest, order_of
from bcp.app.session import Session
from bcp.clock import Clock
from bcp.command_words import as_typed
from bcp.errors import InputError
from bcp.incident.events.note import NoteWritten
from bcp.incident.journal import IncidentJournal
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import Campaign, LetterRow
from bcp.notice.campaign.plan_words import plan_words
from bcp.notice.campaign.post import Prepared
from bcp.notice.campaign.send import Ended
from bcp.notice.campaign.watching import Watcher


class Sender(Protocol):
    """The person who sends: sees the plan, chooses, confirms, watches."""

    def hear(self, lines: Sequence[str], untrue: bool = False) -> None:
        """The plan; or with `untrue`, what letters that wait do not say any more."""
        ...

    def renews(self, command: str) -> bool:
        """Whether those are written anew; else they go out as they were frozen.

        Raises InputError where nobody chose, and PersonNeeded where nobody is there: then nothing goes out.
        """
        ...

    def confirm(self, count: int) -> None:
        """Agree to so many letters. Raises InputError where that was not done, PersonNeeded where nobody is there."""
        ...

    def watch(self, count: int, clock: Clock) -> AbstractContextManager[Watcher]:
        """Watch them go out."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """How a sending ended: how many contacts stand where, who is to be called, the command that goes on with it.

    `by_hand` is what a person has in hand for those who are not told. `held` are the letters that are held back, and
    `goes_on` says when the server may be asked again.
    """

    incident: str
    drill: bool
    standings: Mapping[str, int]
    ended: Ended
    calls: Path | None
    again: str
    by_hand: HandPapers = NO_PAPERS
    held: tuple[LetterRow, ...] = ()
    goes_on: str = ""

    @property
    def all_told(self) -> bool:
        """Whether everybody has the letter who is to have it."""
        return set(self.standings) <= {"told", "not to be told"}


def standing_words(standings: Mapping[str, int]) -> str:
    """How many contacts stand where, in words."""
    return ", ".join(f"{number} {STANDING_WORDS[standing]()}" for standing, number in standings.items())


def send_notice(
    session: Session,
    book: IncidentJournal,
    by: str,
    request: NoticeRequest,
    sender: Sender,
    *,
    renew: bool | None = None,
) -> Sent:
    """Freeze every letter, let the count be confirmed, send; given again it goes on and sends nothing twice.

    `renew` decides beforehand what becomes of letters that wait and are not true any more. Raises InputError for what
    cannot be sent.
    """
    letters = letters_of(session, book.incident, by, sender.watch)
    prepared = letters.post.prepare(letters.affair, order_of(session, letters.post.office, request))
    sender.hear(plan_words(prepared))
    _settle_untrue(letters, prepared, sender, renew)
    campaign = prepared.campaign
    count = letters.waiting(campaign.id)
    if count and not book.incident.drill:
        sender.confirm(count)
    return _sent(session, book, letters, campaign, letters.deliver(campaign.id))


def _sent(
    session: Session, book: IncidentJournal, letters: IncidentLetters, campaign: Campaign, ended: Ended
) -> Sent:
    """Write down how a sending ended, and what people need who tell the others."""
    incident, by = book.incident, letters.affair.by
    again = session.meant(incident, as_typed(("bcp", "notice", "send", campaign.notice, campaign.audience)))
    standings = letters.counts(campaign.id)
    words = _for_the_record(letters, campaign, standings)
    book.write(lambda _incident: [NoteWritten(words).entry(by)])
    calls = letters.write_calls(campaign)
    papers = HandPapers(page_of(letters), ready_letters(letters))
    goes_on = goes_on_words(session, letters.post.office.zone, ended.until, by) if ended.until else ""
    held = tuple(letters.held(campaign.id))
    return Sent(incident.id, incident.drill, standings, ended, calls, again, papers, held, goes_on)


def _for_the_record(letters: IncidentLetters, campaign: Campaign, standings: Mapping[str, int]) -> str:
    """How a sending ended, for the journal: no names."""
    overruled = "".join(f"; overruled {rule}: {reason}" for rule, reason in campaign.overruled.items())
    ready = ready_letters(letters)
    by_hand = f" ({ready.count} are ready to be sent by hand)" if ready else ""
    return f"notice {campaign.notice} to {campaign.audience}: {standing_words(standings)}{by_hand}{overruled}"


def _settle_untrue(letters: IncidentLetters, prepared: Prepared, sender: Sender, renew: bool | None) -> None:
    """Freeze what is new; a person chooses what becomes of letters that wait and are not true any more."""
    untrue = letters.freeze(prepared)
    sender.hear(untrue.describe(), untrue=True)
    if not untrue.asks:
        return
    if renew is None and not letters.affair.drill:
        renew = sender.renews(
            as_typed(("bcp", "notice", "send", prepared.notice.id, prepared.campaign.audience))
        )
    if renew is not False:
        letters.renew(prepared)


def stop_notice(session: Session, book: IncidentJournal, by: str, notice: str) -> int:
    """Cancel what is still to go out of a notice; how many letters. Raises InputError where nothing of it was sent."""
    letters = letters_of(session, book.incident, by)
    mine = [c.id for c in letters.post.ledger.campaigns(book.incident.id) if c.notice == notice]
    if not mine:
        raise InputError(f'nothing of "{notice}" was sent in this incident', "see: bcp notice status")
    count = letters.post.ledger.end(mine, "cancelled", f"stopped by {by}", session.clock.now())
    words = f"notice {notice}: {count} letters cancelled"
    book.write(lambda _incident: [NoteWritten(words).entry(by)])
    return count

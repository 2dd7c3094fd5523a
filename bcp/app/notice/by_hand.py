"""What a person takes in hand to tell clients: the page for a phone, and the letters that lie as files, to print."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bcp.app.session import Session
from bcp.errors import BcpError
from bcp.files import MemoryFiles
from bcp.i18n import _
from bcp.notice.campaign.by_hand import PAGE, PRINT, SET, ToTell
from bcp.notice.campaign.letters import IncidentLetters, Papers
from bcp.notice.campaign.outbox import Campaign
from bcp.office.model import Office
from bcp.page.kept_runs import KeptRuns
from bcp.page.labels import Labels
from bcp.progress import Progress

_LOG = logging.getLogger(__name__)


def papers_of(session: Session) -> Papers:
    """Writes both into the folder of an incident; that one cannot be written is remarked, and stops no letter."""

    def papers(letters: IncidentLetters, campaign: Campaign) -> None:
        if isinstance(letters.files, MemoryFiles):
            return  # nobody takes in hand what is gone with the process
        try:
            _write(letters, campaign, session.progress)
        except (BcpError, MemoryError) as error:
            _LOG.info("the page of those who are told by hand is not written: %s", type(error).__name__)
            why = error.message if isinstance(error, BcpError) else _("there is too little memory")
            session.remark(_("The page for the phone could not be written: {why}").format(why=why))

    return papers


def _write(letters: IncidentLetters, campaign: Campaign, progress: Progress) -> None:
    from bcp.page.to_tell import HandPage, write

    people = letters.by_hand.people(campaign)
    if not people and not letters.files.holds(PAGE):
        return
    post, affair = letters.post, letters.affair
    made, zone = post.clock.now(), post.office.zone
    words = Labels(_language(post.office))
    title = f"{letters.by_hand.subject(campaign, words.language)} · {affair.incident}"
    page = HandPage(affair.incident, affair.drill, post.office.name, title, made, zone, people)
    letters.files.write(PAGE, write(page, words).encode())
    # What was handed over in a table is not printed as well.
    ready = [one for one in people if one.is_ready and not one.before]
    if ready:
        _write_letters(letters, ready, made, words, progress)
    elif not people:
        # Whoever prints an old one tells people again who were told; one that a viewer keeps open stays.
        with suppress(OSError):
            letters.files.path(PRINT).unlink(missing_ok=True)
        KeptRuns(letters.files.path(SET)).drop_others()


def _write_letters(
    letters: IncidentLetters, ready: Sequence[ToTell], made: datetime, words: Labels, progress: Progress
) -> None:
    """The letters to print. Pages that say the same as before are not set again, a file that does is not written."""
    from bcp.page.letter_pages import letters as pages
    from bcp.page.pdf import write as write_pdf

    office, kept = letters.post.office, KeptRuns(letters.files.path(SET))
    documents = list(pages(ready, office.name, made, office.zone))
    content = write_pdf(documents, words, progress=progress, kept=kept)
    kept.drop_others()
    if not letters.files.holds(PRINT) or letters.files.path(PRINT).read_bytes() != content:
        letters.files.write(PRINT, content)


def _language(office: Office) -> str:
    from bcp.page.labels import languages

    return office.language if office.language in languages() else "en"


@dataclass(frozen=True, slots=True)
class ReadyLetters:
    """Letters that are written and that a person is to send or carry, by the ids of their contacts.

    `lying` ones are files here; `handed_over` is what somebody else has in a table. `told` is how many contacts of the
    incident are told. `page` has a link for each, `to_print` is all of them on paper, where that could be made.
    """

    lying: frozenset[str]
    handed_over: frozenset[str]
    told: int
    page: Path
    to_print: Path | None

    @property
    def count(self) -> int:
        """How many letters."""
        return len(self.lying) + len(self.handed_over)


class HandPapers(NamedTuple):
    """The page for a phone, where somebody is on it, and the letters that wait for a person."""

    page: Path | None = None
    ready: ReadyLetters | None = None


NO_PAPERS = HandPapers()


def page_of(letters: IncidentLetters) -> Path | None:
    """The page as it was written last; None where nobody is left to be told by hand."""
    campaigns = [one for one in letters.post.ledger.campaigns(letters.affair.incident) if one.tells]
    is_used = bool(campaigns) and letters.by_hand.is_anybody_left(campaigns[-1])
    return letters.files.path(PAGE) if is_used and letters.files.holds(PAGE) else None


def ready_letters(letters: IncidentLetters) -> ReadyLetters | None:
    """The letters that wait for a person; None where there are none."""
    campaigns = [one for one in letters.post.ledger.campaigns(letters.affair.incident) if one.tells]
    ready = letters.by_hand.ready(campaigns[-1]) if campaigns else {}
    if not ready:
        return None
    handed = frozenset(name for name, is_handed_over in ready.items() if is_handed_over)
    told = sum(one.standing == "told" for one in letters.accounts())
    printed = letters.files.path(PRINT) if letters.files.holds(PRINT) else None
    return ReadyLetters(frozenset(ready) - handed, handed, told, letters.files.path(PAGE), printed)

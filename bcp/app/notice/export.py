"""`notice export`: letters for a colleague who sends them from another computer; nobody gets one from here as well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bcp.app.notice.by_hand import papers_of
from bcp.app.notice.office import letters_of
from bcp.app.notice.request import NoticeRequest, order_of
from bcp.app.session import Session
from bcp.errors import BcpError
from bcp.files import IncidentFiles
from bcp.i18n import _
from bcp.incident.events.note import NoteWritten
from bcp.incident.journal import IncidentJournal
from bcp.notice.campaign.by_hand import EXPORTS, HANDED_OVER
from bcp.notice.campaign.handed_over import MergeTable, Recipient, merge_tables
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import Key, Settled, Taken, waits, why_suppressed
from bcp.notice.campaign.post import Prepared
from bcp.notice.text.merge import mergers
from bcp.progress import counted

FORMS = ("thunderbird",)
"""For which programs."""
_MEDIA = ("email", "file")


@dataclass(frozen=True, slots=True)
class HandedTable:
    """A table for the colleague, and the draft that goes with it."""

    language: str
    count: int
    table: Path
    draft: Path


@dataclass(frozen=True, slots=True)
class ExportedLetters:
    """What was handed over now, and how many letters somebody has already whose fate nobody said yet."""

    tables: tuple[HandedTable, ...]
    before: int

    @property
    def count(self) -> int:
        """How many letters were handed over now."""
        return sum(one.count for one in self.tables)


def export_notice(
    session: Session,
    book: IncidentJournal,
    by: str,
    request: NoticeRequest,
) -> ExportedLetters:
    """Freeze every letter, and hand those that wait and go by mail to a person, as tables and drafts.

    From then on they are "handed over": no sending takes them, and somebody says later that they went. Raises
    InputError where nothing can be written, and while another process sends.
    """
    letters = letters_of(session, book.incident, by)
    ways = letters.post.ways
    asked = request.channels or [name for name, way in ways.channels.items() if way.medium in _MEDIA]
    if not asked:
        raise ways.lacks(_("way to write a mail"), "channels: [{channel: paper, file: {}}]")
    order = order_of(session, letters.post.office, replace(request, channels=tuple(asked)))
    prepared = letters.post.prepare(letters.affair, order)
    if letters.freeze(prepared).asks:
        letters.renew(prepared)
    before = sum(row.reply.startswith(HANDED_OVER) for row in letters.rows() if row.state == "unknown")
    with letters.post.ledger.sole_sender():
        tables = _hand_over(letters, prepared)
    if tables:
        count = sum(one.count for one in tables)
        notice, audience = prepared.campaign.notice, prepared.campaign.audience
        words = f"notice {notice} to {audience}: {count} letters handed over, for somebody else to send"
        book.write(lambda _incident: [NoteWritten(words).entry(by)])
        papers_of(session)(letters, prepared.campaign)
    return ExportedLetters(tuple(tables), before)


def _hand_over(letters: IncidentLetters, prepared: Prepared) -> list[HandedTable]:
    """Claim each letter, then write the tables; where that fails, the letters wait as before."""
    post = letters.post
    claimed = _claimed(letters, prepared)
    files = letters.files.below(EXPORTS)
    try:
        written, otherwise = (
            mergers(prepared.notice, prepared.setting),
            prepared.notice.otherwise(post.office.language),
        )
        made = merge_tables(claimed.values(), written, otherwise)
        return [_written(files, one, _free_name(files, prepared, one.language)) for one in made]
    except BcpError:
        for key in claimed:
            post.ledger.settle_doubt(key, "queued", "", post.clock.now())
        raise


def _claimed(letters: IncidentLetters, prepared: Prepared) -> dict[Key, Recipient]:
    """Those whose letter waits and who have a mail address; from now on nobody else sends it."""
    post, now = letters.post, letters.post.clock.now()
    codes, suppressed = letters.by_hand.codes(), post.ledger.suppressed()
    people = {one.contact.id: one.contact for one in prepared.plan.letters}
    settled = Settled(
        "unknown", now, "export", reply=f"{HANDED_OVER} by {letters.affair.by} to be sent elsewhere"
    )
    found: dict[Key, Recipient] = {}
    rows = list(post.ledger.rows(prepared.campaign.id))
    words = _("Handing the letters over")
    for row in counted(post.progress, words, rows, len(rows), name=lambda row: row.name):
        contact, way = people.get(row.key.contact), post.ways.channels.get(row.key.channel)
        if contact is None or not contact.email or way is None or way.medium not in _MEDIA or not waits(row):
            continue
        if why_suppressed(contact.email, suppressed):
            continue
        try:
            post.ledger.claim(row.key, now)
        except Taken:
            continue
        post.ledger.settle(row.key, settled)
        found[row.key] = Recipient(codes[contact.id], contact)
    return found


def _free_name(files: IncidentFiles, prepared: Prepared, language: str) -> str:
    """A name that no table has: the one that a colleague has already must stay what it is."""
    campaign = prepared.campaign
    name = f"{campaign.notice}-{campaign.number}-{language}"
    number = 1
    while files.holds(f"{name}{_numbered(number)}.csv"):
        number += 1
    return f"{name}{_numbered(number)}"


def _numbered(number: int) -> str:
    return f"-{number}" if number > 1 else ""


def _written(files: IncidentFiles, one: MergeTable, name: str) -> HandedTable:
    draft = f"To: {{{{email}}}}\nSubject: {one.subject}\n\n{one.body}\n"
    table = files.write(f"{name}.csv", one.table.encode())
    return HandedTable(one.language, len(one.who), table, files.write(f"{name}.txt", draft.encode()))

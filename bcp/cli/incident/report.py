"""Gathers what a report is made of, and writes it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bcp.app.session import Session
from bcp.cli.incident import review
from bcp.cli.terminal.output import is_attended, say, show_next
from bcp.errors import Exit, InputError
from bcp.event import unseal
from bcp.i18n import _, speak_in_report
from bcp.incident.followup import look_back as write_answers
from bcp.incident.journal import Book
from bcp.incident.report.picture import Outage, Sending
from bcp.incident.report.report import Sources
from bcp.incident.report.report import report as make
from bcp.incident.state import Incident
from bcp.page.blocks import Document
from bcp.page.labels import Words

FORMATS = ("md", "html", "pdf")
SHORTEST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Order:
    """What kind of report was asked for."""

    format: str
    output: Path | None
    language: str | None
    people: bool

    def __post_init__(self) -> None:
        """Raises InputError for a format that there is not."""
        if self.format not in FORMATS:
            raise InputError(
                f'"{self.format}" is no format of a report', "the formats: " + ", ".join(FORMATS)
            )


def write(session: Session, book: Book, order: Order) -> int:
    """Make the report and put it where it was asked for."""
    incident = book.incident
    words = Words(order.language or incident.plan["office"]["language"])
    speak_in_report(words.language)
    now = session.clock.now()
    events = [unseal(row) for row in session.log.rows(incident.id)]
    found = make(incident, events, sources(session, incident, order.people, now), now)
    from bcp.page.report import document

    made = _made(document(found, words), words, order.format)
    if order.output is None and order.format == "md":
        sys.stdout.write(made.decode())
        return Exit.OK
    path = order.output or Path(f"report-{incident.id}.{order.format}")
    try:
        path.write_bytes(made)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}", "name another file with -o") from None
    say(str(path), "green")
    noun = "drill" if incident.drill else "incident"
    show_next((f"bcp {noun} verify --incident {incident.id} --head {incident.head.hash[:12]}",))
    return Exit.OK


def look_back(session: Session, book: Book, given: Mapping[str, str], by: str) -> int:
    """Write the answers; without any, the person at the terminal is asked. Raises InputError where nobody is."""
    if not any(given.values()):
        if not is_attended():
            raise InputError("nothing was said", 'for example: bcp incident review --well "…" --badly "…"')
        count = review.ask_all(session, book, by)
    else:
        count = write_answers(book, given, by)
    say(_("{count} answers were written down.").format(count=count), "green")
    show_next(('bcp followup add "WHAT" --owner PERSON --due "in 2 weeks"', "bcp incident report"))
    return Exit.OK


def sources(session: Session, incident: Incident, people: bool, now: datetime) -> Sources:
    """What checks saw and what was sent while the incident was open; of a drill nothing is asked for."""
    if incident.drill or not session.stores.exist():
        return Sources()
    outages, looked = _outages(session, incident, now)
    return Sources(outages, list(_sendings(session, incident, people)), looked)


def _outages(session: Session, incident: Incident, now: datetime) -> tuple[list[Outage], bool]:
    from bcp.check.history import stretches
    from bcp.store.spans import StoredSpans

    spans = session.stores.of(StoredSpans)
    end = incident.closed_at or now
    found: list[Outage] = []
    held = spans.held()
    titles = {name: flip.title for name, flip in incident.flips.items()}
    for name in sorted(held):
        history = spans.history(name, incident.opened_at)
        for each in stretches(history, min([incident.opened_at, *(s.first for s in history[:1])]), end):
            if each.state in ("down", "unobserved") and each.length >= SHORTEST:
                title = titles.get(name, name)
                found.append(Outage(name, title, each.state, each.first, each.last, each.reason))
    return found, bool(held)


def _sendings(session: Session, incident: Incident, people: bool) -> Iterator[Sending]:
    from bcp.notice.campaign.outbox import Row, standings
    from bcp.store.outbox import Outbox

    outbox = session.stores.of(Outbox)
    for campaign in outbox.campaigns(incident.id):
        rows: Sequence[Row] = list(outbox.rows(campaign.id))
        found = standings(rows)
        counts = Counter(standing for standing, _why in found.values())
        names = {row.key.contact: row.name for row in rows}
        told = sorted(names[contact] for contact, (standing, _why) in found.items() if standing == "told")
        yield Sending(
            campaign.notice, campaign.at, campaign.by, tuple(counts.items()), tuple(told) if people else ()
        )


def _made(document: Document, words: Words, format_: str) -> bytes:
    from bcp.page import html, markdown, pdf

    if format_ == "pdf":
        return pdf.write([document], words)
    return {"md": markdown.write, "html": html.write}[format_]([document], words).encode()

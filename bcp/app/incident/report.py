"""Writes the report of an incident: gathers what it is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bcp.app.print.documents import remark_boxes
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.event import unseal
from bcp.i18n import speak_in_report
from bcp.incident.report.picture import Outage, Sending
from bcp.incident.report.report import Sources
from bcp.incident.report.report import report as make
from bcp.incident.state import Incident
from bcp.page.blocks import Document
from bcp.page.labels import Labels
from bcp.progress import Progress

FORMATS = ("md", "html", "pdf")
SHORTEST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What kind of report is wanted; without `language` that of the office, without `people` only numbers."""

    format: str
    language: str | None
    people: bool

    def __post_init__(self) -> None:
        """Raises InputError for a format that there is not."""
        if self.format not in FORMATS:
            raise InputError(
                f'"{self.format}" is no format of a report', "the formats: " + ", ".join(FORMATS)
            )


def report(session: Session, incident: Incident, request: ReportRequest) -> bytes:
    """The report as a file of the wanted format."""
    from bcp.page.report import document

    words = Labels(request.language or incident.plan.office.language)
    speak_in_report(words.language)
    now = session.clock.now()
    events = [unseal(row) for row in session.log.rows(incident.id)]
    found = make(incident, events, sources(session, incident, request.people, now), now)
    made = document(found, words)
    if request.format == "pdf":
        remark_boxes(session, [made])
    return _made(made, words, request.format, session.progress)


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
    from bcp.notice.campaign.outbox import LetterRow
    from bcp.notice.campaign.standing import standings
    from bcp.store.outbox import Outbox

    outbox = session.stores.of(Outbox)
    for campaign in outbox.campaigns(incident.id):
        rows: Sequence[LetterRow] = list(outbox.rows(campaign.id))
        found = standings(rows)
        counts = Counter(standing for standing, _why in found.values())
        names = {row.key.contact: row.name for row in rows}
        told = sorted(names[contact] for contact, (standing, _why) in found.items() if standing == "told")
        yield Sending(
            campaign.notice, campaign.at, campaign.by, tuple(counts.items()), tuple(told) if people else ()
        )


def _made(document: Document, words: Labels, format_: str, progress: Progress) -> bytes:
    from bcp.page import html, markdown, pdf

    if format_ == "pdf":
        return pdf.write([document], words, progress=progress)
    return {"md": markdown.write, "html": html.write}[format_]([document], words).encode()

"""Reads what a list shows of incidents: of those that are over from what is kept of them, else from their journals.

What is kept is never believed over the journal: it counts only where the journal still ends with the event behind
which it was made, and `verify` makes it once more and compares.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence

from bcp.app.session import Session
from bcp.errors import StoreError
from bcp.event import canonical
from bcp.i18n import _
from bcp.incident.journal import STARTED, books, of_kind
from bcp.incident.state import Incident
from bcp.incident.summary import FORM, IncidentSummary, summary_of
from bcp.progress import UNWATCHED, Progress
from bcp.store.summaries import KeptSummary, StoredSummaries
from bcp.version import version

_AT_ONCE = 100
"""So many are kept with one flush to the disk: who breaks off a first reading of thousands loses no more than these."""
_PATIENCE = 0.5
"""Seconds for which somebody else who writes is waited for: what is not kept now is kept by the next list."""
_LOG = logging.getLogger(__name__)


def summaries(session: Session, kind: str, progress: Progress = UNWATCHED) -> list[IncidentSummary]:
    """All incidents, or all drills, the newest last; of one that a newer version wrote that is remarked."""
    return summaries_of(session, of_kind(session.log.streams(STARTED), kind), progress)


def summaries_of(
    session: Session, streams: Sequence[str], progress: Progress = UNWATCHED
) -> list[IncidentSummary]:
    """Those of these incidents, in the same order. Where what is kept cannot be read, that is remarked, and no more."""
    damaged: StoreError | None = None
    held: Mapping[str, str] = {}
    try:
        held = session.stores.of(StoredSummaries).holding(_maker()) if streams else {}
    except StoreError as error:
        damaged = error
    kept = ((stream, _as_made(held[stream])) for stream in streams if stream in held)
    found = {stream: summary for stream, summary in kept if summary is not None}
    missing = [stream for stream in streams if stream not in found]
    if missing:
        found.update((each.id, each) for each in _read(session, missing, progress))
    if (
        damaged is not None
    ):  # said behind the journals: where these cannot be read, either, they say so themselves
        session.remark(f"{damaged.message}\n{damaged.hint}")
    return [found[stream] for stream in streams if stream in found]


def _read(session: Session, streams: Sequence[str], progress: Progress) -> Iterator[IncidentSummary]:
    """Those of which nothing that holds is kept, from their journals; what is over is kept for the next time."""
    made: list[KeptSummary] = []
    with progress.task(_("Reading the records of incidents"), len(streams)) as task:
        for book in books(session.log, streams, session.remark):
            summary = summary_of(book.incident)
            task.advance(name=summary.id)
            yield summary
            if summary.may_be_kept():
                made.append(_kept(book.incident, summary))
            if len(made) == _AT_ONCE:
                _keep(session, made)
                made = []
    _keep(session, made)


def keep(session: Session, incident: Incident) -> None:
    """Keep what a list shows of an incident that was read just now, where it is over."""
    summary = summary_of(incident)
    if summary.may_be_kept():
        _keep(session, [_kept(incident, summary)])


def contradicts(session: Session, incident: Incident) -> bool:
    """Whether what is kept of an incident, as made behind its last event, says something else than that now does."""
    body = session.stores.of(StoredSummaries).of_stream(incident.id, _maker())
    return body is not None and body != _kept(incident, summary_of(incident)).body


def _as_made(body: str) -> IncidentSummary | None:
    """A summary that is kept; None for what nobody ever made: then the journal says it."""
    try:
        return IncidentSummary.from_json(json.loads(body))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _kept(incident: Incident, summary: IncidentSummary) -> KeptSummary:
    return KeptSummary(incident.id, incident.head, canonical(summary.as_json()))


def _keep(session: Session, made: Sequence[KeptSummary]) -> None:
    """Where that cannot be written nothing is lost: the journals are read once more then."""
    try:
        session.stores.of(StoredSummaries, _PATIENCE).keep(made, _maker())
    except StoreError as error:
        _LOG.info("what a list shows was not kept: %s", error.message)


def _maker() -> str:
    """Who makes them: a list of another version makes its own."""
    return f"{FORM} {version()}"

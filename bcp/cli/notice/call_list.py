"""The call list of a sending as pages: split among the staff who are there, to be ticked and reported."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.app.print.documents import PrintRequest
from bcp.app.session import Session
from bcp.cli.print.show import put
from bcp.incident.state import Incident
from bcp.notice.campaign.calls import share
from bcp.notice.campaign.letters import UNTOLD, IncidentLetters
from bcp.page.calls import Round, campaign_list
from bcp.page.labels import Words


def print_calls(
    session: Session,
    incident: Incident,
    letters: IncidentLetters,
    names: Sequence[str],
    request: PrintRequest,
) -> None:
    """Print the calls of the last sending, split among `names`, else among everybody of the office."""
    office = letters.post.office
    campaign = [one for one in letters.post.ledger.campaigns(incident.id) if one.tells][-1]
    calls = letters.calls(campaign)
    callers = list(names) or [person.name for person in office.people]
    called = {call.contact.id for call in calls}
    silent = [
        name
        for contact, (standing, _why, name) in letters.accounts().items()
        if standing in UNTOLD and contact not in called
    ]
    notice = letters.post.notice(campaign.notice)
    words = Words(request.language or office.language)
    known = (words.language, office.language, *notice.versions)
    version = notice.versions[next(language for language in known if language in notice.versions)]
    calling = Round(version.front.subject, share(calls, callers), silent)
    put(session, [campaign_list(incident, calling, words, session.clock.now())], words, request)

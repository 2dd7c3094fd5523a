"""Letters that come with an incident from elsewhere, beside those that this office would write to its own contacts.

A letter goes out with its sending, and that needs a notice of ours with its name: letters of other notices cannot be
sent from here, and so are not listed.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bcp.app.session import Session
from bcp.errors import BcpError
from bcp.event import Event
from bcp.i18n import _
from bcp.incident.fold import fold
from bcp.incident.state import Incident
from bcp.notice.campaign.outbox import Campaign, Key, LetterDraft, LetterRow, without_id
from bcp.notice.campaign.post import LetterContext, Post
from bcp.notice.campaign.stale import letter_lines
from bcp.store.letter_rows import campaign as campaign_of
from bcp.store.letter_rows import row as row_of
from bcp.store.outbox import Outbox

_OVER = ("sent", "cancelled", "expired")
"""States of letters of which nothing goes out any more."""
_ARE_LINES = 40
"""So many lines of a strange letter are shown; that there are more is said."""


class _Waiting:
    """A letter of the file that may still go out, and what it holds."""

    def __init__(self, row: LetterRow, content: bytes) -> None:
        self.row, self.content = row, content

    def is_same(self, draft: LetterDraft | None) -> bool:
        """Whether it is what we would write to where we would send it, under a number of its own."""
        return (
            draft is not None
            and draft.address.casefold() == self.row.address.casefold()
            and without_id(draft.content) == without_id(self.content)
        )


def foreign_letters(session: Session, packed: Mapping[str, Any], events: Sequence[Event]) -> Iterator[str]:
    """Lines on each letter that may still go out and that this office would not write so, or not there."""
    by_campaign: dict[str, list[_Waiting]] = {}
    here = _here(session, [told[0] for told in packed["campaigns"]])
    for told in packed["letters"]:
        row, content = row_of(told[:-1]), base64.b64decode(told[-1])
        if row.state in _OVER or not (row.address or content):
            continue
        if here.get(row.key) != (row.address, content):
            by_campaign.setdefault(row.key.campaign, []).append(_Waiting(row, content))
    if not by_campaign:
        return
    post = _post(session)
    for told in packed["campaigns"]:
        campaign = campaign_of(told[1:])
        letters = by_campaign.get(campaign.id, [])
        if letters and (post is None or campaign.notice in post.notices):
            yield from _of_campaign(post, campaign, letters, events)


def _of_campaign(
    post: Post | None, campaign: Campaign, letters: Sequence[_Waiting], events: Sequence[Event]
) -> Iterator[str]:
    """Letters with the same strange lines are one entry: all their addresses, then those lines."""
    written = _own_letters(post, campaign, {each.row.key.contact for each in letters}, events)
    groups: dict[tuple[str, ...], list[LetterRow]] = {}
    for each in letters:
        own = [drafts.get(each.row.key) for drafts in written]
        if not any(each.is_same(draft) for draft in own):
            known = next((draft for draft in own if draft is not None), None)
            groups.setdefault(tuple(_strange_lines(each, known)), []).append(each.row)
    for lines, rows in groups.items():
        for row in rows:
            words = _(
                "letter of the notice “{notice}” by {way} to “{address}”: it is not the one that you would send"
            )
            yield words.format(notice=campaign.notice, way=row.key.channel, address=row.address)
        yield from (f"    “{line}”" for line in lines)


def _own_letters(
    post: Post | None, campaign: Campaign, ids: set[str], events: Sequence[Event]
) -> list[dict[Key, LetterDraft]]:
    """What we would write to these contacts, with what was known when the sending was planned, and with what is now."""
    from bcp.app.notice.office import affair_of
    from bcp.contact.audience import staff

    if post is None:
        return []
    contacts = [one for one in (*post.contacts.all, *staff(post.office)) if one.id in ids]
    then = [event for event in events if event.recorded_at <= campaign.at] or events[:1]
    made = []
    for incident in (fold(then), fold(events)):
        try:
            drafts = post.rewritten(_about(affair_of(incident, campaign.by), incident), campaign, contacts)
            made.append({draft.key: draft for draft in drafts})
        except BcpError:
            continue
    return made


def _about(affair: LetterContext, incident: Incident) -> LetterContext:
    return replace(affair, facts=incident.known)


def _strange_lines(letter: _Waiting, own: LetterDraft | None) -> list[str]:
    """The lines that our letter has not; of one that differs in none of them, all that it is made of."""
    mine = set(letter_lines(own.content)) if own is not None else set()
    lines = [line for line in letter_lines(without_id(letter.content)) if line.strip() and line not in mine]
    raw = [line for line in letter.content.decode(errors="replace").splitlines() if line.strip()]
    if not lines or any(line.casefold().startswith("content-type: multipart") for line in raw):
        lines = raw
    if len(lines) > _ARE_LINES:
        more = _("… and {count} more lines").format(count=len(lines) - _ARE_LINES)
        lines = [*lines[:_ARE_LINES], more]
    return lines


def _here(session: Session, campaigns: Sequence[str]) -> dict[Key, tuple[str, bytes]]:
    """The letters of these sendings in our own outbox, address and content: what is the same came from here."""
    if not session.stores.exist():
        return {}
    outbox = session.stores.of(Outbox)
    rows = (row for campaign in campaigns for row in outbox.rows(campaign))
    return {row.key: (row.address, outbox.content(row.key)) for row in rows}


def _post(session: Session) -> Post | None:
    """Our post room; None where its files cannot be read, so that nothing in it can be compared."""
    from bcp.app.notice.office import post_of

    try:
        return post_of(session)
    except BcpError as error:
        session.remark(_("your own letters cannot be compared: {why}").format(why=error.message))
        return None

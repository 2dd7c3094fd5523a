"""Campaigns and letters as rows of their tables, there and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bcp.event import moment, stamp
from bcp.notice.campaign.outbox import STATES, Campaign, Key, LetterDraft, LetterRow
from bcp.store.part import one_of, typed

EVERYBODY = """
    SELECT contact FROM letters WHERE campaign IN (SELECT id FROM campaigns WHERE incident = ?)
    GROUP BY contact ORDER BY min(id)
"""
"""Who is in a sending of an incident."""
OF_LETTER = (
    "campaign, contact, channel, rank, name, address, language, state, reason, attempts, not_before, code, reply,"
    " provider_id, first_at, last_at"
)
"""The columns that `row` reads."""
OF_CAMPAIGN = "incident, notice, number, kind, audience, by, at, expires_at, overruled, stopped, next_update"
"""The columns that `campaign` reads."""


def campaign(found: Sequence[Any]) -> Campaign:
    """A campaign as it is kept. Raises ValueError or TypeError for a row that was never written."""
    typed(found, str, str, int, *[str] * 8)
    next_update = moment(found[10]) if found[10] else None
    values: tuple[Any, ...] = (
        *found[:6], moment(found[6]), moment(found[7]), dict(json.loads(found[8])), found[9], next_update,
    )  # fmt: skip
    return Campaign(*values)


def of_campaign(one: Campaign) -> tuple[Any, ...]:
    """A new campaign for its table: its id, and all columns but why it stopped."""
    return (
        one.id, one.incident, one.notice, one.number, one.kind, one.audience, one.by, stamp(one.at),
        stamp(one.expires_at), overruled(one), next_update(one),
    )  # fmt: skip


def overruled(one: Campaign) -> str:
    """The rules that were overruled, as the table keeps them."""
    return json.dumps(dict(one.overruled), ensure_ascii=False)


def next_update(one: Campaign) -> str:
    """When it says that we write next, as the table keeps it."""
    return stamp(one.next_update) if one.next_update else ""


def of_draft(draft: LetterDraft) -> tuple[Any, ...]:
    """A letter for its table, as it is frozen."""
    return (
        *draft.key, draft.rank, draft.name, draft.address, draft.language, draft.content, draft.state, draft.reason,
    )  # fmt: skip


def row(found: Sequence[Any]) -> LetterRow:
    """A letter as it is kept. Raises ValueError or TypeError for a row that was never written."""
    typed(found, str, str, str, int, *[str] * 5, int, str, int | None, *[str] * 4)
    one_of(found[7], STATES)
    names = ("rank", "name", "address", "language", "state", "reason", "attempts")
    told = dict(zip(names, found[3:10], strict=True))
    not_before, first_at, last_at = (moment(found[n]) if found[n] else None for n in (10, 14, 15))
    return LetterRow(
        Key(*found[:3]),
        **told,
        not_before=not_before,
        code=found[11],
        reply=found[12],
        provider_id=found[13],
        first_at=first_at,
        last_at=last_at,
    )

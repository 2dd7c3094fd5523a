"""Where each contact stands: what became of telling it, over all its letters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple, get_args

from bcp.i18n import _
from bcp.notice.campaign.outbox import BY_HAND, CALL, HELD, RESERVE, SAME_ADDRESS, Key, LetterRow

Standing = Literal["told", "unknown", "waiting", "unreachable", "not told", "not to be told"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)


class StandingWithReason(NamedTuple):
    """What became of telling a contact, and why in words."""

    standing: Standing
    reason: str


def standings(rows: Iterable[LetterRow]) -> dict[str, StandingWithReason]:
    """What became of telling each contact, by its id."""
    every = list(rows)
    by_contact: dict[str, list[LetterRow]] = defaultdict(list)
    for row in every:
        by_contact[row.key.contact].append(row)
    by_key = {row.key: row for row in every}
    return {contact: _standing(_as_their_twins(each, by_key)) for contact, each in by_contact.items()}


def counted(rows: Iterable[LetterRow]) -> dict[str, int]:
    """How many contacts stand where."""
    found = Counter(standing for standing, _why in standings(rows).values())
    return {standing: found[standing] for standing in STANDINGS if standing in found}


def _as_their_twins(rows: Iterable[LetterRow], by_key: Mapping[Key, LetterRow]) -> list[LetterRow]:
    """The rows, each that shares the letter of another contact in the state of that letter."""
    found = []
    for row in rows:
        shares = row.state == "suppressed" and row.reason.startswith(SAME_ADDRESS)
        first = row.reason.removeprefix(SAME_ADDRESS)
        twin = by_key.get(row.key._replace(contact=first)) if shares else None
        found.append(replace(row, state=twin.state) if twin else row)
    return found


_ORDER: Mapping[str, Standing] = {
    "sent": "told",
    "unknown": "unknown",
    "in-flight": "unknown",
    "queued": "waiting",
    "deferred": "waiting",
    "failed": "unreachable",
    "cancelled": "not told",
    "expired": "not told",
}


def _standing(rows: Sequence[LetterRow]) -> StandingWithReason:
    """The best that any letter came to."""
    for state, standing in _ORDER.items():
        hit = next((row for row in rows if row.state == state), None)
        if hit is not None:
            is_by_hand = standing == "unreachable" and hit.reason.startswith(BY_HAND)
            return StandingWithReason("not told" if is_by_hand else standing, _why(hit))
    reason = next((row.reason for row in rows if row.reason != RESERVE), "")
    return StandingWithReason("waiting" if reason.startswith(SAME_ADDRESS) else "not to be told", reason)


def _why(row: LetterRow) -> str:
    if row.reason == HELD:
        return _("held back: {reply}").format(reply=row.reply)
    return row.reason or row.reply


def unaccounted(rows: Iterable[LetterRow], cleared: bool) -> list[str]:
    """The names of those of whom nobody can say that they were told, or why not.

    Whoever was called is accounted for, also where the number was wrong. Once the all-clear is out (`cleared`),
    those who never got the alarm need it no more.
    """
    every = list(rows)
    names = {row.key.contact: row.name for row in every}
    called = {row.key.contact for row in every if row.key.channel == CALL and row.state == "failed"}
    open_ = {"unknown", "waiting", "unreachable", *([] if cleared else ["not told"])}
    found = standings(every)
    return [names[one] for one, (standing, _why) in found.items() if standing in open_ and one not in called]


def told(rows: Iterable[LetterRow]) -> set[str]:
    """The contacts who were told, or may have been: an all-clear goes to them."""
    return {name for name, (standing, _reason) in standings(rows).items() if standing in ("told", "unknown")}


def said_standing(standing: str) -> str:
    """How a contact stands, in a word of the language that is spoken."""
    words = {
        "told": _("told"),
        "not told": _("not told"),
        "unreachable": _("unreachable"),
        "unknown": _("unknown"),
        "waiting": _("waiting"),
        "not to be told": _("not to be told"),
    }
    return words.get(standing, standing)

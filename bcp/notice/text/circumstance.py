"""What the facts of an incident let a letter say about it: what is out, what works, since when. What no fact says is
not there.

A letter asks with `{% if phone_out %}`, `{% if since %}`; each of them is false as long as the facts do not say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bcp.fact import Fact
from bcp.notice.campaign.dead import phone_is_out, phone_rings

CONDITIONS = (
    "phone_out", "phone_works", "internet_out", "website_out", "mail_out",
    "phone_back", "internet_back", "website_back", "mail_back",
)  # fmt: skip
"""What is out now, that the phone rings, and what was out and works again: true or false, for `if` alone."""
SINCE = ("since", "phone_since", "internet_since", "website_since", "mail_since")
"""When the trouble began, and when that of one thing did; each only where the facts know it."""


@dataclass(frozen=True, slots=True)
class _Thing:
    """What can be out: the facts that say whether it works and since when it is down, and what a diagnosis calls it."""

    works: str
    since: str
    verdicts: frozenset[str]


_THINGS: Mapping[str, _Thing] = {
    "phone": _Thing("phone_works", "phone_down_since", frozenset({"phone-down"})),
    # Slow lines, lost packets, a cable of our own, a clock or a VPN are no line that is out.
    "internet": _Thing(
        "internet_works", "internet_down_since", frozenset({"isp-down", "gateway-down", "portal"})
    ),
    "website": _Thing("website_works", "website_down_since", frozenset({"site-down"})),
    "mail": _Thing("mail_works", "mail_down_since", frozenset({"mail-down"})),
}
_GENERAL, _OVER = "down_since", "restored_at"


def facts_of_letters() -> dict[str, Fact]:
    """The facts that letters go by, with their types, whatever the runbooks ask for."""
    numbers = {name: Fact(name, type="phone") for name in ("answer_number", "office_number")}
    times = {thing.since: Fact(thing.since, type="datetime") for thing in _THINGS.values()}
    return numbers | times | {thing.works: Fact(thing.works, type="yes-no") for thing in _THINGS.values()}


def conditions(facts: Mapping[str, str]) -> dict[str, bool]:
    """Each condition, as the facts have it."""
    found: dict[str, bool] = {"phone_works": phone_rings(facts)}
    for name, thing in _THINGS.items():
        out = phone_is_out(facts) if name == "phone" else _is_out(thing, facts)
        # That it does not work is true until somebody says that it does, also when the line is back.
        over = bool(facts.get(_OVER)) and facts.get(thing.works) != "no"
        found[f"{name}_out"] = out and not over
        found[f"{name}_back"] = _was_out(thing, facts) and (over or facts.get(thing.works) == "yes")
    return found


def moments(facts: Mapping[str, str], began: datetime | None = None) -> dict[str, datetime]:
    """Since when, for `since` and for each thing that the facts know it of; `began` is when a check saw it first."""
    own = {name: _moment(facts.get(thing.since, "")) for name, thing in _THINGS.items()}
    general = _moment(facts.get(_GENERAL, ""))
    for name, thing in _THINGS.items():
        if own[name] is None and name != "phone" and facts.get("verdict") in thing.verdicts:
            own[name] = general
    known = [moment for moment in (general, *own.values()) if moment is not None]
    first = min(known, default=began)
    found = {f"{name}_since": moment for name, moment in own.items() if moment is not None}
    return found | ({"since": first} if first is not None else {})


def _is_out(thing: _Thing, facts: Mapping[str, str]) -> bool:
    return facts.get(thing.works) != "yes" and facts.get("verdict") != "ok" and _was_out(thing, facts)


def _was_out(thing: _Thing, facts: Mapping[str, str]) -> bool:
    said = facts.get(thing.works) == "no" or facts.get("verdict") in thing.verdicts
    return said or _moment(facts.get(thing.since, "")) is not None


def _moment(said: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo else None

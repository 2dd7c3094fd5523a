"""A plan in words: how many by which way, how long, which limit breaks, who is left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bcp.contact.model import Contact
from bcp.i18n import _
from bcp.notice.campaign.greetings import unusual_words
from bcp.notice.campaign.outbox import BY_HAND, NO_WAY, OPTED_OUT, TOLD_BEFORE
from bcp.notice.campaign.plan import Ground, Planned, SendingPlan
from bcp.notice.campaign.post import Post, Prepared
from bcp.notice.text.merge import mergers
from bcp.times import say_duration

_SHOWN = 5
_WORTH_TELLING = timedelta(seconds=10)
_GROUNDS: Mapping[Ground, Callable[[], str]] = {
    "pace": lambda: _("about {time} at the provider's pace"),
    "server": lambda: _("about {time} if the server takes 3 letters a second (no limit of it is known)"),
    "files": lambda: _("about {time} to write the files"),
}
_WHYS: Mapping[str, Callable[[], str]] = {
    OPTED_OUT: lambda: _("wants no notices"),
    TOLD_BEFORE: lambda: _("has this one already"),
    NO_WAY: lambda: _("no address for any of these ways: call"),
}


def plan_words(prepared: Prepared) -> list[str]:
    """The plan of a sending in lines; of many names the first few."""
    plan = prepared.plan
    counted = _("{count} letters by {way}, in {language}")
    lines = [
        counted.format(count=count, way=way, language=language)
        for (way, language), count in plan.counts().items()
    ]
    lines += [
        _GROUNDS[ground]().format(time=say_duration(length))
        for ground, length in plan.lengths.items()
        if length >= _WORTH_TELLING
    ]
    lines += plan.costs
    lines += [_("LIMIT: {limit}").format(limit=limit) for limit in plan.limits]
    told = [*_rooms(plan), *_shared(plan), *_left_out(plan), *_unread(plan), *_unwanted(plan)]
    return [*lines, *told, *unusual_words(prepared)]


def _rooms(plan: SendingPlan) -> list[str]:
    readers = Counter(one.ways[0].channel for one in plan.planned if one.in_room)
    words = _("the post in {way} greets all {count} who read it there")
    return [words.format(way=way, count=count) for way, count in readers.items()]


def _shared(plan: SendingPlan) -> list[str]:
    words = _("{name} shares the mailbox of {other}: one letter for both")
    names = {one.contact.id: one.contact.called for one in plan.planned}
    said = [
        words.format(name=one.contact.called, other=names[one.same_as])
        for one in plan.shared
        if not one.in_room
    ]
    more = len(said) - _SHOWN
    return [*said[:_SHOWN], *([_("and {count} more share a mailbox").format(count=more)] if more > 0 else [])]


def _left_out(plan: SendingPlan) -> list[str]:
    by_why: dict[str, list[str]] = {}
    for one in plan.left_out:
        if one.contact.unread_wish and one.why_not == OPTED_OUT:
            continue
        by_why.setdefault(one.why_not, []).append(one.contact.called)
    words = _("not by letter: {names} ({why})")
    return [words.format(names=some_of(names), why=_why(why)) for why, names in by_why.items()]


def _why(why: str) -> str:
    if why.startswith(BY_HAND):
        words = _("wants {way}: you send it by hand, from the page for the phone")
        return words.format(way=why.removeprefix(BY_HAND))
    return _WHYS[why]() if why in _WHYS else why


def _unread(plan: SendingPlan) -> list[str]:
    """Who gets nothing because nobody can read whether that is wished: each with the cell and its place."""
    words = _("not by letter: {name} (opted_out cannot be read, so it counts as yes: {cell})")
    said = [
        words.format(name=one.contact.called, cell=one.contact.unread_wish)
        for one in plan.left_out
        if one.contact.unread_wish and one.why_not == OPTED_OUT
    ]
    more = len(said) - _SHOWN
    rest = _("and {count} more whose opted_out cannot be read: bcp contact check").format(count=more)
    return [*said[:_SHOWN], *([rest] if more > 0 else [])]


def _unwanted(plan: SendingPlan) -> list[str]:
    """Letters that come to the mailbox, or the phone, of somebody who opted out."""
    at: dict[str, str] = {}
    for one in plan.left_out:
        if one.why_not == OPTED_OUT:
            reached = (one.contact.email, one.contact.mobile)
            at |= {address.casefold(): one.contact.called for address in reached if address}
    words = _(
        "{name} wants no notices, yet the letter to {other} comes to the same address: look whether it may"
    )
    found = [(at.get(_address(one).casefold()), one.contact.called) for one in plan.letters]
    said = [words.format(name=name, other=other) for name, other in found if name]
    rest = _("and {count} more of that kind: bcp contact check").format(count=len(said) - _SHOWN)
    return [*said[:_SHOWN], *([rest] if len(said) > _SHOWN else [])]


def _address(one: Planned) -> str:
    """Where a letter goes; one that becomes a file is sent by hand to the mailbox."""
    address = one.ways[0].address
    return address if address in (one.contact.email, one.contact.mobile) else one.contact.email or ""


def some_of(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    shown, more = ", ".join(names[:_SHOWN]), len(names) - _SHOWN
    return _("{names} and {count} more").format(names=shown, count=more) if more > 0 else shown


def pastes(post: Post, prepared: Prepared) -> dict[str, str]:
    """The agreed text for the places where it is put by hand, by language."""
    anybody = Contact("", post.office.name)
    ready = mergers(prepared.notice, prepared.setting)
    texts = {language: merger.text(anybody) for language, merger in ready.items()}
    return {language: text.paste or text.sms for language, text in texts.items() if text.paste or text.sms}

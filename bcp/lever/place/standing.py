"""Whether our text still stands at a place, and whether none of it does where no open incident put it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.older import BY_HAND, NEWS, STATUS
from bcp.lever.place import marks
from bcp.lever.place.base import NewsWay, OffTheSite
from bcp.lever.place.context import Places, way_of
from bcp.lever.stack import Stack
from bcp.lever.standing import Standing
from bcp.office.place import OfficePlace


def place_stands(places: Places, place: OfficePlace) -> Standing:
    """A look at the page as it is kept there, and as the public reads it; one look each, nothing is changed."""
    stack = places.ledger.stack(place.place)
    try:
        if stack.top is None:
            return _left_over(places, place)
        for part, key in ((STATUS, "texts"), (BY_HAND, "words")):
            said = stack.said(part)
            if said is not None:
                return _public(places, place, said.put[part].get(key, [])[:1])
        return _on_page(places, place, stack)
    except StepFailed as failed:
        return Standing("unknown", failed.message)


def _on_page(places: Places, place: OfficePlace, stack: Stack) -> Standing:
    """Our parts of a page, and our news."""
    said = {name: stack.said(name) for name in map(place.marked, marks.NAMES)}
    wanted = {name: marks.plain(layer.put[name]) for name, layer in said.items() if layer is not None}
    inner = _inner(places, place) if wanted else {}
    wrong = [name for name, text in wanted.items() if not inner[name] or set(inner[name]) != {text}]
    if wrong:
        again = _("publish it at {place} again").format(place=place.place)
        base = {marks.plain(marks.given(each)) for name in wrong for each in stack.base.get(name) or ()}
        if {text for name in wrong for text in inner[name]} <= base:
            words = _("our {name} does not stand at {place} any more: what was there before is there again")
            return Standing("gone", words.format(name=wrong[0], place=place.place), again)
        words = _("our {name} does not stand at {place} any more: somebody else changed it")
        return Standing(
            "changed", words.format(name=wrong[0], place=place.place), _("find out who changed it")
        )
    posted, way = stack.said(NEWS), way_of(place)
    try:
        if wanted:
            way.refuse_unread(places.reach, place.page or "")
    except OffTheSite as unread:
        return Standing("hidden", unread.message, unread.hint)
    if posted is not None and isinstance(way, NewsWay):
        found = way.find_news(places.reach, str(posted.put[NEWS]["slug"]))
        if found is None:
            words = _("our news do not stand at {place} any more").format(place=place.place)
            return Standing("gone", words, _("publish it at {place} again").format(place=place.place))
    seen = _public(places, place, list(wanted.values()))
    return seen._replace(state="hidden") if seen.state == "changed" else seen


def _public(places: Places, place: OfficePlace, texts: Sequence[str]) -> Standing:
    """What the public reads there; a place without an address can only be looked at by a person."""
    if not texts or not place.url:
        if not texts or BY_HAND in places.ledger.stack(place.place).base:
            return Standing("unknown", _("nobody looked at {place} from here").format(place=place.place))
        return Standing("stands", _("our text stands at {place}").format(place=place.place))
    seen = places.see(place.url, place.via)
    if seen.page is None:
        words = _("{url} cannot be seen from here: {why}").format(url=place.url, why=seen.reason)
        return Standing("unknown", words)
    if all(marks.plain(text) in marks.plain(seen.page) for text in texts):
        return Standing("stands", _("our text can be read at {url}").format(url=place.url))
    words = _("{url} does not say it any more (or a cache shows an old page)").format(url=place.url)
    return Standing("changed", words, _("open {url} on a phone, and publish it again").format(url=place.url))


def _left_over(places: Places, place: OfficePlace) -> Standing:
    """Text of ours, of any time, where there is no layer that holds."""
    name, history = place.place, places.ledger.history(place.place)
    befores = places.ledger.befores(name)
    parts = [part for part in map(place.marked, marks.NAMES) if part in history]
    if not parts or place.page is None:
        return Standing("clear", _("nothing of ours was written at {place}").format(place=name))
    inner = _inner(places, place)
    for part in parts:
        usual = {marks.plain(marks.given(each)) for before in befores.get(part, ()) for each in before or ()}
        ours = {marks.plain(html) for html in history.get(part, ())} - usual - {""}
        if ours & set(inner[part]):
            words = _("our {name} still stands at {place}, although no incident needs it")
            todo = _("take it away there by hand; copies of the page lie in the folders of the incidents")
            return Standing("left", words.format(name=part, place=name), todo)
    return Standing("clear", _("nothing of ours stands at {place}").format(place=name))


def _inner(places: Places, place: OfficePlace) -> Mapping[str, Sequence[str]]:
    """What is read between each pair of marks, as `marks.plain` has it."""
    found = way_of(place).fetch(places.reach, place.page or "") if place.page else None
    page = found.content if found is not None else b""
    return {
        name: [marks.plain(each) for each in marks.read(page, name)]
        for name in map(place.marked, marks.NAMES)
    }

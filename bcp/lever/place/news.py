"""News of ours beside a page, for the ways that take them: one for each incident, changed and never doubled."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bcp.errors import StepFailed, Unsure, read_back
from bcp.i18n import _
from bcp.lever.older import NEWS
from bcp.lever.place import marks
from bcp.lever.place.base import Changed, News, NewsWay, PlaceDriver
from bcp.lever.place.context import Evidence
from bcp.lever.place.lever import AnyLever
from bcp.lever.place.text import PlaceNotice, paragraphs
from bcp.lever.stack import LeverLayer, Stack

_TOKEN_BYTES = 3
"""Two offices at one site may each have an incident of the same name on the same day."""


def are_posted(way: PlaceDriver) -> bool:
    """Whether news go out there."""
    return isinstance(way, NewsWay) and way.news


def plan(lever: AnyLever, wanted: PlaceNotice) -> list[str]:
    """What will become of the news, in lines. Raises Changed where somebody else changed ours."""
    title, _html = _told(wanted)
    slug = _slug_of(lever)
    found = _find(lever, slug) if slug else None
    if found is None:
        return [_("+ news: {title}").format(title=title)]
    _refuse_changed(found, lever.stack())
    return [_("~ news, changed: {title}  {link}").format(title=title, link=found.link)]


def put(lever: AnyLever, wanted: PlaceNotice) -> Mapping[str, Any]:
    """What a layer says of them: their name at the place, which is that of the incident's first; title and HTML."""
    title, html = _told(wanted)
    incident = lever.places.key.incident
    slug = _slug_of(lever) or f"notice-{incident}-{secrets.token_hex(_TOKEN_BYTES)}"
    return {"slug": slug, "title": title, "html": html, "text": marks.plain(html)}


def post(lever: AnyLever, wanted: PlaceNotice) -> Evidence:
    """Post them as they were laid, or change those that stand there; read them back. Evidence."""
    title, html = _told(wanted)
    now = _write(lever, _slug_of(lever), title, html)
    return {"news": now.link}


def look(lever: AnyLever, wanted: PlaceNotice, link: str) -> str:
    """Who looked how."""
    _title, html = _told(wanted)
    return lever.places.insist(lever.place, link, [html])


def undo(lever: AnyLever, stack: Stack, rest: Stack, ends: Sequence[LeverLayer]) -> None:
    """Let the news of these layers say what another layer of their incident still says; without one they go.

    Raises Changed where somebody else changed them.
    """
    for slug in dict.fromkeys(str(layer.put[NEWS]["slug"]) for layer in ends):
        found = _find(lever, slug)
        if found is None:
            continue
        _refuse_changed(found, stack)
        below = [layer.put[NEWS] for layer in rest.open if layer.put.get(NEWS, {}).get("slug") == slug]
        if below and "html" in below[-1]:
            _write(lever, slug, below[-1]["title"], below[-1]["html"])
        elif not below:
            _drop(lever, found, slug)


def _write(lever: AnyLever, slug: str, title: str, html: str) -> News:
    """Post them, or change those that stand there; read them back. Raises StepFailed where they do not say it."""
    way, reach = _way(lever), lever.places.reach
    found, lost = _find(lever, slug), None
    if found is None or marks.plain(found.html) != marks.plain(html) or found.title != title:
        try:
            way.put_news(reach, found, News(slug, title, html))
        except Unsure as error:
            lost = error
    with read_back(lost):
        now = _find(lever, slug)
    if now is None or marks.plain(now.html) != marks.plain(html):
        words = lost.message if lost else _("the news do not say what was written")
        raise StepFailed(words, "look at the news of the site; or try again, they are never posted twice")
    return now


def _drop(lever: AnyLever, found: News, slug: str) -> None:
    """Take them away."""
    try:
        _way(lever).drop_news(lever.places.reach, found)
    except Unsure as error:
        with read_back(error):
            now = _find(lever, slug)
        if now is not None:
            raise StepFailed(
                _("{why}; the news still stand there").format(why=error.message), error.hint
            ) from None


def _told(wanted: PlaceNotice) -> tuple[str, str]:
    """The title, in the first language, and all texts."""
    number = f"<p>{wanted.number_html}</p>" if wanted.number else ""
    texts = [
        f'<div lang="{one.language}">{f"<h2>{escape(one.title)}</h2>" if place else ""}{paragraphs(one.text)}</div>'
        for place, one in enumerate(wanted.said)
    ]
    return wanted.said[0].title, "\n".join([*texts, number]).strip()


def _refuse_changed(found: News, stack: Stack) -> None:
    known = {str(each.get("text", "")) for each in stack.known.get(NEWS, ()) if each["slug"] == found.slug}
    if marks.plain(found.html) not in known:
        told = _("somebody else changed our news since we wrote them, so they were left alone: {link}")
        raise Changed(
            told.format(link=found.link), "settle it with whoever did it, then do this step by hand"
        )


def _find(lever: AnyLever, slug: str) -> News | None:
    return _way(lever).find_news(lever.places.reach, slug)


def _slug_of(lever: AnyLever) -> str:
    """What the news of this incident are called; nothing before they were first laid."""
    own = [
        each.put[NEWS]
        for each in lever.stack().layers
        if each.is_of(lever.places.key.incident) and NEWS in each.put
    ]
    return str(own[-1]["slug"]) if own else ""


def _way(lever: AnyLever) -> NewsWay:
    assert isinstance(lever.way, NewsWay)
    return lever.way

"""News of ours beside a page, for the ways that take them: one for each incident, changed and never doubled."""

from __future__ import annotations

from html import escape

from bcp.errors import StepFailed, Unsure, read_back
from bcp.i18n import _
from bcp.lever.place import marks
from bcp.lever.place.base import Changed, News, NewsWay, PlaceDriver
from bcp.lever.place.context import Evidence
from bcp.lever.place.ledger import Publication
from bcp.lever.place.lever import AnyLever
from bcp.lever.place.text import PlaceNotice, paragraphs


def are_posted(way: PlaceDriver) -> bool:
    """Whether news go out there."""
    return isinstance(way, NewsWay) and way.news


def plan(lever: AnyLever, wanted: PlaceNotice) -> list[str]:
    """What will become of the news, in lines. Raises Changed where somebody else changed ours."""
    title, _html = _told(wanted)
    found = _find(lever)
    if found is None:
        return [_("+ news: {title}").format(title=title)]
    _refuse_changed(found, lever.written())
    return [_("~ news, changed: {title}  {link}").format(title=title, link=found.link)]


def post(lever: AnyLever, wanted: PlaceNotice) -> Evidence:
    """Post them, or change those that stand there; read them back. Evidence."""
    title, html = _told(wanted)
    slug = _slug(lever)
    lever.places.ledger.write("place.news", {**lever.about(), "slug": slug, "text": marks.plain(html)})
    found, lost = _find(lever), None
    way, reach = _way(lever), lever.places.reach
    if found is None or marks.plain(found.html) != marks.plain(html) or found.title != title:
        try:
            way.put_news(reach, found, News(slug, title, html))
        except Unsure as error:
            lost = error
    with read_back(lost):
        now = _find(lever)
    if now is None or marks.plain(now.html) != marks.plain(html):
        words = lost.message if lost else _("the news do not say what was written")
        raise StepFailed(words, "look at the news of the site; or try again, they are never posted twice")
    return {"news": now.link}


def look(lever: AnyLever, wanted: PlaceNotice, link: str) -> str:
    """Who looked how."""
    _title, html = _told(wanted)
    return lever.places.insist(lever.place, link, [html])


def drop(lever: AnyLever, written: Publication) -> None:
    """Take them away. Raises Changed where somebody else changed them."""
    found = _find(lever)
    if found is None:
        return
    _refuse_changed(found, written)
    try:
        _way(lever).drop_news(lever.places.reach, found)
    except Unsure as error:
        with read_back(error):
            now = _find(lever)
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


def _refuse_changed(found: News, written: Publication) -> None:
    if marks.plain(found.html) not in written.texts:
        told = _("somebody else changed our news since we wrote them, so they were left alone: {link}")
        raise Changed(
            told.format(link=found.link), "settle it with whoever did it, then do this step by hand"
        )


def _find(lever: AnyLever) -> News | None:
    return _way(lever).find_news(lever.places.reach, _slug(lever))


def _slug(lever: AnyLever) -> str:
    return f"notice-{lever.places.incident}"


def _way(lever: AnyLever) -> NewsWay:
    assert isinstance(lever.way, NewsWay)
    return lever.way

"""Shows the places where texts are put by hand, the text for each, and where one still stands."""

from __future__ import annotations

from collections.abc import Iterable

from bcp.app.notice.spots import NoticeSpots, Pasted, SpotRow, TakenDown, rows_of
from bcp.app.session import Session
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.command_words import as_typed
from bcp.i18n import _
from bcp.incident.journal import IncidentJournal
from bcp.incident.ledger import PostedText
from bcp.incident.posted import as_data, taken_down
from bcp.incident.state import Incident
from bcp.notice.spot.fit import FittedText
from bcp.times import local, local_day

_WIDE = 79


def show_ticks(incident: Incident | None, notice: str) -> None:
    """The places by name, as few rows as possible, those ticked where the text stands; and how to see each text."""
    ticks = [f"[{_tick(row, notice)}] {row.name}" for row in rows_of(incident)]
    show()
    for row in _filled(ticks):
        show(row)
    words = _("The text for each place, and where to click: {command}")
    show(words.format(command=as_typed(("bcp", "notice", "places", notice))))


def _tick(row: SpotRow, notice: str) -> str:
    return "x" if row.posted is not None and row.posted.notice == notice else " "


def _filled(words: Iterable[str]) -> list[str]:
    """Words in rows that a small screen holds."""
    rows = [""]
    for word in words:
        if rows[-1] and len(rows[-1]) + 2 + len(word) > _WIDE:
            rows.append("")
        rows[-1] += f"  {word}" if rows[-1] else word
    return rows


def show_spots(session: Session, found: NoticeSpots) -> None:
    """The list of all places; or the text for those that were asked for, each with where to click and its tick."""
    if not found.texts:
        _show_list(session, found)
        return
    for text in found.texts:
        _show_text(found, text)
    names = [text.spot.name for text in found.texts]
    show_next([_command(session, found, "pasted", name, "--notice", found.notice) for name in names])


def _show_list(session: Session, found: NoticeSpots) -> None:
    show(_("The text of the notice {notice} by hand:").format(notice=found.notice), "bold")
    wide = max(len(row.name) for row in found.rows)
    for row in found.rows:
        show(f"  [{_tick(row, found.notice)}] {row.name:<{wide}}  {_stands(found, row)}".rstrip())
    left = found.left()
    ups = [row.name for row in found.rows if row.posted is not None and not row.posted.ends]
    show_next(
        [
            *(_command(session, found, "places", found.notice, name) for name in left[:1]),
            *([_command(session, found, "taken-down", *ups)] if ups and found.book else []),
        ]
    )


def _stands(found: NoticeSpots, row: SpotRow) -> str:
    """The title, and which text stands there since when."""
    if row.posted is None or found.book is None:
        return row.title
    since = local(row.posted.since, found.book.incident.zone)
    words = _("{title}: {notice}, since {since}")
    return words.format(title=row.title, notice=row.posted.notice, since=since).lstrip(": ")


def _show_text(found: NoticeSpots, text: FittedText) -> None:
    spot = text.spot
    show(f"── {spot.name}: {spot.title()}", "bold")
    for number, step in enumerate(spot.where(), 1):
        show(f"{number}. {step}")
    blocks = text.blocks()
    for language, block in blocks.items():
        show(f"── {language or ', '.join(text.texts)} · {_length(text, block)}")
        for line in block.splitlines():
            show(line)
    show("──")
    for hint in text.hints:
        show(hint, "yellow")
    for why in dict.fromkeys(left.why for left in text.left_out):
        show(_("Left out ({why}):").format(why=why), "yellow")
        for left in text.left_out:
            if left.why == why:
                show(f"  {left.language}  {left.text}".rstrip(), "yellow")
    for step in spot.down():
        show(_("Afterwards: {step}").format(step=step))
    if spot.CHECKED is not None:
        words = _("Where to click: as of {day}. If a menu has moved, look here: {source}")
        show(words.format(day=local_day(spot.CHECKED), source=spot.SOURCE))


def _length(text: FittedText, block: str) -> str:
    """How long it is, of how many letters; how many are seen at once."""
    limit, glance = text.spot.LIMIT, text.spot.AT_A_GLANCE
    words = _("length {count} of at most {limit}") if limit else _("length {count}")
    said = words.format(count=len(block), limit=limit)
    if glance is not None and len(block) > glance:
        said += _(", the first {count} are seen at once").format(count=glance)
    return said


def show_spots_json(found: NoticeSpots) -> None:
    """The same as data: `{notice, places: [{place, title, where, down, checked, limit, texts, left_out, posted}]}`."""
    places = [
        {
            "place": each.spot.name,
            "title": each.spot.title(),
            "where": each.spot.where(),
            "down": each.spot.down(),
            "checked": each.spot.CHECKED.isoformat() if each.spot.CHECKED else None,
            "limit": each.spot.LIMIT,
            "texts": each.texts,
            "left_out": [
                {"language": one.language, "text": one.text, "why": one.why} for one in each.left_out
            ],
            "posted": _data(found.posted_at(each.spot.name)),
        }
        for each in found.texts
    ]
    show_json({"notice": found.notice, "places": places})


def _data(posted: PostedText | None) -> dict[str, str] | None:
    return as_data(posted) if posted is not None else None


def show_pasted(session: Session, book: IncidentJournal, found: Pasted) -> None:
    """Where the text stands, and where it is still to be put."""
    left = _("; still to do: {places}").format(places=", ".join(found.left)) if found.left else ""
    say(f"{found.notice}: {', '.join(found.done)}{left}", "green")
    if found.instead_of:
        say(_("It takes the place of the text of {notice}.").format(notice=found.instead_of))
    following = ["bcp", "notice", "places", found.notice, *found.left[:1]]
    show_next((session.meant(book.incident, as_typed(following) if found.left else "bcp notice status"),))


def show_taken_down(session: Session, book: IncidentJournal, found: TakenDown) -> None:
    """Where it is gone, and where texts still stand."""
    say(_("Taken down: {places}.").format(places=", ".join(found.places)), "green")
    if found.left:
        say(_("Still up: {places}.").format(places=", ".join(found.left)), "yellow")
    if found.left:
        show_next((taken_down(book.incident, found.left),))
    else:
        show_next((session.meant(book.incident, "bcp notice status"),))


def _command(session: Session, found: NoticeSpots, *words: str) -> str:
    """A command below this list; in an incident it names the one that it means, where that is needed."""
    command = as_typed(("bcp", "notice", *words))
    return session.meant(found.book.incident, command) if found.book else command

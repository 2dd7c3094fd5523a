"""Shows what is known of the places, and what one would say with a notice."""

from __future__ import annotations

from bcp.action.levers import Preview
from bcp.app.place.status import PlacesStatus
from bcp.cli.terminal.listing import trial_words
from bcp.cli.terminal.output import picked, say, show, show_json, show_next
from bcp.i18n import _


def show_status(found: PlacesStatus) -> None:
    """Each place; what an incident put there and did not take back comes first."""
    for each in found.published:
        words = _("PUBLISHED at {place} in {incident}, and not taken back")
        show(words.format(place=each.place, incident=each.incident) + each.elsewhere, "bold magenta")
    if not found.places:
        say(_("bcp.yaml has no {what} yet.").format(what="places"))
    for place in found.places:
        show(f"{place.place}  {place.title}".rstrip(), "bold")
        for line in (place.way, *([place.url] if place.url else []), trial_words(place.tested, found.zone)):
            show(f"    {line}")
    show_next([f"bcp place test {place.place}" for place in found.places])


def show_status_json(found: PlacesStatus) -> None:
    """The same as data: `[{place, kind, url, way, tested: {at, state, reason}, published_in: [incident]}]`."""
    keys = ("place", "kind", "url", "way", "tested", "published_in")
    show_json([picked(place, *keys) for place in found.places])


def show_preview(place: str, preview: Preview) -> None:
    """What would stand there."""
    for line in preview.words:
        show(line)
    say(_("as a page, for the browser: {file}").format(file=preview.page), "bold")
    show_next((f"bcp place test {place}",))

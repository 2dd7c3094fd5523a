"""`number published`: the register of the places where our numbers can be read, and a look at those on the web."""

from __future__ import annotations

from typing import Any

from bcp.action.levers import Seen
from bcp.app.session import Session
from bcp.cli.number.status import numbers_of, office_of
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.event import stamp
from bcp.i18n import _
from bcp.number.register import Ledger, Now, Register
from bcp.office.model import Office
from bcp.office.number import Published
from bcp.times import local


def tell_published(session: Session, look: bool, as_json: bool) -> int:
    """Each place; with `look` each page is fetched, and the exit status is 7 where one shows a wrong number."""
    office = office_of(session)
    register = _register(session, office)
    now = register.ledger.now()
    seen = {each.published: register.look(register.spot(each)) for each in office.published} if look else {}
    if as_json:
        places = office.published
        show_json(
            [_as_data(register, each, now.get(each.published), seen.get(each.published)) for each in places]
        )
    else:
        _tell(office, register, now, seen)
    # A page that could not be read, or does not show a number as text, is no proof of anything.
    return Exit.CHECK_DOWN if any(each.state == "old" for each in seen.values()) else Exit.OK


def _tell(office: Office, register: Register, now: dict[str, Now], seen: dict[str, Seen]) -> None:
    if not office.published:
        say(_("bcp.yaml has no {what} yet.").format(what="published"))
    for place in office.published:
        first, shows, *rest = register.words(register.spot(place))
        show(f"{place.published}  {first}", "bold")
        for line in [shows, *rest]:
            show(f"    {line}")
        known = now.get(place.published)
        if known is not None:
            words = _("since {time}: {how}")
            show("    " + words.format(time=local(known.at, office.zone), how=known.how))
        if place.published in seen and seen[place.published].words:
            style = {"fine": None, "unseen": "yellow", "old": "bold red"}[seen[place.published].state]
            show(f"    {seen[place.published].words}", style)
    show_next(("bcp number published --look",) if not seen else ("bcp number list",))


def _register(session: Session, office: Office) -> Register:
    numbers = numbers_of(session, office, "")
    ledger = Ledger(session.stores.levers, "")
    return Register(
        office.published, numbers.numbers, numbers.people, numbers.roles, numbers.affair.world, ledger, ""
    )


def _as_data(register: Register, place: Published, now: Now | None, seen: Seen | None) -> dict[str, Any]:
    spot = register.spot(place)
    return {
        **place.model_dump(mode="json", exclude_none=True),
        "must_show": list(spot.shows),
        "confirmed": {"at": stamp(now.at), "incident": now.incident, "how": now.how} if now else None,
        "seen": seen._asdict() if seen else None,
    }

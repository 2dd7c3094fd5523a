"""`number test`: a call that somebody hears, written down with its date."""

from __future__ import annotations

from collections.abc import Callable

from bcp.action.base import Operator
from bcp.action.kinds.number import call_until_heard
from bcp.app.number.office import numbers_of
from bcp.app.office import person_in, spoken_office_of
from bcp.app.session import Session
from bcp.errors import PersonNeeded, StepFailed
from bcp.fact import Place
from bcp.i18n import _

DeskAt = Callable[[Place], Operator]
"""Gives the person who answers; the place says what a local phone number and a clock time refer to."""


def try_number(session: Session, name: str, by: str | None, desk_at: DeskAt | None) -> str:
    """Who heard the call, in words. `desk_at` is None where nobody is there to say so: that raises PersonNeeded.

    Raises InputError for a number that there is not, StepFailed where the call was not heard.
    """
    office = spoken_office_of(session)
    lever = numbers_of(session, office, person_in(session, office, by)).number(name)
    if desk_at is None:
        raise PersonNeeded(
            f"a person must say whether the test call of {name} was heard",
            f"give this command at a terminal: bcp number test {name}",
        )
    heard = call_until_heard(lever, desk_at(Place(office.country, office.zone, session.clock.now())), "")
    if not heard:
        raise StepFailed(
            _("the test call to {number} was not heard; that is written down").format(number=lever.said),
            f"look what is wrong: bcp number check {name}",
        )
    return heard

"""`line test`: looks through a line that stands by while the other one stays in use, and writes it down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bcp.app.check.probing import chosen, office_and_checks, shared_for
from bcp.app.office import person_in
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.check.model import Check
from bcp.check.step_checks import OfficeLooks
from bcp.errors import InputError, StepFailed
from bcp.lever.line.base import LineDriver
from bcp.lever.line.ledger import LineJournal
from bcp.yaml.near import pick

_WITHIN = timedelta(seconds=10)
_CHECK = "internet"


@dataclass(frozen=True, slots=True)
class LineTrial:
    """How a line would carry us: the state that the check was seen in through it, and why."""

    line: str
    check: str
    state: str
    reason: str

    @property
    def carries(self) -> bool:
        """Whether the office could work over it."""
        return self.state == "up"


def try_line(
    session: Session, name: str, check: str | None, by: str | None, looking: Callable[[str], None]
) -> LineTrial:
    """Look at a check through the line; without one at the line's own, else at the internet.

    `looking` is called with the check before that, for it takes seconds. Raises InputError for a line or a check that
    there is not, and for a line with no way to switch to it.
    """
    office, checks = office_and_checks(session)
    line = pick(name, {one.line: one for one in office.lines}, "line", "bcp.yaml has none yet")
    if not isinstance(line.way, LineDriver):
        raise InputError(
            f'"{name}" has no way in bcp.yaml: the office works over it anyway, or nobody said how to switch to it',
            "look at it: bcp check run --verbose   or say how: way: {nmcli: {connection: …}}",
        )
    (chosen_check,) = chosen([check or line.check or _CHECK], checks)
    who = person_in(session, office, by)
    looking(chosen_check)
    state, reason = _seen_through(session, line.way, checks, chosen_check)
    LineJournal(session.stores.levers, who).tested(name, chosen_check, state, reason)
    return LineTrial(name, chosen_check, state, reason)


def _seen_through(session: Session, way: LineDriver, checks: dict[str, Check], check: str) -> tuple[str, str]:
    """The state and the reason; whatever happens, the line stands by as it did before."""
    world = world_of(session)
    saved = way.present(world)
    try:
        interface = way.stand_by(world)
        look = OfficeLooks(checks, replace(shared_for(session), through=interface)).look(check, _WITHIN, "up")
        return look.state, f"{interface}: {look.reason}"
    except StepFailed as failed:
        return "down", failed.message
    finally:
        way.let_down(world, saved, {})

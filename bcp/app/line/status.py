"""`line status`: which line leads out, what is known of each, what an incident switched and did not put back."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bcp.action.levers import LastTest
from bcp.app.check.probing import office_and_checks
from bcp.app.incident.handover_levers import elsewhere
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.lever.line import routing
from bcp.lever.line.base import LineDriver
from bcp.lever.line.ledger import LineJournal
from bcp.lever.line.stock import stock
from bcp.lever.line.trials import LineTrials, OpenLineTrial
from bcp.lever.line.untried import untried
from bcp.lever.stack import TRIAL
from bcp.office.line import OfficeLine


@dataclass(frozen=True, slots=True)
class LeftSwitched:
    """A switch of an incident that was not put back; `elsewhere` says if that one goes on at another computer."""

    line: str
    incident: str
    elsewhere: str


@dataclass(frozen=True, slots=True)
class LineStatus:
    """What is known of one line. `leads_out` is None where nobody can tell; `stock` is what its data will do for.

    `untried` is what the last test left out, in sentences.
    """

    line: str
    title: str
    way: str | None
    can_be_tested: bool
    leads_out: bool | None
    stock: tuple[str, ...]
    tested: LastTest | None
    untried: tuple[str, ...]
    switched_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinesStatus:
    """All lines. `way_out` is the interface that leads out now, empty where that is not known.

    `cut_short` are the trials that switched and did not put back.
    """

    zone: ZoneInfo
    way_out: str
    switched: tuple[LeftSwitched, ...]
    cut_short: tuple[OpenLineTrial, ...]
    lines: tuple[LineStatus, ...]


def line_status(session: Session) -> LinesStatus:
    """What is known of the lines in peacetime. Raises SourceError for mistakes in bcp.yaml and the checks."""
    office, _checks = office_and_checks(session)
    ledger, way_out = LineJournal(session.stores.levers, ""), routing.way_out(world_of(session))
    tests, today = ledger.tests(), session.clock.now().astimezone(office.zone).date()
    switched = tuple(
        LeftSwitched(line, each.key.incident, elsewhere(session, each.key.incident))
        for each in ledger.way_out().open
        if each.key != TRIAL
        for line in each.put
    )

    def status(line: OfficeLine) -> LineStatus:
        way = line.way if isinstance(line.way, LineDriver) else None
        tested = tests.get(line.line)
        return LineStatus(
            line.line,
            line.title or "",
            way.describe() if way else None,
            way is not None and way.can_stand_by,
            way.interface == way_out if way and way.interface and way_out else None,
            tuple(stock(line, len(office.people), today)) if way else (),
            tested,
            tuple(untried(line, office.lines, tested.state)) if tested else (),
            tuple(each.incident for each in switched if each.line == line.line),
        )

    cut_short = tuple(LineTrials(session.stores.levers, "").cut_short())
    return LinesStatus(office.zone, way_out, switched, cut_short, tuple(map(status, office.lines)))

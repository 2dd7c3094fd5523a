"""`line status` and `line test`: what is known of the lines in peacetime."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bcp.app.check.probing import chosen, office_and_checks, shared_for
from bcp.app.incident.handover_levers import elsewhere
from bcp.app.session import Session
from bcp.check.step_checks import OfficeLooks
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit, InputError, StepFailed
from bcp.event import stamp
from bcp.i18n import _
from bcp.incident.journal import STARTED
from bcp.line import routing
from bcp.line.base import Way
from bcp.line.ledger import Ledger, Switched, Tested
from bcp.line.stock import stock
from bcp.office.line import OfficeLine
from bcp.office.model import Office
from bcp.outside import World
from bcp.times import local
from bcp.world.real import Real
from bcp.world.secret import Secrets
from bcp.yaml.near import did_you_mean

_WITHIN = timedelta(seconds=10)
_CHECK = "internet"


def tell_status(session: Session, as_json: bool) -> int:
    """Each line with what is known of it; what was switched in an incident and not put back is told first."""
    office, _checks = office_and_checks(session)
    ledger, out = _ledger(session, ""), routing.way_out(_world(session))
    tests, switched = ledger.tests(), _switched(session, ledger)
    if as_json:
        show_json([_as_data(line, out, tests.get(line.line), switched) for line in office.lines])
        return Exit.OK
    for incident, each in switched:
        words = _("SWITCHED to {line} in {incident}, and not put back")
        said = words.format(line=each.line, incident=incident)
        show(said + elsewhere(session, incident), "bold magenta")
    show(_("the way out now: {interface}").format(interface=out or _("not known")))
    for line in office.lines:
        show(f"{line.line}  {line.title or ''}".rstrip(), "bold")
        for said in _said(session, office, line, out, tests.get(line.line)):
            show(f"    {said}")
    show_next([f"bcp line test {line.line}" for line in office.lines if line.way is not None])
    return Exit.OK


def test_line(session: Session, name: str, asked: str | None, by: str | None) -> int:
    """Look through a line that stands by; the exit status: 7 where it would not carry us."""
    office, checks = office_and_checks(session)
    line = _named(office, name)
    if not isinstance(line.way, Way):
        raise InputError(
            f'"{name}" has no way in bcp.yaml: the office works over it anyway, or nobody said how to switch to it',
            "look at it: bcp check run --verbose   or say how: way: {nmcli: {connection: …}}",
        )
    (check,) = chosen([asked or line.check or _CHECK], checks)
    who = session.person(by, {person.person: {"name": person.name} for person in office.people})
    say(_("Looking at {check} through {line}; the other line stays in use …").format(check=check, line=name))
    world = _world(session)
    saved = line.way.present(world)
    try:
        interface = line.way.stand_by(world)
        shared = replace(shared_for(session), through=interface)
        look = OfficeLooks(checks, shared).look(check, _WITHIN, "up")
        state, reason = look.state, f"{interface}: {look.reason}"
    except StepFailed as failed:
        state, reason = "down", failed.message
    finally:
        line.way.let_down(world, saved)
    _ledger(session, who).tested(name, check, state, reason)
    words = _("{line}: {state}: {reason}")
    show(words.format(line=name, state=state.upper(), reason=reason), "bold" if state == "up" else "bold red")
    say(_("Written down with the date."))
    show_next(("bcp line status",))
    return Exit.OK if state == "up" else Exit.CHECK_DOWN


def _named(office: Office, name: str) -> OfficeLine:
    found = {line.line: line for line in office.lines}
    if name not in found:
        hint = did_you_mean(name, found) or "lines: " + (", ".join(found) or "bcp.yaml has none yet")
        raise InputError(f'there is no line "{name}"', hint)
    return found[name]


def _world(session: Session) -> World:
    return Real(Secrets(session.folder, session.environ))


def _ledger(session: Session, by: str) -> Ledger:
    return Ledger(session.stores.levers, by)


def _switched(session: Session, ledger: Ledger) -> list[tuple[str, Switched]]:
    """What any incident switched and did not put back."""
    incidents = session.log.streams(STARTED)
    return [(incident, each) for incident in incidents for each in ledger.open(incident)]


def _said(session: Session, office: Office, line: OfficeLine, out: str, tested: Tested | None) -> list[str]:
    if not isinstance(line.way, Way):
        return [_("no way: the office works over it, or nobody said how to switch to it")]
    leads = [_("it leads out now")] if out and line.way.interface == out else []
    today = session.clock.now().astimezone(office.zone).date()
    words = _("last test {time}: {state}: {reason}")
    last = (
        words.format(time=local(tested.at, office.zone), state=tested.state, reason=tested.reason)
        if tested
        else _("never tested")
    )
    return [line.way.words(), *leads, *stock(line, len(office.people), today), last]


def _as_data(
    line: OfficeLine, out: str, tested: Tested | None, switched: list[tuple[str, Switched]]
) -> dict[str, object]:
    way = line.way if isinstance(line.way, Way) else None
    return {
        "line": line.line,
        "way": way.words() if way else None,
        "leads_out": way.interface == out if way and way.interface and out else None,
        "tested": {"at": stamp(tested.at), "state": tested.state, "reason": tested.reason}
        if tested
        else None,
        "switched_in": [incident for incident, each in switched if each.line == line.line],
    }

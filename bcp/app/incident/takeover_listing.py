"""What an incident from elsewhere would do that our own plans would not: the lines to agree to, and their sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from bcp.app.incident.agreement import ForeignDeeds
from bcp.app.incident.takeover_letters import foreign_letters
from bcp.app.incident.takeover_levers import foreign_levers, foreign_numbers
from bcp.app.load_office import office_for_one
from bcp.app.session import Session
from bcp.errors import BcpError, InputError
from bcp.event import Row, unseal
from bcp.i18n import _
from bcp.incident.events.registry import read
from bcp.incident.events.step import StepAmended
from bcp.incident.evidence.bundle import Bundle
from bcp.incident.fold import fold
from bcp.incident.state import Incident
from bcp.office.line import OfficeLine
from bcp.office.number import OfficeNumber, Published
from bcp.office.place import OfficePlace
from bcp.runbook.compiled import Plan
from bcp.runbook.difference import false_flags, foreign_office, foreign_step, foreign_steps
from bcp.runbook.plan import compile_plan
from bcp.visible import in_one_line
from bcp.yaml.types import Model

_SHOWN = 16
"""Letters of the sum that are typed: 64 bits, which nobody finds a second listing for."""


class ForeignIncident(NamedTuple):
    """What a bundle holds, once it can be read: its rows, the incident, its letters, what was switched."""

    rows: Sequence[Row]
    incident: Incident
    packed: Mapping[str, Any]
    levers: Sequence[Mapping[str, Any]]


def refuse_false(bundle: Bundle, found: ForeignIncident) -> None:
    """Raises InputError for a step that says of itself what its action does not say, and for what no lever can read."""
    plan = found.incident.plan
    false_flags(plan, [each.plan for each in _amended(found.rows)])
    models: Sequence[tuple[type[Model], Iterable[Any]]] = (
        (OfficeLine, plan.ways.values()),
        (OfficeLine, (each.line for each in plan.numbers if each.line)),
        (OfficeNumber, (each.number for each in plan.numbers)),
        (OfficePlace, plan.places.values()),
        (Published, plan.published),
    )
    try:
        for model, told in models:
            for each in told:
                model.model_validate(each)
    except (ValueError, TypeError):
        words = _("a line, number or place in {file} cannot be read here").format(file=bundle.file)
        hint = _("Nothing was kept. Ask for a new file: bcp incident hand-over FILE")
        raise InputError(words, hint) from None


def foreign_deeds(session: Session, bundle: Bundle, found: ForeignIncident) -> ForeignDeeds:
    """Compare all of it with what this office would do.

    What is in our own journal already was agreed to when it was written: of an incident that comes back only what was
    done elsewhere is looked at.
    """
    here = _known(session, found.incident.id)
    plan = found.incident.plan
    ours = plan if found.rows[0].hash in here else _own_plan(session, plan.root)
    lines = [*foreign_steps(plan, ours), *foreign_office(plan, ours)]
    for amended in _amended([row for row in found.rows if row.hash not in here]):
        where = _("step “{step}”, put in on the way").format(step=amended.plan.id)
        lines += foreign_step(amended.plan, None, where)
    events = [unseal(row) for row in found.rows]
    known = [event for event in events if event.hash in here]
    lines += foreign_numbers(found.incident, fold(known) if known else None, ours)
    lines += foreign_letters(session, found.packed, events)
    lines += foreign_levers(session, found.levers, events, ours)
    shown = [in_one_line(line) for line in lines]
    digest = sha256("\n".join([bundle.sum, *shown]).encode("utf-8", "surrogatepass")).hexdigest()
    return ForeignDeeds(shown, digest[:_SHOWN], bundle.is_signed)


def refuse_other_sum(deeds: ForeignDeeds, accepted: str) -> None:
    """Raises InputError unless `accepted` is the sum of what is listed."""
    if not accepted.strip().casefold().startswith(deeds.sum):
        words = _("--accept names another list than this one, so nothing was taken over")
        raise InputError(words, _("read the list, then give its sum: --accept {sum}").format(sum=deeds.sum))


def _own_plan(session: Session, root: str) -> Plan | None:
    """Our own plan of that name as it would begin now; None where there is none, or it cannot be read."""
    try:
        office = office_for_one(session, root)
        return compile_plan(root, office.runbooks, office.office)
    except BcpError as error:
        session.remark(_("your own plan cannot be compared: {why}").format(why=error.message))
        return None


def _known(session: Session, stream: str) -> set[str]:
    """The hashes of the events of this incident that are in our own journal."""
    return {row.hash for row in session.log.rows(stream)} if session.stores.exist() else set()


def _amended(rows: Sequence[Row]) -> Iterator[StepAmended]:
    for row in rows:
        if row.kind == StepAmended.KIND:
            event = read(unseal(row))
            assert isinstance(event, StepAmended)
            yield event

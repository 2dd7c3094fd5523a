"""`check run`: one pass over the checks; what it found is told first, then kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace

from bcp.app.alert.of_pass import PassAlerts
from bcp.app.check import kept_checks
from bcp.app.check.flips import write_flips
from bcp.app.check.good_day import remember
from bcp.app.check.history import CheckStates, held_states
from bcp.app.check.probing import ChecksToLookAt, checks_to_look_at, chosen, references_of, shared_for
from bcp.app.session import Session
from bcp.check.flapping import damped
from bcp.check.model import Check
from bcp.check.round import Outcome
from bcp.check.single_pass import Pass, look
from bcp.check.span import Span, gap_for
from bcp.errors import Locked, StoreError
from bcp.i18n import _
from bcp.incident.journal import Busy
from bcp.office.model import Office
from bcp.store.spans import StoredSpans

_BEFORE_A_LOOK, _BEHIND_IT = 0.3, 5.0
"""Seconds that a pass waits for a store that another program holds: people are not kept waiting for what is seen."""


@dataclass(frozen=True, slots=True)
class PassResult:
    """What a pass or a watch found, and the office and the checks that it went by.

    With `is_of_last` these are not those of now, in which there is a mistake. `not_kept` says why what was seen could
    not be written down.
    """

    office: Office
    checks: Mapping[str, Check]
    found: Pass
    is_of_last: bool = False
    not_kept: StoreError | None = None

    @property
    def is_bad(self) -> bool:
        """Whether something that was looked at is not up; a warning is no outage."""
        return any(outcome.state in ("down", "inconclusive") for outcome in self.found.outcomes)


def run_checks(
    session: Session,
    names: Sequence[str],
    tell: Callable[[PassResult], None],
    alerts: PassAlerts,
) -> PassResult | CheckStates:
    """Look at the checks named, else at all, and keep what was seen; while somebody else looks, how they are held.

    Looking comes before writing. A store that is damaged, locked, full or can only be read keeps nobody from looking
    and hearing: `tell` is called before anything is kept. Where the store cannot even be read, everything that is not
    up is news. Raises SourceError for mistakes in the checks where no older ones are kept, InputError for a name that
    is none, StoreError where this is no place for a store.
    """
    plan = checks_to_look_at(session)
    due = chosen(names, plan.checks)
    with ExitStack() as locks:
        try:
            not_kept = _alone(session, locks)
        except Busy:
            try:
                return held_states(session, plan.office, plan.checks, due)
            except StoreError as error:
                not_kept = error
        session.stores.wait(_BEFORE_A_LOOK)
        spans = session.stores.of(StoredSpans)
        held, is_locked = _held(spans)
        found = _look(session, plan, due, held)
        told = damped(found, plan.checks, held, spans)
        result = PassResult(plan.office, plan.checks, told, plan.is_of_last)
        tell(result)
        alerts.tell(plan.office, plan.checks, result.found)
        if not is_locked:  # else everything that is written waited for it once more
            session.stores.wait(_BEHIND_IT)
            spans.wait(_BEHIND_IT)
        if not_kept is None:
            not_kept = _not_kept(session, result, found, spans, plan)
    return replace(result, not_kept=alerts.of_store(not_kept))


def _alone(session: Session, locks: ExitStack) -> StoreError | None:
    """Let nobody else look until `locks` are let go of; why that cannot be, else None. Raises Busy."""
    try:
        locks.enter_context(looking_alone(session))
    except StoreError as error:
        return error
    return None


def _held(spans: StoredSpans) -> tuple[Mapping[str, Span], bool]:
    """The last spans, none where the store cannot be read; and whether that is because another program holds it.

    What the store says is told behind what is seen: it says the same again when that is to be written.
    """
    try:
        return spans.held(), False
    except StoreError as error:
        return {}, isinstance(error, Locked)


def _look(
    session: Session,
    plan: ChecksToLookAt,
    due: Sequence[str],
    before: Mapping[str, Span],
) -> Pass:
    held = {name: span for name, span in before.items() if name in plan.checks}
    shared, references, wanted = shared_for(session, plan.office), references_of(plan.office), set(due)
    with session.progress.task(_("Running the checks"), len(wanted)) as task:

        def found(outcome: Outcome) -> None:
            if outcome.check in wanted:  # else it is looked at because of another
                task.advance(name=plan.checks[outcome.check].title)

        return look(
            plan.checks,
            held,
            due,
            shared=shared,
            zone=plan.office.zone,
            references=references,
            found=found,
        )


def _not_kept(
    session: Session, result: PassResult, found: Pass, spans: StoredSpans, plan: ChecksToLookAt
) -> StoreError | None:
    """Write down what was told as it was told, and what was seen as it was seen; why that cannot be, else None."""
    checks = result.checks
    try:
        # Flips before spans: cut short in between, the next pass finds the change anew and the flip written.
        write_flips(session, result.office, checks, result.found)
        spans.note([(outcome.seen, gap_for(checks[outcome.check].every)) for outcome in found.outcomes])
        spans.flush()
        remember(session, result.office, checks, {each.check: each.state for each in found.outcomes})
        if not plan.is_of_last:
            kept_checks.keep(session, plan.texts)
    except StoreError as error:
        return error
    return None


def looking_alone(session: Session) -> AbstractContextManager[None]:
    """One pass at a time on this machine; the lock of a pass that was killed is free again. Raises Busy."""
    return session.stores.alone("looks")

"""`check run`: one pass over the checks; what it found is told first, then kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bcp.app.check.flips import write_flips
from bcp.app.check.probing import checks_to_look_at, chosen, references_of, shared_for
from bcp.app.session import Session
from bcp.check.model import Check
from bcp.check.single_pass import Pass, look
from bcp.check.span import gap_for
from bcp.incident.journal import Busy
from bcp.office.model import Office
from bcp.store.spans import StoredSpans


@dataclass(frozen=True, slots=True)
class PassResult:
    """What a pass or a watch found, and the office and the checks that it went by.

    With `is_of_last` these are not those of now, in which there is a mistake.
    """

    office: Office
    checks: Mapping[str, Check]
    found: Pass
    is_of_last: bool = False

    @property
    def is_bad(self) -> bool:
        """Whether something that was looked at is not up; a warning is no outage."""
        return any(outcome.state in ("down", "inconclusive") for outcome in self.found.outcomes)


def run_checks(
    session: Session, names: Sequence[str], tell: Callable[[PassResult], None]
) -> PassResult | None:
    """Look at the checks named, else at all, and keep what was seen; None while another pass is under way.

    `tell` is called before anything is kept: a full disk keeps nothing, and people must hear of the outage all the
    same. Raises SourceError for mistakes in the checks where no older ones are kept, InputError for a name that is
    none, StoreError.
    """
    office, checks, is_of_last = checks_to_look_at(session)
    due = chosen(names, checks)
    try:
        with looking_alone(session):
            spans = session.stores.of(StoredSpans)
            held = {name: span for name, span in spans.held().items() if name in checks}
            shared, references = shared_for(session), references_of(office)
            found = look(checks, held, due, shared=shared, zone=office.zone, references=references)
            result = PassResult(office, checks, found, is_of_last)
            tell(result)
            # Flips before spans: cut short in between, the next pass finds the change anew and the flip written.
            write_flips(session, office, checks, found)
            spans.note([(outcome.seen, gap_for(checks[outcome.check].every)) for outcome in found.outcomes])
            spans.flush()
    except Busy:
        return None
    return result


def looking_alone(session: Session) -> AbstractContextManager[None]:
    """One pass at a time on this machine; the lock of a pass that was killed is free again. Raises Busy."""
    return session.stores.alone("looks")

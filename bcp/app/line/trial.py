"""`line test`: looks through a line that stands by, or switches to it for the look; and writes it down.

Only with a switch is the trial the deed of the day in need. Without one the line stands by, which is less than up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bcp.app.check.probing import chosen, office_and_checks, shared_for
from bcp.app.line.office import lines_of
from bcp.app.line.status import line_status
from bcp.app.office import person_in
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.check.model import Check
from bcp.check.step_checks import OfficeLooks
from bcp.errors import InputError, PersonNeeded, StepFailed
from bcp.i18n import _
from bcp.lever.line import routing
from bcp.lever.line.base import LineDriver, Made
from bcp.lever.line.context import LineContext
from bcp.lever.line.switch import LineRestore
from bcp.lever.line.trials import LineTrials
from bcp.lever.line.untried import STANDS_BY, untried
from bcp.lever.stack import TRIAL
from bcp.outside import World
from bcp.yaml.near import pick

_WITHIN = timedelta(seconds=10)
_CHECK = "internet"


class Witness(Protocol):
    """Who is there when the office is really switched."""

    def hear(self, text: str) -> None:
        """Read what happens, or what is to be done by hand."""
        ...

    def agrees(self, question: str) -> bool:
        """Say yes."""
        ...


@dataclass(frozen=True, slots=True)
class LineTrial:
    """How a line would carry us: the state that the check was seen in, why, and what was not tried."""

    line: str
    check: str
    state: str
    reason: str
    untried: tuple[str, ...] = ()

    @property
    def carries(self) -> bool:
        """Whether all that was tried is well."""
        return self.state in ("up", STANDS_BY)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What both kinds of trial need."""

    session: Session
    world: World
    checks: Mapping[str, Check]
    check: str

    def look(self, through: str | None) -> tuple[str, str]:
        """The state and the reason; through an interface, or as the office leads out now."""
        shared = replace(shared_for(self.session), through=through)
        words = _("Looking at the check {check}").format(check=self.check)
        with self.session.progress.countdown(words, _WITHIN.total_seconds()):
            look = OfficeLooks(self.checks, shared).look(self.check, _WITHIN, "up")
        return look.state, look.reason


@dataclass(frozen=True, slots=True)
class _Switch:
    """A trial that really switches; `person` is who agreed, None where nobody is there."""

    trials: LineTrials
    lines: LineContext
    line: str
    way: LineDriver
    person: Witness | None

    @property
    def world(self) -> World:
        """The way out."""
        return self.lines.world

    def end_cut_short(self) -> None:
        """End the trials of this line that a crash cut short. Raises StepFailed where that did not succeed."""
        for trial in self.trials.cut_short():
            if trial.line == self.line:
                self._put_back(trial.way_out)

    def seen(self, bench: _Bench) -> tuple[str, str]:
        """The state and the reason, seen while the office is switched; whatever happens, it is put back."""
        saved = self.way.present(self.world)
        if not self._done_by_hand(self.way.hand()):
            return "down", _("it was not switched by hand")
        way_out = routing.way_out(self.world)
        self.trials.switching(self.line, saved, way_out)
        try:
            interface = self.way.switch(self.world)
            made = self.way.made(self.world, saved)
            self.trials.stood(self.line, made)
            self.lines.insist(interface)
            state, reason = bench.look(None)
            return self._as_it_leads_out(made, state, f"{interface}: {reason}" if interface else reason)
        except StepFailed as failed:
            return "down", failed.message
        finally:
            self._put_back(way_out)

    def _as_it_leads_out(self, made: Made, state: str, reason: str) -> tuple[str, str]:
        """The same, unless the office leads out over another line, or nobody can see over which one."""
        try:
            elsewhere = self.way.stands(self.world, made)
        except StepFailed as unseen:
            return (STANDS_BY, f"{reason}; {unseen.message}") if state == "up" else (state, reason)
        return ("down", elsewhere) if elsewhere else (state, reason)

    def _put_back(self, way_out: str) -> None:
        """The layer of the trial off again, and what was before seen to be; what an incident laid on it stays.

        Raises StepFailed where it is not; the next trial tries again.
        """
        stack = self.lines.ledger.way_out()
        ends = stack.of(*TRIAL[:2])
        is_covered = stack.top is not None and stack.top not in ends
        back = LineRestore(self.lines, self.lines.named(self.line), stack, ends)
        try:
            if not self._done_by_hand(back.hand()):
                text = " ".join(back.hand().split())
                raise StepFailed(_("a person must: {text}").format(text=text))
            back.take_off()
            if not is_covered:
                self.lines.insist(way_out)
        except StepFailed as failed:
            words = _("the office was switched to {line} for a trial, and that could not be put back: {why}")
            raise StepFailed(
                words.format(line=self.line, why=failed.message), f"again: bcp line test {self.line} --switch"
            ) from None

    def _done_by_hand(self, text: str) -> bool:
        """Whether the person did it; yes where nothing is to be done by hand."""
        if not text:
            return True
        if self.person is None:
            return False
        self.person.hear(text)
        return self.person.agrees(_("Is that done? Type yes, or Enter for no:"))


def try_line(
    session: Session,
    name: str,
    check: str | None,
    by: str | None,
    looking: Callable[[str], None],
    *,
    switch: Witness | None = None,
) -> LineTrial | None:
    """Look at a check through the line; without one at the line's own, else at the internet.

    `looking` is called with the check before that, for it takes seconds. With `switch` the office is switched to the
    line for the look and back, if that person agrees; else None. Raises InputError for a line or a check that there is
    not, and for a line with no way to switch to it; StepFailed where what was before could not be put back.
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
    bench = _Bench(session, world_of(session), checks, chosen_check)
    lines = lines_of(session, office, who)
    real = _Switch(LineTrials(session.stores.levers, who), lines, name, line.way, switch)
    real.end_cut_short()
    if switch is None:
        looking(chosen_check)
        state, reason = _seen_beside(bench, line.way)
    else:
        _refuse_while_switched(session)
        if not _agrees(switch, name):
            return None
        looking(chosen_check)
        state, reason = real.seen(bench)
    lines.ledger.tested(name, chosen_check, state, reason)
    return LineTrial(name, chosen_check, state, reason, tuple(untried(line, office.lines, state)))


def _seen_beside(bench: _Bench, way: LineDriver) -> tuple[str, str]:
    """The state and the reason; whatever happens, the line stands by as it did before."""
    saved = way.present(bench.world)
    made: Made = {}
    try:
        interface = way.stand_by(bench.world)
        made = way.made(bench.world, saved)
        state, reason = bench.look(interface)
        return STANDS_BY if state == "up" else state, f"{interface}: {reason}"
    except StepFailed as failed:
        return "down", failed.message
    finally:
        way.let_down(bench.world, saved, made)


def _refuse_while_switched(session: Session) -> None:
    for switched in line_status(session).switched:
        raise InputError(
            f"the office is switched to {switched.line} in {switched.incident} just now",
            "close that incident first; without --switch a line can be tested at any time",
        )


def _agrees(person: Witness, name: str) -> bool:
    words = _("The office is switched to {line} and back: open connections and calls break.")
    person.hear(words.format(line=name))
    return person.agrees(_("Do it now? Type yes, or Enter to leave it:"))


def needs_person(name: str) -> PersonNeeded:
    """Nobody is there who could agree."""
    return PersonNeeded(
        f"a person must agree before the office is switched to {name}",
        f"give this command at a terminal: bcp line test {name} --switch",
    )

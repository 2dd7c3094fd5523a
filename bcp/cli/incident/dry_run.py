"""Shows a dry run: every step with its condition and its way back, decisions, the end, and who has how much to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from bcp.app.incident.dry_run import DryRun
from bcp.cli.terminal.output import out, say, show, show_next
from bcp.errors import Exit
from bcp.fact_template import fill
from bcp.i18n import _, ngettext
from bcp.incident.busy import BusyTime
from bcp.incident.condition_said import condition_said
from bcp.incident.decision import DecisionState
from bcp.incident.state import Incident, StepState
from bcp.incident.text import facts_for, title_of
from bcp.incident.view import whose
from bcp.runbook.compiled import PlanChoice, PlanStep
from bcp.times import say_duration

_WIDTH = 80


def show_dry_run(found: DryRun) -> int:
    """Every step resolved, who is needed and the times; 4 if a step could not be simulated."""
    incident = found.incident
    _show(_("DRY RUN of {title}: nothing was done, nothing was kept.").format(title=incident.title), 0)
    for phase in incident.phases:
        words = _(" (within {time})")
        within = words.format(time=say_duration(phase.due - incident.opened_at)) if phase.due else ""
        _head(f"{phase.title}{within}")
        if phase.pause:
            _show(_("first: {text}").format(text=fill(phase.pause, incident.known)), 2)
        for step in phase.steps:
            _show_step(found, step)
    _show_decisions(incident)
    _show_end(found)
    show_sums(found)
    if found.troubles:
        say(_("Could not be simulated: {steps}").format(steps=", ".join(found.troubles)), "bold red")
        return Exit.STEP_FAILED
    show_next((f"bcp incident start {incident.runbook}",))
    return Exit.OK


def show_sums(found: DryRun) -> None:
    """Who is needed, how many steps each has to do by hand in which time, and the times against the target."""
    show()
    _show(_("People needed: {roles}").format(roles=", ".join(found.needed) or _("nobody is named")), 0)
    room = max(map(len, found.busy), default=0) + 1
    for role, times in found.busy.items():
        for number, time in enumerate(times):
            _show(f"{role + ':' if number == 0 else '':<{room}} {_busy(time)}", 2)
    if found.busy:
        _show(_("Nobody has written down how long the steps take. A drill shows it."), 2)
    if found.length:
        words = _("What the computer does alone takes at most {time}.")
        _show(words.format(time=say_duration(found.length)), 0)
    if (span := found.ends_after) is not None:
        fits = _("within") if span <= found.target else _("LONGER THAN")
        words = _("The phases end after {time}: {fits} the target of {target}.")
        _show(words.format(time=say_duration(span), fits=fits, target=say_duration(found.target)), 0)


def _show_step(found: DryRun, step: StepState) -> None:
    """A step that is taken on the way: whose, when, what it does, and what it leaves to be switched back."""
    incident = found.incident
    _show(f"{step.id}: {title_of(incident, step)}", 2)
    why = found.troubles.get(step.id)
    lines = [
        whose(incident, step),
        condition_said(step.plan.only_if, _reached(incident, step)),
        step.plan.words,
        _("must be up afterwards: {check}").format(check=step.plan.expect) if step.plan.expect else "",
        _switching_back(step.plan.undo) if step.plan.undo else "",
        _("does not apply in this run") if step.outcome == "not-applicable" and not why else "",
        _("COULD NOT BE SIMULATED: {why}").format(why=why) if why else "",
    ]
    for line in filter(None, lines):
        _show(fill(line, facts_for(incident, step), blank="…"), 6)


def _reached(incident: Incident, step: StepState) -> Iterator[PlanStep]:
    """The steps whose answers its condition may go by: those of its own plan first, then of the others."""
    own = incident.plan.runbooks[step.runbook]
    yield from own.steps()
    yield from (each for plan in incident.plan.runbooks.values() if plan is not own for each in plan.steps())


def _switching_back(undo: PlanStep) -> str:
    return _("switching back: {title} ({does})").format(title=undo.title, does=undo.words)


def _show_decisions(incident: Incident) -> None:
    if incident.decisions:
        _head(_("Decisions"))
    for decision in incident.decisions.values():
        _show(f"{decision.id}: {decision.question}", 2)
        _show("; ".join(_deadlines(incident, decision)), 6)
        for choice in decision.plan.answers:
            _show(_choice(decision, choice), 6)


def _deadlines(incident: Incident, decision: DecisionState) -> Iterator[str]:
    """Who decides, and when at the latest."""
    at, plan = decision.plan.at, decision.plan
    words = _("at {time}") if isinstance(at, str) else _("{time} after the start")
    who = f"{decision.who}: " if decision.who else ""
    yield who + words.format(time=at if isinstance(at, str) else say_duration(decision.due - decision.since))
    if plan.or_broken_promises:
        text = ngettext(
            "or after {count} broken promise", "or after {count} broken promises", plan.or_broken_promises
        )
        yield text.format(count=plan.or_broken_promises)
    if plan.or_cost:
        yield _("or once it has cost {sum}").format(sum=plan.or_cost)


def _choice(decision: DecisionState, choice: PlanChoice) -> str:
    """An answer, the plan that it starts, and whether it is taken where nobody answers."""
    deed = _("{answer}: starts the plan {plan}").format(answer=choice.answer, plan=choice.runbook)
    line = deed if choice.runbook else _("{answer}: nothing is started").format(answer=choice.answer)
    if choice.answer != decision.default:
        return line
    return line + (
        _(" (begun if nobody answers)") if decision.plan.auto else _(" (prepared if nobody answers)")
    )


def _show_end(found: DryRun) -> None:
    """What closing leads through: what is switched back, newest first, then the last steps."""
    steps = found.incident.closing_steps()
    if steps:
        _head(_("When it is over"))
    for step in steps:
        _show_step(found, step)


def _busy(time: BusyTime) -> str:
    """`5 steps by hand within 15 min (3 min each at most)`."""
    steps = ngettext("{count} step by hand", "{count} steps by hand", time.steps).format(count=time.steps)
    if time.by is None:
        return steps
    within = _("{steps} within {time}").format(steps=steps, time=say_duration(time.by))
    return (
        within
        if time.each is None
        else within + _(" ({time} each at most)").format(time=say_duration(time.each))
    )


def _head(text: str) -> None:
    show()
    _show(text, 0, "bold")


def _show(text: str, indent: int, style: str | None = None) -> None:
    """A line, moved in; at a terminal broken between words where it is longer than 80 columns or the terminal."""
    for line in _lines(text, indent):
        show(line, style)


def _lines(text: str, indent: int) -> Sequence[str]:
    blank = " " * indent
    if not out.is_terminal:
        return [blank + text]
    return wrap(
        text,
        min(_WIDTH, out.width),
        initial_indent=blank,
        subsequent_indent=f"{blank}  ",
        break_on_hyphens=False,
    )

"""Prints what a pass found, what diagnosis says, and the checks that there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bcp.app.check.go_on import open_where_readable, what_next
from bcp.app.check.run import PassResult
from bcp.app.session import Session
from bcp.check.diagnose import Diagnosis
from bcp.check.model import Check
from bcp.check.picture import picture
from bcp.check.single_pass import Pass
from bcp.cli.terminal.output import fail, picked, say, show
from bcp.errors import Exit, StoreError
from bcp.i18n import _
from bcp.probe.base import works
from bcp.times import local, say_duration
from bcp.verdict import words_of

_MARKS = {
    "ok": "✔",
    "up": "✔",
    "warning": "!",
    "broken": "✘",
    "down": "✘",
    "degraded": "~",
    "unknown": "?",
    "inconclusive": "?",
}
_MOST_THINGS = 20


def show_pass(session: Session, result: PassResult, verbose: bool) -> None:
    """News to stdout, which cron mails; with `verbose` all states."""
    office, checks, found = result.office, result.checks, result.found
    for outcome in found.outcomes if verbose else found.news:
        since = local(outcome.since, office.zone)
        was = (
            _(" (was {before})").format(before=outcome.before)
            if outcome.before not in (None, outcome.state)
            else ""
        )
        words = _("{since}  {title}: {state}{was}: {reason}")
        told = words.format(
            since=since,
            title=checks[outcome.check].title,
            state=outcome.state.upper(),
            was=was,
            reason=outcome.reason,
        )
        show(told)
    if found.diagnosis is not None:
        show_diagnosis(found.diagnosis)
    for line in what_next(session, checks, found):
        show(line, "bold")
    for outcome in found.news:
        if works(outcome.state) and not works(outcome.before):
            for stream in open_where_readable(session):
                show(_("Look whether it is over: bcp incident status --incident {id}").format(id=stream))


def tell_not_kept(why: StoreError, is_bad: bool) -> int:
    """Why what a pass saw was not kept, and what to do; the exit status: 7 where something is not up, else 3."""
    say(_("What was just seen could not be written down:"))
    status = fail(why)
    return Exit.CHECK_DOWN if is_bad else status


def pass_as_data(found: Pass) -> dict[str, Any]:
    """The pass for programs: `{checks: [{check, state, before, reason, since, news}]}`, and of the diagnosis `verdict`,
    `thing`, `next_step` and `runbook`."""
    return {
        "checks": [
            {
                **picked(each, "check", "state", "before", "reason"),
                "since": found.since(each),
                "news": each.is_news,
            }
            for each in found.outcomes
        ],
        **{
            name: getattr(found.diagnosis, name, None)
            for name in ("verdict", "thing", "next_step", "runbook")
        },
    }


def show_diagnosis(found: Diagnosis) -> None:
    """The way from here to there, as a layman reads it, and the verdict."""
    show()
    rows = picture(found)
    count = len(rows) - len(found.things)
    path, things = rows[:count], rows[count:]
    # What answers comes last: of five hundred things those that matter must be among the few that are shown.
    things.sort(key=lambda row: (row.state != "down", row.state == "up"))
    for state, name, seen in (*path, *things[:_MOST_THINGS]):
        show(f"  {_MARKS[state]} {name}: {seen}")
    if len(things) > _MOST_THINGS:
        show("  " + _("… and {count} more").format(count=len(things) - _MOST_THINGS))
    show("  " + words_of(found.verdict, found.thing), "bold")
    show("  " + _("next: {step}").format(step=found.next_step))


def diagnosis_as_data(found: Diagnosis) -> dict[str, Any]:
    """The diagnosis for programs: `{verdict, layers: [{state, name, seen}], runbook, second, thing, next_step}`."""
    more = picked(found, "runbook", "second", "thing", "next_step")
    return {"verdict": found.verdict, "layers": picture(found), **more}


def show_checks(checks: Iterable[Check]) -> None:
    """Each check with its probes, and how often it is looked at."""
    for each in checks:
        show(f"{each.check}  {each.title}", "bold")
        for probe in each.probes:
            show(f"    {probe.describe()}")
        show("    " + _("every {time}").format(time=say_duration(each.every)))

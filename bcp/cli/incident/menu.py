"""The menu of plans, where none was named: nothing is loaded for it that only an incident needs."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.app.plan_list import ListedPlan, plans_to_begin
from bcp.app.session import Session
from bcp.cli.terminal.keyboard import read_line
from bcp.cli.terminal.output import err, is_attended, say
from bcp.command_words import as_typed, one_each
from bcp.errors import InputError
from bcp.i18n import _
from bcp.yaml.near import did_you_mean


def chosen(session: Session, command: str, *, keeps: bool = True) -> str:
    """The plan that the person at the terminal chooses; `command` would name one.

    Raises InputError where nobody sits there, or nothing is chosen; SourceError where there is nothing to choose from.
    """
    plans = plans_to_begin(session, keeps=keeps)
    names = [plan.runbook for plan in plans]
    if not names:
        from bcp.cli.terminal.listing import copy_shipped

        raise InputError(_("this office has no runbook yet"), copy_shipped(session.folder))
    if not is_attended():
        raise InputError(
            _("which runbook?"),
            one_each(_("name one:"), (f"{command} {as_typed((name,))}" for name in names)),
        )
    say(_("What has happened?"), "bold")
    is_told_when = _show(plans, with_when=_height(plans) < err.height)
    numbered = dict(zip(map(str, range(1, len(names) + 1)), names, strict=True))
    question = (
        _("Its number, or nothing to leave:") if is_told_when else _("Its number, ? for when each is used:")
    )
    while typed := read_line(question):
        if typed in numbered or typed in names:
            return numbered.get(typed, typed)
        if typed == "?":
            _show(plans, with_when=True)
            continue
        near = did_you_mean(typed, names)
        say(" ".join(filter(None, (_("  That is none of them. Nothing was begun."), near))), "yellow")
    raise InputError(_("nothing was begun"), _("read them first: bcp runbook list"))


def _height(plans: Sequence[ListedPlan]) -> int:
    """The lines that the menu takes with `when`: a head, each runbook, and the question."""
    said = [_("when: {when}").format(when=each.when) for each in plans]
    return 3 + sum(1 + -(-(len(text) + 5) // err.width) for text in said)


def _show(plans: Sequence[ListedPlan], with_when: bool) -> bool:
    """Number the runbooks; on a low screen the titles alone, so that none of them scrolls away."""
    for number, plan in enumerate(plans, 1):
        say(f"  {number}  {plan.title}  ({plan.runbook})", "bold")
        if with_when:
            say("     " + _("when: {when}").format(when=plan.when))
    return with_when

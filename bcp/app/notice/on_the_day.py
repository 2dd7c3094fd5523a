"""What the notices that the plans of this office send would lack on the day: for `bcp validate`."""

from __future__ import annotations

from bcp.app.notice.lint import notices_of_plans
from bcp.app.notice.readers import readers_of_plans
from bcp.errors import Mistake
from bcp.notice.lint.on_the_day import Foresight
from bcp.validate import OfficeConfig


def lacking_then(whole: OfficeConfig) -> list[Mistake]:
    """Each with its place; none of them keeps anything from working now."""
    notices = notices_of_plans(whole)
    return list(_foresight(whole).lacks(notices)) if notices else []


def stopped_then(whole: OfficeConfig) -> list[Mistake]:
    """What would keep every letter of a notice from going out, each with its place."""
    notices = notices_of_plans(whole)
    return list(_foresight(whole).stopped(notices)) if notices else []


def _foresight(whole: OfficeConfig) -> Foresight:
    return Foresight(
        whole.office,
        readers_of_plans(whole),
        whole.ways.reply_address,
        any(way.medium == "sms" for way in whole.ways.channels.values()),
        _set_by_plans(whole),
        {name for kind, name in whole.unusable if kind == "notice"},
    )


def _set_by_plans(whole: OfficeConfig) -> set[str] | None:
    """The facts that a step of any plan asks for, finds or sets; None where a plan cannot be read."""
    if any(kind == "runbook" for kind, _name in whole.unusable):
        return None
    found: set[str] = set()
    for loaded in whole.runbooks.values():
        for _loc, act in loaded.model.acts():
            found.update(fact.name for fact in act.action.facts())
        for step in loaded.model.steps():
            found.update(step[1].sets)
    return found

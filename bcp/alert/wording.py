"""Makes alerts: of what a check came to, of a reminder, and of any other news that people have to hear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import cast
from zoneinfo import ZoneInfo

from bcp.alert.alert import Alert, AlertKind
from bcp.check.diagnose import Diagnosis
from bcp.check.model import Check
from bcp.check.path_needs import passed_by
from bcp.check.round import Outcome
from bcp.i18n import _
from bcp.verdict import causes

_NOUNS = (
    "incident|drill|runbook|check|watch|validate|contact|notice|inbox|decision|promise|cost|followup|claim|line|number"
    "|place|print|support|status|note|done|fix|tell|undo"
)
_COMMAND = re.compile(rf"\bbcp (?:{_NOUNS})\b.*$", re.MULTILINE)
"""A command in a text: what stands behind `bcp` is one of its nouns, else it is a sentence about it."""


def of_outcome(
    check: Check,
    outcome: Outcome,
    diagnosis: Diagnosis | None,
    lines: Sequence[str],
    *,
    reminder: bool = False,
) -> Alert:
    """What a check came to, the same however often it is made; the first of `lines` says what to do about it."""
    began = outcome.at if reminder else outcome.since
    blamed, is_flapping = _blamed(check, outcome, diagnosis), outcome.unrest == "flapping"
    words = "check", check.check, "still" if reminder else outcome.unrest, outcome.state, str(_number(began))
    todo, advice = _todo(check, outcome, blamed, lines), blamed.next_step if blamed is not None else ""
    return Alert(
        id=" ".join(filter(None, words)),
        kind=cast("AlertKind", outcome.state),
        title=_("flapping: {title}").format(title=check.title) if is_flapping else check.title,
        since=outcome.since,
        at=outcome.at,
        about=f"check {check.check}",
        reason=_reason(outcome),
        cause=causes()[blamed.verdict] if blamed is not None else "",
        todo=todo,
        text=advice if advice != todo else "",
        reminder=reminder,
    )


def of_news(text: str, at: datetime) -> Alert:
    """Any other news; a command in it is the next step."""
    told = text.strip()
    id_ = f"news {sha256(told.encode()).hexdigest()[:16]} {_number(at)}"
    found = _COMMAND.search(told)
    return Alert(id_, "news", "", at, at, text=told, todo=found[0].strip() if found else "")


def once_a_day(alert: Alert, zone: ZoneInfo) -> Alert:
    """The same alert, told once in a day of the office however often it is made."""
    return replace(alert, id=f"{alert.id.rpartition(' ')[0]} {alert.at.astimezone(zone).date().isoformat()}")


def _reason(outcome: Outcome) -> str:
    if outcome.state == "warning" and outcome.before in ("down", "inconclusive"):
        return _("it works again, but: {reason}").format(reason=outcome.reason)
    return outcome.reason


def _blamed(check: Check, outcome: Outcome, diagnosis: Diagnosis | None) -> Diagnosis | None:
    """The diagnosis, where it blames something for this one: our line for all, a thing of ours only for itself."""
    if diagnosis is None or outcome.state not in ("down", "inconclusive"):
        return None
    if diagnosis.verdict in ("ok", "inconclusive") or diagnosis.thing not in (None, check.title):
        return None
    passed, lost = passed_by(check), diagnosis.path.lost
    # What answers on this computer or in the office itself says what is wrong with it, whatever the line is like.
    is_on_the_way = passed & lost if lost else "provider" in passed
    return diagnosis if diagnosis.thing or is_on_the_way else None


def _todo(check: Check, outcome: Outcome, blamed: Diagnosis | None, lines: Sequence[str]) -> str:
    found = _COMMAND.search(lines[0]) if lines else None
    if found:
        return found[0].strip()
    if outcome.state == "up":
        return ""
    if outcome.state == "down" and check.start == "auto":
        return "bcp incident status"
    if blamed is not None:
        return blamed.next_step
    return "bcp check diagnose" if outcome.state == "down" else f"bcp check status {check.check}"


def _number(moment: datetime) -> int:
    """Milliseconds, as they are kept: what was read again is the same moment."""
    return round(moment.timestamp() * 1000)

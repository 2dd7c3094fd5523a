"""Makes alerts: of what a check came to, of a reminder, and of any other news that people have to hear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import cast

from bcp.alert.alert import KINDS, Alert, AlertKind
from bcp.check.diagnose import Diagnosis
from bcp.check.model import Check
from bcp.check.round import Outcome
from bcp.verdict import meanings

_COMMAND = re.compile(r"\bbcp [a-z].*$", re.MULTILINE)


def of_outcome(
    check: Check,
    outcome: Outcome,
    diagnosis: Diagnosis | None,
    lines: Sequence[str],
    *,
    reminder: bool = False,
) -> Alert:
    """What a check came to, the same however often it is made; the first of `lines` says what to do about it."""
    kind = cast("AlertKind", outcome.state if outcome.state in KINDS else "news")
    began = outcome.at if reminder else outcome.since
    return Alert(
        id=f"check {check.check} {'still ' if reminder else ''}{outcome.state} {_number(began)}",
        kind=kind,
        title=check.title,
        since=outcome.since,
        at=outcome.at,
        about=f"check {check.check}" if kind != "news" else "",
        reason=outcome.reason,
        cause=_cause(check, outcome, diagnosis),
        todo=_todo(check, outcome, lines),
        text="" if kind != "news" else f"{check.title}: {outcome.state}: {outcome.reason}",
        reminder=reminder,
    )


def of_news(text: str, at: datetime) -> Alert:
    """Any other news; a command in it is the next step."""
    told = text.strip()
    id_ = f"news {sha256(told.encode()).hexdigest()[:16]} {_number(at)}"
    found = _COMMAND.search(told)
    return Alert(id_, "news", "", at, at, text=told, todo=found[0].strip() if found else "")


def _cause(check: Check, outcome: Outcome, diagnosis: Diagnosis | None) -> str:
    """What a diagnosis blames for this one: our line for all, one of our things only for itself."""
    if diagnosis is None or outcome.state not in ("down", "inconclusive"):
        return ""
    things = {thing.check: thing.verdict for thing in diagnosis.things}
    is_of_thing = diagnosis.verdict in things.values()
    if diagnosis.verdict in ("ok", "inconclusive") or (
        is_of_thing and things.get(check.check) != diagnosis.verdict
    ):
        return ""
    return meanings().get(diagnosis.verdict, "")


def _todo(check: Check, outcome: Outcome, lines: Sequence[str]) -> str:
    found = _COMMAND.search(lines[0]) if lines else None
    if found:
        return found[0].strip()
    if outcome.state == "up":
        return ""
    if outcome.state == "down":
        return "bcp incident status" if check.start == "auto" else "bcp check diagnose"
    return f"bcp check status {check.check}"


def _number(moment: datetime) -> int:
    """Milliseconds, as they are kept: what was read again is the same moment."""
    return round(moment.timestamp() * 1000)

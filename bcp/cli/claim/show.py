"""Shows a claim: its parts, its amounts, its letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.app.claim.dossier import Dossier, amount_as_data, caution_words
from bcp.app.claim.gather import Gathered
from bcp.claim.calculate import ClaimFinding
from bcp.cli.terminal.output import (
    say,
    say_hint,
    show,
    show_json,
    show_next,
    show_text,
)
from bcp.i18n import _
from bcp.incident.dossier.claimed import Claim, ClaimedPart
from bcp.incident.dossier.dossier import parts


def show_parts(found: Gathered, as_json: bool) -> None:
    """How each part of the dossier stands, and the deadlines."""
    made = parts(found.incident, found.claim, found.now)
    if as_json:
        show_json(
            {
                "parts": [_part(number, each) for number, each in enumerate(made, 1)],
                "deadlines": _deadlines(found.claim),
            }
        )
        return
    marks = {"present": "✔", "stale": "~", "missing": "✘", "not applicable": "–"}
    for number, each in enumerate(made, 1):
        show(f"{marks[each.status]} {number:>2}  {each.section.title}: {each.status}")
        if each.missing:
            show(f"        {each.missing}")
    for day in found.claim.deadlines:
        show(_("by {day}: {what}").format(day=day.day.isoformat(), what=day.deadline.title), "bold")
    caution()
    show_next(("bcp claim calculate", "bcp claim dossier"))


def show_amounts(found: Gathered, as_json: bool) -> None:
    """What each rule comes to, and what stands behind it."""
    if as_json:
        show_json([amount_as_data(each) for each in found.claim.findings])
        return
    for each in found.claim.findings:
        for line in _amount_lines(each):
            show(line)
    if not found.claim.findings:
        say(_("There is no rule for this in {country}.").format(country=found.claim.country.country))
    caution()
    is_owed = any(each.is_claim for each in found.claim.findings)
    show_next((*(("bcp claim letter",) if is_owed else ()), "bcp claim show"))


def show_letter(text: str) -> None:
    """The letter on the screen."""
    show_text(text)
    caution()
    show_next(("bcp claim dossier",))


def show_dossier(made: Dossier) -> None:
    """Where the papers lie, and what is not among them."""
    refused = made.without_letter
    if refused is not None:
        say(_("Without a letter: {why}").format(why=refused.message), "bold yellow")
        say_hint("  → ", refused.hint)
    say(str(made.folder), "green")
    say(str(made.archive), "green")
    caution()
    show_next(("bcp claim show",))


def _amount_lines(each: ClaimFinding) -> list[str]:
    rule = each.rule
    said = (
        f"{each.amount} {rule.currency}" if each.is_claim else _("not claimed: {why}").format(why=each.reason)
    )
    lines = [f"{rule.rule}: {said}", f"    {rule.title}"]
    lines += [f"    {one.count} × {one.each} = {one.sum}" for one in each.portions]
    if each.days.paid:
        first, last = each.days.paid[0].isoformat(), each.days.paid[-1].isoformat()
        counted = _("counted: {count} {kind} days, {first} to {last}; {free} free before")
        lines.append(
            "    "
            + counted.format(
                count=len(each.days.paid),
                kind=rule.count.paid,
                first=first,
                last=last,
                free=len(each.days.free),
            )
        )
    lines.append("    " + _("formula: {formula}").format(formula=rule.formula))
    lines.append(
        "    "
        + _("source: {origin}; certainty {certainty}").format(origin=rule.origin, certainty=rule.certainty)
    )
    return [*lines, *(f"    {remark}" for remark in filter(None, [each.caution, rule.note]))]


def _part(number: int, part: ClaimedPart) -> Mapping[str, Any]:
    return {"part": number, "title": part.section.title, "status": part.status, "missing": part.missing}


def _deadlines(claim: Claim) -> list[Mapping[str, Any]]:
    return [
        {"day": each.day, "what": each.deadline.title, "whose": each.deadline.whose}
        for each in claim.deadlines
    ]


def caution() -> None:
    """Say that this is no legal advice."""
    say(caution_words(), "yellow")

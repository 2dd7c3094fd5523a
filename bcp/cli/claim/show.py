"""Shows a claim: its parts, its amounts, its letter."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from bcp.app.session import Session
from bcp.claim.calculate import Finding
from bcp.cli.claim.commands import Asked
from bcp.cli.claim.gather import gather, letter_of
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _
from bcp.incident.dossier.claimed import Claim, Part
from bcp.incident.dossier.dossier import parts


def show_parts(session: Session, incident: str | None, asked: Asked, as_json: bool) -> int:
    """How each part of the dossier stands, and the deadlines."""
    found = gather(session, incident, asked)
    made = parts(found.incident, found.claim, found.now)
    if as_json:
        show_json({"parts": [_part(each) for each in made], "deadlines": _deadlines(found.claim)})
        return Exit.OK
    marks = {"present": "✔", "stale": "~", "missing": "✘", "not applicable": "–"}
    for each in made:
        show(f"{marks[each.status]} {each.number:>2}  {each.section.title}: {each.status}")
        if each.missing:
            show(f"        {each.missing}")
    for day in found.claim.deadlines:
        show(_("by {day}: {what}").format(day=day.day.isoformat(), what=day.deadline.title), "bold")
    caution()
    show_next(("bcp claim calculate", "bcp claim dossier"))
    return Exit.OK


def show_amounts(session: Session, incident: str | None, asked: Asked, as_json: bool) -> int:
    """What each rule comes to, and what stands behind it."""
    found = gather(session, incident, asked)
    if as_json:
        show_json([amount_data(each) for each in found.claim.findings])
        return Exit.OK
    for each in found.claim.findings:
        for line in _amount_lines(each):
            show(line)
    if not found.claim.findings:
        say(_("There is no rule for this in {country}.").format(country=found.claim.country.country))
    caution()
    show_next(("bcp claim letter", "bcp claim show"))
    return Exit.OK


def show_letter(
    session: Session, incident: str | None, asked: Asked, language: str | None, verified: bool
) -> int:
    """Print the letter. Raises InputError where it may not be written."""
    found = gather(session, incident, asked)
    sys.stdout.write(letter_of(found, language, verified).text())
    caution()
    show_next(("bcp claim dossier",))
    return Exit.OK


def _amount_lines(each: Finding) -> list[str]:
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


def amount_data(each: Finding) -> Mapping[str, Any]:
    """A finding for programs."""
    rule = each.rule
    return {
        "rule": rule.rule,
        "title": rule.title,
        "amount": str(each.amount) if each.is_claim else None,
        "currency": rule.currency,
        "reason": each.reason,
        "portions": [
            {"count": one.count, "each": str(one.each), "sum": str(one.sum)} for one in each.portions
        ],
        "days": [day.isoformat() for day in each.days.paid],
        "formula": rule.formula,
        "law": rule.law,
        "article": rule.article,
        "source": rule.source,
        "read_on": rule.read_on,
        "certainty": rule.certainty,
        "caution": each.caution,
    }


def _part(part: Part) -> Mapping[str, Any]:
    return {
        "part": part.number,
        "title": part.section.title,
        "status": part.status,
        "missing": part.missing,
    }


def _deadlines(claim: Claim) -> list[Mapping[str, str]]:
    return [
        {"day": each.day.isoformat(), "what": each.deadline.title, "whose": each.deadline.whose}
        for each in claim.deadlines
    ]


def caution_words() -> str:
    """What stands over every paper of a claim."""
    return _(
        "An aid to documentation and reckoning, no legal advice. Look at the rules and at your contract yourself."
    )


def caution() -> None:
    """Say that this is no legal advice."""
    say(caution_words(), "yellow")

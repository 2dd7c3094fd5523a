"""Gathers a claim from the incident, bcp.yaml and what is said of the case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo

from bcp.app.book import book_of
from bcp.app.claim.request import ClaimRequest
from bcp.app.incident.report import sources
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.claim.calculate import Case, ClaimFinding, calculate
from bcp.claim.contract import contract_rule
from bcp.claim.days import Calendar
from bcp.claim.deadlines import days
from bcp.claim.letter import Party
from bcp.claim.load import load as load_rules
from bcp.claim.model import Country, Trouble
from bcp.cost.money import read_amount
from bcp.errors import InputError
from bcp.i18n import speak
from bcp.incident.activity import downtimes, failed_facts
from bcp.incident.dossier.claimed import Claim
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident
from bcp.incident.text import local_day
from bcp.office.line import OfficeLine
from bcp.office.model import Office
from bcp.promise.said import Unclear, read_said

_REPORT = "report-fault"
_RECKONED_AHEAD = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A claim with where it comes from."""

    book: IncidentJournal
    office: Office
    line: OfficeLine
    claim: Claim
    now: datetime

    @property
    def incident(self) -> Incident:
        """The incident that it is about."""
        return self.book.incident


def gather(session: Session, asked_incident: str | None, request: ClaimRequest) -> Gathered:
    """The claim: dates from the incident or the request, rules of the country, terms of the contract.

    Raises SourceError for mistakes in bcp.yaml and the rules, InputError for what is no day, sum or line.
    """
    book = book_of(session, asked_incident, closed_too=True)
    office = office_of(session)
    speak(office.language)
    now = session.clock.now()
    line = line_of(office, book.incident, request.line)
    country = load_rules(office.country, session.folder)
    case = _case(book.incident, office, line, request, now)
    contract = contract_rule(line)
    rules = [*([contract] if contract is not None else []), *country.rules]
    findings = calculate(case, rules, Calendar(country.country, country.subdivision or ""))
    known = {
        "report": case.report,
        "restored": case.restored,
        "complaint": local_day(book.incident, "complained_at") or now.astimezone(office.zone).date(),
    }
    seen = sources(session, book.incident, False, now)
    claim = Claim(
        party=_party(office, line),
        case=case,
        findings=findings,
        country=country,
        deadlines=days(country.deadlines, known),
        outages=seen.outages,
        looked=seen.looked,
        demand=_demand(findings, country),
        is_over=_is_over(request, book.incident),
    )
    return Gathered(book, office, line, claim, now)


def _is_over(request: ClaimRequest, incident: Incident) -> bool:
    """Whether somebody said since when it works again."""
    return (
        bool(request.restored)
        or local_day(incident, "restored_at") is not None
        or incident.closed_at is not None
    )


def _case(incident: Incident, office: Office, line: OfficeLine, request: ClaimRequest, now: datetime) -> Case:
    if request.event not in get_args(Trouble):
        raise InputError(f'"{request.event}" is no event', "events: " + ", ".join(get_args(Trouble)))

    def day(text: str | None, option: str, *facts: str) -> date | None:
        return local_day(incident, *facts) if text is None else past_day(text, option, now, office.zone)

    fee, _blank, currency = (line.monthly_fee or "").partition(" ")
    outage = day(request.began, "--began", *failed_facts(incident.plan)) or _first_failure(incident, now)
    end = (incident.closed_at or now).astimezone(office.zone).date()
    restored = day(request.restored, "--restored", "restored_at") or end
    if request.restored is None:
        _refuse_to_come(outage, "--began", now.astimezone(office.zone).date())
    if outage is not None and restored < outage:
        raise InputError(
            f"it cannot work again since {restored} when it failed on {outage}",
            "say both days: --began 2026-11-26 --restored 2026-12-17",
        )
    report = day(request.reported, "--reported", "reported_at")
    for known, option in ((outage, "--began"), (report, "--reported")):
        _refuse_to_come(known, option, now.astimezone(office.zone).date())
    # With a day to come somebody reckons what it would be until then.
    _refuse_to_come(restored, "--restored", (now + _RECKONED_AHEAD).astimezone(office.zone).date())
    return Case(
        event=request.event,  # type: ignore[arg-type]
        outage=outage,
        restored=restored,
        report=report,
        agreed=day(request.agreed, "--agreed"),
        monthly_fee=Decimal(fee) if fee else None,
        last_bills=_bills(request.bills, currency),
        currency=currency,
        numbers=request.numbers,
        appointments=request.appointments,
        customer=office.customer_class,
        waived=line.protection_waived,
    )


def _first_failure(incident: Incident, now: datetime) -> date | None:
    """The day on which the first activity was down, as steps and the plan say it; None where nobody said so."""
    since = [each.since for each in downtimes(incident, now).values() if each.since is not None]
    return min(since).astimezone(incident.zone).date() if since else None


def _refuse_to_come(day: date | None, option: str, latest: date) -> None:
    if day is not None and day > latest:
        raise InputError(f"{option}: {day} is still to come", f"look at the day: {option} 2026-11-26")


def past_day(text: str, option: str, now: datetime, zone: ZoneInfo) -> date:
    """A day as it was said, the last such day where its year is not. Raises InputError for "Friday", the coming one."""
    try:
        found = read_said(text, now, zone).astimezone(zone).date()
    except Unclear as unclear:
        raise InputError(f"{option}: {unclear}") from None
    if found <= now.astimezone(zone).date():
        return found
    if re.search(r"\d{4}", text):
        return found
    if not any(letter.isdigit() for letter in text):
        raise InputError(
            f'{option}: "{text}" is {found}, which is still to come', "write the day: 2026-11-26"
        )
    return _a_year_before(found)


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _bills(text: str | None, currency: str) -> Decimal | None:
    if text is None:
        return None
    try:
        amount, _blank, other = read_amount(text).partition(" ")
    except ValueError as error:
        raise InputError(f'--bills "{text}": {error}') from None
    if currency and other != currency:
        raise InputError(f"the bills are in {other}, the fee is in {currency}", "give both in one currency")
    return Decimal(amount)


def line_of(office: Office, incident: Incident, asked: str | None) -> OfficeLine:
    """The line asked for, else the one whose fault is reported in this incident, else the only one with a fee.

    Raises InputError where it is not clear which: a letter must not go to a provider that did nothing.
    """
    known = {line.line: line for line in office.lines}
    if asked is not None:
        if asked not in known:
            raise InputError(f'there is no line "{asked}"', "lines: " + (", ".join(known) or "none yet"))
        return known[asked]
    reports = [step for step in incident.every_step() if step.plan.kind == _REPORT]
    about = [known[name] for name in incident.plan.lines if name in known]
    for some in (
        [known[step.plan.line] for step in reports if step.outcome == "done" and step.plan.line in known],
        [known[step.plan.line] for step in reports if step.plan.line in known],
        [line for line in about if line.monthly_fee],
        [line for line in office.lines if line.monthly_fee],
    ):
        found = {line.line: line for line in some}
        if len(found) > 1:
            which = ", ".join(
                f"{line.line} ({line.provider or line.title or line.line})" for line in found.values()
            )
            raise InputError("it is not clear which line this is about", f"say it with --line: {which}")
        if found:
            return next(iter(found.values()))
    raise InputError("no line in bcp.yaml has a monthly_fee", "add it, or name the line: --line LINE")


def _party(office: Office, line: OfficeLine) -> Party:
    return Party(
        office=office.name,
        address=office.address or "",
        customer=office.customer_class,
        waived=line.protection_waived,
        account=office.bank_account or "",
        provider=line.provider or "",
        line=line.line,
        title=line.title or line.line,
        contract=line.contract or "",
        line_id=line.line_id or "",
        fee=line.monthly_fee or "",
    )


def _demand(findings: list[ClaimFinding], country: Country) -> str:
    found = next((each for each in findings if each.is_claim), None)
    return f"{found.amount} {found.rule.currency} ({found.rule.rule})" if found is not None else ""

"""Gathers a claim from the incident, bcp.yaml and the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo

from bcp.app.incident.report import sources
from bcp.app.ledger.request import book_of
from bcp.app.session import Session
from bcp.claim import letter as letters
from bcp.claim.calculate import Case, Finding, calculate
from bcp.claim.contract import contract_rule
from bcp.claim.days import Calendar
from bcp.claim.deadlines import days
from bcp.claim.load import load as load_rules
from bcp.claim.model import Country, Trouble
from bcp.cli.claim.commands import Asked
from bcp.cost.model import has_all_receipts, spent
from bcp.cost.money import read_amount
from bcp.errors import InputError
from bcp.i18n import speak
from bcp.incident.dossier.claimed import Claim, Party
from bcp.incident.dossier.parts import local_day
from bcp.incident.journal import Book
from bcp.incident.state import Incident
from bcp.office.line import OfficeLine
from bcp.office.model import Office
from bcp.office.model import load as load_office
from bcp.promise.model import Promise, broken_count, by_provider
from bcp.promise.said import Unclear, read_said
from bcp.times import say_duration
from bcp.yaml.source import Reader

_REPORT = "report-fault"
_FAILED = ("phone_down_since", "down_since")


@dataclass(frozen=True, slots=True)
class Gathered:
    """A claim with where it comes from."""

    book: Book
    office: Office
    line: OfficeLine
    claim: Claim
    now: datetime

    @property
    def incident(self) -> Incident:
        """The incident that it is about."""
        return self.book.incident


def gather(session: Session, asked_incident: str | None, asked: Asked) -> Gathered:
    """The claim: dates from the incident or the command line, rules of the country, terms of the contract."""
    book = book_of(session, asked_incident, closed_too=True)
    reader = Reader()
    office = load_office(session.folder, reader)
    reader.finish()
    assert office is not None
    speak(office.language)
    now = session.clock.now()
    line = _line(office, book.incident, asked.line)
    country = load_rules(office.country, session.folder)
    case = _case(book.incident, office, line, asked, now)
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
        is_over=_is_over(asked, book.incident),
    )
    return Gathered(book, office, line, claim, now)


def _is_over(asked: Asked, incident: Incident) -> bool:
    """Whether somebody said since when it works again."""
    return (
        bool(asked.restored)
        or local_day(incident, "restored_at") is not None
        or incident.closed_at is not None
    )


def _case(incident: Incident, office: Office, line: OfficeLine, asked: Asked, now: datetime) -> Case:
    if asked.event not in get_args(Trouble):
        raise InputError(f'"{asked.event}" is no event', "events: " + ", ".join(get_args(Trouble)))

    def day(text: str | None, option: str, *facts: str) -> date | None:
        return local_day(incident, *facts) if text is None else _past_day(text, option, now, office.zone)

    fee, _blank, currency = (line.monthly_fee or "").partition(" ")
    outage = day(asked.began, "--began", *_FAILED) or incident.opened_at.astimezone(office.zone).date()
    end = (incident.closed_at or now).astimezone(office.zone).date()
    restored = day(asked.restored, "--restored", "restored_at") or end
    if restored < outage:
        raise InputError(
            f"it cannot work again since {restored} when it failed on {outage}",
            "say both days: --began 2026-11-26 --restored 2026-12-17",
        )
    return Case(
        event=asked.event,  # type: ignore[arg-type]
        outage=outage,
        restored=restored,
        report=day(asked.reported, "--reported", "reported_at"),
        agreed=day(asked.agreed, "--agreed"),
        monthly_fee=Decimal(fee) if fee else None,
        last_bills=_bills(asked.bills, currency),
        currency=currency,
        numbers=asked.numbers,
        appointments=asked.appointments,
        customer=office.customer_class,
        waived=line.protection_waived,
    )


def _past_day(text: str, option: str, now: datetime, zone: ZoneInfo) -> date:
    """A day as it was said, the last such day where its year is not. Raises InputError for "Friday", the coming one."""
    try:
        found = read_said(text, now, zone).astimezone(zone).date()
    except Unclear as unclear:
        raise InputError(f"{option}: {unclear}") from None
    if found <= now.astimezone(zone).date() or re.search(r"\d{4}", text):
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


def _line(office: Office, incident: Incident, asked: str | None) -> OfficeLine:
    """The line asked for, else the one whose fault is reported in this incident, else the only one with a fee.

    Raises InputError where it is not clear which: a letter must not go to a provider that did nothing.
    """
    known = {line.line: line for line in office.lines}
    if asked is not None:
        if asked not in known:
            raise InputError(f'there is no line "{asked}"', "lines: " + (", ".join(known) or "none yet"))
        return known[asked]
    reports = [step for step in incident.every_step() if step.plan["kind"] == _REPORT]
    about = [known[name] for name in incident.plan["lines"] if name in known]
    for some in (
        [
            known[step.plan["line"]]
            for step in reports
            if step.outcome == "done" and step.plan["line"] in known
        ],
        [known[step.plan["line"]] for step in reports if step.plan["line"] in known],
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


def _demand(findings: list[Finding], country: Country) -> str:
    found = next((each for each in findings if each.is_claim), None)
    return f"{found.amount} {found.rule.currency} ({found.rule.rule})" if found is not None else ""


def letter_of(found: Gathered, language: str | None, verified: bool) -> letters.Letter:
    """The letter of a claim. Raises InputError where nothing is owed, and for a rule that nobody verified."""
    claim, incident = found.claim, found.incident
    demanded = letters.demanded(claim.findings, verified)
    down = [each.last - each.first for each in claim.outages if each.state == "down"]
    outage = claim.case.outage
    assert outage is not None
    promises = _of_provider(incident, claim.party.provider)
    facts = letters.Facts(
        office=claim.party.office,
        address=claim.party.address,
        provider=claim.party.provider,
        title=claim.party.title,
        contract=claim.party.contract,
        line_id=claim.party.line_id,
        outage=outage,
        restored=claim.case.restored,
        report=claim.case.report,
        ticket=incident.facts.get("provider_ticket", ""),
        agent=incident.facts.get("provider_agent", ""),
        promises=len(promises),
        broken=broken_count(promises),
        measured=say_duration(sum(down[1:], down[0])) if down else "",
        fee=claim.party.fee,
        spent=[f"{amount:.2f} {currency}" for currency, amount in spent(incident.costs.values()).items()],
        receipts=has_all_receipts(incident.costs.values()),
        account=claim.party.account,
        annexes=[each.receipt.name for each in incident.costs.values() if each.receipt is not None],
        written=found.now.astimezone(incident.zone).date(),
    )
    return letters.write(facts, demanded, language or found.office.language)


def _of_provider(incident: Incident, provider: str) -> list[Promise]:
    """The promises that this provider made; what a courier or another one promised is not held against it."""
    own = by_provider(incident.promises.values())
    return own.get(" ".join(provider.casefold().split()), [])

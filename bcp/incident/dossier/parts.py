"""The sixteen parts of a claim dossier, one function each: how it stands, what it says, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bcp.claim.calculate import ClaimFinding
from bcp.claim.model import CONTRACT
from bcp.cost.model import Cost
from bcp.i18n import _
from bcp.incident.dossier.claimed import Claim, ClaimedPart, amending
from bcp.incident.report import parts as report
from bcp.incident.report.section import Section
from bcp.incident.state import Incident
from bcp.incident.text import attested_facts, said_facts
from bcp.times import local

RULE_AGE = timedelta(days=180)
SELF_CHECK = ("own_fault", "planned_work", "force_majeure", "partial_outage")


def _of(section: Section, *missing: str) -> ClaimedPart:
    """Present, unless something is missing."""
    lacking = [each for each in missing if each]
    return ClaimedPart("missing" if lacking else "present", section, ", ".join(lacking))


def _if_any(there: object, section: Section) -> ClaimedPart:
    """Present, unless there is nothing that it could tell of."""
    return ClaimedPart("present" if there else "not applicable", section)


def _table(title: str, rows: Sequence[tuple[str, str]]) -> Section:
    shown = tuple(row for row in rows if row[1])
    return Section(title, columns=(_("What"), _("Value")), shares=(1, 2), rows=shown)


def parties(claim: Claim) -> ClaimedPart:
    """1. Who claims from whom, under which contract, as what kind of customer."""
    party = claim.party
    rows = [
        (_("Claimant"), party.office),
        (_("Address of the service"), " ".join(party.address.split())),
        (_("Customer class"), party.customer),
        (_("Protection waived"), party.waived),
        (_("Provider"), party.provider),
        (_("Service"), party.title),
        (_("Contract"), party.contract),
        (_("Line"), party.line_id),
    ]
    return _of(
        _table(_("Parties"), rows),
        "" if party.address else _("the address: bcp.yaml, address"),
        "" if party.provider else _("the provider of the line"),
        "" if party.contract else _("the number of the contract"),
        "" if party.waived != "unknown" else _("whether the protection was waived: look into the contract"),
    )


def fee(claim: Claim) -> ClaimedPart:
    """2. The monthly fee and the last bills."""
    bills = f"{claim.case.last_bills} {claim.case.currency}" if claim.case.last_bills is not None else ""
    rows = [(_("Monthly fee"), claim.party.fee), (_("Last three bills, sum"), bills)]
    return _of(
        _table(_("Fee and bills"), rows),
        "" if claim.party.fee else _("the monthly fee: bcp.yaml, monthly_fee"),
        "" if bills else _("the last three bills: --bills, and copies of them"),
    )


def timeline(incident: Incident, claim: Claim) -> ClaimedPart:
    """3. When it failed, when it was reported, since when it works again."""
    case = claim.case
    rows = [
        (_("First failure"), _day(case.outage)),
        (_("Noticed"), local(incident.opened_at, incident.zone)),
        (_("Fault report received"), _day(case.report)),
        (_("Works again since"), _day(case.restored) if claim.is_over else ""),
        (_("Time zone"), str(incident.zone)),
    ]
    return _of(
        _table(_("Timeline"), rows),
        "" if case.outage else _("since when it did not work: --began"),
        "" if case.report else _("when the provider received the report: --reported"),
        "" if claim.is_over else _("since when it works again: --restored"),
    )


def reports(incident: Incident) -> ClaimedPart:
    """4. Every fault report: when it was received, its ticket, who took it."""
    facts = said_facts(incident)
    names = {
        "reported_at": _("received"),
        "provider_ticket": _("ticket"),
        "provider_agent": _("taken by"),
        "provider_promise": _("said"),
    }
    rows = [(label, facts.get(name, "")) for name, label in names.items()]
    lacking = [label for name, label in names.items() if name not in facts and name != "provider_promise"]
    return _of(_table(_("Fault reports"), rows), *lacking)


def promises(incident: Incident, now: datetime) -> ClaimedPart:
    """5. What the provider promised, and how it was kept."""
    section = report.promises(incident, now)
    return _if_any(section.rows, section)


def appointments(claim: Claim) -> ClaimedPart:
    """6. The appointments that the provider missed."""
    count = claim.case.appointments
    section = _table(_("Appointments"), [(_("missed by the provider"), str(count) if count else "")])
    return _if_any(count, section)


def measured(incident: Incident, claim: Claim) -> ClaimedPart:
    """7. What our checks saw, and what that proves."""
    section = report.measured(incident, claim.outages, claim.looked)
    note = _(
        "It proves what these looks saw from this office, by this computer's clock; not why, and not what others saw."
    )
    section = replace(section, title=_("Measured"), note=note)
    return _of(section, "" if claim.looked else _("measurements: `bcp watch`, or by cron `bcp check run`"))


def attested(incident: Incident) -> ClaimedPart:
    """8. What people say, apart from what was measured."""
    rows = tuple(
        (local(note.at, incident.zone), incident.name_of(note.by), note.text) for note in incident.notes
    )
    facts = tuple(("", "", f"{name} = {value}") for name, value in attested_facts(incident).items())
    columns = (_("When"), _("Who says so"), _("What"))
    section = Section(_("Attested by people"), columns=columns, shares=(2, 2, 5), rows=rows + facts)
    return _of(section, "" if section.rows else _('notes: bcp incident note "WHAT WAS SAID"'))


def substitutes(incident: Incident) -> ClaimedPart:
    """9. Substitutes that were offered, and credits already given."""
    facts = said_facts(incident)
    rows = [(name, facts.get(name, "")) for name in ("substitute_offered", "credit_given")]
    lacking = amending([f"{name}=VALUE" for name, value in rows if not value])
    return _of(_table(_("Substitutes and credits"), rows), lacking)


def expenses(incident: Incident) -> ClaimedPart:
    """10. What was spent to limit the damage, with receipts."""
    own = [each for each in incident.costs.values() if each.kind != "loss" and not each.replaced_by]
    section = _costs(incident, _("Expenses to limit the damage"), own)
    if not own:
        return _if_any(own, section)
    without = [each.id for each in own if each.receipt is None and each.kind == "mitigation"]
    return _of(section, _("receipts of {ids}").format(ids=", ".join(without)) if without else "")


def losses(incident: Incident) -> ClaimedPart:
    """11. Consequential losses: a head of claim of their own."""
    own = [each for each in incident.costs.values() if each.kind == "loss" and not each.replaced_by]
    return _if_any(own, _costs(incident, _("Consequential losses, a claim of their own"), own))


def _costs(incident: Incident, title: str, own: Sequence[Cost]) -> Section:
    """The section of the report, with these costs and without the sums over all."""
    section, ids = report.costs(incident), {each.id for each in own}
    return replace(section, title=title, texts=(), rows=tuple(row for row in section.rows if row[0] in ids))


def calculation(claim: Claim, today: date) -> ClaimedPart:
    """12. What each rule comes to; stale where a rule was read too long ago."""
    section = reckoning(claim.findings)
    used = [each for each in claim.findings if each.is_claim]
    if not used:
        return ClaimedPart("missing", section, _("no rule grants anything so far"))
    old = [each.rule.rule for each in used if _is_old(each, today)]
    if not old:
        return _of(section)
    return ClaimedPart("stale", section, _("read again: {rules}").format(rules=", ".join(old)))


def _is_old(finding: ClaimFinding, today: date) -> bool:
    return finding.rule.source != CONTRACT and today - date.fromisoformat(finding.rule.read_on) > RULE_AGE


def reckoning(findings: Sequence[ClaimFinding]) -> Section:
    """Each rule with its amount, or why nothing is claimed: counted days, formula, source, certainty."""
    rows = []
    for each in findings:
        rule = each.rule
        said = (
            f"{each.amount} {rule.currency}"
            if each.is_claim
            else _("not claimed: {why}").format(why=each.reason)
        )
        portions = "; ".join(f"{one.count} × {one.each} = {one.sum}" for one in each.portions)
        remarks = " · ".join(filter(None, [each.caution, rule.note or ""]))
        counted = _days(each.days.paid)
        rows.append(
            (
                rule.rule,
                said,
                " | ".join(filter(None, [portions, counted])),
                rule.formula,
                rule.origin,
                rule.certainty,
                remarks,
            )
        )
    columns = (_("Rule"), _("Amount"), _("Counted"), _("Formula"), _("Source"), _("Cert."), _("Remarks"))
    note = _("Certainty: A the law was read, B the regulator's page, C others, R from memory, X not found.")
    return Section(_("Calculation"), note, columns=columns, shares=(4, 4, 5, 6, 6, 2, 5), rows=tuple(rows))


def _days(days: Sequence[date]) -> str:
    """The counted days as runs: `2026-11-29…2026-12-16`."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(f"{run[0]}…{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def exclusions(incident: Incident) -> ClaimedPart:
    """13. Why it might not be owed, checked by ourselves."""
    titles = {
        "own_fault": _("Was it our own fault?"),
        "planned_work": _("Was it work that the provider had announced?"),
        "force_majeure": _("Was it force majeure?"),
        "partial_outage": _("Did the service work in part?"),
    }
    rows = [(titles[name], incident.facts.get(name, "")) for name in SELF_CHECK]
    lacking = amending([f"{name}=no" for name in SELF_CHECK if name not in incident.facts])
    return _of(_table(_("Exclusions, checked by ourselves"), rows), lacking)


def deadlines(claim: Claim) -> ClaimedPart:
    """14. By when what must be asked or answered, and where a dispute goes."""
    whose = {"ours": _("we"), "provider": _("the provider")}
    rows = tuple(
        (
            each.day.isoformat(),
            whose[each.deadline.whose],
            each.deadline.title,
            each.deadline.consequence,
            f"{each.deadline.source} ({each.deadline.certainty})",
        )
        for each in claim.deadlines
    )
    texts = (
        _("Where a dispute goes: {authority}; open to firms: {open}").format(
            authority=claim.country.authority, open=claim.country.authority_open
        ),
    )
    columns = (_("By"), _("Who"), _("What"), _("Else"), _("Source"))
    section = Section(_("Deadlines"), "", texts, columns, (5, 4, 7, 9, 7), rows)
    return _if_any(rows, section)


def demand(claim: Claim) -> ClaimedPart:
    """15. What is demanded, and where it is to be paid."""
    rows = [(_("Demand"), claim.demand), (_("Account"), claim.party.account), (_("Answer"), _("in writing"))]
    return _of(
        _table(_("Demand"), rows),
        "" if claim.demand else _("an amount that may be demanded"),
        "" if claim.party.account else _("the account: bcp.yaml, bank_account"),
    )


def annexes(incident: Incident) -> ClaimedPart:
    """16. The annexes with their hashes."""
    rows = tuple(
        (each.receipt.file, str(each.receipt.bytes), each.receipt.sha256)
        for each in incident.costs.values()
        if each.receipt is not None
    )
    rows += (("journal.jsonl", str(incident.head.seq), incident.head.hash),)
    columns = (_("File"), _("Bytes or events"), _("SHA-256, or head of the chain"))
    return _of(Section(_("Annexes"), columns=columns, shares=(3, 1, 5), rows=rows))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""

"""The letter of a claim, from what is known of the incident."""

from __future__ import annotations

from bcp.app.claim.gather import Gathered
from bcp.claim import letter as letters
from bcp.cost.model import has_all_receipts, spent
from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident.state import Incident
from bcp.promise.model import Promise, broken_count, by_provider
from bcp.times import say_duration


def letter_of(found: Gathered, language: str | None, verified: bool) -> letters.Letter:
    """The letter of a claim. Raises InputError where nothing is owed, and for a rule that nobody verified."""
    claim, incident = found.claim, found.incident
    demanded = letters.demanded(claim.findings, verified)
    down = [each.last - each.first for each in claim.outages if each.state == "down"]
    outage = claim.case.outage
    if outage is None:
        raise InputError(
            _("nobody wrote down since when it does not work"),
            _("say the day of the first failure: {option}").format(option="--began DAY"),
        )
    promises = _of_provider(incident, claim.party.provider)
    facts = letters.ClaimFacts(
        party=claim.party,
        outage=outage,
        restored=claim.case.restored,
        report=claim.case.report,
        ticket=incident.facts.get("provider_ticket", ""),
        agent=incident.facts.get("provider_agent", ""),
        promises=len(promises),
        broken=broken_count(promises),
        measured=say_duration(sum(down[1:], down[0])) if down else "",
        spent=[f"{amount:.2f} {currency}" for currency, amount in spent(incident.costs.values()).items()],
        receipts=has_all_receipts(incident.costs.values()),
        annexes=[each.receipt.name for each in incident.costs.values() if each.receipt is not None],
        written=found.now.astimezone(incident.zone).date(),
    )
    return letters.write(facts, demanded, language or found.office.language)


def _of_provider(incident: Incident, provider: str) -> list[Promise]:
    """The promises that this provider made; what a courier or another one promised is not held against it."""
    own = by_provider(incident.promises.values())
    return own.get(" ".join(provider.casefold().split()), [])

"""The letter of complaint, in the language of the provider; a rule that nobody verified does not get into it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from bcp.claim.calculate import ClaimFinding
from bcp.errors import InputError

FOLDER = Path(__file__).parent / "letters"
_GAP = "______"


@dataclass(frozen=True, slots=True)
class Party:
    """Who claims from whom, as bcp.yaml has it; empty where it says nothing. `fee` is a written amount, `40.00 EUR`."""

    office: str
    address: str
    customer: str
    waived: str
    account: str
    provider: str
    line: str
    title: str
    contract: str
    line_id: str
    fee: str


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What a letter is made of. Empty texts are left out, or left open where nothing can be said without them.

    `spent` are written amounts (`120.00 PLN`); `measured` is a length in words; `receipts` says whether there is one
    for all that was spent.
    """

    party: Party
    outage: date
    restored: date
    report: date | None = None
    ticket: str = ""
    agent: str = ""
    promises: int = 0
    broken: int = 0
    measured: str = ""
    spent: Sequence[str] = ()
    receipts: bool = True
    annexes: Sequence[str] = ()
    written: date | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter: its subject, and its paragraphs from the address to the name."""

    language: str
    subject: str
    paragraphs: tuple[str, ...] = field(default_factory=tuple)

    def text(self) -> str:
        """The whole of it as plain text."""
        return "\n\n".join([*self.paragraphs[:2], self.subject, *self.paragraphs[2:]]) + "\n"


def languages() -> list[str]:
    """The languages that letters are written in."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def demanded(findings: Sequence[ClaimFinding], verified: bool) -> ClaimFinding:
    """The finding that the letter demands: that of the contract, else the first rule that grants something.

    Raises InputError where nothing is owed, and for a rule that nobody verified.
    """
    found = next((each for each in findings if each.is_claim), None)
    if found is None:
        reasons = (
            "; ".join(f"{each.rule.rule}: {each.reason}" for each in findings) or "there is no rule for it"
        )
        raise InputError(f"there is nothing to claim: {reasons}", "see: bcp claim calculate")
    if not found.rule.is_certain and not verified:
        why = found.rule.note or found.rule.law
        raise InputError(
            f'the rule "{found.rule.rule}" is not certain ({found.rule.certainty}): {why}',
            f"read it at {found.rule.source}; once you did, and it holds: --i-verified",
        )
    return found


def write(facts: ClaimFacts, finding: ClaimFinding, language: str) -> Letter:
    """The letter that demands what `finding` comes to. Raises InputError for a language without letters."""
    if language not in languages():
        raise InputError(
            f'there is no letter in "{language}"', "choose one with --lang: " + ", ".join(languages())
        )
    said = _Said(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")))
    party = facts.party
    common = {
        "title": party.title or _GAP,
        "contract": party.contract or _GAP,
        "line_id": party.line_id or _GAP,
        "address": " ".join(party.address.split()) or _GAP,
        "outage": said.day(facts.outage),
        "restored": said.day(facts.restored),
    }
    paragraphs = [
        "\n".join(filter(None, [party.office, party.address.strip()])),
        "\n".join(filter(None, [party.provider or _GAP, said.day(facts.written) if facts.written else ""])),
        said("salutation"),
        said("what", **common),
        _reported(facts, said),
        said("promises", made=facts.promises, broken=facts.broken) if facts.broken else "",
        said("measured", length=facts.measured) if facts.measured else "",
        _claimed(finding, said),
        said("fee", fee=said.written(party.fee)) if party.fee else "",
        _spent(facts, said),
        said("pay", account=party.account) if party.account else said("credit"),
        said("answer"),
        said("enclosed", annexes=", ".join(facts.annexes)) if facts.annexes else "",
        said("closing"),
        party.office,
    ]
    return Letter(language, said("subject", **common), tuple(filter(None, paragraphs)))


def _claimed(finding: ClaimFinding, said: _Said) -> str:
    """What is demanded, by which law, and how it is counted."""
    assert finding.amount is not None
    currency = finding.rule.currency
    key = "portion_times" if finding.rule.count.of == "appointments" else "portion"
    portions = "; ".join(
        said(
            "portion_day" if (key, each.count) == ("portion", 1) else key,
            count=each.count,
            each=said.portion(each.each, currency),
        )
        for each in finding.portions
    )
    return said(
        "claim",
        law=finding.rule.law,
        article=finding.rule.article,
        amount=said.amount(finding.amount, currency),
        portions=portions,
    )


def _spent(facts: ClaimFacts, said: _Said) -> str:
    """What was spent; that the receipts are enclosed is said only where there is one for all of it."""
    key = "costs" if facts.receipts else "costs_without_receipts"
    return said(key, sum=", ".join(map(said.written, facts.spent))) if facts.spent else ""


def _reported(facts: ClaimFacts, said: _Said) -> str:
    if facts.report is None:
        return ""
    return said(
        "report", report=said.day(facts.report), ticket=facts.ticket or _GAP, agent=facts.agent or _GAP
    )


class _Said:
    """The sentences of one language."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences

    def __call__(self, key: str, **values: object) -> str:
        return self._sentences[key].format(**values)

    def day(self, day: date) -> str:
        return self("date_form", year=day.year, month=day.month, day=day.day)

    def amount(self, amount: Decimal, currency: str) -> str:
        return self.written(f"{amount:.2f} {currency}")

    def portion(self, amount: Decimal, currency: str) -> str:
        """An amount that is multiplied: with two more digits where cents would not come to the sum."""
        exact = amount == amount.quantize(Decimal("0.01"))
        return self.amount(amount, currency) if exact else self.written(f"{amount:.4f} {currency}")

    def written(self, amount: str) -> str:
        return amount.replace(".", self._sentences["decimal"])

"""What the office's own contract promises, as bcp.yaml has it: `compensation: 1/30 per day after 2 working days`."""

from __future__ import annotations

import re

from bcp.claim.model import CONTRACT, ClaimRule
from bcp.office.line import OfficeLine
from bcp.yaml.shape import COMPENSATION

_ALL = ["consumer", "micro", "small", "larger"]


def contract_rule(line: OfficeLine) -> ClaimRule | None:
    """The rule of the line's contract; None where it has no terms."""
    if line.compensation is None:
        return None
    found = re.fullmatch(COMPENSATION, line.compensation)
    assert found is not None
    if found["share"]:
        amount, currency = f"monthly_fee * {found['share'].replace('%', '/100')}", _currency_of(line)
    else:
        amount, currency = found["amount"], found["currency"]
    return ClaimRule.model_validate(
        {
            "rule": "contract",
            "title": f"The contract on {line.line}: {line.compensation}",
            "event": ["outage"],
            "for": _ALL,
            "valid_from": "1900-01-01",
            "law": f"contract {line.contract or ''}".strip(),
            "article": line.compensation,
            "source": CONTRACT,
            "read_on": "1900-01-01",
            "certainty": "A",
            "count": {
                "since": "outage",
                "paid": "working" if found["working"] else "calendar",
                "free": {
                    "days": found["free"] or "0",
                    "kind": "working" if found["free_working"] else "calendar",
                },
            },
            "per_day": [{"amount": amount}],
            "currency": currency,
        }
    )


def _currency_of(line: OfficeLine) -> str:
    return line.monthly_fee.rpartition(" ")[2] if line.monthly_fee else "EUR"

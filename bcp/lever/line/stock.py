"""What a mobile line still has: data, credit, the life of its SIM card; as somebody looked it up."""

from __future__ import annotations

from datetime import date

from bcp.i18n import _
from bcp.office.line import OfficeLine

GIGABYTES_A_DAY = 1.5
"""For one person at a desk: mail, web, a call with pictures; a round figure of ours, to be sized for, not a measure."""


def stock(line: OfficeLine, people: int, today: date) -> list[str]:
    """What is known of it, in sentences; nothing for a line of which nothing is said."""
    said = []
    if line.data_left is not None:
        days = line.data_left.gigabytes / (GIGABYTES_A_DAY * max(1, people))
        words = _("{left:g} GB left as of {seen}: about {days:.0f} days for {people} people")
        if days < 1.5:
            words = _("{left:g} GB left as of {seen}: a day or less for {people} people")
        said.append(
            words.format(left=line.data_left.gigabytes, seen=line.data_left.seen, days=days, people=people)
        )
    if line.credit is not None:
        words = _("{amount} of credit left as of {seen}")
        said.append(words.format(amount=line.credit.amount, seen=line.credit.seen))
    if line.sim_expires is not None:
        is_over = date.fromisoformat(line.sim_expires) < today
        words = _("the SIM card expired on {day}") if is_over else _("the SIM card lives until {day}")
        said.append(words.format(day=line.sim_expires))
    return said

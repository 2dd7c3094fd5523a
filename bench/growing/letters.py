"""Letters: each of thousands is planned, written and frozen."""

from __future__ import annotations

from pathlib import Path

from bcp.office.starter import sample_office, write
from bcp.store.outbox import Outbox
from growing.judge import Holds
from growing.subject import Subject, seconds

LANGUAGES = ("pl", "en", "cs", "el", "de")
FREEZE = Path(__file__).with_name("freeze.py")


def office(folder: Path, contacts: int) -> None:
    """The sample office with so many clients in five languages."""
    write(sample_office(), folder)
    rows = "\n".join(
        f"Firma {number},Jan Nowak {number},jan{number}@example.com,{LANGUAGES[number % 5]}"
        for number in range(contacts)
    )
    (folder / "contacts" / "clients.csv").write_text(f"name,person,email,language\n{rows}\n", "utf-8")


def _frozen(folder: Path, letters: int) -> str:
    outbox = Outbox(folder / "incidents")
    found = sum(1 for campaign in outbox.all_campaigns() for _row in outbox.rows(campaign.id))
    outbox.close()
    return "" if found == letters else f"{found} letters are frozen"


SUBJECTS = (
    Subject(
        "freezing letters",
        (1000, 3000, 10_000),
        office,
        lambda folder: [str(FREEZE), str(folder)],
        Holds("linear", most=seconds(8)),
        (300, 600, 1200),
        is_once=True,
        after=_frozen,
        runs=1,
    ),
)

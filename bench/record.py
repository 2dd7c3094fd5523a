"""The record against bare libraries: a chain of 100,000 events proved, in the store and in an export; reports; a claim.

    python bench/record.py

Each way runs in turn with its bare one, and the least CPU time of each is compared. The chain is walked in a process of
its own, and so is the bare one, which reads the same rows out of SQLite and hashes them; that of an export reads the
same lines as JSON and hashes them. A report of 2,000 events and 5,000 letters is a whole process of `bcp`, against the
imports that no command line can do without, with the same rows read and hashed; one of 5,000 events as PDF may take
so much memory at the most. A claim is compared, in this process, with reading its file of rules as YAML alone.
Ends with 1 where a number does not hold.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import yaml
from measure import here, least, peak, process, told

from bcp.app.load_office import office_for
from bcp.app.session import Session
from bcp.claim.calculate import Case, calculate
from bcp.claim.days import Calendar
from bcp.claim.load import SHIPPED
from bcp.claim.load import load as load_rules
from bcp.event import NOTHING, Entry, Head, seal, stamp
from bcp.incident.evidence import export
from bcp.incident.evidence.verify import README_END
from bcp.notice.campaign.outbox import Campaign, Key, LetterDraft
from bcp.office.starter import sample_office, write
from bcp.runbook.plan import compile_plan, texts_of
from bcp.store.database import FILE
from bcp.store.journal import Journal
from bcp.store.outbox import Outbox

STREAM = "2026-11-26-internet-outage"
BEGAN = datetime(2026, 11, 26, 6, 50, tzinfo=UTC)
EVENTS, MANY_EVENTS, LETTERS, CHAIN = 2_000, 5_000, 5_000, 100_000
RUNS, BATCH = 5, 5_000
# An export says its lines in one form only: the verifier also writes each anew, and compares.
PROVED, VERIFIED, REPORTED, CLAIMED, MIB = 3.0, 4.5, {"html": 8.0, "pdf": 20.0}, 4.0, 250

BARE_ROWS = """
import hashlib, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("SELECT body, hash FROM events ORDER BY seq")
digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
parts = ((body.split(chr(10)), told) for body, told in rows)
assert all(digest(head) == told and digest(rest) in head for (head, rest), told in parts)
"""
BARE_IMPORTS = "import typer, rich.console\n" + BARE_ROWS
BARE_LINES = """
import hashlib, json, sys
with open(sys.argv[1], "rb") as lines:
    entries = map(json.loads, lines)
    digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
    parts = (((each["body"], each["content"]), each["hash"]) for each in entries)
    assert all(digest(head) == told and digest(rest) in head for (head, rest), told in parts)
"""
PROVE = """
import sys
from pathlib import Path
from bcp.clock import SystemClock
from bcp.chain import checked
from bcp.store.journal import Journal
for _row in checked(Journal(Path(sys.argv[1]), SystemClock()).rows(sys.argv[2])):
    pass
"""


class StoppedClock:
    """The moment at which everything is written."""

    def now(self) -> datetime:
        """Always the same."""
        return BEGAN

    def monotonic(self) -> float:
        """Nothing passes."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Nobody waits."""


def filled_office(folder: Path, events: int) -> Path:
    """The sample office with an open incident of so many events, and the letters of one notice."""
    office = folder / "office"
    write(sample_office(), office)
    whole = office_for(Session(str(office)), None)
    plan = compile_plan("internet-outage", whole.runbooks, whole.office)
    data = {
        "kind": "incident",
        "runbook": "internet-outage",
        "title": "The office has no internet",
        "plan": plan.as_json(),
    }
    started = Entry("incident.started", "anna", {**data, "texts": texts_of(plan, whole.runbooks)})
    notes = [
        Entry("note.written", "anna", {"text": f"Client {n} called and asks when the line works"}, BEGAN)
        for n in range(events - 1)
    ]
    Journal(office / "incidents", StoppedClock()).append(STREAM, NOTHING, [started, *notes])
    campaign = Campaign(
        STREAM, "line-down", 1, "status", "clients", "anna", BEGAN, BEGAN + timedelta(days=30)
    )
    drafts = (
        LetterDraft(
            Key(campaign.id, f"c{n}", "mail"), 0, f"Client {n}", f"c{n}@example.com", "en", b"Dear", "sent"
        )
        for n in range(LETTERS)
    )
    Outbox(office / "incidents").freeze(campaign, drafts)
    return office


def report(office: Path, kind: str) -> list[str]:
    """The command that writes a report."""
    command = [sys.executable, "-m", "bcp", "--office", str(office), "incident", "report", "--format", kind]
    return [*command, "-o", str(office / f"r.{kind}")]


def copy(office: Path) -> list[str]:
    """The command that prints the sheet of what is going on, with all its notes."""
    return [
        sys.executable,
        "-m",
        "bcp",
        "--office",
        str(office),
        "incident",
        "print",
        "-o",
        str(office / "c.pdf"),
    ]


def long_chain(folder: Path) -> Path:
    """A store whose journal has so many events."""
    journal, head = Journal(folder, StoppedClock()), NOTHING
    for begin in range(0, CHAIN, BATCH):
        entries = [
            Entry("note.written", "anna", {"text": f"Client {begin + n} called"}) for n in range(BATCH)
        ]
        last = journal.append(STREAM, head, entries)[-1]
        head = Head(last.seq, last.hash)
    journal.close()
    return folder


def long_export(folder: Path) -> Path:
    """An export whose journal has so many events."""
    head, lines, said = NOTHING, [], []
    for number in range(CHAIN):
        kind = "incident.started" if not number else "note.written"
        entry = Entry(kind, "anna", {"text": f"Client {number} called", "texts": {}})
        event = seal(STREAM, head, entry, BEGAN, lambda each: f"#{each.seq}  Anna Nowak: a client called")
        head = Head(event.seq, event.hash)
        said.append(event.line)
        lines.append(export.entry(event))
    verifier = Path(__file__).parent.parent / "bcp" / "incident" / "evidence" / "verify.py"
    manifest = {
        "incident": STREAM,
        "begun": stamp(BEGAN),
        "events": CHAIN,
        "head": head.hash,
        "masked": False,
    }
    named = {
        "journal.jsonl": ("\n".join(lines) + "\n").encode(),
        "journal.txt": ("\n".join(said) + "\n").encode(),
        "README.txt": f"{README_END}{head.hash}\n".encode(),
        "manifest.json": json.dumps(manifest).encode(),
        "verify.py": verifier.read_bytes(),
    }
    folder.mkdir()
    for name, data in {**named, "SHA256SUMS": export.sums(named)}.items():
        (folder / name).write_bytes(data)
    return folder


def claim() -> None:
    rules = load_rules("DE")
    case = Case(
        "outage",
        date(2026, 11, 26),
        date(2026, 12, 17),
        date(2026, 11, 26),
        monthly_fee=Decimal(40),
        waived="no",
    )
    found = calculate(case, rules.rules, Calendar("DE"))
    assert found[0].amount == Decimal(170)


def chains(folder: Path) -> list[bool]:
    """The chain of a store, and of an export, against what reads and hashes the same and compares nothing."""
    store, export = long_chain(folder / "store"), long_export(folder / "export")
    python = sys.executable
    took = least(
        {
            "rows": process([python, "-c", BARE_ROWS, str(store / FILE)]),
            "store": process([python, "-c", PROVE, str(store), STREAM]),
            "lines": process([python, "-I", "-c", BARE_LINES, str(export / "journal.jsonl")]),
            "export": process([python, "-I", str(export / "verify.py")]),
        },
        RUNS,
    )
    return [
        told(
            f"{CHAIN:,} events of a store proved, against rows hashed", took["store"] / took["rows"], PROVED
        ),
        told(
            f"{CHAIN:,} events of an export verified, against lines hashed",
            took["export"] / took["lines"],
            VERIFIED,
        ),
    ]


def reports(folder: Path) -> list[bool]:
    """Reports, against the bare imports with the same rows read and hashed; and the memory of a long one."""
    office = filled_office(folder / "some", EVENTS)
    bare = [sys.executable, "-c", BARE_IMPORTS, str(office / "incidents" / FILE)]
    took = least({"bare": process(bare), **{kind: process(report(office, kind)) for kind in REPORTED}}, RUNS)
    found = [
        told(f"report of {EVENTS:,} events as {kind}, whole process", took[kind] / took["bare"], most)
        for kind, most in REPORTED.items()
    ]
    many = filled_office(folder / "many", MANY_EVENTS)
    return [
        *found,
        told(f"report of {MANY_EVENTS:,} events as pdf, memory", peak(report(many, "pdf")), MIB, "MiB"),
        told(f"copy of an incident of {MANY_EVENTS:,} notes as pdf, memory", peak(copy(many)), MIB, "MiB"),
    ]


def claims() -> list[bool]:
    """A claim, its rules read, against the rules parsed by the YAML parser alone."""
    text = (SHIPPED / "de.yaml").read_bytes()
    parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    took = least({"bare": here(lambda: yaml.load(text, parser)), "claim": here(claim)}, RUNS)
    return [
        told("a claim calculated, its rules read, against their YAML", took["claim"] / took["bare"], CLAIMED)
    ]


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        held = [*chains(Path(name)), *reports(Path(name)), *claims()]
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())

"""A masked copy: nothing in it can be guessed, its chain can be checked, and what was masked is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bcp.app.session import Session
from bcp.event import unseal
from bcp.incident.evidence import verify
from bcp.incident.evidence.masking import KnownPrivate, Masker
from tests.frozen import FrozenClock
from tests.offices import bcp, office_in, runbook
from tests.test_old_journals import DEMO, office_with

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: "Call Anna Nowak, +48 600 000 101", manual: {}}
"""
CONTACTS = """\
name;person;email;phone;mobile
Bäckerei Żuk;Ewa Wiśniewska;ewa@zuk.example;+48 22 555 01 77;+48 601 700 802
"""
MORE = """
address: "ul. Długa 5, 00-238 Warszawa"
bank_account: "PL61 1090 1014 0000 0712 1981 2874"
"""
SECRETS = (
    "Nowak", "nowak", "anna", "Piotr", "Wiśniewsk", "Wisniewsk", "Żuk", "zuk", "600000101", "600 000", "6007008",
    "601-700", "555 01", "Długa", "Dluga", "1981", "2874", "CUST-77", "4711/AB", "Kowal", "hunter2", "example.com/x",
)  # fmt: skip
NOTE = (
    "Anna Nowak (tel. 600-000-101, 0048600000101) rang Panią Wiśniewską from Bäckerei ŻUK, 601.700.802 or"
    " (22) 555 01 77, ewa@zuk.example, ul. Długa 5; account 61109010140000071219812874; umowa nr 4711/AB,"
    " contract CUST-77;"
    " Mr Kowal said https://bob:hunter2@example.com/x?token=hunter2"
)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    office = office_in(tmp_path / "office", outage=runbook(PHASES))
    yaml = office / "bcp.yaml"
    text = yaml.read_text(encoding="utf-8").replace('support: "801', 'contract: CUST-77, support: "801')
    yaml.write_text(text + MORE, encoding="utf-8")
    (office / "contacts").mkdir()
    (office / "contacts" / "clients.csv").write_text(CONTACTS.replace(";", ","), encoding="utf-8")
    assert bcp(office, "incident", "start", "outage", "--by", "anna").returncode == 9
    assert bcp(office, "incident", "note", NOTE, "--by", "anna").returncode == 0
    return office


def masked(office: Path, folder: Path) -> tuple[str, str]:
    """All texts of a masked copy, and what was said of it."""
    made = bcp(office, "incident", "export", "--mask", "-o", str(folder))
    assert made.returncode == 0, made.stderr
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.name != "verify.py")
    return "\n".join(texts), made.stderr


def test_people_numbers_accounts_streets_and_contracts_are_out_in_any_spelling(
    office: Path, tmp_path: Path
) -> None:
    texts, said = masked(office, tmp_path / "m")
    for secret in SECRETS:
        assert secret not in re.sub(r"\b[0-9a-f]{64}\b", "", texts), secret
    for kind in (
        "people",
        "contacts",
        "phone numbers",
        "mail addresses",
        "bank accounts",
        "street addresses",
    ):
        assert re.search(rf"{kind}: [1-9]", said), (kind, said)
    assert "contract numbers: " in said
    assert "best effort: read it before you give it away" in said


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Anny Nowak, Annie, ANNĄ, Nowakiem; Anna Nowak", "[person] [person], [person], [person], [person]; [person]"),
        ("for Wójcika and Wojcikowi", "for [person] and [person]"),
        ("from Marka, Marek's annual annex", "from [person], [person]'s annual annex"),
        ("PL61.1090.1014.0000.0712.1981.2874", "[account]"),
        ("61/1090/1014/0000/0712/1981/2874", "[account]"),
        ("de89 3704 0044 0532 0130 00 and nl91abna0417164300", "[account] and [account]"),
        ("tk 77310, TK77310, sw-2021-04417", "[contract], [contract], [contract]"),
        ("48226000001 and 48 22 600 00 01", "[contract] and [contract]"),
        ("600 000 101, 6 0 0 0 0 0 1 0 1, (600)000101", "[number], [number], [number]"),
        ("ul. Anny Nowak 3 m. 4", "[street]"),
        ("Am Markt 3, 12 Rue de la Paix", "[street], [street]"),
    ],
)  # fmt: skip
def test_what_is_known_is_found_in_other_cases_and_with_other_signs_in_it_and_nothing_of_it_stays(
    office: Path, said: str, left: str
) -> None:
    known = KnownPrivate(
        people={"anna": ["Anna Nowak"], "jan": ["Jan Wójcik"], "marek": ["Marek Lis"]},
        numbers=["+48 600 000 101"],
        accounts=["PL61 1090 1014 0000 0712 1981 2874"],
        contracts=["TK-77310", "SW/2021/04417", "48226000001"],
    )
    session = Session(str(office), {}, FrozenClock())
    (stream,) = session.log.streams("incident.started")
    first = unseal(next(session.log.rows(stream)))
    text = Masker([first._replace(body=first.body + said)], known).text(said)
    assert re.sub(r"\[person \d+\]", "[person]", text) == left


def test_a_guess_of_everything_that_was_masked_fits_no_hash_in_the_copy(office: Path, tmp_path: Path) -> None:
    """The one who guesses knows all of the event but its salt; then the salt is all that is left to guess."""
    whole, copy = tmp_path / "whole", tmp_path / "m"
    assert bcp(office, "incident", "export", "-o", str(whole)).returncode == 0
    texts, _said = masked(office, copy)
    hashes = set(re.findall(r"\b[0-9a-f]{64}\b", texts))
    events = [json.loads(line) for line in (whole / "journal.jsonl").read_bytes().splitlines()]
    for event in events:
        header, content = event["body"], event["content"]
        told = json.loads(content)
        assert told.pop("salt") not in texts
        assert sha256(header.encode()).hexdigest() in hashes, "the chain is there"
        for guess in guesses({**json.loads(header), **told}):
            assert sha256(guess).hexdigest() not in hashes
    named = [path.read_bytes() for path in whole.rglob("*") if path.is_file() and path.name != "verify.py"]
    assert not {sha256(data).hexdigest() for data in named} & hashes, "no hash of a file with names in it"


def guesses(event: dict[str, Any]) -> Iterator[bytes]:
    """Whatever of an event might have been hashed."""
    for told in (event, event["data"], {key: event[key] for key in ("by", "recorded_by", "data", "line")}):
        yield json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    yield str(event["line"]).encode()
    for text in event["data"].get("texts", {}).values():
        yield text.encode()


def test_a_receipt_cannot_be_told_by_its_name_its_hash_or_its_size(office: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "bill of a stranger.pdf"
    receipt.write_bytes(b"x" * 48_611)
    added = bcp(office, "cost", "add", "100 PLN", "Router", "--receipt", str(receipt), "--by", "anna")
    assert added.returncode == 0, added.stderr
    texts, _said = masked(office, tmp_path / "m")
    for secret in ("stranger", "48611", sha256(receipt.read_bytes()).hexdigest()):
        assert secret not in texts


def test_the_chain_of_a_masked_copy_is_checked_link_by_link(office: Path, tmp_path: Path) -> None:
    copy = tmp_path / "m"
    masked(office, copy)
    found = verify.examine(copy)
    assert not found.faults and found.chain.loose == 0
    assert "what the events tell" in found.uncovered and "journal.txt" in found.uncovered
    lines = (copy / "journal.jsonl").read_bytes().splitlines(keepends=True)
    told = json.loads(lines[1])
    forged = [
        [*lines[:1], *lines[2:]],
        [lines[0], lines[2], lines[1], *lines[3:]],
        [lines[0], changed(told, "kind", "note.written"), *lines[2:]],
        [lines[0], changed(told, "at", "2020-01-01T00:00:00.000Z"), *lines[2:]],
        [lines[0], line_of({key: each for key, each in told.items() if key != "header"}), *lines[2:]],
    ]
    for each in forged:
        assert verify.check_journal(each, masked=True).faults, each[1]


def changed(told: dict[str, Any], key: str, value: str) -> bytes:
    return line_of({**told, "event": {**told["event"], key: value}})


def line_of(entry: dict[str, Any]) -> bytes:
    return (json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def test_old_events_are_told_without_hashes_and_it_is_said_that_they_cannot_be_masked_safely(
    tmp_path: Path,
) -> None:
    office, copy = office_with(DEMO, tmp_path), tmp_path / "m"
    made = bcp(office, "incident", "export", "--mask", "-o", str(copy), "--incident", DEMO.stream)
    assert made.returncode == 0, made.stderr
    assert (
        f"Entries 1 to {DEMO.events + 1} are of an older format that cannot be masked safely" in made.stderr
    )
    entries = [json.loads(line) for line in (copy / "journal.jsonl").read_bytes().splitlines()]
    assert all(set(entry) == {"event"} for entry in entries[: DEMO.events])
    assert set(entries[DEMO.events]) == {"event", "hash"}, "its header would tell the last of these hashes"
    assert all(set(entry) == {"event", "hash", "header"} for entry in entries[DEMO.events + 1 :])
    found = verify.examine(copy)
    assert not found.faults and f"events 1 to {DEMO.events + 1}" in found.uncovered


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("600 000 101", "[number]"),
        ("+48 (600) 000-101", "[number]"),
        ("call 600000101!", "call [number]!"),
        ("PL 61 1090 1014 0000 0712 1981 2874", "[account]"),
        ("pl61109010140000071219812874", "[account]"),
        ("GB29 NWBK 6016 1331 9268 19", "[account]"),
        ("Hauptstraße 12", "[street]"),
        ("at 10 Downing Street", "at [street]"),
        ("os. Na Wzgórzu 7/12", "[street]"),
        ("Kundennummer: 99-A-1", "Kundennummer: [contract]"),
        ("Frau Müller rang", "Frau [person] rang"),
        ("a@b.example", "[mail address]"),
        ("2026-11-26T07:50:00.123Z", "2026-11-26T07:50:00.123Z"),
        ("step call-provider took 12 min", "step call-provider took 12 min"),
    ],
)
def test_what_nobody_said_is_known_by_its_shape(text: str, left: str, office: Path) -> None:
    from bcp.app.session import Session

    session = Session(str(office))
    book = session.book(None, "incident")
    from bcp.app.incident.beside import events_of

    mask = Masker(events_of(session, book), KnownPrivate())
    assert mask.text(text) == left

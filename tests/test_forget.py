"""Forgetting a contact: out of its file, out of the letters, out of the database's bytes; the chain stays whole."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.contact import audience
from bcp.contact.forget import take_out
from bcp.contact.load import load
from bcp.notice.campaign.outbox import Campaign, Key, LetterDraft
from bcp.store.outbox import Outbox
from tests.frozen import START
from tests.offices import STREAM, Stage, bcp, stage

PHASES = "\n  - phase: A\n    steps:\n      - {step: look, title: Look, by_hand: Do., manual: {}}\n"
CAMPAIGN = Campaign(STREAM, "line-down", 1, "status", "clients", "anna", START, START + timedelta(days=30))
CSV = 'name,person,email,mobile\r\n"Łoś, bakery",Zofia Żak,zofia@example.com,\r\nBankowa,Jan,jan@example.com,\r\n'
CARDS = "BEGIN:VCARD\nVERSION:3.0\nFN:{}\nEMAIL:{}\nEND:VCARD\n"


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    staged = stage(tmp_path, PHASES)
    staged.run()
    (staged.office / "contacts").mkdir()
    (staged.office / "contacts" / "clients.csv").write_bytes(b"\xef\xbb\xbf" + CSV.encode())
    zofia, jan = load(staged.office, "PL").all
    drafts = [
        LetterDraft(
            Key(CAMPAIGN.id, one.id, "mail"),
            0,
            one.called,
            one.email or "",
            "pl",
            f"Dear {one.person}".encode(),
        )
        for one in (zofia, jan)
    ]
    Outbox(staged.state).freeze(CAMPAIGN, drafts)
    return staged


def test_it_goes_out_of_the_file_the_letters_and_the_bytes_of_the_database(staged: Stage) -> None:
    zofia = load(staged.office, "PL").all[0]
    assert bcp(staged.office, "contact", "verify", "Zofia").returncode == 0
    refused = bcp(staged.office, "contact", "forget", "Zofia")
    assert refused.returncode == 9 and f"--confirm {zofia.id}" in refused.stderr
    assert bcp(staged.office, "contact", "forget", "Zofia", "--confirm", "bankowa-jan").returncode == 9
    done = bcp(staged.office, "contact", "forget", "Zofia", "--confirm", zofia.id)
    assert done.returncode == 0, done.stderr
    assert "out of 1 letter." in done.stderr
    path = staged.office / "contacts" / "clients.csv"
    assert (
        path.read_bytes() == b"\xef\xbb\xbf" + b"name,person,email,mobile\r\nBankowa,Jan,jan@example.com,\r\n"
    )
    assert json.loads((staged.office / "contacts" / "verified.json").read_text(encoding="utf-8")) == {}
    first, second = Outbox(staged.state).rows(CAMPAIGN.id)
    assert first.key.contact.startswith("forgotten-") and first.state == "cancelled" and not first.address
    assert second.key.contact == "bankowa-jan" and second.state == "queued"
    for file in staged.state.rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            assert b"zofia" not in raw and "Żak".encode() not in raw, file
    assert bcp(staged.office, "incident", "verify").returncode == 0


def test_it_goes_out_of_the_log_and_of_crash_files_line_by_line(staged: Stage) -> None:
    zofia = load(staged.office, "PL").all[0]
    (staged.state / "crash").mkdir()
    files = [staged.state / "bcp.log", staged.state / "crash" / "20261126T000000.000Z-1.txt"]
    said = (
        "before\nŁoś, bakery: Zofia ŻAK zofia@example.com łos-bakery-zofia-zak\nJan of Bankowa \xff stays\n"
    )
    for file in files:
        with file.open("ab") as log:
            log.write(said.encode())
    assert bcp(staged.office, "contact", "forget", "Zofia", "--confirm", zofia.id).returncode == 0
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not [each for each in ("ofia", "ŻAK", "Łoś", "bakery", "zak") if each in text], text
        assert "before\n" in text and "Jan of Bankowa \xff stays\n" in text
    assert "ended: status 0" in files[0].read_text(encoding="utf-8"), "what was written behind it is there"


JAN, EWA = CARDS.format("Jan", "j@example.com"), CARDS.format("Ewa", "e@example.com")


@pytest.mark.parametrize(
    ("name", "encoding", "text", "rest"),
    [
        ("a.csv", "utf-8", "name,email\nAnna,a@b.cz\n\nJan,j@b.cz", "name,email\nAnna,a@b.cz\n\n"),
        ("b.csv", "cp1250", "name;email\r\nJan;j@b.cz\r\nŻak;z@b.cz\r\n", "name;email\r\nŻak;z@b.cz\r\n"),
        ("c.csv", "utf-16", "name\temail\nJan\tj@b.cz\n", "name\temail\n"),
        ("d.vcf", "utf-8", JAN + EWA, EWA),
    ],
)
def test_everything_else_in_the_file_stays_byte_for_byte(
    tmp_path: Path, name: str, encoding: str, text: str, rest: str
) -> None:
    (tmp_path / "contacts").mkdir()
    (tmp_path / "contacts" / name).write_bytes(text.encode(encoding))
    take_out(tmp_path, audience.one("Jan", load(tmp_path, "PL").all))
    assert (tmp_path / "contacts" / name).read_bytes() == rest.encode(encoding)

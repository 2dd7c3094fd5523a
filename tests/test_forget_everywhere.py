"""Forgetting a contact for good: every byte of the office afterwards, what is said of the rest, and the second try."""

from __future__ import annotations

import base64
import quopri
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.app.check.watch import _go_on_forgetting
from bcp.app.contact.forget_request import FILE as WAITING
from bcp.app.session import Session
from bcp.contact.load import load
from bcp.contact.traces import Traces
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import Campaign, Key, LetterDraft
from bcp.notice.campaign.post import LetterContext, Post
from bcp.notice.inbox.board import ClientReply, SortedMail
from bcp.notice.inbox.satisfaction import SatisfactionAnswer
from bcp.store.board import StoredAnswers, StoredBoard
from bcp.store.outbox import Outbox
from tests.frozen import START
from tests.offices import STREAM, Stage, bcp, office_in, runbook
from tests.posts import office as with_letters
from tests.posts import order, post_room, real_world

PHASES = "  - phase: A\n    steps:\n      - {step: look, title: Look, by_hand: Do., manual: {}}\n"
FILES = "  - channel: files\n    file: {}\n"
ROWS = """\
name,person,email,phone,mobile,language
Łoś bakery,Zofia Żak,zofia.zak@example.com,,600 111 222,el
Łoś bakery,Jan Łoś,jan@example.com,,600 111 333,pl
Kiosk,Zenon Kruk,,600 111 444,,pl
"""
ZOFIA = "los-bakery-zofia-zak"
NEEDLES = ("zofia", "żak", "-zak", "600111222", "600 111 222", "600-111-222")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office in which the record, letters, lists, replies, pages and left-over files know three contacts."""
    place = with_letters(office_in(tmp_path / "office", outage=runbook(PHASES)), None, ROWS, FILES)
    Stage(place)
    post = post_room(place)
    letters = IncidentLetters(post, LetterContext(STREAM, START, {}, "anna"), real_world(place))
    prepared = post.prepare(letters.affair, order())
    post.freeze(prepared)
    letters.deliver(prepared.campaign.id)
    assert letters.write_calls(prepared.campaign) is not None
    assert bcp(place, "notice", "preview", "line-down", "clients").returncode == 0
    came_back(post, prepared.campaign)
    made_by_hand(place)
    return place


def came_back(post: Post, campaign: Campaign) -> None:
    board, state = StoredBoard(post.folder / "incidents"), post.folder / "incidents"
    for number, (name, sender) in enumerate(
        [("Łoś bakery (Zofia Żak)", "Zofia.Zak@example.com"), ("Łoś bakery (Jan Łoś)", "jan@example.com")]
    ):
        board.put(
            ClientReply(f"<{number}.{sender}>", STREAM, campaign.id, name, sender, f"Re: {name}", START)
        )
        board.lay_aside(
            SortedMail(
                f"<{number}.s@x>", "automatic", name, f"{name} <{sender}>", "Away", f"says: {name}", START
            )
        )
    StoredAnswers(state).keep(SatisfactionAnswer(STREAM, ZOFIA, "comment", "Zofia says hello", "anna", START))
    outbox = Outbox(state)
    outbox.suppress("zofia.zak@example.com", "550 no zofia.zak here", START)
    twin = LetterDraft(
        Key(campaign.id, "twin", "files"), 0, "Twin", "x", "pl", b"Dear Twin", "suppressed",
        f"same address as {ZOFIA}",
    )  # fmt: skip
    outbox.freeze(campaign, [twin])


def made_by_hand(place: Path) -> None:
    """What interrupted writes left, and what people keep in the folder of an office."""
    rows = (place / "contacts" / "clients.csv").read_bytes()
    (place / "contacts" / ".clients.csv.new").write_bytes(rows)
    (place / "contacts" / ".0123456789abcdef.bcp-new").write_bytes(rows)
    (place / "prints" / "ready").mkdir(parents=True, exist_ok=True)
    (place / "prints" / "ready" / "aa.json").write_text('{"told": "Zofia Żak"}', encoding="utf-8")
    (place / "incidents" / "bcp.log").open("a").write("a line of a library about zofia.zak@example.com\n")


def bytes_that_may_be_read(raw: bytes) -> str:
    """All that somebody may find in a file who looks for it: as it is, UTF-16, quoted-printable, base64."""
    runs = re.findall(rb"[A-Za-z0-9+/\r\n]{12,}={0,2}", raw)
    packed = b"\n".join(_unpacked(run) for run in runs)
    unquoted = quopri.decodestring(raw) if b"=" in raw else b""
    whole = b"\n".join((raw, unquoted, packed))
    wide = raw.decode("utf-16-le", "replace") if b"\0" in raw else ""
    return (whole.decode("utf-8", "replace") + wide).casefold()


def _unpacked(run: bytes) -> bytes:
    letters = b"".join(run.split())
    return base64.b64decode(letters + b"=" * (-len(letters) % 4)) if len(letters) % 4 != 1 else b""


def naming(place: Path) -> Iterator[str]:
    """The files in which a name, address or number of Zofia can be read, or which are called after her."""
    for path in sorted(each for each in place.rglob("*") if each.is_file()):
        text = bytes_that_may_be_read(path.read_bytes()) + path.name
        if any(needle in text for needle in NEEDLES):
            yield path.relative_to(place).as_posix()


def test_before_it_the_name_can_be_read_in_all_these_files(office: Path) -> None:
    found = list(naming(office))
    assert "incidents/bcp.sqlite3" in found or "incidents/bcp.sqlite3-wal" in found
    for part in (
        "/letters/",
        "/preview/",
        "calls.txt",
        "bcp.log",
        ".clients.csv.new",
        ".bcp-new",
        "ready/aa.json",
    ):
        assert any(part in each for each in found), (part, found)


def test_afterwards_no_byte_of_the_office_names_it_but_in_the_files_that_were_named(office: Path) -> None:
    bcp(office, "incident", "resume")  # so that journal.txt has all lines
    assert bcp(office, "incident", "note", "Zofia Żak shouts at us, call 600-111-222").returncode == 0
    backup = office / "backup.zip"
    with zipfile.ZipFile(backup, "w") as archive:
        archive.write(office / "contacts" / "clients.csv", "clients.csv")
    shutil.copy(office / "contacts" / "clients.csv", office / "contacts" / "clients.csv.bak")
    assert bcp(office, "print", "calls", "line-down", "clients", "-o", "calls.pdf").returncode == 0
    done = bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA)
    assert done.returncode == 0, done.stderr
    named = {
        "backup.zip",
        "contacts/clients.csv.bak",
        f"incidents/{STREAM}/journal.txt",
        "incidents/bcp.sqlite3",
        "calls.pdf",
    }
    assert set(naming(office)) <= named, done.stderr
    for file in named - {"incidents/bcp.sqlite3"}:
        assert f"  {file}\n" in done.stderr
    assert f"{STREAM}, entry 3\n" in done.stderr, done.stderr
    assert "backups" in done.stderr and "mail servers" in done.stderr and "paper" in done.stderr
    assert bcp(office, "incident", "verify").returncode == 0


def test_without_a_note_about_it_the_database_does_not_name_it_in_a_single_byte(office: Path) -> None:
    assert bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA).returncode == 0
    assert list(naming(office)) == []


def test_the_others_keep_their_letters_their_calls_and_their_replies(office: Path) -> None:
    state = office / "incidents"
    before = {path.name for path in state.rglob("letters/*")}
    assert bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA).returncode == 0
    after = {path.name for path in state.rglob("letters/*")}
    assert before - after == {f"line-down-1-{ZOFIA}.eml"}
    calls = (state / STREAM / "calls.txt").read_text(encoding="utf-8")
    assert "Jan Łoś" in calls and "Zenon Kruk" in calls and ": 2 calls" in calls
    gone, jan = sorted(StoredBoard(state).replies(), key=lambda reply: reply.contact, reverse=True)
    assert (jan if "Jan" in jan.contact else gone).sender == "jan@example.com"
    assert not [reply for reply in (gone, jan) if "ofia" in f"{reply}"]
    (twin,) = [row for row in Outbox(state).rows(f"{STREAM}/line-down/1") if row.key.contact == "twin"]
    assert twin.reason.startswith("same address as forgotten-")


def test_whom_a_server_refused_and_who_opted_out_is_not_written_to_again_when_brought_in_anew(
    office: Path,
) -> None:
    file = office / "contacts" / "clients.csv"
    file.write_text(
        "name,person,email,opted_out\nŁoś bakery,Zofia Żak,zofia.zak@example.com,\nKiosk,Zenon Kruk,z@example.com,yes\n"
    )
    again = file.read_text().replace(",yes", ",")
    for name in ("Zofia", "Zenon"):
        (one,) = [each for each in load(office, "PL").all if name in each.person]
        assert bcp(office, "contact", "forget", name, "--confirm", one.id).returncode == 0
    assert all(address.startswith("sha256:") for address in Outbox(office / "incidents").suppressed())
    file.write_text(again.replace("zofia.zak", "Zofia.Zak"))
    mail = '  - channel: mail\n    smtp: {host: localhost, user: u, password: "env:MAIL", from: "K <k@example.com>"}\n'
    (office / "channels.yaml").write_text(f"channels:\n{mail}")
    post = post_room(office)
    planned = post.prepare(LetterContext(STREAM, START, {}, "anna"), order(again=True)).plan
    assert not planned.letters
    assert [one.why_not.rpartition(": ")[2] for one in planned.left_out] == ["refused before", "opted out"]


def test_a_second_row_of_the_same_contact_does_not_take_the_place_of_the_first(office: Path) -> None:
    (office / "contacts" / "more.csv").write_text(
        "name,person\nŁoś bakery,Zofia Żak\nFirma,\n", encoding="utf-8"
    )
    assert bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA).returncode == 0
    assert list(naming(office)) == []
    assert "Firma" in (office / "contacts" / "more.csv").read_text(encoding="utf-8")


def test_while_the_store_is_busy_it_is_said_not_to_be_done_and_the_next_command_does_it(office: Path) -> None:
    state = office / "incidents"
    reader = sqlite3.connect(state / "bcp.sqlite3")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM letters").fetchall()
    said = bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA)
    assert said.returncode == 3 and "Not yet" in said.stderr, said.stderr
    assert "another process reads the store" in said.stderr and (state / WAITING).exists()
    assert "Not yet" not in bcp(office, "incident", "status").stderr, "nobody is bothered meanwhile"
    assert (state / WAITING).exists()
    reader.close()
    status = bcp(office, "incident", "status")
    assert status.returncode == 0 and "Zofia Żak" in status.stderr, status.stderr
    assert not (state / WAITING).exists() and list(naming(office)) == []


def test_while_another_process_writes_nothing_is_lost_either(office: Path) -> None:
    state = office / "incidents"
    writer = sqlite3.connect(state / "bcp.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    said = bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA)
    assert said.returncode == 3 and "is locked by another program" in said.stderr, said.stderr
    assert "Zofia" not in (office / "contacts" / "clients.csv").read_text(encoding="utf-8")
    writer.execute("ROLLBACK")
    assert bcp(office, "contact", "list").returncode == 0
    writer.close()
    assert not (state / WAITING).exists() and list(naming(office)) == []


def test_a_watch_tries_again_too(office: Path) -> None:
    with Outbox(office / "incidents").sole_sender():
        assert bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA).returncode == 3
        _go_on_forgetting(Session(str(office)))
        assert (office / "incidents" / WAITING).exists()
    _go_on_forgetting(Session(str(office)))
    assert not (office / "incidents" / WAITING).exists() and list(naming(office)) == []


def test_a_file_that_cannot_be_read_is_named_and_is_no_reason_to_try_for_ever(office: Path) -> None:
    shutil.copy(office / "incidents" / "bcp.sqlite3", office / "incidents" / "bcp.sqlite3.bak")
    (office / "broken.zip").write_bytes(b"PK\x03\x04" + b"\0" * 40 + b"PK\x05\x06" + b"\xff" * 18)
    done = bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA)
    assert done.returncode == 0 and "  incidents/bcp.sqlite3.bak\n" in done.stderr, done.stderr
    assert "  broken.zip\n" in done.stderr and not (office / "incidents" / WAITING).exists()


def test_while_letters_are_being_sent_it_waits_and_the_same_command_finishes_it(office: Path) -> None:
    with Outbox(office / "incidents").sole_sender():
        said = bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA)
        assert said.returncode == 3 and "letters are being sent" in said.stderr
    assert "Zofia" not in (office / "contacts" / "clients.csv").read_text(encoding="utf-8")
    assert bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA).returncode == 0
    assert list(naming(office)) == []


def test_whoever_was_deleted_from_the_contact_file_by_hand_can_still_be_forgotten(office: Path) -> None:
    file = office / "contacts" / "clients.csv"
    file.write_text("".join(line for line in ROWS.splitlines(keepends=True) if "Zofia" not in line))
    said = bcp(office, "contact", "forget", "Zofia", "--confirm", ZOFIA)
    assert said.returncode == 0, said.stderr
    assert [each for each in naming(office) if "ready" not in each] == []


@pytest.mark.parametrize(
    ("text", "is_hers"),
    [
        ("call ZOFIA  ŻAK today", True),
        ("zofia zak", True),
        ("Zofia\nŻak", True),
        ("+48 600-111-222", True),
        ("(600) 111 222", True),
        ("1600111222", False),
        ("600 111 2223", False),
        ("the bakery of Łoś", False),
        ("Łoś bakery", False),
    ],
)
def test_a_text_tells_of_somebody_by_what_nobody_else_has(office: Path, text: str, is_hers: bool) -> None:
    zofia, *others = load(office, "PL").all
    assert Traces(zofia, others).stand_in(text) is is_hers


def test_a_name_is_found_in_a_mail_in_utf_16_and_in_old_encodings(office: Path) -> None:
    zofia, *others = load(office, "PL").all
    traces = Traces(zofia, others)
    mail = b"To: =?utf-8?b?Wm9maWEgxbtha" + b"w==?= <x@example.com>\nSubject: a\n\nhello\n"
    assert traces.stand_in_bytes(mail)
    assert traces.stand_in_bytes(
        b"Subject: a\nContent-Transfer-Encoding: quoted-printable\n\nZofia =C5=BBa=\nk\n"
    )
    assert traces.stand_in_bytes("Zofia Żak".encode("utf-16"))
    assert traces.stand_in_bytes("x Zofia Żak".encode("cp1250"))
    assert traces.stand_in_bytes("x Zofia Żak".encode("cp852")) and traces.stand_in_bytes(
        "Zofia Żak".encode("mac_latin2")
    )
    assert not traces.stand_in_bytes(b"\x00\xff" * 100)

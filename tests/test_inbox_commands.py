"""The board of replies at the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bcp.notice.inbox.board import ClientReply, SortedMail
from bcp.store.board import StoredBoard
from bcp.store.outbox import Outbox
from tests.frozen import START
from tests.posts import clients
from tests.posts import office as make_office
from tests.test_tell import bcp

HOUR = timedelta(hours=1)


def office_with_replies(folder: Path, count: int) -> Path:
    make_office(folder, None, clients(1))
    text = (folder / "bcp.yaml").read_text()
    ewa = '  - {person: ewa, name: Ewa Lis, phone: "+48600000102"}\nroles:'
    (folder / "bcp.yaml").write_text(text.replace("roles:", ewa))
    board = StoredBoard(folder / "incidents")
    for n in range(count):
        board.put(
            ClientReply(
                f"<{n}@x>", "i", "i/line-down/1", f"Firma {n}", f"f{n}@example.com", "Re: line", START
            )
        )
    return folder


def listed(place: Path, *more: str) -> list[tuple[str, str, str]]:
    found = json.loads(bcp(place, "inbox", "list", *more, "--json").stdout)
    return [(one["contact"], one["status"], one["owner"]) for one in found]


def test_a_reply_is_taken_handed_over_and_answered(tmp_path: Path) -> None:
    place = office_with_replies(tmp_path, 2)
    assert bcp(place, "inbox", "take", "1").returncode == 0
    assert listed(place) == [("Firma 0", "taken", "anna"), ("Firma 1", "open", "")]
    refused = bcp(place, "inbox", "take", "1", "--by", "ewa")
    assert refused.returncode == 2 and "anna looks after it" in refused.stderr.lower()
    assert bcp(place, "inbox", "hand-to", "Firma 0", "ewa").returncode == 0
    assert bcp(place, "inbox", "answered", "Firma 0", "--by", "ewa").returncode == 0
    assert listed(place) == [("Firma 1", "open", "")]
    assert listed(place, "--all")[0] == ("Firma 0", "answered", "ewa")


def test_what_was_sorted_away_is_listed_by_pile_with_who_wrote_what_and_why(tmp_path: Path) -> None:
    place = office_with_replies(tmp_path, 1)
    assert "Nothing was sorted away." in bcp(place, "inbox", "list", "--others").stderr
    board = StoredBoard(place / "incidents")
    for pile, subject in (("automatic", "Away\x1b[2J"), ("bounce", "failure notice"), ("other", "")):
        board.lay_aside(
            SortedMail(f"<{pile}@x>", pile, "Firma 0", "a@x.example", subject, f"why {pile}", START)
        )
    said = bcp(place, "inbox", "list", "--others").stdout
    assert said.splitlines() == [
        "Bounces (1)",
        "  Firma 0 · a@x.example: failure notice   (why bounce)",
        "Automatic answers (1)",
        "  Firma 0 · a@x.example: Away<U+001B>[2J   (why automatic)",
        "Other mail (1)",
        "  Firma 0 · a@x.example: no subject   (why other)",
    ]
    found = json.loads(bcp(place, "inbox", "list", "--others", "--json").stdout)
    assert {one["pile"]: one["why"] for one in found}["bounce"] == "why bounce"


def test_people_stand_before_programs_and_requests_are_decided_by_a_person(tmp_path: Path) -> None:
    place = office_with_replies(tmp_path, 2)
    board = StoredBoard(place / "incidents")
    one = ClientReply(
        "<l@x>",
        "i",
        "i/line-down/1",
        "Firma 7",
        "f7@x.example",
        "Auto",
        START - HOUR,
        kind="look",
        why="left",
    )
    board.put(one)
    board.put(replace(one, message_id="<r@x>", contact="Firma 8", sender="jan0@example.com", kind="request"))
    listed = bcp(place, "inbox", "list")
    numbers = [row.split()[0] for row in listed.stdout.splitlines()]
    assert numbers == ["2", "3", "4", "1"] and "need a look" in listed.stderr
    board.put(
        replace(one, message_id="<h@x>", contact="Firma 6", sender="mailer-daemon@x.example", kind="hint")
    )
    refused = bcp(place, "inbox", "opt-out", "Firma 6")
    assert refused.returncode == 2 and "mail server wrote that mail about Firma 6" in refused.stderr
    said = bcp(place, "inbox", "opt-out", "Firma 8")
    assert "jan0@example.com) asked for no more letters" in said.stderr
    assert "No answer went out: no channel sends mail" in said.stderr
    assert dict(Outbox(place / "incidents").suppressed()) == {"jan0@example.com": "opted out"}
    board.put(replace(one, message_id="<b@x>", contact="Firma 9", sender="jan0@example.com", kind="person"))
    refused = bcp(place, "inbox", "opt-in", "Firma 7")
    assert refused.returncode == 2 and "did not opt out by mail" in refused.stderr
    assert "Letters go to jan0@example.com again." in bcp(place, "inbox", "opt-in", "Firma 9").stderr
    assert not Outbox(place / "incidents").suppressed()
    again = bcp(place, "inbox", "opt-out", "Firma 8")
    assert again.returncode == 2 and "fits 0 replies" in again.stderr


def test_what_fits_no_reply_or_several_is_a_sentence(tmp_path: Path) -> None:
    place = office_with_replies(tmp_path, 2)
    assert "fits 2 replies" in bcp(place, "inbox", "take", "Firma").stderr
    assert "fits 0 replies" in bcp(place, "inbox", "take", "9").stderr


def test_fetching_without_a_mailbox_names_the_remedy(tmp_path: Path) -> None:
    said = bcp(office_with_replies(tmp_path, 0), "inbox", "fetch")
    assert said.returncode == 2 and "names no mailbox" in said.stderr and "with: inbox:" in said.stderr

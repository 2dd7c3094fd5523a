"""The board of replies at the command line."""

from __future__ import annotations

import json
from pathlib import Path

from bcp.notice.inbox.board import ClientReply
from bcp.store.board import StoredBoard
from tests.frozen import START
from tests.posts import clients
from tests.posts import office as make_office
from tests.test_tell import bcp


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


def test_what_fits_no_reply_or_several_is_a_sentence(tmp_path: Path) -> None:
    place = office_with_replies(tmp_path, 2)
    assert "fits 2 replies" in bcp(place, "inbox", "take", "Firma").stderr
    assert "fits 0 replies" in bcp(place, "inbox", "take", "9").stderr


def test_fetching_without_a_mailbox_names_the_remedy(tmp_path: Path) -> None:
    said = bcp(office_with_replies(tmp_path, 0), "inbox", "fetch")
    assert said.returncode == 2 and "names no mailbox" in said.stderr and "with: inbox:" in said.stderr

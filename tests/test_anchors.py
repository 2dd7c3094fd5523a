"""Heads that are given away: stamped, mailed and kept; and exports checked by their stamps and signatures."""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.app.incident import anchor
from bcp.app.session import Session
from bcp.clock import SystemClock
from bcp.errors import InputError
from bcp.event import content_of
from bcp.incident.evidence import verify
from bcp.incident.evidence.anchors import GivenHead, as_line, from_lines, stamped_text
from bcp.incident.evidence.proof import Anchor, last_line
from bcp.store.anchors import AnchorFiles
from bcp.store.place import outside_folder
from bcp.world.der import with_ordered_certificates
from bcp.world.timestamp import stamp_time, stamped
from tests.authority import authority
from tests.children import only_with
from tests.forged import chained, opened, sealed
from tests.frozen import START, FrozenClock
from tests.offices import bcp, office_in, runbook
from tests.smtpd import PASSWORD, USER, Smtpd

__all__ = ["authority"]

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: look, manual: {}}
"""

STRANGE_GIVEN = '{"event": "x"}\n[]\n{"event": Infinity, "head": ""}\n{"event": -2, "head": ""}\n'


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return office_in(tmp_path / "office", outage=runbook(PHASES))


@pytest.fixture
def smtpd(tmp_path: Path) -> Iterator[Smtpd]:
    server = Smtpd(tmp_path)
    yield server
    server.close()


def set_up(office: Path, more: str) -> None:
    with (office / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write(more)


def by_authority(authority: tuple[str, Path]) -> str:
    url, root = authority
    return f"timestamp: {{url: '{url}', root: '{root}'}}\n"


def mail_to(office: Path, smtpd: Smtpd) -> None:
    (office / "channels.yaml").write_text(
        f"channels:\n  - channel: mail\n    smtp: {{host: localhost, port: {smtpd.port}, user: {USER},"
        " password: env:MAIL,"
        f' from: "Kropka <{USER}>", authority: {smtpd.authority}}}\n',
        encoding="utf-8",
    )
    set_up(office, "seals: {mail: [lawyer@example.com]}\n")


def given(office: Path) -> list[GivenHead]:
    """What is kept beside the only incident."""
    (file,) = (office / "incidents").glob("*/anchors.jsonl")
    return list(from_lines(file.read_text(encoding="utf-8").splitlines()))


def stream_of(office: Path) -> str:
    found: str = json.loads(bcp(office, "incident", "list", "--json").stdout)[0]["id"]
    return found


def test_the_head_is_stamped_and_mailed_at_the_beginning_and_at_the_end_and_proves_an_export(
    office: Path, authority: tuple[str, Path], smtpd: Smtpd, tmp_path: Path
) -> None:
    set_up(office, by_authority(authority))
    mail_to(office, smtpd)
    env = {"MAIL": PASSWORD}
    assert bcp(office, "incident", "start", "outage", **env).returncode == 9
    assert [each.how for each in given(office)][:1] == ["kept"]
    assert bcp(office, "incident", "step", "done", "look", **env).returncode == 0
    closed = bcp(office, "incident", "close", "--reason", "over", **env)
    assert closed.returncode == 0, closed.stderr
    ways = [each.how for each in given(office)]
    assert ways.count("stamp") >= 1 and ways.count("mail") >= 1 and "tried" not in ways
    last = given(office)[-1]
    letters = [str(each.message.get_content()) for each in smtpd.accepted]
    assert (
        any(last.head in letter for letter in letters) and smtpd.accepted[0].recipient == "lawyer@example.com"
    )
    folder = tmp_path / "export"
    assert bcp(office, "incident", "export", "-o", str(folder), "--incident", last.incident).returncode == 0
    checked = bcp(office, "incident", "verify", "--export", str(folder))
    assert (
        checked.returncode == 3 and "this stamp was not checked: give the authority's root" in checked.stdout
    )
    checked = bcp(office, "incident", "verify", "--export", str(folder), "--root", str(authority[1]))
    assert checked.returncode == 0, checked.stdout
    assert f"anchored at event {last.event} by a time stamp of 20" in checked.stdout.splitlines()[-1]
    live = bcp(office, "incident", "verify", "--incident", last.incident)
    assert live.returncode == 0 and f"anchored at event {last.event} by a time stamp of" in live.stdout
    assert f"#{last.event} by mail to lawyer@example.com" in live.stdout


def test_an_authority_that_is_dead_keeps_nobody_from_beginning_or_closing_and_that_is_said(
    office: Path,
) -> None:
    (office / "tsa.pem").write_text("no certificate", encoding="ascii")
    set_up(office, "timestamp: {url: 'http://127.0.0.1:9/', root: tsa.pem}\n")
    assert bcp(office, "incident", "start", "outage").returncode == 9
    bcp(office, "incident", "step", "done", "look")
    closed = bcp(office, "incident", "close", "--reason", "over")
    assert closed.returncode == 0 and "The head of the record was not given away" in closed.stderr
    assert "stamp" not in [each.how for each in given(office)]


def test_an_hour_later_the_watch_gives_the_head_away_again_and_ten_minutes_later_what_failed(
    office: Path, smtpd: Smtpd
) -> None:
    bcp(office, "incident", "start", "outage")
    mail_to(office, smtpd)
    clock = FrozenClock(SystemClock().now())
    session = Session(str(office), {**os.environ, "MAIL": PASSWORD}, clock)
    book = session.book(None, "incident")
    anchor.give_if_due(session, book.incident)
    assert len(smtpd.accepted) == 1
    bcp(office, "incident", "note", "the router is warm")
    book.refresh()
    anchor.give_if_due(session, book.incident)
    assert len(smtpd.accepted) == 1, "not within the hour"
    clock.go_on(timedelta(hours=1, minutes=1))
    smtpd.faults.sender = "550 5.7.1 not now"
    anchor.give_if_due(session, book.incident)
    assert len(smtpd.accepted) == 1 and given(office)[-1].how == "tried"
    smtpd.faults.sender = ""
    clock.go_on(timedelta(minutes=5))
    anchor.give_if_due(session, book.incident)
    assert len(smtpd.accepted) == 1
    clock.go_on(timedelta(minutes=6))
    anchor.give_if_due(session, book.incident)
    assert len(smtpd.accepted) == 2 and given(office)[-1].how == "mail"
    clock.go_on(timedelta(hours=3))
    anchor.give_if_due(session, book.incident)
    assert len(smtpd.accepted) == 2, "nothing was written since"


def test_validate_says_why_heads_can_never_be_given_away(office: Path, smtpd: Smtpd) -> None:
    set_up(
        office,
        "timestamp: {url: 'http://127.0.0.1:9/', root: tsa.pem}\nseals: {mail: [lawyer@example.com]}\n",
    )
    said = bcp(office, "validate")
    assert said.returncode == 0 and "There is no file tsa.pem" in said.stderr
    assert "to be mailed to lawyer@example.com, and no channel in channels.yaml sends mail" in said.stderr
    (office / "bcp.yaml").write_text(
        (office / "bcp.yaml").read_text(encoding="utf-8").partition("timestamp")[0]
    )
    mail_to(office, smtpd)
    assert "sends mail" not in bcp(office, "validate").stderr


@pytest.mark.parametrize("address", ["lawyer", "-o@example.com", "a b@example.com", "a@example"])
def test_what_is_no_address_is_a_mistake_of_bcp_yaml(office: Path, address: str) -> None:
    set_up(office, f"seals: {{mail: ['{address}']}}\n")
    said = bcp(office, "validate")
    assert said.returncode == 2 and "expected a mail address" in said.stderr


def test_a_drill_gives_nothing_away(office: Path, smtpd: Smtpd) -> None:
    mail_to(office, smtpd)
    assert bcp(office, "drill", "start", "outage", "--yes", MAIL=PASSWORD).returncode in (0, 2, 9)
    assert not smtpd.accepted and not list((office / "incidents").glob("*/anchors.jsonl"))


def test_a_journal_that_was_written_anew_in_the_folder_does_not_go_with_the_head_that_is_kept_outside(
    office: Path,
) -> None:
    bcp(office, "incident", "start", "outage")
    stream = stream_of(office)
    with closing(sqlite3.connect(office / "incidents" / "bcp.sqlite3", isolation_level=None)) as store:
        store.execute("DROP TRIGGER events_update_refused")
        rows = store.execute(
            "SELECT seq, body FROM events WHERE stream = ? ORDER BY seq", (stream,)
        ).fetchall()
        last = "0" * 64
        for seq, body in rows:
            text, last = sealed({**content_of(body), "by": "piotr", "prev": last})
            store.execute(
                "UPDATE events SET body = ?, hash = ? WHERE stream = ? AND seq = ?", (text, last, stream, seq)
            )
    (office / "incidents" / stream / "anchors.jsonl").unlink()
    found = bcp(office, "incident", "verify")
    assert found.returncode == 3 and "event 1 is not what it was at" in found.stderr


def test_heads_are_kept_in_a_file_of_ours_outside_the_folder_and_lines_of_others_are_passed_over(
    tmp_path: Path,
) -> None:
    environ = {
        "XDG_STATE_HOME": str(tmp_path / "x"),
        "LOCALAPPDATA": str(tmp_path / "x"),
        "HOME": str(tmp_path),
    }
    files = AnchorFiles(tmp_path / "state", environ)
    kept = GivenHead("i", 3, "a" * 64, START, "mail", "lawyer@example.com")
    files.add(kept)
    assert files.outside is not None and files.outside.is_relative_to(tmp_path / "x" / "bcp")
    assert [each for _path, each in files.all("i")] == [kept, kept] and not list(files.all("j"))
    strange = [
        "{}",
        "[]",
        "nothing",
        '{"at": 3}',
        as_line(kept._replace(how="sung")),
        as_line(kept._replace(head=3)),
    ]  # type: ignore[arg-type]
    assert list(from_lines([*strange, as_line(kept)])) == [kept]


def test_where_a_login_keeps_things() -> None:
    if os.name != "nt":
        assert outside_folder({"HOME": "/home/anna"}) == Path("/home/anna/.local/state/bcp")
        assert outside_folder({"XDG_STATE_HOME": "relative", "HOME": "/h"}) == Path("/h/.local/state/bcp")
        assert outside_folder({}) is None


def test_the_certificates_of_a_stamp_may_come_in_any_order(authority: tuple[str, Path]) -> None:
    url, root = authority
    data = stamped_text("a" * 64)
    answer, at = stamped(data, url, root)
    begin, certificates, end = taken_apart(answer)
    assert len(certificates) == 2
    for order in itertools.permutations(certificates):
        assert stamp_time(data, begin + b"".join(order) + end, root) == at
    with pytest.raises(ValueError, match="Mismatch"):
        stamp_time(b"other", answer, root)


def taken_apart(answer: bytes) -> tuple[bytes, list[bytes], bytes]:
    """An answer before its certificates, each of them, and what is behind: they are DER, of a long form each."""
    ordered = with_ordered_certificates(answer)
    for start in range(len(ordered)):
        if (
            ordered[start] == 0xA0
            and ordered[start + 1] == 0x82
            and ordered[start + 4 : start + 6] == b"\x30\x82"
        ):
            whole = int.from_bytes(ordered[start + 2 : start + 4], "big")
            first = int.from_bytes(ordered[start + 6 : start + 8], "big") + 4
            if first < whole and ordered[start + 4 + first : start + 6 + first] == b"\x30\x82":
                inside = start + 4
                return (
                    ordered[:inside],
                    [
                        ordered[inside : inside + first],
                        ordered[inside + first : inside + whole],
                    ],
                    ordered[inside + whole :],
                )
    raise AssertionError("no certificates")


@pytest.mark.parametrize(
    "strange", [b"", b"0", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x02\x01\x00" * 9, b"\x30\x02\x30\x09"]
)
def test_what_is_no_stamp_is_refused_in_a_sentence(strange: bytes, authority: tuple[str, Path]) -> None:
    with pytest.raises((ValueError, InputError)):
        stamp_time(b"data", strange, authority[1])


def test_a_signature_is_checked_by_us_and_one_that_does_not_fit_or_was_not_checked_is_a_fault(
    office: Path, tmp_path: Path
) -> None:
    only_with("ssh-keygen")
    for name in ("key", "other"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    bcp(office, "incident", "start", "outage")
    folder = tmp_path / "signed"
    assert (
        bcp(office, "incident", "export", "-o", str(folder), "--sign", str(tmp_path / "key")).returncode == 0
    )
    check = ["incident", "verify", "--export", str(folder)]
    unchecked = bcp(office, *check)
    assert (
        unchecked.returncode == 3
        and "this signature was not checked: give the allowed signers" in unchecked.stdout
    )
    signers = tmp_path / "signers"
    signers.write_text(
        "office@kropka " + (tmp_path / "key.pub").read_text(encoding="utf-8"), encoding="utf-8"
    )
    holds = bcp(office, *check, "--signers", str(signers))
    assert holds.returncode == 0, holds.stdout + holds.stderr
    assert "anchored at event 3 by a signature of office@kropka" in holds.stdout.splitlines()[-1]
    strangers = tmp_path / "strangers"
    strangers.write_text(
        "office@kropka " + (tmp_path / "other.pub").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert bcp(office, *check, "--signers", str(strangers)).returncode == 3
    (folder / "spans.jsonl").write_text("{}\n", encoding="utf-8")
    assert bcp(office, *check, "--signers", str(signers)).returncode == 3
    text = (folder / "SHA256SUMS").read_text(encoding="utf-8")
    (folder / "SHA256SUMS").write_text(text + " ", encoding="utf-8")
    told = bcp(office, *check, "--signers", str(signers))
    assert told.returncode == 3 and "SHA256SUMS.sig: this signature does not fit" in told.stdout
    assert "verify.py" not in told.stderr and "run no program that lies in it" in told.stderr


def test_a_head_with_fewer_than_32_digits_is_refused_and_groups_are_taken(
    office: Path, tmp_path: Path
) -> None:
    bcp(office, "incident", "start", "outage")
    folder = tmp_path / "export"
    assert bcp(office, "incident", "export", "-o", str(folder)).returncode == 0
    head = json.loads(bcp(office, "incident", "verify", "--json").stdout)[0]["head"]
    for command in (["verify"], ["verify", "--export", str(folder)]):
        for short in (head[:12], head[:31], "", "no head"):
            refused = bcp(office, "incident", *command, "--head", short)
            assert refused.returncode == 2 and "at least 32 of the digits" in refused.stderr, (command, short)
        grouped = " ".join(head[at : at + 4] for at in range(0, 32, 4))
        taken = bcp(office, "incident", *command, "--head", grouped.upper())
        assert taken.returncode == 0 and "anchored at event 3 by the head that you gave" in taken.stdout
        assert bcp(office, "incident", *command, "--head", "0" * 32).returncode == 3


def test_a_head_that_an_export_says_was_given_away_must_be_that_of_its_journal(
    office: Path, smtpd: Smtpd, tmp_path: Path
) -> None:
    mail_to(office, smtpd)
    bcp(office, "incident", "start", "outage", MAIL=PASSWORD)
    bcp(office, "incident", "step", "done", "look", MAIL=PASSWORD)
    assert bcp(office, "incident", "close", "--reason", "over", MAIL=PASSWORD).returncode == 0
    folder, stream = tmp_path / "export", stream_of(office)
    assert bcp(office, "incident", "export", "--incident", stream, "-o", str(folder)).returncode == 0
    chain = verify.examine(folder).chain
    assert not verify.check_given(folder, chain).faults
    lines = (folder / "journal.jsonl").read_bytes().splitlines()
    told = [opened(line) for line in lines]
    told[0]["by"] = "piotr"
    forged = chained(told)
    (folder / "journal.jsonl").write_bytes(forged)
    anew = verify.Chain([], [json.loads(line)["hash"] for line in forged.splitlines()], told)
    (fault, *_more) = verify.check_given(folder, anew).faults
    assert "is not the one whose head was given away at 20" in fault
    (folder / "anchors.jsonl").write_text(STRANGE_GIVEN, encoding="utf-8")
    assert len(verify.check_given(folder, chain).faults) == STRANGE_GIVEN.count("\n")


def test_a_stamp_that_is_gone_is_not_covered_even_where_all_files_are_stamped(
    office: Path, authority: tuple[str, Path], tmp_path: Path
) -> None:
    set_up(office, by_authority(authority))
    bcp(office, "incident", "start", "outage")
    bcp(office, "incident", "step", "done", "look")
    bcp(office, "incident", "close", "--reason", "over")
    (stamp,) = list((office / "incidents").glob("*/anchors/*.tsr"))[-1:]
    stamp.unlink()
    folder = tmp_path / "export"
    more = ("--incident", stream_of(office), "--timestamp", "-o", str(folder))
    assert bcp(office, "incident", "export", *more).returncode == 0
    checked = bcp(office, "incident", "verify", "--export", str(folder), "--root", str(authority[1]))
    assert checked.returncode == 0, checked.stdout
    assert f"not covered: anchors/{stamp.name}" in checked.stdout.splitlines()[-1]


def test_beside_an_anchor_without_a_date_the_last_line_names_the_last_one_with_a_date() -> None:
    anchors = [
        Anchor(2, "an old stamp", is_dated=True),
        Anchor(3, "a stamp", is_dated=True),
        Anchor(7, "a signature"),
    ]
    said = last_line(0, 7, anchors, [])
    assert "anchored at event 7 by a signature" in said and "and at event 3 by a stamp; not covered" in said
    assert "old stamp" not in said
    assert "and at event" not in last_line(0, 7, [*anchors, Anchor(7, "a late stamp", is_dated=True)], [])


def test_a_link_in_an_export_is_a_fault(office: Path, tmp_path: Path) -> None:
    only_with("ln")
    bcp(office, "incident", "start", "outage")
    folder = tmp_path / "export"
    assert bcp(office, "incident", "export", "-o", str(folder)).returncode == 0
    (folder / "more").symlink_to(tmp_path)
    text = folder / "journal.txt"
    (tmp_path / "journal.txt").write_bytes(text.read_bytes())
    text.unlink()
    text.symlink_to(tmp_path / "journal.txt")
    faults = verify.examine(folder).faults
    assert [each.split(": is a link")[0] for each in faults] == ["journal.txt", "more"]


def test_a_stamp_and_a_signature_that_are_expected_and_are_not_there_are_faults(
    office: Path, authority: tuple[str, Path], tmp_path: Path
) -> None:
    bcp(office, "incident", "start", "outage")
    folder = tmp_path / "export"
    assert bcp(office, "incident", "export", "-o", str(folder)).returncode == 0
    check = ["incident", "verify", "--export", str(folder)]
    assert bcp(office, *check, "--incident", stream_of(office)).returncode == 0
    signers = tmp_path / "signers"
    signers.write_text("office@kropka ssh-ed25519 AAAA\n", encoding="utf-8")
    for more, said in (
        (("--root", str(authority[1])), "no stamp lies there that could be checked"),
        (("--signers", str(signers)), "no signature lies there that could be checked"),
        (("--incident", "2020-01-01-other"), "is the record of"),
    ):
        found = bcp(office, *check, *more)
        assert found.returncode == 3 and said in found.stdout, more
        assert "DOES NOT HOLD" in found.stdout.splitlines()[-1]
    for option in ("--root", "--signers"):
        found = bcp(office, *check, option, str(tmp_path / "nothing"))
        assert found.returncode == 2 and "there is no file" in found.stderr.lower(), option


def test_a_root_certificate_that_is_gone_leaves_the_stamp_unchecked_and_the_rest_is_verified(
    office: Path, authority: tuple[str, Path], tmp_path: Path
) -> None:
    set_up(office, by_authority(authority))
    bcp(office, "incident", "start", "outage")
    bcp(office, "incident", "step", "done", "look")
    bcp(office, "incident", "close", "--reason", "over")
    text = (office / "bcp.yaml").read_text(encoding="utf-8")
    (office / "bcp.yaml").write_text(text.replace(str(authority[1]), "gone.pem"), encoding="utf-8")
    found = bcp(office, "incident", "verify")
    said = found.stdout + found.stderr
    assert found.returncode == 3 and "this stamp was not checked:" in said and "DOES NOT HOLD" in said
    named = bcp(office, "incident", "verify", "--root", str(tmp_path / "nothing"))
    assert named.returncode == 2 and "begins with -----BEGIN CERTIFICATE-----" in named.stderr


def test_what_belongs_to_no_journal_alone_is_also_said_beside_the_data(office: Path) -> None:
    bcp(office, "incident", "start", "outage")
    found = bcp(office, "incident", "verify", "--json", "--head", "0" * 32)
    assert found.returncode == 3 and json.loads(found.stdout)[0]["whole"] is True
    assert "does not hold the head" in found.stderr


def test_times_that_are_later_than_their_stamp_are_not_covered(
    office: Path, authority: tuple[str, Path], tmp_path: Path
) -> None:
    bcp(office, "incident", "start", "outage")
    folder = tmp_path / "export"
    assert bcp(office, "incident", "export", "-o", str(folder)).returncode == 0
    (folder / "anchors").mkdir()

    def stamped_as_told(recorded_at: str) -> str:
        told = [opened(line) for line in (folder / "journal.jsonl").read_bytes().splitlines()]
        told[1]["recorded_at"] = recorded_at or told[1]["recorded_at"]
        (folder / "journal.jsonl").write_bytes(forged := chained(told))
        head = json.loads(forged.splitlines()[1])["hash"]
        answer, _at = stamped(stamped_text(head), *authority)
        (folder / "anchors" / "000002.tsr").write_bytes(answer)
        return bcp(office, "incident", "verify", "--export", str(folder), "--root", str(authority[1])).stdout

    assert "not covered: the times" not in stamped_as_told("")
    assert "not covered: the times: event 2 says" in stamped_as_told("2099-01-01T00:00:00.000Z")

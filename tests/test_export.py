"""The export: whole, checked by a stranger without bcp, stamped, signed, masked; and no change goes unseen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from bcp.cost.receipt import keep
from bcp.event import NOTHING, Entry, Head, seal
from bcp.incident import spending
from bcp.incident.evidence import export, verify
from tests.authority import authority
from tests.children import IS_WINDOWS, only_with
from tests.forged import chained, opened
from tests.frozen import START
from tests.offices import STREAM, Stage, bcp, office_in, runbook, stage

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: "Call Anna Nowak, +48 600 000 101", manual: {}}
"""


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    staged = stage(tmp_path, PHASES)
    staged.run()
    staged.write("note.written", {"text": "Anna Nowak called +48 600 000 102"})
    scan = tmp_path / "bill.pdf"
    scan.write_bytes(b"%PDF a bill")
    receipt = keep(scan, staged.state / STREAM)
    spent = spending.Spent("120.00 PLN", "mobile internet, says Piotr Lis", "mitigation", receipt)
    spending.add(staged.book(), spent, "anna", "anna")
    return staged


@pytest.fixture
def exported(staged: Stage, tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    made = bcp(staged.office, "incident", "export", "-o", str(folder), "--incident", STREAM)
    assert made.returncode == 0, made.stderr
    return folder


def check(folder: Path, *more: str) -> tuple[int, str]:
    """What a stranger sees: the verifier of the export, with a Python that knows nothing of bcp."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", folder / "verify.py", *more], capture_output=True, text=True, cwd=folder
    )
    return ran.returncode, ran.stdout


def test_a_stranger_finds_everything_whole(exported: Path, staged: Stage) -> None:
    status, said = check(exported)
    assert status == 0, said
    last = said.splitlines()[-1]
    assert (
        last.startswith("consistent in itself; NOT proven: that its 5 events ")
        and "everything holds" not in said
    )
    assert "not covered: " in last and "this program" in last
    head = staged.incident().head.hash
    for given in (head, head[:32], head[:32].upper(), " ".join(head[at : at + 4] for at in range(0, 32, 4))):
        status, said = check(exported, "--head", given)
        assert status == 0 and "anchored at event 5 by the head that you gave" in said.splitlines()[-1]
    for given in (head[:12], head[:31], "g" * 32):
        status, said = check(exported, "--head", given)
        assert status == 2 and not said
    if not IS_WINDOWS:
        sums = ["sha256sum", "-c", "--quiet", "SHA256SUMS"]
        assert subprocess.run(sums, cwd=exported, check=False).returncode == 0
    assert (exported / "runbooks" / "outage.yaml").read_bytes() == (
        staged.office / "runbooks" / "outage.yaml"
    ).read_bytes()
    assert json.loads((exported / "manifest.json").read_text(encoding="utf-8"))["head"] == head


def faults(folder: Path) -> int:
    return verify.main([str(folder)])


def test_a_changed_missing_or_added_file_is_named(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (attachment,) = (exported / "attachments").iterdir()
    attachment.write_bytes(b"%PDF another bill")
    (exported / "journal.txt").unlink()
    (exported / "new.txt").write_text("?", encoding="utf-8")
    assert faults(exported) == 1
    said = capsys.readouterr().out
    assert f"attachments/{attachment.name}: was changed" in said
    assert f"attachments/{attachment.name}: is not the receipt that event 4 names" in said
    assert "journal.txt: is missing" in said
    assert "new.txt: does not belong to the export" in said


def changes(whole: bytes) -> Iterator[bytes]:
    """Every text that differs in one byte: each bit of it turned, the byte removed, doubled, another put in front."""
    for index in range(len(whole)):
        before, byte, after = whole[:index], whole[index], whole[index + 1 :]
        yield from (before + bytes([byte ^ 1 << bit]) + after for bit in range(8))
        yield before + after
        yield from (before + put + whole[index:] for put in (b" ", b"\n", bytes([byte])))
        if index + 1 < len(whole) and byte != whole[index + 1]:
            yield before + bytes([whole[index + 1], byte]) + whole[index + 2 :]
    yield from (whole + put for put in (b" ", b"\n", b"{}\n"))


def test_every_changed_removed_inserted_and_swapped_byte_of_the_journal_is_named_at_its_event() -> None:
    """Without SHA256SUMS, so that nothing but the chain can see it; the text has letters of one to four bytes."""
    events, head = [], NOTHING
    for word in ("Ełk", '€ \\ " /', "☎ 𝄞"):
        event = seal("s", head, Entry("note.written", "a", {"text": word}), START)
        head = Head(event.seq, event.hash)
        events.append(event)
    lines = [export.entry(e).encode() + b"\n" for e in events]
    assert verify.check_journal(lines)[0] == []
    for number, line in enumerate(lines):
        for changed in changes(line):
            journal = BytesIO(b"".join([*lines[:number], changed, *lines[number + 1 :]]))
            faults, hashes, *_events = verify.check_journal(journal)
            assert faults, changed
            # A byte behind a line is the fault of what follows it.
            assert faults[0].startswith(f"journal.jsonl: event {len(hashes) + 1}"), (faults, changed)
            assert len(hashes) in (number, number + 1), (faults, changed)


def test_every_changed_byte_of_the_sums_and_of_a_listed_file_is_seen(tmp_path: Path) -> None:
    listed = {"manifest.json": b'{"head": "0"}\n', "a/b.txt": "Ełk\n".encode()}
    (tmp_path / "a").mkdir()
    for name, data in {**listed, "SHA256SUMS": export.sums(listed)}.items():
        (tmp_path / name).write_bytes(data)
    assert verify.check_files(tmp_path) == []
    for name in (*listed, "SHA256SUMS"):
        path = tmp_path / name
        whole = path.read_bytes()
        for changed in changes(whole):
            path.write_bytes(changed)
            assert verify.check_files(tmp_path), (name, changed)
        path.write_bytes(whole)


def test_a_changed_byte_in_any_file_of_an_export_is_seen_and_named(exported: Path) -> None:
    for path in sorted(each for each in exported.rglob("*") if each.is_file()):
        whole, name = path.read_bytes(), path.relative_to(exported).as_posix()
        for index in range(0, len(whole), len(whole) // 12 + 1):
            path.write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
            found = verify.check_files(exported)
            assert any(name in fault for fault in found) or (name == "SHA256SUMS" and found), (name, index)
            assert faults(exported) == 1, (name, index)
        path.write_bytes(whole)
    assert faults(exported) == 0


def test_a_manifest_that_says_other_than_the_journal_is_named_though_the_sums_are_forged(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (exported / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    path = exported / "manifest.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    others = {
        "head": "0" * 64,
        "events": 3,
        "begun": "2020-01-01T00:00:00.000Z",
        "incident": "x",
        "masked": True,
    }
    for key, value in others.items():
        path.write_text(json.dumps({**whole, key: value}), encoding="utf-8")
        rewrite(exported, lines)
        assert faults(exported) == 1, key
    path.write_text("[" * 100_000, encoding="utf-8")
    rewrite(exported, lines)
    assert faults(exported) == 1
    assert "manifest.json: head is not that of the journal" in capsys.readouterr().out


def test_no_entry_of_a_whole_export_can_pass_as_a_masked_one(exported: Path) -> None:
    """A masked entry is not checked against its hash: in a whole export it would be a way in for a forger."""
    lines = (exported / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    entry = json.loads(lines[2])
    told = opened(lines[2])
    told["data"]["text"] = "nobody called"
    masked = {"seq": 3, "prev": told["prev"], "hash": entry["hash"], "event": told}
    lines[2] = json.dumps(masked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    rewrite(exported, lines)
    assert faults(exported) == 1


def test_an_event_that_names_its_files_in_an_unknown_way_is_a_fault_and_no_crash(exported: Path) -> None:
    line = (exported / "journal.jsonl").read_text(encoding="utf-8").splitlines()[0]
    told = opened(line)
    for data in ([], {"receipt": []}, {"receipt": {"file": 1}}, {"texts": 3}, {"texts": {"a": 1}}):
        rewrite(exported, chained([{**told, "data": data}]).decode().splitlines())
        assert faults(exported) == 1, data


def rewrite(folder: Path, lines: list[str], manifest: bool = False) -> None:
    """A forger who also brings SHA256SUMS in step, and with `manifest` that, too."""
    (folder / "journal.jsonl").write_text(
        "".join(line + "\n" for line in lines), encoding="utf-8", newline="\n"
    )
    if manifest:
        path = folder / "manifest.json"
        told = {"events": len(lines), "head": json.loads(lines[-1])["hash"]}
        path.write_text(
            json.dumps({**json.loads(path.read_text(encoding="utf-8")), **told}), encoding="utf-8"
        )
    named = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    (folder / "SHA256SUMS").write_bytes(export.sums(named))


def test_removed_inserted_and_swapped_events_are_seen_even_when_the_sums_are_forged(exported: Path) -> None:
    lines = (exported / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    for forged in (
        lines[:1] + lines[2:],
        [*lines[:2], lines[1], *lines[2:]],
        [lines[0], lines[2], lines[1], lines[3]],
        [lines[1]],
        [*lines[:2], "{}", *lines[2:]],
    ):
        rewrite(exported, forged, manifest=forged[-1] != "{}")
        assert faults(exported) == 1


def test_a_cut_and_a_rehashed_chain_are_caught_against_an_anchor_and_only_so(
    exported: Path, staged: Stage
) -> None:
    head = staged.incident().head.hash
    lines = (exported / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    for end in range(1, len(lines)):
        rewrite(exported, lines[:end])
        assert verify.main([str(exported)]) == 1, "the manifest names another end"
        rewrite(exported, lines[:end], manifest=True)
        assert verify.main([str(exported), "--head", head]) == 1
    forged, last = [], NOTHING
    for line in lines:
        told = opened(line)
        data = {**told["data"], "text": "nobody called"} if told["kind"] == "note.written" else told["data"]
        entry = Entry(told["kind"], told["by"], data, None, told["recorded_by"], told["how"])
        event = seal(STREAM, last, entry, staged.clock.now())
        last = Head(event.seq, event.hash)
        forged.append(export.entry(event))
    rewrite(exported, forged, manifest=True)
    assert last.hash != head
    assert verify.main([str(exported), "--head", head]) == 1


def test_a_masked_copy_names_nobody_and_still_shows_the_order(staged: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "masked"
    made = bcp(staged.office, "incident", "export", "--mask", "-o", str(folder), "--incident", STREAM)
    assert made.returncode == 0, made.stderr
    everything = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())
    for name in ("Anna", "Nowak", "Piotr", "Lis", "anna", "+48 600", "+48600"):
        assert name not in everything.replace("Anna Nowak's", ""), name
    status, said = check(folder)
    assert status == 0 and "not covered: what the events tell" in said
    assert not (folder / "attachments").exists()


def test_nothing_is_overwritten_and_nothing_half_written(staged: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    refused = bcp(staged.office, "incident", "export", "-o", str(folder), "--incident", STREAM)
    assert refused.returncode == 2 and "is there already" in refused.stderr
    (attachment,) = (staged.state / STREAM / "attachments").iterdir()
    attachment.unlink()
    refused = bcp(staged.office, "incident", "export", "-o", str(tmp_path / "new"), "--incident", STREAM)
    assert refused.returncode == 2 and "is not the file that the journal names" in refused.stderr
    assert not list(tmp_path.glob("*new*"))


def test_a_zip_holds_the_same_folder(staged: Stage, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    assert bcp(staged.office, "incident", "export", "-o", str(path), "--incident", STREAM).returncode == 0
    shutil.unpack_archive(path, tmp_path / "out")
    assert check(tmp_path / "out" / "all")[0] == 0


def test_it_is_signed_with_an_ssh_key_that_anybody_can_check(staged: Stage, tmp_path: Path) -> None:
    only_with("ssh-keygen")
    key, folder = tmp_path / "key", tmp_path / "signed"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    made = bcp(
        staged.office, "incident", "export", "-o", str(folder), "--sign", str(key), "--incident", STREAM
    )
    assert made.returncode == 0, made.stderr
    signers = tmp_path / "signers"
    signers.write_text("office " + key.with_suffix(".pub").read_text(encoding="utf-8"), encoding="utf-8")
    verifying = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-n",
        "bcp",
        "-f",
        signers,
        "-I",
        "office",
        "-s",
        "SHA256SUMS.sig",
    ]
    with (folder / "SHA256SUMS").open("rb") as sums:
        assert subprocess.run(verifying, cwd=folder, stdin=sums, capture_output=True).returncode == 0
    status, said = check(folder)
    assert status == 3 and "SHA256SUMS.sig: this program cannot check it" in said
    missing = bcp(
        staged.office,
        "incident",
        "export",
        "-o",
        str(tmp_path / "no"),
        "--sign",
        "/no/key",
        "--incident",
        STREAM,
    )
    assert missing.returncode == 2 and not (tmp_path / "no").exists()


__all__ = ["authority"]


def trust(staged: Stage, url: str, root: Path) -> None:
    with (staged.office / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write(f"timestamp: {{url: '{url}', root: '{root}'}}\n")


def test_it_is_stamped_by_a_real_authority_and_openssl_agrees(
    staged: Stage, tmp_path: Path, authority: tuple[str, Path]
) -> None:
    url, root = authority
    trust(staged, url, root)
    folder = tmp_path / "stamped"
    made = bcp(staged.office, "incident", "export", "-o", str(folder), "--timestamp", "--incident", STREAM)
    assert made.returncode == 0, made.stderr
    assert "Stamped" in made.stderr
    verifying = ["openssl", "ts", "-verify", "-data", "SHA256SUMS", "-in", "SHA256SUMS.tsr", "-CAfile", root]
    assert subprocess.run(verifying, cwd=folder, capture_output=True).returncode == 0
    with (folder / "SHA256SUMS").open("ab") as file:
        file.write(b" ")
    assert subprocess.run(verifying, cwd=folder, capture_output=True).returncode != 0


def test_an_authority_that_is_dead_unknown_or_not_named_leaves_no_export(
    staged: Stage, tmp_path: Path, authority: tuple[str, Path]
) -> None:
    wanted = ["incident", "export", "-o", str(tmp_path / "x"), "--timestamp", "--incident", STREAM]
    unnamed = bcp(staged.office, *wanted)
    assert unnamed.returncode == 2 and "names no time stamp authority" in unnamed.stderr
    stranger = tmp_path / "stranger.pem"
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "/dev/null",
        "-out",
        stranger,
    ]
    subprocess.run([*make, "-subj", "/CN=Other"], check=True, capture_output=True)
    plain = (staged.office / "bcp.yaml").read_text(encoding="utf-8")
    for url, root, said in (
        (authority[0], stranger, "no stamp that can be trusted"),
        ("http://127.0.0.1:9/", authority[1], "gave no stamp"),
        (authority[0], tmp_path / "none.pem", "holds no certificate"),
    ):
        (staged.office / "bcp.yaml").write_text(plain, encoding="utf-8")
        trust(staged, url, root)
        refused = bcp(staged.office, *wanted)
        assert refused.returncode == 2, refused.stderr
        assert said in refused.stderr
    assert not list(tmp_path.glob("*x*.part")) and not (tmp_path / "x").exists()


def test_the_record_of_a_drill_is_never_taken_for_that_of_an_incident(tmp_path: Path) -> None:
    office = office_in(
        tmp_path / "office",
        outage=runbook(PHASES),
    )
    assert bcp(office, "drill", "start", "outage").returncode == 9
    folder = tmp_path / "export"
    assert bcp(office, "drill", "export", "-o", str(folder)).returncode == 0
    assert "the record of a drill" in (folder / "README.txt").read_text(encoding="utf-8").splitlines()[0]
    for command in ("incident", "drill"):
        said = bcp(office, command, "verify", "--export", str(folder))
        assert said.returncode == 0 and "this is the record of a drill" in said.stdout
    alone = subprocess.run(
        [sys.executable, str(folder / "verify.py")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert "this is the record of a drill" in alone.stdout
    manifest = folder / "manifest.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"drill"', '"incident"'), encoding="utf-8"
    )
    assert "manifest.json: kind is not that of the journal" in verify.examine(folder).faults


def test_a_name_that_the_terminal_has_no_letters_for_ends_no_verification(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office", outage=runbook(PHASES))
    assert bcp(office, "incident", "start", "outage").returncode == 9
    folder = tmp_path / "export"
    assert bcp(office, "incident", "export", "-o", str(folder)).returncode == 0
    (folder / "łącze.txt").write_text("x", encoding="utf-8")
    alone = subprocess.run(
        [sys.executable, str(folder / "verify.py")], capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert alone.returncode == 1 and b"does not belong to the export" in alone.stdout, alone.stderr

"""Bundles from elsewhere: names, sizes, links and sums are looked at before anything is kept, in little memory."""

from __future__ import annotations

import json
import os
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

import pytest

from bcp.incident.evidence.bundle import Bundle
from bcp.incident.evidence.entry_name import collision, why_not
from bcp.incident.evidence.export import SUMS, sums
from tests.children import IS_WINDOWS
from tests.forged import chained, opened
from tests.offices import STREAM, Stage, bcp
from tests.test_moved_files import named, packed
from tests.test_pen import hand_over, other, staged

__all__ = ["named", "other", "staged"]
LONG = "a" * 400
MB = 1024 * 1024


def refused(other: Path, file: Path, said: str) -> str:
    """A sentence, exit 2, and nothing of it is kept."""
    done = bcp(other, "incident", "take-over", str(file), "--lost", "--reason", "stolen")
    told = " ".join(done.stderr.split())
    assert done.returncode == 2 and said in told, (done.returncode, told)
    assert "Traceback" not in told and "bug of ours" not in told
    assert not (other / "incidents" / "bcp.sqlite3").exists()
    assert not [path for path in (other / "incidents").rglob("*") if path.name not in ("bcp.log",)]
    return told


def with_entry(file: Path, named: dict[str, bytes], name: str, data: bytes = b"x") -> Path:
    """The bundle with one file more, which its sums list."""
    return packed(file, {**named, name: data})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("attachments/..", "leads out of the folder"),
        ("attachments/../../../x", "leads out of the folder"),
        ("../x", "leads out of the folder"),
        ("/etc/x", "begins at the root"),
        ("C:/x", "begins at the root"),
        ("C:x", "begins at the root"),
        ("attachments\\..\\x", "a sign that has a meaning of its own"),
        ("attachments/x:stream", "a sign that has a meaning of its own"),
        ("attachments/con", "Windows keeps this name"),
        ("attachments/NUL.txt", "Windows keeps this name"),
        ("com1/x", "Windows keeps this name"),
        ("attachments/Lpt9 .pdf", "Windows keeps this name"),
        ("attachments/x.", "ends with a full stop"),
        ("attachments/x ", "begins or ends with a blank"),
        ("attachments//x", "a part that is none"),
        ("./x", "a part that is none"),
        (f"attachments/{LONG}", "longer than 200 letters"),
        (f"{'ż' * 150}.pdf", "longer than 200 letters"),
        ("a/" * 30 + "x", "leads through more than 8 folders"),
        ("attachments/\u202efdp.exe", "cannot be seen"),
        ("attachments/\x1b[2J", "cannot be seen"),
    ],
)
def test_a_name_that_leads_astray_is_refused(
    named: dict[str, bytes], other: Path, tmp_path: Path, name: str, said: str
) -> None:
    assert said in why_not(name)
    told = refused(other, with_entry(tmp_path / "b.zip", named, name), said)
    assert "\x1b" not in told and LONG not in told
    assert "bcp incident hand-over FILE" in told


@pytest.mark.parametrize(
    "name", ["runbooks/łącze.yaml", "attachments/0123456789ab-bill.pdf", "verify.py", "a b/c"]
)
def test_a_usual_name_is_none(name: str) -> None:
    assert why_not(name) == ""


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a/x", "A/X"], "A/X"),
        (["a", "a"], "a"),
        (["a", "a/b"], "a/b"),
        (["a/b", "A"], "A"),
        (["stra\u00dfe", "STRASSE"], "STRASSE"),
        (["e\u0301", "\u00e9"], "\u00e9"),
        (["a", "b", "c/a", "c/b"], None),
    ],
)
def test_names_that_some_system_takes_for_the_same_collide(names: list[str], found: str | None) -> None:
    fault = collision(names)
    assert (fault.name if fault else None) == found


def test_names_that_collide_are_refused(named: dict[str, bytes], other: Path, tmp_path: Path) -> None:
    refused(other, with_entry(tmp_path / "b.zip", named, "JOURNAL.JSONL"), "some systems take it for")
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(tmp_path / "c.zip", "w") as archive,
    ):
        for name, data in [*named.items(), ("outbox.json", b"{}")]:
            archive.writestr(name, data)
    refused(other, tmp_path / "c.zip", "“outbox.json”: some systems take it for")


def test_what_stands_behind_a_zero_byte_in_a_name_is_not_passed_over(
    named: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    file = with_entry(tmp_path / "b.zip", named, "attachments/abc_x")
    file.write_bytes(file.read_bytes().replace(b"attachments/abc_x", b"attachments/abc\0x"))
    refused(other, file, "cannot be seen")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_in_a_zip_is_refused(named: dict[str, bytes], other: Path, tmp_path: Path, kind: int) -> None:
    link = zipfile.ZipInfo("attachments/bill.pdf")
    link.create_system, link.external_attr = 3, (kind | 0o777) << 16
    listed = {**named, link.filename: b"/etc/passwd"}
    listed.pop(SUMS)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name, data in {**listed, SUMS: sums(listed)}.items():
            archive.writestr(link if name == link.filename else name, data)
    refused(other, tmp_path / "b.zip", "“attachments/bill.pdf”: it is a link or no ordinary file")


def unpacked(folder: Path, named: dict[str, bytes]) -> Path:
    for name, data in named.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.skipif(IS_WINDOWS, reason="Windows makes no links without a right to")
@pytest.mark.parametrize("what", ["file", "folder", "pipe"])
def test_a_link_in_a_folder_is_refused(
    named: dict[str, bytes], other: Path, tmp_path: Path, what: str
) -> None:
    folder = unpacked(tmp_path / "f", named)
    (tmp_path / "secret").write_bytes(b"secret")
    if what == "pipe":
        os.mkfifo(folder / "attachments")
    else:
        (folder / "attachments").symlink_to(tmp_path / "secret" if what == "file" else tmp_path)
    refused(other, folder, "“attachments”: it is a link or no ordinary file")


def directory_says(file: Path, name: str, **fields: int) -> Path:
    """The zip with another size or hash in its directory, and in the head of the file."""
    raw = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        entry = archive.getinfo(name)
    at = raw.rfind(b"PK\x01\x02", 0, raw.rfind(name.encode()))
    for key, value in fields.items():
        for start, offsets in (
            (at, {"crc": 16, "packed": 20, "size": 24}),
            (entry.header_offset, {"crc": 14, "packed": 18, "size": 22}),
        ):
            raw[start + offsets[key] : start + offsets[key] + 4] = struct.pack("<I", value)
    file.write_bytes(raw)
    return file


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_entry_that_is_larger_than_the_directory_says_is_refused(
    named: dict[str, bytes], other: Path, tmp_path: Path, packing: int
) -> None:
    data = b"0123456789" * 10
    listed = {name: each for name, each in named.items() if name != SUMS} | {"attachments/a": data[:10]}
    file = tmp_path / "b.zip"
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, each in {**listed, SUMS: sums(listed)}.items():
            archive.writestr(name, data if name == "attachments/a" else each)
    directory_says(file, "attachments/a", size=10, crc=zlib.crc32(data[:10]))
    refused(other, file, "“attachments/a”: it is larger than the directory of the file says")


def test_an_entry_that_is_smaller_than_the_directory_says_is_refused(
    named: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    file = directory_says(with_entry(tmp_path / "b.zip", named, "attachments/a"), "attachments/a", size=10)
    refused(other, file, "“attachments/a”: it is smaller than the directory")


def test_sums_that_are_missing_wrong_or_not_of_all_files_are_refused(
    named: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    def zipped(change: Callable[[dict[str, bytes]], Iterable[tuple[str, bytes]]]) -> Path:
        with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
            for name, data in dict(change(dict(named))).items():
                archive.writestr(name, data)
        return tmp_path / "s.zip"

    without = zipped(lambda all_: [pair for pair in all_.items() if pair[0] != SUMS])
    refused(other, without, "“SHA256SUMS”: it is missing")
    more = zipped(lambda all_: [*all_.items(), ("attachments/x", b"x")])
    refused(other, more, "“attachments/x”: SHA256SUMS does not list it")
    less = zipped(lambda all_: [pair for pair in all_.items() if pair[0] != "verify.py"])
    refused(other, less, "“verify.py”: SHA256SUMS lists it, and it is missing")
    for strange in (b"no list\n", named[SUMS] * 2, b"\xff\xfe", b""):
        refused(other, zipped(lambda all_, told=strange: {**all_, SUMS: told}.items()), "SHA256SUMS")  # type: ignore[misc]
    changed = zipped(lambda all_: {**all_, "outbox.json": b"{}"}.items())
    refused(other, changed, "“outbox.json”: it was changed")


def test_more_files_than_an_incident_has_are_refused_before_their_names_are_read(
    named: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    file = packed(tmp_path / "b.zip", {**named, **{f"attachments/{n}": b"" for n in range(2_001)}})
    refused(other, file, "it holds more than 2000 files")
    far = file.read_bytes()
    at = far.rfind(b"PK\x05\x06")
    file.write_bytes(far[:at] + b"PK\x06\x07" + bytes(16) + far[at:])
    refused(other, file, "it holds more than 2000 files")


def test_a_signature_beside_the_sums_is_no_stranger(
    named: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name, data in {**named, f"{SUMS}.sig": b"-----BEGIN SSH SIGNATURE-----"}.items():
            archive.writestr(name, data)
    with Bundle(tmp_path / "b.zip") as bundle:
        assert bundle.is_signed and bundle.sum == sha256(named[SUMS]).hexdigest()


MEASURE = """
import resource, sys
from bcp.cli.main import main
import bcp.app.incident.takeover
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    status = main(sys.argv[1:])
except SystemExit as end:
    status = end.code
print(status, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024)
"""


def measured(office: Path, file: Path) -> tuple[int, int, str]:
    """The status of a take-over in a process of its own, the MB that it took more than before, what it said."""
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, "incident", "take-over", str(file)],
        capture_output=True, text=True, cwd=office, env={**os.environ, "BCP_PERSON": "anna"}, check=True,
    )  # fmt: skip
    status, more = map(int, ran.stdout.split())
    return status, more, " ".join(ran.stderr.split())


def large(file: Path, named: dict[str, bytes], name: str, size: int, said: int | None = None) -> Path:
    """The bundle with a file of so many MB, whose directory may say less of it; only zeros, so that it packs well."""
    digest, crc = sha256(), 0
    piece = bytes(MB)
    for _mb in range(size if said is None else said):
        digest.update(piece)
        crc = zlib.crc32(piece, crc)
    listed = {key: data for key, data in named.items() if key not in (SUMS, name)}
    lines = sums(listed) + f"{digest.hexdigest()}  {name}\n".encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for key, data in {**listed, SUMS: lines}.items():
            archive.writestr(key, data)
        with archive.open(name, "w") as entry:
            for _mb in range(size):
                entry.write(piece)
    return file if said is None else directory_says(file, name, size=said * MB, crc=crc)


@pytest.mark.skipif(IS_WINDOWS, reason="resource is not there")
@pytest.mark.parametrize("name", ["attachments/0-bill.pdf", "journal.jsonl", "outbox.json"])
@pytest.mark.parametrize("said", [None, 20])
def test_an_entry_of_480_mb_is_refused_in_64_mb_of_memory(
    named: dict[str, bytes], other: Path, tmp_path: Path, name: str, said: int | None
) -> None:
    status, more, told = measured(other, large(tmp_path / "b.zip", named, name, 480, said))
    assert status == 2 and name in told, told
    assert ("it has 480 MB" if said is None else "larger than the directory") in told
    assert more <= 64, f"{more} MB"


@pytest.mark.skipif(IS_WINDOWS, reason="resource is not there")
@pytest.mark.parametrize("name", ["outbox.json", "levers.jsonl", "journal.jsonl"])
def test_json_that_unpacks_to_much_more_than_its_letters_is_refused_in_64_mb_of_memory(
    named: dict[str, bytes], other: Path, tmp_path: Path, name: str
) -> None:
    file = packed(tmp_path / "b.zip", {**named, name: b"[" + b"{}," * (3 * MB) + b"{}]"})
    status, more, told = measured(other, file)
    assert status == 2 and name in told, told
    assert more <= 64, f"{more} MB"


def with_receipt(staged: Stage, tmp_path: Path) -> Path:
    """A hand-over whose journal names a receipt."""
    (tmp_path / "bill.pdf").write_bytes(b"%PDF bill")
    added = bcp(
        staged.office, "cost", "add", "120 PLN", "a SIM card", "--receipt", str(tmp_path / "bill.pdf")
    )
    assert added.returncode == 0, added.stderr
    hand_over(staged.office, tmp_path / "r.zip")
    return tmp_path / "r.zip"


def test_a_receipt_comes_along_and_nothing_else_is_kept_of_the_attachments(
    staged: Stage, other: Path, tmp_path: Path
) -> None:
    file = with_receipt(staged, tmp_path)
    with zipfile.ZipFile(file) as archive:
        holds = {name: archive.read(name) for name in archive.namelist()}
    more = packed(tmp_path / "more.zip", {**holds, "attachments/unknown.exe": b"MZ"})
    taken = bcp(other, "incident", "take-over", str(more))
    assert taken.returncode == 0, taken.stderr
    kept = list((other / "incidents" / STREAM / "attachments").iterdir())
    assert [path.read_bytes() for path in kept] == [b"%PDF bill"]
    assert not [path for path in (other / "incidents").iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("change", ["missing", "another"])
def test_a_receipt_that_is_not_the_one_of_the_journal_is_refused(
    staged: Stage, other: Path, tmp_path: Path, change: str
) -> None:
    with zipfile.ZipFile(with_receipt(staged, tmp_path)) as archive:
        holds = {name: archive.read(name) for name in archive.namelist()}
    (name,) = (each for each in holds if each.startswith("attachments/"))
    if change == "missing":
        holds.pop(name)
    else:
        holds[name] = b"another"
    refused(other, packed(tmp_path / "b.zip", holds), name)


def test_texts_of_the_journal_that_would_become_files_elsewhere_are_refused(
    named: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    told = [opened(line) for line in named["journal.jsonl"].splitlines()]
    told[0]["data"]["texts"]["../../outside.yaml"] = "x"
    refused(
        other, packed(tmp_path / "b.zip", {**named, "journal.jsonl": chained(told)}), "../../outside.yaml"
    )


def test_a_real_incident_that_is_called_a_drill_is_refused(
    named: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    told = [opened(line) for line in named["journal.jsonl"].splitlines()]
    for event in told:
        event["stream"] = f"drill-{STREAM}"
    box = json.dumps({"campaigns": [], "letters": []}).encode()
    file = packed(tmp_path / "b.zip", {**named, "journal.jsonl": chained(told), "outbox.json": box})
    refused(other, file, "cannot be read as an incident")


def test_an_export_as_a_zip_and_as_a_folder_is_read(staged: Stage, other: Path, tmp_path: Path) -> None:
    for target in (tmp_path / "e", tmp_path / "e.zip"):
        exported = bcp(staged.office, "incident", "export", "-o", str(target), "--incident", STREAM)
        assert exported.returncode == 0, exported.stderr
        with Bundle(target) as bundle:
            assert "journal.jsonl" in bundle and not bundle.is_signed

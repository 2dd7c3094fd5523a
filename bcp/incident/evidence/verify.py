"""Checks an exported incident; it needs nothing but Python 3.8 or later, and not the tool that made the export.

    python3 verify.py                    in the folder of the export
    python3 verify.py --head 3f2a…       also against a hash from a sheet, a report or a time stamp

It ends with 0 if everything holds, with 1 if something does not (each fault on a line), with 2 if it cannot look.

What it checks: each file against SHA256SUMS, and that there is no other file; the journal: each entry's text against
its hash, each hash inside the next entry, no number left out; what the journal names (attachments, runbooks) against
the files. That nothing was cut off the end of the journal can be seen against a hash kept elsewhere, and only so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

SUMS = "SHA256SUMS"
NOT_LISTED = {SUMS, SUMS + ".sig", SUMS + ".tsr"}
START = "0" * 64
HASH = re.compile("[0-9a-f]{64}")
LISTED = re.compile("([0-9a-f]{64})  ([^\\n]+)")
TEXT = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
OUT_OF_PLACE = "it does not follow the event before it (removed, inserted or swapped)"


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


class SumsFile(NamedTuple):
    """The faults of the list itself, which has one form only, and the hash of each file that it names."""

    faults: list[str]
    hashes: dict[str, str]


def listed_files(folder: Path) -> SumsFile:
    """What the list says."""
    faults = []
    listed: dict[str, str] = {}
    lines = (folder / SUMS).read_bytes().split(b"\n")
    if lines.pop():
        faults.append(f"{SUMS}: its last line is not whole")
    for number, line in enumerate(lines, 1):
        found = LISTED.fullmatch(line.decode("utf-8", "replace"))
        if not found or found.group(2) <= max(listed, default=""):
            faults.append(f"{SUMS}: line {number} cannot be read, or is not in its place")
        else:
            listed[found.group(2)] = found.group(1)
    return SumsFile(faults, listed)


def check_files(folder: Path) -> list[str]:
    """The faults of the files."""
    faults, listed = listed_files(folder)
    for name, digest in sorted(listed.items()):
        path = folder / name
        if ".." in Path(name).parts or Path(name).is_absolute() or not path.is_file():
            faults.append(f"{name}: is missing")
        elif sha256(path.read_bytes()) != digest:
            faults.append(f"{name}: was changed")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listed and name not in NOT_LISTED:
            faults.append(f"{name}: does not belong to the export")
    return faults


def read_journal(lines: Iterable[bytes]) -> Iterator[tuple[int, Any]]:
    """The lines of the journal, each with its number; a line that is no entry in the form of the export is None."""
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode("utf-8")
            entry = json.loads(text)
            yield number, entry if text == written(entry) else None
        except (ValueError, KeyError, TypeError, RecursionError):
            yield number, None


def written(entry: Any) -> str:
    """The one line that the export writes for an entry: so that no byte of it can be another."""
    if "body" in entry:
        return f'{{"hash": {TEXT.encode(entry["hash"])}, "body": {TEXT.encode(entry["body"])}}}\n'
    return TEXT.encode(entry) + "\n"


class Chain(NamedTuple):
    """The faults of the chain, the hashes in their order, and the events that could be read."""

    faults: list[str]
    hashes: list[str]
    events: list[Any]


def check_journal(lines: Iterable[bytes], masked: bool = False) -> Chain:
    """What can be seen of the chain without another file, up to its first fault.

    In a masked copy the entries are told without their hashed text.
    """
    faults: list[str] = []
    hashes: list[str] = []
    events: list[Any] = []
    before = START
    for number, entry in read_journal(lines):
        where = f"journal.jsonl: event {number}"
        if entry is None or not HASH.fullmatch(str(entry.get("hash"))) or ("body" in entry) is masked:
            faults.append(f"{where} cannot be read")
            break
        fault, event = check_masked(entry, number, before) if masked else check_entry(entry, number, before)
        if fault:
            faults.append(f"{where}: {fault}")
            break
        events.append(event)
        before = entry["hash"]
        hashes.append(before)
    if not hashes and not faults:
        faults.append("journal.jsonl: holds no event")
    return Chain(faults, hashes, events)


class CheckedEntry(NamedTuple):
    """What is wrong with an entry, or nothing; and else what it tells."""

    fault: str
    event: Any = None


def check_entry(entry: Any, number: int, before: str) -> CheckedEntry:
    """One entry against its hash, its number and the hash of the entry before."""
    if not isinstance(entry["body"], str):
        return CheckedEntry("it is no event")
    # Of format 2 the hash covers the first line, and that holds the hash of the second, which says what happened.
    header, _feed, content = entry["body"].partition("\n")
    if sha256(header.encode("utf-8", "surrogatepass")) != entry["hash"]:
        return CheckedEntry("its text does not match its hash")
    try:
        event = json.loads(header)
        if content:
            if event["sealed"] != sha256(content.encode("utf-8", "surrogatepass")):
                return CheckedEntry("its text does not match its hash")
            event = {**json.loads(content), **event}
        told = (event["seq"], event["prev"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return CheckedEntry("it is no event")
    if told != (number, before):
        return CheckedEntry(OUT_OF_PLACE)
    return CheckedEntry("", event)


def check_masked(entry: Any, number: int, before: str) -> CheckedEntry:
    """The same for an entry of a masked copy: only its place can be checked."""
    event = entry.get("event")
    if not isinstance(event, dict):
        return CheckedEntry("it is no event")
    places = {(entry.get("seq"), entry.get("prev")), (event.get("seq"), event.get("prev"))}
    return CheckedEntry(OUT_OF_PLACE) if places != {(number, before)} else CheckedEntry("", event)


def check_manifest(folder: Path, hashes: Sequence[str], events: Sequence[Any]) -> list[str]:
    """Where the manifest says other than the journal that lies beside it."""
    manifest = read_manifest(folder)
    first = events[0] if events else {}
    told = {
        "incident": first.get("stream"),
        "begun": first.get("at"),
        "events": len(hashes),
        "head": hashes[-1] if hashes else START,
    }
    return [
        f"manifest.json: {key} is not that of the journal" for key in told if manifest.get(key) != told[key]
    ]


def read_manifest(folder: Path) -> Any:
    """The manifest; empty where it cannot be read."""
    try:
        found = json.loads((folder / "manifest.json").read_bytes().decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def check_named(folder: Path, events: Sequence[Any]) -> list[str]:
    """The faults of what the journal names: attachments and the texts of the runbooks."""
    faults: list[str] = []
    for number, event in enumerate(events, 1):
        try:
            faults += named_by(folder, number, event)
        except (KeyError, TypeError, AttributeError, ValueError):
            faults.append(f"journal.jsonl: event {number} names its files in no known way")
    return faults


def named_by(folder: Path, number: int, event: Any) -> Iterator[str]:
    """The faults of what one event names."""
    data = event.get("data", {})
    receipt = data.get("receipt")
    if receipt:
        path = folder / receipt["file"]
        if not path.is_file() or sha256(path.read_bytes()) != receipt["sha256"]:
            yield f"{receipt['file']}: is not the receipt that event {number} names"
    for name, text in data.get("texts", {}).items() if event.get("kind") == "incident.started" else ():
        path = folder / name
        if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
            yield f"{name}: is not the runbook that the incident began with"


def say(folder: Path, hashes: Sequence[str], masked: bool, head: str | None) -> bool:
    """The sentence about the end of the journal; whether it holds against `head`."""
    end = len(hashes)
    if head is None:
        print(f"whole up to event {end}, end not anchored (give a hash kept elsewhere: --head HASH)")
        holds = True
    else:
        at = [number for number, each in enumerate(hashes, 1) if each.startswith(head.lower())]
        holds = len(head) >= 8 and len(at) == 1
        if holds:
            print(f"whole up to event {end}, anchored at event {at[0]}")
        else:
            print(f"FAULT: no event has the hash {shown(head)}: the journal was cut off or written anew")
    print(f"head {hashes[-1] if hashes else START}")
    if masked:
        print(
            "names are masked in this copy: the order of the hashes is checked; the texts only in the whole export"
        )
    for name, how in (
        (
            SUMS + ".sig",
            f"ssh-keygen -Y verify -n bcp -f ALLOWED_SIGNERS -I SIGNER -s {SUMS}.sig < {SUMS}",
        ),
        (SUMS + ".tsr", f"openssl ts -verify -data {SUMS} -in {SUMS}.tsr -CAfile ROOT.pem"),
    ):
        if (folder / name).is_file():
            print(f"{name} is there; to check it: {how}")
    return holds


def shown(text: str) -> str:
    """A text as a terminal may have it: the name of a file can hold what would steer it."""
    return "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in text)


def main(arguments: Sequence[str]) -> int:
    """Check an export; the exit status."""
    parser = argparse.ArgumentParser(description="Check an exported incident.")
    parser.add_argument(
        "folder", nargs="?", default=None, help="the folder of the export; else that of this file"
    )
    parser.add_argument("--head", help="a hash from a sheet, a report or a time stamp")
    told = parser.parse_args(arguments)
    folder = Path(told.folder) if told.folder else Path(__file__).resolve().parent
    try:
        faults = check_files(folder)
        masked = read_manifest(folder).get("masked") is True
        with (folder / "journal.jsonl").open("rb") as lines:
            broken, hashes, events = check_journal(lines, masked)
        faults += broken + check_manifest(folder, hashes, events)
        faults += [] if masked else check_named(folder, events)
    except OSError as error:
        print(f"this is no whole export: {shown(str(error))}", file=sys.stderr)
        return 2
    for fault in faults:
        print(f"FAULT: {shown(fault)}")
    holds = say(folder, hashes, masked, told.head)
    print("everything holds" if holds and not faults else "SOMETHING DOES NOT HOLD")
    return 0 if holds and not faults else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

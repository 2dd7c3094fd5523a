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
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
NOT_LISTED = {SUMS, SUMS + ".sig", SUMS + ".tsr"}
START = "0" * 64


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def check_files(folder: Path) -> list[str]:
    """The faults of the files."""
    faults = []
    listed = {}
    for number, line in enumerate(
        (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines(), 1
    ):
        digest, gap, name = line[:64], line[64:66], line[66:]
        if gap != "  " or not name or set(digest) - set("0123456789abcdef"):
            faults.append(f"{SUMS}: line {number} cannot be read")
            continue
        listed[name] = digest
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


def read_journal(folder: Path) -> Iterator[tuple[int, Any]]:
    """The lines of the journal, each with its number; a line that is no entry is None."""
    with (folder / "journal.jsonl").open(encoding="utf-8", errors="replace", newline="\n") as file:
        for number, line in enumerate(file, 1):
            try:
                entry = json.loads(line)
                yield number, entry if isinstance(entry, dict) else None
            except ValueError:
                yield number, None


def check_journal(folder: Path) -> tuple[list[str], list[str], list[Any]]:
    """The faults of the chain, the hashes in their order, and the events that could be read."""
    faults: list[str] = []
    hashes: list[str] = []
    events: list[Any] = []
    before = START
    for number, entry in read_journal(folder):
        where = f"journal.jsonl: event {number}"
        if entry is None or not isinstance(entry.get("hash"), str):
            faults.append(f"{where} cannot be read")
            break
        if "body" in entry:
            fault, event = check_entry(entry, number, before)
            if fault:
                faults.append(f"{where}: {fault}")
                break
            events.append(event)
        elif (entry.get("seq"), entry.get("prev")) != (number, before):
            faults.append(f"{where}: it does not follow the event before it")
            break
        before = entry["hash"]
        hashes.append(before)
    return faults, hashes, events


def check_entry(entry: Any, number: int, before: str) -> tuple[str, Any]:
    """What is wrong with one entry, if anything, and what it tells."""
    if (
        not isinstance(entry["body"], str)
        or sha256(entry["body"].encode("utf-8", "surrogatepass")) != entry["hash"]
    ):
        return "its text does not match its hash", None
    try:
        event = json.loads(entry["body"])
        told = (event["seq"], event["prev"])
    except (ValueError, KeyError, TypeError):
        return "it is no event", None
    if told != (number, before):
        return "it does not follow the event before it (removed, inserted or swapped)", None
    return "", event


def check_named(folder: Path, events: Sequence[Any]) -> list[str]:
    """The faults of what the journal names: attachments and the texts of the runbooks."""
    faults = []
    for event in events:
        data = event.get("data", {})
        receipt = data.get("receipt")
        if receipt:
            path = folder / receipt["file"]
            if not path.is_file() or sha256(path.read_bytes()) != receipt["sha256"]:
                faults.append(f"{receipt['file']}: is not the receipt that event {event['seq']} names")
        for name, text in data.get("texts", {}).items() if event.get("kind") == "incident.started" else ():
            path = folder / name
            if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
                faults.append(f"{name}: is not the runbook that the incident began with")
    return faults


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
            print(f"FAULT: no event has the hash {head}: the journal was cut off or written anew")
    print(f"head {hashes[-1] if hashes else START}")
    if masked:
        print(
            "names are masked in this copy: the order of the hashes holds; the texts are checked in the whole export"
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
        broken, hashes, events = check_journal(folder)
        faults += broken + check_named(folder, events)
    except OSError as error:
        print(f"this is no whole export: {error}", file=sys.stderr)
        return 2
    for fault in faults:
        print(f"FAULT: {fault}")
    holds = say(folder, hashes, len(events) < len(hashes), told.head)
    print("everything holds" if holds and not faults else "SOMETHING DOES NOT HOLD")
    return 0 if holds and not faults else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Checks an exported incident; it needs nothing but Python 3.8 or later, and not the tool that made the export.

    python3 verify.py FOLDER                 the folder of the export
    python3 verify.py FOLDER --head 3f2a…    also against a head from a sheet, a report, a mail or a time stamp

Take it from elsewhere than the folder that it checks: whoever changed that folder could change the program in it.
It ends with 0 if nothing contradicts itself, with 1 if something does (each fault on a line), with 2 if it cannot look,
with 3 if a stamp or a signature lies there, which it cannot check. Its last line says what is proven and what is not.

What it checks: each file against SHA256SUMS, and that there is no other file; the journal: each entry's text against
its hash, each hash inside the next entry, no number left out; journal.txt against the line that each entry holds of
itself; all other files against the hashes that the journal holds of them. All of that can be written anew by whoever
holds the computer: only a head that was given away before proves that it was not.
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
COVERED = "record.covered"
"""The kind of event that holds the hashes of all files that a stranger reads."""
NOT_IN_IT = {"journal.jsonl", "journal.txt"}
LEAST = 32
"""Digits of a head: with fewer, another journal that begins alike could be made."""
UNCHECKED = {
    SUMS + ".sig": f"ssh-keygen -Y verify -n bcp -f SIGNERS -I WHO -s {SUMS}.sig < {SUMS}",
    SUMS + ".tsr": f"openssl ts -verify -data {SUMS} -in {SUMS}.tsr -CAfile ROOT.pem",
}
GIVEN = "anchors.jsonl"
"""To whom heads were given away, as the office wrote it down."""
README_END = "The journal ends with: "
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
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            faults.append(f"{name}: is a link or no ordinary file")
        elif path.is_file() and name not in listed and name not in NOT_LISTED:
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
        parts = (
            f'"{name}": {TEXT.encode(entry[name])}' for name in ("hash", "body", "content") if name in entry
        )
        return f"{{{', '.join(parts)}}}\n"
    return TEXT.encode(entry) + "\n"


class Chain(NamedTuple):
    """The faults of the chain, the hashes in their order, and the events that could be read.

    `loose` are the first events of a masked copy whose hashes are left out: nothing can be checked of them.
    """

    faults: list[str]
    hashes: list[str]
    events: list[Any]
    loose: int = 0


def check_journal(lines: Iterable[bytes], masked: bool = False) -> Chain:
    """What can be seen of the chain without another file, up to its first fault."""
    faults: list[str] = []
    hashes: list[str] = []
    events: list[Any] = []
    before = START
    loose = 0
    for number, entry in read_journal(lines):
        where = f"journal.jsonl: event {number}"
        if not isinstance(entry, dict) or ("body" in entry) is masked:
            faults.append(f"{where} cannot be read")
            break
        is_loose = masked and "header" not in entry and loose == number - 1
        fault, event = check_loose(entry, number) if is_loose else check_entry(entry, number, before)
        if fault:
            faults.append(f"{where}: {fault}")
            break
        loose += is_loose
        events.append(event)
        before = entry.get("hash", "")
        hashes.append(before)
    if not hashes and not faults:
        faults.append("journal.jsonl: holds no event")
    return Chain(faults, hashes, events, loose)


class CheckedEntry(NamedTuple):
    """What is wrong with an entry, or nothing; and else what it tells."""

    fault: str
    event: Any = None


def check_entry(entry: Any, number: int, before: str) -> CheckedEntry:
    """One entry against its hash, its number and the hash of the entry before.

    What is hashed is the body: of an old entry all of it; of others the header, which holds the hash of the content.
    A masked copy has the header alone, and the content masked.
    """
    header, content = entry.get("body", entry.get("header")), entry.get("content")
    if not isinstance(header, str) or not HASH.fullmatch(str(entry.get("hash"))):
        return CheckedEntry("it cannot be read")
    if sha256(header.encode("utf-8", "surrogatepass")) != entry["hash"]:
        return CheckedEntry("its text does not match its hash")
    try:
        event = json.loads(header)
        told = (event["seq"], event["prev"])
        if (event.get("format", 1) != 1) is not ("header" in entry or content is not None):
            return CheckedEntry("it is no event")
        if content is not None:
            if sha256(content.encode("utf-8", "surrogatepass")) != event["sealed"]:
                return CheckedEntry("its text does not match its hash")
            event = {**json.loads(content), **event}
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return CheckedEntry("it is no event")
    if told != (number, before) and (before or told[0] != number):
        return CheckedEntry(OUT_OF_PLACE)
    if "header" in entry and not same_event(entry.get("event"), event):
        return CheckedEntry("what is told of it is not what its header says")
    return CheckedEntry("", event)


def same_event(told: Any, header: Any) -> bool:
    """Whether what a masked copy tells of an event says of it what its header says."""
    names = ("seq", "kind", "at", "recorded_at", "how")
    return isinstance(told, dict) and all(told.get(name) == header.get(name) for name in names)


def check_loose(entry: Any, number: int) -> CheckedEntry:
    """An entry of a masked copy that was made before names could be hidden safely: it has its number, and no more."""
    event = entry.get("event")
    if not isinstance(event, dict) or event.get("seq") != number:
        return CheckedEntry(OUT_OF_PLACE)
    return CheckedEntry("", event)


def check_manifest(folder: Path, chain: Chain) -> list[str]:
    """Where the manifest says other than the journal that lies beside it."""
    manifest = read_manifest(folder)
    first = chain.events[0]
    told = {
        "incident": first.get("stream"),
        "begun": first.get("at"),
        "kind": kind_of(chain),
        "events": len(chain.hashes),
        "head": chain.hashes[-1] or None,
    }
    faults = [
        f"manifest.json: {key} is not that of the journal" for key in told if manifest.get(key) != told[key]
    ]
    path = folder / "README.txt"
    last = path.read_bytes().decode("utf-8", "replace").split("\n")[-2:] if path.is_file() else []
    if last != [README_END + (chain.hashes[-1] or "-"), ""]:
        faults.append("README.txt: its last line does not name the last hash of the journal")
    return faults


def kind_of(chain: Chain) -> str:
    """Whether it is the record of an incident or of a drill: the id in each event says so."""
    stream = str(chain.events[0].get("stream")) if chain.events else ""
    return "drill" if stream.startswith("drill-") else "incident"


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


def check_given(folder: Path, chain: Chain) -> Coverage:
    """Every head that was given away, as anchors.jsonl tells, against the journal; and whether its stamp is there."""
    faults: list[str] = []
    uncovered: dict[str, str] = {}
    path = folder / GIVEN
    for number, line in enumerate(path.read_bytes().splitlines() if path.is_file() else [], 1):
        try:
            told = json.loads(line.decode("utf-8"))
            event, head = int(told["event"]), told["head"]
            stamp = f"anchors/{event:06}.tsr"
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            faults.append(f"{GIVEN}: line {number} cannot be read")
            continue
        if event < 1 or chain.hashes[event - 1 : event] != [head]:
            faults.append(
                f"{GIVEN}: event {event} is not the one whose head was given away at {told.get('at')}"
            )
        elif told.get("how") == "stamp" and not (folder / stamp).is_file():
            uncovered[stamp] = "this stamp was given, and it is not there"
    return Coverage(faults, uncovered)


def without_head(data: bytes, head: str) -> bytes:
    """A file as the journal knows it: what names the last hash cannot be hashed before there is one."""
    return data.replace(head.encode(), START.encode())


class Coverage(NamedTuple):
    """The faults of the files beside the journal, what the head does not stand for (each with why), and the number of
    the event that covers the others: 0 where none does."""

    faults: list[str]
    uncovered: dict[str, str]
    at: int = 0


def check_covered(folder: Path, chain: Chain) -> Coverage:
    """Every file against the hash that the last event of that kind holds of it.

    What was written after that event may have changed the files rightly: then a difference is no fault, and the file
    is not covered.
    """
    at = max(
        (number for number, each in enumerate(chain.events, 1) if each.get("kind") == COVERED), default=0
    )
    data = chain.events[at - 1].get("data") if at else {}
    known = data.get("files") if isinstance(data, dict) else None
    known = known if isinstance(known, dict) else {}
    is_last = at == len(chain.events)
    faults, uncovered = [], {}
    _none, listed = listed_files(folder)
    for name in sorted((set(listed) | set(known)) - NOT_IN_IT):
        path = folder / name
        if name not in known:
            uncovered[name] = "no event holds its hash"
        elif not path.is_file() or sha256(without_head(path.read_bytes(), chain.hashes[-1])) != known[name]:
            if is_last:
                faults.append(f"{name}: is not the file whose hash event {at} holds")
            else:
                uncovered[name] = f"it is not as event {at} knew it, before more was written"
    missing = data.get("missing") if is_last and isinstance(data, dict) else None
    uncovered.update((name, str(why)) for name, why in (missing if isinstance(missing, dict) else {}).items())
    return Coverage(faults, uncovered, at)


def check_text(folder: Path, chain: Chain, at: int) -> Coverage:
    """journal.txt line by line: against the line that each event holds, or of old ones against a hash of them all."""
    path = folder / "journal.txt"
    lines = path.read_bytes().decode("utf-8", "replace").split("\n") if path.is_file() else []
    if len(lines) != len(chain.events) + 1 or lines[-1]:
        return Coverage(["journal.txt: has not as many lines as the journal has events"], {})
    faults, old = [], 0
    for number, (line, event) in enumerate(zip(lines, chain.events), 1):  # noqa: B905 - Python 3.8
        if event.get("line") is None:
            old = number
        elif event["line"] != line:
            faults.append(f"journal.txt: line {number} is not the one that event {number} holds")
    if not old:
        return Coverage(faults, {})
    data = chain.events[at - 1].get("data") if at else None
    if at > old and isinstance(data, dict):
        whole = "".join(line + "\n" for line in lines[: at - 1])
        if sha256(whole.encode()) != data.get("journal_txt"):
            faults.append(f"journal.txt: is not the text whose hash event {at} holds")
        return Coverage(faults, {})
    return Coverage(faults, {"journal.txt": f"the events up to {old} hold no line of their own"})


class Examined(NamedTuple):
    """What can be seen of an export without anything from elsewhere."""

    faults: list[str]
    uncovered: dict[str, str]
    covered_at: int
    chain: Chain
    is_masked: bool


def examine(folder: Path) -> Examined:
    """Look at all of it. Raises OSError where it is no whole export."""
    faults = check_files(folder)
    masked = read_manifest(folder).get("masked") is True
    with (folder / "journal.jsonl").open("rb") as lines:
        chain = check_journal(lines, masked)
    faults += chain.faults
    if chain.faults:
        return Examined(faults, {"everything": "the journal is broken"}, 0, chain, masked)
    faults += check_manifest(folder, chain)
    if masked:
        uncovered = {"what the events tell": "it is masked, and only the whole export holds the rest"}
        if chain.loose:
            uncovered[f"events 1 to {chain.loose}"] = "their hashes are left out of a masked copy"
        return Examined(faults, {**uncovered, "journal.txt": "it is masked"}, 0, chain, masked)
    faults += check_named(folder, chain.events)
    covered = check_covered(folder, chain)
    text = check_text(folder, chain, covered.at)
    given = check_given(folder, chain)
    faults += [*covered.faults, *text.faults, *given.faults]
    uncovered = {**covered.uncovered, **text.uncovered, **given.uncovered}
    return Examined(faults, uncovered, covered.at, chain, masked)


def bare_head(head: str) -> str:
    """A head as it was copied, perhaps in groups; nothing where it is none."""
    bare = re.sub(r"[\s.:_-]", "", head).lower()
    return bare if re.fullmatch(f"[0-9a-f]{{{LEAST},64}}", bare) else ""


def anchored_at(chain: Chain, head: str) -> int:
    """The number of the event that has this head; 0 where none has."""
    return next((number for number, each in enumerate(chain.hashes, 1) if each.startswith(head)), 0)


def last_line(found: Examined, anchor: int, by: str) -> str:
    """What is proven and what is not, in one line. `anchor` is the event whose hash was given away, `by` how."""
    if found.faults:
        return f"DOES NOT HOLD: faults: {len(found.faults)}. Nothing is proven"
    end = len(found.chain.hashes)
    said = "consistent in itself; "
    if anchor:
        said += f"anchored at event {anchor} by {by}: nothing up to there was written anew since then; "
        said += f"NOT proven: the events from {anchor + 1} to {end}; " if anchor < end else ""
    else:
        said += f"NOT proven: that its {end} events were not written anew as a whole or cut off at the end"
        said += " (no anchor); "
    late = anchor and found.covered_at > anchor
    files = ["all files beside the journal (no anchor stands for them)"] if late else []
    return said + "not covered: " + (", ".join([*files, *map(shown, found.uncovered)]) or "nothing")


def shown(text: str) -> str:
    """A text as a terminal may have it: the name of a file can hold what would steer it."""
    return "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in text)


def vouching(folder: Path) -> dict[str, str]:
    """The stamps and signatures that lie there, each with how it is checked: not by this program."""
    stamps = sorted(path.name for path in (folder / "anchors").glob("*.tsr"))
    found = {name: how for name, how in UNCHECKED.items() if (folder / name).is_file()}
    return {
        **found,
        **{f"anchors/{name}": "bcp incident verify --export FOLDER --root FILE" for name in stamps},
    }


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(description="Check an exported incident.")
    parser.add_argument("folder", nargs="?", help="the folder of the export; else that of this file")
    parser.add_argument(
        "--head", help="a head from a sheet, a report, a mail or a time stamp: 32 digits or more"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Check an export; the exit status."""
    # The name of a file can have letters that this terminal has not.
    getattr(sys.stdout, "reconfigure", lambda **_ways: None)(errors="backslashreplace")
    told = parsed(arguments)
    here = Path(__file__).resolve().parent
    folder = Path(told.folder) if told.folder else here
    head = bare_head(told.head or "")
    if told.head is not None and not head:
        print(
            f"--head needs at least {LEAST} of the digits 0-9 and a-f; groups may have spaces",
            file=sys.stderr,
        )
        return 2
    try:
        found = examine(folder)
    except OSError as error:
        print(f"this is no whole export: {shown(str(error))}", file=sys.stderr)
        return 2
    anchor = anchored_at(found.chain, head) if head else 0
    if head and not anchor:
        found.faults.append(f"no event has the head {head}: the journal was cut off or written anew")
    if folder.resolve() == here:
        found.uncovered["this program"] = (
            "it lies in the folder that it checks: take verify.py from elsewhere"
        )
    unchecked = vouching(folder)
    found.uncovered.update((name, f"this program cannot check it: {how}") for name, how in unchecked.items())
    for fault in found.faults:
        print(f"FAULT: {shown(fault)}")
    if kind_of(found.chain) == "drill":
        print("this is the record of a drill: a rehearsal, and no incident")
    print(f"head {found.chain.hashes[-1] if found.chain.hashes else START}")
    for name, why in found.uncovered.items():
        print(f"not covered: {shown(name)}: {shown(why)}")
    print(last_line(found, anchor, "the head that you gave"))
    return 1 if found.faults else 3 if unchecked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

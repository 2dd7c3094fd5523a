"""Export: an incident as files that a stranger can check without this tool, and its names masked where that is wanted.

`SHA256SUMS` lists every file, in the form that sha256sum reads; what is signed or stamped is that list. A time stamp
and a signature lie beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from bcp.errors import InputError
from bcp.event import Event, canonical, content_of, stamp
from bcp.incident.events.cost import CostAdded
from bcp.incident.events.registry import read
from bcp.incident.fold import started
from bcp.incident.journal_text import JournalWords

SUMS = "SHA256SUMS"
JOURNAL = "journal.jsonl"
MANIFEST = "manifest.json"
CAMPAIGNS = "campaigns.jsonl"
LETTERS = "letters.jsonl"
FORMAT = 1
# It begins where a word begins, and is not gone back into: else a long word would be read from each of its letters.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+\d[\d ()-]{6,}\d")

_README = """\
This folder holds the record of an incident: {title} ({id}).

journal.jsonl   every entry with its hash; each entry holds the hash of the one before
journal.txt     the same in plain words and local time
runbooks/       the plans as they were when it began
attachments/    receipts and other proof
campaigns.jsonl each sending of a notice
letters.jsonl   who was told when: without addresses; each letter by its hash
spans.jsonl     what the office's checks saw
SHA256SUMS      the hash of every file

To check it: python3 verify.py
The journal ends with: {head}
"""


class SentRecord(NamedTuple):
    """What was sent for an incident, as an export tells it: each sending, and each letter by its hash."""

    campaigns: Iterable[Mapping[str, Any]]
    letters: Iterable[Mapping[str, Any]]


def files(
    events: Sequence[Event], sent: SentRecord, spans: Iterable[Mapping[str, Any]], version: str
) -> dict[str, bytes]:
    """The files of an export by their names, but for attachments and the sums (see `sums`)."""
    first, last = started(events[0]), events[-1]
    words = JournalWords(events[0])
    lines = [json.dumps({"hash": event.hash, "body": event.body}, ensure_ascii=False) for event in events]
    return {
        JOURNAL: _lines(lines),
        "journal.txt": _lines(words.line(event) for event in events),
        **{name: text.encode() for name, text in first.texts.items()},
        CAMPAIGNS: _lines(canonical(campaign) for campaign in sent.campaigns),
        LETTERS: _lines(canonical(letter) for letter in sent.letters),
        "spans.jsonl": _lines(canonical(span) for span in spans),
        **_around(events, version, masked=False),
        "README.txt": _README.format(title=first.title, id=last.stream, head=last.hash).encode(),
    }


def masked_files(events: Sequence[Event], version: str) -> dict[str, bytes]:
    """The same with people masked: their names, numbers and addresses; the hashes stay, so that the order holds."""
    mask = _Mask(events[0])
    words = JournalWords(events[0])
    lines = []
    for event in events:
        told = {
            "seq": event.seq,
            "prev": event.prev,
            "hash": event.hash,
            "event": mask.value(
                {key: value for key, value in content_of(event.body).items() if key != "salt"}
            ),
        }
        lines.append(canonical(told))
    return {
        JOURNAL: _lines(lines),
        "journal.txt": _lines(mask.text(words.line(event)) for event in events),
        **_around(events, version, masked=True),
    }


def attachments(events: Iterable[Event], folder: Path) -> dict[str, bytes]:
    """The attachments that the journal names. Raises InputError for one that is missing or is another file now."""
    found = {}
    for event in events:
        added = read(event) if event.kind == CostAdded.KIND else None
        receipt = added.receipt if isinstance(added, CostAdded) else None
        if receipt is None:
            continue
        path = folder / receipt.file
        data = path.read_bytes() if path.is_file() else b""
        if sha256(data).hexdigest() != receipt.sha256:
            raise InputError(
                f"{path} is not the file that the journal names",
                "put the file back from a backup, then export again; nothing was exported",
            )
        found[receipt.file] = data
    return found


def sums(named: Mapping[str, bytes]) -> bytes:
    """SHA256SUMS over these files."""
    return _lines(f"{sha256(data).hexdigest()}  {name}" for name, data in sorted(named.items()))


def _around(events: Sequence[Event], version: str, masked: bool) -> dict[str, bytes]:
    """What lies beside every journal: the manifest, and the verifier."""
    first, last = started(events[0]), events[-1]
    manifest = {
        "format": FORMAT,
        "made_by": f"bcp {version}",
        "incident": last.stream,
        "kind": first.kind,
        "title": first.title,
        "begun": stamp(events[0].at),
        "events": last.seq,
        "head": last.hash,
        "masked": masked,
    }
    return {
        MANIFEST: (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode(),
        "verify.py": (Path(__file__).parent / "verify.py").read_bytes(),
    }


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass")


class _Mask:
    """Puts a placeholder in place of each person of the office, and of numbers and mail addresses in any text."""

    def __init__(self, first: Event) -> None:
        people = started(first).plan.people
        names = [(told.name, f"Person {number}") for number, told in enumerate(people.values(), 1)]
        ids = [(name, f"person-{number}") for number, name in enumerate(people, 1)]
        pairs = sorted([*names, *ids], key=lambda pair: -len(pair[0]))
        self._names = dict(pairs)
        self._any = re.compile("|".join(rf"\b{re.escape(name)}\b" for name, _masked in pairs) or r"(?!)")

    def text(self, text: str) -> str:
        """`text` without names, numbers and addresses."""
        bare = self._any.sub(lambda found: self._names[found[0]], text)
        return _PHONE.sub("[number]", _MAIL.sub("[address]", bare))

    def value(self, value: Any) -> Any:
        """The same for every text in a value, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.value(each) for each in value]
        return value

"""Export: an incident as files that a stranger can check without this tool.

`SHA256SUMS` lists every file, in the form that sha256sum reads; what is signed or stamped is that list. A time stamp
and a signature lie beside it. An event of the journal holds the hash of each file (see `cover`), so that its head
stands for all that a stranger reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from bcp.cost.model import Receipt
from bcp.errors import InputError
from bcp.event import Event, canonical, stamp
from bcp.incident.events.cost import CostAdded
from bcp.incident.events.record import RecordCovered
from bcp.incident.events.registry import read
from bcp.incident.evidence import verify
from bcp.incident.fold import started
from bcp.incident.journal_text import JournalWords

SUMS = "SHA256SUMS"
JOURNAL = "journal.jsonl"
MANIFEST = "manifest.json"
CAMPAIGNS = "campaigns.jsonl"
LETTERS = "letters.jsonl"
JOURNAL_TEXT = "journal.txt"
README = "README.txt"
VERIFIER = "verify.py"
FORMAT = 2

_README = """\
This folder holds the record of {what}: {title} ({id}).

{files}SHA256SUMS      the hash of every file

To check it, take the program from elsewhere, not from here: whoever changed this folder could change the program in it.
With the tool: bcp incident verify --export FOLDER --head HASH
Without it: python3 verify.py FOLDER --head HASH, with the verify.py of the package bcp-office ({version}), where it is
bcp/incident/evidence/verify.py. Its SHA-256 is {verifier}.
The one in this folder is a copy for convenience; it proves nothing if it is not that file.
HASH is a head from elsewhere, too: from a sheet, a report, a mail or a time stamp that was given away before. Without
one, all that shows is whether the folder contradicts itself: who holds the computer can write everything again up to
the last head that was given away.

{end}{head}
"""
_LISTED = {
    JOURNAL: "every entry with its hash; each entry holds the hash of the one before",
    JOURNAL_TEXT: "the same in plain words and local time",
    "runbooks/": "the plans as they were when it began",
    "attachments/": "receipts and other proof",
    CAMPAIGNS: "each sending of a notice",
    LETTERS: "who was told when: without addresses; each letter by its hash",
    "spans.jsonl": "what the office's checks saw",
    "levers.jsonl": "what was switched, forwarded and published",
    "anchors.jsonl": "to whom heads were given away, and the time stamps of heads (anchors/)",
}


class SentRecord(NamedTuple):
    """What was sent for an incident, as an export tells it: each sending, and each letter by its hash."""

    campaigns: Iterable[Mapping[str, Any]]
    letters: Iterable[Mapping[str, Any]]


def beside(first: Event, sent: SentRecord, spans: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """The files that lie beside the journal, by their names, but for attachments and those of `around`."""
    return {
        **{name: text.encode() for name, text in started(first).texts.items()},
        CAMPAIGNS: lines(canonical(campaign) for campaign in sent.campaigns),
        LETTERS: lines(canonical(letter) for letter in sent.letters),
        "spans.jsonl": lines(canonical(span) for span in spans),
    }


def journal(events: Sequence[Event]) -> dict[str, bytes]:
    """The journal twice: as it is kept, and as people read it."""
    return {JOURNAL: lines(map(entry, events)), JOURNAL_TEXT: text_of(events)}


def entry(event: Event) -> str:
    """The line of the journal for an event: its hash, the text that is hashed, and what that holds the hash of."""
    body, newline, content = event.body.partition("\n")
    told = {"hash": event.hash, "body": body, **({"content": content} if newline else {})}
    return json.dumps(told, ensure_ascii=False)


def body_of(entry: Mapping[str, str]) -> str:
    """The text of an event as it is stored, from its line. Raises KeyError or TypeError for what is none."""
    return "\n".join([entry["body"], *([entry["content"]] if "content" in entry else [])])


def text_of(events: Sequence[Event]) -> bytes:
    """journal.txt, with the line that each event holds of itself."""
    words = JournalWords(events[0])
    return lines(words.line(event) for event in events)


def cover(
    beside_it: Mapping[str, bytes], events: Sequence[Event], missing: Mapping[str, str]
) -> RecordCovered:
    """What the event behind `events` is to hold: the hashes of these files, and of journal.txt so far."""
    hashes = {name: sha256(data).hexdigest() for name, data in sorted(beside_it.items())}
    return RecordCovered(hashes, sha256(text_of(events)).hexdigest(), missing)


def attachments(events: Iterable[Event], folder: Path) -> dict[str, bytes]:
    """The attachments that the journal names. Raises InputError for one that is missing or is another file now."""
    found = {}
    for receipt in receipts(events):
        path = folder / receipt.file
        data = path.read_bytes() if path.is_file() else b""
        if sha256(data).hexdigest() != receipt.sha256:
            raise InputError(
                f"{path} is not the file that the journal names",
                "put the file back from a backup, then export again; nothing was exported",
            )
        found[receipt.file] = data
    return found


def receipts(events: Iterable[Event]) -> Iterator[Receipt]:
    """The receipts that the journal names, also of costs that were corrected since."""
    for event in events:
        added = read(event) if event.kind == CostAdded.KIND else None
        if isinstance(added, CostAdded) and added.receipt is not None:
            yield added.receipt


def sums(named: Mapping[str, bytes]) -> bytes:
    """SHA256SUMS over these files."""
    return lines(f"{sha256(data).hexdigest()}  {name}" for name, data in sorted(named.items()))


class About(NamedTuple):
    """What is told of a journal around it: its incident, how many events it has, its head (none: left out), by whom it
    was made, and whether it is masked."""

    id: str
    kind: str
    title: str
    begun: str
    events: int
    head: str | None
    version: str
    masked: bool = False


def about(events: Sequence[Event], version: str) -> About:
    """It, for these events."""
    first, last = started(events[0]), events[-1]
    return About(last.stream, first.kind, first.title, stamp(events[0].at), last.seq, last.hash, version)


def around(told: About, names: Iterable[str]) -> dict[str, bytes]:
    """What lies beside every journal: the manifest, the verifier, and a text that tells of the files of these names."""
    verifier = Path(verify.__file__).read_bytes()
    fields = told._asdict()
    manifest = {
        "format": FORMAT,
        "made_by": f"bcp {told.version}",
        "incident": fields.pop("id"),
        **{name: each for name, each in fields.items() if name != "version"},
    }
    tops = {name.partition("/")[0] + "/" * ("/" in name) for name in (JOURNAL, JOURNAL_TEXT, *names)}
    readme = _README.format(
        what="a drill (a rehearsal, and no incident)" if told.kind == "drill" else "an incident",
        title=told.title,
        id=told.id,
        files="".join(f"{name:15} {words}\n" for name, words in _LISTED.items() if name in tops),
        version=told.version,
        verifier=sha256(verifier).hexdigest(),
        end=verify.README_END,
        head=told.head or "-",
    )
    return {
        MANIFEST: (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode(),
        VERIFIER: verifier,
        README: readme.encode(),
    }


def lines(each: Iterable[str]) -> bytes:
    """A file of these lines."""
    return "".join(line + "\n" for line in each).encode("utf-8", "surrogatepass")

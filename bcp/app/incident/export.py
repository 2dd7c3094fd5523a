"""Exports an incident as a folder or a zip that a stranger can check; nothing is left half-written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bcp.app.incident import handover_levers
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.errors import InputError
from bcp.event import checked, stamp, unseal
from bcp.files import fresh_folder, in_words, take_place, zip_folder
from bcp.incident.evidence import export as evidence
from bcp.incident.journal import IncidentJournal
from bcp.outside import Program

SIGN_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What kind of export is wanted; `key` is an SSH key to sign with."""

    output: Path | None
    mask: bool
    timestamp: bool
    key: Path | None


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the export lies, whether as a folder or as a zip, and when an authority stamped it."""

    target: Path
    is_folder: bool
    stamped_at: datetime | None


def export(session: Session, book: IncidentJournal, request: ExportRequest) -> Exported:
    """Make the export. Raises ChainBroken where the journal does not hold: a broken record is not passed on.

    Raises InputError where it cannot be written, stamped or signed; nothing is left half-written then.
    """
    target = request.output or Path(f"export-{book.incident.id}{'-masked' if request.mask else ''}")
    if target.exists():
        raise InputError(f"{target} is there already", "name another folder with -o; nothing was overwritten")
    named = gather(session, book, request.mask)
    named[evidence.SUMS] = evidence.sums(named)
    stamped_at = None
    if request.timestamp:
        named[f"{evidence.SUMS}.tsr"], stamped_at = _stamped(session, named[evidence.SUMS])
    is_folder = request.output is None or target.suffix.lower() != ".zip"
    try:
        with fresh_folder(target) as fresh:
            _put(named, fresh)
            if request.key is not None:
                _sign(session, fresh, request.key)
            if is_folder:
                take_place(fresh, target)
            else:
                zip_folder(fresh, target)
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {in_words(error)}", "name another place with -o"
        ) from None
    return Exported(target, is_folder, stamped_at)


def gather(session: Session, book: IncidentJournal, mask: bool) -> dict[str, bytes]:
    """The files of the export, without the sums."""
    events = [unseal(row) for row in checked(session.log.rows(book.incident.id))]
    if mask:
        return evidence.masked_files(events, _version())
    sent = evidence.SentRecord(_campaigns(session, book), _letters(session, book))
    made = evidence.files(events, sent, _spans(session, book), _version())
    made[handover_levers.FILE] = handover_levers.pack(session, book.incident.id)
    return {**made, **evidence.attachments(events, session.stores.folder_of(book.incident.id))}


def _version() -> str:
    """The installed version; a checkout has none."""
    try:
        return version("bcp-office")
    except PackageNotFoundError:
        return "from a checkout"


def _campaigns(session: Session, book: IncidentJournal) -> Iterator[Mapping[str, Any]]:
    """Each sending: so that after a lost computer it is known what was told to whom."""
    from bcp.store.outbox import Outbox

    for each in session.stores.of(Outbox).campaigns(book.incident.id):
        yield {
            "campaign": each.id,
            "notice": each.notice,
            "number": each.number,
            "kind": each.kind,
            "audience": each.audience,
            "by": each.by,
            "at": stamp(each.at),
            "expires_at": stamp(each.expires_at),
            "overruled": dict(each.overruled),
            "stopped": each.stopped,
        }


def _letters(session: Session, book: IncidentJournal) -> Iterator[Mapping[str, Any]]:
    """Each letter by its hash; no address."""
    from bcp.store.outbox import Outbox

    outbox = session.stores.of(Outbox)
    for campaign in outbox.campaigns(book.incident.id):
        for row in outbox.rows(campaign.id):
            yield {
                "campaign": campaign.id,
                "contact": row.key.contact,
                "channel": row.key.channel,
                "language": row.language,
                "state": row.state,
                "reason": row.reason,
                "last_at": stamp(row.last_at) if row.last_at else None,
                "sha256": sha256(outbox.content(row.key)).hexdigest(),
            }


def _spans(session: Session, book: IncidentJournal) -> Iterator[Mapping[str, Any]]:
    from bcp.store.spans import StoredSpans

    spans = session.stores.of(StoredSpans)
    for name in sorted(spans.held()):
        for span in spans.history(name, book.incident.opened_at):
            yield {
                "check": name,
                "state": span.state,
                "first": stamp(span.first),
                "last": stamp(span.last),
                "looks": span.looks,
                "reason": span.reason,
            }


def _stamped(session: Session, sums: bytes) -> tuple[bytes, datetime]:
    from bcp.world.timestamp import stamped

    office = office_of(session)
    if office.timestamp is None:
        raise InputError(
            "bcp.yaml names no time stamp authority",
            "add it: timestamp: {url: https://…, root: certificates/authority.pem}",
        )
    return stamped(sums, office.timestamp.url, session.folder / office.timestamp.root)


def _sign(session: Session, folder: Path, key: Path) -> None:
    """Sign the sums with an SSH key; ssh-keygen asks for its passphrase through its own agent."""
    if not key.is_file():
        raise InputError(
            f"there is no key {key}", "give the path of a private SSH key: --sign ~/.ssh/id_ed25519"
        )
    arguments = ("ssh-keygen", "-Y", "sign", "-f", str(key), "-n", "bcp", str(folder / evidence.SUMS))
    ran = world_of(session).run(Program(arguments, SIGN_WITHIN))
    if ran.code != 0:
        lines = (ran.trouble or ran.output).strip().splitlines() or ["no reason"]
        raise InputError(
            f"it could not be signed: {lines[-1]}",
            "try the key by hand: ssh-keygen -Y sign -f KEY -n bcp FILE",
        )


def _put(named: Mapping[str, bytes], folder: Path) -> None:
    for name, data in named.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

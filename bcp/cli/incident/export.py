"""Gathers what an export is made of, and writes it as a folder or a zip; nothing is left half-written."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bcp.app.incident import handover_levers
from bcp.app.session import Session
from bcp.cli.terminal.output import say, show_next
from bcp.errors import Exit, InputError
from bcp.event import Row, checked, stamp, unseal
from bcp.i18n import _
from bcp.incident.evidence import export
from bcp.incident.journal import Book
from bcp.outside import Program
from bcp.times import local

SIGN_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Order:
    """What kind of export was asked for; `key` is an SSH key to sign with."""

    output: Path | None
    mask: bool
    timestamp: bool
    key: Path | None


def write(session: Session, book: Book, order: Order) -> int:
    """Make the export. Raises ChainBroken where the journal does not hold: a broken record is not passed on."""
    incident = book.incident
    target = order.output or Path(f"export-{incident.id}{'-masked' if order.mask else ''}")
    if target.exists():
        raise InputError(f"{target} is there already", "name another folder with -o; nothing was overwritten")
    named = gather(session, book, order.mask)
    named[export.SUMS] = export.sums(named)
    stamped_at = None
    if order.timestamp:
        named[f"{export.SUMS}.tsr"], stamped_at = _stamped(session, named[export.SUMS])
    whole = order.output is None or target.suffix.lower() != ".zip"
    fresh = target.with_name(f".{target.name}.part")
    try:
        _put(named, fresh)
        if order.key is not None:
            _sign(session, fresh, order.key)
        _finish(fresh, target, zipped=not whole)
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {error.strerror}", "name another place with -o"
        ) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    say(str(target), "green")
    say(_("The journal ends with {head}").format(head=incident.head.hash))
    if stamped_at is not None:
        say(_("Stamped {time}").format(time=local(stamped_at, incident.zone)))
    show_next((f"python3 {target / 'verify.py'} --head {incident.head.hash[:12]}",) if whole else ())
    return Exit.OK


def gather(session: Session, book: Book, mask: bool) -> dict[str, bytes]:
    """The files of the export, without the sums."""
    rows: list[Row] = list(checked(session.log.rows(book.incident.id)))
    events = [unseal(row) for row in rows]
    if mask:
        return export.masked_files(events, _version())
    sent = (list(_campaigns(session, book)), list(_letters(session, book)))
    made = export.files(events, sent, list(_spans(session, book)), _version())
    made[handover_levers.FILE] = handover_levers.pack(session, book.incident.id)
    return {**made, **export.attachments(events, session.stores.folder_of(book.incident.id))}


def _version() -> str:
    """The installed version; a checkout has none."""
    try:
        return version("bcp-office")
    except PackageNotFoundError:
        return "from a checkout"


def _campaigns(session: Session, book: Book) -> Iterator[Mapping[str, Any]]:
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


def _letters(session: Session, book: Book) -> Iterator[Mapping[str, Any]]:
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


def _spans(session: Session, book: Book) -> Iterator[Mapping[str, Any]]:
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
    from bcp.office.model import load
    from bcp.world.timestamp import stamped
    from bcp.yaml.source import Reader

    reader = Reader()
    office = load(session.folder, reader)
    reader.finish()
    assert office is not None
    if office.timestamp is None:
        raise InputError(
            "bcp.yaml names no time stamp authority",
            "add it: timestamp: {url: https://…, root: certificates/authority.pem}",
        )
    return stamped(sums, office.timestamp.url, session.folder / office.timestamp.root)


def _sign(session: Session, folder: Path, key: Path) -> None:
    """Sign the sums with an SSH key; ssh-keygen asks for its passphrase through its own agent."""
    from bcp.world.real import Real
    from bcp.world.secret import Secrets

    if not key.is_file():
        raise InputError(
            f"there is no key {key}", "give the path of a private SSH key: --sign ~/.ssh/id_ed25519"
        )
    arguments = ("ssh-keygen", "-Y", "sign", "-f", str(key), "-n", "bcp", str(folder / export.SUMS))
    ran = Real(Secrets(session.folder, session.environ)).run(Program(arguments, SIGN_WITHIN))
    if ran.code != 0:
        why = (
            ran.trouble or ran.output.strip().splitlines()[-1]
            if ran.trouble or ran.output.strip()
            else "no reason"
        )
        raise InputError(
            f"it could not be signed: {why}", "try the key by hand: ssh-keygen -Y sign -f KEY -n bcp FILE"
        )


def _put(named: Mapping[str, bytes], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in named.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _finish(fresh: Path, target: Path, zipped: bool) -> None:
    """The last deed, in one step: the folder, or the zip, gets its name."""
    if not zipped:
        fresh.replace(target)
        return
    part = target.with_name(f".{target.name}.zip.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(each for each in fresh.rglob("*") if each.is_file()):
            archive.write(path, f"{target.stem}/{path.relative_to(fresh).as_posix()}")
    part.replace(target)

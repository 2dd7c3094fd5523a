"""Exports an incident as a folder or a zip that a stranger can check; nothing is left half-written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bcp.app.incident import coverage
from bcp.app.incident.beside import around_journal, beside, events_of, made_by
from bcp.app.incident.masking import find_private
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.errors import InputError
from bcp.files import fresh_folder, in_words, take_place, zip_folder
from bcp.i18n import _
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
    """Where the export lies, whether as a folder or as a zip, when an authority stamped it, and what was masked.

    `head` is that of its journal; empty where it is left out of a masked copy. `checked_with` are the options with
    which its stamps and its signature are checked.
    """

    target: Path
    is_folder: bool
    stamped_at: datetime | None
    head: str
    checked_with: tuple[str, ...] = ()
    masked: MaskedExport | None = None


@dataclass(frozen=True, slots=True)
class MaskedExport:
    """What a masked copy left out: how often which kind, by their names; and what a person must know of it.

    `loose` events at the beginning are told without their hashes, `unread` are the lists that could not be read.
    """

    counts: Mapping[str, int]
    loose: int
    telling_id: bool
    unread: Sequence[str]


def export(session: Session, book: IncidentJournal, request: ExportRequest) -> Exported:
    """Make the export. Raises ChainBroken where the journal does not hold: a broken record is not passed on.

    Raises InputError where it cannot be written, stamped or signed; nothing is left half-written then.
    """
    target = request.output or Path(f"export-{book.incident.id}{'-masked' if request.mask else ''}")
    if target.exists():
        raise InputError(f"{target} is there already", "name another folder with -o; nothing was overwritten")
    masked = None
    if request.mask:
        named, masked = _masked(session, book)
    else:
        named = gather(session, book)
    named[evidence.SUMS] = evidence.sums(named)
    stamped_at = None
    if request.timestamp:
        named[f"{evidence.SUMS}.tsr"], stamped_at = _stamped(session, named[evidence.SUMS])
    is_folder = request.output is None or target.suffix.lower() != ".zip"
    try:
        with fresh_folder(target) as fresh:
            with session.progress.task(_("Writing the files")):
                _put(named, fresh)
            if request.key is not None:
                _sign(session, fresh, request.key)
            if is_folder:
                take_place(fresh, target)
            else:
                with session.progress.task(_("Packing the files")):
                    zip_folder(fresh, target)
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {in_words(error)}", "name another place with -o"
        ) from None
    head = "" if masked is not None and masked.loose == book.incident.head.seq else book.incident.head.hash
    return Exported(target, is_folder, stamped_at, head, _checked_with(session, request, named), masked)


def _checked_with(session: Session, request: ExportRequest, named: Iterable[str]) -> tuple[str, ...]:
    signers = ("--signers", "FILE") if request.key is not None else ()
    told = office_of(session).timestamp if any(name.endswith(".tsr") for name in named) else None
    return (*(("--root", str(session.folder / told.root)) if told is not None else ()), *signers)


def gather(session: Session, book: IncidentJournal) -> dict[str, bytes]:
    """The files of the whole export, without the sums, after an event was written that holds their hashes.

    An incident that was handed over is only read here: no event is written, and the verifier says what is not covered.
    """
    made = beside(session, book)
    coverage.cover(session, book, made)
    return {**made, **around_journal(session, book, made)}


def _masked(session: Session, book: IncidentJournal) -> tuple[dict[str, bytes], MaskedExport]:
    """The masked copy. An event that covers the whole record is written all the same, so that both can be compared."""
    from bcp.incident.evidence.masked import masked_copy

    coverage.cover(session, book, beside(session, book))
    private = find_private(session, book.incident.plan)
    made = masked_copy(events_of(session, book), private.known, made_by(), progress=session.progress)
    return made.files, MaskedExport(made.counts, made.loose, made.telling_id, private.unread)


def _stamped(session: Session, sums: bytes) -> tuple[bytes, datetime]:
    from bcp.world.timestamp import stamped

    office = office_of(session)
    if office.timestamp is None:
        raise InputError(
            "bcp.yaml names no time stamp authority",
            "add it: timestamp: {url: https://…, root: certificates/authority.pem}",
        )
    with session.progress.task(_("Waiting for {whom}").format(whom=_("the time stamp"))):
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

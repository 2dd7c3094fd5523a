"""Compares a journal with the heads that were kept and given away, and with the receipts that it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.errors import InputError, SourceError
from bcp.event import Event
from bcp.i18n import _
from bcp.incident.evidence import export as evidence
from bcp.incident.evidence.anchors import GIVEN, GivenHead, stamped_text
from bcp.incident.evidence.proof import Anchor


class KeptHeads(NamedTuple):
    """What the kept heads prove; where the journal is not what one of them says, a sentence each.

    `given` says of an event, by its number, to whom its head was given when.
    """

    anchors: list[Anchor]
    faults: list[str]
    given: dict[int, str]


def kept_heads(
    session: Session, kept: Iterable[tuple[Path, GivenHead]], hashes: Sequence[str], root: Path | None
) -> KeptHeads:
    """What `kept`, those of one incident, prove. A stamp is believed by the certificate `root`, else by bcp.yaml's.

    A kept head is no anchor: whoever changes the journal may change the file, too. But they must go together.
    """
    found = KeptHeads([], [], {})
    seen: set[GivenHead] = set()
    for path, given in kept:
        if given in seen:
            continue
        seen.add(given)
        if not 0 < given.event <= len(hashes) or hashes[given.event - 1] != given.head:
            words = _("event {number} is not what it was at {time}, when its head was kept in {file}")
            found.faults.append(words.format(number=given.event, time=_time(given), file=path))
            continue
        if given.how in GIVEN:
            found.given[given.event] = given_to(given)
        if given.how == "stamp":
            root = root or _root_of_office(session)
            _look_at_stamp(session.stores.folder_of(given.incident), given, root, found)
    return found


def given_to(given: GivenHead) -> str:
    """`#12 by mail to lawyer@example.com, 2026-11-26 08:00 UTC`: where a head is that can be compared."""
    if given.how == "stamp":
        words = _("#{event} by a time stamp of {to}, {time}")
    else:
        words = _("#{event} by mail to {to}, {time}")
    return words.format(event=given.event, time=_time(given), to=given.to)


class Receipts(NamedTuple):
    """Which receipts are not the files that the journal names, a sentence each; and which are not there."""

    faults: list[str]
    missing: list[str]


def receipts(session: Session, events: Sequence[Event]) -> Receipts:
    """The receipts of an incident against the hashes in its journal."""
    found = Receipts([], [])
    for receipt in evidence.receipts(events):
        path = session.stores.folder_of(events[0].stream) / receipt.file
        try:
            is_other = sha256(path.read_bytes()).hexdigest() != receipt.sha256
        except OSError:
            found.missing.append(receipt.file)
        else:
            if is_other:
                found.faults.append(_("{file} is not the file that the journal names").format(file=path))
    return found


def _root_of_office(session: Session) -> Path | None:
    """The certificate that the office believes."""
    try:
        told = office_of(session).timestamp
    except SourceError:
        return None
    return session.folder / told.root if told is not None else None


def _look_at_stamp(folder: Path, given: GivenHead, root: Path | None, found: KeptHeads) -> None:
    from bcp.world.timestamp import stamp_time

    file = folder / given.stamp_file
    if root is None:
        words = _("{file}: this stamp was not checked: give the authority's root certificate with --root PEM")
        found.faults.append(words.format(file=given.stamp_file))
        return
    try:
        at = stamp_time(stamped_text(given.head), file.read_bytes(), root)
    except InputError as error:
        words = _("{file}: this stamp was not checked: {why}")
        found.faults.append(words.format(file=given.stamp_file, why=error.message))
    except (OSError, ValueError) as error:
        words = _("{file}: this stamp proves nothing: {why}")
        found.faults.append(words.format(file=given.stamp_file, why=error))
    else:
        found.anchors.append(
            Anchor(
                given.event,
                _("a time stamp of {time}").format(time=f"{at:%Y-%m-%d %H:%M} UTC"),
                is_dated=True,
            )
        )


def _time(given: GivenHead) -> str:
    return f"{given.at:%Y-%m-%d %H:%M} UTC"

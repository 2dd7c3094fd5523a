"""What goes to whoever helps: versions, the tool's own log, how the files are, and nobody's name.

Each part is made by itself, so that a damaged journal or a broken file costs its own part only, and says why there.
"""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bcp.app import names, support_parts
from bcp.app.session import Session
from bcp.app.support_parts import crashes_of, masked_file
from bcp.errors import BcpError, InputError
from bcp.files import not_written
from bcp.i18n import _
from bcp.mask import KNOWN
from bcp.progress import UNWATCHED, Progress, counted
from bcp.traced import message_of, place_of


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """One file of the archive: its name, what it is for, its content."""

    name: str
    words: str
    content: bytes


class SupportPlaces(NamedTuple):
    """The office and its state folder, as far as there are any, and why there is none."""

    office: Path | None
    state: Path | None
    trouble: str


def places_of(session: Session) -> SupportPlaces:
    """Where to look. Raises InputError where an office was named and is none."""
    try:
        office = session.folder
    except InputError as error:
        if session.asked_office or session.environ.get("BCP_OFFICE"):
            raise
        return SupportPlaces(None, None, error.message)
    try:
        return SupportPlaces(office, session.stores.folder, "")
    except BcpError as error:
        return SupportPlaces(office, None, error.message)


def gather(
    office: Path | None, state: Path | None, trouble: str = "", *, progress: Progress = UNWATCHED
) -> list[ArchivePart]:
    """All parts, made and masked. `trouble` says why there is no state folder, where there is none."""
    missing = names.learn(office, state) if office else ["nobody is known: no office"]
    chain = _("per incident: how many events, from when to when, whether the chain holds; not what they say")
    sizes = _("names, sizes and hashes of plans, checks and notices; contact files are only counted")
    places = _("mistakes in the files of this office: file, line, column")
    log = _("what the tool did: commands, failures, programs, servers")
    bug = _("a bug of ours: where it happened")
    about = partial(support_parts.about, state, trouble, missing)
    parts: list[tuple[str, str, Callable[[], str]]] = [
        ("about.txt", _("versions, system, terminal, room on the disk"), about),
        ("journal.json", chain, partial(support_parts.journal, state)),
        ("checks.json", _("how each check is and since when"), partial(support_parts.checks, state)),
        ("mistakes.json", places, partial(support_parts.mistakes, office)),
        ("files.json", sizes, partial(support_parts.files, office)),
        *((path.name, log, partial(masked_file, path)) for path in support_parts.logs_of(state)),
        *((f"crash/{path.name}", bug, partial(masked_file, path)) for path in crashes_of(state, office)),
    ]
    words = _("Gathering what helps")
    return [_part(*part) for part in counted(progress, words, parts, len(parts), name=lambda one: one[0])]


def left_out() -> list[str]:
    """What is not in it, in plain words."""
    return [
        _(
            "contacts, clients, people of the office, their numbers and addresses, as far as the tool knows them"
        ),
        _("letters, notices, and what was written into incidents"),
        _("passwords and other secrets that the tool knows of"),
    ]


def default_name(folder: Path, day: str) -> Path:
    """`bcp-support-2026-11-26.zip`, else the next one that is not there yet."""
    number = 1
    while True:
        path = folder / f"bcp-support-{day}{f'-{number}' if number > 1 else ''}.zip"
        if not path.exists():
            return path
        number += 1


def write(path: Path, parts: list[ArchivePart]) -> None:
    """Write the archive, for its owner alone. Raises InputError where the file is there, StoreError where it cannot."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        number = os.open(path, flags, 0o600)
    except FileExistsError:
        raise InputError(
            _("{path} is there already").format(path=path), _("name another file: bcp support FILE")
        ) from None
    except OSError as error:
        raise not_written(path, error) from None
    try:
        with os.fdopen(number, "w+b") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts:
                member = zipfile.ZipInfo(part.name, time.localtime()[:6])
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o600 << 16
                archive.writestr(member, part.content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise not_written(path, error) from None


def _part(name: str, words: str, make: Callable[[], str]) -> ArchivePart:
    """With its content; where that cannot be made, why."""
    try:
        text = make()
    except BcpError as error:
        text = f"This part could not be made: {KNOWN.told(error.message)}\n"
    except Exception as error:  # noqa: BLE001 - the other parts are wanted all the more
        text = f"This part could not be made: {place_of(error)}: {message_of(error)}\n"
    return ArchivePart(name, words, text.encode("utf-8", "backslashreplace"))

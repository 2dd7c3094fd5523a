"""Reads everything in the office: every mistake of every file, and what paper would need."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bcp.app.alert.mistakes import watch_mistakes
from bcp.app.load_office import read_now
from bcp.app.session import Session
from bcp.errors import InputError, Mistake
from bcp.i18n import _
from bcp.private import group_id
from bcp.validate import OfficeConfig
from bcp.yaml.source import Reader

_READ = (".yaml", ".yml")
_SAVED_AS = (".txt", ".doc", ".docx", ".odt", ".rtf")


@dataclass(frozen=True, slots=True)
class ReadOffice:
    """What the office says (None where bcp.yaml cannot be read), and every mistake."""

    whole: OfficeConfig | None
    mistakes: list[Mistake]


def read_office(session: Session) -> ReadOffice:
    """Read every file. Mistakes raise nothing."""
    now = read_now(session)
    more = watch_mistakes(session, now.whole.office) if now.whole is not None else []
    return ReadOffice(now.whole, [*now.mistakes, *more])


def runbook_mistakes(session: Session, runbook: str | None) -> list[Mistake]:
    """The mistakes of one runbook, else of all. Raises InputError where there is none of that name."""
    found = read_office(session)
    if runbook is None:
        return [each for each in found.mistakes if "runbooks/" in each.file]
    loaded = found.whole.runbooks.get(runbook) if found.whole is not None else None
    file = loaded.document.shown if loaded is not None else f"runbooks/{runbook}.yaml"
    own = [each for each in found.mistakes if each.file == file]
    if loaded is None and not own:
        raise InputError(f'there is no runbook "{runbook}"', "see: bcp runbook list")
    return own


def knows_group(name: str) -> bool:
    """Whether this login may give files to that group. On Windows always: the folder's own list of rights says who."""
    return sys.platform == "win32" or group_id(name) is not None


def never_given_away(whole: OfficeConfig) -> list[str]:
    """Why heads of open incidents cannot be given away as bcp.yaml says it, a sentence each."""
    from bcp.notice.channel.channels import load as load_channels
    from bcp.notice.channel.kinds.smtp import Smtp

    office, found = whole.office, []
    ways = load_channels(whole.folder, Reader()).channels.values() if office.seals.mail else ()
    if office.seals.mail and not any(isinstance(way, Smtp) for way in ways):
        words = _(
            "The heads of incidents are to be mailed to {addresses}, and no channel in channels.yaml sends mail."
        )
        found.append(words.format(addresses=", ".join(office.seals.mail)))
    if office.timestamp is not None and not (whole.folder / office.timestamp.root).is_file():
        words = _("There is no file {file}, so no time stamp can be believed: put the certificate there.")
        found.append(words.format(file=office.timestamp.root))
    return found


def misnamed(folder: Path) -> list[str]:
    """Runbooks and checks that an editor saved under another ending (`internet.yaml.txt`): nobody reads them."""
    return [
        f"{room}/{path.name}"
        for room in ("runbooks", "checks")
        for path in sorted((folder / room).glob("*"))
        if path.suffix not in _READ and path.suffix.lower() in (*_READ, *_SAVED_AS)
    ]

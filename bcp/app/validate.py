"""Reads everything in the office: every mistake of every file, and what paper would need."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bcp.app.alert.mistakes import watch_mistakes
from bcp.app.carried_out import review
from bcp.app.load_office import read_now
from bcp.app.notice.good_texts import linted
from bcp.app.notice.lint import named_by_plans
from bcp.app.notice.on_the_day import lacking_then
from bcp.app.session import Session
from bcp.errors import Mistake
from bcp.i18n import _
from bcp.notice.text.load import FOLDER as NOTICES
from bcp.office.find import FILE
from bcp.private import group_id
from bcp.runbook.load import FOLDER as RUNBOOKS
from bcp.runbook.unknown import no_such
from bcp.validate import OfficeConfig, advice
from bcp.yaml.source import Reader

_READ = (".yaml", ".yml")
_SAVED_AS = (".txt", ".doc", ".docx", ".odt", ".rtf")


@dataclass(frozen=True, slots=True)
class ReadOffice:
    """What the office says (None where bcp.yaml cannot be read), and every mistake.

    `safer` would be safer in another way, `advice` is what in the plans and their notices deserves a second look, and
    `lacking` is what would be missing in the letters on the day.
    """

    whole: OfficeConfig | None
    mistakes: list[Mistake]
    safer: list[Mistake] = field(default_factory=list)
    advice: list[Mistake] = field(default_factory=list)
    lacking: list[Mistake] = field(default_factory=list)


def read_office(session: Session) -> ReadOffice:
    """Read every file, and whether what it says can be carried out. Mistakes raise nothing."""
    now = read_now(session)
    if now.whole is None:
        return ReadOffice(None, now.mistakes)
    with linted(session):
        plans = review(session, now.whole)
        lacking = lacking_then(now.whole)
    mistakes = [*now.mistakes, *watch_mistakes(session, now.whole.office), *plans.mistakes]
    told = {each[:4] for each in (*mistakes, *plans.advice)}
    lacking = [each for each in lacking if each[:4] not in told]
    return ReadOffice(now.whole, mistakes, advice(now.whole), plans.advice, lacking)


@dataclass(frozen=True, slots=True)
class RunbookReading:
    """What is wrong with runbooks, and what deserves a second look; in them, and in the notices that they name."""

    mistakes: list[Mistake]
    advice: list[Mistake]


def read_runbooks(session: Session, runbook: str | None) -> RunbookReading:
    """One runbook, else all. Raises InputError where there is none of that name."""
    found = read_office(session)
    files = _files_of(found.whole, runbook)
    if found.whole is None:
        files = (FILE, *files)  # nothing was looked up: no plan may pass as one without a mistake
    mistakes = [each for each in found.mistakes if each.file.startswith(files)]
    known = found.whole.runbooks if found.whole is not None else {}
    if runbook is not None and runbook not in known and not mistakes:
        raise no_such(runbook, known, known.values())
    return RunbookReading(mistakes, [each for each in found.advice if each.file.startswith(files)])


def _files_of(whole: OfficeConfig | None, runbook: str | None) -> tuple[str, ...]:
    """The beginnings of the names of the files that one runbook, or all, are in, and their notices."""
    if runbook is None:
        named = named_by_plans(whole.runbooks.values()) if whole is not None else set()
        return (f"{RUNBOOKS}/", *_notice_files(named))
    loaded = whole.runbooks.get(runbook) if whole is not None else None
    if loaded is None:
        file = whole.unusable.get(("runbook", runbook)) if whole is not None else None
        return (file or f"{RUNBOOKS}/{runbook}.yaml",)
    return (loaded.document.shown, *_notice_files(named_by_plans([loaded])))


def _notice_files(names: Iterable[str]) -> Iterator[str]:
    return (f"{NOTICES}/{name}." for name in names)


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

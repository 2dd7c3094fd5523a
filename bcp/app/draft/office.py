"""What an author can choose from: the roles, lines and activities of the office, its audiences, languages and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bcp.app.load_office import read_now
from bcp.app.notice.office import contacts_of
from bcp.app.session import Session
from bcp.contact.audience import ALL
from bcp.contact.model import Contact
from bcp.errors import SourceError
from bcp.notice.channel.channels import FILE as CHANNELS
from bcp.notice.text.load import FOLDER as NOTICES
from bcp.notice.text.model import LANGUAGE_NAMES
from bcp.validate import OfficeConfig

_CLIENTS = "clients"
_FILES = ("runbooks/{name}.yaml", "runbooks/{name}.yml", "checks/{name}.yaml", "checks/{name}.yml",
          "answers/{name}.yaml")  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuthorOffice:
    """The office of an author, with its contacts."""

    whole: OfficeConfig
    contacts: Sequence[Contact]

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.whole.folder

    @property
    def roles(self) -> Mapping[str, str]:
        """Who can lead, by the names of the roles: the name of the person who plays it first."""
        people = {person.person: person.name for person in self.whole.office.people}
        return {role.role: people.get(role.owner, role.owner) for role in self.whole.office.roles}

    @property
    def lead(self) -> str:
        """The role that leads where nobody says otherwise."""
        return "lead" if "lead" in self.roles else next(iter(self.roles))

    @property
    def subjects(self) -> Mapping[str, str]:
        """What a plan can be about: activities, with the least that will do, and lines, with their titles."""
        office = self.whole.office
        activities = {each.activity: each.minimum for each in office.activities}
        return activities | {
            line.line: line.title or "" for line in office.lines if line.line not in activities
        }

    def is_activity(self, name: str) -> bool:
        """Whether it is an activity of bcp.yaml."""
        return any(each.activity == name for each in self.whole.office.activities)

    def is_line(self, name: str) -> bool:
        """Whether it is a line of bcp.yaml, whose provider can be called."""
        return any(line.line == name for line in self.whole.office.lines)

    def target_of(self, activity: str) -> timedelta | None:
        """By when an activity must run again; None where nobody said."""
        return next((each.target for each in self.whole.office.activities if each.activity == activity), None)

    @property
    def has_update(self) -> bool:
        """Whether there is the notice with which clients are kept up to date."""
        return self._has_notice("update")

    @property
    def reads_back(self) -> bool:
        """Whether there is the notice that tells a provider in writing what it said on the phone."""
        return self._has_notice("read-back")

    def _has_notice(self, kind: str) -> bool:
        return kind in self.whole.notices and self.whole.notices[kind].kind == kind

    def teller(self, lead: str) -> str:
        """The role that tells clients while `lead` leads."""
        return "deputy" if "deputy" in self.roles and lead != "deputy" else lead

    @property
    def audience(self) -> str:
        """Who is meant by clients: their file, else all contacts."""
        return _CLIENTS if _CLIENTS in self.whole.audiences else ALL

    @property
    def readers(self) -> list[Contact]:
        """The clients."""
        return [one for one in self.contacts if self.audience in (ALL, one.file)]

    @property
    def languages(self) -> list[str]:
        """The languages that clients read and notices can have, that of the office first."""
        wanted = [self.whole.office.language, *sorted({one.language for one in self.readers if one.language})]
        return [each for each in dict.fromkeys(wanted) if each in LANGUAGE_NAMES] or ["en"]

    def holds(self, name: str) -> bool:
        """Whether a plan, a check, a notice or an answers file is called so already."""
        paths = [self.folder / each.format(name=name) for each in _FILES]
        return (
            any(path.exists() for path in paths)
            or self.holds_notice(name)
            or self.holds_notice(f"{name}-over")
        )

    def holds_notice(self, name: str) -> bool:
        """Whether a notice is called so already, in any language."""
        return any((self.folder / "notices").glob(f"{name}.*"))


def author_office(session: Session) -> AuthorOffice:
    """The office as it is now; from now on its language is spoken.

    Raises SourceError for mistakes in bcp.yaml, and in what no notice could be linted with: before anything is asked.
    """
    now = read_now(session, keeps=False)
    if now.whole is None:
        raise SourceError(now.mistakes)
    stopping = [each for each in now.mistakes if each.file.startswith((f"{NOTICES}/", CHANNELS))]
    if stopping:
        raise SourceError(stopping)
    return AuthorOffice(now.whole, contacts_of(session, now.whole.office).all)

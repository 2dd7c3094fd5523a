"""Reads of an office what one plan reaches, and no other file: so that what lies beside it neither stops nor slows it.

That is bcp.yaml, the plan with all that it can lead to, the checks and notices that these name, and channels.yaml.
Contacts are read only where a plan names an audience that no contact file is called after.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bcp.check.load import FOLDER as CHECKS
from bcp.check.load import LoadedCheck
from bcp.check.model import Check
from bcp.contact.audience import names as audiences
from bcp.contact.load import load as load_contacts
from bcp.contact.model import Contacts
from bcp.notice.channel.channels import load as load_channels
from bcp.notice.text.load import FOLDER as NOTICES
from bcp.notice.text.load import load_files
from bcp.notice.text.model import Notice
from bcp.office.model import load as load_office
from bcp.runbook.reached import load_reached, points_to
from bcp.validate import OfficeConfig, plan_mistakes
from bcp.yaml.named import by_name
from bcp.yaml.source import Reader


def read_reached(folder: Path, root: str, reader: Reader, known: Iterable[str] = ()) -> OfficeConfig | None:
    """The office as far as the plan `root` reaches; the mistakes in that go to `reader`.

    None where bcp.yaml cannot be used, or there is no such plan that could be. `known` are audiences that there are
    besides those of the contact files.
    """
    office = load_office(folder, reader)
    runbooks = load_reached(folder, root, reader)
    if office is None or root not in runbooks:
        return None
    named = {each for loaded in runbooks.values() for each in points_to(loaded.model)}
    checks = named_checks(folder, [name for kind, name in named if kind == "check"], reader)
    notices = _notices(folder, {name for kind, name in named if kind == "notice"}, reader)
    ways = load_channels(folder, reader)
    contacts = Contacts(())
    audible = {*audiences((), folder), *known}
    if not {name for kind, name in named if kind == "audience"} <= audible:
        contacts = load_contacts(folder, office.country)
        reader.mistakes.extend(contacts.mistakes)
        audible.update(audiences(contacts.all, folder))
    whole = OfficeConfig(
        folder,
        office,
        runbooks,
        checks,
        notices,
        tuple(sorted(audible)),
        unusable=reader.unusable,
        contacts=contacts,
        ways=ways,
    )
    reader.mistakes += plan_mistakes(whole)
    return whole


def named_checks(folder: Path, names: Iterable[str], reader: Reader) -> dict[str, LoadedCheck]:
    """The checks of these names, as far as there are such; the mistakes in their files go to `reader`."""
    wanted = sorted(set(names))
    files = by_name(folder, CHECKS, "check", reader) if wanted else {}
    paths = [path for name in wanted for path in files.get(name, ())]
    return reader.folder(folder, CHECKS, "check", Check, paths)


def _notices(folder: Path, names: Iterable[str], reader: Reader) -> dict[str, Notice]:
    """The notices of these names, each in all its languages."""
    paths = reader.files(folder, NOTICES, ".md")
    return load_files([path for path in paths if path.stem.partition(".")[0] in names], reader)

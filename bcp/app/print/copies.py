"""Paper that is out there: whether it is still true, and where each copy hangs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bcp.app.office import office_of
from bcp.app.print.printable import printable_sheets
from bcp.app.session import Session
from bcp.errors import Mistake, SourceError
from bcp.page.age import Age, age, aged
from bcp.page.catalog import Catalog
from bcp.page.copies import Copies, Copy


class VerifiedPage(NamedTuple):
    """How a printed page stands today; `zone` is where the office's clock stands."""

    age: Age
    zone: ZoneInfo


class Outdated(NamedTuple):
    """A copy that hangs somewhere and is not current, and how it stands."""

    copy: Copy
    age: Age
    zone: ZoneInfo


def verify(session: Session, hash_: str) -> VerifiedPage:
    """The page with that hash. Raises InputError for what is no hash, or was never printed here."""
    sheets = printable_sheets(session, ())
    catalog = sheets.catalog
    found = age(hash_, catalog, Copies(session.folder), _today(session, catalog))
    _refuse_unread([found], sheets.mistakes)
    return VerifiedPage(found, catalog.whole.office.zone)


def outdated(session: Session, catalog: Catalog | None = None) -> list[Outdated]:
    """The copies that hang somewhere and are not current any more; `catalog` where the office is read already."""
    mistakes: Sequence[Mistake] = ()
    if catalog is None:
        sheets = printable_sheets(session, ())
        catalog, mistakes = sheets.catalog, sheets.mistakes
    found = aged(catalog, Copies(session.folder), _today(session, catalog))
    _refuse_unread([how for _copy, how in found], mistakes)
    return [Outdated(copy, how, catalog.whole.office.zone) for copy, how in found]


def hanging(session: Session) -> list[Copy]:
    """The copies that are noted as hanging somewhere."""
    return list(Copies(session.folder).hanging())


def add(session: Session, hash_: str, name: str, place: str) -> Age:
    """Note where a copy hangs. Raises InputError where its hash was never printed here, or the name is taken."""
    catalog, copies = printable_sheets(session, ()).catalog, Copies(session.folder)
    today = _today(session, catalog)
    found = age(hash_, catalog, copies, today)
    copies.add(Copy(name, place, found.hash, today.isoformat()))
    return found


def collect(session: Session, names: Sequence[str]) -> None:
    """Note that copies were taken down today. Raises InputError for a name that hangs nowhere."""
    today = session.clock.now().astimezone(office_of(session).zone).date()
    for name in names:
        Copies(session.folder).collect(name, today.isoformat())


def _refuse_unread(found: Sequence[Age], mistakes: Sequence[Mistake]) -> None:
    """Raises SourceError where a page seems to be of no plan that there is, while plans have mistakes."""
    if mistakes and any(each.state == "withdrawn" for each in found):
        raise SourceError(mistakes)


def _today(session: Session, catalog: Catalog) -> date:
    return session.clock.now().astimezone(catalog.whole.office.zone).date()

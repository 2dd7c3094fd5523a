"""Copies of the sites that are shown to clients: made, fetched anew, opened, listed, removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bcp.app.office import spoken_office_of
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.files import write_whole
from bcp.i18n import _
from bcp.incident.journal import Busy
from bcp.mirror.archive import Archive, Mirror, check_for
from bcp.mirror.crawl import Copied, Limits
from bcp.times import parse_duration


@dataclass(frozen=True, slots=True)
class FetchedCopy:
    """A copy that was fetched: `mirror` as it is now, how old, what was copied; None where it stayed as it was."""

    mirror: Mirror
    copied: Copied | None
    age: timedelta | None
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Added:
    """A new copy. `check` is the file of its check, None where that was there already."""

    mirror: Mirror
    copied: Copied
    check: Path | None


@dataclass(frozen=True, slots=True)
class CopyToOpen:
    """The page to open first, and how old the copy is."""

    mirror: Mirror
    page: Path
    age: timedelta | None


@dataclass(frozen=True, slots=True)
class MirrorCopies:
    """Every copy, at one moment."""

    zone: ZoneInfo
    now: datetime
    mirrors: tuple[Mirror, ...]


def add_copy(
    session: Session,
    url: str,
    name: str | None,
    *,
    limits: Limits,
    within: str,
    copying: Callable[[str], None],
) -> Added:
    """Copy a site, and write a check that warns when the copy is older than `within`, such as `8d`.

    `copying` is called with the address before that. Raises InputError for what cannot be, and where nothing could be
    fetched: then nothing is kept.
    """
    try:
        is_some = parse_duration(within) > timedelta()
    except ValueError:
        is_some = False
    if not is_some:
        raise InputError(f'"{within}" is no age', "such as: --within 8d")
    archive = archive_of(session)
    new = archive.add(url, name, limits)
    copying(new.url)
    (fetched,) = _fetch(session, archive, [new])
    mirror, copied = fetched.mirror, fetched.copied
    if copied is None:
        raise InputError(
            mirror.trouble, "nothing was kept; look at it in a browser, and give the command again"
        )
    check = _check_of(session, mirror)
    if check.exists():
        return Added(mirror, copied, None)
    write_whole(check, check_for(mirror, within))
    return Added(mirror, copied, check)


def refresh_copies(session: Session, name: str | None) -> Iterator[FetchedCopy]:
    """Fetch one or all anew, each told as soon as it is there. Raises InputError for a copy that there is not."""
    archive = archive_of(session)
    return _fetch(session, archive, [archive.find(name)] if name else archive.all())


def copy_to_open(session: Session, name: str | None) -> CopyToOpen:
    """The copy of that name, else the only one. Raises InputError where there are several or none."""
    archive = archive_of(session)
    every = archive.all()
    if name is None and len(every) != 1:
        names = ", ".join(each.name for each in every)
        raise InputError(
            "there are several copies" if every else "there are no copies yet",
            f"name one: {names}"
            if every
            else "add one while there is internet: bcp place mirror add ADDRESS",
        )
    mirror = archive.find(name) if name else every[0]
    return CopyToOpen(mirror, archive.page(mirror), mirror.age(session.clock.now()))


def copies(session: Session) -> MirrorCopies:
    """Every copy, by name."""
    zone = spoken_office_of(session).zone
    return MirrorCopies(zone, session.clock.now(), tuple(archive_of(session).all()))


def remove_copy(session: Session, name: str) -> Mirror:
    """Delete a copy and its check. Raises InputError for one that there is not."""
    archive = archive_of(session)
    mirror = archive.find(name)
    with _alone(session):
        archive.remove(mirror)
    _check_of(session, mirror).unlink(missing_ok=True)
    return mirror


def archive_of(session: Session) -> Archive:
    """The copies of this office; their banner speaks its language."""
    office = spoken_office_of(session)
    return Archive(session.folder, office.zone, session.clock)


def _fetch(session: Session, archive: Archive, mirrors: list[Mirror]) -> Iterator[FetchedCopy]:
    from bcp.world.fetch import Fetcher

    with _alone(session):
        for mirror in mirrors:
            words = _("Copying {name}").format(name=mirror.name)
            with session.progress.task(words) as task, Fetcher() as fetcher:
                found, copied = archive.refresh(mirror, fetcher.get, task)
            yield FetchedCopy(found, copied, found.age(session.clock.now()), archive.zone)


def _check_of(session: Session, mirror: Mirror) -> Path:
    return session.folder / "checks" / f"mirror-{mirror.name}.yaml"


@contextmanager
def _alone(session: Session) -> Iterator[None]:
    """Two that fetch at once, cron and a person, would write into one folder. Raises InputError."""
    try:
        with session.stores.alone("mirrors"):
            yield
    except Busy:
        words = _("the copies are being fetched at this moment, by cron or at another terminal")
        raise InputError(words, "give the command again when that has ended") from None

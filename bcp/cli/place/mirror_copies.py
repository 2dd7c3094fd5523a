"""What the verbs of `bcp place mirror` do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bcp.app.notice.office import office_of
from bcp.app.session import Session
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit, InputError
from bcp.files import write_whole
from bcp.i18n import _, speak
from bcp.incident.journal import Busy
from bcp.mirror.archive import Mirror, Shelf, check_for
from bcp.mirror.crawl import Copied, Limits
from bcp.times import local, parse_duration, say_duration
from bcp.world.fetch import Fetcher

_SHOWN = 5


def shelf_of(session: Session) -> Shelf:
    """The copies of this office; their banner speaks its language."""
    office = office_of(session)
    speak(office.language)
    return Shelf(session.folder, office.zone, session.clock)


def add(session: Session, url: str, name: str | None, limits: Limits, within: str) -> int:
    """Copy a site, and write its check."""
    try:
        is_some = parse_duration(within) > timedelta()
    except ValueError:
        is_some = False
    if not is_some:
        raise InputError(f'"{within}" is no age', "such as: --within 8d")
    shelf = shelf_of(session)
    wanted = shelf.add(url, name, limits)
    say(_("Copying {url} …").format(url=wanted.url))
    with _alone(session), Fetcher() as fetcher:
        mirror, copied = shelf.refresh(wanted, fetcher.get)
    if copied is None:
        raise InputError(mirror.trouble, "nothing was kept; give the command again when it can be reached")
    _tell(mirror, copied)
    check = session.folder / "checks" / f"mirror-{mirror.name}.yaml"
    if not check.exists():
        write_whole(check, check_for(mirror, within))
        say(_("Written: {path}. It fails when the copy is older than {age}.").format(path=check, age=within))
    show_next(
        (f"bcp place mirror open {mirror.name}", "bcp place mirror refresh --quiet   (each night, by cron)")
    )
    return Exit.OK


def refresh(session: Session, name: str | None, quiet: bool) -> int:
    """Fetch one or all anew."""
    shelf = shelf_of(session)
    wanted = [shelf.find(name)] if name else shelf.all()
    status = Exit.OK
    with _alone(session), Fetcher() as fetcher:
        for each in wanted:
            mirror, copied = shelf.refresh(each, fetcher.get)
            if copied is None:
                status = Exit.STEP_FAILED
                say(_("{name}: not refreshed: {why}").format(name=each.name, why=mirror.trouble), "bold red")
                say("  " + _kept(session, mirror))
            elif not quiet:
                _tell(mirror, copied)
    if not wanted and not quiet:
        say(_("There are no copies yet."))
    if not quiet:
        show_next(("bcp place mirror list" if wanted else "bcp place mirror add https://…",))
    return status


def open_(session: Session, name: str | None, only_say: bool) -> int:
    """Show a copy."""
    shelf = shelf_of(session)
    every = shelf.all()
    if name is None and len(every) != 1:
        names = ", ".join(each.name for each in every)
        raise InputError(
            "there are several copies" if every else "there are no copies yet",
            f"name one: {names}"
            if every
            else "add one while there is internet: bcp place mirror add https://…",
        )
    mirror = shelf.find(name) if name else every[0]
    page = shelf.page(mirror)
    age = mirror.age(session.clock.now())
    if age is not None:
        say(_("The copy of {url} is {age} old.").format(url=mirror.url, age=say_duration(age)), "bold")
    show(str(page))
    if not only_say:
        _launch(page)
    return Exit.OK


def list_(session: Session, as_json: bool) -> int:
    """Print every copy."""
    every = shelf_of(session).all()
    if as_json:
        show_json([each.as_data() for each in every])
        return Exit.OK
    for each in every:
        show(each.name, "bold")
        show(f"    {each.url}  {each.title}".rstrip())
        show("    " + _kept(session, each))
        if each.trouble:
            show("    " + _("The last try failed: {why}").format(why=each.trouble), "bold red")
        for line in each.missing[:_SHOWN]:
            show("    " + _("missing: {what}").format(what=line))
        if len(each.missing) > _SHOWN:
            show("    " + _("… and {count} more").format(count=len(each.missing) - _SHOWN))
    if not every:
        say(_("There are no copies yet."))
    show_next(("bcp place mirror refresh" if every else "bcp place mirror add https://…",))
    return Exit.OK


def remove(session: Session, name: str) -> int:
    """Delete a copy and its check."""
    shelf = shelf_of(session)
    mirror = shelf.find(name)
    with _alone(session):
        shelf.remove(mirror)
    (session.folder / "checks" / f"mirror-{mirror.name}.yaml").unlink(missing_ok=True)
    say(_("The copy {name} is gone, and its check.").format(name=mirror.name))
    show_next(("bcp place mirror list",))
    return Exit.OK


@contextmanager
def _alone(session: Session) -> Iterator[None]:
    """Two that fetch at once, cron and a person, would write into one folder. Raises InputError."""
    try:
        with session.stores.alone("mirrors"):
            yield
    except Busy:
        words = _("the copies are being fetched at this moment, by cron or at another terminal")
        raise InputError(words, "give the command again when that has ended") from None


def _tell(mirror: Mirror, copied: Copied) -> None:
    words = _("{name}: {pages} pages and {files} files, {size:.1f} MB")
    shown = words.format(name=mirror.name, pages=copied.pages, files=copied.files, size=copied.bytes / 1e6)
    say(shown, "bold green")
    for count, words in (
        (
            copied.left_out,
            _("{count} pages or files are beyond the limits: see --pages, --depth, --megabytes"),
        ),
        (copied.forbidden, _("{count} pages are not copied, because the site's robots.txt asks for that")),
        (len(copied.missing), _("{count} could not be fetched: bcp place mirror list")),
    ):
        if count:
            say("  " + words.format(count=count), "yellow")


def _kept(session: Session, mirror: Mirror) -> str:
    if mirror.fetched_at is None:
        return _("It was never fetched.")
    age = mirror.age(session.clock.now())
    at = local(mirror.fetched_at, office_of(session).zone)
    assert age is not None
    return _("{pages} pages of {time}, {age} old").format(pages=mirror.pages, time=at, age=say_duration(age))


def _launch(page: Path) -> None:
    import typer

    if typer.launch(page.as_uri()) != 0:
        say(_("No browser could be started: open that file yourself."), "yellow")

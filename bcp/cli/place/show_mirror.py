"""Shows the copies of sites, and what was fetched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bcp.app.mirror import Added, CopyToOpen, FetchedCopy, MirrorCopies
from bcp.cli.terminal.output import say, show, show_next
from bcp.i18n import _, ngettext
from bcp.mirror.archive import Mirror
from bcp.mirror.crawl import Copied
from bcp.times import local, say_duration

_SHOWN = 5


def show_added(added: Added, within: str) -> None:
    """What was copied, and the check that was written."""
    mirror = added.mirror
    show_copied(mirror, added.copied)
    if added.check is not None:
        words = _("Written: {path}. It warns when the copy is older than {age}.")
        say(words.format(path=added.check, age=within))
    show_next(
        (
            f"bcp place mirror open {mirror.name}",
            "bcp place mirror refresh --quiet   (each night, by cron)",
        )
    )


def show_copied(mirror: Mirror, copied: Copied) -> None:
    """How much, and what is missing."""
    pages = _pages(copied.pages)
    files = ngettext("{count} file", "{count} files", copied.files).format(count=copied.files)
    words = _("{name}: {pages} and {files}, {size:.1f} MB")
    shown = words.format(name=mirror.name, pages=pages, files=files, size=copied.bytes / 1e6)
    say(shown, "bold green")
    for count, words in (
        (
            copied.left_out,
            _("{count} pages or files are beyond the limits: see --pages, --depth, --megabytes"),
        ),
        (copied.forbidden, _("{count} pages are not copied, because the site's robots.txt asks for that")),
        (
            len(copied.scripted),
            _("{count} links that only a script makes lead nowhere in the copy: bcp place mirror list"),
        ),
        (len(copied.missing), _("{count} could not be fetched: bcp place mirror list")),
    ):
        if count:
            say("  " + words.format(count=count), "yellow")
    for line in copied.refused[:_SHOWN]:
        say("    " + line, "yellow")


def show_not_fetched(fetched: FetchedCopy) -> None:
    """Why, and what is there instead."""
    mirror = fetched.mirror
    words = _("{name}: not refreshed: {why}")
    say(words.format(name=mirror.name, why=mirror.trouble), "bold red")
    say("  " + _kept(mirror, fetched.age, fetched.zone))


def show_to_open(found: CopyToOpen, where: str) -> None:
    """How old it is, and where it can be seen: an address or a file."""
    if found.age is not None:
        words = _("The copy of {url} is {age} old.")
        say(words.format(url=found.mirror.url, age=say_duration(found.age)), "bold")
    show(where)


def show_copies(copies: MirrorCopies) -> None:
    """Every copy."""
    for each in copies.mirrors:
        show(each.name, "bold")
        show(f"    {each.url}  {each.title}".rstrip())
        show("    " + _kept(each, each.age(copies.now), copies.zone))
        if each.trouble:
            show("    " + _("The last try failed: {why}").format(why=each.trouble), "bold red")
        for line in each.missing[:_SHOWN]:
            show("    " + _("missing: {what}").format(what=line))
        _show_more(each.missing)
        if each.scripted:
            words = _("{count} links that only a script makes lead nowhere in the copy:")
            show("    " + words.format(count=len(each.scripted)))
        for line in each.scripted[:_SHOWN]:
            show("      " + line)
        _show_more(each.scripted)
    if not copies.mirrors:
        say(_("There are no copies yet."))
    show_next(("bcp place mirror refresh" if copies.mirrors else "bcp place mirror add ADDRESS",))


def _show_more(lines: Sequence[str]) -> None:
    if len(lines) > _SHOWN:
        show("    " + _("… and {count} more").format(count=len(lines) - _SHOWN))


def _kept(mirror: Mirror, age: timedelta | None, zone: ZoneInfo) -> str:
    if mirror.fetched_at is None or age is None:
        return _("It was never fetched.")
    at = local(mirror.fetched_at, zone)
    words = _("{pages} of {time}, {age} old")
    return words.format(pages=_pages(mirror.pages), time=at, age=say_duration(age))


def _pages(count: int) -> str:
    return ngettext("{count} page", "{count} pages", count).format(count=count)

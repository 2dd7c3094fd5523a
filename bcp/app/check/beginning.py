"""How a watch begins: alone, and with what the watch before it left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, repeat
from zoneinfo import ZoneInfo

from bcp.app.check.flips import untold
from bcp.app.check.run import looking_alone
from bcp.app.check.watch_mark import WatchMarkFile
from bcp.app.session import Session
from bcp.check.round import Outcome
from bcp.check.span import LEAST_GAP
from bcp.errors import InputError, StoreError
from bcp.i18n import _
from bcp.incident.journal import Busy
from bcp.private import is_root, owner_of
from bcp.store.spans import StoredSpans
from bcp.times import local, local_clock

LONGEST_PASS = 120.0
"""Seconds that a watch waits for a pass of cron to end."""


def say_whose_it_is(session: Session, say: Callable[[str], None]) -> None:
    """Say once to root that it watches over somebody else's office: whatever is made there becomes the owner's."""
    if is_root() and (owner := owner_of(session.folder)) is not None:
        words = _("You are root, and this office belongs to {login}: what is written stays theirs.")
        say(words.format(login=owner[0]))


def say_first_look(count: int, say: Callable[[str], None]) -> None:
    """Say that the first look has begun: where all is well nothing else is said for hours."""
    words = _(
        "Every check is looked at for the first time now: {count}. From then on only what changes is told."
    )
    say(words.format(count=count))


@contextmanager
def alone_after_passes(session: Session, mark: WatchMarkFile, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of the looks, once a pass of cron that is under way is over.

    Where no lock can be made, as in a folder that can only be read, it is gone without. Raises InputError where a
    watch holds it.
    """
    with ExitStack() as locks:
        end = session.clock.monotonic() + LONGEST_PASS
        for is_first in chain([True], repeat(False)):
            try:
                locks.enter_context(looking_alone(session))
            except Busy:
                last = mark.read()
                if (last is not None and last.runs) or session.clock.monotonic() > end:
                    raise InputError(
                        "another process looks at these checks already", "see: bcp check status"
                    ) from None
                if is_first:
                    say(_("A pass over the checks is under way; the watch begins behind it."))
                session.clock.sleep(0.5)
                continue
            except StoreError:
                pass  # the first look is told to be kept in memory only, and why
            break
        yield


def seen_and_not_told(session: Session, spans: StoredSpans) -> list[Outcome]:
    """What was seen last and nobody heard of; nothing where the store cannot tell."""
    try:
        return untold(session, spans.held())
    except StoreError:
        return []


def unobserved(session: Session, spans: StoredSpans, zone: ZoneInfo) -> list[str]:
    """Since when nobody looked, as a sentence, where that is worth one: the watch before was killed."""
    try:
        last = max(spans.looked().values(), default=None)
    except StoreError:
        return []
    now = session.clock.now()
    if last is None or now - last <= LEAST_GAP:
        return []
    words = _("The watch was ended from outside. Nobody looked from {since} to {until}; now it looks again.")
    return [words.format(since=local(last, zone), until=local_clock(now, zone, now))]

"""`check page`: the checks of an office on one page that needs no server; nothing is looked at now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from bcp.app.check.histories import overviews
from bcp.app.check.probing import office_and_checks
from bcp.app.session import Session
from bcp.check.model import Check
from bcp.check.overview import ChecksPage, Overview
from bcp.check.span import Span
from bcp.files import write_whole
from bcp.office.model import Office

PAGE_EVERY = timedelta(minutes=1)
_REST = 20
"""So many times as long as it took to write a page, nothing is done about it."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """Where the page is, and whether browsers load it again every minute."""

    file: Path
    refresh: bool = False

    def put(self, found: Overview) -> ChecksPage:
        """Beside, then renamed, so that a reader never finds half of it. Raises StoreError.

        It is for its owner alone, or for whom it was before: a web server gets to read it by one `chmod`.
        """
        from bcp.page.checks import write

        page = write(found, self.refresh)
        write_whole(self.file, page.text)
        return page


class FreshPage:
    """A page that a watch keeps fresh: written every minute, and as soon as the state of a check is another one."""

    def __init__(
        self,
        page: PageFile,
        office: Callable[[], tuple[Session, Office, Mapping[str, Check]]],
        held: Callable[[], Mapping[str, Span]],
    ) -> None:
        """`office` gives what is on the page, by the last good files: a slip in one must not leave an old page.

        `held` gives the last spans, also those that the store did not take: a watch whose disk is full looks on.
        """
        self._page, self._office, self._held = page, office, held
        self._at = datetime.min.replace(tzinfo=UTC)
        self._took = timedelta(0)
        self._states: dict[str, str] = {}

    def keep(self) -> None:
        """Write it where that is due; a large one more seldom, for the looks go on beside it. Raises StoreError."""
        session, office, checks = self._office()
        now, held = session.clock.now(), dict(self._held())
        states: dict[str, str] = {name: span.state for name, span in held.items()}
        age = abs(now - self._at)
        if age >= _REST * self._took and (states != self._states or age >= PAGE_EVERY):
            began = session.clock.monotonic()
            self._page.put(overview(session, office, checks, held))
            self._at, self._states = now, states
            self._took = timedelta(seconds=session.clock.monotonic() - began)


def write_page(session: Session, file: Path, refresh: bool) -> ChecksPage:
    """Write the page, and say what is on it. Raises SourceError for mistakes in the checks, StoreError."""
    return PageFile(file, refresh).put(overview(session, *office_and_checks(session)))


def overview(
    session: Session,
    office: Office,
    checks: Mapping[str, Check],
    held: Mapping[str, Span] = MappingProxyType({}),
) -> Overview:
    """These checks as they were kept, and as they are `held` in memory. Raises StoreError."""
    now = session.clock.now()
    found = overviews(session, office, checks, now, held)
    return Overview(office.name, office.language, office.zone, now, found)

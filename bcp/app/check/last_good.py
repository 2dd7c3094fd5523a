"""What a watch goes by: the office and its checks as they last loaded without a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from bcp.app.alert.now import tell_now
from bcp.app.check import kept_checks
from bcp.app.check.probing import ChecksToLookAt, checks_to_look_at, office_and_checks, references_of
from bcp.app.session import Session
from bcp.check.wiring import WatchPlan
from bcp.errors import BcpError, SourceError
from bcp.i18n import _
from bcp.office.model import load as load_office
from bcp.yaml.source import Reader


class LastGood:
    """The office and its checks as they last loaded without a mistake."""

    def __init__(self, session: Session) -> None:
        """Raises SourceError where they do not load and no older ones are kept."""
        self.session = session
        self._first: ChecksToLookAt | None = checks_to_look_at(session)
        self.office, self.checks = self._first.office, self._first.checks
        self.mistake: Sequence[str] = ()
        """That these are older ones, as people are told it; nothing where they are not."""
        if self._first.is_of_last:
            words = _(
                "A file of the office has a mistake, so the watch goes by older ones. To see it: bcp validate"
            )
            self.mistake = [words]
        else:
            kept_checks.keep(session, self._first.texts)

    def load(self) -> WatchPlan:
        """Read them anew. Raises SourceError, and then the last good ones stay."""
        if self._first is None or not self._first.is_of_last:
            reader = Reader()
            self.office, self.checks = office_and_checks(self.session, reader)
            kept_checks.keep(self.session, reader.texts)
        self._first = None
        return WatchPlan(self.checks, self.office.zone, self.office.watch.alive, references_of(self.office))


def last_good(session: Session) -> LastGood:
    """The office and its checks to begin with.

    Raises SourceError where they do not load and no older ones are kept; people are told before, if they can be.
    """
    try:
        return LastGood(session)
    except SourceError as error:
        office = load_office(session.folder, Reader())
        if office is not None:
            words = _("The watch cannot begin: {told}. Nobody looks now. To see every mistake: bcp validate")
            told = words.format(told="; ".join(str(each) for each in error.mistakes[:2]))
            with suppress(BcpError, OSError):
                tell_now(session, office, told)
        raise

"""What `check run` tells people besides printing it: the same alerts as the watch, out of the same outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

from bcp.app.session import Session
from bcp.check.model import Check
from bcp.check.notifier import carefully
from bcp.check.single_pass import Pass
from bcp.errors import Locked, StoreError
from bcp.i18n import _
from bcp.office.model import Office
from bcp.store.alerts_waiting import AlertsWaiting, spare_files
from bcp.store.place import outside_folder

_WITHIN = 60.0
"""Seconds in all: a line of cron comes again."""

Guarded = Callable[[Callable[[], None]], Callable[[], None]]


class PassAlerts:
    """The alerts of one pass. Nothing is loaded where nothing is to be told, which is nearly always so."""

    def __init__(self, session: Session, guarded: Guarded) -> None:
        """`guarded` makes a deed of which a bug ends nothing beside it."""
        self._session, self._guarded = session, guarded
        self._office: Office | None = None
        self._is_fresh = False
        self._thread: Thread | None = None
        self._made: Any = None

    def tell(self, office: Office, checks: Mapping[str, Check], found: Pass) -> None:
        """Keep what a pass found, before anything else is written; and begin to tell it, and what waits from before."""
        self._office = office
        self._carefully(lambda: self._keep_found(checks, found))
        if self._is_fresh or self._waits():
            self._is_fresh = False
            self._thread = Thread(target=self._deliver, daemon=True, name="alerts")
            self._thread.start()

    def news(self, texts: Sequence[str]) -> None:
        """Keep other news."""
        from bcp.alert.wording import of_news

        now = self._session.clock.now()
        self._carefully(lambda: self._post.keep([of_news(text, now) for text in texts]))
        self._is_fresh = True

    def of_store(self, trouble: StoreError | None) -> StoreError | None:
        """Tell once a day that the store takes nothing, unless another program only holds it; the same `trouble`."""
        if trouble is not None and not isinstance(trouble, Locked):
            from bcp.alert.wording import of_news, once_a_day

            now = self._session.clock.now()
            words = _("What the checks see cannot be written down. {why}: {hint}")
            alert = of_news(words.format(why=trouble.message, hint=trouble.hint), now)
            self._carefully(lambda: self._post.keep([once_a_day(alert, self._office_now().zone)]))
            self._is_fresh = True
        return trouble

    def end(self) -> None:
        """Wait for what is being told, and tell what came since."""
        if self._thread is not None:
            self._thread.join(_WITHIN)
        if self._is_fresh and (self._thread is None or not self._thread.is_alive()):
            self._deliver()

    def _keep_found(self, checks: Mapping[str, Check], found: Pass) -> None:
        news = found.news
        if any(each.exists() for each in self._beside()):
            # What a store did not keep is no news to it when it is over, but it is to who was told.
            known, bad = {each.check for each in news}, self._post.open_beside()
            back = (each for each in found.outcomes if each.state == "up" and each.check not in known)
            news += [each for each in back if f"check {each.check}" in bad]
        if news:
            from bcp.app.alert.of_checks import alerts_of

            self._is_fresh = True
            self._post.keep(alerts_of(self._session, checks, news, found.diagnosis))

    def _deliver(self) -> None:
        self._carefully(lambda: self._post.deliver() and None)

    def _carefully(self, do: Callable[[], None]) -> None:
        """That somebody could not be told must keep nothing from being written down."""
        carefully(self._guarded(do), self._session.remark)

    @property
    def _post(self) -> Any:
        if self._made is None:
            from bcp.app.alert.post import AlertPost

            session = self._session
            session.insist_on_our_office()
            self._made = AlertPost(session.again(), self._office_now, session.remark)
        return self._made

    def _office_now(self) -> Office:
        """That of the pass; where another one is under way, that of the files."""
        if self._office is None:
            from bcp.app.check.probing import checks_to_look_at

            self._office = checks_to_look_at(self._session).office
        return self._office

    def _waits(self) -> bool:
        stores = self._session.stores
        try:
            if any(each.exists() for each in self._beside()):
                return True
            return stores.exist() and stores.of(AlertsWaiting).any()
        except StoreError:
            return False

    def _beside(self) -> list[Path]:
        return spare_files(self._session.stores.folder, outside_folder(self._session.environ))

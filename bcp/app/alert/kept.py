"""Where alerts are kept: in the store, and beside it for as long as the store cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import RLock

from bcp.alert.alert import BAD
from bcp.alert.outbox import AlertRow
from bcp.app.session import Session
from bcp.errors import StoreError
from bcp.store.alerts import StoredAlerts
from bcp.store.alerts_waiting import spare_files
from bcp.store.place import outside_folder
from bcp.store.spare_alerts import SpareAlerts

_PATIENCE = 0.2
"""Seconds to wait for another writer: what cannot be written into the store at once lies well beside it."""


class KeptAlerts:
    """`AlertOutbox` that loses nothing: what the store refuses is kept beside it, and brought back when it can be."""

    def __init__(self, session: Session) -> None:
        """Opens nothing yet but the file beside the store."""
        self._store = StoredAlerts(session.stores.database(_PATIENCE))
        self._spare = SpareAlerts(spare_files(session.stores.folder, outside_folder(session.environ)))
        self._lock = RLock()

    def add(self, rows: Iterable[AlertRow]) -> None:
        """Keep rows and their alerts; what is there already stays as it is."""
        with self._lock:
            every = list(self._not_said_beside(rows))
            try:
                self._store.add(every)
            except StoreError:
                self._spare.add(every)

    def _not_said_beside(self, rows: Iterable[AlertRow]) -> Iterator[AlertRow]:
        """Without a store each pass finds the same outage anew."""
        said, new = self._spare.last_words(), set[str]()
        for row in rows:
            alert = row.alert
            if alert.id in new or alert.reminder or said.get(alert.about) != alert.kind:
                new.add(alert.id)
                if alert.about in said:
                    said[alert.about] = alert.kind
                yield row

    def waiting(self) -> list[AlertRow]:
        """The rows that wait, in the order in which they were seen."""
        with self._lock:
            self._bring_back()
            beside = {(row.alert.id, row.recipient): row for row in self._spare.rows}
            try:
                kept = self._store.waiting()
            except StoreError:
                kept = []
        rows = {(row.alert.id, row.recipient): row for row in kept} | beside
        return sorted((row for row in rows.values() if row.state == "waiting"), key=lambda row: row.alert.at)

    def taken(self, alerts: Iterable[str]) -> dict[str, set[str]]:
        """By whom each of these alerts was taken, as far as it is known."""
        ids = list(alerts)
        with self._lock:
            found = self._spare.taken(ids)
            try:
                kept = self._store.taken(ids)
            except StoreError:
                kept = {}
        return {alert: found.get(alert, set()) | kept.get(alert, set()) for alert in {*found, *kept}}

    def settle(self, rows: Iterable[AlertRow]) -> None:
        """Write how far these rows came."""
        every = list(rows)
        with self._lock:
            try:
                self._store.settle(every)
            except StoreError:
                self._spare.settle(every)

    def open_beside(self) -> set[str]:
        """About what the last word is that it is not well, as far as it was kept beside the store."""
        with self._lock:
            return {about for about, kind in self._spare.last_words().items() if kind in BAD}

    def close(self) -> None:
        """Let go of the file of the store."""
        self._store.close()

    def _bring_back(self) -> None:
        rows = self._spare.rows
        if not rows:
            return
        try:
            self._store.add(rows)
            self._store.settle(rows)
        except StoreError:
            return
        self._spare.clear()

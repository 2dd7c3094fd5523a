"""The outbox of alerts in SQLite: each alert once, and a row for each recipient."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from types import NoneType
from typing import cast

from bcp.alert.alert import Alert, read_alert
from bcp.alert.outbox import STATES, AlertRow, DeliveryState
from bcp.store.part import Columns, StorePart, one_of, typed

KEPT = timedelta(days=100)
"""How long it can be seen who was told what."""

_ADD = "INSERT OR IGNORE INTO alerts (id, at, content) VALUES (?, ?, ?)"
_ADD_ROW = "INSERT OR IGNORE INTO alert_deliveries VALUES (?, ?, ?, ?, ?, ?, ?)"
_SETTLE = """
    UPDATE alert_deliveries SET state = ?, tries = ?, not_before = ?, why = ?, at = ?
    WHERE alert = ? AND recipient = ? AND state = 'waiting'
"""
_WAITING = """
    SELECT content, recipient, state, tries, not_before, why, row.at
    FROM alert_deliveries row JOIN alerts ON id = alert WHERE state = 'waiting' ORDER BY number, recipient
"""
_TAKEN = "SELECT alert, recipient FROM alert_deliveries WHERE state = 'taken' AND alert IN ({marks})"
_OLD = """
    DELETE FROM alerts WHERE at < ? AND id NOT IN (SELECT alert FROM alert_deliveries WHERE state = 'waiting')
"""
_MOST_MARKS = 500


class StoredAlerts(StorePart):
    """`AlertOutbox` in SQLite. Raises StoreError in plain words where it cannot be read or written."""

    def add(self, rows: Iterable[AlertRow]) -> None:
        """Keep rows and their alerts, all or none; what is there already stays as it is."""
        every = list(rows)
        alerts = {row.alert.id: row.alert for row in every}.values()
        contents = [(each.id, _number(each.at), _content(each)) for each in alerts]
        if not contents:
            return
        with self._database.writing() as connection:
            connection.executemany(_ADD, contents)
            connection.executemany(_ADD_ROW, [_columns(row) for row in every])
            connection.execute(_OLD, (_number(max(each.at for each in alerts) - KEPT),))

    def waiting(self) -> list[AlertRow]:
        """The rows that wait, in the order in which their alerts came."""
        return self._kept(_WAITING, (), _delivery)

    def taken(self, alerts: Iterable[str]) -> dict[str, set[str]]:
        """By whom each of these alerts was taken."""
        found: dict[str, set[str]] = {}
        ids = list(alerts)
        for begin in range(0, len(ids), _MOST_MARKS):
            some = ids[begin : begin + _MOST_MARKS]
            query = _TAKEN.format(marks=", ".join("?" * len(some)))
            for alert, recipient in self._kept(query, some, lambda row: tuple(typed(row, str, str))):
                found.setdefault(alert, set()).add(recipient)
        return found

    def settle(self, rows: Iterable[AlertRow]) -> None:
        """Write how far rows came that waited."""
        values = [(*_columns(row)[2:], row.alert.id, row.recipient) for row in rows]
        if values:
            self._database.write(_SETTLE, values)


def _content(alert: Alert) -> str:
    return json.dumps(alert.as_data(), ensure_ascii=False, sort_keys=True)


def _columns(row: AlertRow) -> tuple[object, ...]:
    times = _number(row.not_before) if row.not_before else None, _number(row.at) if row.at else None
    return (row.alert.id, row.recipient, row.state, row.tries, times[0], row.why, times[1])


def _delivery(row: Columns) -> AlertRow:
    types = (str, str, str, int, int | NoneType, str, int | NoneType)
    content, recipient, state, tries, not_before, why, at = typed(row, *types)
    alert = read_alert(json.loads(content))
    found = cast("DeliveryState", one_of(state, STATES))
    return AlertRow(alert, recipient, found, tries, _moment(not_before), why, _moment(at))


def _number(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(number: int | None) -> datetime | None:
    return None if number is None else datetime.fromtimestamp(number / 1000, UTC)

"""What was counted of a check on one day: how long its looks took, and which failed although it was up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from sqlite3 import Connection

from bcp.check.blips import Blips
from bcp.check.span import Sketch
from bcp.store.part import Columns, as_written, typed

KEPT = timedelta(days=100)
"""How long days are kept; spans are kept for ever."""

_SINCE = "SELECT day, sketch, blips FROM latencies WHERE name = ? AND day >= ?"
_ONE = "SELECT sketch, blips FROM latencies WHERE name = ? AND day = ?"
_KEEP = "INSERT OR REPLACE INTO latencies (name, day, sketch, blips) VALUES (?, ?, ?, ?)"
_LET_GO = "DELETE FROM latencies WHERE name = ? AND day < ?"


@dataclass
class LookDay:
    """The counts of one day of UTC."""

    sketch: Sketch = field(default_factory=Sketch)
    blips: Blips = field(default_factory=Blips)


def day_of(moment: datetime) -> int:
    """The number of a moment's day."""
    return moment.astimezone(UTC).toordinal()


def day_kept(connection: Connection, name: str, number: int) -> LookDay | None:
    """The counts of a check on this day; None where there are none."""
    row = connection.execute(_ONE, (name, number)).fetchone()
    return None if row is None else as_written(_counted, row)


def days_since(connection: Connection, name: str, since: datetime) -> Iterator[tuple[date, LookDay]]:
    """The counts of a check, from the day of `since` on."""
    for row in connection.execute(_SINCE, (name, day_of(since))).fetchall():
        yield as_written(_dated, row)


def add_up(connection: Connection, name: str, number: int, day: LookDay) -> None:
    """Add what was counted since to what the table holds of that day; with a new day the oldest ones go."""
    kept = day_kept(connection, name, number)
    if kept is None:
        connection.execute(_LET_GO, (name, number - KEPT.days))
    whole = kept or LookDay()
    whole.sketch.merge(day.sketch)
    whole.blips.merge(day.blips)
    whole.blips.let_go()
    connection.execute(_KEEP, (name, number, str(whole.sketch), str(whole.blips)))


def _counted(row: Columns) -> LookDay:
    sketch, blips = typed(row, str, str)
    return LookDay(Sketch.read(sketch), Blips.read(blips))


def _dated(row: Columns) -> tuple[date, LookDay]:
    number, *counted = typed(row, int, str, str)
    return date.fromordinal(number), _counted(counted)

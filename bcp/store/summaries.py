"""What a list shows of each incident that is over, in SQLite; the journal alone says whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bcp.event import Head
from bcp.store.part import Columns, StorePart, typed

# Its seal is that of the last event: whatever is written behind that, or in its place, makes the summary one of before.
_HOLDS = """
    SELECT stream, body FROM summaries WHERE made_by = ?
        AND hash IS (SELECT hash FROM events WHERE events.stream = summaries.stream ORDER BY events.seq DESC LIMIT 1)
"""
_OF = f"{_HOLDS} AND stream = ?"
_KEEP = """
    INSERT INTO summaries (stream, seq, hash, made_by, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, made_by = excluded.made_by,
        body = excluded.body
"""


class KeptSummary(NamedTuple):
    """What is kept of an incident as it is behind the event `head`; `body` is text that only the incident reads."""

    stream: str
    head: Head
    body: str


class StoredSummaries(StorePart):
    """The summaries in SQLite. `made_by` names who made them: another version may see more in the same events."""

    def holding(self, made_by: str) -> Mapping[str, str]:
        """The body of each summary behind which nothing was written since, by its stream."""
        return dict(self._kept(_HOLDS, (made_by,), _pair))

    def of_stream(self, stream: str, made_by: str) -> str | None:
        """The body of one of them; None where none is kept, or one of before."""
        found = self._kept(_OF, (made_by, stream), _pair)
        return found[0][1] if found else None

    def keep(self, summaries: Iterable[KeptSummary], made_by: str) -> None:
        """Keep them in place of those of before."""
        rows = [(each.stream, *each.head, made_by, each.body) for each in summaries]
        if rows:
            self._database.write(_KEEP, rows)


def _pair(row: Columns) -> tuple[str, str]:
    stream, body = typed(row, str, str)
    return stream, body

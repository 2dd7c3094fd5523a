"""Whether the file of the store is whole, as SQLite itself sees it."""

from __future__ import annotations

from bcp.store.part import StorePart

_MOST = 5


class Integrity(StorePart):
    """The file of the database; nothing is written to it."""

    def faults(self) -> list[str]:
        """What SQLite finds wrong with it, in its own words, page by page. Raises StoreError where it cannot look."""
        rows = self._rows(f"PRAGMA integrity_check({_MOST})") if self._database.file.exists() else []
        lines = [line for (text,) in rows for line in str(text).splitlines()]
        return [line for line in lines if line != "ok" and not line.startswith("***")]

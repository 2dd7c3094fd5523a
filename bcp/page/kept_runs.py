"""Pages that were set before, in a folder: what says the same as then is not set again."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from bcp.errors import StoreError
from bcp.files import write_whole
from bcp.page.typeset import TEMPLATE

_DIGEST = 32


class KeptRuns:
    """The runs of one file. The layout decides: whatever differs by a letter is set anew. All may be deleted."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made with the first run."""
        self.folder = folder
        self._used: set[Path] = set()

    def find(self, layout: str) -> bytes | None:
        """The pages of a layout, if they were set before by this very program."""
        path = self._path(layout)
        self._used.add(path)
        with suppress(OSError):
            kept = path.read_bytes()
            if sha256(kept[_DIGEST:]).digest() == kept[:_DIGEST]:
                return kept[_DIGEST:]
        return None

    def keep(self, layout: str, made: bytes) -> None:
        """Keep the pages of a layout for the next time; where that cannot be written they are set again then."""
        with suppress(StoreError):
            write_whole(self._path(layout), sha256(made).digest() + made)

    def drop_others(self) -> None:
        """Remove what nothing was found or kept for since this was made: nobody is told twice by an old page."""
        with suppress(OSError):
            for path in set(self.folder.iterdir()) - self._used:
                path.unlink()

    def _path(self, layout: str) -> Path:
        return self.folder / sha256(_program() + layout.encode()).hexdigest()[:32]


@cache
def _program() -> bytes:
    """What decides how a layout looks: the template, and the version of typst."""
    from importlib.metadata import version

    return sha256(TEMPLATE.read_bytes() + version("typst").encode()).digest()

"""FileWay: a way that keeps pages as files, and a maintenance page that is a file only while it says something.

Web servers are told once, in peacetime, to answer everything with 503 and that file as long as it is there
(docs/places.md); so on the day nothing of theirs is changed, and nothing of them has to be put back.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from bcp.i18n import _
from bcp.lever.place import marks
from bcp.lever.place.base import PageCopy, PlaceDriver, PlaceEnv, Untried, insist

EMPTY = b"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>&#9888;</title></head>
<body style="font:1.1em sans-serif;max-width:40em;margin:2em auto;padding:0 1em">
<!-- bcp:notice --><!-- /bcp:notice -->
<p style="font-size:1.5em"><!-- bcp:number --><!-- /bcp:number --></p>
</body></html>
"""
"""A maintenance page that says nothing: what is read where there is no file."""


class FileWay(PlaceDriver):
    """A way whose pages are files; a kind has `get`, `put_over`, `take_away` and `try_files`."""

    maintenance: bool = Field(
        default=False,
        description="yes: the page is a maintenance page of ours, which is there only while a notice stands in it",
    )

    def fetch(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """The file; a maintenance page that is not there says nothing."""
        found = self.get(reach, page)
        return PageCopy(EMPTY) if found is None and self.maintenance else found

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Put it in the place of the old one, whole; a maintenance page without a notice is taken away."""
        if self.maintenance:
            there = self.get(reach, page)
            insist(there or PageCopy(EMPTY), was, page)
            if _says_nothing(content):
                if there is not None:
                    self.take_away(reach, page)
                return
            was = there
        self.put_over(reach, page, content, was)

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """What a kind tries; whether a web server shows a maintenance page shows only once it is there."""
        tried = self.try_files(reach, page)
        if not self.maintenance:
            return tried
        words = _(
            "not tried: whether every page answers with this one, for that would take the site down for all"
        )
        return [*tried, Untried(words)]

    def is_shown(self) -> bool:
        """All pages but a maintenance page."""
        return not self.maintenance

    def same(self, was: bytes, now: bytes) -> bool:
        """Byte for byte; two maintenance pages that say nothing are the same, whatever their look."""
        return was == now or (self.maintenance and _says_nothing(was) and _says_nothing(now))

    def try_files(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """What `put_over` and `take_away` do, done to a twin. Raises as `try_out` does."""
        raise TypeError(f"{type(self).__name__} cannot be tried out")

    def get(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """The file as it is there; None where there is none. Raises as `fetch` does."""
        raise TypeError(f"{type(self).__name__} reads nothing")

    def put_over(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Put the file there if it is still as it `was`. Raises as `store` does."""
        raise TypeError(f"{type(self).__name__} writes nothing")

    def take_away(self, reach: PlaceEnv, page: str) -> None:
        """Take the file away. Raises as `store` does."""
        raise TypeError(f"{type(self).__name__} takes nothing away")


def _says_nothing(page: bytes) -> bool:
    return not any(part.strip() for name in marks.NAMES for part in marks.read(page, name))

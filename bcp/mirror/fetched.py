"""What a copy of a site is made from: addresses in one form, and what came back from them."""

from __future__ import annotations

from dataclasses import dataclass

AGENT = "bcp-mirror (a copy for one office, to be shown while it has no internet)"


def canonical(url: str) -> str:
    """The address in the one form in which it is asked for: its host in the letters of the DNS, no usual port."""
    import httpx

    try:
        return str(httpx.URL(url))
    except (httpx.InvalidURL, ValueError, UnicodeError):
        return url


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back. `url` is where it was found in the end; `trouble` is a sentence where nothing usable came.

    `is_refused` says that it was never asked for, because of where its address leads; `trouble` names that address.
    `is_inside` says that the start, from which the copy is made, is inside a private network.
    """

    url: str
    status: int | None = None
    type: str = ""
    charset: str | None = None
    body: bytes = b""
    trouble: str = ""
    is_refused: bool = False
    is_inside: bool = False

    @property
    def good(self) -> bool:
        """Whether the whole of it is there."""
        return not self.trouble

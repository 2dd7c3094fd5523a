"""Addresses at which the public reads a page: which are the same, and where it is read in other languages."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

from bcp.lever.place.marks import decoded

_OTHERS = re.compile(
    r"<link\b(?=[^>]*\brel=[\"']?alternate\b)(?=[^>]*\bhreflang=[\"']?([a-z-]+))[^>]*\bhref=[\"']?([^\"'\s>]+)",
    re.IGNORECASE,
)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses lead to the same page, with https or not, with `www.` or not, with a last slash or not."""
    return _plain(one) == _plain(other)


def address_beside(url: str, page: str, name: str) -> str:
    """Where the public reads the file `name`, which is beside the file `page` that it reads at `url`.

    Nothing where that cannot be told: `url` must end in the name of the page, with its ending or without, or in a slash
    where the page is the first of its folder.
    """
    folder, slash, last = urlsplit(url).path.rpartition("/")
    own = page.rpartition("/")[2]
    is_first = not last and own.partition(".")[0] in ("index", "default")
    if not (is_first or unquote(last) in (own, own.rpartition(".")[0])):
        return ""
    return urljoin(url, f"{folder}{slash}{quote(name.rpartition('/')[2])}")


def other_languages(page: bytes, url: str) -> dict[str, str]:
    """The same page in other languages, by what it says of itself (`hreflang`): from the language to the address."""
    found = {language.lower(): href for language, href in _OTHERS.findall(decoded(page))}
    return {
        language: href
        for language, href in found.items()
        if language != "x-default" and not same_address(href, url)
    }


def _plain(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.netloc.casefold().removeprefix("www."), unquote(parts.path).rstrip("/"), unquote(parts.query)

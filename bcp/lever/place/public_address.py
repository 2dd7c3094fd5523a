"""Addresses at which the public reads a page: which are the same, and where it is read in other languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urljoin, urlsplit

from bcp.lever.place.marks import decoded

_LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
_LANGUAGE = re.compile(r"\bhreflang=[\"']?([a-z-]+)", re.IGNORECASE)
_HREF = re.compile(r"\bhref=[\"']?([^\"'\s>]+)", re.IGNORECASE)


def links(page: bytes) -> Iterator[str]:
    """The attributes of each `<link>` of a page, as they are written."""
    yield from (found[1] for found in _LINK.finditer(decoded(page)))


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
    found = [(_LANGUAGE.search(link), _HREF.search(link)) for link in links(page)]
    spoken = {language[1].lower(): href[1] for language, href in found if language and href}
    return {
        each: href for each, href in spoken.items() if each != "x-default" and not same_address(href, url)
    }


def _plain(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url, ""
    return parts.netloc.casefold().removeprefix("www."), unquote(parts.path).rstrip("/"), unquote(parts.query)

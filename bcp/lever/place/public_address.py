"""Addresses at which the public reads a page: which are the same, and where it is read in other languages."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from bcp.lever.place.marks import decoded

_OTHERS = re.compile(
    r"<link\b(?=[^>]*\brel=[\"']alternate[\"'])(?=[^>]*\bhreflang=[\"']([a-z-]+)[\"'])[^>]*\bhref=[\"']([^\"']+)[\"']",
    re.IGNORECASE,
)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses lead to the same page, with https or not, with `www.` or not, with a last slash or not."""
    return _plain(one) == _plain(other)


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

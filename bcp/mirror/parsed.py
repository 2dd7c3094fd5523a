"""Reads a page of strangers into a tree, whatever it is made of."""

from __future__ import annotations

import warnings
from typing import Any

from bcp.markup import harmless


def parsed(body: bytes, charset: str | None) -> Any:
    """The tree of a page; `charset` is what the server said, else the page's own word counts."""
    from bs4 import BeautifulSoup

    with warnings.catch_warnings():
        # It warns programmers, on the screen of whoever refreshes a copy: of XHTML, of a page that is one address.
        warnings.simplefilter("ignore", UserWarning)
        return BeautifulSoup(harmless(body), "html.parser", from_encoding=charset)


def attribute_text(tag: Any, attribute: str) -> str:
    """An attribute as text; nothing where the tag has none."""
    value = tag.get(attribute, "")
    return " ".join(value) if isinstance(value, list) else str(value)

"""Pages as they come from the web, made such that Python's own parser of HTML does not fall over them."""

from __future__ import annotations

import re

# `html.parser` knows these marked sections and raises AssertionError at any other.
_STRANGE = re.compile(rb"<!\[(?!(?:cdata|temp|ignore|include|rcdata|if|else|endif)(?![-.\w]))", re.IGNORECASE)


def harmless(page: bytes) -> bytes:
    """The page in which a marked section that nobody knows is text, as a browser shows it or leaves it out."""
    return _STRANGE.sub(b"&lt;![", page)


def ended(page: bytes) -> bytes:
    """The page, harmless, with an end to whatever it leaves open; three signs of text are at its end besides.

    The parser reads the rest of a page once more for each tag or comment that stays open.
    """
    return harmless(page) + b"-->"

"""QR codes as SVG: level M without a boost and a quiet zone of four modules, for paper that was copied badly."""

from __future__ import annotations

from functools import lru_cache

QUIET = 4


@lru_cache(maxsize=512)
def svg(code: str) -> str:
    """The picture of `code`, black on white, one unit a module."""
    import segno

    made = segno.make(code, error="m", boost_error=False, micro=False)
    picture: str = made.svg_inline(border=QUIET, light="#fff", omitsize=True)
    return picture

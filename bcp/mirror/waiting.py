"""What hides a page, or parts of it, until a script of its own has been at work: in a copy none ever is."""

from __future__ import annotations

import re
from typing import Any

from bcp.mirror.parsed import attribute_text as _text

_CURTAIN = re.compile(
    r"(^|[-_\s])(pre-?loader|page-?loader|site-?loader|loading-?screen|loader-wrapper)", re.IGNORECASE
)
"""How themes call what covers the whole window while the page is being loaded."""
_LONGEST_OF_A_CURTAIN = 40
_HIDDEN = frozenset({"elementor-invisible", "wpb_animate_when_almost_visible"})
"""Classes of parts that are hidden until they fade in (Elementor, WPBakery)."""
_FADING = ("data-aos", "data-sal", "data-scroll-reveal")
"""Attributes by which style sheets hide what is to fade in."""


def show_what_waits(soup: Any) -> None:
    """Take the curtain away, and let what would fade in be there."""
    for tag in soup.find_all(True):
        if tag.name not in ("html", "body") and _is_curtain(tag):
            tag.extract()
    for name in _FADING:
        for tag in soup.find_all(attrs={name: True}):
            del tag[name]
    for tag in soup.find_all(class_=True):
        classes = _text(tag, "class").split()
        if "e-parent" in classes:
            # Elementor shows no background of a part before its script has counted it as seen.
            classes.append("e-lazyloaded")
        tag["class"] = [each for each in classes if each not in _HIDDEN]


def _is_curtain(tag: Any) -> bool:
    named = f"{_text(tag, 'id')} {_text(tag, 'class')}"
    if _CURTAIN.search(named) is None or tag.find(["a", "h1", "form", "main", "p"]) is not None:
        return False
    return len(tag.get_text(strip=True)) <= _LONGEST_OF_A_CURTAIN

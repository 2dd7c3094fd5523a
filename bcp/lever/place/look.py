"""What a change looks like before it is made: as a difference in lines, and as a page for the browser."""

from __future__ import annotations

import re
from difflib import unified_diff
from html import escape, unescape

from bcp.i18n import _
from bcp.lever.place import marks
from bcp.lever.place.text import PlaceNotice

_MOST = 40
_WIDTH = 160
_WRAPPED = '<!DOCTYPE html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'


def diff(before: bytes, after: bytes, page: str) -> list[str]:
    """The lines that go and come, as `-` and `+`; a sentence where nothing changes."""
    old, new = (_lines(content) for content in (before, after))
    found = [line[:_WIDTH] for line in unified_diff(old, new, page, page, n=1, lineterm="")]
    if not found:
        return [_("{page} says it already").format(page=page)]
    more = [_("… and {count} lines more").format(count=len(found) - _MOST)] if len(found) > _MOST else []
    return [*found[:_MOST], *more]


def picture(page: bytes, wanted: PlaceNotice, url: str | None) -> bytes:
    """The page as it will be, its pictures and colours taken from where it stands; without a page, our part alone."""
    if not page:
        page = marks.ascii_html(wanted.notice_html + wanted.number_html)
    if not re.search(rb"<html|<!doctype", page[:2000], re.IGNORECASE):
        return _WRAPPED.encode() + page
    base = f'<base href="{escape(url)}">'.encode("ascii", "xmlcharrefreplace") if url else b""
    return re.sub(rb"(<head\b[^>]*>)", lambda found: found[1] + base, page, count=1, flags=re.IGNORECASE)


def _lines(page: bytes) -> list[str]:
    return [unescape(line) for line in marks.decoded(page).splitlines()]

"""Whether the public reads a page of WordPress, and whether saving it takes it off the site.

REST API Handbook, "Pages": `status`, and `content.protected` for a page with a password. A plugin for reviews may turn
a page that is saved into one that waits for approval, and then nobody reads any of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.errors import BcpError, StepFailed
from bcp.i18n import _
from bcp.lever.place.base import Changed, OffTheSite
from bcp.lever.place.wordpress import twin
from bcp.lever.place.wordpress.api import WordpressApi
from bcp.lever.place.wordpress.spot import ContentSpot, Item

_BIN = "restore it in WordPress: Pages, Bin (Trash); or name another page in bcp.yaml"
_OPEN = "in WordPress: Pages, Quick Edit, make it public; or name another page in bcp.yaml"


def refuse_unread(api: WordpressApi, spot: ContentSpot, item: Item, page: str) -> None:
    """Raises OffTheSite where the page is in the bin, not published, private, or asks for a password."""
    if spot.base != "pages":
        return
    with api.shape():
        why = _unread(item)
    if why:
        words = _("the public does not read the page {page}: {why}")
        raise OffTheSite(words.format(page=page, why=why), _BIN if item.get("status") == "trash" else _OPEN)


def refuse_hidden(api: WordpressApi, spot: ContentSpot, was: Item, saved: Item) -> None:
    """Raises Changed where the page is no longer published since it was `saved`; it is published again, if it can."""
    if spot.base != "pages" or _status(saved) == _status(was):
        return
    try:
        told = {**spot.body(was, spot.content(was)), "status": _status(was)}
        is_back = _status(api.ask("POST", f"pages/{twin.key(was)}", told)) == _status(was)
    except BcpError:
        is_back = False
    words = _("the site took the page off when it was saved, until somebody approves it ({status}): {end}")
    end = _("what was there before is there again") if is_back else _("and it could NOT be put back")
    hint = "publish it in WordPress: Pages, with the text by hand" if not is_back else "do this step by hand"
    raise Changed(
        words.format(status=_status(saved), end=end),
        f"{hint}; later, let the user {api.user} change pages without approval",
    )


def refuse_held_back(api: WordpressApi, saved: Mapping[str, Any]) -> None:
    """Raises StepFailed where news of ours are not published, although we asked for it."""
    if _status(saved) == "publish":
        return
    words = _("the site holds our news back until somebody approves them ({status})").format(
        status=_status(saved)
    )
    hint = f"publish them in WordPress: Posts; later, let the user {api.user} post without approval, or write news: no"
    raise StepFailed(words, hint)


def _status(item: Mapping[str, Any]) -> str:
    return str(item.get("status", "publish"))


def _unread(item: Item) -> str:
    """Why nobody reads it; nothing where everybody may."""
    states = {
        "trash": _("it is in the bin"),
        "private": _("it is private"),
        "draft": _("it is a draft"),
        "pending": _("it waits for approval"),
        "future": _("it is published later"),
    }
    if _status(item) != "publish":
        return states.get(_status(item), _status(item))
    return _("it asks visitors for a password") if item["content"].get("protected") else ""

"""What leads somewhere only where a page's scripts run: it does nothing in a copy, in which none does.

Only what the page itself says can be counted: a script that is fetched from elsewhere may make more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from bcp.i18n import _
from bcp.mirror.parsed import attribute_text as _text

_NOWHERE = re.compile(r"#[!0]?|#?\s*void.*|", re.IGNORECASE)
_HANDLER = re.compile(r"on|@|v-on:|x-on:|ng-|data-ng-|jsaction|\(", re.IGNORECASE)
_CLICKED = re.compile(r"click|tap|press|keydown|mousedown|mouseup|pointer|change|jsaction", re.IGNORECASE)
_LEADS = re.compile(r"location|window\.open|href|navigate|router|\bgo\(|\bopen\(|visit\(", re.IGNORECASE)
_ADDRESS_DATA = ("data-href", "data-url", "data-link", "data-target-url", "data-permalink")
_IN_SCRIPTS = re.compile(
    r"""(?:href|location|\.open|\.assign|\.replace|navigate|pushState)\\?["'`]?\s*[=:,(]\s*\\?["'`]"""
    r"""([^"'`\\<>{}$\s]{1,300})""",
    re.IGNORECASE,
)
_FILES = frozenset({
    ".css", ".js", ".mjs", ".map", ".json", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".woff",
    ".woff2", ".ttf", ".otf", ".mp4", ".webm", ".mp3", ".xml", ".txt", ".webmanifest",
})  # fmt: skip
_LONGEST = 60


def scripted_links(soup: Any, absolute: Callable[[str], str | None], url: str) -> list[str]:
    """Each thing of the page at `url` that leads somewhere by a script alone, as its text, else its address.

    `absolute` gives the whole address of one in the page. What is also an ordinary link of the page is none of them.
    """
    usual = {_page(address) for tag in soup.find_all(["a", "area"], href=True)
             if (address := absolute(_text(tag, "href"))) is not None}  # fmt: skip
    found = [_name(tag) for tag in soup.find_all(True) if _leads_by_script(tag)]
    usual.add(_page(url))
    for script in soup.find_all("script", src=False):
        for address in _made_in(script.get_text(), absolute, url):
            if address not in usual:
                usual.add(address)
                found.append(address)
    if _is_empty_without(soup):
        found.insert(0, _("the page shows nothing without its scripts"))
    return list(dict.fromkeys(found))


def _leads_by_script(tag: Any) -> bool:
    handlers = [_text(tag, name) for name in tag.attrs if _HANDLER.match(name) and _CLICKED.search(name)]
    has_address = any(re.search(r"[/.]", _text(tag, name)) for name in _ADDRESS_DATA)
    if tag.name in ("a", "area"):
        said = re.sub(r"[\x00-\x20]+", "", _text(tag, "href"))
        if said.lower().startswith("javascript:"):
            return True
        is_link = "href" in tag.attrs and not _NOWHERE.fullmatch(said)
        return not is_link and (
            bool(handlers) or has_address or _text(tag, "role").lower() in ("link", "button")
        )
    if has_address:
        return True
    is_one = _text(tag, "role").lower() == "link" or any(map(_LEADS.search, handlers))
    return is_one and tag.find("a", href=True) is None


def _made_in(script: str, absolute: Callable[[str], str | None], url: str) -> Iterator[str]:
    """Pages of the same site that a script which is written into the page names as the target of a link."""
    for said in _IN_SCRIPTS.findall(script):
        address = absolute(said) if re.search(r"[/.]", said) else None
        if address is None or urlsplit(address).netloc != urlsplit(url).netloc:
            continue
        if PurePosixPath(urlsplit(address).path).suffix.lower() not in _FILES:
            yield _page(address)


def _is_empty_without(soup: Any) -> bool:
    """Whether a page with scripts has neither text nor pictures of its own."""
    from bs4.element import NavigableString

    body = soup.find("body") or soup
    if soup.find("script") is None or body.find(["img", "svg", "video", "picture", "iframe"]) is not None:
        return False
    hidden = ("script", "noscript", "style", "template", "title", "head")
    # Comments and the type of the document are texts of other classes.
    texts = (text for text in body.find_all(string=True) if type(text) is NavigableString and text.strip())
    return not any(text.find_parent(hidden) is None for text in texts)


def _name(tag: Any) -> str:
    said = " ".join(tag.get_text(" ").split()) or _text(tag, "aria-label") or _text(tag, "title")
    address = next((_text(tag, name) for name in _ADDRESS_DATA if _text(tag, name)), "")
    shown = said or address or f"<{tag.name}>"
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _page(address: str) -> str:
    return address.partition("#")[0]

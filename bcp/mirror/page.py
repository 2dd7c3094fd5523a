"""One page of a copy: what it needs, where it leads, and how it is changed so that it can be read without internet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from bcp.i18n import _
from bcp.mirror.bar import block_below, sheet_below, style_of_bar
from bcp.mirror.css import Keep, Need
from bcp.mirror.parsed import attribute_text as _text
from bcp.mirror.parsed import parsed
from bcp.mirror.passive import adapt_styles, encoded, stays, take_out_active, take_out_remote
from bcp.mirror.pictures import keep_pictures, late_addresses, show_late_ones
from bcp.mirror.scripted import scripted_links
from bcp.mirror.waiting import show_what_waits

_WEB = ("http", "https")
_NEEDS: tuple[tuple[str, str, Need], ...] = (
    ("input", "src", "image"),
    ("image", "href", "image"),
    ("image", "xlink:href", "image"),
    ("use", "href", "image"),
    ("use", "xlink:href", "image"),
    ("video", "src", "media"),
    ("video", "poster", "image"),
    ("audio", "src", "media"),
    ("source", "src", "media"),
    *((name, "background", "image") for name in ("body", "table", "tr", "td", "th")),
)


class MirroredPage:
    """A page that was fetched from `url`."""

    def __init__(self, body: bytes, charset: str | None, url: str) -> None:
        """`charset` is what the server said; else the page's own word counts."""
        self.url = url
        self._soup = parsed(body, charset)
        base = self._soup.find("base", href=True)
        self._base = url
        if base is not None:
            self._base = self._absolute(_text(base, "href")) or url

    @property
    def title(self) -> str:
        """What the browser shows as its title."""
        found = self._soup.find("title")
        return " ".join(found.get_text().split()) if found is not None else ""

    def links(self) -> Iterator[str]:
        """The addresses that it leads to, without their fragments; not those that it asks machines not to follow."""
        for tag in self._soup.find_all(["a", "area"], href=True):
            address = self._absolute(_text(tag, "href"))
            if address is not None and "nofollow" not in _text(tag, "rel").lower().split():
                yield address.partition("#")[0]

    def scripted(self) -> list[str]:
        """What leads somewhere only where its scripts run; to be asked before it is adapted."""
        return scripted_links(self._soup, self._absolute, self.url)

    def adapt(self, keep: Keep) -> None:
        """Keep everything that it needs, let it point there, and take out what runs or works on the internet only."""

        def kept(address: str, need: Need) -> str | None:
            absolute = self._absolute(address)
            return keep(absolute, need) if absolute is not None else address if stays(address) else None

        show_what_waits(self._soup)
        show_late_ones(self._soup, self._absolute)
        self._name_frames()
        # Before what runs is gone: it is what makes a style sheet one.
        self._link_tags(kept)
        take_out_active(self._soup)
        keep_pictures(self._soup, kept)
        for name, attribute, need in _NEEDS:
            for tag in self._soup.find_all(name, attrs={attribute: True}):
                self._point(tag, attribute, kept(_text(tag, attribute), need))
        adapt_styles(self._soup, kept, sheet_below, block_below)
        take_out_remote(self._soup)

    def finish(self, where: dict[str, str], banner: str) -> bytes:
        """The page as it is kept: links into the copy by `where`, all others whole; with the banner."""
        for tag in self._soup.find_all(["a", "area"], href=True):
            address = self._absolute(_text(tag, "href"))
            if address is None:
                continue
            page, hash_, fragment = address.partition("#")
            tag["href"] = where[page] + hash_ + fragment if page in where else address
        self._put_on_top(banner)
        return encoded(self._soup)

    def _absolute(self, address: str) -> str | None:
        """The whole address of something on the web; None for a fragment, a mail address, data or a script."""
        said = address.strip()
        if not said or said.startswith("#"):
            return None
        try:
            found = urljoin(self._base, said)
            parts = urlsplit(found)
            # A port that is none raises ValueError when it is asked for.
            is_known = parts.scheme in _WEB and bool(parts.hostname) and parts.port != 0
            return found if is_known else None
        except ValueError:
            return None

    def _name_frames(self) -> None:
        """In the place of a page within the page stands its address."""
        for tag in self._soup.find_all(["iframe", "embed", "object", "frame"]):
            address = next(iter(late_addresses(tag)), "") or _text(tag, "src") or _text(tag, "data")
            if _is_unseen(tag):
                tag.decompose()
                continue
            note = self._soup.new_tag("p")
            note.string = _("Not in this copy: {address}").format(address=self._absolute(address) or address)
            tag.replace_with(note)

    def _link_tags(self, keep: Keep) -> None:
        for tag in self._soup.find_all("link"):
            rel = _text(tag, "rel").lower().split()
            if "stylesheet" in rel or ("preload" in rel and _text(tag, "as").lower() == "style"):
                self._switch_on(tag, rel)
                self._point(tag, "href", keep(_text(tag, "href"), "css"))
            elif "icon" in rel or "apple-touch-icon" in rel:
                self._point(tag, "href", keep(_text(tag, "href"), "image"))
            else:
                tag.decompose()

    def _switch_on(self, tag: Any, rel: list[str]) -> None:
        """A style sheet that its page's script would make one, or for the screen, once it is there."""
        if "stylesheet" not in rel:
            tag["rel"] = "stylesheet"
        media = _MEDIA_LATER.search(_text(tag, "onload"))
        if media is not None:
            tag["media"] = media[1] or "all"
        del tag["as"]

    def _point(self, tag: Any, attribute: str, address: str | None) -> None:
        """Let a tag point into the copy; what could not be kept is asked for nowhere."""
        if address is not None:
            tag[attribute] = address
        elif tag.name == "link":
            tag.decompose()
        else:
            del tag[attribute]

    def _put_on_top(self, banner: str) -> None:
        """The bar with the date, and its words for those who hear the page."""
        style = self._soup.new_tag("style", attrs={"data-bcp": "copy"})
        style.string = style_of_bar(banner)
        note = self._soup.new_tag("div", attrs={"role": "note", "data-bcp": "copy", "style": _HEARD})
        note.string = banner
        body = self._soup.find("body") or self._soup
        body.append(note)
        body.append(style)


def _is_unseen(tag: Any) -> bool:
    """Whether a frame is there for machines only, such as one that counts visitors."""
    style = re.sub(r"\s", "", _text(tag, "style").lower())
    is_tiny = any(_text(tag, side).strip() in ("0", "1", "0px", "1px") for side in ("width", "height"))
    return is_tiny or "hidden" in tag.attrs or "display:none" in style or "visibility:hidden" in style


_MEDIA_LATER = re.compile(r"media\s*=\s*['\"]?([\w\s(),:.-]*)")
_HEARD = (
    "all:initial;position:absolute;top:0;left:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);"
    "white-space:nowrap"
)

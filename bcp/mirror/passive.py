"""Makes a page such that nothing in it runs, and that it asks for nothing beyond the copy.

Two nets. What runs or reaches out is taken out of the page. And because a browser may read a broken page otherwise
than the parser here, each page begins with a policy (CSP) under which the browser runs nothing and fetches nothing from
elsewhere, whatever else the page says; it comes before everything that strangers wrote.
"""

from __future__ import annotations

import re
from typing import Any

from bcp.mirror.css import Keep, LayOut, Need, adapt_css
from bcp.mirror.parsed import attribute_text, parsed

POLICY = (
    b"default-src 'none'; img-src 'self' file: data:; media-src 'self' file: data:; font-src 'self' file: data:; "
    b"style-src 'self' file: 'unsafe-inline'; form-action 'none'; base-uri 'none'"
)
"""What a browser may do with a page of a copy, and with a drawing that is opened as one."""
_FIRST = (
    b'<meta charset="utf-8">'
    b'<meta http-equiv="Content-Security-Policy" content="' + POLICY + b'">'
    b'<meta http-equiv="x-dns-prefetch-control" content="off">'
)
_DOCTYPE = re.compile(r"html(\s+(public|system)(\s+(\"[^\"<>]*\"|'[^'<>]*'))*)?\s*", re.IGNORECASE)

_OPENING = re.compile(rb"<html(\s[^<>]*)?>\s*<head(\s[^<>]*)?>")
_BEGINS = re.compile(rb"(<!DOCTYPE [^<>]*>\n)?(" + _OPENING.pattern + rb")?" + re.escape(_FIRST))

_TAKEN_OUT = [
    "script", "base", "iframe", "frame", "object", "embed", "applet", "portal", "fencedframe", "param",
    "foreignobject", "handler", "listener",
]  # fmt: skip
_ONLY_WITHOUT_SCRIPTS = ["noscript", "noframes", "noembed", "frameset"]
"""What a browser shows where it runs no scripts and has no frames: so here."""
_RAW = ["xmp", "plaintext", "listing"]
_ANIMATED = ["set", "animate", "animatetransform", "animatemotion"]
_NEVER = frozenset({
    "action", "formaction", "ping", "srcdoc", "manifest", "codebase", "archive", "classid", "data", "lowsrc", "dynsrc",
    "imagesrcset", "http-equiv", "integrity", "crossorigin", "nonce", "longdesc", "profile", "xml:base",
})  # fmt: skip
_ADDRESSES = frozenset({"href", "src", "poster", "background", "srcset"})
_PAINT = (
    "fill",
    "stroke",
    "filter",
    "mask",
    "clip-path",
    "marker-start",
    "marker-mid",
    "marker-end",
    "cursor",
)
"""What a drawing says of itself as a style sheet would."""
_LINKS = ("a", "area")
_PICTURES = ("image", "feimage", "link")
_LEAD_OUT = frozenset({"http", "https", "mailto", "tel", "sms"})
_NAME = re.compile(r"[A-Za-z_@:][\w.:@-]*")
_HARMLESS_DATA = re.compile(r"data:(,$|(image|font|audio|video)/|application/(x-)?font)", re.IGNORECASE)


def stays(address: str) -> bool:
    """Whether an address needs nothing fetched and runs nothing: a place in the page, a picture written into it."""
    said = _bare(address)
    return said.startswith("#") or not said or _HARMLESS_DATA.match(said) is not None


def take_out_active(soup: Any) -> None:
    """Take out of a parsed page whatever runs, sends or frames; what is for browsers without scripts is shown."""
    from bs4.element import Doctype, PreformattedString

    for node in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        if not isinstance(node, Doctype):
            node.extract()
    for tag in soup.find_all(_TAKEN_OUT):
        tag.decompose()
    for tag in soup.find_all("meta"):
        if "http-equiv" in tag.attrs or "charset" in tag.attrs:
            tag.decompose()
    for tag in soup.find_all(_ANIMATED):
        changed = str(tag.get("attributename", "")).lower()
        if changed.endswith("href") or changed.startswith("on"):
            tag.decompose()
    for tag in soup.find_all(_ONLY_WITHOUT_SCRIPTS):
        tag.unwrap()
    for tag in soup.find_all(_RAW):
        tag.name = "pre"
    for tag in soup.find_all(["textarea", "title"]):
        tag.string = tag.get_text()
    for tag in soup.find_all(True):
        _without_active(tag)


def take_out_remote(soup: Any) -> None:
    """Take out what would be fetched from anywhere but the copy; links that a person clicks stay."""
    for tag in soup.find_all(True):
        for name in list(tag.attrs):
            if (
                _plain(name) in _ADDRESSES
                and tag.name not in _LINKS
                and not _is_local(attribute_text(tag, name))
            ):
                del tag[name]
    for tag in soup.find_all("link", href=False):
        tag.decompose()


def encoded(soup: Any) -> bytes:
    """The page as a file: its own document type, the policy, then all the rest."""
    from bs4.element import Doctype

    types = soup.find_all(string=lambda text: isinstance(text, Doctype))
    for each in types:
        each.extract()
    said = str(types[0]) if types and _DOCTYPE.fullmatch(str(types[0])) else "html"
    kind = f"<!DOCTYPE {said}>\n".encode() if types else b""
    rest = bytes(soup.encode("utf-8")).lstrip()
    # Where the page does not begin with its head, a browser begins one for the policy, and takes the rest as it comes.
    opening = _OPENING.match(rest)
    at = opening.end() if opening else 0
    return kind + rest[:at] + _FIRST + rest[at:]


def is_passive(page: bytes) -> bool:
    """Whether a file of a copy begins with the policy of today."""
    return _BEGINS.match(page) is not None


def passive_again(page: bytes) -> bytes:
    """A page of a copy that an earlier version made, which kept scripts; its addresses stay as they are."""
    soup = parsed(page, "utf-8")
    take_out_active(soup)
    adapt_styles(soup, _local_only)
    take_out_remote(soup)
    return encoded(soup)


def adapt_styles(soup: Any, keep: Keep, sheet: LayOut | None = None, block: LayOut | None = None) -> None:
    """Let every style that is written into the page point into the copy; `sheet` and `block` lay it out otherwise."""
    for tag in soup.find_all("style"):
        tag.string = adapt_css(tag.get_text(), keep, sheet)
    for tag in soup.find_all(style=True):
        tag["style"] = adapt_css(attribute_text(tag, "style"), keep, block)
    for name in _PAINT:
        for tag in soup.find_all(attrs={name: True}):
            tag[name] = adapt_css(attribute_text(tag, name), keep)


def _local_only(address: str, _need: Need) -> str | None:
    return address if _is_local(address) else None


def _without_active(tag: Any) -> None:
    for name in list(tag.attrs):
        low = name.lower()
        runs = not _NAME.fullmatch(name) or low.startswith("on") or low in _NEVER
        if runs or (_plain(low) in _ADDRESSES and not _is_harmless(tag.name, low, attribute_text(tag, name))):
            del tag[name]


def _is_harmless(tag: str, attribute: str, address: str) -> bool:
    scheme = _scheme(address)
    if scheme == "data":
        # A picture that is written into the page; followed as a link it would be a page of its own.
        return stays(address) and (_plain(attribute) != "href" or tag in _PICTURES)
    return scheme in _LEAD_OUT or not scheme


def _is_local(address: str) -> bool:
    """Whether it is in the copy. Two strokes at the beginning are a host, on Windows one of the office's network."""
    return stays(address) or not (_scheme(address) or re.match(r"[/\\]{2}", _bare(address)))


def _scheme(address: str) -> str:
    found = re.match(r"([A-Za-z][A-Za-z0-9+.\-]*):", _bare(address))
    return found[1].lower() if found else ""


def _bare(address: str) -> str:
    """The address as a browser reads it: without the blanks and line ends that hide a scheme."""
    return re.sub(r"[\x00-\x20\x7f]+", "", address)


def _plain(name: str) -> str:
    """`href` of `xlink:href`, whatever the letters before the colon."""
    return name.lower().rpartition(":")[2]

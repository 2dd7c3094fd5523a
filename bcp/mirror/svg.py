"""Drawings of a copy (SVG), which a browser may open as a page of their own: without what runs or reaches out."""

from __future__ import annotations

from xml.etree import ElementTree

from bcp.mirror.css import adapt_css
from bcp.mirror.passive import stays

_SVG = "http://www.w3.org/2000/svg"
_TAKEN_OUT = frozenset(
    {"script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "audio", "video"}
)
_ANIMATED = frozenset({"set", "animate", "animatetransform", "animatemotion"})
_NAMES = {"": _SVG, "xlink": "http://www.w3.org/1999/xlink"}


def clean_svg(body: bytes) -> bytes | None:
    """The drawing without scripts, events, foreign pages and addresses of elsewhere; None where it is none.

    It is read and written as XML. What a document type or a processing instruction could do is gone with them.
    """
    try:
        root = ElementTree.fromstring(body)
        if root.tag != f"{{{_SVG}}}svg":
            return None
        for parent in list(root.iter()):
            for child in [each for each in parent if not _may_stay(each)]:
                parent.remove(child)
        for element in root.iter():
            _clean(element)
        for prefix, name in _NAMES.items():
            ElementTree.register_namespace(prefix, name)
        return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError):
        return None


def _may_stay(element: ElementTree.Element) -> bool:
    space, _, name = element.tag.rpartition("}")
    name = name.lower()
    if space != "{" + _SVG or name in _TAKEN_OUT:
        return False
    changed = element.get("attributeName", "").strip().lower()
    return name not in _ANIMATED or not (changed.endswith("href") or changed.startswith("on"))


def _clean(element: ElementTree.Element) -> None:
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2].lower()
        if plain.startswith("on") or plain == "base" or (plain in ("href", "src") and not stays(value)):
            del element.attrib[name]
        elif plain == "style" or "url(" in value.lower() or "\\" in value:
            element.set(name, adapt_css(value, _in_itself))
    if element.tag == f"{{{_SVG}}}style":
        element.text = adapt_css(element.text or "", _in_itself)


def _in_itself(address: str, _need: object) -> str | None:
    return address if stays(address) else None

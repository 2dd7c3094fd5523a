"""The words of a page as somebody reads them: from bytes to letters, and from its source to what is seen of it.

Own code and no parser of HTML: a page of 1 MB costs a second of CPU with one, and a look must stay cheap. Each
expression ends in a way that always fits, so that no page, however it is made, is gone through more than once.
"""

from __future__ import annotations

import codecs
import re
from html import unescape
from unicodedata import normalize

_LABEL_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_LABEL_IN_PAGE = re.compile(
    rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})|<meta\s[^>]{0,400}?charset\s*=\s*[\"']?\s*([^\s\"'/>;]{1,40})",
    re.IGNORECASE,
)
_COMMENT_IN_HEAD = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEAD = 1 << 14
"""Bytes in which a page says its encoding: 1,024 by the HTML standard, and browsers heed one that comes later, too."""
_USUAL = "windows-1252"  # what browsers take where a page says nothing and is no UTF-8
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_END = r"(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|))*+(?:>|\Z)"
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL | re.IGNORECASE)
_UNSEEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rf"|<(script|style|template|noscript|iframe|noframes)(?=[\s/>]){_END}.*?(?:</\1(?=[\s/>])[^>]*+(?:>|\Z)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
# Tags in the middle of a word do not part it, all others do.
_INSIDE_WORDS = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strike"
    rf"|strong|sub|sup|time|tt|u|var|wbr)(?=[\s/>]){_END}",
    re.IGNORECASE,
)
_TAG = re.compile(rf"<(?:/?[a-z]{_END}|[!?/][^>]*+(?:>|\Z))", re.IGNORECASE)
_SHOWS = re.compile(rf"<(img|input|area|textarea)(?=[\s/>]){_END}", re.IGNORECASE)
_SHOWN = re.compile(
    r"[\s\"'](alt|placeholder|value|type)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_UNREAD_INPUTS = frozenset({"hidden", "checkbox", "radio", "password"})
# They part lines, join letters or turn their direction, and are no letters: nobody sees them, and nobody types them.
_NO_LETTERS = dict.fromkeys(
    [
        0xAD,
        0x61C,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFE0E,
        0xFE0F,
        0xFEFF,
    ]
)


def decoded(body: bytes, content_type: str) -> str:
    """The source of a page in the encoding that a browser would take: its mark, the header, what stands in it.

    `content_type` is the header of that name. Bytes that are no letter become �, and nothing ever fails.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    said = _LABEL_IN_HEADER.search(content_type)
    known = _read_as(body, said[1]) if said else None
    if known is None:
        known = _read_as(body, _label_in(body), in_page=True)
    if known is None:
        try:
            return body.decode()
        except UnicodeDecodeError as error:
            # The last letter may be torn where the page was cut.
            is_torn = error.start >= len(body) - 3 and error.reason == "unexpected end of data"
            return body[: error.start].decode() if is_torn else _read_as(body, _USUAL) or ""
    return known


def _label_in(body: bytes) -> str:
    found = _LABEL_IN_PAGE.search(_COMMENT_IN_HEAD.sub(b"", body[:_HEAD]))
    return (found[1] or found[2]).decode("latin-1") if found else ""


def _read_as(body: bytes, label: str, *, in_page: bool = False) -> str | None:
    """The page in the encoding of that name, as browsers understand names; None for a name that is none."""
    if label.lower() in ("utf-8", "utf8"):
        return body.decode(errors="replace")
    import webencodings

    found = webencodings.lookup(label)
    if found is None:
        return None
    if in_page and found.name.startswith("utf-16"):  # what could be read so far was no UTF-16
        return body.decode(errors="replace")
    return str(found.codec_info.decode(body, "replace")[0])


def is_markup(source: str, content_type: str) -> bool:
    """Whether a page is HTML or XML: as its header says, or where that says nothing by its beginning."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.endswith(("html", "xml")) if kind else source.lstrip()[:1] == "<"


def as_seen(source: str) -> str:
    """The words of HTML or XML as somebody reads them: no tags, scripts, styles and comments; entities are letters.

    What stands for a picture, in a field and on a button is read as well.
    """
    source = _UNSEEN.sub("", _CDATA.sub(r"\1", source))
    if "=" in source:
        source = _SHOWS.sub(_words_of, source)
    return unescape(_TAG.sub(" ", _INSIDE_WORDS.sub("", source)))


def _words_of(tag: re.Match[str]) -> str:
    told = {name.lower(): first or second or third for name, first, second, third in _SHOWN.findall(tag[0])}
    if tag[1].lower() == "input" and told.get("type", "").lower() in _UNREAD_INPUTS:
        return " "
    return " ".join(["", *(told.get(name, "") for name in ("alt", "placeholder", "value")), ""])


def folded(text: str, *, ignores_case: bool = False) -> str:
    """A text as it is compared: letters in one form (NFC), any white space one space, no signs that nobody sees."""
    text = normalize("NFC", " ".join(text.translate(_NO_LETTERS).split()))
    return text.casefold().replace("i\u0307", "i") if ignores_case else text  # the Turkish İ is an i, too

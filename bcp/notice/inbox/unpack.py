"""What a mail holds, whichever way it is packed: its bytes, quoted-printable and base64 undone, parts within parts.

Nothing here trusts the structure that a mail claims to have: bounces nest letters in every way there is, and a hostile
mail nests them without end. So what looks like base64 is undone wherever it stands, three levels deep.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from itertools import islice

from bcp.notice.inbox.headers import text_of

MOST = 256 * 1024
"""Bytes of a mail that are read: what a bounce says, and the id of the letter it returns, stand at its beginning."""
_LEVELS = 3
_SHORTEST = 24
_MOST_WORDS = 16 * 1024
_MOST_IDS = 5000
_LONGEST_ID = 300
_MOST_LEVELS = 50
_MOST_PARTS = 500
_MOST_BOUNDARIES = 5000
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{2,}={0,2}")
_BEFORE_AT = re.compile(rb"[A-Za-z0-9._%+=$!#/~^{}|*'`?-]+\Z")
_BEHIND_AT = re.compile(rb"[A-Za-z0-9.\-\[\]:]+")
_DASHES = re.compile(rb"^--", re.MULTILINE)
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_UNREAD = re.compile(r"(?i)<(script|style|head)\b")
_LINES = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li)\b[^>]{0,200}>")


def readings(raw: bytes, levels: int = _LEVELS) -> Iterator[bytes]:
    """The bytes as they came, and as each packing of mails would have them."""
    yield raw
    if b"\0" in raw:
        yield raw.replace(b"\0", b"").lstrip(b"\xff\xfe")  # UTF-16
    if b"=" in raw:
        yield quopri.decodestring(raw)
    if levels:
        for block in _blocks(raw):
            yield from readings(block, levels - 1)


def _blocks(raw: bytes) -> Iterator[bytes]:
    """What lines of base64 hold."""
    letters = bytearray()
    for each in [*raw.split(b"\n"), b""]:
        text = each.strip(b" \t\r>")
        if _BASE64.fullmatch(text):
            letters += text
            continue
        if len(letters) >= _SHORTEST:
            whole = bytes(letters).replace(b"=", b"")
            if len(whole) % 4 != 1:
                yield base64.b64decode(whole + b"=" * (-len(whole) % 4))
        letters.clear()


def ids_in(raw: bytes) -> frozenset[str]:
    """Everything that may be a Message-ID, as `<left@right>` in small letters."""
    found: set[str] = set()
    for text in readings(raw):
        for at in islice(re.finditer(b"@", text), _MOST_IDS):
            left = _BEFORE_AT.search(text[max(0, at.start() - _LONGEST_ID) : at.start()])
            right = _BEHIND_AT.match(text, at.end(), at.end() + _LONGEST_ID)
            if left and right:
                name = b"<" + left[0] + b"@" + right[0].rstrip(b".:-") + b">"
                found.add(name.decode("ascii").lower())
    return frozenset(found)


def too_much(raw: bytes) -> str:
    """Why the library is not let read the parts, which builds each of them; nothing where it may."""
    if raw.lower().count(b"boundary") > _MOST_LEVELS:
        return "its parts lie too deep in each other"
    if sum(1 for _line in _DASHES.finditer(raw)) > _MOST_BOUNDARIES:
        return f"it has more than {_MOST_PARTS} parts"
    return ""


def words_of(raw: bytes, country: str = "") -> str:
    """What somebody wrote: the first part that is text, of a page its words; nothing where there is none."""
    if too_much(raw):
        return ""
    try:
        parts = list(islice(message_from_bytes(raw).walk(), _MOST_PARTS))
    except Exception:  # noqa: BLE001 - a stranger wrote it, and the library fails in many ways
        return ""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and not part.is_multipart():
                text = _content(part, country)
                if text.strip():
                    return (_of_page(text) if kind == "text/html" else text)[:_MOST_WORDS]
    return ""


def _of_page(page: str) -> str:
    """The words of a page. Nothing is looked for twice, for a hostile page opens a thousand tags and closes none."""
    read, at = [], 0
    while found := _UNREAD.search(page, at):
        read.append(page[at : found.start()])
        end = re.compile(rf"(?i)</{found[1]}\s{{0,20}}>?").search(page, found.end())
        at = end.end() if end else len(page)
    return _TAGS.sub(" ", _LINES.sub("\n", "".join([*read, page[at:]])))


def _content(part: Message, country: str) -> str:
    try:
        content = part.get_payload(decode=True)
        charset = str(part.get_param("charset") or "")
    except Exception:  # noqa: BLE001 - as above
        return ""
    if not isinstance(content, bytes):
        return ""
    if charset.lower().startswith(("utf-16", "utf-32")):
        return content.decode(charset.lower(), "replace")
    return text_of(content, charset, country)

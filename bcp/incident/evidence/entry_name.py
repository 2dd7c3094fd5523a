"""Names of files in an archive from elsewhere: which can be kept on every system, and what is wrong with others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from bcp.i18n import _

_LONGEST = 200
"""Letters of a name with its folders; and bytes of each part: with the office's own folders before it, every system
can hold it."""
_DEEPEST = 8
_STRANGE = re.compile(r'[\\:*?"<>|]')
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])[ ]*(\..*)?", re.IGNORECASE)


class NameFault(NamedTuple):
    """A name that cannot be kept, and why, in words that follow on it."""

    name: str
    why: str


def why_not(name: str) -> str:
    """Why `name`, with `/` between its folders, cannot be kept on every system; nothing where it can."""
    if len(name) > _LONGEST:
        return _("the name is longer than {count} letters").format(count=_LONGEST)
    if not name or not name.isprintable():
        return _("the name holds letters that cannot be seen")
    parts = name.split("/")
    if not parts[0] or re.match(r"[A-Za-z]:", name):
        return _("the name begins at the root of a disk")
    if ".." in parts:
        return _("the name leads out of the folder")
    if _STRANGE.search(name):
        return _("the name holds a sign that has a meaning of its own on some systems")
    if len(parts) > _DEEPEST:
        return _("the name leads through more than {count} folders").format(count=_DEEPEST)
    return next(filter(None, map(_why_not_part, parts)), "")


def _why_not_part(part: str) -> str:
    if part in ("", "."):
        return _("the name has a part that is none")
    if len(part.encode("utf-8", "surrogatepass")) > _LONGEST:
        return _("the name is longer than {count} letters").format(count=_LONGEST)
    if part != part.strip() or part.endswith("."):
        return _("the name has a part that begins or ends with a blank or ends with a full stop")
    if _RESERVED.fullmatch(part):
        return _("Windows keeps this name for a device")
    return ""


def collision(names: Iterable[str]) -> NameFault | None:
    """The first of these names that some system takes for another of them, or for the folder of another."""
    folders: dict[str, str] = {}
    files: dict[str, str] = {}
    for name in names:
        folded = _folded(name)
        if other := files.get(folded) or folders.get(folded):
            return _same(name, other)
        files[folded] = name
        while folded := folded.rpartition("/")[0]:
            if other := files.get(folded):
                return _same(name, other)
            folders.setdefault(folded, name)
    return None


def _same(name: str, other: str) -> NameFault:
    return NameFault(name, _("some systems take it for “{other}”").format(other=other))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())

"""What waits beside a page until it takes its place: under which name, and how that of a broken-off write is known.

A name keeps its beginning up to the first dot and all its endings: beside `kontakt.php` waits
`kontakt-bcp-HEX.php`, which a server runs as it runs the page. Under any other ending it could show the source of a
client's page, and the password in it; an unknown ending in the middle is enough for Apache to do so.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256

from bcp.lever.place.base import PlaceEnv

_MARK = "-bcp-"
_OWN, _WRITE = 8, 16
_LONGEST = 255
"""So many bytes has a name of a file at most, on nearly every disk."""
OLDER = ".bcp-new"
"""What older versions put behind the whole name of a page."""
TRIAL = b"bcp was here\n"
"""What a twin holds, as often as it takes to be long enough."""
_PHP, _SSI = b"<?php /* bcp */ ?>\n", b'<!--#set var="bcp" value="1" -->\n'
_RUN = {"php": _PHP, "phtml": _PHP, "shtml": _SSI}
"""What a server that runs a page of such an ending does not hand out as it is."""


def beside(page: str, reach: PlaceEnv, content: bytes | None = None) -> str:
    """A name for what waits beside the page, which no other office has.

    It cannot be guessed. With `content` it is the same again for the same content: where a folder cannot be listed,
    the step that is done again finds what was left.
    """
    own = (
        os.urandom(_WRITE // 2).hex()
        if content is None
        else sha256(reach.own_name.encode() + content).hexdigest()
    )
    first, last = _around(page)
    return f"{first}{_MARK}{reach.own_name}{own[:_WRITE]}{last}"


def is_left(name: str, page: str, reach: PlaceEnv) -> bool:
    """Whether a file of the page's folder, by its name alone, is what a write of this office left beside the page."""
    first, last = (part.rpartition("/")[2] for part in _around(page))
    ours = rf"{re.escape(first)}{_MARK}{reach.own_name}[0-9a-f]{{{_WRITE}}}{re.escape(last)}"
    return name == page.rpartition("/")[2] + OLDER or re.fullmatch(ours, name) is not None


def left_like(page: str, reach: PlaceEnv) -> tuple[str, str]:
    """How the names begin and end that `is_left` knows, with the folder of the page."""
    first, last = _around(page)
    return f"{first}{_MARK}{reach.own_name}", last


def folder_of(page: str) -> str:
    """The folder of a page within that of the site; a dot for that folder itself."""
    return page.rpartition("/")[0] or "."


def trial_content(page: str, length: int = 0) -> bytes:
    """What a twin holds in a trial: longer than `length`, for some servers cut what is long.

    It shows, too, where a server runs the page instead of handing it out: then what we read is not what stands there.
    """
    own = _RUN.get(page.rpartition(".")[2].lower(), b"")
    return own + TRIAL * (length // len(TRIAL) + 2)


def _around(page: str) -> tuple[str, str]:
    """What stands before and behind our part of such a name; a long beginning is cut, for a disk to take the whole."""
    folder, slash, name = page.rpartition("/")
    dot = name.find(".", 1)
    first, last = (name, "") if dot < 0 else (name[:dot], name[dot:])
    room = max(1, _LONGEST - len(last.encode()) - len(_MARK) - _OWN - _WRITE)
    return folder + slash + first.encode()[:room].decode(errors="ignore"), last

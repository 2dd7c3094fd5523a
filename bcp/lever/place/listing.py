"""What a server says of its files, in the long form of ls: their rights, and whose they are."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bcp.i18n import _
from bcp.lever.place.base import Untried

_LINE = re.compile(
    r"([-dl])([r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-])\S?\s+\S+\s+(\S+)\s+(\S+)\s+\d+"
    r"\s+(?:[^\W\d]\S*\s+\d+|\d+\s+[^\W\d]\S*|[\d-]+)\s+[\d:.]+\s(.+)"
)

_LINE_END = 300
"""So many letters at the end of a line hold each name that a file can have."""
_OCTAL = re.compile(r"(?:\\[23][0-7]{2})+")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as a server lists it; `mode` holds the nine bits of its rights."""

    kind: Literal["-", "d", "l"]
    mode: int
    owner: str
    group: str
    name: str

    def said(self) -> str:
        """Whose it is, and its rights, as in a command: `nobody:www-data 664`."""
        return f"{self.owner}:{self.group} {self.mode:o}"


def listed(text: str) -> Iterator[Listed]:
    """What each line lists; lines of another kind are passed over. A name is without its folder."""
    for line in text.splitlines():
        found = _LINE.fullmatch(line.rstrip())
        if found:
            kind, rights, owner, group, name = found.groups()
            mode = sum(1 << (8 - at) for at, letter in enumerate(rights) if letter not in "-ST")
            if kind == "l":
                name = name.partition(" -> ")[0]
            yield Listed(kind, mode, owner, group, name.rpartition("/")[2])  # type: ignore[arg-type]


def ends_of_lines(text: str) -> Iterator[str]:
    """What may be the name of a file in a list of any form, such as that of Windows: the end of a line, from a blank.

    A name may hold blanks, so a line has several.
    """
    for line in text.splitlines():
        words = line.strip()[-_LINE_END:].split(" ")
        yield from (" ".join(words[at:]) for at in range(len(words)))


def is_a_link(page: str) -> Untried:
    """What a trial says of a link: the deed would work, and the link would not be there again afterwards."""
    words = _("{page} is a link there and would become a file: name the file that it leads to in bcp.yaml")
    return Untried(words.format(page=page))


def shuts_out(was: Listed, now: Listed) -> bool:
    """Whether somebody who reads the one, such as the web server, could not read the other in its place."""
    if now.mode & 0o004:
        return False
    return bool(was.mode & 0o004 or (was.mode & 0o040 and (was.group != now.group or not now.mode & 0o040)))


def difference(page: str, was: Listed, now: Listed) -> str:
    """What becomes of the rights and the owner of a page, as a sentence; nothing where all stays."""
    if was.said() == now.said():
        return ""
    words = _("{page} has the rights {was} now, and will have {now} once it is written by us")
    return words.format(page=page, was=was.said(), now=now.said())


def number_of(name: str, *, group: bool) -> int | None:
    """The number of an owner or a group where only its name is told: that of this computer, which may be another.

    System groups such as www-data have one number on all Debian systems; whoever uses it looks what it has done.
    """
    if name.isascii() and name.isdigit():
        return int(name)
    if sys.platform == "win32":
        return None
    import grp
    import pwd

    try:
        return grp.getgrnam(name).gr_gid if group else pwd.getpwnam(name).pw_uid
    except (KeyError, ValueError):
        return None


def in_letters(output: str) -> str:
    """What sftp prints, in the letters of names: where no language is set, as in cron, it writes `\\305\\274`."""
    return _OCTAL.sub(lambda found: _bytes(found[0]).decode(errors="replace"), output)


def _bytes(octal: str) -> bytes:
    return bytes(int(each, 8) for each in octal.split("\\")[1:])

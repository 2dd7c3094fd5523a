"""Whose our files are: their owner's alone, or a group's that the office names; what is published is as others make it.

A process begins with `begin`: from then on all that it makes is for its owner (umask 077), and the programs that it
starts have the mask that it came with. Windows knows no such bits: there the folder of a person is private by its list
of rights, which what is made in it takes over, and nothing here does anything.
"""

from __future__ import annotations

import errno
import os
import shlex
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_ALONE, _GROUP = 0o077, 0o007


@dataclass
class _Masks:
    """The mask that the process came with, None before `begin`, and the one that it has now."""

    former: int | None = None
    now: int = _ALONE


_masks = _Masks()


def begin() -> None:
    """From now on what this process makes is for its owner alone."""
    if sys.platform != "win32":
        _masks.former = os.umask(_ALONE)
        _masks.now = _ALONE


def mask_of_others() -> int:
    """The umask of a program that is started; -1, which leaves it as it is, before `begin` and on Windows."""
    return -1 if _masks.former is None else _masks.former


def file_mode() -> int:
    """The mode of a new file of ours."""
    return 0o666 & ~_masks.now


def folder_mode() -> int:
    """The mode of a new folder of ours."""
    return 0o777 & ~_masks.now


def published_mode() -> int:
    """The mode of a new file that others are to read, as any program of this login would make it."""
    if _masks.former is not None:
        return 0o666 & ~_masks.former
    mask = os.umask(_ALONE)
    os.umask(mask)
    return 0o666 & ~mask


def publish(file: Path) -> None:
    """Let a program that carries a file elsewhere find the mode that a published one has. Raises OSError."""
    if sys.platform != "win32":
        file.chmod(published_mode())


def make_folder(folder: Path) -> None:
    """Make a folder of ours and those it lies in, where they are not there. Raises OSError."""
    missing = []
    for each in (folder, *folder.parents):
        if each.exists():
            break
        missing.append(each)
    folder.mkdir(parents=True, exist_ok=True)
    for each in reversed(missing):
        give(each)


def make_file(file: Path) -> None:
    """Make an empty file of ours where there is none. Raises OSError, also where a link lies there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with suppress(FileExistsError):
        os.close(os.open(file, flags, file_mode()))
        give(file)


def give(path: Path) -> None:
    """Let what root has just made belong to whom the folder belongs: or its owner could not use it any more."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    with suppress(OSError):  # a stick, a share: there files belong to nobody
        owner = path.parent.stat()
        if owner.st_uid != 0:
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def tighten(path: Path) -> None:
    """Take from others the rights to a file or a folder of ours; what is not ours, or no such thing, stays as it is.

    Files of an older version were made for everybody to read. A group that may write was let in by hand: it stays.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError):
        found = path.lstat()
        mode = stat.S_IMODE(found.st_mode)
        taken = mode & (_GROUP if mode & stat.S_IWGRP else _masks.now)
        if taken and not stat.S_ISLNK(found.st_mode) and found.st_uid == os.geteuid():
            path.chmod(mode & ~taken)


def is_root() -> bool:
    """Whether this process may do everything; nobody knows on Windows."""
    return sys.platform != "win32" and os.geteuid() == 0


def owner_of(path: Path) -> tuple[str, str] | None:
    """The login and the group by whom somebody else would run a program for whom this belongs to.

    None where that is root, who runs it anyway, and on Windows. The group is the login's own, where this computer
    knows the login, else that of the path. Raises OSError.
    """
    if sys.platform == "win32":
        return None
    import grp
    import pwd

    found = path.stat()
    if found.st_uid == 0:
        return None
    number = found.st_gid
    with suppress(KeyError):
        number = pwd.getpwuid(found.st_uid).pw_gid
    with suppress(KeyError):
        return login_name(found.st_uid), grp.getgrgid(number).gr_name
    return login_name(found.st_uid), str(number)


def is_ours(path: Path) -> bool:
    """Whether this belongs to this login. Raises OSError."""
    return sys.platform == "win32" or path.stat().st_uid == os.geteuid()


def owner_elsewhere(path: Path) -> int | None:
    """The number of the login whose this is, where it is neither ours nor root's.

    As root the login that asked for root's rights with sudo is one of ours, as git has it (safe.directory).
    """
    if sys.platform == "win32":
        return None
    owner = path.stat().st_uid
    ours = {0, os.geteuid()}
    asked = os.environ.get("SUDO_UID", "")
    if os.geteuid() == 0 and asked.isascii() and asked.isdigit():
        ours.add(int(asked))
    return None if owner in ours else owner


def login_name(number: int) -> str:
    """The name of a login, or its number where this computer knows none."""
    if sys.platform == "win32":
        return str(number)
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except (KeyError, OverflowError):
        return str(number)


def give_back(folder: Path) -> str:
    """The command by which root gives us a folder of ours with all that is in it; nothing where it is not ours.

    It is ours where the folder that it is in is ours, too. Raises OSError.
    """
    if sys.platform == "win32" or os.geteuid() not in (folder.parent.stat().st_uid, folder.stat().st_uid):
        return ""
    name = login_name(os.geteuid())
    return shlex.join(("sudo", "chown", "-R", name if name.isdigit() else f"{name}:", str(folder)))


class ShutOut(PermissionError):
    """A group that reads a published file, such as the web server's, could not read the new one in its place."""


def as_before(number: int, there: Path, published: bool) -> None:
    """Give an open new file the mode and the owner of the one whose place it takes; else those of a new one.

    Where the owner may not be given, the file is ours; where the group may not, it has no rights. A stick or a share
    may know neither modes nor owners: that stops no write. Raises ShutOut where nobody could read what is published.
    """
    if sys.platform == "win32":
        return
    try:
        found = there.stat()
    except FileNotFoundError:
        with suppress(OSError):
            os.fchmod(number, published_mode() if published else file_mode())
            _give_open(number, there.parent)
        return
    mode = stat.S_IMODE(found.st_mode) & 0o777
    if os.geteuid() == 0 or found.st_gid != os.fstat(number).st_gid:
        try:
            os.fchown(number, found.st_uid if os.geteuid() == 0 else -1, found.st_gid)
        except OSError:
            if published and mode & 0o044 == 0o040:
                raise ShutOut(errno.EACCES, "its group could not read it any more", str(there)) from None
            mode &= ~(0 if published else 0o070)
    with suppress(OSError):
        os.fchmod(number, mode)


def _give_open(number: int, folder: Path) -> None:
    if sys.platform == "win32":
        return
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.fchown(number, owner.st_uid, owner.st_gid)


def group_id(name: str) -> int | None:
    """The number of a group of this computer, where there is one of that name that this login may give files to."""
    if sys.platform == "win32":
        return None
    import grp

    try:
        number = grp.getgrnam(name).gr_gid
    except (KeyError, ValueError):
        return None
    return number if os.geteuid() == 0 or number in (os.getegid(), *os.getgroups()) else None


def open_to(group: str, folder: Path) -> bool:
    """Let a group work in a folder: what is there becomes the group's, and what is made from now on.

    False, and nothing is changed, where there is no such group or this login is not in it. What lies there is walked
    through once, by whom the folder belongs to. Raises nothing: what belongs to others is theirs to open.
    """
    number = group_id(group)
    if number is None or sys.platform == "win32":
        return False
    os.umask(_GROUP)
    _masks.now = _GROUP
    with suppress(OSError):
        found = folder.stat()
        ours = os.geteuid() in (0, found.st_uid)
        if ours and (found.st_gid != number or not found.st_mode & stat.S_ISGID):
            # The folder itself last: whoever is cut off begins anew.
            for path in (*_below(folder), folder):
                _open_one(path, number)
    return True


def _below(folder: Path) -> Iterator[Path]:
    """All that lies in a folder, no link followed; git's own folder has a setting of its own for groups."""
    for there, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        yield from (Path(there) / name for name in (*folders, *files))


def _open_one(path: Path, group: int) -> None:
    if sys.platform == "win32":
        return
    with suppress(OSError):
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) or os.geteuid() not in (0, found.st_uid):
            return
        os.chown(path, -1, group, follow_symlinks=False)
        added = stat.S_ISGID | 0o070 if stat.S_ISDIR(found.st_mode) else 0o060
        path.chmod(stat.S_IMODE(found.st_mode) | added)

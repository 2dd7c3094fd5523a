"""Where the state of an office lies, and why not in a network or synchronised folder.

SQLite's locks and its shared memory do not hold across a network, and a synchronising program copies
a database in the midst of a write and puts an older copy back.
https://www.sqlite.org/howtocorrupt.html#_filesystems_with_broken_or_missing_lock_implementations
https://www.sqlite.org/wal.html#overview
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

from bcp.errors import StoreError
from bcp.i18n import _
from bcp.printed import printed
from bcp.private import tighten

_MOUNTINFO = Path("/proc/self/mountinfo")

# 9p is not among them: it is how a virtual machine sees the folders of its own computer.
_NETWORK = {
    *("afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "lustre", "ncpfs"),
    *("nfs", "nfs4", "ocfs2", "smb2", "smb3", "smbfs", "webdav"),
    *("fuse.ceph", "fuse.curlftpfs", "fuse.davfs", "fuse.davfs2", "fuse.gcsfuse", "fuse.gvfsd-fuse"),
    *("fuse.glusterfs", "fuse.google-drive-ocamlfuse", "fuse.goofys", "fuse.juicefs", "fuse.onedriver"),
    *("fuse.pcloud", "fuse.rclone", "fuse.s3fs", "fuse.s3ql", "fuse.smbnetfs", "fuse.sshfs"),
}

# As their programs name the folder, also with an account behind it: "OneDrive - Firm", "Dropbox (Firm)".
_SYNCHRONISED = re.compile(
    r"""(?P<name>
        OneDrive | Dropbox | Google\ ?Drive | iCloud\ ?Drive | Nextcloud | ownCloud | pCloud(?:\ ?Drive)?
        | Box\ Sync | MEGA(?:sync)? | Proton\ ?Drive | Seafile | SynologyDrive | Yandex\.?Disk
        | Mobile\ Documents | CloudStorage
    )(?:\ ?[-(].*)?""",
    re.VERBOSE | re.IGNORECASE,
)
# What they leave at the top of a folder that bears a name of its own. (A folder `.dropbox` in somebody's
# home is where Dropbox keeps its settings, and says nothing about the home.)
_MARK_FILES = {".dropbox": "Dropbox", ".nextcloudsync.log": "Nextcloud", ".owncloudsync.log": "ownCloud"}
_MARK_FOLDERS = {
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".tmp.drivedownload": "Google Drive",
}
# On Windows the programs tell everybody where their folder is.
_TOLD_IN = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")


class Mount(NamedTuple):
    """A place in the tree of folders, and the file system there."""

    point: PurePath
    kind: str
    is_network: bool


def state_folder(office: Path, environ: Mapping[str, str]) -> Path:
    """The folder of the store: `BCP_STATE`, else `incidents` in the office's folder; it need not exist.

    Raises StoreError when it lies on the network or in a synchronised folder.
    """
    moved = environ.get("BCP_STATE")
    folder = Path(moved) if moved else office / "incidents"
    try:
        folder = folder.expanduser().resolve()
        network = network_of(folder)
        program = synchronised_by(folder, environ)
    except (OSError, RuntimeError) as error:
        words = _("the folder {folder} cannot be reached ({error})").format(folder=folder, error=error)
        raise StoreError(words, _remedy()) from error
    if network:
        words = _("{folder} lies on the network ({network}), where a store gets damaged")
        raise StoreError(words.format(folder=folder, network=network), _remedy())
    if program:
        words = _("{folder} is synchronised ({program}), which damages a store")
        raise StoreError(words.format(folder=folder, program=program), _remedy())
    return folder


def outside_folder(environ: Mapping[str, str]) -> Path | None:
    """Where this login keeps what programs know on this computer alone; None where it has no such place."""
    if sys.platform == "win32":
        local = environ.get("LOCALAPPDATA")
        return Path(local) / "bcp" if local else None
    told, home = environ.get("XDG_STATE_HOME"), environ.get("HOME")
    if told and Path(told).is_absolute():
        return Path(told) / "bcp"
    return Path(home) / ".local" / "state" / "bcp" if home else None


def _remedy() -> str:
    return _("set BCP_STATE to a folder on this computer that nothing synchronises")


def close_to_others(store: Path) -> None:
    """Take from other logins what an older version let them read: the store, and the folder that holds nothing else."""
    state = store.parent
    for path in (store, *(store.with_name(f"{store.name}-{end}") for end in ("wal", "shm"))):
        tighten(path)
    if state.name == "incidents" and (state.parent / "bcp.yaml").is_file():
        tighten(state)


def network_of(folder: Path) -> str:
    """The kind of network that `folder` (absolute) lies on, or nothing if it is on this computer."""
    if sys.platform == "win32":
        return _network_of_windows(folder)
    found = _mount_here(folder)
    return found.kind if found and found.is_network else ""


def kind_of(folder: Path) -> str:
    """The kind of file system that `folder` (absolute) lies on, as far as this system says it."""
    if sys.platform == "win32":
        return ""
    found = _mount_here(folder)
    return found.kind if found else ""


def _mount_here(folder: Path) -> Mount | None:
    """The mount of this computer that holds `folder`."""
    return mount_of(folder, macos_mounts(_mount()) if sys.platform == "darwin" else _linux())


def mount_of(folder: PurePath, mounts: Iterable[Mount]) -> Mount | None:
    """The mount that holds `folder`: the deepest; of two on one point, the later, which hides the other."""
    found = None
    for mount in mounts:
        if folder.is_relative_to(mount.point) and (
            not found or len(mount.point.parts) >= len(found.point.parts)
        ):
            found = mount
    return found


def linux_mounts(table: str) -> Iterator[Mount]:
    """The mounts in `/proc/self/mountinfo` (proc(5)): `36 35 98:0 /root /point rw,noatime - ext4 …`."""
    for line in table.splitlines():
        fields = line.split(" ")
        kind = fields[fields.index("-") + 1]
        yield Mount(PurePosixPath(_unescaped(fields[4])), kind, kind in _NETWORK)


def macos_mounts(table: str) -> Iterator[Mount]:
    """The mounts that `mount` prints on macOS: `//ann@nas/share on /Volumes/share (smbfs, nodev, …)`.

    What is on this computer bears the word `local` (MNT_LOCAL of statfs(2)).
    """
    for line in table.splitlines():
        found = re.fullmatch(r".+? on (/.*) \(([^()]*)\)", line)
        if found:
            kind, *options = found[2].split(", ")
            yield Mount(PurePosixPath(found[1]), kind, "local" not in options)


def synchronised_by(folder: Path, environ: Mapping[str, str]) -> str:
    """What synchronises `folder` (absolute), by a name, a mark or the program's own word; or nothing."""
    for name in _TOLD_IN:
        root = environ.get(name)
        if root and folder.is_relative_to(root):
            return "OneDrive"
    for above in (folder, *folder.parents):
        named = _SYNCHRONISED.fullmatch(above.name)
        if named:
            return named["name"]
        marks = [program for mark, program in _MARK_FILES.items() if (above / mark).is_file()]
        marks += [program for mark, program in _MARK_FOLDERS.items() if (above / mark).is_dir()]
        if marks:
            return marks[0]
    return ""


def _linux() -> Iterator[Mount]:
    return linux_mounts(_MOUNTINFO.read_text(errors="surrogateescape")) if _MOUNTINFO.exists() else iter(())


def _mount() -> str:
    # Not a deed in the world: the system's own table, for which macOS has a program and no file.
    with os.popen("/sbin/mount") as told:
        return printed(getattr(told, "buffer").read())  # noqa: B009 - the bytes below its text


def _unescaped(path: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


def _network_of_windows(folder: Path) -> str:
    if folder.drive.startswith("\\\\"):
        return folder.drive
    import ctypes

    remote = 4  # DRIVE_REMOTE
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - the other systems' ctypes has none
    return folder.drive if kernel.GetDriveTypeW(f"{folder.drive}\\") == remote else ""

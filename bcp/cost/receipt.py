"""Copies receipts into the incident's folder, with their hash; what is no sensible file is refused."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

from bcp.cost.model import Receipt
from bcp.errors import InputError, StoreError
from bcp.files import in_words, put
from bcp.private import make_folder

FOLDER = "attachments"
MOST_BYTES = 25 * 1024 * 1024


def keep(path: Path, incident_folder: Path) -> Receipt:
    """Copy the file at `path` into `attachments/` of the incident's folder; the same file twice is kept once.

    Raises InputError for what is missing, empty, larger than 25 MB or no regular file, StoreError where the copy
    cannot be written; then nothing is left behind.
    """
    folder = incident_folder / FOLDER
    with _opened(path) as source:
        content = _content(source, path)
        digest = sha256(content).hexdigest()
        name = f"{digest[:12]}-{_plain(path.name)}"
        try:
            make_folder(folder)
            put(folder / name, content)
        except OSError as error:
            raise StoreError(
                f"{path.name} could not be copied to {folder}: {in_words(error)}",
                "make room there or look whether this login may write; nothing was kept",
            ) from None
    return Receipt(path.name, f"{FOLDER}/{name}", len(content), digest)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file, open to read; without waiting for the other end of a pipe or a device."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        if path.is_dir():  # Windows opens no folder
            raise _no_ordinary(path) from None
        raise InputError(
            f"{path} cannot be read: {in_words(error)}", "give the path of a scan or a photo"
        ) from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise _no_ordinary(path)
    with os.fdopen(handle, "rb") as file:
        if found.st_size > MOST_BYTES:
            raise InputError(
                f"{path} has {found.st_size // 1024 // 1024} MB; a receipt has at most {MOST_BYTES // 1024 // 1024} MB",
                "make a smaller scan or photo of it",
            )
        if not found.st_size:
            raise InputError(f"{path} is empty", "give the path of a scan or a photo")
        yield file


def _no_ordinary(path: Path) -> InputError:
    return InputError(f"{path} is no ordinary file", "give the path of a scan or a photo")


def _content(source: IO[bytes], path: Path) -> bytes:
    """All that it holds; a file that grows while it is read does not get past the limit."""
    content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(f"{path} grew while it was read", "give a finished file")
    return content


def _plain(name: str) -> str:
    """A file name that every system and archive can hold."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", bare).strip("-.")[-60:] or "receipt"

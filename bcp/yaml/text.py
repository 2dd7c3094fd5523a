"""From the bytes of a file to text that a YAML parser may see: the size, the encoding, stray characters.

A place is a line and a column, both from 1, counted in characters as an editor counts them.
"""

from __future__ import annotations

import codecs
import re
import stat
from pathlib import Path

from bcp.i18n import _
from bcp.system_error import is_open_elsewhere

MOST_BYTES = 1024 * 1024
WIDTH = 200
CARET = 120

Place = tuple[int, int]

_BREAK = re.compile(r"\r\n|\r|\n")
# What YAML 1.1 does not allow, and the line breaks that only YAML, but no editor, counts as such.
_STRAY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
# Pasted from a word processor: looks like indentation, and is none.
_HARD_INDENT = re.compile(r"^[ \-]*(?=\u00a0)", re.MULTILINE)
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_SAVE = 'save the file again with the encoding "UTF-8" (in the Windows editor: File, Save as, Encoding)'


class Unreadable(Exception):
    """Why a text cannot be read as one YAML document: the place, the sentence, the hint."""

    def __init__(self, place: Place, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.hint = hint


def split(text: str) -> list[str]:
    """The lines of a text without their ends; an end of line at the end opens one more, empty line."""
    return _BREAK.split(text)


def excerpt(line: str, column: int) -> str:
    """At most `WIDTH` characters of a line with `column` among them, fit to be printed.

    A column beyond `CARET` is moved to stand at `CARET`, so a caret belongs at `min(column, CARET)`.
    """
    start = max(0, column - CARET)
    shown = line[start : start + WIDTH]
    if start:
        shown = "…" + shown[1:]
    if len(line) > start + WIDTH:
        shown = shown[:-1] + "…"
    return _STRAY.sub("\ufffd", shown.replace("\t", " "))


def misnamed(path: Path) -> str:
    """What to do where an editor has put another ending behind the name (`bcp.yaml.txt`); else nothing."""
    for other in (
        f"{path.name}.txt",
        f"{path.stem}.yml",
        f"{path.stem}.txt",
        f"{path.name}.yaml",
        f"{path.name}.yml",
    ):
        if other != path.name and (there := path.with_name(other)).is_file():
            return _("rename {path}: its name must be {file}").format(path=there, file=path.name)
    return ""


def load(path: Path) -> bytes:
    """The bytes of a file of at most `MOST_BYTES`. Raises Unreadable with a sentence for anything else."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            kind = "a folder" if path.is_dir() else "no ordinary file"
            raise Unreadable((1, 1), f"this is {kind}, not a YAML file", "give the name of a file")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        hint = misnamed(path) or "check the name and the folder"
        raise Unreadable((1, 1), "there is no such file", hint) from None
    except OSError as error:
        if is_open_elsewhere(error, path):
            words, hint = "this file is open in another program", "close it there, then try again"
        elif isinstance(error, PermissionError):
            words, hint = "you may not read this file", "ask its owner for the right to"
        else:
            words, hint = f"this file cannot be read: {error.strerror}", "check the disk and the folder"
        raise Unreadable((1, 1), words, hint) from None
    if len(raw) > MOST_BYTES:
        raise Unreadable(
            (1, 1), "this file is larger than 1 MiB", "split it into several files; a runbook has a few pages"
        )
    return raw


def decode(raw: bytes) -> str:
    """The text in `raw`, which must be UTF-8, with or without its mark. Raises Unreadable."""
    if raw.startswith(_WIDE_MARKS):
        raise Unreadable((1, 1), "this file is saved as UTF-16 (Unicode), not as UTF-8", _SAVE)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(raw.removeprefix(codecs.BOM_UTF8), error) from None


def _not_utf8(raw: bytes, error: UnicodeDecodeError) -> Unreadable:
    before = split(raw[: error.start].decode())
    place = (len(before), len(before[-1]) + 1)
    if b"\0" in raw:
        return Unreadable(place, "this is not a text file", _SAVE)
    byte = raw[error.start]
    message = f"this character is not written in UTF-8 (byte 0x{byte:02X})"
    letter = bytes([byte]).decode("cp1250", "replace")
    if not letter.isalpha():
        return Unreadable(place, message, _SAVE)
    return Unreadable(place, message, f'in the old Windows encoding (cp1250) it is "{letter}": {_SAVE}')


def check(text: str) -> None:
    """Raises Unreadable at the first character that does not belong into a text."""
    found = _STRAY.search(text) or _HARD_INDENT.search(text)
    if not found:
        return
    at = found.end() if found.re is _HARD_INDENT else found.start()
    before = split(text[:at])
    place = (len(before), len(before[-1]) + 1)
    if text[at] == "\0":
        raise Unreadable(place, "this is not a text file (it holds a NUL character)", _SAVE)
    raise Unreadable(
        place,
        f"a character that cannot be seen stands here (U+{ord(text[at]):04X})",
        "delete it and type the place anew; such characters come with text pasted from elsewhere",
    )

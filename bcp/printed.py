"""What a program printed, as text: read in the encoding in which the program wrote it, whatever it was."""

from __future__ import annotations

import codecs
import locale
import re
import sys
from collections.abc import Mapping

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CYRILLIC = 0x05  # the last of the European alphabets in UTF-16: Latin, Greek, Cyrillic
_TORN_AT_MOST = 3  # bytes of a letter that may be cut off from the others

# ECMA-48: a sequence that begins with CSI; a string for the terminal (OSC, DCS, SOS, PM, APC) up to its end, or where
# that never comes to the end of its line; any other escape; each also in its one-byte form.
_CONTROL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*"
    r"|\x1b[ -/]*[0-~]?"
)
_OVERSTRUCK = re.compile(r"([^\n])\x08\1|_\x08(?=[^\n])")
_LINE_END = re.compile(r"\r+\n?")


def without_controls(text: str) -> str:
    """The letters of what a program printed, with nothing of what steers a terminal: whole sequences are taken away.

    What was printed over the same line again and again, as a progress bar is, becomes lines below each other.
    """
    text = _CONTROL.sub("", _OVERSTRUCK.sub(r"\1", text))
    text = _LINE_END.sub("\n", text)
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())


def last_lines(text: str, most: int, width: int = 200) -> list[str]:
    """The last lines of a text in which something stands, at most so many; of a longer line so many letters, from both
    ends.
    """
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    half = (width - 3) // 2
    return [line if len(line) <= width else f"{line[:half]} … {line[-half:]}" for line in lines[-most:]]


def printed(raw: bytes) -> str:
    """The text of what a program printed."""
    return printed_parts(raw)[0]


def printed_parts(*parts: bytes) -> list[str]:
    """The texts of what a program printed; of several parts something was left out in between.

    A program that marks its encoding is believed; else it is UTF-8 where it can be, and otherwise what this system's
    programs write: the code page of the console on Windows, the encoding of the locale elsewhere. Bytes that are no
    letter there become �, and nothing ever fails. Lines end with one \\n.
    """
    raw = b"".join(parts)
    mark, encoding = next((each for each in _MARKS if raw.startswith(each[0])), (b"", ""))
    encoding = encoding or utf_16_without_mark(raw) or ("utf-8" if _is_utf_8(parts) else _of_this_system())
    texts = [part.decode(encoding, "replace") for part in (parts[0].removeprefix(mark), *parts[1:])]
    return [text.replace("\r\n", "\n") for text in texts]


def asking_for_utf_8(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program, which asks it for UTF-8 in the ways that some programs of Windows know.

    PYTHONIOENCODING changes what a Python program prints, and not how it reads its files, as PYTHONUTF8 would.
    """
    if sys.platform != "win32":
        return dict(environ)
    return {"PYTHONIOENCODING": "utf-8", **environ}


def utf_16_without_mark(raw: bytes) -> str:
    """The encoding of UTF-16 without a mark, as some programs of Windows write it; nothing where it is something else.

    Only European letters tell it apart: of each letter one byte says its alphabet; that of a space, a digit, a line
    end is zero, and no other byte is.
    """
    zeros = {at % 2 for at, byte in enumerate(raw) if not byte}
    if len(zeros) != 1 or len(raw) < 2:
        return ""
    (where,) = zeros
    alphabets = raw[where::2]
    is_european = sum(byte <= _CYRILLIC for byte in alphabets) >= 0.9 * len(alphabets)
    return ("utf-16-be", "utf-16-le")[where] if is_european else ""


def _is_utf_8(parts: tuple[bytes, ...]) -> bool:
    """Whether each part is, but for a letter that is torn where something was left out."""
    last = len(parts) - 1
    return all(_is_part_of_utf_8(part, at > 0, at < last) for at, part in enumerate(parts))


def _is_part_of_utf_8(part: bytes, torn_before: bool, torn_behind: bool) -> bool:
    if torn_before:
        part = part[_continued(part) :]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(part, final=not torn_behind)
    except UnicodeDecodeError:
        return False
    return True


def _continued(part: bytes) -> int:
    """How many bytes at its beginning go on with a letter that began before."""
    return next((at for at, byte in enumerate(part[:_TORN_AT_MOST]) if byte & 0xC0 != 0x80), _TORN_AT_MOST)


def _of_this_system() -> str:
    """The encoding in which programs of this system print where they do not choose one themselves."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.WinDLL("kernel32")
        # Without a console there is no code page of it: programs take that of MS-DOS then.
        encoding = f"cp{kernel.GetConsoleOutputCP() or kernel.GetOEMCP()}"
    else:
        encoding = locale.getencoding()
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "utf-8"

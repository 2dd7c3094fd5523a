"""From the bytes of a spreadsheet's export to rows of cells, each with its place.

What offices save is accepted as it comes: comma, semicolon or tab; UTF-8 with or without its mark,
UTF-16 with it, or the old Windows encodings of Central Europe (cp1250) and Greece (cp1253).
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from bcp.errors import Mistake, SourceError
from bcp.files import in_words

MOST_BYTES = 10 * 1024 * 1024
DELIMITERS = ",;\t"

_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_WIDTH = 120


class Cell(NamedTuple):
    """One cell: its text, and where in the file it begins."""

    text: str
    at: int


class Decoded(NamedTuple):
    """The text of a file, and the encoding that was found, as Python calls it."""

    text: str
    encoding: str


@dataclass
class Table:
    """A file of cells; the first row is its header. `delimiter` and `encoding` are what was found."""

    shown: str
    text: str
    delimiter: str
    encoding: str
    header: list[Cell]
    rows: list[list[Cell]]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", self.text))]

    def line(self, at: int) -> int:
        """The line (from 1) of a place in the text."""
        return bisect_right(self._starts, at)

    def mistake(self, at: int, message: str, hint: str = "") -> Mistake:
        """A mistake at a place in the text, with its line and column."""
        line = self.line(at)
        start = self._starts[line - 1]
        whole = re.split(r"[\r\n]", self.text[start : start + _WIDTH])[0]
        printable = "".join(letter if letter.isprintable() else " " for letter in whole)
        return Mistake(self.shown, line, at - start + 1, message, hint, printable)


def read(path: Path, shown: str) -> Table:
    """The table in a file. Raises SourceError with one mistake for what cannot be read as one."""
    return parse(read_bytes(path, shown), shown)


def read_bytes(path: Path, shown: str) -> bytes:
    """What is in a file; of one that is too large, a byte more than may be. Raises SourceError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        words = f"this file cannot be read: {in_words(error)}"
        raise refused(shown, words, "check the name and the rights") from None


def parse(raw: bytes, shown: str) -> Table:
    """The table in these bytes. Raises SourceError with one mistake for what cannot be read as one."""
    if len(raw) > MOST_BYTES:
        raise refused(shown, "this file is larger than 10 MB", "export one sheet only, without pictures")
    text, encoding = decode(raw, shown)
    if "\0" in text:
        words = "this is not a text file"
        raise refused(shown, words, "save the sheet as CSV (in the spreadsheet: Save as, type CSV)")
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter, shown)
    filled = [row for row in rows if any(cell.text.strip() for cell in row)]
    if not filled:
        raise refused(shown, "this file is empty", "the first row names the columns, such as: name,email")
    return Table(shown, text, delimiter, encoding, filled[0], filled[1:])


def decode(raw: bytes, shown: str) -> Decoded:
    """The text in these bytes, in whichever of our encodings it is. Raises SourceError if it is none of them."""
    for mark, encoding in _WIDE.items():
        if raw.startswith(mark):
            return Decoded(raw.decode(encoding, "replace"), encoding)
    try:
        return Decoded(raw.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError:
        encoding = _windows(raw)
    try:
        return Decoded(raw.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        text = raw.decode(encoding, "replace")
        words = (
            f"a letter here can be read neither as UTF-8 nor as {encoding} (byte 0x{raw[error.start]:02X})"
        )
        hint = 'save the file again with the encoding "UTF-8"'
        raise SourceError([_at(shown, text, error.start, words, hint)]) from None


def _windows(raw: bytes) -> str:
    """cp1253 or cp1250: Greek words are made of letters outside ASCII alone, others hold few of them."""
    outside = len(re.findall(rb"[\x80-\xff]", raw))
    together = sum(len(run) for run in re.findall(rb"[\x80-\xff]{3,}", raw))
    return "cp1253" if together * 2 > outside else "cp1250"


def _delimiter(text: str) -> str:
    """The delimiter that the first row with anything in it uses most, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=bare.count)


def _rows(text: str, delimiter: str, shown: str) -> list[list[Cell]]:
    """The cells of all rows, by the rules of RFC 4180 with any line end."""
    mark = re.escape(delimiter)
    cell = re.compile(rf'(?:"((?:[^"]|"")*)"[ ]*|((?!")[^{mark}\r\n]*))({mark}|\r\n|\r|\n|\Z)')
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    at, end = 0, len(text)
    while at < end or row:
        found = cell.match(text, at)
        if found is None:
            raise SourceError([_at(shown, text, at, *_quote_trouble(text, at))])
        quoted, plain, stop = found.groups()
        row.append(Cell(plain if quoted is None else quoted.replace('""', '"'), at))
        at = found.end()
        if stop != delimiter:
            rows.append(row)
            row = []
    return rows


def _quote_trouble(text: str, at: int) -> tuple[str, str]:
    if re.compile(r'"(?:[^"]|"")*\Z').match(text, at):
        return "this quoted cell never ends", 'close it with ", or delete the " at its beginning'
    return 'text follows behind the closing " of this cell', 'write a " inside a quoted cell twice: ""'


def refused(shown: str, words: str, hint: str) -> SourceError:
    """The one mistake of a file that is none of ours as a whole."""
    return SourceError([Mistake(shown, 1, 1, words, hint)])


def _at(shown: str, text: str, at: int, words: str, hint: str) -> Mistake:
    return Table(shown, text, "", "", [], []).mistake(at, words, hint)

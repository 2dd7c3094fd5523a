"""From the bytes of a spreadsheet's export to rows of cells, each with its place.

What offices save is accepted as it comes: comma, semicolon or tab; UTF-8 with or without its mark,
UTF-16 with it, or the old Windows encodings of Central Europe (cp1250) and Greece (cp1253).
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bcp.errors import Mistake, SourceError
from bcp.files import in_words

MOST_BYTES = 10 * 1024 * 1024
DELIMITERS = ",;\t"
_MOST_COLUMNS = 300
_MOST_BROKEN = 50

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
    """A file of cells; the first row is its header. `delimiter` and `encoding` are what was found.

    `ends` are the places in the text where each of the rows ends; `mistakes` the rows that were left out, if `parse`
    was let leave some out.
    """

    shown: str
    text: str
    delimiter: str
    encoding: str
    header: list[Cell]
    rows: list[list[Cell]]
    ends: list[int] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

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


def read(path: Path, shown: str, *, partly: bool = False) -> Table:
    """The table in a file, as `parse` says."""
    return parse(read_bytes(path, shown), shown, partly=partly)


def read_bytes(path: Path, shown: str) -> bytes:
    """What is in a file; of one that is too large, a byte more than may be. Raises SourceError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        words = f"this file cannot be read: {in_words(error)}"
        raise refused(shown, words, "check the name and the rights") from None


def parse(raw: bytes, shown: str, *, partly: bool = False) -> Table:
    """The table in these bytes. Raises SourceError with one mistake for what cannot be read as one.

    `partly`: a row whose quotes are broken is left out, and is among the mistakes; so is every line behind it that
    is surely no whole row. Else the first of them is the mistake that is raised.
    """
    if len(raw) > MOST_BYTES:
        raise refused(shown, "this file is larger than 10 MB", "export one sheet only, without pictures")
    text, encoding = decode(raw, shown)
    if "\0" in text:
        words = "this is not a text file"
        raise refused(shown, words, "save the sheet as CSV (in the spreadsheet: Save as, type CSV)")
    delimiter = _delimiter(text)
    table = Table(shown, text, delimiter, encoding, [], [])
    cell = _cell(delimiter)
    broken = _rows(table, cell, 0)
    if broken is not None:
        table.mistakes.append(table.mistake(broken, *_quote_trouble(text, broken)))
        if not partly or not table.header:
            raise SourceError(table.mistakes)
        _line_by_line(table, cell, broken)
    if not table.header:
        raise refused(shown, "this file is empty", "the first row names the columns, such as: name,email")
    return table


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


def _cell(delimiter: str) -> re.Pattern[str]:
    """A cell by the rules of RFC 4180 with any line end; a quoted one is read in one go, and never gone back into."""
    mark = re.escape(delimiter)
    return re.compile(rf'(?:"((?:[^"]++|"")*+)"[ ]*+|((?!")[^{mark}\r\n]*+))({mark}|\r\n|\r|\n|\Z)')


def _rows(table: Table, cell: re.Pattern[str], at: int, end: int | None = None) -> int | None:
    """Read rows from a place on, to `end` or to that of the text; where a cell is broken, if one is: its place."""
    text, row = table.text, list[Cell]()
    last = len(text) if end is None else end
    while at < last or row:
        found = cell.match(text, at, last)
        if found is None:
            return at
        quoted, plain, stop = found.groups()
        row.append(Cell(plain if quoted is None else quoted.replace('""', '"'), at))
        at = found.end()
        if stop != table.delimiter:
            _keep(table, row, at)
            row = []
    return None


def _keep(table: Table, row: list[Cell], end: int) -> None:
    """The first row with anything in it is the header. Raises SourceError for one of too many columns."""
    if not any(cell.text.strip() for cell in row):
        return
    if table.header:
        table.rows.append(row)
        table.ends.append(end)
        return
    if len(row) > _MOST_COLUMNS:
        words = f"the first row has {len(row)} columns, and a table of ours at most {_MOST_COLUMNS}"
        raise refused(table.shown, words, "export only the columns that are needed")
    table.header = row


def _line_by_line(table: Table, cell: re.Pattern[str], broken: int) -> None:
    """Go on behind a row whose quotes are broken.

    Which rows it swallowed nobody can know; but a line of its own, with as many cells as the header and no stray
    quote, is a whole row. Of one column no line can be told from another: there nothing more is read.
    """
    number = table.line(broken)
    lines = [*table._starts[number:], len(table.text)]
    columns = len(table.header)
    for start, end in pairwise(lines):
        if not table.text[start:end].strip(f"{table.delimiter} \t\r\n"):
            continue
        kept = len(table.rows)
        is_whole = columns > 1 and _rows(table, cell, start, end) is None and len(table.rows) == kept + 1
        row = table.rows[-1] if is_whole else []
        if len(row) != columns or _has_stray_quote(table, row):
            del table.rows[kept:], table.ends[kept:]
            words = (
                f"nobody can tell whether this line is a whole row, for a quote is broken in line {number}"
            )
            table.mistakes.append(table.mistake(start, words, "put that quote right: then it is read"))
        if len(table.mistakes) >= _MOST_BROKEN:
            words = f"from here on nothing is read: {_MOST_BROKEN} lines before are broken"
            table.mistakes.append(table.mistake(start, words, "put the quotes right, then it is read"))
            return


def _has_stray_quote(table: Table, row: list[Cell]) -> bool:
    return any('"' in cell.text and table.text[cell.at] != '"' for cell in row)


def _quote_trouble(text: str, at: int) -> tuple[str, str]:
    if re.compile(r'"(?:[^"]++|"")*+\Z').match(text, at):
        return "this quoted cell never ends", 'close it with ", or delete the " at its beginning'
    return 'text follows behind the closing " of this cell', 'write a " inside a quoted cell twice: ""'


def refused(shown: str, words: str, hint: str) -> SourceError:
    """The one mistake of a file that is none of ours as a whole."""
    return SourceError([Mistake(shown, 1, 1, words, hint)])


def _at(shown: str, text: str, at: int, words: str, hint: str) -> Mistake:
    return Table(shown, text, "", "", [], []).mistake(at, words, hint)

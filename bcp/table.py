"""From the bytes of a spreadsheet's export to rows of cells, each with its place.

What offices save is accepted as it comes: comma, semicolon, tab or what `sep=` says; any encoding of `encoding/`, and
with titles above the row that names the columns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bcp.encoding.detect import Decoded, Undecodable, decoded, readings
from bcp.errors import Mistake, SourceError
from bcp.files import in_words

MOST_BYTES = 10 * 1024 * 1024
DELIMITERS = ",;\t"
_MOST_COLUMNS = 300
_MOST_BROKEN = 50
_MOST_ABOVE = 20
"""Rows in which names of columns are looked for."""
_LOOKED_AT, _ENOUGH = 50, 50_000
_SEPARATOR = re.compile(r'\s*"?sep=([^"\r\n])"?[,;\t]*(?:\r\n|\r|\n|\Z)', re.I)
"""Excel's own first line: https://stackoverflow.com/a/20396034"""
_WIDTH = 120


IsHeading = Callable[[str], bool]


class Cell(NamedTuple):
    """One cell: its text, and where in the file it begins."""

    text: str
    at: int


@dataclass
class Table:
    """A file of cells; one row is its header. `delimiter` and `encoding` are what was found.

    `ends` are the places in the text where each of the rows ends; `mistakes` the rows that were left out, if `parse`
    was let leave some out. `above` are the rows above the header, such as a title. `rivals` are other texts that the
    bytes may be as well, in other encodings, the likeliest first.
    """

    shown: str
    text: str
    delimiter: str
    encoding: str
    header: list[Cell]
    rows: list[list[Cell]]
    ends: list[int] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    above: list[list[Cell]] = field(default_factory=list)
    rivals: Sequence[Decoded] = ()

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
        if not whole.isprintable():
            whole = "".join(letter if letter.isprintable() else " " for letter in whole)
        return Mistake(self.shown, line, at - start + 1, message, hint, whole)


def read(
    path: Path,
    shown: str,
    *,
    partly: bool = False,
    languages: Sequence[str] = (),
    encoding: str = "",
    is_heading: IsHeading | None = None,
) -> Table:
    """The table in a file, as `parse` says."""
    raw = read_bytes(path, shown)
    return parse(raw, shown, partly=partly, languages=languages, encoding=encoding, is_heading=is_heading)


def read_bytes(path: Path, shown: str) -> bytes:
    """What is in a file; of one that is too large, a byte more than may be. Raises SourceError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        words = f"this file cannot be read: {in_words(error)}"
        raise refused(shown, words, "check the name and the rights") from None


def parse(
    raw: bytes,
    shown: str,
    *,
    partly: bool = False,
    languages: Sequence[str] = (),
    encoding: str = "",
    is_heading: IsHeading | None = None,
) -> Table:
    """The table in these bytes. Raises SourceError with one mistake for what cannot be read as one.

    `partly`: a row whose quotes are broken is left out, and is among the mistakes; so is every line behind it that
    is surely no whole row. Else the first of them is the mistake that is raised. `languages` as
    `encoding.detect.readings` takes them; `encoding` if a person said it. `is_heading`: the header is the first row
    with two cells of which it is true; the first row, if there is none.
    """
    if len(raw) > MOST_BYTES:
        raise refused(shown, "this file is larger than 10 MB", "export one sheet only, without pictures")
    (text, encoding), *rivals = _texts(raw, shown, languages, encoding)
    if "\0" in text:
        words = "this is not a text file"
        raise refused(shown, words, "save the sheet as CSV (in the spreadsheet: Save as, type CSV)")
    said = _SEPARATOR.match(text)
    delimiter = said[1] if said else _delimiter(text)
    cell = _cell(delimiter)
    table = Table(shown, text, delimiter, encoding, [], [], rivals=rivals)
    start = _read_above(table, cell, said.end() if said else 0, is_heading)
    broken = _rows(table, cell, start)
    if broken is not None:
        table.mistakes.append(table.mistake(broken, *_quote_trouble(text, broken)))
        if not partly or not table.header:
            raise SourceError(table.mistakes)
        _line_by_line(table, cell, broken)
    if not table.header:
        raise refused(shown, "this file is empty", "the first row names the columns, such as: name,email")
    return table


def decode(raw: bytes, shown: str, languages: Sequence[str] = ()) -> Decoded:
    """The likeliest text in these bytes, as `encoding.detect.readings` says. Raises SourceError if it is none."""
    return _texts(raw, shown, languages, "")[0]


def _texts(raw: bytes, shown: str, languages: Sequence[str], encoding: str) -> list[Decoded]:
    try:
        return [decoded(raw, encoding)] if encoding else readings(raw, languages)
    except Undecodable as error:
        byte = f"byte 0x{raw[error.at]:02X}" if error.at < len(raw) else "the end"
        words = (
            f"a letter here can be read neither as {error.encoding.upper()} nor in another encoding ({byte})"
        )
        if encoding:
            words = f"a letter here cannot be read as {encoding} ({byte})"
        # Whatever encoding it is, lines end where they do in Latin-1.
        text = raw.decode("latin-1")
        raise SourceError(
            [_at(shown, text, error.at, words, 'save the file again with the encoding "UTF-8"')]
        ) from None


def _delimiter(text: str) -> str:
    """The delimiter that stands in the most of the first lines equally often, outside quotes."""
    lines = [line for line in text[:_ENOUGH].splitlines() if line.strip()][:_LOOKED_AT]
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]

    def fits(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in bare)
        del counts[0]
        return max(((lines, count) for count, lines in counts.items()), default=(0, 0))

    return max(DELIMITERS, key=fits)


def _read_above(table: Table, cell: re.Pattern[str], start: int, is_heading: IsHeading | None) -> int:
    """Where the header begins: behind the rows above it, which the table keeps."""
    above, at = list[list[Cell]](), start
    while is_heading is not None and len(above) < _MOST_ABOVE:
        row, end, is_broken = _next_row(table, cell, at, len(table.text))
        if is_broken or end == at:
            break
        if sum(is_heading(one.text) for one in row) >= 2:
            table.above = [row for row in above if any(one.text.strip() for one in row)]
            return at
        above.append(row)
        at = end
    return start


def _cell(delimiter: str) -> re.Pattern[str]:
    """A cell by the rules of RFC 4180 with any line end; a quoted one is read in one go, and never gone back into."""
    mark = re.escape(delimiter)
    return re.compile(rf'(?:"((?:[^"]++|"")*+)"[ ]*+|((?!")[^{mark}\r\n]*+))({mark}|\r\n|\r|\n|\Z)')


def _rows(table: Table, cell: re.Pattern[str], at: int, end: int | None = None) -> int | None:
    """Read rows from a place on, to `end` or to that of the text; where a cell is broken, if one is: its place."""
    last = len(table.text) if end is None else end
    while at < last:
        row, at, is_broken = _next_row(table, cell, at, last)
        if is_broken:
            return at
        _keep(table, row, at)
    return None


def _next_row(table: Table, cell: re.Pattern[str], at: int, last: int) -> tuple[list[Cell], int, bool]:
    """The row that begins at a place, where it ends, and whether a cell of it is broken: then that is its end."""
    row = list[Cell]()
    while at < last or row:
        found = cell.match(table.text, at, last)
        if found is None:
            return row, at, True
        quoted, plain, stop = found.groups()
        row.append(Cell(plain if quoted is None else quoted.replace('""', '"'), at))
        at = found.end()
        if stop != table.delimiter:
            break
    return row, at, False


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

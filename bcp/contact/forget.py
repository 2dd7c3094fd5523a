"""Takes one contact out of its file and leaves everything else there as it is, byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

from bcp.contact.load import FOLDER
from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.files import in_words, put
from bcp.table import Table, decode, parse

_BOM = b"\xef\xbb\xbf"
_CARD = re.compile(r"BEGIN:VCARD.*?END:VCARD[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL | re.IGNORECASE)


def take_out(office: Path, contact: Contact) -> Path:
    """Write the file of the contact anew, without it; the file. Raises InputError where it cannot be written."""
    named = [office / FOLDER / f"{contact.file}{suffix}" for suffix in (".csv", ".vcf")]
    path = next((each for each in named if each.is_file()), None)
    if path is None:
        raise InputError(f"{contact.called} stands in no file of {FOLDER}/", "staff stand in bcp.yaml")
    raw = path.read_bytes()
    text, encoding = decode(raw, f"{FOLDER}/{path.name}")
    start, end = _card(text, contact) if path.suffix == ".vcf" else _row(parse(raw, path.name), contact)
    rest = (text[:start] + text[end:]).encode(encoding)
    try:
        put(path, _BOM + rest if raw.startswith(_BOM) else rest)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {in_words(error)}", "close the spreadsheet, then try again"
        ) from None
    return path


def _row(table: Table, contact: Contact) -> tuple[int, int]:
    """From the first letter of its row to that of the next one."""
    starts = [row[0].at for row in table.rows] + [len(table.text)]
    index = next(n for n, row in enumerate(table.rows) if table.line(row[0].at) == contact.line)
    return starts[index], starts[index + 1]


def _card(text: str, contact: Contact) -> tuple[int, int]:
    """The whole card that holds its line."""
    at = sum(len(line) for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)[: contact.line - 1])
    card = next(found for found in _CARD.finditer(text) if found.start() <= at < found.end())
    return card.start(), card.end()

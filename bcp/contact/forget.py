"""Takes one contact out of its file and leaves everything else there as it is, byte for byte."""

from __future__ import annotations

from pathlib import Path

from bcp.contact.load import FOLDER, files
from bcp.contact.model import Contact
from bcp.contact.vcard import is_cards, parse_cards
from bcp.errors import InputError
from bcp.files import in_words, put
from bcp.table import decode, parse

_BOM = b"\xef\xbb\xbf"


def take_out(office: Path, contact: Contact) -> Path:
    """Write the file of the contact anew, without it; the file. Raises InputError where it cannot be written."""
    path = next((each for each in files(office) if each.stem == contact.file), None)
    if path is None:
        raise InputError(f"{contact.called} stands in no file of {FOLDER}/", "staff stand in bcp.yaml")
    raw = path.read_bytes()
    text, encoding = decode(raw, f"{FOLDER}/{path.name}")
    start, end = _card(raw, contact) if is_cards(path) else _row(raw, contact)
    rest = (text[:start] + text[end:]).encode(encoding)
    try:
        put(path, _BOM + rest if raw.startswith(_BOM) else rest)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {in_words(error)}", "close the spreadsheet, then try again"
        ) from None
    return path


def _row(raw: bytes, contact: Contact) -> tuple[int, int]:
    """From the first letter of its row to its end."""
    table = parse(raw, contact.file, partly=True)
    index = next(n for n, row in enumerate(table.rows) if table.line(row[0].at) == contact.line)
    return table.rows[index][0].at, table.ends[index]


def _card(raw: bytes, contact: Contact) -> tuple[int, int]:
    """The whole card that holds its line."""
    cards = parse_cards(raw, contact.file)
    lines = cards.table.line
    return next((at, end) for at, end in cards.spans if lines(at) <= contact.line < lines(end - 1) + 1)

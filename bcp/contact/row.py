"""What a row of a contact file says, in forms that can be compared: who it is, what is in its cells, what it wishes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bcp.contact import wish
from bcp.contact.imported import digest
from bcp.contact.model import COLUMNS, contact_id
from bcp.contact.rows import OPTED_OUT, read_cell

Row = Mapping[str, str]
"""From the columns of a contact file to the cells of one row, as they are written."""


def id_of(row: Row) -> str:
    """The id of a row, as it is when the file is loaded."""
    said = row.get("id", "").strip()
    return said or contact_id(
        value_of("name", row.get("name", ""), ""), value_of("person", row.get("person", ""), "")
    )


def digests_of(row: Row, country: str) -> dict[str, str]:
    """The digest of each filled cell of a row that is imported."""
    values = {column: value_of(column, row.get(column, ""), country) for column in COLUMNS}
    return {column: digest(value) for column, value in values.items() if value}


@lru_cache(maxsize=1 << 16)
def value_of(column: str, text: str, country: str) -> str:
    """What a cell says, in one form; one that cannot be read as it is written."""
    if not text.strip():
        return ""
    try:
        value = read_cell(column, text, country).value
    except ValueError:
        return text.strip()
    if column == "email":
        return str(value).casefold()
    if isinstance(value, bool):
        return "yes" if value else ""
    return ",".join(sorted(value)) if isinstance(value, tuple) else str(value or "")


def is_readable(column: str, text: str, country: str) -> bool:
    """Whether a cell of this column can be read."""
    try:
        read_cell(column, text, country)
    except ValueError:
        return False
    return True


def wishes(row: Row) -> bool:
    """Whether a row says that nothing is to be sent, also where nobody can read what it says."""
    try:
        is_out = wish.opted_out(row.get(OPTED_OUT, ""))
    except ValueError:
        is_out = True
    groups = row.get("groups", "").replace(",", ";").split(";")
    asks = any(wish.asks(row.get(column, "")) for column in ("name", "person", "salutation"))
    return is_out or asks or any(map(wish.leaves, groups))


def called(row: Row) -> str:
    """The name by which a list shows this row."""
    name, person = row.get("name", "").strip(), row.get("person", "").strip()
    return f"{name} ({person})" if person and person != name else name


def names_of(row: Row) -> str:
    """The id that a row has by its names alone."""
    return id_of({**row, "id": ""})

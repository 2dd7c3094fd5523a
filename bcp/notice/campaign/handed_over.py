"""Letters as tables and texts for a mail merge at another computer: one table and one text for each language.

The form is that of the add-on Mail Merge for Thunderbird: `{{name}}` stands for the cell in the column `name`, in the
recipients, the subject and the text (https://addons.thunderbird.net/thunderbird/addon/mail-merge/). A draft has one
text, so each table holds only those who get that text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO

from bcp.contact.cell import harmless
from bcp.contact.model import Contact
from bcp.notice.text.merge import Merger

_NAMED = ("greeting", "name", "person")
COLUMNS = ("code", "email", *_NAMED)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets a letter, with his code."""

    code: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class MergeTable:
    """A table of recipients, and the draft that is written once for all of them; `who` are the ids in it."""

    language: str
    subject: str
    body: str
    table: str
    who: tuple[str, ...]


def merge_tables(
    recipients: Iterable[Recipient], written: Mapping[str, Merger], otherwise: str
) -> list[MergeTable]:
    """The tables; `written` is the notice in its languages, `otherwise` the one for whoever reads none of them.

    Each row filled into its draft is that contact's letter to the letter. Where the words of a notice depend on the
    contact in another way than by its name, the table holds the whole letter. Raises InputError for an unknown fact.
    """
    groups: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    ids: dict[tuple[str, str, str], list[str]] = {}
    for one in recipients:
        language = one.contact.language if one.contact.language in written else None
        merger = written[language or otherwise]
        text = merger.text(one.contact)
        row = {"code": one.code, "email": one.contact.email or "", **merger.named(one.contact)}
        draft = merger.filled({name: f"{{{{{name}}}}}" if row[name] else "" for name in _NAMED})
        key = (text.language, draft.subject, draft.body)
        if (_filled(draft.subject, row), _filled(draft.body, row)) != (text.subject, text.body):
            row |= {"subject": text.subject, "body": text.body}
            key = (text.language, "{{subject}}", "{{body}}")
        groups.setdefault(key, []).append(row)
        ids.setdefault(key, []).append(one.contact.id)
    return [MergeTable(*key, _table(rows), tuple(ids[key])) for key, rows in groups.items()]


def _filled(draft: str, row: Mapping[str, str]) -> str:
    """What the add-on makes of a draft."""
    for name in _NAMED:
        draft = draft.replace(f"{{{{{name}}}}}", row[name])
    return draft


def _table(rows: list[dict[str, str]]) -> str:
    """The rows as CSV; no cell is a formula where somebody opens it in a spreadsheet.

    Without a mark of the encoding in front: the add-on would take it for a part of the first column's name.
    """
    made = StringIO()
    writer = csv.DictWriter(made, list(rows[0]))
    writer.writeheader()
    writer.writerows({name: harmless(cell) for name, cell in row.items()} for row in rows)
    return made.getvalue()

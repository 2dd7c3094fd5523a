"""Importing into a file that holds contacts: what is new, changed and gone, and what stays as the office has it.

Nothing that the office wrote is lost: a cell that was edited here stays, an empty cell there empties none here, who
opted out stays so, and who is not in the new file stays unless that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bcp.contact import wish
from bcp.contact.imported import Digests, digest
from bcp.contact.model import COLUMNS, contact_id
from bcp.contact.rows import OPTED_OUT, read_cell

Row = Mapping[str, str]
"""A row of a contact file: from its columns to their cells, as they are written."""

_MAY_EMPTY = ("groups", "running_project", "preferred_channel")
"""The columns in which an empty cell says something, where it was filled by an import before."""
_YES = "yes"


class CellChange(NamedTuple):
    """A cell that is another one in the new file."""

    column: str
    before: str
    after: str


class ChangedContact(NamedTuple):
    """A contact by its name in a list, and its cells that change, or that stay although the new file says otherwise."""

    name: str
    cells: tuple[CellChange, ...]


@dataclass
class Merged:
    """What an import makes of a contact file. Nothing is written yet.

    `rows` are the rows to write, with `columns`. `new` and `gone` are names, `dropped` those of the gone who go.
    `kept` are cells that stay as they are here; `refusing` new contacts at a mailbox or a number of somebody who opted
    out; `twice` names that the new file has twice. `matched` is how many of its contacts are here already.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    columns: tuple[str, ...] = COLUMNS
    new: list[str] = field(default_factory=list)
    changed: list[ChangedContact] = field(default_factory=list)
    kept: list[ChangedContact] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    refusing: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    matched: int = 0
    digests: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether the file becomes another one."""
        return bool(self.new or self.changed or self.dropped)


@dataclass(frozen=True)
class Import:
    """The rows that are imported with the columns that their file has, what was `before`, and the office's country.

    `drops`: who came by an import and is not in these rows goes.
    """

    rows: Sequence[Row]
    columns: Collection[str]
    before: Digests
    country: str
    drops: bool = False


def merged(here: Sequence[Row], given: Import) -> Merged:
    """What an import makes of the rows `here`.

    1. Each row there is looked up here by its id, by its names, by its mailbox, then by its number at the same firm.
    2. A cell that differs is taken, unless it was edited here since it was imported.
    3. Rows here that are not there stay; with `drops` those go that came by an import and did not opt out.
    """
    return _Merging(here, given).merge()


def id_of(row: Row) -> str:
    """The id of a row, as it is when the file is loaded."""
    said = row.get("id", "").strip()
    return said or contact_id(
        _value("name", row.get("name", ""), ""), _value("person", row.get("person", ""), "")
    )


def digests_of(row: Row, country: str) -> dict[str, str]:
    """The digest of each filled cell of a row that is imported."""
    values = {column: _value(column, row.get(column, ""), country) for column in COLUMNS}
    return {column: digest(value) for column, value in values.items() if value}


def _value(column: str, text: str, country: str) -> str:
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
        return _YES if value else ""
    return ",".join(sorted(value)) if isinstance(value, tuple) else str(value or "")


def _is_readable(column: str, text: str, country: str) -> bool:
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
    return is_out or any(wish.leaves(group) for group in row.get("groups", "").replace(",", ";").split(";"))


def called(row: Row) -> str:
    """The name by which a list shows this row."""
    name, person = row.get("name", "").strip(), row.get("person", "").strip()
    return f"{name} ({person})" if person and person != name else name


class _Merging:
    def __init__(self, here: Sequence[Row], given: Import) -> None:
        self.here = [dict(row) for row in here]
        self.given = given
        self.country = given.country
        self.done = Merged()

    def merge(self) -> Merged:
        rows = list(self._each_once(self.given.rows))
        pairs = self._pairs(rows)
        self.done.matched = len(pairs)
        refusing = {at for row in self.here if wishes(row) for at in self._reached_at(row)}
        new = [self._brought(row, refusing) for number, row in enumerate(rows) if number not in pairs]
        partner = {place: rows[number] for number, place in pairs.items()}
        ids = {id_of(self.here[place]) for place in partner}
        for place, row in enumerate(self.here):
            if place in partner:
                self.done.rows.append(self._taken(row, partner[place]))
            elif id_of(row) in ids or not row.get("name", "").strip() or not self._goes(row):
                # A second row of one contact may hold its wish.
                self.done.rows.append(row)
        self.done.rows += new
        return self.done

    def _each_once(self, there: Iterable[Row]) -> Iterable[dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for row in there:
            name = id_of(row)
            if name not in found:
                found[name] = dict(row)
                continue
            self.done.twice.append(called(row))
            if wishes(row):
                found[name][OPTED_OUT] = _YES
        return found.values()

    def _pairs(self, there: Sequence[Row]) -> dict[int, int]:
        """From the number of a row there to that of the same contact here."""
        found: dict[int, int] = {}
        by_id = {id_of(row): place for place, row in reversed([*enumerate(self.here)])}
        for number, row in enumerate(there):
            if id_of(row) in by_id:
                found[number] = by_id[id_of(row)]
        # Whoever got another name is the same one where a mailbox, or a number at one firm, is nobody else's.
        for key in (_names, self._mailbox, self._number("mobile"), self._number("phone")):
            free = [place for place in range(len(self.here)) if place not in found.values()]
            places = _alone({place: key(self.here[place]) for place in free})
            others = _alone({number: key(row) for number, row in enumerate(there) if number not in found})
            found |= {others[said]: places[said] for said in others if said in places}
        return found

    def _mailbox(self, row: Row) -> str:
        return _value("email", row.get("email", ""), self.country)

    def _number(self, column: str) -> Callable[[Row], str]:
        def key(row: Row) -> str:
            number = _value(column, row.get(column, ""), self.country)
            return f"{number} {contact_id(row.get('name', ''), '')}" if number else ""

        return key

    def _reached_at(self, row: Row) -> list[str]:
        values = (_value(column, row.get(column, ""), self.country) for column in ("email", "mobile"))
        return [value for value in values if value]

    def _taken(self, mine: dict[str, str], row: Row) -> dict[str, str]:
        """The row here with what the row there changes."""
        name = id_of(mine)
        result, changed, kept = dict(mine), list[CellChange](), list[CellChange]()
        for column in (column for column in COLUMNS if column in self.given.columns):
            old, new = mine.get(column, "").strip(), row.get(column, "").strip()
            if column == OPTED_OUT or _value(column, old, self.country) == _value(column, new, self.country):
                continue
            change = CellChange(column, old, new)
            takes = self._takes(change, name)
            if takes:
                result[column] = new
                changed.append(change)
            elif takes is False:
                kept.append(change)
        if wishes(mine):
            if not wishes(result):
                result[OPTED_OUT] = _YES
            if row.get(OPTED_OUT, "").strip() and not wishes(row):
                kept.append(CellChange(OPTED_OUT, mine.get(OPTED_OUT, ""), row[OPTED_OUT]))
        elif wishes(row):
            result[OPTED_OUT] = row.get(OPTED_OUT, "").strip() or _YES
            changed.append(CellChange(OPTED_OUT, mine.get(OPTED_OUT, ""), result[OPTED_OUT]))
        if id_of(result) != name:
            # Letters, answers and confirmations know a contact by it.
            result["id"] = name
            self.done.columns = ("id", *COLUMNS)
        self.done.digests[name] = {
            **{column: was for column, was in self._before(name).items() if column not in self.given.columns},
            **digests_of(row, self.country),
        }
        if changed:
            self.done.changed.append(ChangedContact(called(mine), tuple(changed)))
        if kept:
            self.done.kept.append(ChangedContact(called(mine), tuple(kept)))
        return result

    def _before(self, name: str) -> Mapping[str, str]:
        return self.given.before.get(name, {})

    def _takes(self, change: CellChange, name: str) -> bool | None:
        """Whether a cell that differs is taken; None where it stays and that is no news."""
        column, old, new = change
        was = self._before(name).get(column, "")
        is_mine = name in self.given.before and was != (
            digest(_value(column, old, self.country)) if old else ""
        )
        if not new:
            # An empty cell there may be one that nobody ever filled there.
            return None if is_mine or not was else column in _MAY_EMPTY
        if was and digest(_value(column, new, self.country)) == was:
            return None
        if old and _is_readable(column, old, self.country) and not _is_readable(column, new, self.country):
            return False
        return not is_mine

    def _brought(self, row: dict[str, str], refusing: set[str]) -> dict[str, str]:
        self.done.new.append(called(row))
        self.done.digests[id_of(row)] = digests_of(row, self.country)
        if not wishes(row) and any(at in refusing for at in self._reached_at(row)):
            self.done.refusing.append(called(row))
            return {**row, OPTED_OUT: _YES}
        return row

    def _goes(self, row: Row) -> bool:
        name = id_of(row)
        self.done.gone.append(called(row))
        goes = self.given.drops and name in self.given.before and not wishes(row)
        if goes:
            self.done.dropped.append(called(row))
        elif name in self.given.before:
            self.done.digests[name] = dict(self._before(name))
        return goes


def _names(row: Row) -> str:
    return id_of({**row, "id": ""})


def _alone(keys: Mapping[int, str]) -> dict[str, int]:
    """From each key that only one has to the number of that one."""
    count = Counter(keys.values())
    return {said: number for number, said in keys.items() if said and count[said] == 1}

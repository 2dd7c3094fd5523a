"""Importing into a file that holds contacts: what is new, changed and gone, and what stays as the office has it.

Nothing that the office wrote is lost: a cell that was edited here stays, an empty cell there empties none here, who
opted out stays so, and who is not in the new file stays unless that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bcp.contact.imported import Digests, digest
from bcp.contact.model import COLUMNS, contact_id
from bcp.contact.row import Row, called, digests_of, id_of, is_readable, names_of, value_of, wishes
from bcp.contact.rows import OPTED_OUT

_MAY_EMPTY = ("groups", "running_project", "preferred_channel")
"""The columns in which an empty cell says something, where it was filled by an import before."""
_REACH = ("email", "mobile", "phone")
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
    `kept` are cells that stay as they are here. `refusing` are new contacts at a mailbox or a number of somebody who
    opted out; `staying_out` those who opted out here, although the new file has a column for it and says nothing there.
    `twice` are names that the new file has twice, and `apart` those of them with another mailbox or number: they have a
    row of their own, and get nothing until the column person or id tells them apart. `matched` is how many of its
    contacts are here already.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    columns: tuple[str, ...] = COLUMNS
    new: list[str] = field(default_factory=list)
    changed: list[ChangedContact] = field(default_factory=list)
    kept: list[ChangedContact] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    refusing: list[str] = field(default_factory=list)
    staying_out: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    matched: int = 0
    digests: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether the file becomes another one."""
        return bool(self.new or self.changed or self.dropped or self.apart)


@dataclass(frozen=True)
class Import:
    """The rows that are imported with the columns that their file has, what was `before`, and the office's country.

    `drops`: who came by an import and is not in these rows goes. `unsubscribed` are addresses, in small letters, at
    which somebody asked for no more letters by mail.
    """

    rows: Sequence[Row]
    columns: Collection[str]
    before: Digests
    country: str
    drops: bool = False
    unsubscribed: Collection[str] = ()


def merged(here: Sequence[Row], given: Import) -> Merged:
    """What an import makes of the rows `here`.

    1. Each row there is looked up here by its id, by its names, by its mailbox, then by its number at the same firm.
    2. A cell that differs is taken, unless it was edited here since it was imported.
    3. Rows here that are not there stay; with `drops` those go that came by an import and did not opt out.
    """
    return _Merging(here, given).merge()


class _Merging:
    def __init__(self, here: Sequence[Row], given: Import) -> None:
        self.here = [dict(row) for row in here]
        self.given = given
        self.country = given.country
        self.done = Merged()
        self.seconds: list[dict[str, str]] = []

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
        self._keep_apart()
        if any(row.get("id", "").strip() for row in self.done.rows):
            # Letters, answers and confirmations know a contact by it.
            self.done.columns = ("id", *COLUMNS)
        return self.done

    def _keep_apart(self) -> None:
        """A second row of one name with an address of its own may be another contact: it is not left out."""
        for row in self.seconds:
            known = {
                at for one in self.done.rows if names_of(one) == names_of(row) for at in self._reached_at(one)
            }
            if set(self._reached_at(row)) <= known:
                self.done.twice.append(called(row))
            else:
                self.done.apart.append(called(row))
                self.done.rows.append(row)

    def _each_once(self, there: Iterable[Row]) -> Iterable[dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for row in there:
            name = id_of(row)
            if name not in found:
                found[name] = dict(row)
                continue
            self.seconds.append(dict(row))
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
        for key in (names_of, self._mailbox, self._number("mobile"), self._number("phone")):
            free = [place for place in range(len(self.here)) if place not in found.values()]
            places = _alone({place: key(self.here[place]) for place in free})
            others = _alone({number: key(row) for number, row in enumerate(there) if number not in found})
            found |= {others[said]: places[said] for said in others if said in places}
        return found

    def _mailbox(self, row: Row) -> str:
        return value_of("email", row.get("email", ""), self.country)

    def _number(self, column: str) -> Callable[[Row], str]:
        def key(row: Row) -> str:
            number = value_of(column, row.get(column, ""), self.country)
            return f"{number} {contact_id(row.get('name', ''), '')}" if number else ""

        return key

    def _reached_at(self, row: Row, columns: Sequence[str] = ("email", "mobile")) -> list[str]:
        values = (value_of(column, row.get(column, ""), self.country) for column in columns)
        return [value for value in values if value]

    def _taken(self, mine: dict[str, str], row: Row) -> dict[str, str]:
        """The row here with what the row there changes."""
        name = id_of(mine)
        result, changed, kept = dict(mine), list[CellChange](), list[CellChange]()
        for column in (column for column in COLUMNS if column in self.given.columns):
            old, new = mine.get(column, "").strip(), row.get(column, "").strip()
            if column == OPTED_OUT or value_of(column, old, self.country) == value_of(
                column, new, self.country
            ):
                continue
            change = CellChange(column, old, new)
            takes = self._takes(change, name)
            if takes:
                result[column] = new
                changed.append(change)
            elif takes is False:
                kept.append(change)
        changed += self._wish_taken(mine, row, result)
        if id_of(result) != name:
            result["id"] = name
        self.done.digests[name] = {
            **{column: was for column, was in self._before(name).items() if column not in self.given.columns},
            **digests_of(row, self.country),
        }
        if changed:
            self.done.changed.append(ChangedContact(called(mine), tuple(changed)))
        if kept:
            self.done.kept.append(ChangedContact(called(mine), tuple(kept)))
        return result

    def _wish_taken(self, mine: Row, row: Row, result: dict[str, str]) -> list[CellChange]:
        """Put the wish of a contact into its row: one that was said anywhere stays. How its cell changes."""
        before = mine.get(OPTED_OUT, "")
        asked = value_of("email", mine.get("email", ""), self.country) in self.given.unsubscribed
        if wishes(mine):
            if not wishes(result):
                result[OPTED_OUT] = "yes"
            if OPTED_OUT in self.given.columns and not wishes(row):
                self.done.staying_out.append(called(mine))
        elif wishes(row):
            result[OPTED_OUT] = row.get(OPTED_OUT, "").strip() or "yes"
        elif asked and result.get("email") != mine.get("email"):
            # The address that asked is not written to; this contact must not be at the next one.
            result[OPTED_OUT] = "yes"
        after = result.get(OPTED_OUT, "")
        return [CellChange(OPTED_OUT, before, after)] if after != before else []

    def _before(self, name: str) -> Mapping[str, str]:
        return self.given.before.get(name, {})

    def _takes(self, change: CellChange, name: str) -> bool | None:
        """Whether a cell that differs is taken; None where it stays and that is no news."""
        column, old, new = change
        was = self._before(name).get(column, "")
        is_mine = name in self.given.before and was != (
            digest(value_of(column, old, self.country)) if old else ""
        )
        if not new:
            # An empty cell there may be one that nobody ever filled there.
            return None if is_mine or not was else column in _MAY_EMPTY
        if was and digest(value_of(column, new, self.country)) == was:
            return None
        if old and is_readable(column, old, self.country) and not is_readable(column, new, self.country):
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


def _alone(keys: Mapping[int, str]) -> dict[str, int]:
    """From each key that only one has to the number of that one."""
    count = Counter(keys.values())
    return {said: number for number, said in keys.items() if said and count[said] == 1}

"""Whether paper is still true: current, outdated (since when, and what changed), or past its review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple

from bcp.contact.load import files as contact_files
from bcp.errors import InputError
from bcp.notice.text.load import files as notice_files
from bcp.office.find import FILE
from bcp.page.catalog import Catalog, Wanted
from bcp.page.changes import changes
from bcp.page.content import version_hash
from bcp.page.copies import Copies, Copy, Print
from bcp.page.proof import valid_until

State = Literal["current", "outdated", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Age:
    """How a printed version stands: `since` is when its source was changed last."""

    hash: str
    about: str
    state: State
    since: datetime | None = None
    changed: tuple[str, ...] = ()
    now: str = ""


def age(hash_: str, catalog: Catalog, copies: Copies, today: date) -> Age:
    """How the print with that hash stands today. Raises InputError for a hash that was never printed here."""
    known = copies.content(hash_) or _among_current(hash_, catalog)
    if known is None:
        raise InputError(
            f"no page with {hash_} was printed from this office folder",
            "look at the digits once more; a page from another folder is verified there",
        )
    return _compare(known.hash, known.content, catalog, today)


class AgedCopy(NamedTuple):
    """A copy that hangs somewhere, and how it stands."""

    copy: Copy
    age: Age


def aged(catalog: Catalog, copies: Copies, today: date) -> list[AgedCopy]:
    """The copies that hang somewhere and are not current any more."""
    found = [AgedCopy(copy, age(copy.hash, catalog, copies, today)) for copy in copies.hanging()]
    return [each for each in found if each.age.state != "current"]


def _compare(hash_: str, printed: Mapping[str, Any], catalog: Catalog, today: date) -> Age:
    wanted = wanted_of(printed)
    try:
        content = catalog.content(wanted)
    except InputError:
        return Age(hash_, str(wanted), "withdrawn")
    now = version_hash(content)
    if now != hash_:
        changed = tuple(changes(printed, content))
        return Age(hash_, str(wanted), "outdated", _changed_at(wanted, catalog), changed, now)
    until = valid_until(content)
    state: State = "expired" if until is not None and until < today else "current"
    return Age(hash_, str(wanted), state, now=now)


def wanted_of(content: Mapping[str, Any]) -> Wanted:
    """Which document it is that says `content`."""
    kind = content["document"]
    if kind == "calls":
        return Wanted(kind, content["notice"], content["audience"])
    about = content["id"] if kind in ("runbook", "role", "wallet") else ""
    return Wanted(kind, about, content.get("role", ""))


def _among_current(hash_: str, catalog: Catalog) -> Print | None:
    """Paper that was printed elsewhere from the same files is known, too."""
    for wanted in catalog.everything():
        content = catalog.content(wanted)
        if version_hash(content).startswith(hash_.lower()):
            return Print(version_hash(content), content)
    return None


def _changed_at(wanted: Wanted, catalog: Catalog) -> datetime:
    """When the files that the document is made of were changed last."""
    paths = [catalog.whole.folder / FILE]
    if wanted.kind == "calls":
        paths += [*contact_files(catalog.whole.folder), *notice_files(catalog.whole.folder)]
    elif wanted.runbook:
        paths.append(catalog.loaded(wanted.runbook).document.path)
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in paths), UTC)

"""Receipts that come with an incident from elsewhere: written aside and checked first, named when the rest is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bcp.cost.receipt import FOLDER
from bcp.event import Row, unseal
from bcp.files import fresh_folder, not_written, take_place, whole
from bcp.i18n import _
from bcp.incident.events.cost import CostAdded
from bcp.incident.events.registry import read
from bcp.incident.evidence.bundle import Bundle
from bcp.private import make_folder


@dataclass
class StagedReceipts:
    """Receipts that lie aside, by the name that each is to have in the `folder` of its incident."""

    folder: Path
    aside: dict[str, Path] = field(default_factory=dict)

    def take_place(self) -> None:
        """Give them their names. Raises StoreError where that cannot be done."""
        try:
            for name, path in self.aside.items():
                there = self.folder / FOLDER / name
                make_folder(there.parent)
                take_place(path, there)
        except OSError as error:
            raise not_written(self.folder / FOLDER, error) from None


@contextmanager
def staged(bundle: Bundle, rows: Iterable[Row], folder: Path) -> Iterator[StagedReceipts]:
    """The receipts that the journal names, aside in the state folder; in the end nothing is left there.

    Raises InputError for one that is not in the bundle or is another file there, StoreError where it cannot be written.
    """
    wanted = dict(_named(bundle, rows))
    if not wanted:
        yield StagedReceipts(folder)
        return
    with ExitStack() as kept:
        try:
            make_folder(folder.parent)
            aside = kept.enter_context(fresh_folder(folder))
        except OSError as error:
            raise not_written(folder.parent, error) from None
        yield StagedReceipts(folder, _put_aside(bundle, wanted, aside))


def _put_aside(bundle: Bundle, wanted: Mapping[str, str], aside: Path) -> dict[str, Path]:
    made = {}
    try:
        for number, (name, entry) in enumerate(wanted.items()):
            made[name] = aside / str(number)
            with whole(made[name]) as file:
                bundle.copy(entry, file)
    except OSError as error:
        raise not_written(aside, error) from None
    return made


def _named(bundle: Bundle, rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """The name of each receipt, and its entry in the bundle; also of a cost that was corrected since."""
    for row in rows:
        cost = read(unseal(row)) if row.kind == CostAdded.KIND else None
        receipt = cost.receipt if isinstance(cost, CostAdded) else None
        if receipt is None:
            continue
        place, slash, name = receipt.file.partition("/")
        if place != FOLDER or not slash or "/" in name or receipt.file not in bundle:
            why = _("the journal names this receipt, and it is not in the file")
            raise bundle.refused(receipt.file, why)
        if bundle.hash(receipt.file) != receipt.sha256:
            raise bundle.refused(receipt.file, _("it is not the receipt that the journal names"))
        yield name, receipt.file

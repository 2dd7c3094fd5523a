"""What an office keeps on this computer, all behind one object; a drill and a dry run are handed another one.

    Stores                  the office's own: journal, outbox, spans, replies, holds, files of the incidents
    └── DrillStores         what was switched outside is only read: a drill adds nothing to it
        └── DryRunStores    everything in memory; of the office's own, only what no letter may ignore is read

Each part is opened when it is first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from bcp.clock import Clock
from bcp.event import Event, Log, unseal
from bcp.files import IncidentFiles, MemoryFiles, in_words
from bcp.i18n import _
from bcp.incident.journal import Holds, Records
from bcp.store.database import FILE, Database
from bcp.store.heads import LastHeads, Remembered

T = TypeVar("T")

PAPER_DRAFT = "paper-draft.json"


class Stores:
    """The office's own stores. `folder` is where they lie; it need not exist before something is written."""

    leaves_files = True
    """Whether what a command found out may be kept beside them."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        remark: Callable[[str], None] = lambda _text: None,
        memory: Path | None = None,
    ) -> None:
        """`remark` takes what went wrong beside the stores themselves, in plain words.

        `memory` is the folder, outside of every office, in which this login remembers what it wrote.
        """
        self.folder = folder
        self.clock = clock
        self._remark = remark
        self._remembered = memory
        self._has_remarked = False
        self._patience = 5.0

    @property
    def file(self) -> Path:
        """The file of the database."""
        return self.folder / FILE

    def exist(self) -> bool:
        """Whether anything was written yet."""
        return self.file.exists()

    def database(self, patience: float | None = None) -> Database:
        """The database, for one part of the stores; each has its own connection, and waits so long for a writer."""
        return Database(self.folder, patience=self._patience if patience is None else patience)

    def wait(self, seconds: float) -> None:
        """From now on what is opened waits so long for a writer; journals that are open are opened anew."""
        self._patience = seconds
        for name in ("log", "levers"):
            self.__dict__.pop(name, None)

    def of(self, kind: Callable[[Database], T], patience: float | None = None) -> T:
        """A part of the stores by its class: `of(Outbox)`, `of(StoredSpans)`, `of(StoredBoard)`."""
        return kind(self.database(patience))

    @cached_property
    def log(self) -> Log:
        """The journals of the incidents, each with its journal.txt."""
        from bcp.store.journal import Journal

        return Journal(self.database(), self.clock, self._recorded, self._line, self._heads)

    def refuse_copy(self, stream: str) -> None:
        """Before an incident is gone on with: raises StoreError where its record is not the one written last."""
        from bcp.store.journal import Journal

        if isinstance(self.log, Journal):
            self.log.refuse_copy(stream)

    def remembered(self) -> Remembered:
        """What this login remembers of the incidents that it wrote, here and elsewhere."""
        return self._heads().look() if self._heads is not None else Remembered("", ())

    @property
    def _heads(self) -> Callable[[], LastHeads] | None:
        memory = self._remembered
        return (lambda: LastHeads(memory, self.folder, self._remark)) if memory is not None else None

    @cached_property
    def levers(self) -> Log:
        """What was switched outside: streams of lines, numbers and places, which belong to no one incident."""
        from bcp.store.journal import Journal

        return Journal(self.database(), self.clock)

    @cached_property
    def record(self) -> Records:
        """What keeps journal.txt beside each journal."""
        from bcp.incident.journal_text import JournalTexts

        return JournalTexts(self.folder, lambda stream: unseal(next(self.log.rows(stream))), self.clock.now)

    @cached_property
    def holds(self) -> Holds:
        """Who is carrying out which step."""
        from bcp.store.hold import FileHolds

        return FileHolds(self.folder)

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Hold the lock of this name during a block, as the only process on this machine. Raises Busy."""
        from bcp.store.hold import alone

        return alone(self.folder / f"{name}.lock")

    def files(self, incident: str) -> IncidentFiles:
        """The files of an incident."""
        return IncidentFiles(self.folder_of(incident))

    def folder_of(self, incident: str) -> Path:
        """Where the files of an incident lie, or would lie."""
        return self.folder / incident

    def paper_draft(self, incident: str) -> Path:
        """Where lines of an incident's sheet are kept until they are in the journal: beside its journal.txt."""
        return self.folder_of(incident) / PAPER_DRAFT

    def paper_drafts(self) -> Iterator[Path]:
        """Where such lines are kept, of every incident that has some."""
        return self.folder.glob(f"*/{PAPER_DRAFT}")

    def for_drill(self) -> DrillStores:
        """The stores of a drill."""
        return DrillStores(self.folder, self.clock, self._remark, self._remembered)

    def for_dry_run(self) -> DryRunStores:
        """The stores of a dry run."""
        return DryRunStores(self.folder, self.clock, self._remark)

    def _line(self, event: Event) -> str:
        return self.record.line(event)

    def _recorded(self, events: Sequence[Event]) -> None:
        try:
            self.record.add(events)
        except OSError as error:
            if not self._has_remarked:
                words = _(
                    "New lines are missing from journal.txt: {why}. To complete it: bcp incident resume"
                )
                self._remark(words.format(why=in_words(error).lower()))
                self._has_remarked = True
            raise


class DrillStores(Stores):
    """Those of a drill: its journal and its letters are kept like an incident's; nothing was switched in it."""

    @cached_property
    def levers(self) -> Log:
        """What was really switched, to be read; what the drill writes is forgotten with the process."""
        from bcp.incident.memory_log import InMemoryLog
        from bcp.store.journal import Journal

        return InMemoryLog(self.clock, Journal(self._kept(), self.clock))

    def for_drill(self) -> DrillStores:
        """These."""
        return self

    def _kept(self) -> Database:
        """The office's own database, to be read."""
        return Database(self.folder)


class DryRunStores(DrillStores):
    """Those of a dry run: it finds what the office knows, and leaves no file, no row and no folder behind."""

    leaves_files = False

    def database(self, patience: float | None = None) -> Database:
        """One in memory, which all parts share."""
        return self._memory

    @cached_property
    def log(self) -> Log:
        """The journal of the dry run, which has no journal.txt."""
        from bcp.store.journal import Journal

        return Journal(self.database(), self.clock)

    @cached_property
    def holds(self) -> Holds:
        """Nobody else is there."""
        from bcp.store.hold import NoHolds

        return NoHolds()

    def files(self, incident: str) -> IncidentFiles:
        """Files in memory."""
        return MemoryFiles(self.folder_of(incident), self._written)

    def _kept(self) -> Database:
        return Database(self.folder, as_it_is=True)

    @cached_property
    def _written(self) -> dict[Path, bytes]:
        return {}

    @cached_property
    def _memory(self) -> Database:
        """An empty database; whoever wants no letters gets none in a dry run, either."""
        from bcp.store.memory import MemoryDatabase
        from bcp.store.outbox import Outbox

        memory = MemoryDatabase()
        for address, why in Outbox(self._kept()).suppressed().items():
            Outbox(memory).suppress(address, why, self.clock.now())
        return memory

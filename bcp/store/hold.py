"""Holds: who is carrying out which step. The system ends a hold when its process dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bcp.errors import StoreError
from bcp.incident.journal import Busy
from bcp.private import make_file, make_folder
from bcp.store.failure import in_plain_words


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Hold the lock `file` during the block, as the only process on this machine.

    Raises Busy if another process holds it, StoreError where a lock cannot be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(file, timeout=0)
    try:
        make_folder(file.parent)
        make_file(file)
        lock.acquire()
    except Timeout:
        raise Busy from None
    except OSError as error:
        raise in_plain_words(error, file) from error
    try:
        yield
    finally:
        lock.release()


class FileHolds:
    """One lock file a step, beside the journal (flock on Unix, a byte range lock on Windows)."""

    def __init__(self, state: Path) -> None:
        """`state` is the folder of the journal, on this machine's own disk."""
        self._folder = state / "holds"

    def hold(self, incident: str, step: str) -> AbstractContextManager[None]:
        """Hold a step while its deed is done. Raises Busy if another process does."""
        return alone(self._path(incident, step))

    def is_held(self, incident: str, step: str) -> bool:
        """Whether some process is carrying out the step right now; taken for true where that cannot be found out."""
        file = self._path(incident, step)
        try:
            if not file.exists():
                return False
            with alone(file):
                return False
        except (Busy, StoreError):
            return True

    def _path(self, incident: str, step: str) -> Path:
        return self._folder / f"{incident}.{step.replace('/', '+')}.lock"


class NoHolds:
    """For a rehearsal that keeps nothing: nobody else is there."""

    @contextmanager
    def hold(self, incident: str, step: str) -> Iterator[None]:
        """Nothing to hold."""
        yield

    def is_held(self, incident: str, step: str) -> bool:
        """Nobody holds it."""
        return False

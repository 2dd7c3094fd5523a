"""Holds: who is carrying out which step. The system ends a hold when its process dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bcp.incident.book import Busy


class FileHolds:
    """One lock file a step, beside the journal (flock on Unix, a byte range lock on Windows)."""

    def __init__(self, state: Path) -> None:
        """`state` is the folder of the journal, on this machine's own disk."""
        self._folder = state / "holds"

    @contextmanager
    def hold(self, incident: str, step: str) -> Iterator[None]:
        """Hold a step while its deed is done. Raises Busy if another process does."""
        from filelock import FileLock, Timeout

        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._path(incident, step), timeout=0):
                yield
        except Timeout:
            raise Busy from None

    def is_held(self, incident: str, step: str) -> bool:
        """Whether some process is carrying out the step right now."""
        if not self._path(incident, step).exists():
            return False
        from filelock import FileLock, Timeout

        try:
            with FileLock(self._path(incident, step), timeout=0):
                return False
        except Timeout:
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

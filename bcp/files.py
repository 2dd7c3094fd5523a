"""The files that belong to an incident: letters to be carried, the call list, copies and previews of pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bcp.atomic import write_whole


class IncidentFiles(Protocol):
    """Named files of one incident; a name may have folders in it: `letters/line-down-1-acme.eml`."""

    def path(self, name: str) -> Path:
        """Where a file of this name lies, or would lie."""
        ...

    def holds(self, name: str) -> bool:
        """Whether there is a file of this name."""
        ...

    def write(self, name: str, content: bytes) -> Path:
        """Write a file, whole or not at all; where it lies. Raises StoreError where it cannot be written."""
        ...

    def below(self, folder: str) -> IncidentFiles:
        """The same files, seen from one of their folders."""
        ...


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """Files in a folder of this computer; it is made with the first of them."""

    folder: Path

    def path(self, name: str) -> Path:
        """Where a file of this name lies, or would lie."""
        return self.folder / name

    def holds(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return self.path(name).is_file()

    def write(self, name: str, content: bytes) -> Path:
        """Write a file, whole or not at all; where it lies. Raises StoreError where it cannot be written."""
        write_whole(self.path(name), content)
        return self.path(name)

    def below(self, folder: str) -> FolderFiles:
        """The same files, seen from one of their folders."""
        return FolderFiles(self.folder / folder)


@dataclass(frozen=True, slots=True)
class MemoryFiles:
    """Files that are kept until the process ends, and never on a disk; `folder` is where they would lie."""

    folder: Path
    written: dict[Path, bytes] = field(default_factory=dict)

    def path(self, name: str) -> Path:
        """Where a file of this name would lie."""
        return self.folder / name

    def holds(self, name: str) -> bool:
        """Whether a file of this name was written."""
        return self.path(name) in self.written

    def write(self, name: str, content: bytes) -> Path:
        """Keep a file in memory; where it would lie."""
        self.written[self.path(name)] = content
        return self.path(name)

    def below(self, folder: str) -> MemoryFiles:
        """The same files, seen from one of their folders."""
        return MemoryFiles(self.folder / folder, self.written)

"""What the areas have in common: an input is a kind and bytes; an area makes some, and tries any."""

from __future__ import annotations

import gzip
import shutil
from abc import ABC, abstractmethod
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import ClassVar, NamedTuple, Self

from tests.fuzz.oracle import command

CORPUS = Path(__file__).parent / "corpus"
Command = tuple[str, ...]
_PACKED_FROM = 4096  # bytes: smaller ones are kept as they are


class Input(NamedTuple):
    """`kind` says where the bytes belong: the name of a file, of a protocol."""

    kind: str
    data: bytes

    def keep(self, folder: Path, name: str) -> Path:
        """As a file of the corpus: KIND--NAME, packed where it is large."""
        folder.mkdir(parents=True, exist_ok=True)
        packed = len(self.data) >= _PACKED_FROM
        path = folder / f"{self.kind}--{name}{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(self.data, mtime=0) if packed else self.data)
        return path

    @classmethod
    def kept(cls, path: Path) -> Input:
        """What lies in a file of the corpus."""
        data = path.read_bytes()
        packed = path.suffix == ".gz"
        return cls(path.name.partition("--")[0], gzip.decompress(data) if packed else data)


class Area(ABC):
    """One thing that strangers, other programs or a bad disk can fill. Its folder is its own."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.office = folder / "office"
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        self.prepare()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stack.close()

    def new_office(self) -> None:
        """The invented office that is shipped."""
        command(self.folder, "init", "--sample", str(self.office))
        assert (self.office / "bcp.yaml").exists()

    def keep_state(self) -> None:
        """What the office remembers is put back before each input by `put_back_state`."""
        shutil.copytree(self.office / "incidents", self.folder / "incidents")

    def put_back_state(self) -> None:
        """What the office remembers is again what it was, and nobody remembers that there was more."""
        shutil.rmtree(self.office / "incidents", ignore_errors=True)
        shutil.rmtree(self.folder / "memory", ignore_errors=True)
        if (self.folder / "incidents").exists():
            shutil.copytree(self.folder / "incidents", self.office / "incidents")

    @abstractmethod
    def prepare(self) -> None:
        """Make the office and the servers."""

    @abstractmethod
    def make(self, random: Random) -> Input:
        """The next input; the same for the same `random`."""

    @abstractmethod
    def try_(self, given: Input, thoroughly: bool) -> None:
        """Give it to the commands that meet such a thing: some, or all of them. Raises Failed."""


def some(commands: list[Command], given: Input, thoroughly: bool) -> list[Command]:
    """The first of the commands and one that the input itself chooses, or all."""
    if thoroughly:
        return commands
    return [commands[0], commands[1:][sum(given.data) % (len(commands) - 1)]]

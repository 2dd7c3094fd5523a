"""What this login wrote last into each incident, kept outside the office folder, so that a copy is noticed.

The store itself cannot tell that an older one was put back from a backup, or that its folder was copied and both are
written: each is whole in itself. So beside no office, in the folder where this login keeps the state of programs, there
is one small line for each incident: how far it was written, and where. Beside the store stands who writes it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from bcp.errors import StoreError
from bcp.event import Head
from bcp.files import put
from bcp.i18n import _
from bcp.private import make_folder

WRITERS = "written-by.json"
_HASH = 64
"""Hexadecimal digits of the hash of an event."""
_LOG = logging.getLogger(__name__)


class CopyFound(StoreError):
    """The record here is older than what was written, another one, or one of two that are written."""


class LastWritten(NamedTuple):
    """How far an incident was written by this login: its last event then, its name, and the folder of the store."""

    head: Head
    stream: str
    where: str


class Remembered(NamedTuple):
    """What a login remembered at one moment, each with the hash of its first event; `here` is the store's folder.

    It is looked at before the journals are read: then whatever it knows stands in them already.
    """

    here: str
    all: Sequence[tuple[str, LastWritten]]

    def contradictions(self, stream: str, hashes: Sequence[str], is_given: bool = False) -> list[str]:
        """How a record, by the hashes of its events, is not the one that was written last: a sentence each.

        Also one whose first event was written anew is compared: with what was written in this folder. One that
        `is_given` to another computer, or another folder of this one, goes on there; see `goes_on`.
        """
        said = []
        for first, known in self.all:
            is_it = first == hashes[0] or (known.stream, known.where) == (stream, self.here)
            number = known.head.seq
            if not is_it or hashes[number - 1 : number] == [known.head.hash]:
                continue
            if number > len(hashes):
                if known.where != self.here and (is_given or _is_in(known.where, stream)):
                    continue
                words = _(
                    "it ends with event {last}, and this computer has written it up to event {known}, in {where}:"
                    " it is an older copy, or its end was cut off"
                )
            else:
                words = _(
                    "event {known} is not the one that this computer wrote, in {where}: the record was written"
                    " anew, or two copies of it were written"
                )
            said.append(words.format(last=len(hashes), known=number, where=known.where))
        return said

    def goes_on(self, stream: str, hashes: Sequence[str]) -> list[str]:
        """Where a record is written that has more events than this one, which is a copy or was given there."""
        words = _("it goes on in {where}, up to event {known}")
        return [
            words.format(where=known.where, known=known.head.seq)
            for first, known in self.all
            if first == hashes[0] and known.where != self.here and known.head.seq > len(hashes)
            if _is_in(known.where, stream)
        ]

    def missing(self, streams: Collection[str]) -> dict[str, str]:
        """What was written into this folder and is not among `streams` any more: its name, and a sentence."""
        words = _("{id} is not in {where} any more; this computer has written it up to event {known}")
        return {
            known.stream: words.format(id=known.stream, where=known.where, known=known.head.seq)
            for _first, known in self.all
            if known.where == self.here and known.stream not in streams
        }


class LastHeads:
    """What one login remembers of one store; `memory` is its folder, `state` that of the store.

    Where the memory cannot be read or written nothing is remembered, and nothing is refused.
    """

    def __init__(self, memory: Path, state: Path, remark: Callable[[str], None]) -> None:
        self._folder = memory / "heads"
        self._state = state
        # Written in one way, whatever language the process is set to: only some settings know all letters of a name.
        self._here = os.fsencode(state).decode("utf-8", "surrogateescape")
        self._remark = remark

    def refuse_copy(
        self,
        stream: str,
        first: str,
        read_end: Callable[[], Head],
        hash_at: Callable[[int], str | None],
    ) -> None:
        """Raises CopyFound where the record that is to be written is not the one that was written last.

        `first` is the hash of its first event; `read_end` reads its end, and is called after what was written last
        was read: somebody may write meanwhile. `hash_at` gives the hash of its event of a number.
        """
        known = self._read(self._folder / first)
        last = read_end()
        if known is not None and not os.access(self._folder / first, os.W_OK):
            return  # what cannot be written any more falls behind, and nobody could decide against it
        if known is None:
            self._refuse_strange(stream)
        elif known.head.seq > last.seq:
            words = _(
                "{id} ends here with entry {last}, and this computer has written it up to entry {known}, in {where}:"
                " this is an older copy"
            )
            told = words.format(id=stream, last=last.seq, known=known.head.seq, where=known.where)
            raise CopyFound(told, self._hint(stream, known.where))
        elif hash_at(known.head.seq) != known.head.hash:
            words = _(
                "{id} has another entry {known} than the one that this computer wrote, in {where}: the record was"
                " written anew, or two copies of it were written"
            )
            told = words.format(id=stream, known=known.head.seq, where=known.where)
            raise CopyFound(told, self._hint(stream, known.where))
        elif known.where != self._here and _is_in(known.where, stream):
            raise self._copied(stream, known.where)

    def look(self) -> Remembered:
        """All that is remembered now. Nothing is written."""
        return Remembered(self._here, [(file.name, known) for file, known in self._all()])

    def wrote(self, stream: str, first: str, head: Head) -> None:
        """Remember how far it was written; without a flush: what is lost with the power was remembered before."""
        try:
            if not self._folder.is_dir():
                make_folder(self._folder)
            flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            file = os.open(self._folder / first, flags, 0o600)
            try:
                text = f"{head.seq} {head.hash} {stream} {self._here}\n".encode("utf-8", "surrogateescape")
                os.write(file, text)
                os.ftruncate(file, len(text))
            finally:
                os.close(file)
        except OSError as error:
            _LOG.debug("the last head was not remembered: %s", error.strerror)

    def writes_here(self) -> None:
        """Note beside the store that this login writes it."""
        with suppress(OSError):
            own = {self._installation(): {"machine": _machine(), "host": _host(), "path": self._here}}
            writers = self._writers()
            if writers != (now := {**writers, **own}):
                put(self._state / WRITERS, (json.dumps(now, indent=1) + "\n").encode())

    def tell_missing(self, is_here: Callable[[str, str], bool]) -> None:
        """Remark, once, the incidents that were written in this folder and are not in it any more.

        `is_here` says of a name and a first hash whether the store has it.
        """
        for file, known in list(self._all()):
            if known.where == self._here and not is_here(known.stream, file.name):
                words = _(
                    "{id} is not in {where} any more; this computer has written it up to entry {known}. If an older"
                    " copy was put back, look for the newer one."
                )
                self._remark(words.format(id=known.stream, where=known.where, known=known.head.seq))
                with suppress(OSError):
                    file.unlink()

    def _refuse_strange(self, stream: str) -> None:
        """Of a record that this login has not written yet: whether others write it, and elsewhere."""
        writers = self._writers()
        here, machine = self._here, _machine()
        try:
            if not writers or self._installation() in writers:
                return
        except OSError as error:
            _LOG.debug("this login can remember nothing: %s", error.strerror)
            return
        if any(each.get("path") == here and each.get("machine") == machine for each in writers.values()):
            return  # another login of this computer, in the same folder
        for each in writers.values():
            where, of = str(each.get("path")), each.get("machine")
            if of == machine and _is_in(where, stream):
                raise self._copied(stream, where)
            if of and machine and of != machine:
                raise self._copied(stream, f"{each.get('host')}: {where}")

    def _copied(self, stream: str, where: str) -> CopyFound:
        words = _("{id} is written in {where}, too: this folder was copied from there")
        return CopyFound(words.format(id=stream, where=where), self._hint(stream, where))

    def _hint(self, stream: str, where: str) -> str:
        newer = _("look for the newer one in your backups") if where == self._here else _("go on in {where}")
        words = _("{first}   or, if only this one is to be written from now on: {command}")
        noun = "drill" if stream.startswith("drill-") else "incident"
        command = f"bcp {noun} resume --incident {stream} --this-copy"
        return words.format(first=newer.format(where=where), command=command)

    def _installation(self) -> str:
        """What stands for this login on this computer: made once, by chance. Raises OSError."""
        file = self._folder.parent / "installation"
        with suppress(FileNotFoundError):
            told = file.read_bytes().strip()
            if told and told.isalnum():
                return told.decode()
        made = os.urandom(16).hex()
        make_folder(file.parent)
        put(file, made.encode())
        return made

    def _writers(self) -> Mapping[str, Mapping[str, Any]]:
        try:
            told = json.loads((self._state / WRITERS).read_bytes())
        except (OSError, ValueError):
            return {}
        return (
            {name: each for name, each in told.items() if isinstance(each, dict)}
            if isinstance(told, dict)
            else {}
        )

    def _all(self) -> Iterator[tuple[Path, LastWritten]]:
        with suppress(OSError):
            for file in sorted(self._folder.iterdir()):
                known = self._read(file)
                if known is not None:
                    yield file, known

    def _read(self, file: Path) -> LastWritten | None:
        try:
            seq, hash_, stream, where = file.read_text("utf-8", "surrogateescape").rstrip("\n").split(" ", 3)
            known = LastWritten(Head(int(seq), hash_), stream, where)
            # After a power cut the file may hold anything.
            return known if known.head.seq > 0 and where and len(hash_) == _HASH else None
        except (OSError, ValueError):
            return None


def _is_in(where: str, stream: str) -> bool:
    """Whether that folder, as it was written down, holds the incident still."""
    return (Path(os.fsdecode(where.encode("utf-8", "surrogateescape"))) / stream).is_dir()


def _host() -> str:
    import platform

    return platform.node()


def _machine() -> str:
    """What stands for this computer, whoever uses it; nothing where that is not known."""
    with suppress(OSError):
        if sys.platform == "win32":
            import winreg

            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        if sys.platform == "linux":
            return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    return ""

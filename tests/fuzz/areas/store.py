"""The journal's file on a bad disk, or after another program: bytes, pages, its write-ahead log."""

from __future__ import annotations

import io
import shutil
import sqlite3
import zipfile
from random import Random

from tests.fuzz.area import Area, Input, some
from tests.fuzz.oracle import command

_PAGE = 4096
_NAMES = ("bcp.sqlite3", "bcp.sqlite3-wal")


class Store(Area):
    """A zip with the database and perhaps its write-ahead log: what a disk gave back."""

    name = "store"

    def prepare(self) -> None:
        """An incident with some events; once as it lies there, once with the last of them in the write-ahead log."""
        self.new_office()
        # Nobody looks at anything: what would be diagnosed depends on this computer's network.
        command(self.office, "incident", "start", "power-outage")
        for text in ("first", "The line is dead. " * 200, "Zażółć gęślą jaźń"):
            command(self.office, "incident", "note", text)
        self.state = self.office / "incidents"
        whole = self.state / _NAMES[0]
        with sqlite3.connect(whole) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            command(self.office, "incident", "note", "kept in the log")
            self.seeds = [
                [path.read_bytes() for path in sorted(self.state.glob("bcp.sqlite3*")) if path.name in _NAMES]
            ]
        reader.close()
        command(self.office, "incident", "status")
        self.seeds.append([whole.read_bytes()])
        self.keep_state()

    def make(self, random: Random) -> Input:
        """Bits, bytes, whole pages, the end, and what is in the rows."""
        files = [bytearray(file) for file in random.choice(self.seeds)]
        for _ in range(random.choice((1, 1, 2, 5))):
            file = files[random.randrange(len(files))]
            if not file:
                continue
            pages = max(1, len(file) // _PAGE)
            page = random.randrange(pages) * _PAGE
            at = min(
                random.choice((page, 0)) + random.randrange(random.choice((8, 100, _PAGE))), len(file) - 1
            )
            match random.randrange(7):
                case 0:
                    file[at] ^= 1 << random.randrange(8)
                case 1:
                    file[at : at + 4] = random.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", random.randbytes(4)))
                case 2:
                    file[page : page + _PAGE] = random.choice((bytes(_PAGE), random.randbytes(_PAGE)))
                case 3:
                    other = random.randrange(pages) * _PAGE
                    file[page : page + _PAGE] = file[other : other + _PAGE]
                case 4 if random.random() < 0.3:
                    del file[random.choice((page, at)) :]
                case _:
                    # Inside of a text: the page stays one, and the row is not what it was.
                    word = random.choice(
                        (b"incident", b"note", b"text", b"plan", b"{", b'"', b"20", b"events")
                    )
                    found = file.find(word, at)
                    if found >= 0:
                        new = random.choice((b"\xff", b"\x00", b"\x1b", b"[", b"\xed\xa0\x80", b"9" * 8))
                        file[found : found + len(new)] = new
        return Input("disk", _packed([bytes(file) for file in files]))

    def try_(self, given: Input, thoroughly: bool) -> None:
        """Reading, proving, writing and giving away."""
        commands = [
            *(
                ("incident", "status"),
                ("incident", "verify"),
                ("incident", "note", "one more"),
                ("incident", "log"),
            ),
            *(
                ("incident", "export", "-o", str(self.folder / "export")),
                ("incident", "list"),
                ("check", "status"),
            ),
            *(
                ("incident", "report"),
                ("notice", "status"),
                ("inbox", "list"),
                ("contact", "forget", "nobody"),
            ),
            *(
                ("decision", "list"),
                ("incident", "hand-over", str(self.folder / "b.zip")),
                ("line", "status"),
            ),
        ]
        try:
            for arguments in some(commands, given, thoroughly):
                self.put_back_state()
                self._lay(given.data)
                shutil.rmtree(self.folder / "export", ignore_errors=True)
                (self.folder / "b.zip").unlink(missing_ok=True)
                command(self.office, *arguments)
        finally:
            self.put_back_state()

    def _lay(self, data: bytes) -> None:
        for name in (*_NAMES, "bcp.sqlite3-shm"):
            (self.state / name).unlink(missing_ok=True)
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            for name in files.namelist():
                (self.state / name).write_bytes(files.read(name))


def _packed(files: list[bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in zip(_NAMES, files, strict=False):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()

"""The journal's file on a bad disk, or after another program: bytes, pages, its write-ahead log."""

from __future__ import annotations

import io
import shutil
import sqlite3
import zipfile
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bcp.check.span import Seen
from bcp.notice.campaign.outbox import Campaign, Key, LetterDraft, Settled
from bcp.notice.inbox.board import ClientReply
from bcp.notice.inbox.satisfaction import SatisfactionAnswer
from bcp.store.board import StoredAnswers, StoredBoard
from bcp.store.outbox import Outbox
from bcp.store.spans import StoredSpans
from tests.fuzz.area import Area, Input, some
from tests.fuzz.oracle import command

_PAGE = 4096
_NAMES = ("bcp.sqlite3", "bcp.sqlite3-wal")
_TABLES = (
    "events",
    "kinds",
    "campaigns",
    "letters",
    "spans",
    "latencies",
    "replies",
    "answers",
    "suppressed",
)
_VALUES = (
    *("", "x", "\x1b[2J", "\u202e", "9" * 400, "2026-02-30", "[]", "{", "null", "1:x", "../../x", "\0"),
    *(-1, 0, 2**63 - 1, -(2**63), 1.5, float("inf"), b"", b"\xff\xfe", b"\0" * 9),
)


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
        _fill(self.state, next(path.name for path in self.state.iterdir() if path.is_dir()))
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
        if random.random() < 0.3:
            return Input("disk", _packed([self._with_other_rows(random)]))
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

    def _with_other_rows(self, random: Random) -> bytes:
        """The database with values that nobody wrote, in any column; its pages are whole."""
        file = self.folder / "rows.sqlite3"
        file.write_bytes(self.seeds[1][0])
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            triggers = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
            for name, _sql in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for _ in range(random.choice((1, 1, 2, 4))):
                table = random.choice(_TABLES)
                rows, columns = (
                    connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0],
                    [row[1] for row in connection.execute(f"PRAGMA table_info({table})")],
                )
                key = "(stream, seq)" if table == "events" else columns[0]
                one = f"SELECT {key.strip('()')} FROM {table} LIMIT 1 OFFSET {random.randrange(rows)}"
                with suppress(sqlite3.Error):  # what the tables themselves do not take
                    connection.execute(
                        f"UPDATE {table} SET {random.choice(columns)} = ? WHERE {key} = ({one})",
                        (random.choice(_VALUES),),
                    )
            for _name, sql in triggers:
                connection.execute(sql)
        return file.read_bytes()

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
            *(
                ("notice", "unknown"),
                ("check", "history", "internet"),
                ("check", "metrics"),
                ("support", "--list"),
                ("incident", "list", "--json"),
                ("promise", "list"),
                ("cost", "list"),
                ("followup", "list"),
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


def _fill(state: Path, incident: str) -> None:
    """Something in each table."""
    at = datetime(2026, 11, 26, 8, tzinfo=UTC)
    campaign = Campaign(
        incident, "line-down", 1, "information", "clients", "anna", at, at + timedelta(hours=9)
    )
    outbox = Outbox(state)
    outbox.freeze(
        campaign,
        [
            LetterDraft(Key(campaign.id, f"jan{n}", "mail"), 0, "Jan", f"jan{n}@example.com", "pl", b"letter")
            for n in range(4)
        ],
    )
    outbox.claim(Key(campaign.id, "jan0", "mail"), at)
    outbox.settle(Key(campaign.id, "jan0", "mail"), Settled("sent", at, "data", 250, "250 ok"))
    outbox.claim(Key(campaign.id, "jan1", "mail"), at)
    outbox.suppress("jan3@example.com", "bounced", at)
    outbox.close()
    board = StoredBoard(state)
    board.put(ClientReply("<1@x>", incident, campaign.id, "jan0", "jan0@example.com", "Re: line", at))
    board.close()
    answers = StoredAnswers(state)
    answers.keep(SatisfactionAnswer(incident, "jan0", "no", "slow", "anna", at))
    answers.close()
    spans = StoredSpans(state)
    for minute, state_ in enumerate(("up", "down", "down", "inconclusive")):
        seen = Seen("internet", state_, then := at + timedelta(minutes=minute), then, "x", 1, (0.02,))
        spans.note([(seen, timedelta(minutes=5))])
    spans.close()


def _packed(files: list[bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in zip(_NAMES, files, strict=False):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()

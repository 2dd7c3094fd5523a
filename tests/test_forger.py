"""A forger who may write everywhere plays against the verifiers: what he does is named, or said to be not covered."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bcp.app.incident.verify import verify as verify_store
from bcp.app.session import Session
from bcp.event import content_of, digest
from bcp.incident.evidence import export, verify
from tests.forged import line_of, sealed
from tests.frozen import FrozenClock
from tests.offices import bcp, office_in, runbook

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: look, manual: {}}
"""
TEXTS = st.sampled_from(["07:50", "real", "the provider admitted it", '"state":"down"', "łącze"])


@pytest.fixture(scope="module")
def _original(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An office with an incident, and its export: made once, copied for each game."""
    folder = tmp_path_factory.mktemp("original")
    office = office_in(folder / "office", outage=runbook(PHASES))
    bcp(office, "incident", "start", "outage")
    for number in range(3):
        bcp(office, "incident", "note", f"note {number} at 08:0{number}")
    made = bcp(office, "incident", "export", "-o", str(folder / "export"))
    assert made.returncode == 0, made.stderr
    Forger.original = StoreForger.original = folder
    StoreForger.stream = json.loads(bcp(office, "incident", "list", "--json").stdout)[0]["id"]


class Forger(RuleBasedStateMachine):
    """He has the folder of an export; the head is on paper, and the verifier comes from elsewhere."""

    original: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="bcp-forger-"))

    @initialize()
    def copy(self) -> None:
        shutil.copytree(self.original / "export", self.folder, dirs_exist_ok=True)
        self.whole = {name: (self.folder / name).read_bytes() for name in self.names()}
        self.head = self.events()[-1]["hash"]

    def names(self) -> list[str]:
        return sorted(
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()
        )

    def events(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in (self.folder / "journal.jsonl").read_bytes().splitlines()]

    def write_events(self, bodies: list[str]) -> None:
        hashes = [digest(body.partition("\n")[0]) for body in bodies]
        lines = map(line_of, bodies, hashes)
        (self.folder / "journal.jsonl").write_bytes(export.lines(lines))

    def chain_anew(self, told: list[dict[str, object]]) -> None:
        bodies, last = [], "0" * 64
        for number, event in enumerate(told, 1):
            body, last = sealed({**event, "seq": number, "prev": last})
            bodies.append(body)
        self.write_events(bodies)

    @rule(number=st.integers(0, 20), at=st.integers(0, 5000), bit=st.integers(0, 7))
    def turn_a_bit(self, number: int, at: int, bit: int) -> None:
        names = self.names()
        path = self.folder / names[number % len(names)]
        data = bytearray(path.read_bytes())
        if data:
            data[at % len(data)] ^= 1 << bit
            path.write_bytes(data)

    @rule(name=st.sampled_from(["spans.jsonl", "letters.jsonl", "campaigns.jsonl", "levers.jsonl"]))
    def invent_a_line(self, name: str) -> None:
        path = self.folder / name
        if path.is_file():
            path.write_bytes(path.read_bytes() + b'{"check":"internet","state":"down"}\n')

    @rule(text=TEXTS)
    def change_a_time(self, text: str) -> None:
        for name in ("journal.txt", "README.txt"):
            path = self.folder / name
            if path.is_file():
                path.write_bytes(path.read_bytes().replace(b"08:01", text.encode(), 1))

    @rule(head=st.text("0123456789abcdef", min_size=64, max_size=64))
    def put_another_head_into_the_readme(self, head: str) -> None:
        path = self.folder / "README.txt"
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(self.head.encode(), head.encode()))

    @rule()
    def replace_the_verifier(self) -> None:
        (self.folder / "verify.py").write_text('print("everything holds")\n', encoding="utf-8")

    @rule(name=st.sampled_from(["extra.pdf", "SHA256SUMS.tsr", "SHA256SUMS.sig", "anchors/000001.tsr"]))
    def put_a_file_in(self, name: str) -> None:
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_bytes(b"invented")

    @rule(number=st.integers(0, 20))
    def take_a_file_away(self, number: int) -> None:
        names = [name for name in self.names() if name not in ("journal.jsonl", "SHA256SUMS")]
        if names:
            (self.folder / names[number % len(names)]).unlink()

    @precondition(lambda self: self.is_readable())
    @rule(left=st.integers(1, 6))
    def cut_the_end_off(self, left: int) -> None:
        self.write_events([export.body_of(each) for each in self.events()][:left])

    @precondition(lambda self: self.is_readable())
    @rule(number=st.integers(0, 6), text=TEXTS, line=st.booleans())
    def write_an_event_anew(self, number: int, text: str, line: bool) -> None:
        told = [content_of(export.body_of(each)) for each in self.events()]
        event = told[number % len(told)]
        event["by"] = text
        if line:
            event["line"] = f"{text} {event['line']}"
        self.chain_anew(told)

    @precondition(lambda self: self.is_readable())
    @rule()
    def bring_the_text_in_step(self) -> None:
        told = [content_of(export.body_of(each)) for each in self.events()]
        (self.folder / "journal.txt").write_bytes(export.lines(str(event["line"]) for event in told))

    @precondition(lambda self: self.is_readable())
    @rule()
    def bring_the_covering_event_in_step(self) -> None:
        told = [content_of(export.body_of(each)) for each in self.events()]
        if told[-1]["kind"] == verify.COVERED:
            head = self.events()[-1]["hash"]
            for name in told[-1]["data"]["files"]:
                path = self.folder / name
                if path.is_file():
                    bare = verify.without_head(path.read_bytes(), head)
                    told[-1]["data"]["files"][name] = sha256(bare).hexdigest()
            self.chain_anew(told)

    @precondition(lambda self: self.is_readable())
    @rule()
    def bring_the_manifest_and_the_readme_in_step(self) -> None:
        events = self.events()
        path = self.folder / "manifest.json"
        if path.is_file() and verify.read_manifest(self.folder):
            told = {**verify.read_manifest(self.folder), "events": len(events), "head": events[-1]["hash"]}
            path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        readme = self.folder / "README.txt"
        if readme.is_file():
            before, end, _head = readme.read_bytes().rpartition(verify.README_END.encode())
            readme.write_bytes(before + end + events[-1]["hash"].encode() + b"\n")

    @rule()
    def bring_the_sums_in_step(self) -> None:
        named = {
            name: (self.folder / name).read_bytes() for name in self.names() if name not in verify.NOT_LISTED
        }
        (self.folder / "SHA256SUMS").write_bytes(export.sums(named))

    def is_readable(self) -> bool:
        try:
            return all(isinstance(content_of(export.body_of(each))["line"], str) for each in self.events())
        except (ValueError, KeyError, TypeError, AttributeError):
            return False

    def teardown(self) -> None:
        try:
            if hasattr(self, "whole"):
                self.judge()
                # A forger who forgets the sums is found at once; he will not forget them.
                self.bring_the_sums_in_step()
                self.judge()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def judge(self) -> None:
        try:
            found = verify.examine(self.folder)
        except OSError:
            return
        names = set(self.names()) | set(self.whole)
        changed = {
            name
            for name in names
            if not (self.folder / name).is_file() or (self.folder / name).read_bytes() != self.whole.get(name)
        }
        unchecked = set(verify.UNCHECKED) | {name for name in names if name.startswith("anchors/")}
        is_anew = "journal.jsonl" in changed
        if not found.faults:
            end = len(found.chain.hashes)
            assert "NOT proven: that its" in verify.last_line(found, 0, "")
            if not is_anew:
                # Sums that are in step with a changed file change, too; what they vouch for is judged by itself.
                assert changed - unchecked - {verify.SUMS} <= set(found.uncovered), changed
            elif verify.anchored_at(found.chain, self.head) == end:
                raise AssertionError("another journal has the same head")
        if is_anew:
            assert found.faults or verify.anchored_at(found.chain, self.head) == 0, "the head on paper tells"


class StoreForger(RuleBasedStateMachine):
    """He has the database and the folder of the office; a head is on paper."""

    original: Path
    stream: str

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="bcp-forger-"))

    @initialize()
    def copy(self) -> None:
        shutil.copytree(self.original, self.folder, dirs_exist_ok=True)
        self.state = self.folder / "office" / "incidents"
        self.before = self.rows()
        self.text = (self.state / self.stream / "journal.txt").read_bytes()

    def rows(self) -> list[tuple[int, str, str]]:
        with closing(sqlite3.connect(self.state / "bcp.sqlite3")) as store:
            query = "SELECT seq, body, hash FROM events WHERE stream = ? ORDER BY seq"
            return store.execute(query, (self.stream,)).fetchall()

    def write(self, statement: str, values: list[tuple[object, ...]]) -> None:
        with closing(sqlite3.connect(self.state / "bcp.sqlite3", isolation_level=None)) as store:
            for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                store.execute(f'DROP TRIGGER "{name}"')
            store.executemany(statement, values)

    @rule(number=st.integers(0, 6), text=TEXTS, reseal=st.booleans())
    def change_an_event(self, number: int, text: str, reseal: bool) -> None:
        rows = self.rows()
        told = [content_of(body) for _seq, body, _hash in rows]
        told[number % len(told)]["by"] = text
        last = "0" * 64
        changed: list[tuple[object, ...]] = []
        for (seq, _body, hash_), event in zip(rows, told, strict=True):
            body, last = sealed({**event, "prev": last} if reseal else event)
            changed.append((body, last if reseal else hash_, self.stream, seq))
        self.write("UPDATE events SET body = ?, hash = ? WHERE stream = ? AND seq = ?", changed)

    @rule(left=st.integers(1, 5))
    def cut_the_end_off(self, left: int) -> None:
        self.write("DELETE FROM events WHERE stream = ? AND seq > ?", [(self.stream, left)])

    @rule(text=TEXTS)
    def change_the_text(self, text: str) -> None:
        path = self.state / self.stream / "journal.txt"
        path.write_bytes(path.read_bytes().replace(b"08:01", text.encode(), 1))

    @rule()
    def bring_the_text_in_step(self) -> None:
        lines = export.lines(str(content_of(body)["line"]) for _seq, body, _hash in self.rows())
        (self.state / self.stream / "journal.txt").write_bytes(lines)

    @rule()
    def take_the_kept_heads_away(self) -> None:
        (self.state / self.stream / "anchors.jsonl").unlink(missing_ok=True)

    def teardown(self) -> None:
        try:
            if hasattr(self, "before"):
                self.judge()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def judge(self) -> None:
        session = Session(str(self.state.parent), {"HOME": str(self.folder)}, FrozenClock())
        head = self.before[-1][2]
        alone = verify_store(session, [self.stream], "incident")
        anchored = verify_store(session, [self.stream], "incident", head)
        is_anew = self.rows() != self.before
        assert (
            (self.state / self.stream / "journal.txt").read_bytes() == self.text or is_anew or not alone.holds
        )
        assert not is_anew or not anchored.holds, "the head on paper tells"
        for proof in alone.proofs:
            assert "NOT proven" in proof.last_line or not alone.holds
            assert "letters, checks" in proof.last_line or not alone.holds


MOVES: list[Callable[[Forger], None]] = [
    *(
        partial(Forger.invent_a_line, name=f"{name}.jsonl")
        for name in ("spans", "letters", "campaigns", "levers")
    ),
    partial(Forger.change_a_time, text="07:50"),
    partial(Forger.put_another_head_into_the_readme, head="0" * 64),
    Forger.replace_the_verifier,
    *(
        partial(Forger.put_a_file_in, name=name)
        for name in ("extra.pdf", "SHA256SUMS.sig", "anchors/000001.tsr")
    ),
    *(partial(Forger.take_a_file_away, number=number) for number in range(10)),
    *(partial(Forger.cut_the_end_off, left=left) for left in range(1, 6)),
    *(partial(Forger.write_an_event_anew, number=number, text="07:50", line=True) for number in range(6)),
]


@pytest.mark.parametrize("move", MOVES)
def test_each_move_alone_is_named_or_not_covered_when_the_sums_are_in_step(
    move: Callable[[Forger], None],
) -> None:
    game = Forger()
    game.copy()
    move(game)
    game.teardown()


class TestForger(Forger.TestCase):  # type: ignore[name-defined,misc]
    """The game with an export."""

    settings = settings(max_examples=60, stateful_step_count=8)


class TestStoreForger(StoreForger.TestCase):  # type: ignore[name-defined,misc]
    """The game with a store."""

    settings = settings(max_examples=25, stateful_step_count=5)


pytestmark = pytest.mark.usefixtures("_original")

"""Files from elsewhere that are not what they say: a plain sentence, never a traceback, and nothing half taken over."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcp.incident.evidence import export
from bcp.store.journal import Journal
from bcp.store.outbox import Outbox
from tests.forged import chained, opened
from tests.frozen import FrozenClock
from tests.offices import STREAM, bcp
from tests.test_pen import CAMPAIGN, Stage, hand_over, other, staged

__all__ = ["other", "staged"]
STRANGE: list[Any] = [None, True, 5, -1, 2**70, 1.5, "", "x", "\ud800", "2026", [], {}, [[]], {"a": 1}]
Mutation = tuple[int, int, bool]
MUTATIONS = st.tuples(st.integers(0, 10**6), st.integers(0, len(STRANGE) - 1), st.booleans())


def mutated(value: Any, mutation: Mutation) -> Any:
    """`value` with one of its places deleted, or something strange put there."""
    seed, strange, is_deleted = mutation
    value = json.loads(json.dumps(value))
    places: list[tuple[Any, Any]] = []

    def walk(at: Any) -> None:
        for key in range(len(at)) if isinstance(at, list) else list(at):
            places.append((at, key))
            if isinstance(at[key], list | dict):
                walk(at[key])

    walk(value)
    where, key = random.Random(seed).choice(places)
    if is_deleted:
        del where[key]
    else:
        where[key] = STRANGE[strange]
    return value


def packed(file: Path, named: dict[str, bytes]) -> Path:
    """A zip with these files and with sums that fit them."""
    listed = {name: data for name, data in named.items() if not name.startswith(export.SUMS)}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in {**listed, export.SUMS: export.sums(listed)}.items():
            archive.writestr(name, data)
    return file


def refused_or_whole(other: Path, file: Path, is_shown: bool = True) -> None:
    shutil.rmtree(other / "incidents", ignore_errors=True)
    taken = bcp(other, "incident", "take-over", str(file))
    assert taken.returncode in (0, 2, 3, 9), taken.stderr
    assert "bug of ours" not in taken.stderr and "Traceback" not in taken.stderr, taken.stderr
    state = other / "incidents"
    if taken.returncode:
        assert not list(Journal(state, FrozenClock()).rows(STREAM))
        assert not Outbox(state).campaigns(STREAM) and not (state / STREAM).exists()
    elif is_shown:
        for command in (("incident", "status"), ("notice", "status"), ("incident", "report")):
            shown = bcp(other, *command, "--incident", STREAM)
            assert shown.returncode in (0, 2, 8) and "bug of ours" not in shown.stderr, shown.stderr


@pytest.fixture
def named(staged: Stage, tmp_path: Path) -> dict[str, bytes]:
    hand_over(staged.office, tmp_path / "i.zip")
    with zipfile.ZipFile(tmp_path / "i.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def exported(staged: Stage, tmp_path: Path) -> dict[str, bytes]:
    bcp(staged.office, "incident", "export", "-o", str(tmp_path / "e"), "--incident", STREAM)
    return {
        path.relative_to(tmp_path / "e").as_posix(): path.read_bytes()
        for path in (tmp_path / "e").rglob("*")
        if path.is_file()
    }


slowly = settings(
    max_examples=12,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@slowly
@given(mutation=MUTATIONS)
def test_strange_letters_in_what_was_handed_over(
    named: dict[str, bytes], other: Path, tmp_path: Path, mutation: Mutation
) -> None:
    strange = mutated(json.loads(named["outbox.json"]), mutation)
    file = packed(tmp_path / "m.zip", {**named, "outbox.json": json.dumps(strange).encode()})
    refused_or_whole(other, file)


@slowly
@given(mutation=MUTATIONS)
def test_strange_events_in_what_was_handed_over(
    named: dict[str, bytes], other: Path, tmp_path: Path, mutation: Mutation
) -> None:
    strange = mutated([opened(line) for line in named["journal.jsonl"].splitlines()], mutation)
    refused_or_whole(
        other, packed(tmp_path / "m.zip", {**named, "journal.jsonl": chained(strange)}), is_shown=False
    )


@slowly
@given(mutation=MUTATIONS, letters=st.booleans())
def test_strange_letters_in_an_export(
    exported: dict[str, bytes], other: Path, tmp_path: Path, mutation: Mutation, letters: bool
) -> None:
    name = export.LETTERS if letters else export.CAMPAIGNS
    strange = mutated([json.loads(line) for line in exported[name].decode().splitlines()], mutation)
    lines = "".join(json.dumps(one) + "\n" for one in strange).encode()
    shutil.rmtree(other / "incidents", ignore_errors=True)
    file = packed(tmp_path / "m.zip", {**exported, name: lines})
    taken = bcp(other, "incident", "take-over", str(file), "--lost", "--reason", "stolen")
    assert taken.returncode in (0, 2) and "bug of ours" not in taken.stderr, taken.stderr
    assert bcp(other, "notice", "status", "--incident", STREAM).returncode == (2 if taken.returncode else 0)


def test_an_incident_whose_name_leads_out_of_the_office_is_refused(
    named: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    told = [opened(line) for line in named["journal.jsonl"].splitlines()]
    for event in told:
        event["stream"] = "../outside"
    box = json.loads(named["outbox.json"])
    named["outbox.json"] = json.dumps({**box, "campaigns": [], "letters": []}).encode()
    refused_or_whole(other, packed(tmp_path / "m.zip", {**named, "journal.jsonl": chained(told)}))
    assert not (other / "outside").exists()


def _locked(data: bytes) -> bytes:
    """The zip with the flag of a locked file in each of its heads."""
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            changed[start + at] |= 1
    return bytes(changed)


def _torn(data: bytes) -> bytes:
    return data[:60] + bytes(40) + data[100:]


@pytest.mark.parametrize("broken", [_locked, _torn])
def test_a_zip_that_is_locked_or_torn_is_a_sentence(
    named: dict[str, bytes], other: Path, tmp_path: Path, broken: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "b.zip").write_bytes(broken((tmp_path / "i.zip").read_bytes()))
    taken = bcp(other, "incident", "take-over", str(tmp_path / "b.zip"))
    assert taken.returncode == 2 and "cannot be read" in taken.stderr, taken.stderr


def test_a_file_of_a_bcp_that_knew_no_next_update_is_taken_over(
    named: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    box = json.loads(named["outbox.json"])
    box["campaigns"] = [each[:-1] for each in box["campaigns"]]
    file = packed(tmp_path / "old.zip", {**named, "outbox.json": json.dumps(box).encode()})
    assert bcp(other, "incident", "take-over", str(file)).returncode == 0
    assert [one.id for one in Outbox(other / "incidents").campaigns(STREAM)] == [CAMPAIGN.id]

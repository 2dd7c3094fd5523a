"""A store with bytes in it that are no text: every command says so, with the status of the store."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.offices import bcp, office_in

DAMAGED = Path(__file__).parent / "data" / "undecodable.sqlite3.gz"


@pytest.mark.parametrize(
    "command",
    [
        ("incident", "status"),
        ("incident", "list"),
        ("incident", "note", "x"),
        ("incident", "verify"),
        ("check", "history"),
        ("inbox", "list"),
        ("drill", "list"),
    ],
)
def test_a_store_that_is_no_text_is_damaged_and_no_bug(tmp_path: Path, command: tuple[str, ...]) -> None:
    office = office_in(tmp_path)
    (office / "incidents").mkdir(exist_ok=True)
    (office / "incidents" / "bcp.sqlite3").write_bytes(gzip.decompress(DAMAGED.read_bytes()))
    done = bcp(office, *command)
    assert done.returncode == 3, done.stderr
    assert "is damaged" in done.stderr and "backup" in done.stderr

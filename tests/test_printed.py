"""What programs print is read as they write it: marks, UTF-8, and the old code pages of the systems; nothing fails."""

from __future__ import annotations

import asyncio
import codecs
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp import printed as module
from bcp.clock import SystemClock
from bcp.errors import InputError
from bcp.outside import Program
from bcp.printed import asking_for_utf_8, printed, printed_parts
from bcp.probe.base import Shared
from bcp.probe.kinds.command import Command
from bcp.world.real import Real
from bcp.world.secret import Secrets

pytestmark = pytest.mark.core

CZECH, GREEK, POLISH = "Připojení k síti: čas=12ms", "Σύνδεση δικτύου: χρόνος=12ms", "Połączenie: żółć"
TEXTS = (CZECH, GREEK, POLISH, "plain", "", "line\nline\n", "„quoted” – … 日本")


@pytest.mark.parametrize("text", TEXTS)
def test_utf_8_is_read_with_and_without_its_mark(text: str):
    assert printed(text.encode()) == text
    assert printed(codecs.BOM_UTF8 + text.encode()) == text


@pytest.mark.parametrize("text", TEXTS[:4])
def test_utf_16_is_read_with_and_without_its_mark(text: str):
    lines = f"{text} 1\r\n"
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        assert printed(mark + lines.encode(encoding)) == printed(lines.encode(encoding)) == f"{text} 1\n"


@pytest.mark.parametrize(
    "raw", [b"./ab\0./cde\0", b"abc\0def\0", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", b"\0"]
)
def test_zeros_alone_do_not_make_it_utf_16(raw: bytes):
    assert printed(raw).isascii()


@pytest.mark.parametrize(
    ("page", "text"), [("cp852", CZECH), ("cp852", POLISH), ("cp737", GREEK), ("cp1253", GREEK)]
)
def test_an_old_code_page_is_read_where_the_system_has_it(
    page: str, text: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_of_this_system", lambda: page)
    assert printed(text.encode(page) + b"\r\n") == text + "\n"
    assert printed(text.encode()) == text


def test_a_byte_that_is_no_letter_is_shown_as_one_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_of_this_system", lambda: "cp1253")
    assert printed(b"caf\xff ok") == "caf\N{REPLACEMENT CHARACTER} ok"


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=3))
def test_whatever_is_printed_becomes_a_text(parts: list[bytes]):
    assert len(printed_parts(*parts)) == len(parts)


@given(st.text(st.characters(exclude_categories=["Cs"], min_codepoint=1)), st.data())
def test_a_letter_that_is_torn_where_something_was_left_out_makes_the_rest_no_other_encoding(
    text: str, data: st.DataObject
):
    raw = text.encode().removeprefix(codecs.BOM_UTF8)
    begin, end = sorted(data.draw(st.tuples(st.integers(0, len(raw)), st.integers(0, len(raw)))))
    seen = module._is_utf_8((raw[:begin], raw[end:]))
    assert seen


def test_a_letter_that_is_torn_at_the_end_of_everything_is_no_utf_8(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_of_this_system", lambda: "cp852")
    assert printed("ulož".encode("cp852") + b"\xc3") == "ulož├"


def test_only_on_windows_programs_are_asked_for_utf_8_and_what_somebody_set_stays(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(sys, "platform", "win32")
    assert asking_for_utf_8({"A": "b"}) == {"A": "b", "PYTHONIOENCODING": "utf-8"}
    assert asking_for_utf_8({"PYTHONIOENCODING": "cp852"}) == {"PYTHONIOENCODING": "cp852"}
    monkeypatch.setattr(sys, "platform", "linux")
    assert asking_for_utf_8({"A": "b"}) == {"A": "b"}


def writes(folder: Path, raw: bytes) -> list[str]:
    """A program that prints these bytes."""
    script = folder / "writes.py"
    script.write_text(f"import sys; sys.stdout.buffer.write({raw!r})", encoding="utf-8")
    return [sys.executable, "-I", str(script)]


@pytest.mark.parametrize("raw", [GREEK.encode(), b"\xef\xbb\xbf" + GREEK.encode(), GREEK.encode("utf-16")])
def test_a_program_of_the_office_is_read_by_an_action_a_check_and_a_secret_alike(tmp_path: Path, raw: bytes):
    arguments = writes(tmp_path, raw)
    secrets = Secrets(tmp_path, {})
    assert Real(secrets).run(Program(tuple(arguments), 20.0)).output == GREEK
    shared = Shared(SystemClock(), tmp_path, timeout=20)
    assert asyncio.run(Command(run=arguments).look(shared)).reason == GREEK
    assert secrets.value("command:" + subprocess.list2cmdline(arguments)) == GREEK


def test_bytes_that_are_no_letters_fail_nothing_but_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_of_this_system", lambda: "utf-8")
    arguments = writes(tmp_path, b"caf\xe9")
    secrets = Secrets(tmp_path, {})
    assert Real(secrets).run(Program(tuple(arguments), 20.0)).output == "caf\N{REPLACEMENT CHARACTER}"
    shared = Shared(SystemClock(), tmp_path, timeout=20)
    assert asyncio.run(Command(run=arguments).look(shared)).state == "up"
    with pytest.raises(InputError, match="no letters"):
        secrets.value("command:" + subprocess.list2cmdline(arguments))


def test_of_a_long_output_the_first_and_the_last_part_are_read_whole(tmp_path: Path):
    raw = ("ó" * 20_001 + GREEK).encode("utf-16-le") + b"\n\0"
    output = Real(Secrets(tmp_path, {})).run(Program(tuple(writes(tmp_path, raw)), 20.0)).output
    assert output.startswith("óóó") and output.rstrip().endswith(GREEK) and "bytes left out" in output


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has code pages of the console")
def test_windows_has_a_code_page_that_python_knows():
    assert codecs.lookup(module._of_this_system())
    ran = subprocess.run(
        ["cmd", "/c", "echo", "plain"], capture_output=True, check=True, env=dict(os.environ)
    )
    assert printed(ran.stdout).strip() == "plain"

"""Commands that can be copied, and commands that somebody wrote, in the way of each system's shell."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.command_words import as_typed, for_a_program

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("platform", "line"),
    [
        ("linux", "bcp notice send line-down 'key clients' 'it'\"'\"'s' --by=jan"),
        ("win32", 'bcp notice send line-down "key clients" "it\'s" --by=jan'),
    ],
)
def test_a_hint_is_quoted_for_the_shell_of_the_system(
    platform: str, line: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", platform)
    assert as_typed(("bcp", "notice", "send", "line-down", "key clients", "it's", "--by=jan")) == line


def test_what_a_shell_of_windows_would_take_for_its_own_is_quoted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert as_typed(["a&b", "c|d", "(e)", "f,g", "@h", ""]) == '"a&b" "c|d" "(e)" "f,g" "@h" ""'
    assert as_typed([r"C:\bcp\office", 'say "no"', "ends in \\ \\"]) == (
        r'C:\bcp\office "say \"no\"" "ends in \ \\"'
    )


def test_a_line_that_somebody_wrote_is_handed_to_windows_as_it_is(monkeypatch: pytest.MonkeyPatch):
    line = r'"C:\Program Files\KeePass\kp.exe" show C:\safe\mail'
    monkeypatch.setattr(sys, "platform", "win32")
    assert for_a_program(line) == line
    monkeypatch.setattr(sys, "platform", "linux")
    assert for_a_program("pass show 'my mail'") == ["pass", "show", "my mail"]


@pytest.mark.skipif(sys.platform != "win32", reason="asks how Windows itself splits a line")
@given(st.lists(st.text(st.characters(codec="ascii", exclude_characters="\0\r\n"), max_size=8), max_size=4))
def test_windows_finds_the_same_words_in_what_we_quoted(words: list[str]):
    import ctypes

    split = ctypes.WinDLL("shell32").CommandLineToArgvW  # type: ignore[attr-defined]
    split.restype = ctypes.POINTER(ctypes.c_wchar_p)
    count = ctypes.c_int()
    found = split("bcp " + as_typed(words), ctypes.byref(count))
    assert [found[number] for number in range(1, count.value)] == words
    assert subprocess.list2cmdline(["bcp"]) == "bcp"

"""What can be read, and what is said about a file that cannot: its encoding, its size, its YAML."""

from __future__ import annotations

import codecs
import os
import tracemalloc
from pathlib import Path

import pytest
import yaml

from bcp.yaml.source import Reader, parse, read
from bcp.yaml.text import Unreadable, check, split
from bcp.yaml.tree import DEEPEST, MOST_NODES, build
from tests.badfiles import assert_told, expectations, files
from tests.children import needs_links, needs_modes, needs_pipes
from tests.sources import mistake_of


@pytest.mark.parametrize("path", files("reading"), ids=lambda path: path.stem)
def test_a_file_that_cannot_be_read_is_told_in_the_expected_words(path: Path) -> None:
    reader = Reader()
    assert reader.document(path, path.name) is None
    assert_told(path, reader.mistakes)


@pytest.mark.parametrize("path", files("reading"), ids=lambda path: path.stem)
def test_the_parser_in_python_leads_to_the_same_words_as_the_one_in_c(path: Path) -> None:
    text = path.read_bytes().decode()
    with pytest.raises(Unreadable) as caught:
        check(text)
        build(text, split(text), yaml.SafeLoader)
    (wanted,) = expectations(path)
    assert (*caught.value.place, caught.value.message, caught.value.hint) == wanted


def test_there_are_many_bad_files_and_each_says_a_different_thing_to_do() -> None:
    assert len(files("reading")) >= 40
    for path in files("reading"):
        for one in expectations(path):
            assert one.hint, path
            assert "expected <" not in one.message


@pytest.mark.parametrize("content", ["", "   \n\n", "---\n", "~\n"])
def test_an_empty_file_is_a_mistake(content: str, tmp_path: Path) -> None:
    assert mistake_of(content, tmp_path).message == "this file is empty"


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    assert mistake_of(tmp_path / "none.yaml", tmp_path).message == "there is no such file"


def test_a_folder_is_a_mistake(tmp_path: Path) -> None:
    assert mistake_of(tmp_path, tmp_path).message == "this is a folder, not a YAML file"


@needs_pipes
def test_a_pipe_is_a_mistake_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "no ordinary file" in mistake_of(tmp_path / "pipe.yaml", tmp_path).message


@needs_modes
def test_a_file_that_may_not_be_read_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("title: x\n")
    path.chmod(0)
    if os.geteuid():
        assert mistake_of(path, tmp_path).message == "you may not read this file"
        return
    os.seteuid(65534)
    try:
        assert mistake_of(path, tmp_path).message == "you may not read this file"
    finally:
        os.seteuid(0)


@needs_links
def test_another_trouble_of_the_file_system_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert mistake_of(tmp_path / "loop.yaml", tmp_path).message.startswith("this file cannot be read: ")


def test_a_file_of_10_mb_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"- entry\n" * (10 * 1024 * 1024 // 8))
    tracemalloc.start()
    try:
        mistake = mistake_of(path, tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert mistake.message == "this file is larger than 1 MiB"
    assert peak < 8 * 1024 * 1024


def test_a_file_in_the_windows_encoding_is_told_with_the_letter_and_the_remedy(tmp_path: Path) -> None:
    mistake = mistake_of("title: ok\nname: Biuro w Łodzi\n".encode("cp1250"), tmp_path)
    assert (mistake.line, mistake.column) == (2, 15)
    assert mistake.message == "this character is not written in UTF-8 (byte 0xA3)"
    assert 'in the old Windows encoding (cp1250) it is "Ł"' in mistake.hint
    assert 'the encoding "UTF-8"' in mistake.hint
    assert mistake.text == "name: Biuro w \ufffdodzi"


def test_the_place_of_a_bad_byte_counts_letters_and_not_bytes(tmp_path: Path) -> None:
    mistake = mistake_of(codecs.BOM_UTF8 + "Łódź: ż".encode() + b"\xff", tmp_path)
    assert (mistake.line, mistake.column) == (1, 8)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_a_file_in_utf_16_has_its_own_sentence(encoding: str, tmp_path: Path) -> None:
    raw = "title: x\n".encode(encoding)
    mark = {"utf-16-be": codecs.BOM_UTF16_BE, "utf-16-le": codecs.BOM_UTF16_LE}.get(encoding, b"")
    assert "UTF-16" in mistake_of(mark + raw, tmp_path).message


def test_a_file_in_utf_8_with_its_mark_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(codecs.BOM_UTF8 + b"title: x\n")
    assert read(path, "x.yaml").data == {"title": "x"}
    assert read(path, "x.yaml").place(("title",)) == (1, 8)


@pytest.mark.parametrize("raw", [b"a: \0\n", b"PK\x03\x04\x00\xff\xfe\x9c\x00"])
def test_a_file_that_is_no_text_is_told_so(raw: bytes, tmp_path: Path) -> None:
    mistake = mistake_of(raw, tmp_path)
    assert "this is not a text file" in mistake.message or "cannot be seen" in mistake.message


def test_windows_line_ends_do_not_shift_the_places(tmp_path: Path) -> None:
    mistake = mistake_of("a: b\r\nc: d\r\ne: @f\r\n", tmp_path)
    assert (mistake.line, mistake.column, mistake.text) == (3, 4, "e: @f")


def test_an_alias_bomb_of_nine_levels_is_refused_by_what_it_would_be(tmp_path: Path) -> None:
    lines = ["a0: &a0 [" + ", ".join(["lol"] * 9) + "]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, 10)]
    mistake = mistake_of("\n".join(lines), tmp_path)
    assert mistake.message == f"this file holds more than {MOST_NODES:,} entries"
    assert mistake.line == 6


def test_entries_are_bounded_without_aliases_too(tmp_path: Path) -> None:
    mistake = mistake_of("- a\n" * (MOST_NODES + 5), tmp_path)
    assert mistake.message == f"this file holds more than {MOST_NODES:,} entries"
    assert mistake.line == MOST_NODES + 1
    assert len(parse("- a\n" * (MOST_NODES - 1), "x").data) == MOST_NODES - 1


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 5000, "{a: " * 5000])
def test_five_thousand_levels_are_refused(text: str, tmp_path: Path) -> None:
    assert f"more than {DEEPEST} deep" in mistake_of(text, tmp_path).message


def test_indentation_of_five_thousand_levels_is_refused_at_its_line(tmp_path: Path) -> None:
    text = "".join(" " * level + "a:\n" for level in range(1000))
    assert mistake_of(text, tmp_path).line == DEEPEST + 1


def test_forty_levels_are_read() -> None:
    assert parse("[" * DEEPEST + "]" * DEEPEST, "x").data is not None


def test_depth_is_counted_through_aliases(tmp_path: Path) -> None:
    text = "- &a " + "[" * 25 + "]" * 25 + "\n- " + "[" * 25 + "*a" + "]" * 25 + "\n"
    mistake = mistake_of(text, tmp_path)
    assert f"more than {DEEPEST} deep" in mistake.message
    assert mistake.line == 2


def test_an_alias_stands_for_what_its_anchor_named() -> None:
    document = parse("usual: &who lead\nkeys: {&k name: x}\nsteps: [*who, *k]\n", "x")
    assert document.data == {"usual": "lead", "keys": {"name": "x"}, "steps": ["lead", "name"]}

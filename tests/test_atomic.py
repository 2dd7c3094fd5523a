"""Files that are written whole or not at all: on the disk before they are shown, and nothing of ours beside them."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bcp.errors import StoreError
from bcp.files import put, what_to_do, why, write_whole
from tests.children import in_own_mounts, needs_modes, needs_root, small_disk

WRITERS = {
    "a file of ours": "from bcp.files import write_whole; write_whole(folder / 'here' / 'file', 'text')",
    "a draft": "from bcp.transcript.draft import TranscriptDraft as New; New(folder / 'here' / 'draft.json').save()",
    "a letter": "from bcp.files import IncidentFiles; IncidentFiles(folder / 'here').write('a.txt', b'text')",
}
SCRIPT = """
import os, sys
from pathlib import Path
folder = Path(sys.argv[1])
{writes}
os.write(1, b"shown")
"""


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize("writes", WRITERS.values(), ids=WRITERS)
def test_what_is_written_is_flushed_to_the_disk_before_it_takes_its_place_and_is_shown(
    tmp_path: Path, writes: str
) -> None:
    calls = tmp_path / "calls"
    traced = [
        "strace",
        "-o",
        str(calls),
        "-e",
        "trace=openat,fsync,fdatasync,rename,renameat,renameat2,write",
    ]
    script = SCRIPT.format(writes=writes)
    subprocess.run([*traced, sys.executable, "-c", script, tmp_path], check=True, capture_output=True)
    (before,) = calls.read_text().split('write(1, "shown"')[:-1]
    (opened,) = re.findall(
        rf'openat\([^\n]*"{tmp_path}/here/[^\n]*(?:O_WRONLY|O_RDWR)[^\n]*= (\d+)\n', before
    )
    written = before.partition(f"write({opened}, ")[2].splitlines()
    told = [line.partition("(")[0] for line in written if re.match(rf"(f\w*sync\({opened}\)|rename)", line)]
    assert told and told[0] in ("fsync", "fdatasync")
    assert len(list((tmp_path / "here").iterdir())) == 1


@needs_root
def test_what_did_not_fit_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    def work() -> None:
        small_disk(tmp_path, "64k")
        path = tmp_path / "file"
        path.write_bytes(b"old")
        with pytest.raises(OSError) as caught:
            put(path, bytes(256 * 1024))
        assert caught.value.errno == errno.ENOSPC
        assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]

    in_own_mounts(work)


def test_a_file_is_written_with_the_folders_that_it_needs_and_takes_the_place_of_an_older_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "far" / "away" / "file"
    write_whole(path, "old")
    write_whole(path, "żółw")
    assert path.read_text("utf-8") == "żółw" and list(path.parent.iterdir()) == [path]


@needs_modes
def test_a_file_that_takes_the_place_of_an_older_one_may_be_read_by_the_same_people(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, "old")
    path.chmod(0o640)
    write_whole(path, "new")
    assert path.read_text("utf-8") == "new" and path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("number", "words", "remedy"),
    [
        (errno.ENOSPC, "the disk is full", "make room on the disk"),
        (errno.EFBIG, "no file may become that large here (ulimit -f)", "raise that limit"),
        (errno.EACCES, "this user may not write there", "whether this login may write there"),
        (errno.EIO, "input/output error", "whether this login may write there"),
    ],
)
def test_why_a_file_cannot_be_written_is_said_with_what_to_do(number: int, words: str, remedy: str) -> None:
    error = OSError(number, os.strerror(number))
    assert why(error) == words and remedy in what_to_do(error)


def test_an_error_without_a_number_is_said_in_its_own_words() -> None:
    assert why(OSError("The Tape Is Torn")) == "the tape is torn"


def test_a_file_that_cannot_be_written_is_a_sentence_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"file.below cannot be written: .*exist"):
        write_whole(tmp_path / "file" / "below", "text")

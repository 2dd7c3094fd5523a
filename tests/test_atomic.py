"""Files that are written whole or not at all: on the disk before they are shown, and nothing of ours beside them."""

from __future__ import annotations

import errno
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bcp.atomic import put
from tests.children import in_own_mounts, needs_root, small_disk

WRITERS = {
    "a file of ours": "from bcp.atomic import write_whole; write_whole(folder / 'here' / 'file', 'text')",
    "a draft": "from bcp.incident.draft import Draft; Draft(folder / 'here' / 'draft.json').save()",
    "a letter": "from bcp.files import FolderFiles; FolderFiles(folder / 'here').write('a.txt', b'text')",
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
    (opened,) = re.findall(rf'openat\([^\n]*"{tmp_path}/here/[^\n]*O_WRONLY[^\n]*= (\d+)\n', before)
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

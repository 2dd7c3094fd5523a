"""Wherever and however a command is started, it does its work or says a sentence: no bug, no traceback, no silence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bcp.app import crash
from tests import quick
from tests.children import needs_shell

pytestmark = needs_shell

STATUSES = (0, 2, 3, 4, 5, 7, 8, 9)
WORK = ("incident note x", "incident status")
BROAD = (
    *WORK,
    "notice preview line-down clients",
    "incident start power-outage",
    "incident report",
    "contact list",
    "inbox list",
    "print sheet phone-outage -o out.pdf",
    "validate",
    "init new",
)
PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
NOT_THERE = "/proc/not-there"
CIRCUMSTANCES = {
    "nothing in the environment": ("env -i {bcp}", {}, BROAD),
    "no home": ("{bcp}", {"HOME": NOT_THERE}, WORK),
    "no folder for temporary files": ("{bcp}", {"TMPDIR": NOT_THERE}, WORK),
    "hardly any open files": ("ulimit -n 6; {bcp}", {}, (*BROAD, "check list")),
    "few open files": ("ulimit -n 12; {bcp}", {}, WORK),
    "hardly any memory": ("ulimit -v 60000; {bcp}", {}, WORK),
    "little memory": ("ulimit -v 200000; {bcp}", {}, ("print sheet phone-outage -o out.pdf",)),
    "no file may grow": ("ulimit -f 0; {bcp}", {}, BROAD),
    "files may hardly grow": ("ulimit -f 1; {bcp}", {}, WORK),
    "a reader that went away": ("{bcp} 2>&1 | true; exit ${{PIPESTATUS[0]}}", {}, WORK),
    "a full disk behind the streams": ("{bcp} >/dev/full 2>/dev/full", {}, WORK),
    "a deleted current folder": ("mkdir gone; cd gone; rmdir ../gone; {bcp}", {}, (*WORK, "print sheet")),
    "no streams at all": ("{bcp} <&- >&- 2>&-", {}, WORK),
    "no input and no errors": ("{bcp} <&- 2>&-", {}, WORK),
    "no input and no output": ("{bcp} <&- >&-", {}, WORK),
    "an old setting of the language": ("{bcp}", PLAIN, BROAD),
    "a setting of western Europe": ("{bcp}", {**PLAIN, "PYTHONIOENCODING": "latin-1"}, WORK),
}
SILENT = (
    "a reader that went away",
    "a full disk behind the streams",
    "no streams at all",
    "no input and no errors",
)
"""Where nobody can read what is said."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("circumstances")
    environ = {**os.environ, "BCP_PERSON": "anna"}
    for words in (
        ["init", "--sample", "office"],
        ["--office", "office", "incident", "start", "phone-outage"],
    ):
        assert quick.run(words, folder, environ, subprocess.DEVNULL, timeout=60).returncode in (0, 9)
    return folder / "office"


@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_the_command_does_its_work_or_says_a_sentence(name: str, sample: Path, tmp_path: Path) -> None:
    script, settings, commands = CIRCUMSTANCES[name]
    office = tmp_path / "office"
    shutil.copytree(sample, office)
    usual = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "PYTHON"))}
    wrong = []
    for line in commands:
        bcp = f"{sys.executable} -m bcp {line}"
        done = subprocess.run(
            ["bash", "-c", script.format(bcp=bcp)],
            cwd=office,
            env={**usual, "BCP_PERSON": "anna", **settings},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=60,
        )
        told = done.stdout + done.stderr
        is_bad = done.returncode not in STATUSES or "Traceback" in told or "Exception ignored" in told
        is_silent = name not in SILENT and done.returncode not in (0, 9) and not done.stderr.strip()
        if is_bad or is_silent or "a bug of ours" in told:
            wrong.append(f"{line}: {done.returncode}: {told[-300:]}")
    assert not wrong, "\n".join(wrong)


def test_a_bug_is_kept_in_the_state_folder_also_where_there_is_no_folder_for_temporary_files(
    sample: Path, tmp_path: Path
) -> None:
    office = tmp_path / "office"
    shutil.copytree(sample, office)
    # No name for a temporary folder is left: each of those that Python tries is a file, or is not there.
    program = (
        "import tempfile, sys; tempfile._candidate_tempdir_list = lambda: ['/proc/not-there'];"
        "from pathlib import Path; import os; from bcp.app import crash, logs;"
        "logs.office(Path.cwd(), dict(os.environ)); kept = crash.keep(ValueError('x')); print(kept.file)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=office, capture_output=True, text=True, check=False, timeout=60
    )
    assert Path(done.stdout.strip()).parent == office / "incidents" / crash.FOLDER, done.stderr

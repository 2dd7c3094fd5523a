"""Wherever and however a command is started, it does its work or says a sentence: no bug, no traceback, no silence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path

import pytest

import bcp as bcp_package
from bcp.app import crash
from bcp.store.heads import WRITERS
from tests import quick
from tests.children import (
    IS_WINDOWS,
    in_own_mounts,
    make_read_only,
    mount,
    needs_root,
    needs_shell,
    small_disk,
)

pytestmark = needs_shell

STATUSES = (0, 2, 3, 4, 5, 7, 8, 9)
RESULTS = (7, 8, 9)
"""What these say is their whole answer."""
WORK = ("incident note x", "incident status")
SHEET = "print sheet phone-outage -o out.pdf"
BROAD = (*WORK, "notice preview line-down clients", "incident start power-outage", SHEET, "init new")
"""What reads and writes all that there is: letters, plans, paper, a new folder."""
PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
WESTERN = {**PLAIN, "PYTHONIOENCODING": "latin-1"}
NOT_THERE = "/proc/not-there"
REFUSES = "/proc/self/oom_score_adj"
"""A file that answers every text with EINVAL, as Windows tells of a pipe whose reader has gone."""
ROUNDS = ((">&-",), ("<&-", ">&-", "2>&-"))
"""With these closed a round of looks is made, too; it waits seconds for its diagnosis."""
CIRCUMSTANCES = {
    "nothing in the environment": ("env -i {bcp}", {}, BROAD),
    "no home": ("{bcp}", {"HOME": NOT_THERE}, WORK),
    "no folder for temporary files": ("{bcp}", {"TMPDIR": NOT_THERE}, WORK),
    "hardly any open files": (
        "ulimit -n 6; {bcp}",
        {},
        (*BROAD, "check list", "incident report", "contact list", "inbox list", "validate"),
    ),
    "few open files": ("ulimit -n 12; {bcp}", {}, WORK),
    "hardly any memory": ("ulimit -v 60000; {bcp}", {}, WORK),
    "little memory": ("ulimit -v 200000; {bcp}", {}, (SHEET,)),
    "no file may grow": ("ulimit -f 0; {bcp}", {}, BROAD),
    "files may hardly grow": ("ulimit -f 1; {bcp}", {}, WORK),
    "a reader that went away": ("{bcp} 2>&1 | true; exit ${{PIPESTATUS[0]}}", {}, WORK),
    "a full disk behind the streams": ("{bcp} >/dev/full 2>/dev/full", {}, WORK),
    "a deleted current folder": ("mkdir gone; cd gone; rmdir ../gone; {bcp}", {}, (*WORK, "print sheet")),
    "a reader that Windows says has gone": (f"{{bcp}} >{REFUSES} 2>&1", {}, WORK),
    **{
        f"closed: {' '.join(closed)}": (
            "{bcp} " + " ".join(closed),
            {},
            ("incident note x", "check run" if closed in ROUNDS else "check list"),
        )
        for count in (1, 2, 3)
        for closed in combinations(("<&-", ">&-", "2>&-"), count)
    },
    "an old setting of the language": ("{bcp}", PLAIN, BROAD),
    "a setting of western Europe": ("{bcp}", WESTERN, (*WORK, "contact list", SHEET)),
}
SILENT = ("went away", "has gone", "behind the streams", "2>&-")
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


def troubles(
    office: Path, script: str, settings: Mapping[str, str], commands: Sequence[str], is_heard: bool = True
) -> list[str]:
    """The commands that end as a bug, or end badly without a word where somebody could hear one."""
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
        is_silent = is_heard and done.returncode not in (0, *RESULTS) and not told.strip()
        if is_bad or is_silent or "a bug of ours" in told:
            wrong.append(f"{line}: {done.returncode}: {told[-300:]}")
    return wrong


def notes(office: Path) -> list[str]:
    """What was noted, in the order in which it was."""
    environ = {**os.environ, "BCP_PERSON": "anna"}
    log = quick.run(["incident", "log", "--json"], office, environ, subprocess.DEVNULL, timeout=60).stdout
    return [event["data"]["text"] for event in json.loads(log) if event["kind"] == "note.written"]


@pytest.fixture
def office(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, at another computer: nobody there remembers the first, and nobody is said to write that."""
    monkeypatch.setenv("LOCALAPPDATA" if IS_WINDOWS else "XDG_STATE_HOME", str(tmp_path / "memory"))
    return shutil.copytree(sample, tmp_path / "office", ignore=shutil.ignore_patterns(WRITERS))


@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_the_command_does_its_work_or_says_a_sentence(name: str, office: Path) -> None:
    script, settings, commands = CIRCUMSTANCES[name]
    wrong = troubles(office, script, settings, commands, not name.endswith(SILENT))
    assert not wrong, "\n".join(wrong)
    if name.startswith("closed") or name.endswith(SILENT):
        assert notes(office)[-1:] == ["x"], "what nobody reads of is done all the same"


def test_polish_names_are_kept_as_they_were_typed_whatever_the_setting_of_the_language(office: Path) -> None:
    place = office.rename(office.parent / "Biuro Łódź")
    commands = (
        "incident note 'Zażółć gęślą jaźń'",
        "incident status",
        "incident report",
        "print sheet phone-outage -o ż.pdf",
    )
    wrong = troubles(place.parent, "{bcp} --office 'Biuro Łódź'", WESTERN, commands)
    assert not wrong, "\n".join(wrong)
    assert notes(place)[-1:] == ["Zażółć gęślą jaźń"]


@needs_root
def test_a_full_folder_for_temporary_files_stops_no_record(office: Path) -> None:
    def work() -> None:
        fill(Path(tempfile.gettempdir()), (Path(sys.prefix), Path(bcp_package.__file__).parents[1], office))
        usual = "/var/tmp"
        fill(Path(usual), ())
        wrong = troubles(
            office, "{bcp}", {}, (*WORK, "notice preview line-down clients", SHEET, "incident report")
        )
        assert not wrong, "\n".join(wrong)

    in_own_mounts(work)
    assert notes(office)[-1:] == ["x"]


def fill(folder: Path, kept: Sequence[Path]) -> None:
    """Put a full disk at `folder`, below which only what is `kept` is still there."""
    aside = Path("/mnt")
    mount("--rbind", "/", aside)
    small_disk(folder, "64k")
    for each in kept:
        path = each.resolve()
        if path.is_relative_to(folder.resolve()):
            path.mkdir(parents=True, exist_ok=True)
            mount("--bind", aside / path.relative_to("/"), path)
    with suppress(OSError), (folder / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 512)


@needs_root
@pytest.mark.parametrize(
    ("what", "commands"), [("home", (*WORK, SHEET)), ("office and home", (*BROAD, "check run"))]
)
def test_what_can_only_be_read_is_a_sentence(
    what: str, commands: Sequence[str], office: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()

    def work() -> None:
        for folder in (office, home):
            if folder.name in what:
                make_read_only(folder)
        wrong = troubles(office, "{bcp}", {"HOME": str(home)}, commands)
        assert not wrong, "\n".join(wrong)

    in_own_mounts(work)


def test_a_bug_is_kept_in_the_state_folder_also_where_there_is_no_folder_for_temporary_files(
    office: Path,
) -> None:
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


def test_where_memory_is_gone_at_any_point_that_is_said_with_what_is_left(office: Path) -> None:
    program = (
        "import resource, sys; from pathlib import Path; from bcp.__main__ import run; import bcp.cli.main;"
        "pages = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize();"
        "limit = pages + int(sys.argv.pop(1)) * 1024;"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit)); run()"
    )
    wrong = []
    # With more, memory may end inside of a library's compiled part, which aborts or hangs by itself now and then.
    for left in (0, 1024, 4096, 8480, 10240, 12640, 15200):
        done = subprocess.run(
            [sys.executable, "-c", program, str(left), "validate"],
            cwd=office,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        told = done.stdout + done.stderr
        is_bad = done.returncode not in STATUSES or "Traceback" in told or "a bug of ours" in told
        if is_bad or not told.strip():
            wrong.append(f"{left} KB: {done.returncode}: {told[-300:]}")
    assert not wrong, "\n".join(wrong)

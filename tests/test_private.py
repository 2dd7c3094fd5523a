"""What the tool writes is for its owner, or for the group that the office names; what is published is for everybody."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bcp.app.check.watch_mark import WatchMarkFile
from bcp.errors import StepFailed
from bcp.files import PlantedLink, append, fresh_folder, put, whole, write_whole
from bcp.lever.place.base import PageCopy, PlaceEnv
from bcp.lever.place.kinds.folder import Folder
from bcp.private import tighten
from bcp.world.file import replace
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.children import in_a_child, needs_links, needs_modes, needs_root
from tests.frozen import FrozenClock
from tests.offices import bcp, office_in, runbook
from tests.ports import free_port
from tests.test_check_command import office, watching
from tests.waiting import until

pytestmark = needs_modes

SOMEBODY, SOMEBODY_ELSE, GROUP = 12345, 12346, "games"
_KEEP_CAPABILITIES, _CAPABILITY_VERSION_3, _READ_EVERYTHING = 8, 0x20080522, 1 << 2  # linux/capability.h
PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
"""
PROGRAM = """
  - phase: A
    steps:
      - {step: note, title: Note, by_hand: Do., command: {run: [sh, -c, "umask > mask; touch ran"]}, auto: true}
"""


@pytest.fixture(autouse=True)
def _usual_mask() -> Iterator[None]:
    """The mask that most logins have."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def hall() -> Iterator[Path]:
    """A folder that every login of this computer can enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    every = (folder, *folder.rglob("*"))
    return sorted(str(path) for path in every if not path.is_symlink() and mode(path) & 0o077)


def as_login(number: int, work: Callable[[], None], *groups: int) -> None:
    """It may read everything, for Python itself may lie where no other login reads; it writes what that login may."""

    def there() -> None:
        os.setgroups(groups)
        os.setgid(number)
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0) == 0
        os.setuid(number)
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        rights = (ctypes.c_uint32 * 6)(_READ_EVERYTHING, _READ_EVERYTHING, 0, 0, 0, 0)
        assert libc.capset(header, rights) == 0, os.strerror(ctypes.get_errno())
        work()

    in_a_child(there)


def belong_to(number: int, folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, number, number, follow_symlinks=False)


def test_whatever_a_day_leaves_behind_is_for_its_owner_alone(tmp_path: Path) -> None:
    office = tmp_path / "office"
    for command in (
        ("init", "--sample", str(office)),
        ("drill", "start", "internet-outage", "--answers", "runbooks/answers.yaml"),
        ("incident", "start", "internet-outage", "--by", "anna"),
        ("incident", "note", "The provider has called"),
        ("notice", "proof", "line-down"),
        ("incident", "report", "--format", "pdf"),
        ("incident", "export", "-o", "record"),
        ("incident", "export", "-o", "record.zip"),
        ("print", "internet-outage"),
        ("support", "--yes"),
    ):
        bcp(office if office.is_dir() else tmp_path, *command)
    made = {path.name for path in office.rglob("*")}
    assert {"bcp.sqlite3", "journal.txt", "record", "record.zip", "bcp.log", "prints"} <= made
    assert any(name.startswith("report-") for name in made)
    assert open_to_others(office) == []


def test_a_file_of_a_new_version_keeps_its_mode(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_text("old")
    page.chmod(0o640)
    put(page, b"new")
    assert (page.read_text(), mode(page)) == ("new", 0o640)


@needs_root
def test_a_file_that_root_writes_anew_stays_its_owners(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_text("old")
    os.chown(page, SOMEBODY, SOMEBODY_ELSE)
    page.chmod(0o664)
    put(page, b"new")
    found = page.stat()
    assert (found.st_uid, found.st_gid, mode(page)) == (SOMEBODY, SOMEBODY_ELSE, 0o664)


@needs_root
def test_a_published_file_that_its_group_could_not_read_any_more_is_left_as_it_was(hall: Path) -> None:
    page = hall / "kontakt.php"
    page.write_text("old")
    os.chown(page, SOMEBODY, SOMEBODY_ELSE)
    page.chmod(0o640)
    os.chown(hall, SOMEBODY, SOMEBODY)

    def write() -> None:
        reach = PlaceEnv(Real(Secrets(hall, {})), FrozenClock(), hall)
        way, words = Folder(path=str(hall)), "its group, such as the web server's, could not read it any more"
        with pytest.raises(StepFailed, match=words):
            way.try_out(reach, page.name)
        with pytest.raises(StepFailed, match=words):
            way.store(reach, page.name, b"new", PageCopy(b"old"))

    as_login(SOMEBODY, write)
    assert [each.name for each in hall.iterdir()] == [page.name] and page.read_text() == "old"
    page.chmod(0o644)
    as_login(SOMEBODY, lambda: put(page, b"new", published=True))
    assert page.read_text() == "new"


@needs_root
def test_what_root_makes_in_the_office_of_somebody_belongs_to_him(hall: Path) -> None:
    office = office_in(hall / "office", outage=runbook(PHASES))
    belong_to(SOMEBODY, office)
    assert bcp(office, "--office", str(office), "incident", "start", "outage").returncode == 9
    assert bcp(office, "print", "outage").returncode == 0
    assert {path.stat().st_uid for path in office.rglob("*")} == {SOMEBODY}
    assert (office / "incidents/bcp.sqlite3").is_file()


def test_a_page_that_is_published_is_for_everybody_as_other_programs_make_it(tmp_path: Path) -> None:
    assert replace(str(tmp_path / "new.html"), b"we are here") == ""
    (tmp_path / "old.html").write_text("old")
    (tmp_path / "old.html").chmod(0o604)
    assert replace(str(tmp_path / "old.html"), b"we are here") == ""
    write_whole(tmp_path / "private.json", "{}")
    found = [mode(tmp_path / name) for name in ("new.html", "old.html", "private.json")]
    assert found == [0o644, 0o604, 0o600]


def test_programs_are_started_with_the_mask_that_the_command_was_given(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office", outage=runbook(PROGRAM))
    assert bcp(office, "incident", "start", "outage").returncode == 0
    assert (office / "mask").read_text().strip() == "0022"
    assert mode(office / "ran") == 0o644


def test_the_store_of_an_older_version_is_closed_to_others(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office", outage=runbook(PHASES))
    bcp(office, "incident", "start", "outage")
    state = office / "incidents"
    folder = next(path for path in state.iterdir() if path.name.endswith("outage"))
    for path in (state, folder):
        path.chmod(0o755)
    (state / "bcp.sqlite3").chmod(0o644)
    bcp(office, "incident", "note", "The provider has called")
    assert [mode(path) for path in (state, folder, state / "bcp.sqlite3")] == [0o700, 0o700, 0o600]


def test_a_folder_that_holds_more_than_our_state_is_left_as_it_is(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office", outage=runbook(PHASES))
    elsewhere = tmp_path / "srv"
    elsewhere.mkdir()
    bcp(office, "incident", "start", "outage", BCP_STATE=str(elsewhere))
    assert (elsewhere / "bcp.sqlite3").is_file() and mode(elsewhere) == 0o755
    assert mode(elsewhere / "bcp.sqlite3") == 0o600


def test_a_group_that_may_write_was_let_in_by_hand_and_stays(tmp_path: Path) -> None:
    tmp_path.chmod(0o775)
    tighten(tmp_path)
    assert mode(tmp_path) == 0o770


@needs_root
def test_two_logins_of_the_group_that_the_office_names_work_on_one_incident(hall: Path) -> None:
    import grp

    group = grp.getgrnam(GROUP).gr_gid
    office = office_in(hall / "office", outage=runbook(PHASES))
    with (office / "bcp.yaml").open("a") as file:
        file.write(f"group: {GROUP}\n")
    belong_to(SOMEBODY, office)
    office.chmod(0o700)

    def begin() -> None:
        begun = bcp(office, "incident", "start", "outage")
        assert begun.returncode == 9, begun.stderr

    def go_on() -> None:
        noted = bcp(office, "--office", str(office), "incident", "note", "The provider has called")
        assert noted.returncode == 0, noted.stderr
        # As text: the threads that set a PDF do not live on in a fork.
        printed = bcp(office, "--office", str(office), "print", "outage", "-o", "sheet.txt")
        assert printed.returncode == 0, printed.stderr

    def end() -> None:
        noted = bcp(office, "incident", "note", "They have called again")
        assert noted.returncode == 0, noted.stderr

    as_login(SOMEBODY, begin, group)
    as_login(SOMEBODY_ELSE, go_on, group)
    as_login(SOMEBODY, end, group)
    record = next((office / "incidents").glob("*/journal.txt"))
    assert "has called" in record.read_text() and "called again" in record.read_text()
    for path in office.rglob("*"):
        if {"incidents", "prints", "sheet.txt"} & set(path.parts):
            assert path.stat().st_gid == group, path
            assert mode(path) & 0o060 == 0o060 and not mode(path) & 0o007, (path, oct(mode(path)))


def test_a_group_that_this_computer_does_not_know_is_told_by_validate_and_opens_nothing(
    tmp_path: Path,
) -> None:
    office = office_in(tmp_path / "office", outage=runbook(PHASES))
    with (office / "bcp.yaml").open("a") as file:
        file.write("group: no-such-group\n")
    told = bcp(office, "validate")
    assert told.returncode == 0 and "no group no-such-group" in told.stdout + told.stderr
    bcp(office, "incident", "start", "outage")
    assert open_to_others(office / "incidents") == []


@needs_root
@pytest.mark.parametrize("command", ["incident start outage", "check run", "watch"])
def test_an_office_of_somebody_else_is_refused_before_a_program_is_run(hall: Path, command: str) -> None:
    office = _of_somebody_else(hall)
    told = bcp(office, *command.split())
    assert told.returncode == 2, told.stderr
    assert str(SOMEBODY) in told.stderr and f"bcp --office {office}" in told.stderr
    assert not (office / "ran").exists() and not (office / "incidents/bcp.sqlite3").exists()


@needs_root
def test_an_office_of_somebody_else_can_be_read(hall: Path) -> None:
    office = _of_somebody_else(hall)
    for command in ("incident status", "validate", "runbook list", "check status", "print outage"):
        assert bcp(office, *command.split()).returncode == 0, command


@needs_root
@pytest.mark.parametrize(
    ("words", "environ"),
    [(["--office", "."], {}), ([], {"BCP_OFFICE": "."}), ([], {"SUDO_UID": str(SOMEBODY)})],
)
def test_an_office_that_was_named_or_that_asked_with_sudo_is_worked_in(
    hall: Path, words: list[str], environ: dict[str, str]
) -> None:
    office = _of_somebody_else(hall)
    assert bcp(office, *words, "incident", "start", "outage", **environ).returncode == 0
    assert (office / "ran").is_file()


@needs_root
def test_a_bcp_yaml_of_somebody_else_in_a_folder_of_ours_is_refused_too(hall: Path) -> None:
    office = _of_somebody_else(hall)
    os.chown(office, 0, 0)
    told = bcp(office, "incident", "start", "outage")
    assert told.returncode == 2 and f"{office}/bcp.yaml belongs to" in told.stderr


def _of_somebody_else(hall: Path) -> Path:
    office = office_in(hall / "office", outage=runbook(PROGRAM))
    belong_to(SOMEBODY, office)
    return office


@needs_links
def test_a_link_with_the_name_of_what_lies_beside_leads_nowhere(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    page = tmp_path / "page"
    for name in ("page.bcp-new", ".page.part", "page.new", ".page.new"):
        (tmp_path / name).symlink_to(victim)
    put(page, b"ours")
    append(tmp_path / "log", "ours")
    assert victim.read_text() == "untouched" and page.read_bytes() == b"ours"


@needs_root
@needs_links
def test_a_link_that_somebody_else_put_in_our_way_is_not_written_through(hall: Path) -> None:
    victim, page = hall / "victim", hall / "page"
    victim.write_text("untouched")
    page.symlink_to(victim)
    os.chown(page, SOMEBODY, SOMEBODY, follow_symlinks=False)
    with pytest.raises(PlantedLink):
        put(page, b"ours")
    with pytest.raises(OSError, match="link"):
        append(page, "ours")
    assert victim.read_text() == "untouched" and page.is_symlink()


@needs_links
def test_a_link_of_our_own_is_written_through_and_stays(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("old")
    (tmp_path / "page").symlink_to(tmp_path / "there")
    put(tmp_path / "page", b"new")
    assert (tmp_path / "page").is_symlink() and (tmp_path / "there").read_text() == "new"


def test_a_file_that_was_cut_off_leaves_the_old_one_and_nothing_beside(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_text("old")
    with pytest.raises(KeyboardInterrupt), whole(page) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert page.read_text() == "old" and [each.name for each in tmp_path.iterdir()] == ["page"]


def test_what_a_killed_process_left_beside_is_swept_an_hour_later(tmp_path: Path) -> None:
    names = (f".{'0' * 16}.bcp-new", f".{'2' * 16}.bcp-new.php", f".{'1' * 16}.bcp-new", "x.bcp-new")
    old, page, fresh, other = (tmp_path / name for name in names)
    for each in (old, page, fresh, other):
        each.write_text("half")
    long_ago = time.time() - 7200
    for each in (old, page, other):
        os.utime(each, (long_ago, long_ago))
    put(tmp_path / "page", b"whole")
    assert sorted(each.name for each in tmp_path.iterdir()) == [fresh.name, "page", other.name]


def test_a_folder_that_could_not_be_finished_is_gone(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no"), fresh_folder(tmp_path / "record") as fresh:
        (fresh / "half").write_text("half")
        assert mode(fresh) == 0o755
        raise OSError("no")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    read, write = os.pipe()
    put(Path(f"/dev/fd/{write}"), b"page")
    os.close(write)
    with os.fdopen(read, "rb") as file:
        assert file.read() == b"page"


@needs_root
def test_root_leaves_nothing_in_an_office_that_its_owner_cannot_go_on_with(hall: Path) -> None:
    with office(hall, free_port()) as place:
        belong_to(SOMEBODY, place)
        assert bcp(place, "check", "run", "--office", str(place)).returncode == 7
        with watching(place) as log:
            until(
                lambda: (
                    f"You are root, and this office belongs to {SOMEBODY}" in log.read_text(encoding="utf-8")
                )
            )
            until(lambda: WatchMarkFile(place / "incidents").read() is not None)
        theirs = [path for path in place.rglob("*") if path.stat().st_uid != SOMEBODY]
        assert [path.name for path in theirs] == ["watch.log"], "that one is of this test"
        told = bcp(place, "watch", "--print", "systemd", "--office", str(place))
        assert {f"User={SOMEBODY}", f"Group={SOMEBODY}"} <= set(told.stdout.splitlines())

        def owner_goes_on() -> None:
            started = bcp(place, "incident", "start", "outage")
            assert started.returncode == 9, started.stderr

        as_login(SOMEBODY, owner_goes_on)


@needs_root
def test_a_store_that_another_login_made_is_said_with_the_command_that_mends_it(hall: Path) -> None:
    with office(hall, free_port()) as place:
        bcp(place, "check", "run")
        belong_to(SOMEBODY, place)
        for path in (place / "incidents").iterdir():
            os.chown(path, 0, 0)

        def owner_looks() -> None:
            told = bcp(place, "check", "run")
            assert told.returncode == 7, told
            assert f"sudo chown -R {SOMEBODY} {place / 'incidents'}" in told.stderr, told.stderr
            refused = bcp(place, "incident", "start", "outage")
            assert (refused.returncode, f"sudo chown -R {SOMEBODY} " in refused.stderr) == (3, True), refused

        as_login(SOMEBODY, owner_looks)

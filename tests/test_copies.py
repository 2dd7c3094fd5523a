"""A copy of the record is noticed before anything is written into it: an older one, another one, one of two."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bcp.event import Head, content_of
from bcp.store.heads import WRITERS, LastHeads
from tests.children import IS_WINDOWS, in_own_mounts, mount, needs_root
from tests.forged import sealed
from tests.offices import bcp, bcp_apart, office_in, runbook
from tests.smtpd import PASSWORD, Smtpd
from tests.test_anchors import mail_to, smtpd

__all__ = ["smtpd"]

STEPS = runbook(
    "  - phase: One\n    steps:\n      - {step: look, title: Look, by_hand: Do., manual: {}}\n"
    "      - {step: after, title: After, by_hand: Do., manual: {}}"
)
MEMORY = "LOCALAPPDATA" if IS_WINDOWS else "XDG_STATE_HOME"


class Login:
    """Somebody at a computer; what he did is remembered for him alone."""

    def __init__(self, memory: Path) -> None:
        self.memory = memory

    def says(self, office: Path, *arguments: str, **environ: str) -> str:
        """A command that succeeds, or waits for a person; what it says."""
        said = bcp(office, *arguments, **{MEMORY: str(self.memory), **environ})
        assert said.returncode in (0, 9), said.stderr
        return said.stdout + said.stderr

    def is_refused(self, office: Path, *arguments: str, **environ: str) -> str:
        """A command that is refused because of a copy; what it says. Nothing was written."""
        before = record(office)
        said = bcp(office, *arguments, **{MEMORY: str(self.memory), **environ})
        assert (said.returncode, record(office)) == (3, before), said.stderr
        assert "--this-copy" in said.stderr
        return said.stderr


def record(office: Path) -> str:
    return bcp(office, "incident", "log", "--json").stdout


@pytest.fixture
def anna(tmp_path: Path) -> Login:
    return Login(tmp_path / "anna")


@pytest.fixture
def office(tmp_path: Path, anna: Login) -> Path:
    made = office_in(tmp_path / "office", outage=STEPS)
    anna.says(made, "incident", "start", "outage")
    return made


def test_an_older_record_that_was_put_back_is_not_written(office: Path, anna: Login, tmp_path: Path) -> None:
    shutil.copytree(office / "incidents", tmp_path / "backup")
    anna.says(office, "incident", "note", "one")
    shutil.rmtree(office / "incidents")
    shutil.copytree(tmp_path / "backup", office / "incidents")
    told = anna.is_refused(office, "incident", "note", "two")
    assert "ends here with entry 2, and this computer has written it up to entry 3" in told
    assert "this is an older copy" in told
    assert "look for the newer one in your backups" in told
    anna.is_refused(office, "incident", "resume")
    anna.is_refused(office, "incident", "step", "done", "look")
    anna.says(office, "incident", "status")
    anna.says(office, "incident", "resume", "--this-copy")
    anna.says(office, "incident", "note", "two")
    assert "this copy of the record is the one that is written" in record(office)


def test_a_record_that_was_written_elsewhere_too_is_told_from_ours(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    shutil.copytree(office / "incidents", tmp_path / "backup")
    anna.says(office, "incident", "note", "one")
    shutil.rmtree(office / "incidents")
    shutil.copytree(tmp_path / "backup", office / "incidents")
    stranger = {MEMORY: str(tmp_path / "nobody")}
    for text in ("other", "more"):
        assert bcp(office, "incident", "note", text, **stranger).returncode == 0
    told = anna.is_refused(office, "incident", "note", "two")
    assert "has another entry 3 than the one that this computer wrote" in told


def test_a_folder_that_was_copied_is_not_written_beside_the_first(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    other = shutil.copytree(office, tmp_path / "other")
    told = anna.is_refused(other, "incident", "note", "there")
    assert str(office / "incidents") in told
    sam = Login(tmp_path / "sam")
    assert str(office / "incidents") in sam.is_refused(other, "incident", "note", "there")
    anna.says(office, "incident", "note", "here")
    sam.says(other, "incident", "resume", "--this-copy")
    sam.says(other, "incident", "note", "there")
    anna.says(office, "incident", "note", "here again")


def test_a_folder_that_came_from_another_computer_is_not_written(office: Path, tmp_path: Path) -> None:
    writers = office / "incidents" / WRITERS
    told = json.loads(writers.read_text(encoding="utf-8"))
    for each in told.values():
        each |= {"machine": "another", "host": "front-desk", "path": "/srv/office/incidents"}
    writers.write_text(json.dumps(told), encoding="utf-8")
    sam = Login(tmp_path / "sam")
    if not IS_WINDOWS and not Path("/etc/machine-id").exists():
        pytest.skip("this computer has no name for itself")
    assert "front-desk: /srv/office/incidents" in sam.is_refused(office, "incident", "note", "x")


def test_another_login_of_this_computer_writes_the_same_folder(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    sam = Login(tmp_path / "sam")
    for each in (sam, anna, sam, anna):
        each.says(office, "incident", "note", "x")


def test_a_folder_that_was_moved_is_written(office: Path, anna: Login, tmp_path: Path) -> None:
    moved = office.rename(tmp_path / "moved")
    anna.says(moved, "incident", "note", "x")
    Login(tmp_path / "sam").says(moved.rename(tmp_path / "again"), "incident", "note", "x")


def test_a_record_of_before_there_was_a_memory_is_written(office: Path, tmp_path: Path) -> None:
    (office / "incidents" / WRITERS).unlink()
    Login(tmp_path / "sam").says(office, "incident", "note", "x")


def test_a_record_that_was_handed_over_is_no_copy(office: Path, anna: Login, tmp_path: Path) -> None:
    sam, there = Login(tmp_path / "sam"), office_in(tmp_path / "there", outage=STEPS)
    stick = str(tmp_path / "stick.zip")
    anna.says(office, "incident", "hand-over", stick)
    sam.says(there, "incident", "take-over", stick)
    sam.says(there, "incident", "note", "there")
    back = str(tmp_path / "back.zip")
    sam.says(there, "incident", "hand-over", back)
    anna.says(office, "incident", "take-over", back)
    anna.says(office, "incident", "note", "here")


def test_incidents_that_an_older_folder_lacks_are_named_once_and_a_new_one_begins(
    office: Path, anna: Login
) -> None:
    shutil.rmtree(office / "incidents")
    assert "is not in" in anna.says(office, "incident", "start", "outage")
    anna.says(office, "incident", "step", "done", "look")
    assert "is not in" not in anna.says(office, "drill", "start", "outage")


@pytest.mark.parametrize("spoil", [lambda file: file.write_text("x"), lambda file: file.write_bytes(b"\xff")])
def test_a_memory_that_cannot_be_read_refuses_nothing(
    office: Path, anna: Login, spoil: Callable[[Path], object]
) -> None:
    (file,) = (anna.memory / "bcp" / "heads").iterdir()
    spoil(file)
    anna.says(office, "incident", "note", "x")
    (anna.memory / "bcp" / "heads").rename(anna.memory / "away")
    (anna.memory / "bcp" / "heads").write_text("no folder", encoding="utf-8")
    anna.says(office, "incident", "note", "x")


@pytest.mark.parametrize("told", ["9 x y ", "99 x y z", f"-1 {64 * '0'} outage /", "\0\0\0"])
def test_a_memory_that_was_torn_refuses_nothing(office: Path, anna: Login, told: str) -> None:
    (file,) = (anna.memory / "bcp" / "heads").iterdir()
    file.write_text(told, encoding="utf-8")
    anna.says(office, "incident", "note", "x")


def test_what_somebody_else_writes_while_a_record_is_compared_makes_it_no_copy(tmp_path: Path) -> None:
    heads = LastHeads(tmp_path / "memory", tmp_path, print)
    first = 64 * "0"
    heads.wrote("outage", first, Head(11, 64 * "a"))

    def read_end() -> Head:
        end = Head(11, 64 * "a")
        heads.wrote("outage", first, Head(12, 64 * "b"))  # the other one, just after we have read
        return end

    heads.refuse_copy("outage", first, read_end, lambda _seq: 64 * "a")


def a_file_above(memory: Path) -> None:
    memory.write_text("no folder", encoding="utf-8")


def a_folder_instead(memory: Path) -> None:
    (memory / "bcp" / "installation").mkdir(parents=True)


def of_no_letters(memory: Path) -> None:
    (memory / "bcp").mkdir(parents=True)
    (memory / "bcp" / "installation").write_bytes(b"\xff\0")


@pytest.mark.parametrize("spoil", [a_file_above, a_folder_instead, of_no_letters])
def test_a_login_that_can_remember_nothing_writes_beside_another(
    office: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(tmp_path / "cron")
    cron = Login(tmp_path / "cron")
    cron.says(office, "incident", "note", "x")
    cron.says(office, "incident", "resume")


@needs_root
def test_a_memory_that_cannot_be_written_any_more_refuses_nothing(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    shutil.copytree(office / "incidents", tmp_path / "backup")
    anna.says(office, "incident", "note", "one")
    put_back(office, tmp_path / "backup")

    def work() -> None:
        mount("--bind", anna.memory, anna.memory)
        mount("-o", "remount,bind,ro", anna.memory)
        environ = {MEMORY: str(anna.memory)}
        said = bcp_apart(office, "incident", "note", "two", **environ)
        assert said.returncode == 0, said.stderr

    in_own_mounts(work)


def test_the_state_folder_that_the_environment_names_is_what_is_remembered(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    shutil.copytree(office / "incidents", state)
    told = anna.is_refused(office, "incident", "note", "x", BCP_STATE=str(state))
    assert str(office / "incidents") in told


def verified(login: Login, office: Path, *more: str) -> tuple[int, str]:
    """What a verification ends with, and what it says."""
    said = bcp(office, "incident", "verify", *more, **{MEMORY: str(login.memory)})
    return said.returncode, said.stdout + said.stderr


def put_back(office: Path, backup: Path) -> None:
    shutil.rmtree(office / "incidents")
    shutil.copytree(backup, office / "incidents")


def test_a_verification_says_that_an_older_record_was_put_back_and_writes_nothing(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    shutil.copytree(office / "incidents", tmp_path / "backup")
    anna.says(office, "incident", "note", "one")
    assert verified(anna, office)[0] == 0
    put_back(office, tmp_path / "backup")
    for _again in range(2):
        status, told = verified(anna, office)
        assert status == 3 and "it ends with event 2, and this computer has written it up to event 3" in told
        assert "DOES NOT HOLD" in told
    anna.says(office, "incident", "resume", "--this-copy")
    assert "this computer" not in verified(anna, office)[1]


def test_a_verification_says_that_the_record_went_on_otherwise_than_this_computer_wrote_it(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    shutil.copytree(office / "incidents", tmp_path / "backup")
    anna.says(office, "incident", "note", "one")
    put_back(office, tmp_path / "backup")
    (office / "incidents" / WRITERS).unlink()
    stranger = Login(tmp_path / "nobody")
    stranger.says(office, "incident", "note", "another")
    status, told = verified(anna, office)
    assert status == 3 and "event 3 is not the one that this computer wrote" in told


def test_a_verification_says_that_the_record_was_written_anew_from_its_first_event_on(
    office: Path, anna: Login
) -> None:
    (stream,) = (json.loads(bcp(office, "incident", "list", "--json").stdout)[0]["id"],)
    with closing(sqlite3.connect(office / "incidents" / "bcp.sqlite3", isolation_level=None)) as store:
        store.execute("DROP TRIGGER events_update_refused")
        last = "0" * 64
        query = "SELECT seq, body FROM events WHERE stream = ? ORDER BY seq"
        for seq, body in store.execute(query, (stream,)).fetchall():
            text, last = sealed({**content_of(body), "by": "piotr", "prev": last})
            store.execute(
                "UPDATE events SET body = ?, hash = ? WHERE stream = ? AND seq = ?", (text, last, stream, seq)
            )
    shutil.rmtree(anna.memory / "bcp" / "anchors")
    (office / "incidents" / stream / "anchors.jsonl").unlink()
    status, told = verified(anna, office)
    assert status == 3 and "event 2 is not the one that this computer wrote" in told


def test_a_verification_says_that_an_incident_is_not_there_any_more(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    shutil.rmtree(office / "incidents")
    status, told = verified(anna, office)
    assert status == 3 and "is not in" in told and "has written it up to event 2" in told
    assert "There is no incident yet" not in told
    assert verified(Login(tmp_path / "nobody"), office)[0] == 0


def test_a_head_of_another_record_is_no_sign_that_an_end_was_cut_off(office: Path, anna: Login) -> None:
    other = STEPS.replace("runbook: outage", "runbook: other")
    (office / "runbooks" / "other.yaml").write_text(other, encoding="utf-8")
    anna.says(office, "incident", "start", "other")
    anna.says(office, "drill", "start", "outage")
    first, second = (each["id"] for each in json.loads(bcp(office, "incident", "list", "--json").stdout))
    head = json.loads(bcp(office, "incident", "verify", "--incident", second, "--json").stdout)[0]["head"]
    status, told = verified(anna, office, "--incident", first, "--head", head)
    assert status == 2 and f"this is a head of {second}" in told.lower()
    assert f"bcp incident verify --incident {second} --head {head}" in told
    (drill,) = json.loads(bcp(office, "drill", "verify", "--json").stdout)
    status, told = verified(anna, office, "--head", drill["head"])
    assert status == 2 and f"bcp drill verify --incident {drill['id']} --head" in told
    assert verified(anna, office, "--head", "0" * 64)[0] == 3


def test_a_record_that_was_handed_over_and_goes_on_in_another_folder_is_no_older_copy(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    anna.says(office, "incident", "hand-over", str(tmp_path / "h.zip"))
    other = office_in(tmp_path / "other", outage=STEPS)
    anna.says(other, "incident", "take-over", str(tmp_path / "h.zip"), "--reason", "a new computer")
    anna.says(other, "incident", "note", "on")
    for each in (office, other):
        status, told = verified(anna, each)
        assert status == 0, told
        assert ("it goes on in" in told) is (each == office)


def test_a_copy_that_is_kept_beside_the_record_holds_and_says_where_the_record_goes_on(
    office: Path, anna: Login, tmp_path: Path
) -> None:
    shutil.copytree(office, tmp_path / "copy")
    anna.says(office, "incident", "note", "one")
    status, told = verified(anna, tmp_path / "copy")
    assert status == 0 and f"it goes on in {office / 'incidents'}, up to event 3" in told
    shutil.rmtree(office)
    status, told = verified(anna, tmp_path / "copy")
    assert status == 3 and "it is an older copy, or its end was cut off" in told


def flips_in(office: Path, incident: str) -> int:
    told = bcp(office, "incident", "log", "--json", "--incident", incident).stdout
    return [event["kind"] for event in json.loads(told)].count("check.flipped")


def test_a_copy_of_one_record_keeps_no_check_from_being_kept_and_no_flip_from_the_others(
    office: Path, anna: Login, tmp_path: Path, smtpd: Smtpd
) -> None:
    other = STEPS.replace("runbook: outage", "runbook: other")
    (office / "runbooks" / "other.yaml").write_text(other, encoding="utf-8")
    anna.says(office, "incident", "start", "other")
    first, second = (each["id"] for each in json.loads(bcp(office, "incident", "list", "--json").stdout))
    shutil.copytree(office / "incidents", tmp_path / "backup")
    anna.says(office, "incident", "note", "one", "--incident", first)
    put_back(office, tmp_path / "backup")
    mail_to(office, smtpd)
    looked = bcp(office, "check", "run", **{MEMORY: str(anna.memory), "MAIL": PASSWORD})
    assert looked.returncode != 3 and "--this-copy" in looked.stderr
    assert [flips_in(office, each) for each in (first, second)] == [0, 1]
    assert "down" in bcp(office, "check", "history", "--json").stdout
    subjects = [str(each.message["Subject"]) for each in smtpd.accepted]
    assert any(second in each for each in subjects) and not any(first in each for each in subjects)
    anna.is_refused(office, "incident", "record", "--incident", first)

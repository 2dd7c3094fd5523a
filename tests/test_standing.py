"""Whether what was set still stands is looked at as long as it is in force; each change is told once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.app.check.standing import StandingLooks, look
from bcp.app.session import Session
from bcp.app.stood import FILE, OPEN_EVERY
from bcp.errors import Exit
from bcp.event import Entry
from bcp.lever.place.ledger import PlaceJournal
from tests import quick
from tests.children import ends_another_process
from tests.frozen import FrozenClock
from tests.offices import bcp
from tests.places import PAGE, PHASES, office_with, site
from tests.ports import free_port
from tests.waiting import until

LONG_AGO = "2026-01-01T00:00:00Z"


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """The folder of the website."""
    folder = tmp_path / "www"
    folder.mkdir()
    (folder / "k.html").write_text(PAGE, encoding="utf-8")
    return folder


@pytest.fixture
def office(tmp_path: Path, www: Path) -> Path:
    """An office without checks, whose website says that the line is down."""
    way = f"{{folder: {{path: '{www}'}}}}"
    place = f"  - {{place: website, page: k.html, languages: [pl], way: {way}}}\n"
    made = office_with(tmp_path / "office", place)
    (made / "checks" / "internet.yaml").unlink()
    assert bcp(made, "incident", "start", "outage").returncode == 0
    return made


class Hand:
    """What puts other words into the website, and ours again; and what lets time pass between two looks."""

    def __init__(self, office: Path, www: Path) -> None:
        self._page, self._file = www / "k.html", office / "incidents" / FILE
        self._ours = self._page.read_text(encoding="utf-8")

    def clear(self) -> None:
        self._page.write_text(PAGE, encoding="utf-8")

    def restore(self) -> None:
        self._page.write_text(self._ours, encoding="utf-8")

    def wait(self) -> None:
        told = json.loads(self._file.read_text(encoding="utf-8"))
        tries = {name: {**each, "tried": LONG_AGO} for name, each in told["tries"].items()}
        self._file.write_text(json.dumps({**told, "at": LONG_AGO, "tries": tries}), encoding="utf-8")


def status(office: Path) -> dict[str, object]:
    (measure,) = json.loads(bcp(office, "incident", "status", "--json").stdout)["measures"]
    return dict(measure)


def test_what_stands_no_more_is_red_and_told_once_and_so_is_that_it_stands_again(
    office: Path, www: Path
) -> None:
    hand = Hand(office, www)
    assert status(office)["seen"] is None
    first = bcp(office, "check", "run")
    assert (first.returncode, first.stdout) == (0, "")
    assert "looked at 0 s ago: our text stands at website" in bcp(office, "incident", "status").stdout
    hand.clear()
    assert bcp(office, "check", "run").returncode == 0  # not a quarter of an hour later
    hand.wait()
    red = bcp(office, "check", "run")
    assert red.returncode == Exit.DUE and "Tell it on the website: NOT AS IT SHOULD BE" in red.stdout
    assert "→ set it once more: bcp incident redo tell" in red.stdout
    for _again in range(2):
        again = bcp(office, "check", "run")
        assert (again.returncode, again.stdout) == (Exit.DUE, "")
        hand.wait()
    shown = bcp(office, "incident", "status").stdout
    assert "NOT AS IT SHOULD BE since" in shown and "looked at" in shown and "→ " in shown
    seen = status(office)["seen"]
    assert isinstance(seen, dict) and seen["state"] == "gone" and seen["todo"]
    hand.restore()
    hand.wait()
    well = bcp(office, "check", "run")
    assert well.returncode == 0 and "as it should be again" in well.stdout
    log = bcp(office, "incident", "log").stdout
    assert log.count("NOT AS IT SHOULD BE") == 1 == log.count("as it should be again")


def test_what_was_left_at_closing_is_looked_at_until_it_is_undone(office: Path, www: Path) -> None:
    hand = Hand(office, www)
    bcp(office, "incident", "close", "--leave", "tell", "--reason", "still dead")
    hand.clear()
    assert bcp(office, "check", "run").returncode == Exit.DUE
    assert "NOT AS IT SHOULD BE" in bcp(office, "incident", "list").stdout
    bcp(office, "incident", "step", "done", "tell.undo", "--incident", _only(office))
    assert bcp(office, "check", "run").returncode == 0
    assert "NOT AS IT SHOULD BE" not in bcp(office, "incident", "list").stdout


def test_what_cannot_be_looked_at_is_said_to_be_so_and_is_nobodys_alarm(office: Path, www: Path) -> None:
    hand = Hand(office, www)
    bcp(office, "check", "run")
    www.rename(www.with_name("away"))
    hand.wait()
    unseen = bcp(office, "check", "run")
    assert (unseen.returncode, unseen.stdout) == (0, "")
    shown = bcp(office, "incident", "status").stdout
    assert "our text stands at website" in shown and "not looked at: there is no folder" in shown


def test_a_check_that_is_down_is_the_louder_status(office: Path, www: Path) -> None:
    Hand(office, www).clear()
    probe = f"{{tcp: {{host: 127.0.0.1, port: {free_port()}}}}}"
    check = f"check: site\ntitle: Our site\nconfirm: 1 look in 1s\nprobes: [{probe}]\n"
    (office / "checks" / "site.yaml").write_text(check, encoding="utf-8")
    red = bcp(office, "check", "run")
    assert red.returncode == Exit.CHECK_DOWN and "NOT AS IT SHOULD BE" in red.stdout


def test_it_is_looked_at_once_in_a_quarter_of_an_hour_also_by_a_clock_that_was_set_back(
    office: Path, www: Path
) -> None:
    clock = FrozenClock()
    session = Session(str(office), {}, clock)
    seen = []
    for later in (timedelta(0), OPEN_EVERY / 2, OPEN_EVERY, -2 * OPEN_EVERY):
        clock.go_on(later)
        look(session)
        seen.append(json.loads((office / "incidents" / FILE).read_text(encoding="utf-8"))["at"])
    assert seen[0] == seen[1] < seen[2] and seen[3] < seen[2]


def _only(office: Path) -> str:
    (found,) = json.loads(bcp(office, "incident", "list", "--json").stdout)
    return str(found["id"])


@ends_another_process
def test_a_watch_tells_it_to_the_program_that_the_office_named(
    office: Path, www: Path, tmp_path: Path
) -> None:
    Hand(office, www).clear()
    heard = tmp_path / "heard.txt"
    with (office / "bcp.yaml").open("a", encoding="utf-8") as file:
        script = f"import sys; open({str(heard)!r}, 'a').write(sys.argv[-1])"
        file.write(f"watch: {{notify: [{sys.executable}, -c, {script!r}]}}\n")
    environ = {**os.environ, "BCP_PERSON": "anna"}
    with quick.begun(["-m", "bcp", "watch"], office, environ, stdout=subprocess.PIPE) as watch:
        until(lambda: heard.exists() or watch.poll() is not None)
        watch.send_signal(signal.SIGTERM)
        told, _nothing = watch.communicate(timeout=30)
    assert told and "Tell it on the website: NOT AS IT SHOULD BE" in told
    assert "Tell it on the website: NOT AS IT SHOULD BE" in heard.read_text(encoding="utf-8")


def test_text_of_ours_that_no_incident_needs_is_red_too_until_it_is_taken_away(
    office: Path, www: Path
) -> None:
    hand = Hand(office, www)
    bcp(office, "incident", "undo", "tell")
    bcp(office, "incident", "close")
    assert bcp(office, "check", "run").returncode == 0
    hand.restore()  # an old tab of a browser is saved
    hand.wait()
    left = bcp(office, "check", "run")
    assert left.returncode == Exit.DUE and "our notice still stands at website" in left.stdout
    assert (again := bcp(office, "check", "run")).returncode == Exit.DUE and again.stdout == ""
    for asked in (("incident", "status"), ("place", "status"), ("check", "status")):
        assert "NOT AS IT SHOULD BE" in bcp(office, *asked).stdout, asked
    hand.clear()
    hand.wait()
    well = bcp(office, "check", "run")
    assert well.returncode == 0 and "website: as it should be again" in well.stdout


def test_what_somebody_wrote_over_a_measure_that_was_left_is_settled_by_the_command_that_is_named(
    office: Path, www: Path
) -> None:
    stream = _only(office)
    bcp(office, "incident", "close", "--leave", "tell", "--reason", "still dead")
    other = PAGE.replace("<!-- bcp:notice -->", "<!-- bcp:notice -->Open 8-16")
    (www / "k.html").write_text(other, encoding="utf-8")
    red = bcp(office, "check", "run")
    assert red.returncode == Exit.DUE and "somebody else changed it" in red.stdout
    named = f"bcp incident step done tell.undo --incident {stream}"
    assert f"if it is to stay so: {named}" in red.stdout
    assert bcp(office, *named.split()[1:]).returncode == 0
    assert bcp(office, "incident", "start", "outage").returncode == 0
    assert bcp(office, "incident", "undo", "tell").returncode == 0
    assert (www / "k.html").read_text(encoding="utf-8") == other


def test_what_a_step_without_an_undo_set_is_told_at_closing_and_is_in_no_later_incidents_way(
    tmp_path: Path, www: Path
) -> None:
    place = f"  - {{place: website, page: k.html, languages: [pl], way: {{folder: {{path: '{www}'}}}}}}\n"
    phases = PHASES.replace("PLACE", "website")
    office = office_with(tmp_path / "office", place, phases[: phases.index("        undo:")])
    (office / "checks" / "internet.yaml").unlink()
    assert bcp(office, "incident", "start", "outage").returncode == 0
    closed = bcp(office, "incident", "close")
    assert "stays as it is, for no step takes it back: something was put at website" in closed.stderr
    red = bcp(office, "check", "run")
    assert red.returncode == Exit.DUE and "our notice still stands at website" in red.stdout
    (www / "k.html").write_text(PAGE.replace("<!-- bcp:notice -->", "<!-- bcp:notice -->Open 8-16"), "utf-8")
    assert bcp(office, "incident", "start", "outage").returncode == 0


def test_that_the_public_is_shown_something_else_is_red_and_no_word_that_it_was_taken_back(
    tmp_path: Path, www: Path
) -> None:
    public, stale = tmp_path / "public", tmp_path / "stale"
    public.symlink_to(www)
    stale.mkdir()
    (stale / "k.html").write_text(PAGE, encoding="utf-8")
    with site(public) as url:
        way = f"url: '{url}/k.html', way: {{folder: {{path: '{www}'}}}}"
        place = f"  - {{place: website, page: k.html, languages: [pl], {way}}}\n"
        office = office_with(tmp_path / "office", place)
        (office / "checks" / "internet.yaml").unlink()
        assert bcp(office, "incident", "start", "outage").returncode == 0
        public.unlink()
        public.symlink_to(stale)
        red = bcp(office, "check", "run")
        assert red.returncode == Exit.DUE and "does not say it any more" in red.stdout
        assert bcp(office, "incident", "step", "done", "tell.undo").returncode == Exit.STEP_FAILED
    assert bcp(office, "incident", "undo", "tell").returncode == 0
    assert (www / "k.html").read_text(encoding="utf-8") == PAGE


def test_what_was_taken_back_beneath_something_newer_does_not_come_up_again(office: Path, www: Path) -> None:
    first = _only(office)
    runbook = (office / "runbooks" / "outage.yaml").read_text(encoding="utf-8")
    second = runbook.replace("runbook: outage", "runbook: phone").replace("600 00 99", "600 00 77")
    (office / "runbooks" / "phone.yaml").write_text(second, encoding="utf-8")
    assert bcp(office, "incident", "start", "phone").returncode == 0
    said = bcp(office, "incident", "step", "done", "tell.undo", "--incident", first)
    assert said.returncode == 0, said.stderr
    assert "something newer is shown" in bcp(office, "incident", "log", "--incident", first).stdout
    assert bcp(office, "incident", "undo", "tell").returncode == 0
    assert (www / "k.html").read_text(encoding="utf-8") == PAGE


def test_what_is_being_switched_at_this_moment_is_not_looked_at(office: Path, www: Path) -> None:
    Hand(office, www).clear()
    session = Session(str(office), {})
    book = session.book(_only(office), "incident")
    begun = Entry("step.begun", "anna", {"step": "tell.undo", "title": "Take it off the website"})
    book.write(lambda _incident: [begun])
    assert look(session) == StandingLooks()


def test_what_an_earlier_version_set_is_looked_at_too_and_told_by_its_incident(
    office: Path, www: Path
) -> None:
    session = Session(str(office), {})
    parts = {"notice": "<p>Our line is down</p>"}
    older = {"incident": _only(office), "place": "website", "kept": "", "sha256": ""}
    PlaceJournal(session.stores.levers, "anna").write(
        "place.writing", {**older, "before": {"notice": [""]}, "after": parts}
    )
    news = look(session).news
    assert f"{_only(office)}: website: NOT AS IT SHOULD BE" in news[0]
    assert news[1:] == ("  → find out who changed it",)


def test_what_stands_no_more_is_set_once_more_by_the_command_that_is_named(office: Path, www: Path) -> None:
    hand = Hand(office, www)
    assert bcp(office, "check", "run").returncode == Exit.OK
    hand.clear()
    hand.wait()
    red = bcp(office, "check", "run")
    command = red.stdout.partition("set it once more: bcp ")[2].split()
    assert red.returncode == Exit.DUE and command[:3] == ["incident", "redo", "tell"], red.stdout
    again = bcp(office, *command)
    assert again.returncode == Exit.OK and "Set once more" in again.stderr, again.stderr
    assert (www / "k.html").read_text("utf-8") != PAGE
    hand.wait()
    well = bcp(office, "check", "run")
    assert (
        well.returncode == Exit.OK and "NOT AS IT SHOULD BE" not in bcp(office, "incident", "status").stdout
    )
    assert "set once more" in bcp(office, "incident", "log").stdout
    assert bcp(office, "incident", "close").returncode == Exit.OK
    assert (www / "k.html").read_text("utf-8") == PAGE


def test_what_is_not_in_force_is_not_set_once_more(office: Path) -> None:
    refused = bcp(office, "incident", "redo", "nothing")
    assert refused.returncode == Exit.INPUT and 'no measure "nothing" in force' in refused.stderr


def test_what_lies_beneath_something_newer_is_not_set_once_more(office: Path, www: Path) -> None:
    plan = (office / "runbooks" / "outage.yaml").read_text(encoding="utf-8")
    other = plan.replace("runbook: outage", "runbook: phone").replace("notice: line-down", "notice: update")
    (office / "runbooks" / "phone.yaml").write_text(other, encoding="utf-8")
    assert bcp(office, "incident", "start", "phone").returncode == Exit.OK
    said = (www / "k.html").read_bytes()
    listed = json.loads(bcp(office, "incident", "list", "--json").stdout)
    first = next(each["id"] for each in listed if each["id"].endswith("outage"))
    refused = bcp(office, "incident", "redo", "tell", "--incident", first)
    assert refused.returncode == Exit.INPUT and "something newer is shown" in refused.stderr
    assert (www / "k.html").read_bytes() == said

"""The outbox of alerts: kept before all else, told by real ways, tried again, and never lost."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.alert.alert import Alert
from bcp.alert.kinds import desktop
from bcp.alert.outbox import LEAST_TRIES
from bcp.app.alert.now import tell_now
from bcp.app.alert.post import AlertPost
from bcp.app.alert.recipients import recipients_of
from bcp.app.session import Session
from bcp.errors import Exit
from bcp.office.model import Office
from bcp.office.model import load as load_office
from bcp.world import urgent
from bcp.yaml.source import Reader
from tests.children import ends_another_process
from tests.frozen import FrozenClock
from tests.gateways import Gateway, gateway
from tests.offices import CHECK, OFFICE, bcp
from tests.ports import free_port
from tests.programs import program
from tests.smtpd import PASSWORD, USER, Faults, Smtpd, running
from tests.test_alerts import DOWN, UP, at
from tests.test_sms import has_modem_manager, modem_manager
from tests.waiting import until


@pytest.fixture(scope="module")
def smtpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Smtpd]:
    with running(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture(scope="module")
def web() -> Iterator[Gateway]:
    with gateway(lambda _asked: (200, '{"count":1,"list":[{"id":"5F","status":"QUEUE"}]}')) as server:
        yield server


@pytest.fixture(autouse=True)
def _anew(smtpd: Smtpd, web: Gateway) -> None:
    smtpd.accepted.clear()
    smtpd.faults = Faults()
    web.asked.clear()


def mail_channel(port: int, authority: Path | str) -> str:
    return (
        f"{{smtp: {{host: localhost, port: {port}, user: {USER}, password: 'env:MAIL',"
        f" from: 'Kropka <{USER}>', authority: '{authority}'}}}}"
    )


def sms_channel(url: str) -> str:
    return f"{{sms-smsapi: {{token: 'env:SMS', from: Kropka, api: '{url}'}}}}"


class Place:
    """An office whose time is the test's, and what its post says."""

    def __init__(self, folder: Path, *tell: str, more: str = "") -> None:
        self.folder, self.clock, self.said = folder, FrozenClock(), list[str]()
        folder.mkdir(exist_ok=True)
        self.write(*tell, more=more)
        self.heard = folder / "heard"
        self.dead = folder / "dead"

    def write(self, *tell: str, more: str = "") -> None:
        people = OFFICE.replace('"+48600000101"}', '"+48600000101", email: anna@example.com}')
        ways = "".join(f"\n    - {each}" for each in tell)
        text = people + (f"watch:\n  tell:{ways}\n" if tell else "") + more
        (self.folder / "bcp.yaml").write_text(text, encoding="utf-8")

    def program(self, name: str = "heard") -> str:
        """A way that writes down what it is told, and fails while the file `dead` is there."""
        code = (
            f"import os, sys; os.path.exists({str(self.dead)!r}) and sys.exit('no line');"
            f" open({str(self.folder / name)!r}, 'a', encoding='utf-8').write(sys.argv[1] + chr(10))"
        )
        return f"program: {{run: {program(code)}, text: short}}"

    def post(self) -> AlertPost:
        """A post of a process of its own."""
        environ = {**os.environ, "MAIL": PASSWORD, "SMS": "sms-secret"}
        session = Session(str(self.folder), environ, self.clock)
        return AlertPost(session, self.office, self.said.append)

    def office(self) -> Office:
        reader = Reader()
        found = load_office(self.folder, reader)
        reader.finish()
        assert found is not None
        return found

    def tell(self, *alerts: Alert) -> None:
        """Keep and deliver, as one process."""
        post = self.post()
        post.keep(alerts)
        post.deliver()

    def lines(self, name: str = "heard") -> list[str]:
        file = self.folder / name
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def at_program(folder: Path) -> Place:
    place = Place(folder)
    place.write(place.program())
    return place


def test_one_message_goes_out_by_each_way_and_each_says_it_in_its_form(
    tmp_path: Path, smtpd: Smtpd, web: Gateway
) -> None:
    place = Place(tmp_path / "office")
    place.write(
        f"mail: {{to: [anna, piotr@example.com], by: {mail_channel(smtpd.port, smtpd.authority)}}}",
        f"sms: {{to: [anna, piotr], by: {sms_channel(web.url)}}}",
        place.program(),
    )
    place.tell(replace(DOWN, title="Łącze główne"))
    assert sorted(smtpd.copies()) == ["anna@example.com", "piotr@example.com"]
    letter = smtpd.accepted[0].message
    assert letter["Subject"] == "DOWN 07:50 Łącze główne: connection refused. Next: bcp incident start shop"
    assert "Since: Thu 26 Nov 2026 07:50 CET" in letter.get_content()
    assert sorted(asked.form["to"] for asked in web.asked) == ["48600000101", "48600000102"]
    expected = "DOWN 07:50 Lacze glowne: connection refused. Next: bcp incident start shop"
    assert {asked.form["message"] for asked in web.asked} == {expected}
    assert place.lines() == [expected] and not place.said
    place.clock.go_on(timedelta(hours=1))
    place.post().deliver()
    assert len(smtpd.accepted) == 2 and len(web.asked) == 2, "nobody is told twice"


def test_what_could_not_be_told_is_told_when_a_way_works_and_one_dead_way_stops_no_other(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path / "office")
    place.write(place.program(), place.program("other").replace(str(place.dead), "never"))
    place.dead.touch()
    place.tell(DOWN)
    assert place.lines("other") == ["DOWN 07:50 Our shop: connection refused. Next: bcp incident start shop"]
    assert place.lines() == [] and len(place.said) == 1 and "no line" in place.said[0]
    place.dead.unlink()
    place.clock.go_on(timedelta(seconds=4))
    due = place.post().deliver()
    assert place.lines() == [] and due == at(0) + timedelta(seconds=5), (
        "it is tried again after 5 s, not before"
    )
    place.clock.go_on(timedelta(seconds=1))
    assert place.post().deliver() is None
    assert place.lines() == place.lines("other") and len(place.said) == 1


def test_what_is_over_by_then_is_one_message_and_a_second_failure_says_nothing_more(tmp_path: Path) -> None:
    place = at_program(tmp_path / "office")
    place.dead.touch()
    place.tell(DOWN)
    place.clock.go_on(timedelta(minutes=41))
    place.tell(UP)
    assert place.lines() == [] and len(place.said) == 1
    place.dead.unlink()
    place.clock.go_on(timedelta(minutes=5))
    place.post().deliver()
    assert place.lines() == ["Our shop was down 07:50-08:31, now up: connection refused"]


def test_what_is_found_twice_is_told_once(tmp_path: Path) -> None:
    place = at_program(tmp_path / "office")
    place.tell(DOWN)
    place.tell(DOWN)
    assert len(place.lines()) == 1


def test_a_way_for_when_others_fail_waits_two_minutes_and_is_spared_where_they_did_not(
    tmp_path: Path, web: Gateway
) -> None:
    place = Place(tmp_path / "office")
    place.write(place.program(), f"sms: {{to: [anna], by: {sms_channel(web.url)}, when: others-fail}}")
    place.tell(DOWN)
    place.clock.go_on(timedelta(minutes=3))
    assert place.post().deliver() is None and not web.asked and len(place.lines()) == 1
    place.dead.touch()
    place.tell(replace(DOWN, id="later", since=at(3), at=at(3)))
    place.clock.go_on(timedelta(minutes=1))
    place.post().deliver()
    assert not web.asked
    place.clock.go_on(timedelta(minutes=2))
    place.post().deliver()
    assert [asked.form["message"][:10] for asked in web.asked] == ["DOWN 07:53"]


def test_a_screen_nobody_may_sit_at_keeps_no_other_way_from_telling(tmp_path: Path, web: Gateway) -> None:
    place = Place(
        tmp_path / "office",
        "desktop: {}",
        f"sms: {{to: [anna], by: {sms_channel(web.url)}, when: others-fail}}",
    )
    ways = recipients_of(place.office(), {})
    assert [each.way.counts for each in ways.values()] == [False, True]
    place.tell(DOWN)
    place.clock.go_on(timedelta(minutes=3))
    place.post().deliver()
    assert len(web.asked) == 1


def test_a_way_that_is_gone_from_the_file_leaves_what_waits_to_those_that_are_there(tmp_path: Path) -> None:
    place = Place(tmp_path / "office", "program: {run: [no-such-program]}")
    place.tell(DOWN)
    assert "no-such-program" in place.said[0]
    place.write(place.program())
    place.post().deliver()
    assert len(place.lines()) == 1


def test_what_no_way_took_for_a_week_is_given_up_aloud(tmp_path: Path) -> None:
    place = at_program(tmp_path / "office")
    place.dead.touch()
    place.tell(DOWN)
    place.clock.go_on(timedelta(days=8))
    assert place.post().deliver() is not None, "a clock that jumped gives nothing up"
    for _number in range(LEAST_TRIES - 2):
        place.clock.go_on(timedelta(hours=1))
        place.post().deliver()
    place.clock.go_on(timedelta(hours=1))
    assert place.post().deliver() is None
    assert "Given up after a week" in place.said[-1] and "no line" in place.said[-1]


def test_a_program_is_found_from_the_office_s_folder_and_from_a_home_as_validate_found_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    place = Place(tmp_path / "office", "program: {run: [./tell.sh]}", "program: {run: [~/tell.sh]}")
    for folder in (place.folder, tmp_path):
        (folder / "tell.sh").write_text(f'#!/bin/sh\necho "$1" >> {place.heard}\n')
    said = bcp(place.folder, "validate").stderr
    assert "this login may not run ./tell.sh" in said and "this login may not run ~/tell.sh" in said
    for folder in (place.folder, tmp_path):
        (folder / "tell.sh").chmod(0o700)
    assert bcp(place.folder, "validate").returncode == Exit.OK
    place.tell(DOWN)
    assert place.said == [] and sum("DOWN 07:50" in line for line in place.lines()) == 2


def test_a_store_that_cannot_be_used_keeps_nothing_from_anybody_and_gets_it_back(tmp_path: Path) -> None:
    place = at_program(tmp_path / "office")
    store = place.folder / "incidents" / "bcp.sqlite3"
    store.parent.mkdir()
    store.write_bytes(b"this is no database" * 999)
    place.dead.touch()
    place.tell(DOWN)
    place.dead.unlink()
    place.clock.go_on(timedelta(minutes=1))
    place.post().deliver()  # another process: the file beside the store knows of it
    assert len(place.lines()) == 1
    place.clock.go_on(timedelta(minutes=1))
    place.post().deliver()
    assert len(place.lines()) == 1, "that it was told is known without the store, too"
    place.dead.touch()
    place.tell(UP)
    store.unlink()
    place.dead.unlink()
    place.clock.go_on(timedelta(minutes=1))
    place.post().deliver()
    assert [line[:8] for line in place.lines()] == ["DOWN 07:", "UP AGAIN"]
    with closing(sqlite3.connect(store)) as database:
        assert database.execute("SELECT state, count(*) FROM alert_deliveries GROUP BY 1").fetchall() == [
            ("taken", 2)
        ]


def test_a_pass_without_a_store_tells_an_outage_once_and_its_end_too(tmp_path: Path) -> None:
    place = at_program(tmp_path / "office")
    (place.folder / "checks").mkdir()
    port = free_port()
    (place.folder / "checks" / "internet.yaml").write_text(CHECK.replace("port: 9", f"port: {port}"))
    store = place.folder / "incidents" / "bcp.sqlite3"
    store.parent.mkdir()
    store.write_bytes(b"this is no database" * 999)
    for _pass in range(2):
        assert "The internet: DOWN" in bcp(place.folder, "check", "run").stdout
    outage, trouble = place.lines()
    assert "DOWN " in outage and trouble.startswith("What the checks see cannot be written down.")
    with socket.create_server(("127.0.0.1", port)):
        bcp(place.folder, "check", "run")
        store.unlink()
        bcp(place.folder, "check", "run")
    assert [line[:8] for line in place.lines()[2:]] == ["UP AGAIN"]


def test_where_not_even_a_file_can_be_written_the_memory_of_the_process_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "a-file"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "a-file"))
    (tmp_path / "a-file").touch()
    place = at_program(tmp_path / "office")
    (place.folder / "incidents").touch()  # no folder, so neither store nor file
    place.dead.touch()
    post = place.post()
    post.keep([DOWN])
    post.deliver()
    place.dead.unlink()
    place.clock.go_on(timedelta(minutes=1))
    post.deliver()
    post.deliver()
    assert len(place.lines()) == 1


def test_a_mail_server_that_refuses_us_is_asked_again_later_than_one_that_is_not_there(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    place = Place(
        tmp_path / "office", f"mail: {{to: [anna], by: {mail_channel(smtpd.port, smtpd.authority)}}}"
    )
    smtpd.faults = Faults(recipients={"anna@example.com": "550 5.1.1 no such user"})
    post = place.post()
    post.keep([DOWN])
    assert post.deliver() == at(1) and "no such user" in place.said[0]
    place.write(f"mail: {{to: [anna], by: {mail_channel(free_port(), smtpd.authority)}}}")
    place.clock.go_on(timedelta(minutes=1))
    assert place.post().deliver() == at(1) + timedelta(seconds=15)


SLOW = """
import os, sys, time
open({heard!r}, "a").write(sys.argv[1].splitlines()[0] + "\\n")
os.path.exists({go_on!r}) or time.sleep(60)
"""


@ends_another_process
def test_a_watch_that_is_killed_between_telling_and_writing_it_down_tells_at_most_twice(
    tmp_path: Path,
) -> None:
    heard, go_on = tmp_path / "heard", tmp_path / "go-on"
    code = SLOW.format(heard=str(heard), go_on=str(go_on))
    office = tmp_path / "office"
    (office / "checks").mkdir(parents=True)
    (office / "bcp.yaml").write_text(OFFICE + f"watch: {{notify: {program(code)}}}\n", encoding="utf-8")
    check = CHECK.replace("port: 9", f"port: {free_port()}").replace("every: 30s", "every: 1s")
    (office / "checks" / "internet.yaml").write_text(check, encoding="utf-8")
    command = [sys.executable, "-m", "bcp", "--office", str(office), "watch"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet) as watch:  # type: ignore[call-overload]
        until(lambda: heard.exists() and heard.read_text().count("\n") == 1)
        watch.kill()
    go_on.touch()
    with subprocess.Popen(command, **quiet) as watch:  # type: ignore[call-overload]
        until(lambda: heard.read_text().count("\n") == 2)
        store = office / "incidents" / "bcp.sqlite3"
        until(lambda: states(store) == ["taken"])
        watch.send_signal(signal.SIGTERM)
        watch.wait(30)
    assert heard.read_text().count("DOWN") == 2


def states(store: Path) -> list[str]:
    with closing(sqlite3.connect(store)) as database:
        return [state for (state,) in database.execute("SELECT state FROM alert_deliveries")]


def test_a_pass_of_cron_tells_as_the_watch_does_and_goes_on_trying(tmp_path: Path) -> None:
    place = at_program(tmp_path / "office")
    (place.folder / "checks").mkdir()
    port = free_port()
    (place.folder / "checks" / "internet.yaml").write_text(CHECK.replace("port: 9", f"port: {port}"))
    place.dead.touch()
    ran = bcp(place.folder, "check", "run")
    assert ran.returncode == Exit.CHECK_DOWN and "Not told yet: the program" in ran.stderr
    assert bcp(place.folder, "check", "run").stderr == "", "it is said once"
    place.dead.unlink()
    with closing(sqlite3.connect(place.folder / "incidents" / "bcp.sqlite3")) as database:
        database.execute("UPDATE alert_deliveries SET not_before = 0")  # as if its five seconds were over
        database.commit()
    assert bcp(place.folder, "check", "run").stderr == ""
    (line,) = place.lines()
    assert "DOWN " in line and "The internet" in line and "Next: " in line


def test_a_trial_says_for_each_way_who_got_it_and_why_somebody_did_not(tmp_path: Path, smtpd: Smtpd) -> None:
    place = Place(tmp_path / "office")
    mail = f"mail: {{to: [anna, nobody], by: {mail_channel(smtpd.port, smtpd.authority)}}}"
    place.write(mail, place.program())
    ran = bcp(place.folder, "watch", "test", MAIL=PASSWORD)
    assert ran.returncode == Exit.NOT_DELIVERED
    assert (
        "✔ mail to anna: sent" in ran.stdout
        and "✘ mail to nobody: bcp.yaml names no mail of nobody" in ran.stdout
    )
    assert list(smtpd.copies()) == ["anna@example.com"] and place.lines()[0].startswith("TEST ")
    place.write(place.program())
    ran = bcp(place.folder, "watch", "test")
    assert ran.returncode == Exit.OK and "✔ the program" in ran.stdout
    place.write()
    ran = bcp(place.folder, "watch", "test")
    if sys.platform not in ("win32", "darwin"):
        assert ran.returncode == Exit.NOT_DELIVERED and "names no way to tell people" in ran.stderr


def test_what_can_never_work_is_a_mistake_of_validate_and_of_nothing_else(tmp_path: Path) -> None:
    tell = ["mail: {to: [anna, nobody]}", "chat: {channel: team}", "program: {run: [no-such-program]}"]
    more = "  notify: [./no/such/program]\n"
    place = Place(tmp_path / "office", *tell, more=more)
    ran = bcp(place.folder, "validate")
    assert ran.returncode == Exit.INPUT
    for said in (
        "there is no program ./no/such/program on this computer",
        '"nobody" is nobody in people',
        'channels.yaml has no channel "team" that carries a chat message',
        "channels.yaml has no channel that carries a mail",
        "there is no program no-such-program on this computer",
    ):
        assert said in ran.stderr
    assert bcp(place.folder, "check", "list").returncode == Exit.OK


@pytest.mark.parametrize(
    ("tell", "said"),
    [
        ("sms: {to: ['12']}", "expected a phone number"),
        ("mail: {to: ['anna@']}", "expected a mail address"),
        ("sms: {to: [anna], by: {smtp: {from: a@example.com, host: h}}}", "carries no text message"),
        ("sms: {to: [anna], channel: text, by: {sms-modem: {}}}", "either channel: or by:"),
        ("pigeon: {}", 'unknown key "pigeon"'),
    ],
)
def test_a_way_that_is_written_wrongly_is_a_mistake_with_its_place(
    tmp_path: Path, tell: str, said: str
) -> None:
    Place(tmp_path / "office", tell)
    reader = Reader()
    assert load_office(tmp_path / "office", reader) is None
    assert said in str(reader.mistakes[0]) and "bcp.yaml:14:" in str(reader.mistakes[0])


def test_the_note_on_the_screen_is_made_by_a_program_of_each_system_and_its_words_are_never_code() -> None:
    text = "DOWN 07:50 $(calc) '; rm"
    linux, mac, windows = (desktop._note("bcp", text, system) for system in ("linux", "darwin", "win32"))
    assert linux.arguments == ("notify-send", "--", "bcp", text)
    assert mac.arguments[-2:] == ("bcp", text) and text not in mac.arguments[:-1]
    assert windows.env == {"NOTE_TITLE": "bcp", "NOTE_TEXT": text} and text not in str(windows.arguments)
    assert "ToastNotificationManager" in str(windows.arguments[-1])


@pytest.mark.skipif(
    not has_modem_manager(),
    reason="apt-get install modemmanager dbus python3-dbusmock, or this is NOT tested",
)
def test_a_text_message_by_a_modem_goes_out_where_no_line_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with modem_manager(tmp_path, monkeypatch) as sent:
        place = Place(tmp_path / "office", "sms: {to: [anna], by: {sms-modem: {}}}")
        place.tell(replace(DOWN, cause="łącze operatora"))
        number, _tab, text = sent.read_text(encoding="utf-8").strip().partition("\t")
    assert number == "+48600000101"
    assert text == "Lacze operatora: DOWN 07:50 Our shop: connection refused. Next: bcp incident start shop"


def test_a_watch_that_cannot_begin_says_so_once_a_day_however_often_it_is_started(tmp_path: Path) -> None:
    place = at_program(tmp_path / "office")
    session = Session(str(place.folder), os.environ, place.clock, place.said.append)
    for _start in range(3):
        tell_now(session, place.office(), "The watch cannot begin. To see every mistake: bcp validate")
        place.clock.go_on(timedelta(minutes=1))
    assert [line[:22] for line in place.lines()] == ["The watch cannot begin"]
    place.clock.go_on(timedelta(days=1))
    tell_now(session, place.office(), "The watch cannot begin. To see every mistake: bcp validate")
    assert len(place.lines()) == 2


def test_a_way_with_a_fault_of_ours_is_tried_later_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = at_program(tmp_path / "office")
    place.write(place.program(), "desktop: {}")
    monkeypatch.setattr(desktop.Desktop, "send", lambda *_all: 1 / 0)
    post = place.post()
    post.keep([DOWN])
    due = post.deliver()
    assert len(place.lines()) == 1 and due == at(0) + timedelta(seconds=5)
    assert "a fault of bcp" in place.said[0]


def test_a_mail_server_that_is_silent_is_not_said_to_have_closed_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urgent, "PATIENCE", 0.1)
    with running(tmp_path, Faults(latency=1.0)) as silent:
        place = Place(
            tmp_path / "office", f"mail: {{to: [anna], by: {mail_channel(silent.port, silent.authority)}}}"
        )
        place.tell(DOWN)
    assert "localhost did not answer in time" in place.said[0]

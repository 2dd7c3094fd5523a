"""What a sending leaves behind: who is held back is named, set aside or told by phone; a watch goes on at the hour."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.app.notice.go_on import LettersGoOn
from bcp.app.notice.office import letters_of
from bcp.app.session import Session
from bcp.cli.notice.progress import SendingShown
from bcp.clock import Clock, SystemClock
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import Key
from bcp.notice.channel.base import Handed
from bcp.store.outbox import Outbox
from tests.frozen import FrozenClock
from tests.posts import office as make_office
from tests.smtpd import Faults, Smtpd, running
from tests.test_tell import RUNBOOK, bcp, surroundings
from tests.waiting import until
from tests.watching import Watching


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Smtpd]:
    with running(tmp_path_factory.mktemp("server")) as found:
        yield found


class Office:
    """An office with an open incident and its letters, as a person leaves them who typed the count."""

    def __init__(self, place: Path, smtpd: Smtpd, *names: str) -> None:
        self.place, self.smtpd, self.shown, self.said = place, smtpd, list[str](), list[str]()
        smtpd.faults = Faults()
        smtpd.accepted.clear()
        self.write(*names)
        (place / "runbooks").mkdir()
        (place / "runbooks" / "outage.yaml").write_text(RUNBOOK, "utf-8")
        assert bcp(place, "incident", "start", "outage").returncode == 9
        self.clock = FrozenClock(SystemClock().now().replace(microsecond=0))

    def write(self, *names: str) -> None:
        rows = [f"{name},{name.lower()}@example.com,22 600 00 01,en" for name in names]
        make_office(self.place, self.smtpd, "\n".join(["name,email,phone,language", *rows]) + "\n")

    def session(self, clock: Clock | None = None) -> Session:
        return Session(str(self.place), surroundings(), clock or self.clock, self.said.append)

    def letters(self) -> IncidentLetters:
        session = self.session()
        return letters_of(session, session.book(None, "incident").incident, "anna")

    def planned(self) -> str:
        return self.letters().plan("line-down", "clients", (), {}).campaign

    def sent(self) -> str:
        campaign = self.planned()
        self.letters().send(campaign)
        return campaign

    def watch(self) -> LettersGoOn:
        """What a watch has of it."""
        return LettersGoOn(
            self.session, lambda _session, words: self.shown.append(words), self.said.append, lambda do: do
        )

    def looked(self) -> None:
        """A watch looks, and all that it began is over."""
        looking = self.watch()
        looking.look()
        if (thread := looking._thread) is not None:
            until(lambda: not thread.is_alive())

    def told(self) -> list[str]:
        return sorted(one.recipient.partition("@")[0] for one in self.smtpd.accepted)

    def ledger(self) -> Outbox:
        return self.session().stores.of(Outbox)


def test_a_watch_goes_on_at_the_hour_at_which_the_server_wants_us_back_and_tells_it(
    tmp_path: Path, server: Smtpd
) -> None:
    office = Office(tmp_path, server, "A", "B")
    server.faults.recipients = {"b@example.com": "450 4.7.1 try again in 1 hour"}
    campaign = office.sent()
    at = office.ledger().approval(campaign).goes_on
    assert at == office.clock.now() + timedelta(hours=1)
    assert "The server may be asked again at" in bcp(tmp_path, "notice", "status").stderr
    server.faults.recipients = {}
    office.looked()
    assert office.told() == ["a"], "it is too early"
    office.clock.set_to(at)
    with office.ledger().sole_sender():
        office.looked()
    assert (
        office.told() == ["a"] and "another process of this office is sending letters now" in office.said[-1]
    )
    office.looked()
    assert office.told() == ["a", "b"]
    (words,) = office.shown
    assert "The sending of line-down to clients went on: 2 told" in words
    assert "2 told" in bcp(tmp_path, "incident", "log").stdout
    assert json.loads(bcp(tmp_path, "notice", "status", "--json").stdout)["sendings"][0]["goes_on_at"] is None


def test_a_watch_sends_nothing_to_which_nobody_agreed_nor_what_is_too_late(
    tmp_path: Path, server: Smtpd
) -> None:
    office = Office(tmp_path, server, "A", "B")
    server.faults.recipients = {"b@example.com": "450 4.7.1 try again in 1 hour"}
    campaign = office.sent()
    at = office.ledger().approval(campaign).goes_on
    assert at is not None
    server.faults.recipients = {}
    office.clock.set_to(at + timedelta(hours=9))
    office.looked()
    assert office.told() == ["a"], "it is too late"
    office.clock.set_to(at)
    office.write("A", "B", "C")
    assert office.planned() == campaign
    office.looked()
    assert office.told() == ["a"], "nobody agreed to the letter to C"
    assert "then give the command again" in bcp(tmp_path, "notice", "status").stderr


def test_who_is_held_back_is_named_with_what_was_tried_and_can_be_set_aside(
    tmp_path: Path, server: Smtpd
) -> None:
    office = Office(tmp_path, server, "A", "B", "C")
    server.faults.recipients = {"b@example.com": "421 4.7.0 your account is locked"}
    office.sent()
    status = bcp(tmp_path, "notice", "status")
    assert "B  (held back: 4.7.0 your account is locked)" in status.stdout
    assert "bcp notice skip B" in status.stderr and "bcp notice status B" in status.stderr
    one = bcp(tmp_path, "notice", "status", "B").stdout
    assert "line-down, by mail to b@example.com: held back; next try" in one
    assert one.count("put off: 421 4.7.0 your account is locked") == 2, one
    told = json.loads(bcp(tmp_path, "notice", "status", "b", "--json").stdout)
    assert (told["name"], told["standing"], told["letters"][0]["state"]) == ("B", "waiting", "deferred")
    first = told["letters"][0]["attempts"][0]
    assert (first["n"], first["stage"], first["code"], first["reply"]) == (
        1, "recipient", 421, "4.7.0 your account is locked",
    )  # fmt: skip
    said = bcp(tmp_path, "notice", "skip", "B")
    assert said.returncode == 0 and "There is no other way to write to B" in said.stderr
    aside = bcp(tmp_path, "notice", "status")
    stands = aside.stdout
    assert "not told: 1\n    B  (skipped by anna: 4.7.0 your account is locked)" in stands
    assert "stopped" not in aside.stderr, "nothing is held back any more"
    assert "B" in bcp(tmp_path, "notice", "calls").stdout
    again = bcp(tmp_path, "notice", "skip", "B")
    assert again.returncode == 2 and "No letter waits for B" in again.stderr
    server.faults.recipients = {}
    assert "1 letter waits again" in bcp(tmp_path, "notice", "skip", "B", "--undo").stderr
    office.letters().deliver(office.planned())
    assert office.told() == ["a", "b", "c"]
    assert bcp(tmp_path, "notice", "skip", "B", "--undo").returncode == 2
    assert bcp(tmp_path, "notice", "status", "Zorro").returncode == 2


def test_the_letter_of_somebody_who_was_told_by_phone_is_taken_back_and_no_doubt_about_one_is_asked(
    tmp_path: Path, server: Smtpd
) -> None:
    office = Office(tmp_path, server, "A", "B", "C")
    server.faults.recipients = {"b@example.com": "drop"}
    server.faults.bodies = {"c@example.com": "drop"}
    office.sent()
    assert "C  c@example.com" in bcp(tmp_path, "notice", "unknown").stdout
    said = bcp(tmp_path, "notice", "called", "C", "told")
    assert "A letter may have arrived as well" in said.stderr
    assert "Nothing is unknown" in bcp(tmp_path, "notice", "unknown").stderr
    assert "not sent any more" not in bcp(tmp_path, "notice", "called", "B", "no-answer").stderr
    assert "not sent any more" in bcp(tmp_path, "notice", "called", "B", "told").stderr
    server.faults.recipients = {}
    office.letters().deliver(office.planned())
    assert office.told() == ["a"]
    shown = bcp(tmp_path, "notice", "status", "B").stdout
    assert "not sent (told by a person)" in shown and "line-down, by phone" in shown
    assert "told: 3" in bcp(tmp_path, "notice", "status").stdout


def test_who_is_told_by_phone_while_the_letter_is_on_its_way_is_asked_about_no_more(
    tmp_path: Path, server: Smtpd
) -> None:
    office = Office(tmp_path, server, "A", "B")
    campaign, ledger = office.planned(), office.ledger()
    for name in ("a", "b"):
        ledger.claim(Key(campaign, name, "mail"), office.clock.now())
    assert "may have arrived as well" in bcp(tmp_path, "notice", "called", "A", "told").stderr
    ledger.doubt(campaign, SystemClock().now() + timedelta(minutes=1))
    listed = bcp(tmp_path, "notice", "unknown").stdout
    assert "b@example.com" in listed and "a@example.com" not in listed


def test_a_letter_that_is_tried_again_is_counted_once_on_the_screen(tmp_path: Path, server: Smtpd) -> None:
    office, watching = Office(tmp_path, server, "A", "B"), Watching()
    rows = list(office.ledger().rows(office.planned()))
    with SendingShown(2, office.clock, watching) as shown:
        for row in (*rows, rows[0]):
            shown.handed(row, Handed("sent", ""))
    (task,) = watching.tasks
    assert (task.count, task.total, task.names) == (2, 2, ["A", "B", "A"])


def test_ctrl_c_says_that_the_sending_stops_behind_the_present_letter(tmp_path: Path, server: Smtpd) -> None:
    office, watching = Office(tmp_path, server, "A", "B"), Watching()
    with SendingShown(2, office.clock, watching) as shown:
        signal.raise_signal(signal.SIGINT)
        assert shown.wants_stop()
    assert watching.tasks[0].names == ["stopping after this letter"]

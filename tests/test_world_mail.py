"""Mail through the one door: how far a letter came is known, and no password leaves unprotected."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from bcp.outside import MailEnvelope, MailServer
from bcp.world.mail import MOST_LETTERS, Mailer
from bcp.world.rehearsal import Rehearsal
from bcp.world.secret import Secrets
from tests.smtpd import PASSWORD, USER, Faults, Smtpd, running
from tests.wire import Listener

BODY = b"Subject: x\r\n\r\nfirst\r\n.dot at the start\r\n"


def server_of(smtpd: Smtpd, password: str = "env:MAIL", **changes: object) -> MailServer:
    told = {"host": "localhost", "port": smtpd.port, "user": USER, "authority": str(smtpd.authority)}
    return MailServer(**{**told, "password": password, **changes})  # type: ignore[arg-type]


def mailer() -> Mailer:
    return Mailer(Secrets(Path(), {"MAIL": PASSWORD, "WRONG": "wrong"}))


def parcel(server: MailServer, to: str = "a@example.com") -> MailEnvelope:
    return MailEnvelope(server, USER, to, BODY)


def test_a_letter_arrives_over_starttls_with_its_dots(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        moments: list[int] = []
        mailed = mailer().mail(parcel(server_of(smtpd)), lambda: moments.append(len(smtpd.accepted)))
        assert mailed.accepted and mailed.code == 250
        assert moments == [0]
        assert smtpd.accepted[0].content == BODY


def test_letters_that_follow_each_other_share_a_connection_but_not_for_ever(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        door = mailer()
        for _ in range(MOST_LETTERS + 1):
            assert door.mail(parcel(server_of(smtpd)), lambda: None).accepted
        assert smtpd.connections == 2
        door.close()


def test_a_certificate_that_is_not_to_be_trusted_stops_before_the_password(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        mailed = mailer().mail(parcel(server_of(smtpd, authority="")), lambda: None)
        assert mailed.stage == "secure" and mailed.code is None
        assert "certificate of localhost is not to be trusted" in mailed.trouble
        assert not smtpd.commands["AUTH"]


def test_a_certificate_of_another_name_stops_too(tmp_path: Path) -> None:
    with running(tmp_path, host="other.example") as smtpd:
        mailed = mailer().mail(parcel(server_of(smtpd)), lambda: None)
        assert "certificate of localhost is not to be trusted" in mailed.trouble


def test_a_server_without_starttls_gets_no_password(tmp_path: Path) -> None:
    with running(tmp_path, Faults(no_starttls=True)) as smtpd:
        mailed = mailer().mail(parcel(server_of(smtpd)), lambda: None)
        assert "does not offer what is needed" in mailed.trouble
        assert not smtpd.commands["AUTH"]


def test_a_server_that_goes_away_while_both_agree_on_tls_is_one_that_is_down(tmp_path: Path) -> None:
    def goes_away(line: socket.socket) -> None:
        with line, line.makefile("rb") as said:
            line.sendall(b"220 test\r\n")
            for answer in (b"250-test\r\n250 STARTTLS\r\n", b"220 go on\r\n"):
                said.readline()
                line.sendall(answer)

    listener = Listener(goes_away)
    try:
        mailed = mailer().mail(parcel(MailServer("localhost", listener.port)), lambda: None)
    finally:
        listener.close()
    assert (mailed.stage, mailed.code) == ("connect", None)


def test_a_wrong_password_is_told_with_the_servers_code(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        mailed = mailer().mail(parcel(server_of(smtpd, "env:WRONG")), lambda: None)
        assert (mailed.stage, mailed.code) == ("login", 535)


def test_a_server_that_knows_only_the_old_login_is_served(tmp_path: Path) -> None:
    with running(tmp_path, Faults(mechanism="LOGIN")) as smtpd:
        assert mailer().mail(parcel(server_of(smtpd)), lambda: None).accepted


def test_a_missing_password_is_told_with_its_reference(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        mailed = mailer().mail(parcel(server_of(smtpd, "env:NOTHING")), lambda: None)
        assert mailed.stage == "login" and "env:NOTHING is not set" in mailed.trouble


def test_a_connection_lost_behind_the_dot_is_told_as_lost_in_the_body(tmp_path: Path) -> None:
    with running(tmp_path, Faults(drop_each=1)) as smtpd:
        mailed = mailer().mail(parcel(server_of(smtpd)), lambda: None)
        assert (mailed.stage, mailed.code, mailed.accepted) == ("body", None, False)


def test_what_is_raised_before_the_body_sends_nothing(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def stop() -> None:
        raise Stop

    with running(tmp_path) as smtpd:
        door = mailer()
        with pytest.raises(Stop):
            door.mail(parcel(server_of(smtpd)), stop)
        assert door.mail(parcel(server_of(smtpd)), lambda: None).accepted
        assert len(smtpd.accepted) == 1


def test_after_a_refused_recipient_the_connection_goes_on(tmp_path: Path) -> None:
    with running(tmp_path, Faults(recipients={"bad@example.com": "550 5.1.1 no such user"})) as smtpd:
        door = mailer()
        refused = door.mail(parcel(server_of(smtpd), "bad@example.com"), lambda: None)
        assert (refused.stage, refused.code) == ("recipient", 550)
        assert door.mail(parcel(server_of(smtpd)), lambda: None).accepted
        assert smtpd.connections == 1


def test_nobody_at_the_port_is_a_sentence(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        server = server_of(smtpd)
    mailed = mailer().mail(parcel(server), lambda: None)
    assert mailed.stage == "connect" and "refuses connections" in mailed.trouble


def test_a_drill_records_the_letter_and_sends_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        drill = Rehearsal(tmp_path, {"MAIL": "x"})
        mailed = drill.mail(parcel(server_of(smtpd)), lambda: None)
        assert mailed.accepted and mailed.rehearsed
        assert not smtpd.connections
        assert drill.recorded


def test_a_secret_can_come_from_a_command(tmp_path: Path) -> None:
    printer = f"""command:"{sys.executable}" -c "print('word'); print('more')\""""
    assert Secrets(tmp_path, {}).value(printer) == "word"

"""Somebody is told in an outage of the line itself: over the stand-by line, or afterwards where there is none."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.lab import HERE, Lab
from tests.offices import office_in

INTERNET = """
check: internet
title: The internet
every: 1s
confirm: 2 looks in 0s
own_path: yes
probes: [{tcp: {host: 1.1.1.1, port: 443}}]
"""
WATCH = """
watch:
  tell:
    - mail: {to: [anna@example.com], by: {smtp: {host: mail.office.test, security: tls, from: us@example.com}}}
    - sms: {to: [anna], by: {sms-smsapi: {token: "env:SMS", from: Kropka, api: "http://control.test:8081"}}}
"""
LTE = "100.64.2.2"
"""From whom comes what goes over the stand-by line: its router."""


class Office:
    """An office in the laboratory, and the file of those who are told."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab, self.told, self.place = lab, folder / "told", office_in(folder / "office")
        (self.place / "checks" / "internet.yaml").write_text(INTERNET, encoding="utf-8")
        with (self.place / "bcp.yaml").open("a", encoding="utf-8") as file:
            file.write(WATCH)

    def looks(self) -> str:
        """A pass of cron; what it says to people at the computer."""
        command = ["env", "SMS=x", sys.executable, "-m", "bcp", "--office", str(self.place), "check", "run"]
        ran = self.lab.run(command, timeout=100)
        return ran.stdout + ran.stderr

    def heard(self) -> list[tuple[str, str, str]]:
        """Kind, sender and text of each message, in the order of the kinds."""
        lines = self.told.read_text(encoding="utf-8").splitlines() if self.told.exists() else []
        return sorted((kind, sender, text) for kind, sender, text in (line.split(" ", 2) for line in lines))


@pytest.fixture
def office(lab: Lab, tmp_path: Path) -> Iterator[Office]:
    found = Office(lab, tmp_path)
    command = [sys.executable, "-IS", HERE / "receiver.py", found.told]
    with lab.popen(command, "inet", stdout=subprocess.PIPE) as receiver:
        assert receiver.stdout is not None and receiver.stdout.readline() == "ready\n"
        yield found
        lab.signal(receiver, signal.SIGKILL)


def test_while_the_line_is_dead_mail_and_text_message_go_over_the_stand_by_line(
    lab: Lab, office: Office
) -> None:
    lab.fault("reject")
    assert "The internet: DOWN" in office.looks()
    mail, sms = office.heard()
    assert mail[:2] == ("mail", LTE) and sms[:2] == ("sms", LTE)
    for _kind, _sender, text in (mail, sms):
        assert (
            text.startswith("The provider's line: DOWN ") and " The internet: " in text and "Next: " in text
        )
    lab.heal()
    assert "The internet: UP" in office.looks()
    assert [text[:8] for _kind, _sender, text in office.heard() if text.startswith("UP")] == ["UP AGAIN"] * 2


def test_without_a_second_line_it_is_told_afterwards_with_its_span(lab: Lab, office: Office) -> None:
    lab.use("dsl", alone=True)
    lab.fault("reject")
    assert "Not told yet: mail to anna@example.com" in office.looks() and not office.heard()
    lab.heal()
    assert "The internet: UP" in (said := office.looks())
    assert len(office.heard()) == 2, said
    mail, sms = office.heard()
    for _kind, sender, text in (mail, sms):
        assert sender != LTE and text.partition("The provider's line: ")[2].startswith(
            "The internet was down "
        )
        assert ", now up: " in text

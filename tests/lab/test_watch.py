"""A watch in the laboratory: what stands for the internet may be edited while it runs."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.lab.lab import Lab
from tests.offices import office_in
from tests.waiting import until

PHONE = """
check: phone
title: Our telephones
every: 1s
confirm: 2 looks in 0s
probes: [{sip: {host: sip.office.test}}]
"""
NOWHERE = (
    'internet: {addresses: ["198.51.100.1:443"], page: "http://198.51.100.1/", names: [nowhere.invalid]}\n'
)


def test_an_edited_internet_is_the_one_that_the_next_diagnosis_goes_by(lab: Lab, tmp_path: Path) -> None:
    place, said = office_in(tmp_path / "office"), tmp_path / "said"
    (place / "checks" / "internet.yaml").unlink()
    (place / "checks" / "phone.yaml").write_text(PHONE, encoding="utf-8")
    command = [sys.executable, "-m", "bcp", "--office", place, "watch"]
    with said.open("w") as out, lab.popen(command, stdout=out, stderr=subprocess.STDOUT) as process:
        until(lambda: (place / "incidents" / "bcp.sqlite3").exists())
        with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
            file.write(NOWHERE)
        until(lambda: "checks loaded again: 1" in said.read_text())
        lab.fault("phone_dead")
        until(lambda: "Our telephones: " in said.read_text())
        lab.signal(process, signal.SIGTERM)
        assert process.wait(60) == 0
    # With an internet of which nothing is there, nobody can tell whose fault dead telephones are.
    assert "Our telephones: INCONCLUSIVE" in said.read_text()

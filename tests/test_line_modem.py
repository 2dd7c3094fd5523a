"""A modem that carries nothing: the real mmcli asks a ModemManager of its own, and a person is told what to do."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bcp.errors import StepFailed
from bcp.lever.line.kinds.nmcli import Nmcli
from bcp.lever.line.modem import trouble
from tests.children import needs_links
from tests.posts import real_world
from tests.test_sms import has_modem_manager, modem_manager

needs_modem_manager = pytest.mark.skipif(
    not has_modem_manager(),
    reason="apt-get install modemmanager dbus python3-dbusmock, or this is NOT tested",
)
# What NetworkManager 1.42 says of a connection that a modem cannot bring up: nmcli(1), exit status 4.
NMCLI = """#!{python}
import sys
told = " ".join(sys.argv[1:])
if "connection up" in told:
    print("Error: Connection activation failed: No suitable device found", file=sys.stderr)
    sys.exit(4)
if "connection.uuid" in told:
    print("1f3c7f4e-0000-4000-8000-000000000001")
"""


@needs_modem_manager
@pytest.mark.parametrize(
    ("modems", "words"),
    [
        ({"modems": "0"}, "no modem is there"),
        ({"modems": "2"}, "2 modems are there (0, 1)"),
        ({"lock": "2"}, "its SIM card asks for its PIN"),
        ({"lock": "4"}, "locked after three wrong PINs"),
        ({"modems": "1"}, ""),
    ],
    ids=["none", "two", "PIN", "PUK", "well"],
)
def test_what_is_wrong_with_the_modem_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modems: dict[str, str], words: str
) -> None:
    (tmp_path / "nmcli").write_text(NMCLI.format(python=sys.executable))
    (tmp_path / "nmcli").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    world = real_world(tmp_path)
    with modem_manager(tmp_path, monkeypatch, **modems):
        told = trouble(world)
        with pytest.raises(StepFailed) as failed:
            Nmcli(connection="lte", modem=True).switch(world)
    assert words in told and bool(words) == bool(told)
    assert told in failed.value.message and 'could not bring "lte" up' in failed.value.message


@needs_links
def test_without_mmcli_nothing_is_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert trouble(real_world(tmp_path)) == ""

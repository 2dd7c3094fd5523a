"""Programs get secrets by environment and standard input: no part of one stands in what others can see or what is kept.

Each program looks itself up in /proc, says what it was given in pieces, and in several forms.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.check.model import Check
from bcp.check.run import look_once
from bcp.clock import SystemClock
from bcp.errors import StepFailed
from bcp.lever.line.kinds.command import Command as LineCommand
from bcp.lever.place.base import PlaceEnv
from bcp.lever.place.kinds.command import Command as PlaceCommand
from bcp.mask import KNOWN
from bcp.probe.base import Shared
from bcp.probe.kinds.command import Command as Probe
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.offices import bcp, office_in, runbook
from tests.programs import program

SECRET = "Wq9-zebra-Kettle-42"
REFERENCES = {"TOKEN": "env:ROUTER"}
TELLS = """
import base64, json, os, sys
from pathlib import Path
token, heard = os.environ["TOKEN"], sys.stdin.read()
assert token == heard and len(token) == 19, "given"
own = Path("/proc/self/cmdline")
seen = own.read_bytes().decode() if own.exists() else ""
if token in seen:
    sys.exit(9)
print("unseen")
print("pieces", token[:7], token[7:], sep=chr(10))
print(json.dumps({"a": json.dumps(token)}), base64.b64encode(b"x" + token.encode()).decode())
print("".join("%%%02X" % byte for byte in token.encode()), token.encode().hex())
sys.stdout.flush()
print(token, file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    KNOWN.forget()
    yield
    KNOWN.forget()


def tells(status: int) -> list[str]:
    words: list[str] = json.loads(program(TELLS, str(status)))
    return words


def is_clean(text: str) -> bool:
    return not any(part in text for part in ("zebra", "Kettle", "Wq9", "V3E5", "5771392d"))


def test_a_step_a_line_and_a_place_hand_a_secret_over_unseen_and_keep_nothing_of_it(tmp_path: Path) -> None:
    world = Real(Secrets(tmp_path, {"ROUTER": SECRET}))
    given = {"env": REFERENCES, "stdin": "env:ROUTER"}
    line = LineCommand(use=tells(0), back=tells(3), **given)
    line.switch(world)
    with pytest.raises(StepFailed) as failed:
        line.put_back(world, {}, {})
    assert "status 3 (•••)" in failed.value.message and is_clean(str(failed.value))
    place = PlaceCommand(read=tells(4), write=tells(0), **given)
    with pytest.raises(StepFailed) as unread:
        place.try_out(PlaceEnv(world, SystemClock(), tmp_path), "index.html")
    assert "status 4 (•••)" in unread.value.message and is_clean(str(unread.value))


def test_a_check_hands_a_secret_over_unseen_and_says_nothing_of_it(tmp_path: Path) -> None:
    shared = Shared(SystemClock(), tmp_path, timeout=20, secret=Secrets(tmp_path, {"ROUTER": SECRET}).value)
    probe = Probe(run=tells(0), env=REFERENCES, stdin="env:ROUTER")
    result = asyncio.run(probe.look(shared))
    assert (result.state, result.reason) == ("up", "unseen")
    assert is_clean(str(result.evidence)) and "•••" in str(result.evidence)
    assert probe.describe().endswith("(TOKEN=env:ROUTER, stdin: env:ROUTER)")


@pytest.mark.parametrize("much", [10, 1_000_000])
def test_a_program_of_a_check_that_does_not_read_what_it_is_given_is_left_alone(
    tmp_path: Path, much: int
) -> None:
    shared = Shared(SystemClock(), tmp_path, timeout=20)
    words = json.loads(program("print('well')"))
    assert asyncio.run(Probe(run=words, stdin="x" * much).look(shared)).reason == "well"


def test_a_check_whose_secret_is_missing_cannot_tell_and_the_others_go_on(tmp_path: Path) -> None:
    shared = Shared(SystemClock(), tmp_path, timeout=20, secret=Secrets(tmp_path, {}).value)
    result = asyncio.run(Probe(run=tells(0), env=REFERENCES).look(shared))
    assert (result.state, result.reason) == ("inconclusive", "the secret env:ROUTER is not set")
    check = Check.model_validate(
        {
            "check": "two",
            "title": "Two",
            "every": "5m",
            "need": "any",
            "probes": [
                {"command": {"run": tells(0), "env": REFERENCES}},
                {"command": {"run": json.loads(program("print('well')"))}},
            ],
        }
    )
    assert asyncio.run(look_once(check, shared)).state == "up"


def test_nothing_of_a_secret_stands_in_what_an_incident_keeps_and_shows(tmp_path: Path) -> None:
    phases = f"""\
  - phase: Now
    steps:
      - step: send
        title: Send it
        auto: true
        command: {{run: {json.dumps(tells(1))}, env: {{TOKEN: env:ROUTER}}, stdin: "env:ROUTER"}}
        by_hand: Send it.
"""
    office = office_in(tmp_path, outage=runbook(phases))
    said = [bcp(office, "--verbose", "incident", "start", "outage", ROUTER=SECRET)]
    assert said[0].returncode == 4, said[0].stderr
    said += [bcp(office, "incident", *words) for words in (["log", "--json"], ["status"], ["log"])]
    assert "unseen" in said[1].stdout and "•••" in said[1].stdout
    for each in said:
        assert is_clean(each.stdout + each.stderr)
    kept = [path for path in office.rglob("*") if path.is_file()]
    assert {"journal.txt", "bcp.sqlite3", "bcp.log"} <= {path.name for path in kept}
    for path in kept:
        assert is_clean(path.read_bytes().decode("latin-1")), path

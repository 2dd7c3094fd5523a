"""Looking at checks: the quorum, the looks that confirm a change, and the looks of a step."""

import asyncio
import itertools
import time
from collections.abc import Iterable
from datetime import timedelta

import pytest

from bcp.action import base as action
from bcp.check.model import Check
from bcp.check.run import CheckFinding, find, look_once, quorum
from bcp.check.step_checks import OfficeLooks
from bcp.clock import SystemClock
from bcp.probe.base import Attempt, Probe, Result, Shared, State
from bcp.probe.kinds.tcp import Tcp
from tests.ports import free_port
from tests.wire import silent_port

SHARED = Shared(SystemClock(), timeout=1)


class Scripted(Probe):
    """A probe that sees what it is told to."""

    script: list[State]

    async def see(self, attempt: Attempt) -> Result:
        state = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return Result(state, f"scripted {state}")


def check(*scripts: Iterable[State], **fields: object) -> Check:
    probes = [Scripted(script=list(script)) for script in scripts]
    return Check.model_validate(
        {"check": "x", "title": "X", "confirm": "3 looks in 0s", **fields, "probes": probes}
    )


def found(before: State | None, *script: State, **fields: object) -> CheckFinding:
    return asyncio.run(find(check(script, **fields), SHARED, before))


@pytest.mark.parametrize(
    ("need", "states", "state"),
    [
        ("all", ["up", "up"], "up"),
        ("all", ["up", "down"], "down"),
        ("all", ["up", "inconclusive"], "inconclusive"),
        ("all", ["down", "inconclusive"], "down"),
        ("any", ["down", "up"], "up"),
        ("any", ["down", "down"], "down"),
        ("any", ["down", "inconclusive"], "inconclusive"),
        (2, ["up", "up", "down"], "up"),
        (2, ["up", "down", "down"], "down"),
        (2, ["up", "inconclusive", "down"], "inconclusive"),
        ("all", ["up", "warning"], "warning"),
        ("any", ["warning", "down"], "warning"),
        (2, ["warning", "inconclusive", "down"], "inconclusive"),
        ("all", ["warning", "down"], "down"),
    ],
)
def test_the_quorum_decides(need, states, state):
    looked = check(*([each] for each in states), need=need)
    assert asyncio.run(look_once(looked, SHARED)).state == state


def test_no_order_of_the_probes_changes_the_quorum():
    for states in itertools.product(("up", "down", "inconclusive"), repeat=3):
        assert len({quorum(list(turned), 2) for turned in itertools.permutations(states)}) == 1


def test_all_probes_look_at_once():
    with silent_port() as port:
        probes = [
            Tcp(host="127.0.0.1", port=port, greets="x", timeout=timedelta(seconds=1)) for _ in range(20)
        ]
        began = time.monotonic()
        look = asyncio.run(look_once(Check(check="x", title="X", probes=probes), SHARED))
    assert look.state == "down"
    assert time.monotonic() - began < 4


def test_a_state_that_is_as_before_takes_one_look():
    assert len(found("up", "up").looks) == 1
    assert len(found("down", "down").looks) == 1
    assert len(found(None, "up").looks) == 1


def test_a_change_takes_three_looks_that_agree():
    down = found("up", "down", "down", "down")
    assert (down.state, len(down.looks)) == ("down", 3)
    up = found("down", "up", "up", "up")
    assert (up.state, len(up.looks)) == ("up", 3)


def test_a_blip_changes_nothing():
    finding = found("up", "down", "down", "up", "down")
    assert (finding.state, len(finding.looks)) == ("up", 3)


@pytest.mark.parametrize(
    ("before", "script", "state", "looks", "blips"),
    [
        ("up", "dudd", "down", 4, 0),
        ("up", "duddu", "down", 4, 0),
        ("up", "dduuu", "up", 5, 2),
        ("up", "duuu", "up", 4, 1),
        ("up", "ddiiiddd", "inconclusive", 5, 0),
        ("down", "ududu", "up", 5, 2),
        ("down", "uuu", "up", 3, 0),
        ("down", "uddd", "down", 4, 0),
        ("down", "uwu", "up", 3, 0),
        ("down", "uuw", "warning", 3, 0),
        ("up", "wuww", "warning", 4, 0),
        ("up", "wdwddd", "down", 5, 0),
        (None, "duuud", "up", 4, 1),
    ],
)
def test_three_of_five_looks_decide(before, script, state, looks, blips):
    words = {"u": "up", "d": "down", "i": "inconclusive", "w": "warning"}
    finding = found(before, *(words[letter] for letter in script), confirm="3 of 5 looks in 0s")
    assert (finding.state, len(finding.looks), finding.blips) == (state, looks, blips)


def test_the_way_back_up_may_want_more_looks_than_the_way_down():
    rules = {"confirm": "1 look in 0s", "confirm_up": "3 looks in 0s"}
    assert [len(found(*way, **rules).looks) for way in (("up", "down"), ("down", "up"))] == [1, 3]
    assert found("down", "up", "up", "down", **rules).state == "down"


def test_how_changes_are_confirmed_is_written_as_it_is_read():
    for rule in ("1 look in 1s", "3 looks in 4s", "3 of 5 looks in 10s"):
        assert check(["up"], confirm=rule).model_dump()["confirm"] == rule
    for wrong in ("5 of 3 looks in 4s", "3 of 21 looks in 4s", "0 looks in 4s", "3 off 5 looks in 4s"):
        with pytest.raises(ValueError, match="expected"):
            check(["up"], confirm=wrong)


def test_looks_that_agree_on_nothing_change_nothing():
    restless: list[State] = ["down", "inconclusive"] * 5
    assert found("up", *restless).state == "up"
    assert found(None, *restless).state == "inconclusive"
    assert len(found("up", *restless).looks) == 6


def test_the_first_time_a_failure_is_confirmed_too():
    finding = found(None, "down")
    assert (finding.state, len(finding.looks)) == ("down", 3)


def test_one_look_is_enough_where_the_check_says_so():
    assert len(found("up", "down", confirm="1 look in 1s").looks) == 1


def test_the_looks_that_confirm_keep_their_pace():
    began = time.monotonic()
    finding = found("up", "down", confirm="3 looks in 1s")
    assert finding.state == "down"
    assert time.monotonic() - began > 0.99


def test_a_step_looks_again_until_it_sees_what_it_waits_for():
    looks = OfficeLooks({"x": check(["down", "up"])}, SHARED)
    assert looks.look("x", timedelta(seconds=10), "up") == action.Look("up", "scripted up")


def test_for_a_step_what_works_with_a_warning_is_up():
    told = OfficeLooks({"x": check(["warning"])}, SHARED).look("x", timedelta(0), "up")
    assert (told.state, told.reason) == ("up", "with a warning: scripted warning")
    waited = OfficeLooks({"x": check(["down", "warning"])}, SHARED).look("x", timedelta(seconds=5), "up")
    assert waited.state == "up"


def test_a_step_that_does_not_wait_looks_once():
    with silent_port() as port:
        up = Check(check="x", title="X", probes=[Tcp(host="127.0.0.1", port=port)])
        assert OfficeLooks({"x": up}, SHARED).look("x", timedelta(0), "up").state == "up"
    down = Check(check="x", title="X", probes=[Tcp(host="127.0.0.1", port=free_port())])
    look = OfficeLooks({"x": down}, SHARED).look("x", timedelta(0), "up")
    assert look == action.Look("down", "the connection was refused: nothing listens there")


def test_a_step_gives_up_at_the_end_of_its_time():
    began = time.monotonic()
    assert OfficeLooks({"x": check(["down"])}, SHARED).look("x", timedelta(seconds=2), "up").state == "down"
    assert 0.9 < time.monotonic() - began < 10


def test_a_check_that_is_gone_is_inconclusive():
    look = OfficeLooks({}, SHARED).look("x", timedelta(0), "up")
    assert look == action.Look("inconclusive", "the office has no check “x” any more")

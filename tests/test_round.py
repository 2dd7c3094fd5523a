"""A round: what is down, what only cannot be told, and what is left alone, with real sockets on loopback."""

import asyncio
import socket
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bcp.check.hours import within
from bcp.check.load import load
from bcp.check.model import Check, Hours
from bcp.check.network_path import References
from bcp.check.round import Outcome, Round
from bcp.clock import SystemClock
from bcp.probe.base import Shared, State
from bcp.probe.name_settings import Settings
from bcp.probe.names import Names
from bcp.yaml.source import Reader
from tests.frozen import FrozenClock
from tests.ports import free_port
from tests.wire import silent_port, tcp_server, udp_server

WARSAW = ZoneInfo("Europe/Warsaw")


def tcp(name: str, port: int, host: str = "127.0.0.1", **more: object) -> Check:
    fields = {"check": name, "title": name.title(), "confirm": "3 looks in 0s", **more}
    return Check.model_validate({**fields, "probes": [{"tcp": {"host": host, "port": port}}]})


def run(
    *checks: Check,
    held: Mapping[str, State] | None = None,
    due: list[str] | None = None,
    shared: Shared | None = None,
    references: References | None = None,
) -> dict[str, Outcome]:
    office = {check.check: check for check in checks}
    round_ = Round(
        office, held or {}, shared or Shared(SystemClock(), timeout=0.5), WARSAW, references=references
    )
    return {outcome.check: outcome for outcome in asyncio.run(round_.run(due or list(office)))}


def test_a_round_tells_up_from_down_and_what_is_news():
    with silent_port() as port:
        told = run(tcp("good", port), tcp("bad", free_port()), tcp("old", free_port()), held={"old": "down"})
    assert {name: outcome.state for name, outcome in told.items()} == {
        "good": "up",
        "bad": "down",
        "old": "down",
    }
    assert [name for name, outcome in told.items() if outcome.is_news] == ["bad"]
    assert told["bad"].looks == 3
    assert told["old"].looks == 1
    assert told["bad"].since < told["bad"].at


def test_a_check_whose_dependency_is_down_cannot_be_told():
    told = run(tcp("line", free_port()), tcp("web", free_port(), depends_on="line"))
    assert told["line"].state == "down"
    assert (told["web"].state, told["web"].reason) == ("inconclusive", "cannot be told: “Line” is down")


def test_what_depends_on_a_check_with_a_warning_is_told_as_it_is_and_no_diagnosis_is_begun():
    suspected = []
    warn = {"command": {"run": [sys.executable, "-c", "raise SystemExit(1)"], "warning": "warning"}}
    line = Check.model_validate(
        {"check": "line", "title": "Line", "confirm": "1 look in 1s", "probes": [warn]}
    )
    checks = {each.check: each for each in (line, tcp("web", free_port(), depends_on=["line"]))}
    round_ = Round(
        checks,
        {"web": "down"},
        Shared(SystemClock(), timeout=30),
        WARSAW,
        suspected=lambda: suspected.append(1),
    )
    told = {each.check: each for each in asyncio.run(round_.run(checks))}
    assert (told["line"].state, told["line"].is_news, told["web"].state) == ("warning", True, "down")
    assert suspected == []


def test_a_dependency_that_was_not_due_is_looked_at_when_it_matters():
    told = run(tcp("line", free_port()), tcp("web", free_port(), depends_on="line"), due=["web"])
    assert told["web"].state == "inconclusive"
    assert told["line"].state == "down"
    with silent_port() as port:
        told = run(tcp("line", free_port()), tcp("web", port, depends_on="line"), due=["web"])
    assert list(told) == ["web"]


def test_a_dependency_that_is_up_excuses_nothing():
    with silent_port() as port:
        told = run(tcp("line", port), tcp("web", free_port(), depends_on="line"))
    assert told["web"].state == "down"


DEAD = Names(lambda: Settings(servers=(("127.0.0.1", 9),)), public=(("127.0.0.1", 9),))


def test_a_name_that_cannot_be_found_because_all_names_are_dead_is_inconclusive():
    with silent_port() as port:
        references = References(addresses=(("127.0.0.1", port),) * 3, page="http://unknown.test/")
        shared = Shared(SystemClock(), timeout=0.5, names=DEAD)
        told = run(tcp("web", 80, "www.test"), tcp("here", free_port()), shared=shared, references=references)
        line = run(tcp("line", 80, "www.test", own_path="yes"), shared=shared, references=references)
    assert told["web"].state == "inconclusive"
    assert told["web"].reason.startswith("cannot be told: ")
    assert told["here"].state == "down"
    assert line["line"].state == "down"


def test_what_is_inconclusive_and_stays_so_takes_one_look():
    told = run(
        tcp("line", free_port()),
        tcp("web", free_port(), depends_on="line"),
        held={"line": "down", "web": "inconclusive"},
    )
    assert (told["web"].state, told["web"].looks, told["web"].is_news) == ("inconclusive", 1, False)


def test_what_was_inconclusive_and_has_no_excuse_any_more_is_confirmed_like_any_other():
    with silent_port() as port:
        told = run(
            tcp("line", port), tcp("web", free_port(), depends_on="line"), held={"web": "inconclusive"}
        )
    assert (told["web"].state, told["web"].looks, told["web"].is_news) == ("down", 3, True)


def test_in_a_maintenance_window_nobody_looks():
    clock = FrozenClock(datetime(2026, 11, 29, 1, 30, tzinfo=UTC))
    hours = {"days": "sunday", "from": "2:00", "to": "4:00"}
    told = run(tcp("web", free_port(), maintenance=hours), shared=Shared(clock, timeout=0.5))
    assert (told["web"].state, told["web"].looks, told["web"].is_news) == ("maintenance", 0, False)


@pytest.mark.parametrize(
    ("moment", "hours", "inside"),
    [
        ("2026-11-26T21:00", {"from": "22:00", "to": "6:00"}, True),
        ("2026-11-27T04:59", {"from": "22:00", "to": "6:00"}, True),
        ("2026-11-27T05:00", {"from": "22:00", "to": "6:00"}, False),
        ("2026-11-26T23:30", {"days": "fri", "from": "0:00", "to": "6:00"}, True),
        ("2026-11-28T04:00", {"days": "fri", "from": "22:00", "to": "6:00"}, True),
        ("2026-11-29T04:00", {"days": "fri", "from": "22:00", "to": "6:00"}, False),
        ("2026-12-24T12:00", {"on": "2026-12-24", "from": "8:00", "to": "20:00"}, True),
        ("2026-12-25T12:00", {"on": "2026-12-24", "from": "8:00", "to": "20:00"}, False),
        ("2026-10-25T01:30", {"days": "sun", "from": "2:00", "to": "3:00"}, True),
        ("2026-03-29T01:10", {"days": "sun", "from": "2:00", "to": "4:00"}, True),
    ],
)
def test_hours_are_those_of_the_office_s_clock(moment, hours, inside):
    when = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert within(when, [Hours.model_validate(hours)], WARSAW) is inside


def test_five_hundred_names_that_hang_while_names_are_dead_cost_three_time_outs():
    names = Names(lambda: Settings(servers=(("127.0.0.1", mute),)), public=(("127.0.0.1", 9),))
    with udp_server(lambda packet: None) as mute:
        shared = Shared(SystemClock(), timeout=1, names=names)
        hanging = [tcp(f"c{n}", 80, f"c{n}.test") for n in range(500)]
        began = time.monotonic()
        told = run(*hanging, shared=shared)
        took = time.monotonic() - began
    assert {outcome.state for outcome in told.values()} <= {"down", "inconclusive"}
    assert took < 3 * 1 + 4


def test_a_dependency_that_nobody_knows_is_a_mistake(tmp_path):
    (tmp_path / "checks").mkdir()
    text = "check: web\ntitle: Web\ndepends_on: [lien]\nprobes: [{tcp: {host: a, port: 1}}]\n"
    (tmp_path / "checks/web.yaml").write_text(text)
    (tmp_path / "checks/line.yaml").write_text(
        text.replace("web", "line").replace("depends_on: [lien]\n", "")
    )
    reader = Reader()
    load(tmp_path, reader)
    assert [str(mistake) for mistake in reader.mistakes] == ['checks/web.yaml:3:14: there is no check "lien"']
    assert reader.mistakes[0].hint == 'did you mean "line"?'


def test_a_dependency_that_hangs_does_not_spoil_a_round_in_which_a_blip_was_all():
    """The blip makes the round look at the dependency; before that has answered, the check is up again."""
    with silent_port() as port:
        hangs = Check.model_validate(
            {
                "check": "line",
                "title": "Line",
                "probes": [{"tcp": {"host": "127.0.0.1", "port": port, "greets": "x"}}],
            }
        )
        with tcp_server(talk_at_the_second_call()) as moody:
            blips = Check.model_validate(
                {
                    "check": "web",
                    "title": "Web",
                    "confirm": "3 looks in 0s",
                    "depends_on": "line",
                    "probes": [{"tcp": {"host": "127.0.0.1", "port": moody, "greets": "hello"}}],
                }
            )
            told = run(hangs, blips, due=["web"], shared=Shared(SystemClock(), timeout=5))
    assert {name: outcome.state for name, outcome in told.items()} == {"web": "up"}


def talk_at_the_second_call() -> Callable[[socket.socket], None]:
    calls = iter([b"go away", b"hello"])
    return lambda line: line.sendall(next(calls))

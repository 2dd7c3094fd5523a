"""The probes domain, disk and sim: what ends or fills up one day, and is a warning long before."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bcp.office.line import OfficeLine
from bcp.probe.apart import apart
from bcp.probe.base import Probe, Result, Shared
from bcp.probe.kinds.disk import Disk
from bcp.probe.kinds.domain import Domain
from bcp.probe.kinds.sim import Sim
from bcp.probe.registration import server_in
from tests.frozen import FrozenClock
from tests.ports import free_port
from tests.wire import page, web_server

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Registry:
    """What the registry answers, and how often it was asked."""

    def __init__(self) -> None:
        self.answer, self.asked = b"", list[str]()

    def says(self, days: float | None = None, *status: str) -> None:
        events = [{"eventAction": "registration", "eventDate": "1999-01-01T00:00:00Z"}]
        if days is not None:
            events.append({"eventAction": "expiration", "eventDate": (NOON + days * DAY).isoformat()})
        self.answer = page(
            json.dumps({"objectClassName": "domain", "events": events, "status": status}).encode()
        )


@pytest.fixture(scope="module")
def registry() -> Iterator[tuple[Registry, str]]:
    there = Registry()

    def answer(path: str) -> bytes:
        there.asked.append(path)
        return there.answer

    with web_server(answer) as port:
        yield there, f"http://127.0.0.1:{port}/rdap/"


def look(probe: Probe, shared: Shared) -> Result:
    return asyncio.run(probe.look(shared))


def office(folder: Path, at: datetime = NOON) -> Shared:
    return Shared(FrozenClock(at), folder, timeout=1.5, kept=folder / "looked-up")


@pytest.mark.parametrize(
    ("days", "status", "state", "words"),
    [
        (400, [], "up", "the domain is registered for 400 more days"),
        (10.5, ["active"], "warning", "the domain ends in 10 days, sooner than 30. Renew it"),
        (-2.5, [], "warning", "the domain ended 3 days ago. Renew it today"),
        (400, ["pending delete"], "warning", "its registry says “pending delete”"),
        (400, ["redemptionPeriod"], "warning", "its registry says “redemption period”"),
        (None, ["active"], "inconclusive", "its registry does not say when it ends"),
    ],
)
def test_a_domain_that_ends_soon_is_a_warning(registry, tmp_path, days, status, state, words):
    there, address = registry
    there.says(days, *status)
    result = look(Domain(name="Example.com", registry=address), office(tmp_path))
    assert result.state == state
    assert result.reason.startswith(words)
    assert there.asked[-1] == "/rdap/domain/example.com"


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (page(b"", "404 Not Found"), "warning", "its registry does not know example.com. Is it the name"),
        (page(b"", "429 Too Many Requests"), "inconclusive", "its registry answers 429"),
        (
            page(b"<p>gone", "404 Not Found", Content_Type="text/html"),
            "inconclusive",
            "its registry answers 404",
        ),
        (page(b"hello"), "inconclusive", "the answer is not JSON"),
        (
            page(b'{"ldhName": "EVIL.example"}'),
            "inconclusive",
            "its registry answers about another name, evil",
        ),
        (
            page(b'{"events": [{"eventAction": "Expiration", "eventDate": "soon"}]}'),
            "inconclusive",
            "its registry says in a way that cannot be read when it ends: soon",
        ),
        (page(b"[1]"), "inconclusive", "the answer is not what a registry answers"),
        (
            page(b'{"events": [3, {"eventAction": "expiration"}], "status": 5}'),
            "inconclusive",
            "its registry does",
        ),
    ],
)
def test_a_registry_that_says_something_else_is_no_outage(registry, tmp_path, answer, state, words):
    there, address = registry
    there.answer = answer
    result = look(Domain(name="example.com", registry=address), office(tmp_path))
    assert result.state == state
    assert result.reason.startswith(words)


def test_a_registry_is_asked_once_a_day_whoever_looks(registry, tmp_path):
    there, address = registry
    there.says(40)
    probe, before = Domain(name="example.com", registry=address), len(there.asked)
    for hours in (0, 1, 23):
        assert look(probe, office(tmp_path, NOON + timedelta(hours=hours))).state == "up"
    assert len(there.asked) == before + 1
    unwritable = replace(office(tmp_path), kept=tmp_path / "looked-up" / "example.com.json")
    for _twice in range(2):
        look(probe, unwritable)
    assert len(there.asked) == before + 2
    there.says(2000)
    assert look(probe, office(tmp_path, NOON + DAY)).evidence["days_left"] == 1999


def test_a_domain_with_letters_of_its_own_is_asked_for_as_it_is_registered(registry, tmp_path):
    there, address = registry
    there.says(40)
    assert look(Domain(name="żółw.pl", registry=address), office(tmp_path)).state == "up"
    assert there.asked[-1] == "/rdap/domain/xn--w-uga1v8h.pl"


def test_where_nobody_answers_the_last_answer_counts_and_the_next_try_is_an_hour_later(registry, tmp_path):
    there, address = registry
    there.says(40)
    look(Domain(name="example.com", registry=address), office(tmp_path))
    gone = Domain(name="example.com", registry=f"http://127.0.0.1:{free_port()}/")
    later = look(gone, office(tmp_path, NOON + 2 * DAY))
    assert (later.state, later.evidence["days_left"]) == ("up", 38)
    assert "(as its registry said on 2026-11-26; now: the connection was refused" in later.reason
    asked = len(there.asked)
    back = Domain(name="example.com", registry=address)
    look(back, office(tmp_path, NOON + 2 * DAY + timedelta(minutes=59)))
    assert len(there.asked) == asked
    look(back, office(tmp_path, NOON + 2 * DAY + timedelta(minutes=61)))
    assert len(there.asked) == asked + 1
    assert look(gone, office(tmp_path / "other")).state == "inconclusive"


def test_the_list_of_iana_names_the_server_of_the_longest_ending(tmp_path):
    listed = {
        "services": [
            [["com", "net"], ["http://old.test/", "https://com.test/rdap/"]],
            [["pl"], ["https://pl.test/"]],
            [["com.pl"], ["https://com-pl.test/"]],
            ["strange", 7],
            [["org"]],
        ]
    }
    found = [server_in(listed, name) for name in ("x.com", "x.pl", "x.com.pl", "x.org", "x.telecom", "com")]
    assert found == [
        "https://com.test/rdap/",
        "https://pl.test/",
        "https://com-pl.test/",
        None,
        None,
        "https://com.test/rdap/",
    ]
    assert server_in({"services": 5}, "x.com") is None


@pytest.mark.parametrize("name", ["example", "https://example.com", "a b.com", "../x.com", "example.com/x"])
def test_what_is_no_domain_is_a_mistake(name):
    with pytest.raises(ValueError, match="expected a domain"):
        Domain(name=name)


def test_a_disk_that_never_answers_holds_up_nothing_and_costs_one_thread(tmp_path):
    shared, gone = office(tmp_path), threading.Event()

    async def wait() -> None:
        async with asyncio.timeout(0.01):
            await apart(shared, "the room of a dead share", gone.wait)

    before = threading.active_count()
    for _look in range(3):
        with pytest.raises(TimeoutError):
            asyncio.run(wait())  # which ends, although the question does not
    assert threading.active_count() == before + 1
    gone.set()


def test_a_disk_that_runs_short_is_a_warning_and_one_that_is_not_there_cannot_be_told(tmp_path):
    assert look(Disk(path="."), office(tmp_path)).state in ("up", "warning")
    assert look(Disk(path=".", free="1 MB"), office(tmp_path)).state == "up"
    short = look(Disk(path=".", free="999999,5 TB"), office(tmp_path))
    assert short.state == "warning"
    assert short.reason.endswith("%), less than 999999,5 TB")
    assert look(Disk(path=".", free="100%"), office(tmp_path)).state == "warning"
    if Path("/proc/version").exists():
        assert look(Disk(path="/proc"), office(tmp_path)).reason == "/proc is on no disk"
    gone = look(Disk(path="usb-stick"), office(tmp_path))
    assert (gone.state, gone.reason) == ("inconclusive", "there is no folder usb-stick")
    for wrong in ("5", "101 %", "-5 GB", "5 GiB", "much"):
        with pytest.raises(ValueError, match="expected a part or a size"):
            Disk(path=".", free=wrong)


def sim_office(folder: Path, **line: object) -> Shared:
    there = OfficeLine.model_validate({"line": "mobile", **line})
    return replace(office(folder), line=lambda name: there if name == "mobile" else None)


@pytest.mark.parametrize(
    ("line", "state", "words"),
    [
        ({"sim_expires": "2027-06-30"}, "up", "the SIM card lives until 2027-06-30"),
        (
            {"sim_expires": "2026-12-06"},
            "warning",
            "the SIM card ends in 10 days, sooner than 30: use it or top it up",
        ),
        ({"sim_expires": "2026-11-25"}, "warning", "the SIM card expired on 2026-11-25"),
        (
            {"data_left": {"gigabytes": 4.5, "seen": "2026-11-20"}},
            "warning",
            "4.5 GB are left, less than 5 GB",
        ),
        (
            {"credit": {"amount": "9,99 PLN", "seen": "2026-11-20"}},
            "warning",
            "9.99 PLN of credit is left, less than",
        ),
        (
            {"credit": {"amount": "9 EUR", "seen": "2026-11-20"}},
            "up",
            "9.00 EUR of credit left as of 2026-11-20",
        ),
        (
            {"credit": {"amount": "50 PLN", "seen": "2026-01-20"}},
            "warning",
            "what is left was looked up 310 days ago",
        ),
        ({}, "inconclusive", "bcp.yaml does not say how the SIM card of mobile is"),
    ],
)
def test_a_sim_card_that_will_not_carry_us_is_a_warning(tmp_path, line, state, words):
    result = look(Sim(line="mobile", gigabytes=5, credit="10 PLN"), sim_office(tmp_path, **line))
    assert (result.state, result.reason[: len(words)]) == (state, words)


def test_a_sim_card_of_a_line_that_is_not_there_cannot_be_told(tmp_path):
    result = look(Sim(line="lte"), sim_office(tmp_path))
    assert (result.state, result.reason) == ("inconclusive", "bcp.yaml has no line lte")

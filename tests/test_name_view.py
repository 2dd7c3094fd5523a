"""A name of ours by other name servers: wrong here only, wrong everywhere, or on purpose; and what works there."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from bcp.check.controls import Control, Controls
from bcp.check.diagnose import conclude
from bcp.check.model import Check
from bcp.check.name_view import view
from bcp.check.network_path import References
from bcp.check.second_way import SecondWay
from bcp.check.thing import Thing
from bcp.check.thing_looks import look_at_thing
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.probe.name_settings import Settings
from bcp.probe.names import Names
from tests.ports import free_port
from tests.test_diagnose import path
from tests.wire import dns_answer, page, udp_server, web_server

NAME = "www.office.test"


@contextmanager
def told(ours: str | None, theirs: str | None) -> Iterator[Shared]:
    """What looks share where our own name server gives one address of our name, and two public ones another."""
    with ExitStack() as stack:

        def server(address: str | None) -> tuple[str, int]:
            known = {NAME: address} if address else {}
            return "127.0.0.1", stack.enter_context(udp_server(lambda packet: dns_answer(packet, known)))

        own, public = server(ours), (server(theirs), server(theirs))
        names = Names(lambda: Settings(servers=(own,)), public=public)
        yield Shared(SystemClock(), timeout=0.8, names=names)


def seen(ours: str | None, theirs: str | None):
    with told(ours, theirs) as shared:
        return asyncio.run(view(shared, NAME, None))


def test_another_address_here_than_everywhere_else_is_told_with_who_says_what():
    found = seen("203.0.113.66", "203.0.113.10")
    assert found.elsewhere == ("203.0.113.10",) and not found.is_nowhere
    assert found.words == f"127.0.0.1 says of {NAME}: 203.0.113.66. 127.0.0.1 says: 203.0.113.10"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("203.0.113.10", "203.0.113.10"), ("192.168.1.20", "203.0.113.10"), ("192.168.1.20", None)],
)
def test_the_same_address_or_one_inside_the_office_is_no_fault_of_names(ours, theirs):
    found = seen(ours, theirs)
    assert not found.elsewhere and not found.is_nowhere


def test_a_name_that_nobody_knows_is_wrong_everywhere_and_one_that_only_we_miss_is_wrong_here():
    assert seen(None, None).is_nowhere
    assert seen(None, "203.0.113.10").elsewhere == ("203.0.113.10",)
    assert seen("127.0.0.1", "203.0.113.10").elsewhere == ("203.0.113.10",)  # what a block list says


def test_what_is_no_name_of_the_internet_is_not_asked_for():
    with told("192.0.2.1", "192.0.2.2") as shared:
        for host in ("printer", "printer.local", "192.0.2.7"):
            assert asyncio.run(view(shared, host, None)) is None


def thing_of(shared: Shared, port: int) -> Thing:
    probes = [{"http": {"url": f"http://{NAME}:{port}/", "text": "The Office"}}]
    check = Check.model_validate({"check": "website", "title": "Our website", "probes": probes})

    nowhere = References(addresses=(("127.0.0.1", 9),), page="http://127.0.0.1:9/", names=())
    return asyncio.run(look_at_thing(check, shared, SecondWay(shared, nowhere), None))


WEB = Controls((Control("a.test", "works", "", is_site=True),))


def test_a_site_that_answers_at_the_address_that_others_give_is_misdirected_here_and_not_down():
    # Nothing listens at 127.0.0.77.
    with web_server(lambda target: page(b"The Office")) as port, told("127.0.0.77", "127.0.0.1") as shared:
        found = thing_of(shared, port)
    assert conclude(path(), [found], WEB) == ("dns-down", "website")
    assert "127.0.0.1 says of www.office.test: 127.0.0.77. " in found.words(None)
    assert found.words(None).endswith(f"There: http://{NAME}:{port}/ answers 200")


def test_an_address_inside_the_office_that_fails_is_told_beside_that_of_all_others():
    inside = seen("192.168.1.20", "203.0.113.10")
    with told("127.0.0.77", "127.0.0.77") as shared:
        found = replace(thing_of(shared, free_port()), views=(inside,))
    assert found.words(None).endswith(f"says of {NAME}: 192.168.1.20. 127.0.0.1 says: 203.0.113.10")


def test_a_site_whose_name_nobody_knows_is_down_for_all():
    with told(None, None) as shared:
        found = thing_of(shared, 80)
    assert conclude(path(), [found], WEB) == ("site-down", "website")
    assert "that there is no such name" in found.words(None)

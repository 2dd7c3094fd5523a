"""What is not ours is looked at before anybody is blamed: foreign sites, what time others say it is, who answers."""

import asyncio
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme

from bcp.check.clock_reading import ClockReading, reading
from bcp.check.control_verdict import blamed, is_too_slow, step_for_blocked, words_of_clock, words_of_sites
from bcp.check.controls import Control, Controls, PlainAnswer, look_at_controls
from bcp.check.network_path import References
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.probe.certificate_names import CertificateNames, certificate_names
from bcp.probe.name_settings import Settings
from bcp.probe.names import Names
from tests.ports import free_port
from tests.wire import page, silent_port, tcp_server, web_server

NOW = datetime(2026, 11, 26, 7, 50, tzinfo=UTC)
HOSTS = {"one.test": ("127.0.0.1",), "two.test": ("127.0.0.1",)}
BIG = page(b"x" * 300_000)


@pytest.fixture(scope="module")
def authority():
    """Whom this computer trusts, in these tests."""
    return trustme.CA()


def shared_of(authority, timeout=1.0):
    nobody = (("127.0.0.1", 9),)
    shared = Shared(
        SystemClock(), timeout=timeout, names=Names(lambda: Settings(nobody, hosts=HOSTS), nobody)
    )
    authority.configure_trust(shared.tls)
    return shared


def server_of(authority, *names, until=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    begin = until - timedelta(days=9) if until else None
    authority.issue_cert(*names, not_before=begin, not_after=until).configure_cert(context)
    return context


def talking(context, answer):
    def talk(line):
        with context.wrap_socket(line, server_side=True) as encrypted:
            encrypted.recv(65536)
            for piece in answer if isinstance(answer, list) else [answer]:
                encrypted.sendall(piece)
                if isinstance(answer, list):
                    time.sleep(0.02)

    return tcp_server(talk)


def looked(authority, one, two, known="", *, whole=False):
    """The controls, where one.test is at one port and two.test at another; the known page is at `known`."""
    sites = (f"https://one.test:{one}/", f"https://two.test:{two}/")
    references = References(addresses=(), sites=sites, page=known or f"http://127.0.0.1:{free_port()}/")
    return asyncio.run(look_at_controls(shared_of(authority), references, is_whole=whole))


def verdict(controls, *, well=True, lossy=False):
    return blamed(controls, is_page_well=well, is_lossy=lossy)


def test_sites_that_answer_blame_nobody_and_tell_the_rate_of_the_line(authority):
    with talking(server_of(authority, "one.test", "two.test"), BIG) as port:
        found = looked(authority, port, port, whole=True)
    assert found.works and verdict(found) is None
    assert found.rate and not is_too_slow(found, 1_000_000)
    assert words_of_sites(found).startswith("one.test, two.test answer; ")


def test_a_page_that_comes_in_drops_tells_of_a_slow_line(authority):
    slow = page(b"x" * 20_000)
    drops = [slow[at : at + 1000] for at in range(0, len(slow), 1000)]
    with talking(server_of(authority, "one.test", "two.test"), drops) as port:
        found = looked(authority, port, port, whole=True)
    assert found.works and is_too_slow(found, 10_000_000)


def test_the_same_stranger_behind_every_site_is_a_wall(authority):
    stranger = trustme.CA()
    with talking(server_of(stranger, "pay.test"), page(b"Pay!")) as port:
        found = looked(authority, port, port)
    assert [each.state for each in found.sites] == ["foreign", "foreign"]
    assert verdict(found) == "portal"
    with talking(
        server_of(authority, "pay.test"), page(b"Pay!")
    ) as port:  # signed by whom we trust, for itself
        assert verdict(looked(authority, port, port)) == "portal"


def test_one_site_with_the_wrong_certificate_is_no_wall(authority):
    with talking(server_of(authority, "one.test"), BIG) as port:
        found = looked(authority, port, port)
    assert found.works and verdict(found) is None


def test_certificates_that_are_all_out_of_date_tell_of_our_own_clock(authority):
    ended = datetime.now(UTC) - timedelta(days=3)
    with talking(server_of(authority, "one.test", "two.test", until=ended), BIG) as port:
        found = looked(authority, port, port)
        assert found.clock is None and verdict(found) == "clock-wrong"
        date = format_datetime(datetime.now(UTC) - timedelta(hours=5), usegmt=True)
        with web_server(lambda target: page(status="204 No Content", Date=date)) as known:
            told = looked(authority, port, port, f"http://127.0.0.1:{known}/")
    assert told.clock and told.clock.is_told and not told.clock.is_wrong and verdict(told) == "clock-wrong"
    assert " ahead: 127.0.0.1 says that it is " in words_of_clock(told.clock)


def test_sites_that_refuse_or_take_a_connection_and_say_nothing_are_the_line_if_the_known_page_comes(
    authority,
):
    refused = looked(authority, free_port(), free_port())
    assert (verdict(refused), verdict(refused, well=False)) == ("isp-down", None)
    with silent_port() as silent:
        stuck = looked(authority, silent, silent)
    assert [each.state for each in stuck.sites] == ["stuck", "stuck"]
    assert (verdict(stuck), verdict(stuck, lossy=True)) == ("isp-down", None)
    assert "443" in step_for_blocked(refused) and "bcp check diagnose" in step_for_blocked(stuck)


def test_names_that_nobody_knows_say_nothing_of_the_web(authority):
    references = References(
        addresses=(), sites=("https://three.test/",), page=f"http://127.0.0.1:{free_port()}/"
    )
    found = asyncio.run(look_at_controls(shared_of(authority), references))
    assert found.works is None and verdict(found) is None


def control(state, *, site=True, names=None, trusted=True):
    return Control("host.test", state, state, site, None, trusted, names)


def test_what_works_with_small_packets_only_is_a_matter_of_their_size():
    found = Controls((control("stuck"), control("late")), is_small_enough=True)
    assert (verdict(found), verdict(found, lossy=True)) == ("mtu", None)


def test_a_computer_that_trusts_nobody_meets_no_wall():
    signers = [CertificateNames(signer, b"", "") for signer in (b"one", b"another")]
    found = [control("foreign", names=each, trusted=False) for each in signers]
    strange = [
        Control(each.host, each.state, "", True, None, False, each.names, each.names.issuer) for each in found
    ]
    assert verdict(Controls(tuple(strange))) is None


def test_a_wall_before_one_family_of_addresses_is_one_where_no_site_is_known():
    def shown(name: bytes, *, trusted: bool) -> Control:
        return Control("host", "foreign", "", False, None, trusted, CertificateNames(name, name, ""), name)

    walled = (shown(b"wall", trusted=False), shown(b"wall", trusted=False))
    assert verdict(Controls(addresses=(*walled, shown(b"other", trusted=True)))) == "portal"
    assert verdict(Controls(addresses=(shown(b"other", trusted=True),) * 2)) is None


@pytest.mark.parametrize(
    ("answers", "is_wall"),
    [
        ([("a.test", 200, "", b"Pay"), ("b.test", 200, "", b"Pay")], True),
        ([("a.test", 302, "http://pay.test/a", b""), ("b.test", 307, "http://pay.test/b", b"")], True),
        ([("a.test", 301, "https://a.test/", b""), ("b.test", 301, "https://www.b.test/", b"")], False),
        ([("a.test", 200, "", b"A"), ("b.test", 200, "", b"B")], False),
        ([("a.test", 204, "", b""), ("b.test", 204, "", b"")], False),
    ],
)
def test_one_page_for_two_sites_is_a_wall(answers, is_wall):
    plain = tuple(PlainAnswer(*each, f"192.0.2.{number}") for number, each in enumerate(answers))
    found = Controls((control("late"), control("refused")), plain=plain)
    assert (verdict(found) == "portal") is is_wall
    at_one = tuple(replace(each, address="192.0.2.1") for each in plain)  # one server may have both names
    assert verdict(replace(found, plain=at_one)) == "isp-down"


def readings(*hours):
    return [
        ClockReading((f"{number}.test",), NOW, timedelta(hours=each)) for number, each in enumerate(hours)
    ]


@pytest.mark.parametrize(
    ("hours", "ahead"),
    [([17520], 17520), ([0, 0.01, 48], 0.01), ([-48, -48, 0], -48), ([0, 48], None), ([], None)],
)
def test_of_what_others_say_the_time_is_the_middle_one_counts_if_another_agrees(hours, ahead):
    found = ClockReading.agreed(readings(*hours))
    assert (found and found.ahead) == (None if ahead is None else timedelta(hours=ahead))


def test_a_clock_is_told_from_ten_minutes_on_and_is_the_trouble_from_a_day_on():
    minutes, day = readings(-0.2)[0], readings(25)[0]
    assert (minutes.is_told, minutes.is_wrong) == (True, False)
    assert verdict(Controls((control("works"),), clock=minutes)) is None
    assert verdict(Controls((control("works"),), clock=day)) == "clock-wrong"
    assert verdict(Controls((control("works"), control("dates")), clock=minutes)) == "clock-wrong"


def test_a_date_that_was_kept_on_the_way_is_as_old_as_the_answer_says():
    headers = {"date": format_datetime(NOW - timedelta(hours=1), usegmt=True), "age": "3600"}
    found = reading("a.test", headers, NOW)
    assert found is not None and not found.ahead
    assert reading("a.test", {}, NOW) is reading("a.test", {"date": "today"}, NOW) is None


def test_the_names_in_a_certificate_are_read_and_rubbish_has_none():
    issued = ssl.PEM_cert_to_DER_cert(trustme.CA(organization_name="Wall").cert_pem.bytes().decode())
    assert certificate_names(issued).issuer == certificate_names(issued).subject != b""
    assert certificate_names(b"\x30\x82rubbish") == certificate_names(b"") == CertificateNames(b"", b"", "")

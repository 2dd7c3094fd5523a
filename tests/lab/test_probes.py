"""The probes in the laboratory: bound to a line, each sees that line and no other."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pytest

from tests.lab.lab import HERE, Lab, Line

LINES: dict[Line, tuple[str, str]] = {"dsl": ("dsl0", "192.168.1.1"), "lte": ("lte0", "192.168.8.1")}
SITE = {"http": {"url": "https://www.office.test/", "text": "The Office"}}
PHONE = {"sip": {"host": "sip.office.test"}}
PROBES: dict[str, dict[str, dict[str, Any]]] = {
    "link": {"link": {}},
    "ping": {"ping": {"host": "1.1.1.1"}},
    "tcp": {"tcp": {"host": "9.9.9.9", "port": 443}},
    "dns of the line": {"dns": {"name": "www.office.test"}},
    "dns elsewhere": {"dns": {"name": "www.office.test", "server": "8.8.8.8"}},
    "portal": {"portal": {}},
    "site": SITE,
    "phone": PHONE,
    "phone by tcp": {"sip": {"host": "sip.office.test", "transport": "tcp"}},
}
BEYOND = set(PROBES) - {"link"}

# the probes that do not see what they should through the broken line
BLIND = {
    "link_down": set(PROBES),
    "gateway_dead": set(PROBES),
    "blackhole": BEYOND,
    "reject": BEYOND,
    "dns_kill": {"dns of the line"},
    "dns_hang": {"dns of the line"},
    "dns_refused": {"dns of the line"},
    "portal_302": {"portal"},
    "portal_200": {"portal"},
    "portal_walled": BEYOND - {"dns of the line"},
    "site_unreachable_here": {"site"},
    "site_down": {"site"},
    "site_hangs": {"site"},
    "site_error": {"site"},
    "phone_dead": {"phone", "phone by tcp"},
    "phone_hangs": {"phone", "phone by tcp"},
}
OUT_THERE = {"site_down", "site_hangs", "site_error", "phone_dead", "phone_hangs"}


def look(lab: Lab, probes: list[dict[str, Any]]) -> list[dict[str, str]]:
    """State and reason of each probe, looked at from the office."""
    seen = lab.run([sys.executable, HERE / "looks.py", json.dumps(probes)], check=True).stdout
    return list(json.loads(seen))


def bound(probe: dict[str, dict[str, Any]], line: Line) -> dict[str, dict[str, Any]]:
    """The probe through one line; names are asked of that line's own router where that is looked at."""
    ((kind, fields),) = probe.items()
    interface, gateway = LINES[line]
    server = {"server": gateway} if probe is PROBES["dns of the line"] else {}
    return {kind: {**fields, **server, "via": interface}}


def blind(lab: Lab) -> dict[Line, set[str]]:
    """The names of the probes that are not up, for each line they are bound to."""
    ways = [(line, name) for line in LINES for name in PROBES]
    seen = look(lab, [bound(PROBES[name], line) for line, name in ways])
    return {
        line: {
            name
            for (other, name), each in zip(ways, seen, strict=True)
            if other == line and each["state"] != "up"
        }
        for line in LINES
    }


def blind_in_the_end(lab: Lab, expected: dict[Line, set[str]]) -> dict[Line, set[str]]:
    """As `blind`; the system may notice a second late that a carrier is gone, or is back after the fault before."""
    end = time.monotonic() + 10
    while (seen := blind(lab)) != expected and time.monotonic() < end:
        pass
    return seen


def test_through_whole_lines_every_probe_sees_what_it_should(lab: Lab) -> None:
    assert blind(lab) == {"dsl": set(), "lte": set()}
    assert {each["state"] for each in look(lab, list(PROBES.values()))} == {"up"}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("fault", sorted(BLIND.keys() - OUT_THERE))
def test_a_bound_probe_sees_the_fault_of_its_line_and_the_other_line_whole(
    lab: Lab, fault: str, line: Line
) -> None:
    expected: dict[Line, set[str]] = {each: BLIND[fault] if each == line else set() for each in LINES}
    lab.fault(fault, line)
    assert blind_in_the_end(lab, expected) == expected


@pytest.mark.parametrize("fault", sorted(OUT_THERE))
def test_a_fault_out_there_is_seen_through_every_line(lab: Lab, fault: str) -> None:
    lab.fault(fault)
    expected = dict.fromkeys(LINES, BLIND[fault])
    assert blind_in_the_end(lab, expected) == expected


def test_an_unbound_probe_takes_the_line_that_the_office_uses(lab: Lab) -> None:
    lab.fault("blackhole", "dsl")
    assert look(lab, [SITE])[0]["state"] == "down"
    lab.use("lte")
    link, site = look(lab, [{"link": {}}, SITE])
    assert "lte0" in link["reason"]
    assert site["state"] == "up"


@pytest.mark.parametrize(
    ("fault", "probe", "words"),
    [
        (
            "link_down",
            {"link": {"via": "dsl0"}},
            "dsl0 is not connected: the cable is out or the Wi-Fi is lost",
        ),
        ("gateway_dead", {"link": {}}, "no answer within 1 s while waiting for the router 192.168.1.1"),
        ("reject", PROBES["tcp"], "it cannot be reached: a router on the way says so"),
        ("dns_refused", SITE, "the name server 192.168.1.1 refuses to answer"),
        ("portal_302", {"portal": {}}, "a login page or a proxy answers instead of the internet"),
        ("site_error", SITE, "https://www.office.test/ answers 503"),
        ("phone_dead", PHONE, "the connection was refused: nothing listens there"),
    ],
)
def test_the_reason_says_what_is_broken(lab: Lab, fault: str, probe: dict[str, Any], words: str) -> None:
    lab.fault(fault)
    end = time.monotonic() + 10
    while (seen := look(lab, [probe])[0]["reason"]) != words and time.monotonic() < end:
        pass
    assert seen == words


def test_a_real_telephone_server_takes_the_right_login_only(lab: Lab) -> None:
    logins = [("101", "wardrobe"), ("101", "wrong"), ("999", "wardrobe")]
    probes = [
        {
            "sip": {
                "host": "sip.office.test",
                "transport": way,
                "domain": "office.test",
                "user": user,
                "password": f"env:{word}",
            }
        }
        for user, word in logins
        for way in ("udp", "tcp")
    ]
    seen = look(lab, probes)
    assert [each["state"] for each in seen] == ["up", "up", "down", "down", "down", "down"]
    assert seen[4]["reason"] == "the login is refused: sip.office.test says: 403 Unknown user"


def test_a_real_mail_server_takes_the_right_login_only_and_its_certificate_is_checked(lab: Lab) -> None:
    lab.start_mail()
    imap = {"host": "mail.office.test", "user": "ann"}
    wrong_name = {"host": "203.0.113.40", "user": "ann", "password": "env:wardrobe"}
    logins = [{**imap, "password": "env:wardrobe"}, {**imap, "password": "env:wrong"}, wrong_name]
    logins.append({**logins[0], "security": "starttls"})
    right, wrong, unnamed, later = look(lab, [{"imap": fields} for fields in logins])
    assert right["state"] == later["state"] == "up", (right, later)
    assert wrong["state"] == "down"
    assert unnamed["reason"] == "its certificate is for another address"


def test_a_real_submission_server_greets_encrypts_and_turns_a_wrong_login_away(lab: Lab) -> None:
    lab.start_mail()
    smtp = {"host": "mail.office.test"}
    wrong = {**smtp, "user": "ann", "password": "env:wrong"}
    greeted, unnamed, refused = look(
        lab, [{"smtp": fields} for fields in (smtp, {"host": "203.0.113.40"}, wrong)]
    )
    assert greeted["state"] == "up", greeted
    assert unnamed["reason"] == "its certificate is for another address"
    assert refused["state"] == "down" and "535" in str(refused["reason"]), refused


def test_a_lossy_line_is_measured(lab: Lab) -> None:
    lab.fault("loss", "dsl", percent=95)
    hard, easy = look(
        lab,
        [{"ping": {"host": "1.1.1.1", "count": 4, "answers": 4, "via": name}} for name in ("dsl0", "lte0")],
    )
    assert easy["state"] == "up"
    assert hard["state"] == "down"

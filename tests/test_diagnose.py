"""What follows from what was seen: each layer, the one verdict, the runbook; without a network."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bcp.alert.wording import of_outcome
from bcp.check import single_pass
from bcp.check.clock_reading import ClockReading
from bcp.check.controls import Control, Controls
from bcp.check.diagnose import OF_LAYER, Diagnosis, _own_step, _Seen, conclude, diagnose, suggested
from bcp.check.model import Check
from bcp.check.network_path import ORDER, Layer, LayerAnswer, Observed, Path, References, judge
from bcp.check.path_needs import excused, needs
from bcp.check.picture import picture
from bcp.check.round import Outcome
from bcp.check.run import CheckLook
from bcp.check.thing import Thing, service_of
from bcp.clock import SystemClock
from bcp.probe.base import Result, Shared
from bcp.probe.interfaces import Interface
from bcp.probe.name_settings import Settings
from bcp.probe.names import Names
from bcp.verdict import VERDICTS, Verdict, meanings, next_steps
from tests.ports import free_port
from tests.wire import dns_answer, page, silent_port, udp_server, web_server

NOW = datetime(2026, 11, 26, 7, 50, tzinfo=UTC)
DSL = Interface("dsl0", True, ("192.168.1.10/24",), "192.168.1.1")
YES, NO = LayerAnswer(True, "it answers"), LayerAnswer(False, "no answer within 2 s")
PAGE = {
    "up": ("up", "no login page"),
    "down": ("down", "a login page"),
    "inconclusive": ("inconclusive", "no answer"),
}


def path(
    router: bool = True,
    addresses: str = "yyy",
    page: str = "up",
    names: bool = True,
    missing: str = "",
    loss: tuple[int, int] = (0, 60),
    untold: str = "",
    named: bool = True,
) -> Path:
    """`untold`: why this computer does not tell how its network is; not `named`: nor whom it asks for names."""
    answers = tuple(YES if letter == "y" else NO for letter in addresses)
    asked = (YES if names else NO) if named else LayerAnswer(False, "no servers", is_unclear=True)
    by_router = YES if router and not untold else NO
    interface = None if untold else DSL
    chosen = Observed(interface, missing, by_router, asked, YES, PAGE[page], answers, loss, untold)  # type: ignore[arg-type]
    return judge(chosen, References())


@pytest.mark.parametrize(
    ("seen", "culprit"),
    [
        (path(), None),
        (path(router=False), None),
        (path(router=False, addresses="nyn", page="inconclusive"), None),
        (path(missing="dsl0 is not connected"), "computer"),
        (path(router=False, addresses="nnn", page="inconclusive", names=False), "router"),
        (path(addresses="nnn", page="inconclusive", names=False), "provider"),
        (path(addresses="nnn", page="down", names=False), "portal"),
        (path(router=False, addresses="nnn", page="down"), "portal"),
        (path(addresses="yyy", page="down"), "portal"),
        (path(addresses="yyy", page="inconclusive", names=False), "names"),
        (path(addresses="nnn", page="up"), None),
        (path(addresses="yyn"), None),
    ],
)
def test_the_first_layer_that_fails_while_those_before_it_are_well_is_to_blame(seen, culprit):
    assert (seen.culprit.name if seen.culprit else None) == culprit
    assert not seen.is_degraded or culprit is None


def test_packets_that_get_lost_make_a_path_degraded_and_no_more():
    assert path(loss=(2, 60)).is_degraded is False
    assert path(loss=(12, 60)).is_degraded is True
    assert path(loss=(12, 60)).culprit is None
    assert path(addresses="nyn", page="inconclusive").is_degraded is True


def check(name: str, probe: dict[str, object], **more: object) -> Check:
    return Check.model_validate({"check": name, "title": name.title(), "probes": [probe], **more})


SITE = check("site", {"http": {"url": "https://www.office.test/"}}, runbook="website-down")
PHONE = check("phone", {"sip": {"host": "sip.office.test"}}, runbook="phone-outage")
LINE = check("internet", {"portal": {}}, runbook="internet-outage")
CHECKS = {"site": SITE, "phone": PHONE, "internet": LINE}


def look(state: str, reached: bool = False) -> CheckLook:
    return CheckLook("x", state, state, NOW, None, (Result(state, state, reached=reached),))  # type: ignore[arg-type]


def thing(service: str, here: CheckLook, elsewhere: CheckLook | None = None) -> Thing:
    name = {"website": "site", "phone": "phone", "mail": "mail"}[service]
    return Thing(name, name, service, here, elsewhere)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("service", "here", "elsewhere", "verdict"),
    [
        ("website", look("up"), None, "ok"),
        ("website", look("down"), look("up"), "site-unreachable-here"),
        ("website", look("down"), look("down"), "site-down"),
        ("website", look("down", reached=True), None, "site-down"),
        ("website", look("down"), None, "inconclusive"),
        ("website", look("inconclusive"), None, "inconclusive"),
        ("phone", look("down"), look("down"), "phone-down"),
        ("phone", look("down"), look("up"), "phone-down"),
        ("mail", look("down", reached=True), None, "mail-down"),
    ],
)
def test_a_second_way_tells_who_is_to_blame_for_a_thing_that_fails(service, here, elsewhere, verdict):
    assert thing(service, here, elsewhere).verdict == verdict


@pytest.mark.parametrize(
    ("stage", "failure", "control", "verdict"),
    [
        # Others answer at once over the same line, and ours does not …
        ("connection", "refused", True, "site-down"),
        ("conversation", "late", True, "site-down"),
        ("conversation", "signature", True, "site-down"),
        ("conversation", "dates", True, "site-down"),
        # … where no packet came back, the way to it may be broken: only a second way, or a telephone, can tell …
        ("connection", "late", True, "inconclusive"),
        ("name", None, True, "inconclusive"),
        # … and where nobody answers, it is not ours.
        ("connection", "refused", False, "inconclusive"),
        ("conversation", "late", False, "inconclusive"),
        ("conversation", "signature", False, "inconclusive"),
        # Where no control could be asked, a refusal is all that is certain.
        ("connection", "refused", None, "site-down"),
        ("conversation", "late", None, "inconclusive"),
        ("conversation", "signature", None, "inconclusive"),
    ],
)
def test_what_gave_no_answer_of_its_own_is_compared_with_what_is_not_ours(stage, failure, control, verdict):
    result = Result("down", "", stage=stage, failure=failure)
    seen = thing("website", CheckLook("x", "down", "", NOW, None, (result,)))
    assert seen.judged(control) == verdict


def other(title: str, *rests_on: str) -> Thing:
    return Thing(title.lower(), title, None, look("down"), rests_on=rests_on)


def test_what_fails_while_all_else_is_well_is_named_and_never_called_ok():
    assert conclude(path(), [other("Printer")]) == ("inconclusive", "printer")
    assert conclude(path(), [other("Files", "switch"), other("Switch")]) == ("inconclusive", "switch")
    assert conclude(path(loss=(12, 60)), [other("Printer")]) == ("degraded", None)


def test_a_diagnosis_that_found_nothing_names_what_went_down_meanwhile():
    printer = check("printer", {"tcp": {"host": "192.168.1.9", "port": 9100}}, runbook="no-paper")
    found = Diagnosis("ok", NOW, path(), (), None, None, 1.0)
    (up, down) = (Outcome("printer", state, "up", "", NOW, NOW) for state in ("up", "down"))
    assert found.resolved([up], {"printer": printer}) is found
    told = found.resolved([down], {"printer": printer})
    assert (told.verdict, told.thing, told.runbook) == ("inconclusive", "Printer", "no-paper")
    assert told.next_step == "Look at “Printer” itself: the line works."


@pytest.mark.parametrize(
    ("verdict", "failure", "reached", "state"),
    [
        ("clock-wrong", "dates", False, "inconclusive"),
        ("clock-wrong", "refused", False, "down"),  # no clock refuses a connection
        ("isp-down", "late", False, "inconclusive"),
        ("isp-down", None, True, "down"),  # it said itself that it is broken
        ("portal", None, True, "inconclusive"),  # the wall spoke in its place
        ("site-down", "refused", False, "down"),
    ],
)
def test_what_fails_because_of_something_else_is_not_told_as_down(verdict, failure, reached, state):
    result = Result("down", "no", reached=reached, failure=failure)
    site = thing("website", CheckLook("site", "down", "no", NOW, None, (result,)))
    found = Diagnosis(verdict, NOW, path(), (site,), None, None, 1.0)
    told = found.excused(Outcome("site", "down", "up", "no", NOW, NOW), SITE)
    assert told.state == state and "no" in told.reason
    inside = Diagnosis(verdict, NOW, path(), (replace(site, passes_line=False),), None, None, 1.0)
    assert inside.explains(SITE) is (verdict == "clock-wrong" and failure == "dates")


def test_our_own_broken_line_is_the_verdict_whatever_else_fails():
    down = [thing("website", look("down"), look("down"))]
    assert conclude(path(missing="no cable"), down) == ("lan-down", None)
    assert conclude(path(addresses="nnn", page="inconclusive", names=False), down) == ("isp-down", None)


def test_a_degraded_line_excuses_what_only_seems_to_fail_but_not_what_is_down():
    lossy = path(loss=(12, 60))
    assert conclude(lossy, [thing("website", look("down"), look("up"))]) == ("degraded", None)
    assert conclude(lossy, [thing("website", look("down"), look("down"))]) == ("site-down", "site")
    assert conclude(lossy, []) == ("degraded", None)
    assert conclude(path(), [thing("website", look("up"))]) == ("ok", None)


def test_nobody_is_blamed_where_this_computer_does_not_tell_how_its_network_is():
    nothing = path(untold="Access is denied", addresses="nnn", page="inconclusive", names=False)
    assert nothing.untold and nothing.lost == set(ORDER)
    assert conclude(nothing, []) == ("inconclusive", None)
    assert conclude(nothing, [thing("website", look("down"))]) == ("inconclusive", "site")
    seen = path(untold="Access is denied")
    assert not seen.untold and not seen.lost and conclude(seen, []) == ("ok", None)
    unasked = path(named=False, page="inconclusive")
    assert conclude(unasked, []) == ("inconclusive", None)
    assert conclude(path(names=False, page="inconclusive"), []) == ("dns-down", None)


def test_of_two_things_that_fail_the_one_that_is_surely_down_is_the_verdict_else_the_first():
    both = [thing("website", look("down"), look("down")), thing("phone", look("down"), look("down"))]
    assert conclude(path(), both) == ("site-down", "site")
    vague = [thing("website", look("down")), thing("phone", look("down"), look("down"))]
    assert conclude(path(), vague) == ("phone-down", "phone")
    assert conclude(path(), vague[:1]) == ("inconclusive", "site")


def test_a_verdict_suggests_the_runbook_of_what_fails():
    for verdict in OF_LAYER.values():
        assert suggested(verdict, None, CHECKS) == "internet-outage"
    assert suggested("site-down", "site", CHECKS) == "website-down"
    assert suggested("degraded", None, CHECKS) is None
    assert suggested("isp-down", None, {"site": SITE}) is None


def test_each_verdict_has_a_meaning_and_one_thing_to_do_next():
    assert list(meanings()) == list(next_steps()) == list(VERDICTS)


@pytest.mark.parametrize(
    ("probe", "service"),
    [
        ({"http": {"url": "http://a.test/"}}, "website"),
        ({"imap": {"host": "a.test"}}, "mail"),
        ({"tls": {"host": "a.test"}}, "website"),
        ({"tls": {"host": "a.test", "port": 993}}, "mail"),
        ({"tls": {"host": "a.test", "port": 8025, "starttls": "smtp"}}, "mail"),
        ({"tls": {"host": "a.test", "port": 8443}}, "website"),
        ({"tcp": {"host": "a.test", "port": 587}}, "mail"),
        ({"tcp": {"host": "a.test", "port": 5060}}, "phone"),
        ({"sip": {"host": "a.test"}}, "phone"),
        ({"tcp": {"host": "a.test", "port": 9100}}, None),
        ({"command": {"run": ["true"]}}, None),
    ],
)
def test_what_a_check_is_about_is_seen_from_its_probes(probe, service):
    assert service_of(check("x", probe)) == service


SETTINGS = Settings(hosts={"nas": ("192.168.1.5",), "self.test": ("127.0.0.1",)})


@pytest.mark.parametrize(
    ("host", "layers"),
    [
        ("127.0.0.1", set()),
        ("::1", set()),
        ("localhost", set()),
        ("self.test", set()),
        ("192.168.1.5", {"computer", "router"}),
        ("nas", {"computer", "router"}),
        ("printer.local", {"computer", "router"}),
        ("fd00::5", {"computer", "router"}),
        ("203.0.113.30", {"computer", "router", "portal", "provider"}),
        ("1.1.1.1", {"computer", "router", "portal", "provider"}),
        ("www.office.test", {"computer", "router", "portal", "provider", "names"}),
    ],
)
def test_a_look_needs_the_layers_on_its_own_route_and_no_others(host, layers):
    (probe,) = check("x", {"tcp": {"host": host, "port": 80}}).probes
    assert needs(probe, SETTINGS) == layers


def test_a_program_and_a_file_need_no_path():
    (probe,) = check("x", {"command": {"run": ["true"]}}).probes
    assert needs(probe, SETTINGS) == set()


@pytest.mark.parametrize(
    ("seen", "host", "state"),
    [
        (path(addresses="yyy", page="inconclusive", names=False), "www.office.test", "inconclusive"),
        (path(addresses="yyy", page="inconclusive", names=False), "1.1.1.1", "down"),
        (path(addresses="nnn", page="inconclusive", names=False), "1.1.1.1", "inconclusive"),
        (path(addresses="nnn", page="inconclusive", names=False), "192.168.1.5", "down"),
        (path(missing="no cable"), "192.168.1.5", "inconclusive"),
        (path(missing="no cable"), "127.0.0.1", "down"),
        (path(), "www.office.test", "down"),
    ],
)
def test_only_a_broken_layer_on_its_own_route_excuses_a_look(seen, host, state):
    one = check("x", {"tcp": {"host": host, "port": 80}})
    assert excused(one, [Result("down", "no answer")], {None: seen}, SETTINGS) == [state]


def test_a_whole_diagnosis_has_a_verdict_and_a_picture_whatever_network_this_is():
    with silent_port() as open_port:
        shop = check("shop", {"http": {"url": f"http://127.0.0.1:{free_port()}/"}})
        mail = check("mail", {"tcp": {"host": "127.0.0.1", "port": open_port}})
        names = Names(lambda: Settings(servers=(("127.0.0.1", 9),)), public=(("127.0.0.1", 9),))
        references = References(
            addresses=(("127.0.0.1", open_port),) * 3, page=f"http://127.0.0.1:{free_port()}/"
        )
        shared = Shared(SystemClock(), timeout=0.5, names=names)
        told = asyncio.run(diagnose({"shop": shop, "mail": mail}, shared, references))
    verdicts: set[Verdict] = {"lan-down", "dns-down"}
    assert told.verdict in verdicts
    assert [row[1] for row in picture(told)][:2] == ["this computer", "the office's router"]
    assert picture(told)[-1][1] == "Shop"


def alone():
    """A look at anything but what the test serves finds nobody, and leaves this computer for nowhere."""
    nobody = (("127.0.0.1", 9),)
    return Shared(SystemClock(), timeout=0.5, names=Names(lambda: Settings(servers=nobody), public=nobody))


def test_what_a_round_is_looking_at_is_not_looked_at_by_the_diagnosis_beside_it():
    asked = []

    def answer(target):
        asked.append(target)
        return page(status="500 Sorry")

    with web_server(answer) as port:
        url = f"http://127.0.0.1:{port}/"
        shop = check("shop", {"http": {"url": url, "status": 200}}, confirm="3 looks in 1s")
        references = References(addresses=(("127.0.0.1", port),) * 3, page=url + "page")
        found = single_pass.look(
            {"shop": shop}, {}, ["shop"], shared=alone(), zone=ZoneInfo("UTC"), references=references
        )
    assert found.diagnosis is not None and found.outcomes[0].looks == 3
    assert asked.count("/") == 3


def test_a_diagnosis_that_ends_early_leaves_the_looks_of_the_round_alone():
    """Its own line is dead, so it waits for nothing; the round goes on to the end."""
    with silent_port() as hanging:
        shop = check("shop", {"http": {"url": f"http://127.0.0.1:{hanging}/"}}, confirm="2 looks in 1s")
        references = References(addresses=(("127.0.0.1", free_port()),), page=f"http://127.0.0.1:{hanging}/")
        (outcome,) = single_pass.look(
            {"shop": shop}, {}, ["shop"], shared=alone(), zone=ZoneInfo("UTC"), references=references
        ).outcomes
    assert (outcome.state, outcome.looks) == ("down", 2)


def test_a_router_that_says_nothing_and_lets_everything_through_is_not_said_to_be_silent():
    layers = {layer.name: layer for layer in path(router=False).layers}
    assert layers["router"].evidence == ("it does not answer itself, but what lies behind it does",)
    dead = path(router=False, addresses="nnn", page="inconclusive", names=False)
    assert {layer.name: layer for layer in dead.layers}["router"].evidence == ("no answer within 2 s",)


@pytest.mark.parametrize(
    ("host", "cause"),
    [("127.0.0.1", ""), ("192.168.1.7", ""), ("www.office.test", "names (DNS) do not work here")],
)
def test_a_message_names_a_broken_line_only_where_the_look_had_to_pass_it(host: str, cause: str) -> None:
    check = Check.model_validate(
        {
            "check": "shop",
            "title": "Our shop",
            "own_path": True,
            "probes": [{"tcp": {"host": host, "port": 80}}],
        }
    )
    names = Layer("names", "broken", ("no name server answers",))
    found = Diagnosis("dns-down", NOW, Path(None, (names,)), (), None, None, 1.0)
    outcome = Outcome("shop", "down", "up", "it answers 503", NOW, NOW)
    assert of_outcome(check, outcome, found, ()).cause == cause


def shut_out(state: str) -> Controls:
    """Both foreign sites are dead for us, as in a country that blocks them; the well-known addresses answer."""
    sites = tuple(Control(host, state, state, is_site=True) for host in ("a.test", "b.test"))  # type: ignore[arg-type]
    return Controls(sites, (Control("1.1.1.1", "works", ""),))


@pytest.mark.parametrize("state", ["late", "stuck", "refused", "cut"])
def test_foreign_sites_that_are_shut_out_blame_nobody_and_contradict_no_verdict(state: str) -> None:
    result = Result("up", "", evidence={"address": "203.0.113.10"})
    ours = thing("website", CheckLook("x", "up", "", NOW, None, (result,)))
    assert conclude(path(), [ours], shut_out(state)) == ("ok", None)
    found = Diagnosis("ok", NOW, path(), (ours,), None, None, 1.0, controls=shut_out(state))
    assert not [row for row in picture(found) if row.state in ("broken", "down")]


def test_a_clock_some_hours_wrong_is_what_to_mend_where_all_else_is_well() -> None:
    clock = ClockReading(("a.test",), NOW, timedelta(hours=23))
    controls = Controls((Control("a.test", "works", "", is_site=True),), clock=clock)
    assert _own_step("ok", None, _Seen(path(), (), controls, ""), {}) == next_steps()["clock-wrong"]
    found = Diagnosis("ok", NOW, path(), (), None, None, 1.0, controls=controls)
    assert [row.state for row in picture(found) if row.name == "date and time"] == ["warning"]


def test_a_line_that_works_is_no_outage_where_what_its_check_looks_at_is_down_itself() -> None:
    controls = Controls((Control("a.test", "works", "", is_site=True),))
    line = Thing("internet", LINE.title, None, look("down"))
    assert conclude(path(addresses="nnn"), [line], controls) == ("inconclusive", "internet")
    step = _own_step("inconclusive", "internet", _Seen(path(), (line,), controls, ""), CHECKS)
    assert step is not None and step.startswith("Go on working: the line carries other things.")
    assert suggested("inconclusive", "internet", CHECKS, controls) is None
    assert suggested("inconclusive", "internet", CHECKS, Controls()) == "internet-outage"


def test_where_no_name_server_helps_nobody_is_told_to_enter_another_one():
    steps, known = [], dict.fromkeys(References().names, "192.0.2.1")
    with silent_port() as open_port, udp_server(lambda asked: dns_answer(asked, known)) as helping:
        references = References(
            addresses=(("127.0.0.1", open_port),) * 3, page="http://nowhere.test/", sites=()
        )
        for public in (9, helping):
            names = Names(lambda: Settings(servers=(("127.0.0.1", 9),)), public=(("127.0.0.1", public),))
            told = asyncio.run(diagnose({}, Shared(SystemClock(), timeout=0.5, names=names), references))
            if told.verdict != "lan-down":  # where this computer has no network
                steps.append((told.verdict, told.next_step.partition(",")[0]))
    expected = ["Go over to mobile internet", "Enter another name server in the router or in this computer"]
    assert steps in ([], [("dns-down", step) for step in expected])


@pytest.mark.parametrize(("router", "state"), [(True, "down"), (False, "unknown")])
def test_a_printer_that_is_dead_is_shown_so_while_only_the_line_is_dead(router: bool, state: str) -> None:
    printer = replace(other("Printer"), passes_line=False)
    dead = path(router=router, addresses="nnn", page="inconclusive", names=False)
    found = Diagnosis("isp-down", NOW, dead, (printer, other("Files")), None, None, 1.0)
    assert [row.state for row in picture(found)][-2:] == [state, "unknown"]

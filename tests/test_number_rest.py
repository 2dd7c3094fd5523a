"""The rest way: what stood there is kept whole, set, read back and put back, at providers as they are published."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bcp.action.base import Done
from bcp.errors import StepFailed, Unsure
from bcp.lever.number.kinds.rest import Rest
from bcp.lever.number.kinds.twilio import Twilio
from bcp.lever.number.levers import OfficeNumbers
from bcp.office.number import OfficeNumber
from bcp.world.real import Real
from bcp.world.rehearsal import Rehearsal
from bcp.world.secret import Secrets
from tests.phone_providers import (
    BEARER,
    KEY,
    SECRET,
    TOKEN,
    TOKEN_ID,
    Provider,
    Reply,
    served,
    sipgate,
    telnyx,
    zadarma,
)
from tests.test_number import TO_LEAD, Person, carry, numbers

LEAD = "+48600000101"
SECRETS = {"TOKEN": TOKEN, "BEARER": BEARER, "KEY": KEY, "SECRET": SECRET}
WAYS: dict[str, dict[str, Any]] = {
    "sipgate": {"names": {"user": "w0", "line": "p0"}, "login": {"user": TOKEN_ID, "password": "env:TOKEN"}},
    "telnyx": {"names": {"id": "1293384261075731499"}, "headers": {"Authorization": "Bearer {env:BEARER}"}},
    "zadarma": {"names": {"sip": "00001"}, "key": "env:KEY", "secret": "env:SECRET"},
}
ANSWERS: dict[str, Callable[[Any, Any], Reply]] = {"sipgate": sipgate, "telnyx": telnyx, "zadarma": zadarma}
SET = {
    "sipgate": [{"destination": LEAD, "timeout": 0, "active": True}],
    "telnyx": {"call_forwarding_enabled": True, "forwards_to": LEAD, "forwarding_type": "always"},
    "zadarma": {
        "sip_id": "00001", "status": "on", "condition": "always", "destination": "phone",
        "destination_value": LEAD[1:],
    },
}  # fmt: skip
TWO = [
    {"destination": "+48600000777", "timeout": 20, "active": True},
    {"destination": "voicemail", "timeout": 45, "active": False},
]
BEFORE: list[tuple[str, Any]] = [
    ("sipgate", TWO),
    ("sipgate", []),
    (
        "telnyx",
        {"call_forwarding_enabled": True, "forwards_to": "+48600000777", "forwarding_type": "on-failure"},
    ),
    ("telnyx", {"call_forwarding_enabled": True, "forwards_to": None, "forwarding_type": None}),
    ("telnyx", {"call_forwarding_enabled": False, "forwards_to": "", "forwarding_type": ""}),
    ("zadarma", {**SET["zadarma"], "condition": "unavailable", "destination_value": "48600000777"}),
    ("zadarma", {"sip_id": "00001", "status": "off"}),
]


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Provider]]:
    made = {name: Provider(None, answer) for name, answer in ANSWERS.items()}
    with served(made["sipgate"]), served(made["telnyx"]), served(made["zadarma"]):
        yield made


@pytest.fixture
def at(servers: dict[str, Provider]) -> Callable[[str, Any], Provider]:
    """A provider with this set, as if nobody had asked it before."""

    def put(name: str, state: Any) -> Provider:
        provider = servers[name]
        provider.state, provider.says = copy.deepcopy(state), None
        provider.lost, provider.undone = set(), set()
        provider.asked.clear()
        return provider

    return put


At = Callable[[str, Any], Provider]


def office(folder: Path, name: str, url: str, **more: Any) -> OfficeNumbers:
    told = {"provider": name, **WAYS[name], **more}
    version = "" if name == "zadarma" else "/v2"
    told["names"] = {**told["names"], "api": url + version}
    return numbers(folder, {"way": {"rest": told}}, Real(Secrets(folder, SECRETS)))


def way(found: OfficeNumbers) -> Rest:
    made = found.numbers["office"].way
    assert isinstance(made, Rest)
    return made


def is_like(name: str, state: Any) -> bool:
    """Whether the provider shows what the forwarding to the lead is."""
    told = {**state} if name == "zadarma" else state
    if name == "zadarma":
        told["condition"] = "always"
    return bool(told == SET[name])


@pytest.mark.parametrize(("name", "before"), BEFORE)
def test_what_stood_there_is_set_over_read_back_and_put_back_whole(
    tmp_path: Path, at: At, name: str, before: Any
) -> None:
    provider = at(name, before)
    found = office(tmp_path, name, provider.url)
    order = found.order("office", LEAD, "Anna Nowak")
    assert not way(found).is_ours(order, way(found).present(found.affair.world, order))
    done = carry(found, Person(), **TO_LEAD)
    assert isinstance(done, Done) and done.evidence["goes_to"] == LEAD, done
    assert is_like(name, provider.state)
    assert way(found).is_ours(order, way(found).present(found.affair.world, order))
    assert isinstance(carry(found, Person(), deactivate="office"), Done)
    shown = provider.state
    if before == {"sip_id": "00001", "status": "off"}:
        shown = {key: shown[key] for key in before}
    assert shown == before and found.affair.ledger.forwarded() == []
    told = json.dumps([event.data for event in found.affair.ledger.events()], default=str)
    assert not any(secret in told for secret in SECRETS.values())


@pytest.mark.parametrize("name", ["sipgate", "telnyx", "zadarma"])
@pytest.mark.parametrize("fate", ["lost", "undone"])
def test_an_answer_that_is_lost_is_read_back_and_what_was_not_done_is_done_once_more(
    tmp_path: Path, at: At, name: str, fate: str
) -> None:
    before = next(state for each, state in BEFORE if each == name)
    provider = at(name, before)
    setattr(provider, fate, {1})
    found = office(tmp_path, name, provider.url)
    assert isinstance(carry(found, Person(), **TO_LEAD), Done)
    assert is_like(name, provider.state)


def test_where_only_one_of_two_is_forwarded_it_is_not_ours(tmp_path: Path, at: At) -> None:
    provider = at("sipgate", [*SET["sipgate"], TWO[1]])
    found = office(tmp_path, "sipgate", provider.url)
    order = found.order("office", LEAD)
    assert way(found).is_ours(order, way(found).present(found.affair.world, order)) is False


def test_a_voicemail_that_could_not_be_put_back_is_left_alone(tmp_path: Path, at: At) -> None:
    before = {**SET["zadarma"], "destination": "voicemail", "destination_value": "biuro@kropka.example"}
    provider = at("zadarma", before)
    with pytest.raises(StepFailed, match=r"could not be put back, so nothing was changed.*voicemail"):
        carry(office(tmp_path, "zadarma", provider.url), Person(), **TO_LEAD)
    assert provider.state == before and provider.changes == []
    found = office(tmp_path, "zadarma", provider.url)
    (told,) = way(found).check(found.affair.world, found.order("office"))
    assert told.state == "bad" and "could not be put back" in told.words


def test_what_another_way_saved_is_a_persons_affair(tmp_path: Path, at: At) -> None:
    """Somebody changed the way in bcp.yaml while the calls were forwarded."""
    provider = at("telnyx", SET["telnyx"])
    found = office(tmp_path, "telnyx", provider.url)
    order, made = found.order("office", LEAD), way(found)
    assert made.is_ours(order, {"voice_url": "x"}) is None
    twilio = Twilio.model_validate({"account": "AC" + "0" * 32, "token": "env:T"})
    for each, saved in ((made, {"sid": "PN1", "voice_url": "x"}), (twilio, {"kept": "[]"})):
        with pytest.raises(StepFailed, match="written down by another way, so a person must set it"):
            each.put_back(found.affair.world, order, saved)
    assert provider.changes == []


def test_what_is_so_already_is_not_sent_again(tmp_path: Path, at: At) -> None:
    provider = at("zadarma", SET["zadarma"])
    found = office(tmp_path, "zadarma", provider.url)
    order, made = found.order("office", LEAD), way(found)
    saved = made.present(found.affair.world, order)
    made.forward(found.affair.world, order)
    made.put_back(found.affair.world, order, saved)
    assert provider.changes == []


@pytest.mark.parametrize(
    ("name", "more", "says", "words"),
    [
        (
            "sipgate",
            {"login": {"user": TOKEN_ID, "password": "env:BEARER"}},
            None,
            r"does not accept the login",
        ),
        ("telnyx", {"names": {"id": "7"}}, None, r"does not know this line or number \(404\)"),
        ("zadarma", {"secret": "env:KEY"}, None, r"does not accept the login \(401\).*Not authorized"),
        ("zadarma", {}, (200, {"status": "error", "message": "no money"}), "refuses it.*no money"),
        ("zadarma", {}, (200, {"status": "success", "info": []}), "shows nothing at /info/0"),
        ("telnyx", {}, (403, {"errors": []}), r"may not do that \(403\)"),
        ("telnyx", {}, (503, None), r"its own trouble \(503\)"),
        ("telnyx", {}, (302, None), "sends us to another address"),
        ("telnyx", {}, (200, None), "cannot be read"),
        ("telnyx", {}, (429, None), "asked too much at once"),
        ("telnyx", {"headers": {"Authorization": "Bearer {env:NOWHERE}"}}, None, "env:NOWHERE is not set"),
    ],
)
def test_each_cause_has_its_own_sentence_and_nothing_is_changed(
    tmp_path: Path, at: At, name: str, more: dict[str, Any], says: Reply | None, words: str
) -> None:
    provider = at(name, SET[name])
    provider.says = says
    with pytest.raises(StepFailed, match=words):
        carry(office(tmp_path, name, provider.url, **more), Person(), **TO_LEAD)
    assert provider.state == SET[name] and provider.changes == []


def test_what_is_taken_and_not_shown_is_no_success_and_put_back(tmp_path: Path, at: At) -> None:
    """A provider that stores another number than was asked for: it is seen, and the old state is written again."""
    provider = at("sipgate", TWO)

    def mangles(served_by: Provider, asked: Any) -> Reply:
        asked.body = asked.body.replace(LEAD, "+48999")
        return sipgate(served_by, asked)

    provider.answer = mangles
    try:
        with pytest.raises(
            StepFailed, match=r"does not show it; it shows: .*\+48999.*what was before is set again"
        ):
            carry(office(tmp_path, "sipgate", provider.url), Person(), **TO_LEAD)
    finally:
        provider.answer = sipgate
    assert provider.state == TWO


def test_a_server_that_is_gone_behind_the_write_leaves_it_unsure(tmp_path: Path, at: At) -> None:
    provider = at("telnyx", SET["telnyx"])
    found = office(tmp_path, "telnyx", provider.url)
    order = found.order("office", "+48600000102")
    provider.says = (500, None)
    with pytest.raises(Unsure, match=r"own trouble \(500\)"):
        way(found).forward(found.affair.world, order)


def test_a_check_says_where_the_calls_go_and_a_drill_asks_nothing(tmp_path: Path, at: At) -> None:
    provider = at("zadarma", SET["zadarma"])
    found = office(tmp_path, "zadarma", provider.url)
    words = [each.words for each in way(found).check(found.affair.world, found.order("office"))]
    assert words == ["the interface answers; its calls go to +48 600 000 101"]
    provider.state = {**provider.state, "status": "off"}
    (told,) = way(found).check(found.affair.world, found.order("office"))
    assert '"status": "off"' in told.words and "48600000101" not in told.words
    provider.asked.clear()
    told_way = {"way": found.numbers["office"].model_dump(mode="json", exclude_none=True)["way"]}
    drill = numbers(tmp_path, told_way, Rehearsal(tmp_path, SECRETS), drill=True)
    assert isinstance(carry(drill, Person(), **TO_LEAD), Done)
    with pytest.raises(StepFailed, match="the secret env:KEY is not set"):
        carry(numbers(tmp_path, told_way, Rehearsal(tmp_path, {}), drill=True), Person(), **TO_LEAD)
    assert provider.asked == []


OWN: dict[str, Any] = {
    "names": {"api": "https://pbx.example"},
    "read": {"url": "{api}/divert/{phone:digits}", "nothing": [404]},
    "set": {
        "method": "PUT",
        "url": "{api}/divert/{phone:digits}",
        "json": {"to": "{to:national}", "a": "{to:00}"},
    },
    "shows": {"/to": "{to:national}"},
    "back": {"method": "PUT", "url": "{api}/divert/{phone:digits}", "json": "{before}"},
    "off": {"method": "DELETE", "url": "{api}/divert/{phone:digits}"},
}


def pbx(provider: Provider, asked: Any) -> Reply:
    """An exchange of no known make: nothing is there before something was set."""
    assert asked.path == "/divert/48226000001", asked.path
    if asked.method == "DELETE":
        provider.state = None
        return 204, None
    if asked.method == "PUT":
        provider.state = json.loads(asked.body)
    return (200, provider.state) if provider.state is not None else (404, None)


@pytest.mark.parametrize(
    "before", [None, {"to": "22 600", "rings": 3, "who": "{env:TOKEN}", "more": {"a": [None]}}]
)
def test_an_interface_of_ones_own_is_written_down_with_numbers_in_its_forms(
    tmp_path: Path, before: Any
) -> None:
    """What a provider shows is never read as a reference: it goes back letter by letter."""
    with served(Provider(before, pbx)) as provider:
        provider.state = before
        provider.undone = {2}
        told = {"rest": {**OWN, "names": {"api": provider.url}}}
        found = numbers(tmp_path, {"way": told}, Real(Secrets(tmp_path, SECRETS)))
        assert isinstance(carry(found, Person(), **TO_LEAD), Done)
        assert provider.state == {"to": "600000101", "a": "0048600000101"}
        assert isinstance(carry(found, Person(), deactivate="office"), Done)
        assert provider.state == before


WHAT_IS_KEPT: list[tuple[Any, dict[str, Any]]] = [
    ({"to": "22", "z": "a\x00b", "a": {"": [1, None, 1.5]}}, {}),
    ({"to": "22", "url": "https://pbx.example/?a=b&c={to}"}, {}),
    ({"to": "22", "echo": TOKEN}, {}),
    ({"to": "22", "rules": [], "more": {}}, {"drops": True}),
    ({"to": "22", "more": {"at": 0}}, {"counts": True}),
    ({"to": "22"}, {"late": 3}),
]


@pytest.mark.parametrize(("before", "does"), WHAT_IS_KEPT)
def test_what_a_provider_keeps_in_its_own_way_is_put_back_all_the_same(
    tmp_path: Path, before: Any, does: dict[str, Any]
) -> None:
    """It shows no field that is empty, counts its changes, or carries one out only a few looks later."""
    waiting: list[Any] = []
    order: list[list[str]] = []

    def keeps(provider: Provider, asked: Any) -> Reply:
        if asked.method == "PUT":
            told = json.loads(asked.body)
            order.append(list(told))
            waiting[:] = [told] * does.get("late", 1)
            return 202, None
        if waiting and (len(waiting) == 1 or waiting.pop() is None):
            provider.state = waiting.pop()
        shown = {**provider.state}
        if does.get("drops"):
            shown = {key: each for key, each in shown.items() if each}
        if does.get("counts"):
            shown["more"] = {**shown.get("more", {}), "at": len(provider.asked)}
        return 200, shown

    with served(Provider(before, keeps)) as provider:
        told = {**OWN, "names": {"api": provider.url}, "headers": {"X": "{env:TOKEN}"}}
        told["read"] = {**OWN["read"], "but": ["/more/at"] if does.get("counts") else []}
        found = numbers(tmp_path, {"way": {"rest": told}}, Real(Secrets(tmp_path, SECRETS)))
        done = carry(found, Person(), **TO_LEAD)
        assert isinstance(done, Done) and TOKEN not in str(done)
        assert isinstance(carry(found, Person(), deactivate="office"), Done)
        if does:
            assert provider.state["to"] == "22"
        else:
            assert provider.state == before and order[-1] == list(before)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"[" * 100_000, "cannot be read"),
        (b"", "cannot be read"),
        (b"<html>Sign in</html>", "cannot be read"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "could not be sent back"),
        (rb'{"to": "\ud800"}', "could not be sent back"),
        (b'{"to": NaN}', "could not be sent back"),
    ],
)
def test_what_could_not_be_sent_back_is_never_taken_for_what_is_set(
    tmp_path: Path, raw: bytes, words: str
) -> None:
    with served(Provider(None, lambda _provider, _asked: (200, raw))) as provider:
        told = {"rest": {**OWN, "names": {"api": provider.url}}}
        found = numbers(tmp_path, {"way": told}, Real(Secrets(tmp_path, SECRETS)))
        with pytest.raises(StepFailed, match=words):
            carry(found, Person(), **TO_LEAD)
        assert provider.changes == []


def test_a_login_that_would_go_unencrypted_is_bad(tmp_path: Path) -> None:
    with served(Provider({"to": "1"}, lambda provider, _asked: (200, provider.state))) as provider:
        told = {
            **OWN,
            "names": {"api": provider.url},
            "back": {"method": "PUT", "url": "http://pbx.example/x"},
        }
        found = numbers(tmp_path, {"way": {"rest": told}}, Real(Secrets(tmp_path, {})))
        states = [each.state for each in way(found).check(found.affair.world, found.order("office"))]
        assert states == ["fine", "bad"]


def test_a_secret_that_the_provider_shows_among_what_is_kept_is_bad(tmp_path: Path) -> None:
    with served(
        Provider({"to": "1", "key": TOKEN}, lambda provider, _asked: (200, provider.state))
    ) as provider:
        told = {**OWN, "names": {"api": provider.url}, "headers": {"X": "{env:TOKEN}"}}
        found = numbers(tmp_path, {"way": {"rest": told}}, Real(Secrets(tmp_path, SECRETS)))
        (fine, bad) = way(found).check(found.affair.world, found.order("office"))
        assert (fine.state, bad.state) == ("fine", "bad") and "keep less of it" in bad.words
        assert TOKEN not in fine.words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"read": None}, "expected read as well, or provider"),
        ({"shows": {"/to": "always"}}, "expected {to} in shows"),
        (
            {"back": {"method": "PUT", "url": "{api}/x", "json": {"a": "{befor}"}}},
            "{befor} stands for nothing",
        ),
        ({"set": {"method": "PUT", "url": "{api}/x", "json": "{to:short}"}}, "{to:short} stands for nothing"),
        ({"shows": {"always/to": "{to}"}}, 'expected a JSON pointer such as "/always/to"'),
        (
            {"back": {"method": "PUT", "url": "{api}/x", "json": "{before:to}"}},
            "{before:to} stands for nothing",
        ),
        ({"set": {"method": "PUT", "url": "{api}/x", "json": "{before}"}}, "{before} in back, not in set"),
        ({"sign": "zadarma"}, "expected key and secret as well"),
        ({"read": {"url": "ftp://x"}}, "expected an address that begins with https://"),
    ],
)
def test_a_mistake_in_an_interface_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        OfficeNumber.model_validate({"number": "office", "way": {"rest": {**OWN, **change}}})


def test_what_is_written_down_is_read_again_as_it_was() -> None:
    for told in ({"provider": name, **each} for name, each in WAYS.items()):
        number = OfficeNumber.model_validate({"number": "office", "way": {"rest": told}})
        again = OfficeNumber.model_validate(json.loads(number.model_dump_json(exclude_none=True)))
        assert again == number and number.method == "api"

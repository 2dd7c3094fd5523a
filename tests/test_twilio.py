"""The twilio way: forwarded, read back, called, checked and bought, each request against the vendor's own contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest

from bcp.action.base import Done, Failed
from bcp.errors import StepFailed, Unsure
from bcp.lever.number.kinds.twilio import Twilio as Way
from bcp.lever.number.levers import OfficeNumbers
from bcp.lever.number.standing import number_stands
from bcp.lever.number.twilio_answer import AnswerCheck
from bcp.outside import HttpResponse, Request
from bcp.world.real import Real
from bcp.world.rehearsal import Rehearsal
from bcp.world.secret import Secrets
from tests.test_number import TO_LEAD, Person, carry, numbers
from tests.twilio import ACCOUNT, BEFORE, BUNDLE, TOKEN, Fault, Twilio, twilio

OURS = "+48226000001"
CALLER = "+48732000009"
LEAD = "+48600000101"
OLD = "https://twimlets.com/forward?PhoneNumber=%2B48600000101"


@pytest.fixture
def account() -> Iterator[Twilio]:
    with twilio() as served:
        served.own(OURS)
        served.own(CALLER)
        yield served


def way(account: Twilio, **more: Any) -> dict[str, Any]:
    echo = f"{account.url}/echo?Twiml={{twiml}}"
    told = {"account": ACCOUNT, "token": "env:TWILIO", "api": account.url, "answer": echo, **more}
    return {"way": {"twilio": told}}


def office(folder: Path, account: Twilio, token: str = TOKEN, **more: Any) -> OfficeNumbers:
    return numbers(folder, way(account, **more), Real(Secrets(folder, {"TWILIO": token})))


def voice(account: Twilio) -> str:
    return str(next(each for each in account.numbers.values() if each["phone_number"] == OURS)["voice_url"])


def document(url: str) -> ElementTree.Element:
    """The document that the Echo twimlet would answer with."""
    return ElementTree.fromstring(dict(parse_qsl(urlsplit(url).query))["Twiml"])


def dialled(account: Twilio) -> str:
    """The phone at which a call of our number rings."""
    return document(voice(account)).findtext("Dial") or ""


def test_calls_are_forwarded_read_back_and_a_call_is_heard_by_its_digits(
    tmp_path: Path, account: Twilio
) -> None:
    found = office(tmp_path, account, caller=CALLER)
    person = Person(answers={"digits": lambda: " ".join(account.spoken())})
    done = carry(found, person, **TO_LEAD)
    assert isinstance(done, Done), done
    assert dialled(account) == LEAD and done.evidence["goes_to"] == "+48600000101"
    assert done.facts == {"office_number": OURS} and person.asked == ["digits"]
    assert "named its digits" in found.affair.ledger.tests()["office"].words
    (call,) = account.posts("/Calls.json")
    assert (call.form["To"], call.form["From"]) == (OURS, CALLER)
    assert TOKEN not in json.dumps([event.data for event in found.affair.ledger.events()], default=str)


def test_what_a_caller_hears_is_ours_where_bcp_yaml_names_no_document(
    tmp_path: Path, account: Twilio
) -> None:
    """It rings long enough, shows the office's number, ends in a recorded message, and something stands in for it."""
    told = {"way": {"twilio": {"account": ACCOUNT, "token": "env:TWILIO", "api": account.url}}}
    found = numbers(tmp_path, told, Real(Secrets(tmp_path, {"TWILIO": TOKEN})))
    assert isinstance(carry(found, Person(), **TO_LEAD), Done)
    ours = next(iter(account.numbers.values()))
    assert (
        urlsplit(ours["voice_url"]).netloc == "twimlets.com" and urlsplit(ours["voice_url"]).path == "/echo"
    )
    dial, said, record = document(ours["voice_url"])
    assert (dial.text, dial.get("callerId")) == (LEAD, OURS) and int(dial.get("timeout", "0")) >= 45
    assert said.tag == "Say" and "after the tone" in (said.text or "")
    assert record.tag == "Record" and document(record.get("action", ""))[0].tag == "Hangup"
    dial, said, record = document(ours["voice_fallback_url"])
    assert dial.text == LEAD and dial.get("callerId") is None and record.tag == "Record"
    assert ours["voice_method"] == ours["voice_fallback_method"] == "GET"


def test_a_forwarding_is_ours_as_long_as_nobody_sets_anything_else(tmp_path: Path, account: Twilio) -> None:
    found = office(tmp_path, account)
    made, world, order = found.numbers["office"].way, found.affair.world, found.order("office", LEAD)
    assert isinstance(made, Way)
    assert made.is_ours(order, made.present(world, order)) is False
    made.forward(world, order)
    assert made.is_ours(order, made.present(world, order)) is True
    assert made.is_ours(found.order("office", "+48600000102"), made.present(world, order)) is False
    ours = next(iter(account.numbers.values()))
    ours["voice_url"] = ours["voice_url"].replace("after%20the%20tone", "behind%20the%20tone")
    assert made.is_ours(order, made.present(world, order)) is True
    ours["voice_fallback_url"] = "https://demo.example/other"
    assert made.is_ours(order, made.present(world, order)) is False
    ours |= {"voice_url": OLD, "voice_method": "GET"}
    assert made.is_ours(order, made.present(world, order)) is True


def test_to_end_it_sets_exactly_what_was_before_and_reads_it_back(tmp_path: Path, account: Twilio) -> None:
    found = office(tmp_path, account)
    first = {sid: dict(each) for sid, each in account.numbers.items()}
    assert isinstance(carry(found, Person(), **TO_LEAD), Done)
    assert account.numbers != first
    done = carry(found, Person(), deactivate="office")
    assert isinstance(done, Done) and done.evidence["goes_to"] == BEFORE
    assert account.numbers == first and found.affair.ledger.forwarded() == []


def test_a_number_that_led_nowhere_leads_nowhere_again(tmp_path: Path, account: Twilio) -> None:
    ours = next(iter(account.numbers.values()))
    ours |= {"voice_url": "", "voice_fallback_url": ""}
    found = office(tmp_path, account)
    carry(found, Person(), **TO_LEAD)
    assert isinstance(carry(found, Person(), deactivate="office"), Done)
    assert voice(account) == "" == ours["voice_fallback_url"]


def test_interrupted_in_the_midst_it_still_knows_what_was_before(tmp_path: Path, account: Twilio) -> None:
    def interrupt() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry(office(tmp_path, account), Person(answers={"heard": interrupt}), **TO_LEAD)
    assert dialled(account) == LEAD
    assert isinstance(carry(office(tmp_path, account), Person(), **TO_LEAD), Done)
    done = carry(office(tmp_path, account), Person(), deactivate="office")
    assert isinstance(done, Done) and done.note == f"its calls go to {BEFORE}" and voice(account) == BEFORE


@pytest.mark.parametrize("said", ["no", "ne", "Nie", "nein", "όχι", "ΟΧΙ"])
def test_whoever_says_that_nothing_rings_is_not_called_again(
    tmp_path: Path, account: Twilio, said: str
) -> None:
    person = Person(answers={"digits": said})
    failed = carry(office(tmp_path, account, caller=CALLER), person, **TO_LEAD)
    assert isinstance(failed, Failed) and person.asked == ["digits"]
    assert voice(account) == BEFORE


def test_wrong_digits_are_no_success_and_what_was_before_is_set_again(
    tmp_path: Path, account: Twilio
) -> None:
    found = office(tmp_path, account, caller=CALLER)
    person = Person(answers={"digits": "12"})
    failed = carry(found, person, **TO_LEAD)
    assert isinstance(failed, Failed) and "not heard; what was before is set again" in failed.why
    assert voice(account) == BEFORE and person.asked == ["digits"] * 3
    assert person.heard("nobody answered") and found.affair.ledger.forwarded() == []
    assert not found.affair.ledger.tests()["office"].heard


def test_where_no_call_can_be_placed_a_person_calls(tmp_path: Path, account: Twilio) -> None:
    person = Person()
    done = carry(office(tmp_path, account, caller="+48600000999"), person, **TO_LEAD)
    assert isinstance(done, Done) and person.asked == ["heard"]
    assert person.heard("neither at Twilio nor confirmed there as yours (error 21210)")


@pytest.mark.parametrize(
    "fault", [Fault("POST", "PN", 500, after=True), Fault("POST", "PN", cut=True, after=True)]
)
def test_a_deed_that_was_done_without_a_clear_answer_is_seen_and_not_repeated(
    tmp_path: Path, account: Twilio, fault: Fault
) -> None:
    fault.times = 1
    account.faults = [fault]
    done = carry(office(tmp_path, account), Person(), **TO_LEAD)
    assert isinstance(done, Done) and dialled(account) == LEAD
    assert len([one for one in account.asked if one.method == "POST"]) == 1


def test_a_deed_that_was_not_done_fails_with_the_evidence_and_the_old_state(
    tmp_path: Path, account: Twilio
) -> None:
    account.faults = [Fault("POST", "PN", 503)]
    found = office(tmp_path, account)
    with pytest.raises(StepFailed, match=r"nobody knows whether it was done; its calls go to .*welcome"):
        carry(found, Person(), **TO_LEAD)
    assert voice(account) == BEFORE and found.affair.ledger.forwarded() == []


def test_twilio_is_left_alone_for_as_long_as_it_asks(tmp_path: Path, account: Twilio) -> None:
    account.faults = [Fault("POST", "PN", 429, headers={"Retry-After": "7"})]
    found = office(tmp_path, account)
    before = found.affair.clock.now()
    assert isinstance(carry(found, Person(), **TO_LEAD), Done)
    assert (found.affair.clock.now() - before).total_seconds() == 7
    assert dialled(account) == LEAD


def test_a_lasting_429_ends_after_three_tries_in_plain_words(tmp_path: Path, account: Twilio) -> None:
    account.faults = [Fault("GET", "IncomingPhoneNumbers", 429, times=99)]
    with pytest.raises(StepFailed, match="asked too much at once"):
        carry(office(tmp_path, account), Person(), **TO_LEAD)
    assert len(account.asked) == 3


def test_a_wrong_token_says_so_and_nothing_is_changed(tmp_path: Path, account: Twilio) -> None:
    with pytest.raises(StepFailed, match=r"does not accept the account and the token \(error 20003\)"):
        carry(office(tmp_path, account, token="wrong"), Person(), **TO_LEAD)
    assert voice(account) == BEFORE


def test_a_number_that_is_not_ours_any_more_says_so(tmp_path: Path, account: Twilio) -> None:
    account.numbers.clear()
    with pytest.raises(StepFailed, match="is not, or no longer, in this account at Twilio"):
        carry(office(tmp_path, account), Person(), **TO_LEAD)


def test_a_trunk_that_would_overrule_the_forwarding_is_not_passed_over(
    tmp_path: Path, account: Twilio
) -> None:
    next(iter(account.numbers.values()))["trunk_sid"] = "TK" + "1" * 32
    with pytest.raises(StepFailed, match="led by a SIP trunk at Twilio"):
        carry(office(tmp_path, account), Person(), **TO_LEAD)


def test_a_forwarding_that_something_at_twilio_overrules_is_seen_not_to_stand(
    tmp_path: Path, account: Twilio
) -> None:
    found = office(tmp_path, account)
    order = found.order("office")
    assert number_stands(found.affair.world, found.affair.ledger, order).state == "clear"
    assert isinstance(carry(found, Person(), **TO_LEAD), Done)
    next(iter(account.numbers.values()))["trunk_sid"] = "TK" + "1" * 32
    seen = number_stands(found.affair.world, found.affair.ledger, order)
    assert seen.state == "changed" and "SIP trunk" in seen.words and "detach it" in seen.todo
    account.numbers.clear()
    seen = number_stands(found.affair.world, found.affair.ledger, order)
    assert seen.state == "changed" and "not, or no longer, in this account" in seen.words


def test_a_server_that_is_not_there_says_so(tmp_path: Path, account: Twilio) -> None:
    found = numbers(
        tmp_path, way(Twilio(url="http://127.0.0.1:9")), Real(Secrets(tmp_path, {"TWILIO": TOKEN}))
    )
    with pytest.raises(StepFailed, match="the server could not be reached"):
        carry(found, Person(), **TO_LEAD)


class LostBehindTheWrite(Real):
    """The real world, until it changed something: that answer never comes, and nothing can be reached any more."""

    lost = False

    def request(self, request: Request) -> HttpResponse:
        if self.lost:
            return HttpResponse(None, trouble="the server could not be reached", sent=False)
        answer = super().request(request)
        self.lost = request.method == "POST"
        return HttpResponse(None, trouble="the connection ended") if self.lost else answer


@pytest.mark.parametrize("step", ["activate", "deactivate"])
def test_what_cannot_be_read_back_behind_a_lost_answer_is_unsure(
    tmp_path: Path, account: Twilio, step: str
) -> None:
    if step == "deactivate":
        carry(office(tmp_path, account), Person(), **TO_LEAD)
    found = numbers(tmp_path, way(account), LostBehindTheWrite(Secrets(tmp_path, {"TWILIO": TOKEN})))
    with pytest.raises(Unsure, match="the connection ended; Twilio: the server could not be reached"):
        carry(found, Person(), **(TO_LEAD if step == "activate" else {"deactivate": "office"}))
    assert (dialled(account) == LEAD) if step == "activate" else (voice(account) == BEFORE)


def test_a_drill_asks_twilio_nothing_and_misses_the_token(tmp_path: Path, account: Twilio) -> None:
    drill = numbers(tmp_path, way(account), Rehearsal(tmp_path, {"TWILIO": "x"}), drill=True)
    assert isinstance(carry(drill, Person(), **TO_LEAD), Done)
    with pytest.raises(StepFailed, match="the secret env:TWILIO is not set"):
        carry(numbers(tmp_path, way(account), Rehearsal(tmp_path, {}), drill=True), Person(), **TO_LEAD)
    assert account.asked == []


def checked(folder: Path, account: Twilio, **more: Any) -> dict[str, str]:
    """What a check finds: the state by the sentence."""
    found = office(folder, account, **more)
    made = found.numbers["office"].way
    assert isinstance(made, Way)
    return {each.words: each.state for each in made.check(found.affair.world, found.order("office"))}


def test_a_check_reads_account_money_ownership_target_and_papers(tmp_path: Path, account: Twilio) -> None:
    next(iter(account.numbers.values()))["bundle_sid"] = BUNDLE
    account.bundles[BUNDLE] = "twilio-approved"
    assert checked(tmp_path, account, caller=CALLER) == {
        "the account at Twilio is active": "fine",
        "23.40 USD left at Twilio": "fine",
        "+48 22 600 00 01 is ours": "fine",
        f"its calls go to {BEFORE}": "fine",
        "the bundle of papers is approved": "fine",
        "a caller hears it ring for 50 s, our number is shown, and a message is recorded": "fine",
    }
    assert account.echoed == 1


@pytest.mark.parametrize(
    ("change", "words", "state"),
    [
        ({"balance": "1.20"}, "1.20 USD left at Twilio, less than 5: pay in", "due"),
        ({"balance": "-0.10"}, "-0.10 USD left at Twilio, less than 5: pay in", "bad"),
        ({"status": "suspended"}, "the account at Twilio is suspended", "bad"),
        ({"numbers": {}}, "+48 22 600 00 01 is not, or no longer, in this account at Twilio", "bad"),
        ({"bundles": {BUNDLE: "in-review"}}, "the bundle of papers is being looked at by Twilio", "due"),
        (
            {"bundles": {BUNDLE: "twilio-rejected"}},
            "the bundle of papers is rejected: no number can be bought with it (error 21649)",
            "bad",
        ),
    ],
)
def test_what_is_wrong_in_peacetime_is_told(
    tmp_path: Path, account: Twilio, change: dict[str, Any], words: str, state: str
) -> None:
    for name, value in change.items():
        setattr(account, name, value)
    more = {"bundle": BUNDLE} if "bundles" in change else {}
    assert checked(tmp_path, account, **more)[words] == state


def test_a_forwarding_that_is_on_is_told_with_the_number(tmp_path: Path, account: Twilio) -> None:
    next(iter(account.numbers.values()))["voice_url"] = OLD
    assert "its calls go to +48 600 000 101" in checked(tmp_path, account)


@pytest.mark.parametrize(
    ("answer", "words", "state"),
    [
        ("https://twimlets.com/forward?PhoneNumber={to}", "rings for 20 seconds, then hangs up", "bad"),
        (
            "{url}/echo?Twiml=<Response><Dial>{to}</Dial></Response>",
            "it rings for 30 s only; it does not show our number as the caller (callerId); where nobody answers it",
            "due",
        ),
        ("{url}/echo?Twiml=<Response><Say>{to}</Say></Response>", "forwards no call to the number", "bad"),
        ("{url}/2010-04-01/x?{to}", "forwards no call to the number (status 401)", "bad"),
        (
            "http://127.0.0.1:9/{to}",
            "what a caller would hear could not be read: the server could not be",
            "unknown",
        ),
    ],
)
def test_a_check_looks_at_what_a_caller_would_hear(
    tmp_path: Path, account: Twilio, answer: str, words: str, state: str
) -> None:
    told = checked(tmp_path, account, answer=answer.replace("{url}", account.url))
    assert [each for said, each in told.items() if words in said] == [state], told


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (TOKEN, "a caller hears it ring for 50 s, our number is shown, and a message is recorded"),
        ("wrong", "Twilio does not show the TwiML Bin of answer: (403): a test call shows what it does"),
    ],
)
def test_a_check_reads_the_twiml_bin_of_the_docs_with_a_signature(
    tmp_path: Path, account: Twilio, token: str, words: str
) -> None:
    """Signed as https://help.twilio.com/articles/223132187 shows it, and filled in as Twilio does it for a call."""
    page = (Path(__file__).parent.parent / "docs" / "numbers.md").read_text(encoding="utf-8")
    account.kept_bin = page.partition("```xml\n")[2].partition("```")[0]
    url = f"{account.url}/twiml/EH1?Forward={OURS.replace('+', '%2B')}"
    world = Real(Secrets(tmp_path, {"T": token}))
    check = AnswerCheck(world, url, "https://twimlets.com/echo", OURS, ACCOUNT, "env:T", bins=("127.0.0.1",))
    assert [each.words for each in check.run()] == [words]


def test_one_server_for_the_document_and_for_what_stands_in_is_said(tmp_path: Path, account: Twilio) -> None:
    echo = f"{account.url}/echo?Twiml={{twiml}}"
    told = checked(tmp_path, account, answer=echo, fallback=echo)
    assert any("at the same server" in words for words in told)


def test_a_wrong_token_ends_a_check_at_once(tmp_path: Path, account: Twilio) -> None:
    found = checked(tmp_path, account, token="env:TWILIO", api=account.url + "/nowhere")
    assert next(iter(found.values())) == "bad" and len(account.asked) == 1


def test_an_address_of_a_document_without_a_place_for_the_number_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an address with"):
        Way.model_validate({"account": ACCOUNT, "token": "env:T", "answer": "https://a.example/x"})


def test_a_field_that_the_contract_does_not_know_would_be_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="VoiceUri"), twilio() as served:
        sid = served.own(OURS)["sid"]
        login = (ACCOUNT, "env:T")
        url = f"{served.url}/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{sid}.json"
        Real(Secrets(tmp_path, {"T": TOKEN})).request(
            Request("POST", url, form={"VoiceUri": "x"}, login=login)
        )


def test_an_answer_that_breaks_off_is_not_taken_for_an_empty_account(tmp_path: Path, account: Twilio) -> None:
    account.faults = [Fault("GET", "IncomingPhoneNumbers", 200, garbled=True)]
    with pytest.raises(StepFailed, match="answer cannot be read"):
        carry(office(tmp_path, account), Person(), **TO_LEAD)

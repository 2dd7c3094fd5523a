"""`bcp number`: what is known in peacetime, a test call, and a purchase that a crash cannot make twice."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from bcp.app.number.buy import carry_out
from bcp.cli.number.buy import TerminalBuyer, show_bought
from bcp.errors import StepFailed, Unsure
from bcp.lever.number.base import NumberRequest
from bcp.lever.number.buying import Purchase
from bcp.lever.number.kinds.twilio import Twilio as Way
from bcp.lever.number.ledger import NumberJournal
from bcp.office.number import OfficeNumber
from bcp.store.journal import Journal
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.frozen import FrozenClock
from tests.offices import OFFICE, bcp, office_in, runbook
from tests.test_guided import Terminal
from tests.test_number import Person
from tests.twilio import ACCOUNT, ADDRESS, BEFORE, BUNDLE, TOKEN, Fault, Twilio, twilio

CALLER = "+48732000009"


@pytest.fixture
def account() -> Iterator[Twilio]:
    with twilio() as served:
        served.own(CALLER)
        served.bundles[BUNDLE] = "twilio-approved"
        yield served


def office(folder: Path, account: Twilio, phone: str = "", papers: str = f", bundle: {BUNDLE}") -> Path:
    """An office with the number `standby` at Twilio, and a fixed one."""
    made = office_in(folder / "office")
    echo = f"{account.url}/echo?Twiml={{twiml}}"
    way = (
        f"{{twilio: {{account: {ACCOUNT}, token: 'env:TWILIO', api: '{account.url}', caller: '{CALLER}', "
        f"answer: '{echo}'{papers}}}}}"
    )
    said = f"phone: '{phone}', " if phone else ""
    (made / "bcp.yaml").write_text(
        f"{OFFICE}numbers:\n"
        "  - {number: office, phone: '+48226000001', line: internet, method: hotline, tested: 2026-01-10}\n"
        f"  - {{number: standby, {said}works_when_line_dead: yes, way: {way}}}\n",
        encoding="utf-8",
    )
    return made


def sit(place: Path, *arguments: str) -> Terminal:
    """A person at a terminal."""
    return Terminal(place, *arguments, TWILIO=TOKEN)


def buying(place: Path) -> Terminal:
    return sit(place, "number", "buy", "standby", "--kind", "mobile")


def ours(account: Twilio) -> list[str]:
    return [each["phone_number"] for each in account.numbers.values() if each["phone_number"] != CALLER]


def written(place: Path) -> list[str]:
    """The kinds of events in the stream of the numbers."""
    return [event.kind for event in NumberJournal(Journal(place / "incidents", FrozenClock()), "").events()]


def test_a_number_is_bought_with_the_price_typed_and_bcp_yaml_is_told(
    tmp_path: Path, account: Twilio
) -> None:
    place = office(tmp_path, account)
    person = buying(place).sees("5.75 USD a month", "+48 732 000 001", "Warszawa").types("2")
    person.sees("Type the price, 5.75").types("5,75").sees('phone: "+48732000002"')
    assert person.ends() == 0 and ours(account) == ["+48732000002"]
    (bought,) = account.posts("/IncomingPhoneNumbers.json")
    assert bought.form["BundleSid"] == BUNDLE and bought.form["FriendlyName"] == "bcp standby Agencja Kropka"
    assert written(place) == ["number.buying", "number.bought"]
    told = bcp(place, "number", "list", TWILIO=TOKEN).stdout
    assert 'bought, but not yet in bcp.yaml: phone: "+48732000002"' in told


def purchase(folder: Path, account: Twilio, **papers: str) -> Purchase:
    """The purchase of `standby`, in this process."""
    told = {"account": ACCOUNT, "token": "env:TWILIO", "api": account.url, **papers}
    number = OfficeNumber.model_validate({"number": "standby", "way": {"twilio": told}})
    assert isinstance(number.way, Way)
    ledger = NumberJournal(Journal(folder / "state", FrozenClock()), "anna")
    world = Real(Secrets(folder, {"TWILIO": TOKEN}))
    return Purchase(
        number.way, NumberRequest(number, None, clock=FrozenClock()), world, ledger, "Agencja Kropka"
    )


def bought(made: Purchase, phone: str = "+48732000001", price: str = "5.75") -> int:
    buyer = TerminalBuyer(Person(answers={"phone": phone, "price": price}))
    return show_bought(made.order.number.number, carry_out(made, buyer, "mobile", ""))


@pytest.mark.parametrize(("phone", "price"), [("none", ""), ("+48732000001", "575"), ("+48732000001", "yes")])
def test_anything_but_the_price_buys_nothing(
    tmp_path: Path, account: Twilio, capsys: pytest.CaptureFixture[str], phone: str, price: str
) -> None:
    assert bought(purchase(tmp_path, account, bundle=BUNDLE), phone, price) == 0
    assert "Nothing was bought" in capsys.readouterr().err
    assert account.posts("/IncomingPhoneNumbers.json") == []


def test_nothing_is_bought_with_nobody_there(tmp_path: Path, account: Twilio) -> None:
    done = bcp(office(tmp_path, account), "number", "buy", "standby", stdin="1\n5.75\n", TWILIO=TOKEN)
    assert done.returncode == 9 and "bought by a person only" in done.stderr
    assert account.asked == []


def test_a_second_purchase_finds_the_first_from_any_computer(tmp_path: Path, account: Twilio) -> None:
    for computer in ("one", "other"):
        assert bought(purchase(tmp_path / computer, account, bundle=BUNDLE)) == 0
    assert len(account.posts("/IncomingPhoneNumbers.json")) == 1 and ours(account) == ["+48732000001"]


def killed_between(place: Path, account: Twilio, after: bool) -> None:
    """Buys, and is killed for real while Twilio has the request and has not answered yet."""
    held = threading.Event()
    account.faults = [Fault("POST", r"IncomingPhoneNumbers\.json", 201, after=after, hold=held)]
    person = buying(place).types("1").types("5.75")
    assert account.done.wait(30)
    os.kill(person.child.pid, signal.SIGKILL)
    person.child.expect(pexpect.EOF)
    held.set()


def test_killed_after_it_was_bought_and_before_the_answer_buys_no_second_one(
    tmp_path: Path, account: Twilio
) -> None:
    place = office(tmp_path, account)
    killed_between(place, account, after=True)
    assert ours(account) == ["+48732000001"] and written(place) == ["number.buying"]
    person = buying(place).sees("while +48 732 000 001 was being bought", "It is ours already")
    assert person.ends() == 0
    assert ours(account) == ["+48732000001"] and len(account.posts("/IncomingPhoneNumbers.json")) == 1
    assert written(place) == ["number.buying", "number.bought"]


def test_killed_before_it_was_bought_is_asked_anew_and_the_same_number_comes_first(
    tmp_path: Path, account: Twilio
) -> None:
    place = office(tmp_path, account)
    killed_between(place, account, after=False)
    assert ours(account) == []
    account.for_sale.reverse()
    person = buying(place).sees("was being bought", "1  +48 732 000 001").types("1").types("5.75")
    assert person.ends() == 0 and ours(account) == ["+48732000001"]


def test_a_number_that_is_ours_and_not_yet_listed_is_not_lost_and_not_bought_twice(
    tmp_path: Path, account: Twilio
) -> None:
    """A provider's list may lag behind: then the same number is asked for again, refused, and found."""
    made = purchase(tmp_path, account, bundle=BUNDLE)
    account.faults = [Fault("POST", r"IncomingPhoneNumbers\.json", after=True, cut=True)]
    account.lag = 99
    with pytest.raises(Unsure, match=r"\+48 732 000 001 is not in the account yet"):
        bought(made)
    account.lag = 2
    assert bought(made) == 0 and ours(account) == ["+48732000001"]
    assert made.ledger.bought()["standby"].phone == "+48732000001"


@pytest.mark.parametrize("cut", [False, True])
def test_a_lost_answer_is_looked_for_and_nothing_is_bought_twice(
    tmp_path: Path, account: Twilio, cut: bool
) -> None:
    account.faults = [Fault("POST", r"IncomingPhoneNumbers\.json", 500, after=True, cut=cut)]
    assert bought(purchase(tmp_path, account, bundle=BUNDLE)) == 0
    assert ours(account) == ["+48732000001"] and len(account.posts("/IncomingPhoneNumbers.json")) == 1


@pytest.mark.parametrize(
    ("change", "papers", "words"),
    [
        ({"bundles": {}}, {"bundle": BUNDLE}, "only with an approved bundle of papers.*21649"),
        ({"needs_address": True}, {}, "wants an address for this number first.*21631"),
        ({"for_sale": []}, {}, "no such number is offered at present"),
    ],
)
def test_what_twilio_refuses_is_said_in_plain_words_and_nothing_is_ours(
    tmp_path: Path, account: Twilio, change: dict[str, Any], papers: dict[str, str], words: str
) -> None:
    for name, value in change.items():
        setattr(account, name, value)
    made = purchase(tmp_path, account, **papers)
    with pytest.raises(StepFailed, match=words):
        bought(made)
    assert ours(account) == [] and made.under_way() is None


def test_with_an_address_it_is_handed_over(tmp_path: Path, account: Twilio) -> None:
    account.needs_address, account.needs_bundle = True, False
    assert bought(purchase(tmp_path, account, address=ADDRESS)) == 0 and ours(account) == ["+48732000001"]


def test_an_account_that_cannot_be_looked_at_buys_nothing(tmp_path: Path, account: Twilio) -> None:
    account.faults = [Fault("GET", "IncomingPhoneNumbers", 500, times=99)]
    with pytest.raises(StepFailed, match="with its own trouble"):
        bought(purchase(tmp_path, account, bundle=BUNDLE))
    assert account.posts("/IncomingPhoneNumbers.json") == []


def test_only_a_number_without_a_phone_whose_way_sells_can_be_bought(tmp_path: Path, account: Twilio) -> None:
    place = office(tmp_path, account, phone="+48732000001")
    for name, words in (("office", "sells no numbers"), ("standby", "has a number: +48 732 000 001")):
        done = bcp(place, "number", "buy", name)
        assert done.returncode == 2 and words in done.stderr


def test_a_check_says_what_is_bad_and_what_is_due_and_the_list_remembers_it(
    tmp_path: Path, account: Twilio
) -> None:
    account.own("+48732000001")
    account.balance = "0.00"
    place = office(tmp_path, account, phone="+48732000001")
    done = bcp(place, "number", "check", TWILIO=TOKEN)
    assert done.returncode == 7 and "BAD       0.00 USD left" in done.stdout
    assert "the contract number of its line is missing" in done.stdout
    assert "it was never tested: bcp number test standby" in done.stdout
    assert "0.00 USD left" in bcp(place, "number", "list").stdout
    told = json.loads(bcp(place, "number", "check", "standby", "--json", TWILIO=TOKEN).stdout)
    assert {"state": "fine", "words": "+48 732 000 001 is ours"} in told[0]["findings"]


def test_a_balance_that_is_no_sum_is_said_to_be_unknown(tmp_path: Path, account: Twilio) -> None:
    account.own("+48732000001")
    account.balance = "NaN"
    done = bcp(office(tmp_path, account, phone="+48732000001"), "number", "check", "standby", TWILIO=TOKEN)
    assert "Twilio does not say how much money is left" in done.stdout and done.returncode in (7, 8)


def test_a_check_without_the_token_names_the_secret_and_never_shows_one(
    tmp_path: Path, account: Twilio
) -> None:
    done = bcp(office(tmp_path, account, phone="+48732000001"), "number", "check", "standby")
    assert done.returncode == 7 and "env:TWILIO" in done.stdout and TOKEN not in done.stdout + done.stderr


def test_a_test_call_that_was_heard_is_written_down_with_its_date(tmp_path: Path, account: Twilio) -> None:
    account.own("+48732000001")
    place = office(tmp_path, account, phone="+48732000001")
    assert bcp(place, "number", "test", "standby", TWILIO=TOKEN).returncode == 9
    person = sit(place, "number", "test", "standby").sees("is being called now", "Which digits")
    person.types(account.spoken())
    assert person.sees("Written down").ends() == 0
    assert "it was heard" in bcp(place, "number", "list").stdout
    listed = json.loads(bcp(place, "number", "list", "--json").stdout)[1]
    assert listed["last_test"]["heard"] is True and listed["phone"] == "+48732000001"


def test_a_test_call_that_nobody_heard_is_written_down_too(tmp_path: Path, account: Twilio) -> None:
    account.own("+48732000001")
    place = office(tmp_path, account, phone="+48732000001")
    assert sit(place, "number", "test", "standby").types("no").sees("not heard").ends() == 4
    done = bcp(place, "number", "check", "standby", TWILIO=TOKEN)
    assert done.returncode == 7 and "it was NOT heard" in done.stdout


PHASES = """
  - phase: Now
    steps:
      - step: standby
        title: Let the stand-by number ring at the lead's
        number: {activate: standby, forward_to: "person:anna"}
        by_hand: Sign in at Twilio.
        undo:
          title: Let it ring nowhere again
          number: {deactivate: standby}
          by_hand: Sign in at Twilio.
"""


def test_an_incident_forwards_a_number_and_its_end_takes_that_back(tmp_path: Path, account: Twilio) -> None:
    """The numbers are sorted otherwise than by name: the first of bcp.yaml is the one that is usual."""
    account.own("+48732000001")
    place = office(tmp_path, account, phone="+48732000001")
    (place / "runbooks" / "outage.yaml").write_text(runbook(PHASES), encoding="utf-8")
    text = (place / "bcp.yaml").read_text(encoding="utf-8").replace("number: office,", "number: zentrale,")
    (place / "bcp.yaml").write_text(text, encoding="utf-8")
    alone = bcp(place, "incident", "start", "outage", TWILIO=TOKEN)
    assert alone.returncode == 9 and account.posts(".json") == []
    person = sit(place, "incident", "resume").types("").sees("Which digits")
    person.types(account.spoken())
    assert person.sees("All steps are carried out").ends() == 0

    def facts() -> Any:
        return json.loads(bcp(place, "incident", "status", "--json").stdout)["facts"]

    assert facts()["office_number"] == "+48732000001"
    told = bcp(place, "number", "list").stdout
    assert "FORWARDED to Anna Nowak (+48 600 000 101)" in told
    person = sit(place, "incident", "close").types("")
    assert person.sees("Closed").types("n").ends() == 0
    assert "FORWARDED" not in bcp(place, "number", "list").stdout
    log = bcp(place, "incident", "log").stdout
    assert "office_number = +48226000001" in log and f"its calls go to {BEFORE}" in log

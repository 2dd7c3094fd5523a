"""`number test --forward`: the trial is the deed: really forwarded, heard by a caller from outside, put back."""

from __future__ import annotations

import copy
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from bcp.app.number.forward_trial import try_forwarding
from bcp.app.session import Session
from bcp.errors import InputError, PersonNeeded, StepFailed
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.number.trials import NumberTrials
from tests.frozen import FrozenClock
from tests.offices import OFFICE, bcp, office_in
from tests.phone_providers import TOKEN, TOKEN_ID, Provider, served, sipgate
from tests.test_guided import Terminal
from tests.test_number import Person

BEFORE = [{"destination": "voicemail", "timeout": 20, "active": True}]
OURS = [{"destination": "+48600000101", "timeout": 0, "active": True}]
YES: dict[str, Any] = {"agrees": "yes", "heard": "yes", "shown": "+48226000001"}


def office(folder: Path, url: str) -> Path:
    """An office with a number at sipgate, and one that is forwarded by a code."""
    made = office_in(folder / "office")
    rest = (
        f"{{provider: sipgate, names: {{api: '{url}/v2', user: w0, line: p0}}, "
        f"login: {{user: {TOKEN_ID}, password: 'env:TOKEN'}}}}"
    )
    (made / "bcp.yaml").write_text(
        f"{OFFICE}numbers:\n"
        f"  - {{number: cloud, phone: '+48226000001', way: {{rest: {rest}}}}}\n"
        "  - {number: mobile, phone: '+48600000110', method: mobile-code, "
        "code_on: '**21*NUMBER#', code_off: '##21#'}\n",
        encoding="utf-8",
    )
    return made


def tried(place: Path, person: Person, name: str = "cloud", to: str | None = "person:anna") -> Any:
    session = Session(str(place), {"TOKEN": TOKEN, "BCP_PERSON": "anna"}, FrozenClock())
    return try_forwarding(session, name, to, "anna", lambda _place: person)


def trials(place: Path) -> NumberTrials:
    return NumberTrials(Session(str(place), {}, FrozenClock()).stores.levers, "")


def test_a_forwarding_is_really_set_heard_and_put_back_and_the_list_says_so(tmp_path: Path) -> None:
    with served(Provider(copy.deepcopy(BEFORE), sipgate)) as provider:
        place = office(tmp_path, provider.url)
        told = bcp(place, "number", "list").stdout
        assert told.count("not tried: the forwarding itself: bcp number test") == 2
        assert "the forwarding itself was never tried" in bcp(place, "number", "check", TOKEN=TOKEN).stdout
        person = Terminal(place, "number", "test", "cloud", "--forward", "--to", "role:lead", TOKEN=TOKEN)
        person.sees("Whose phone").types("1").sees("This is real", "Do it now?").types("yes").sees(
            "Have somebody call +48 22 600 00 01"
        )
        person.sees("Did it ring at Anna Nowak")
        assert provider.state == OURS
        person.types("yes").sees("Which caller's number").types("+48 601 000 777")
        assert person.sees("heard at Anna Nowak, and put back", "+48 601 000 777").ends() == 0
        assert provider.state == BEFORE
        told = bcp(place, "number", "list").stdout
        assert "heard at Anna Nowak, whose phone showed +48 601 000 777" in told
        assert told.count("not tried") == 1
        listed = json.loads(bcp(place, "number", "list", "--json").stdout)
        assert listed[0]["last_forwarding_test"]["heard"] is True
        checked = bcp(place, "number", "check", "cloud", TOKEN=TOKEN).stdout
        assert "and the call was heard at Anna Nowak" in checked


def test_a_plain_test_call_says_what_it_did_not_try(tmp_path: Path) -> None:
    place = office(tmp_path, "http://127.0.0.1:9")
    person = Terminal(place, "number", "test", "cloud").sees("Did it ring").types("yes")
    assert person.sees("Not tried: the forwarding itself.", "--forward").ends() == 0
    done = bcp(place, "number", "test", "cloud", "--to", "role:lead")
    assert done.returncode == 2 and "--to is for a trial that forwards" in done.stderr
    assert bcp(place, "number", "test", "cloud", "--forward").returncode == 9


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({**YES, "heard": "no"}, "was not heard at Anna Nowak; what was before is set again"),
        ({**YES, "heard": "again"}, "was not heard at Anna Nowak; what was before is set again"),
    ],
)
def test_what_nobody_heard_is_no_success_and_put_back(
    tmp_path: Path, answers: dict[str, Any], words: str
) -> None:
    with served(Provider(copy.deepcopy(BEFORE), sipgate)) as provider:
        place = office(tmp_path, provider.url)
        with pytest.raises(StepFailed, match=words):
            tried(place, Person(answers=answers))
        assert provider.state == BEFORE and trials(place).cut_short() == {}
        done = bcp(place, "number", "check", "cloud", TOKEN=TOKEN)
        assert done.returncode == 7 and "the call was NOT heard" in done.stdout
        assert "forwarding tried" in bcp(place, "number", "list").stdout


def test_nothing_is_changed_where_nobody_agrees_or_it_is_in_use_or_nobody_is_there(tmp_path: Path) -> None:
    with served(Provider(copy.deepcopy(BEFORE), sipgate)) as provider:
        place = office(tmp_path, provider.url)
        assert tried(place, Person(answers={"agrees": "no"})) is None
        for to, words in (("number:cloud", "forwarded to itself"), ("12", "such as: --to")):
            with pytest.raises(InputError) as refused:
                tried(place, Person(answers=YES), to=to)
            assert words in refused.value.message + refused.value.hint
        session = Session(str(place), {"TOKEN": TOKEN}, FrozenClock())
        with pytest.raises(PersonNeeded):
            try_forwarding(session, "cloud", None, "anna", None)
        with (
            session.stores.holds.hold("numbers", "test-cloud"),
            pytest.raises(InputError, match="another terminal"),
        ):
            tried(place, Person(answers=YES))
        assert provider.changes == []


def test_a_trial_that_was_cut_short_is_said_and_put_back_before_the_next_one(tmp_path: Path) -> None:
    """The computer dies while the calls go elsewhere: the books know what was before, and the next trial sets it."""

    with served(Provider(copy.deepcopy(BEFORE), sipgate)) as provider:
        place = office(tmp_path, provider.url)

        def dies() -> str:
            # Nothing can be reached any more, as after a power cut.
            provider.says = (500, None)
            raise KeyboardInterrupt

        with pytest.raises(
            StepFailed, match=r"sent to Anna Nowak .* for a trial, and that could not be put back"
        ):
            tried(place, Person(answers={**YES, "heard": dies}))
        provider.says = None
        assert provider.state == OURS
        assert (
            "A TRIAL WAS CUT SHORT: the calls may still go to Anna Nowak"
            in bcp(place, "number", "list").stdout
        )
        done = bcp(place, "number", "check", "cloud", TOKEN=TOKEN)
        assert done.returncode == 7 and "a trial was cut short" in done.stdout
        person = Person(answers={"agrees": "no"})
        assert tried(place, person) is None and person.heard("was cut short")
        assert provider.state == BEFORE and trials(place).cut_short() == {}


def test_killed_while_the_calls_go_elsewhere_the_next_trial_puts_them_back(tmp_path: Path) -> None:
    with served(Provider(copy.deepcopy(BEFORE), sipgate)) as provider:
        place = office(tmp_path, provider.url)
        person = Terminal(place, "number", "test", "cloud", "--forward", "--to", "person:anna", TOKEN=TOKEN)
        person.types("yes").sees("Did it ring at Anna Nowak")
        os.kill(person.child.pid, signal.SIGKILL)
        person.child.expect(pexpect.EOF)
        assert provider.state == OURS
        assert (
            "A TRIAL WAS CUT SHORT: the calls may still go to Anna Nowak"
            in bcp(place, "number", "list").stdout
        )
        assert tried(place, Person(answers={"agrees": "no"})) is None
        assert provider.state == BEFORE and trials(place).cut_short() == {}


@pytest.mark.parametrize("may_go", ["yes", "no"])
def test_what_somebody_else_set_during_a_trial_is_shown_and_a_person_decides(
    tmp_path: Path, may_go: str
) -> None:
    other = [{"destination": "+48600000555", "timeout": 0, "active": True}]
    with served(Provider(copy.deepcopy(BEFORE), sipgate)) as provider:
        place = office(tmp_path, provider.url)

        def somebody_changes_it() -> str:
            provider.state = other
            return "yes"

        person = Person(answers={**YES, "heard": somebody_changes_it, "set_back": may_go})
        assert tried(place, person).heard and person.heard("+48600000555")
        assert person.heard("through the provider's interface")
        assert provider.state == (BEFORE if may_go == "yes" else other)
        assert trials(place).cut_short() == {}


def test_by_a_code_a_person_is_led_there_and_back_again(tmp_path: Path) -> None:
    place = office(tmp_path, "http://127.0.0.1:9")
    person = Person(answers={**YES, "before": "+48600000777"})
    trial = tried(place, person, "mobile", "+48 600 000 102")
    assert trial.heard and trial.whose == "+48 600 000 102"
    assert (
        person.heard("**21*+48600000102#") and person.heard("##21#") and person.heard("+48 600 000 777 again")
    )
    assert person.asked == ["agrees", "before", "forwarded", "heard", "shown", "put_back"]


def test_a_number_that_an_incident_forwards_is_not_tried(tmp_path: Path) -> None:
    place = office(tmp_path, "http://127.0.0.1:9")
    journal: Callable[..., None] = NumberJournal(
        Session(str(place), {}, FrozenClock()).stores.levers, ""
    ).write
    told = {
        "incident": "2026-11-26-outage",
        "number": "cloud",
        "to": "+48600000102",
        "whose": "Piotr",
        "saved": {},
    }
    journal("number.forwarding", told)
    with pytest.raises(InputError, match="are forwarded in 2026-11-26-outage just now"):
        tried(place, Person(answers=YES))

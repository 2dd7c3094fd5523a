"""Numbers of bcp.yaml: what is wrong with a way, codes, portals and calls that lead a person, the test call."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bcp.action.base import Deed, Done, Failed, Tools
from bcp.action.kinds.number import Number
from bcp.errors import StepFailed
from bcp.fact import Fact
from bcp.lever.number.forwarding import ForwardingContext
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.number.levers import OfficeNumbers
from bcp.lever.number.phone import dialled, spelled
from bcp.lever.older import CALLS
from bcp.office.line import OfficeLine
from bcp.office.number import OfficeNumber
from bcp.outside import World
from bcp.registry import kinds
from bcp.runbook.compiled import PlanPerson
from bcp.store.journal import Journal
from bcp.world.real import Real
from bcp.world.rehearsal import Rehearsal
from bcp.world.secret import Secrets
from tests.frozen import FrozenClock
from tests.offices import OFFICE, Sight, bcp, office_in, runbook

INCIDENT = "2026-11-26-outage"
PHASES = """
  - phase: Now
    steps:
      - step: forward
        title: Send the calls to the lead
        number: {activate: office, forward_to: 'role:lead'}
        by_hand: Dial *21* and the number of the lead.
        undo:
          title: Take the calls back
          number: {deactivate: office}
          by_hand: "Dial #21#."
"""
CODE = "method: line-code, code_on: '*21*NUMBER#', code_off: '#21#'"
MOBILE = "method: mobile-code, code_on: '**21*NUMBER#', code_off: '##21#'"


def office(folder: Path, number: str, phases: str = PHASES) -> Path:
    made = office_in(folder, outage=runbook(phases))
    numbers = f"numbers:\n  - {{number: office, phone: '+48 22 600 00 01', {number}}}\n"
    (made / "bcp.yaml").write_text(OFFICE + numbers, encoding="utf-8")
    return made


def test_the_ways_are_those_of_the_docs() -> None:
    page = (Path(__file__).parent.parent / "docs" / "numbers.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in page for name in kinds("bcp.lever.number.kinds"))


@pytest.mark.parametrize(
    ("number", "place", "words"),
    [
        ("way: {hotlin: {}}", "bcp.yaml:13", 'unknown key "hotlin"'),
        ("way: {forward-code: {on: 'call them'}}", "bcp.yaml:13", "expected a code such as"),
        ("way: {hotline: {}, portal: {}}", "bcp.yaml:13", "two ways in one"),
        ("way: {portal: {pasword: x}}", "bcp.yaml:13", 'unknown key "pasword"'),
        ("method: fax", "bcp.yaml:13", "fax"),
    ],
)
def test_a_mistake_in_a_way_is_named_with_its_place(
    tmp_path: Path, number: str, place: str, words: str
) -> None:
    told = bcp(office(tmp_path, number), "validate").stderr
    assert place in told and words in told, told


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("{activate: offise, forward_to: 'role:lead'}", 'there is no number "offise"'),
        ("{activate: office, forward_to: 'role:leed'}", 'there is no role "leed"'),
        ("{activate: office, forward_to: 'person:ana'}", 'there is no person "ana"'),
        ("{activate: office, forward_to: anna}", "expected role:lead, person:anna"),
        ("{activate: office, deactivate: office}", "expected either activate or deactivate"),
        ("{}", "expected either activate or deactivate"),
        ("{deactivate: office, forward_to: 'role:lead'}", "forward_to belongs to activate"),
    ],
)
def test_a_mistake_in_a_step_is_found_at_load(tmp_path: Path, step: str, words: str) -> None:
    phases = PHASES.replace("{activate: office, forward_to: 'role:lead'}", step)
    done = bcp(office(tmp_path, CODE, phases), "validate")
    assert done.returncode == 2 and words in done.stderr, done.stderr


def test_the_way_says_the_method_and_the_codes_so_that_paper_knows_them() -> None:
    way = {"forward-code": {"on": "**21*NUMBER#", "off": "##21#"}}
    number = OfficeNumber.model_validate({"number": "office", "phone": "+48600000110", "way": way})
    assert (number.method, number.code_on, number.code_off) == ("mobile-code", "**21*NUMBER#", "##21#")
    again = OfficeNumber.model_validate(json.loads(number.model_dump_json(exclude_none=True)))
    assert again == number


@dataclass
class Person:
    """Somebody at the desk: answers by the names of the facts; one that is not named gets `says`."""

    says: str | None = "yes"
    answers: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def ask(self, fact: Fact) -> str | None:
        self.asked.append(fact.name)
        answer = self.answers.get(fact.name, None if fact.name == "before" else self.says)
        return answer() if callable(answer) else answer

    def tell(self, text: str) -> None:
        self.told.append(text)

    def heard(self, words: str) -> bool:
        return any(words in line for line in self.told)


LINE = {
    "line": "phone", "provider": "Telefonia Kolumna", "contract": "TK-77310", "line_id": "L 1",
    "support": "+48 22 600 00 92", "portal": "https://kolumna.example/moje",
}  # fmt: skip
PEOPLE = {"anna": PlanPerson("Anna Nowak", "+48600000101"), "piotr": PlanPerson("Piotr", None)}


def numbers(
    folder: Path, told: dict[str, Any], world: World | None = None, drill: bool = False
) -> OfficeNumbers:
    """An office with this number, called `office`."""
    number = OfficeNumber.model_validate({"number": "office", "phone": "+48226000001", **told})
    ledger = NumberJournal(Journal(folder / "state", FrozenClock()), "anna")
    world = world or Real(Secrets(folder, os.environ))
    affair = ForwardingContext(INCIDENT, world, ledger, ZoneInfo("Europe/Warsaw"), FrozenClock(), drill)
    line = OfficeLine.model_validate(LINE)
    roles = {"lead": ["anna", "piotr"]}
    return OfficeNumbers({"office": number}, {"office": line}, PEOPLE, roles, affair, "en", "PL")


@dataclass
class Lines:
    """The levers of an office without lines."""

    found: OfficeNumbers

    def number(self, name: str) -> Any:
        return self.found.number(name)

    def line(self, name: str) -> Any:
        raise AssertionError(name)


def carry(found: OfficeNumbers, person: Person, **fields: Any) -> Deed:
    zone = ZoneInfo("Europe/Warsaw")
    tools = Tools(person, found.affair.world, Sight(), FrozenClock(), zone, "PL", {}, None, Lines(found))
    return Number.model_validate(fields).run(tools)


TO_LEAD = {"activate": "office", "forward_to": "role:lead"}
FIXED = {"method": "line-code", "code_on": "*21*NUMBER#", "code_off": "#21#"}


def test_a_code_on_a_fixed_line_names_the_number_as_it_is_dialled_at_home(tmp_path: Path) -> None:
    found, person = numbers(tmp_path, FIXED), Person()
    done = carry(found, person, **TO_LEAD)
    assert isinstance(done, Done) and done.facts == {"office_number": "+48226000001"}
    assert person.heard("dial *21*600000101#") and person.heard("First dial *#21#")
    assert person.heard("On a dead line the code cannot be dialled")
    assert person.asked == ["before", "forwarded", "heard"]
    (forwarded,) = found.affair.ledger.forwarded()
    assert (forwarded.to, forwarded.whose) == ("+48600000101", "Anna Nowak")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (FIXED, ["dial #21#", "Then dial *21*226000009#, so that its calls go to +48 22 600 00 09 again"]),
        ({"way": {"portal": {}}}, ["Switch the forwarding", "forwarded to +48 22 600 00 09 again"]),
        (
            {"way": {"hotline": {}}},
            ["forward all calls to +48 22 600 00 01 to +48 22 600 00 09 again", "digit by digit 4 8 2 2 6"],
        ),
    ],
)
def test_what_was_set_before_is_set_again_at_the_end(
    tmp_path: Path, told: dict[str, Any], words: list[str]
) -> None:
    found = numbers(tmp_path, told)
    carry(found, Person(answers={"before": "+48226000009"}), **TO_LEAD)
    person = Person()
    done = carry(found, person, deactivate="office")
    assert isinstance(done, Done) and done.facts == {"office_number": "+48226000001"}
    assert all(map(person.heard, words)) and not person.heard("forwarded no more"), person.told
    assert found.affair.ledger.forwarded() == []


def test_a_second_incident_says_where_the_calls_go_now_and_does_not_ask_what_was_before_it(
    tmp_path: Path,
) -> None:
    found = numbers(tmp_path, {"way": {"hotline": {}}})
    carry(found, Person(answers={"before": "+48226000009"}), **TO_LEAD)
    second = replace(found, affair=replace(found.affair, incident="2026-11-26-phone"))
    person = Person()
    assert isinstance(carry(second, person, **TO_LEAD), Done)
    assert person.heard("until now they go to Anna Nowak") and "before" not in person.asked
    assert [each.holds for each in found.affair.ledger.forwarded()] == [False, True]
    assert isinstance(carry(found, Person(), deactivate="office"), Done)
    last = Person()
    assert isinstance(carry(second, last, deactivate="office"), Done)
    assert last.heard("to +48 22 600 00 09 again, as before")


def test_a_second_try_keeps_what_was_before_the_first(tmp_path: Path) -> None:
    found = numbers(tmp_path, FIXED)
    carry(found, Person(answers={"before": "+48226000009"}), **TO_LEAD)
    carry(found, Person(answers={"before": "+48600000101"}), **TO_LEAD)
    assert found.affair.ledger.stack("office").base[CALLS] == {"before": "+48226000009"}


def test_without_the_confirmation_of_the_telephone_it_is_not_done(tmp_path: Path) -> None:
    found = numbers(tmp_path, FIXED)
    failed = carry(found, Person(answers={"forwarded": "no"}), **TO_LEAD)
    assert isinstance(failed, Failed) and "not confirmed" in failed.why
    assert found.affair.ledger.forwarded() == []


@pytest.mark.parametrize(
    ("take_back", "words"), [("no", "dial #21#"), ("yes", "what was before is set again")]
)
def test_without_a_test_call_that_was_heard_it_is_not_done_and_the_person_takes_it_back(
    tmp_path: Path, take_back: str, words: str
) -> None:
    found = numbers(tmp_path, FIXED)
    person = Person(answers={"heard": "no", "take_back": take_back})
    failed = carry(found, person, **TO_LEAD)
    assert isinstance(failed, Failed) and words in failed.why
    assert not found.affair.ledger.tests()["office"].heard
    assert (found.affair.ledger.forwarded() == []) == (take_back == "yes")


def test_a_call_that_is_tried_again_thrice_is_not_heard(tmp_path: Path) -> None:
    person = Person(answers={"heard": "again"})
    assert isinstance(carry(numbers(tmp_path, FIXED), person, **TO_LEAD), Failed)
    assert person.asked.count("heard") == 3


def test_a_number_with_its_own_phone_is_only_called(tmp_path: Path) -> None:
    found, person = numbers(tmp_path, {"method": "mobile-code"}), Person()
    done = carry(found, person, activate="office")
    assert isinstance(done, Done) and person.asked == ["heard"]
    back = carry(found, person, deactivate="office")
    assert isinstance(back, Done) and found.affair.ledger.forwarded() == []


def test_where_several_can_take_the_calls_the_person_says_who(tmp_path: Path) -> None:
    found = numbers(tmp_path, FIXED)
    found = replace(found, people={**PEOPLE, "piotr": PlanPerson("Piotr", "+48600000102")})
    person = Person(answers={"answers": "Piotr"})
    done = carry(found, person, **TO_LEAD)
    assert isinstance(done, Done) and done.evidence["to"] == "+48600000102"
    assert person.heard("dial *21*600000102#")


def test_a_portal_leads_there_and_back(tmp_path: Path) -> None:
    found, person = numbers(tmp_path, {"way": {"portal": {"do": "Numbers, Forwarding"}}}), Person()
    assert isinstance(carry(found, person, **TO_LEAD), Done)
    assert person.heard("https://kolumna.example/moje") and person.heard("Numbers, Forwarding")
    assert person.heard("Forward all calls of +48 22 600 00 01 to +48 600 000 101")
    back = Person()
    assert isinstance(carry(found, back, deactivate="office"), Done)
    assert back.heard("Switch the forwarding of +48 22 600 00 01 off")


def test_a_hotline_is_a_guided_call_and_what_was_said_is_evidence(tmp_path: Path) -> None:
    way = {"hotline": {"proof": "Customer password, in the sealed envelope"}}
    found = numbers(tmp_path, {"way": way, "works_when_line_dead": "yes"})
    person = Person(answers={"agent": "Pan Marek", "reference": "R-7", "from_when": "at once"})
    done = carry(found, person, **TO_LEAD)
    assert isinstance(done, Done)
    assert person.heard("Call Telefonia Kolumna: +48 22 600 00 92") and person.heard("contract TK-77310")
    assert person.heard("sealed envelope") and person.heard("4 8 6 0 0 0 0 0 1 0 1")
    assert (done.evidence["agent"], done.evidence["reference"]) == ("Pan Marek", "R-7")
    assert person.asked == ["before", "agent", "reference", "from_when", "forwarded", "heard"]


def test_a_number_of_which_nobody_knows_how_says_so(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="nobody wrote down how calls to office are forwarded"):
        carry(numbers(tmp_path, {"method": "front-number"}), Person(), **TO_LEAD)


def test_what_was_done_by_hand_is_taken_back_by_hand(tmp_path: Path) -> None:
    person = Person()
    assert isinstance(carry(numbers(tmp_path, FIXED), person, deactivate="office"), Done)
    assert person.heard("nothing is written down") and person.heard("dial #21#")


def test_a_number_is_not_forwarded_to_itself(tmp_path: Path) -> None:
    failed = carry(numbers(tmp_path, FIXED), Person(), activate="office", forward_to="number:office")
    assert isinstance(failed, Failed) and "to itself" in failed.why
    drill = numbers(tmp_path / "drill", FIXED, Rehearsal(tmp_path, {}), drill=True)
    assert isinstance(carry(drill, Person(), activate="office", forward_to="number:office"), Done)


def test_what_only_a_person_can_prove_is_never_auto(tmp_path: Path) -> None:
    phases = PHASES.replace("by_hand: Dial *21*", "auto: yes\n        by_hand: Dial *21*")
    done = bcp(office(tmp_path, CODE, phases), "validate")
    assert done.returncode == 2 and "cannot be auto" in done.stderr


def test_a_number_without_a_way_is_called_by_a_person_and_in_a_drill_by_nobody(tmp_path: Path) -> None:
    person = Person()
    assert isinstance(carry(numbers(tmp_path, {"method": "api"}), person, activate="office"), Done)
    assert person.asked == ["heard"]
    drill = numbers(tmp_path / "drill", {"method": "api"}, Rehearsal(tmp_path, {}), drill=True)
    assert isinstance(carry(drill, Person(), activate="office"), Done)
    assert isinstance(carry(drill, Person(), deactivate="office"), Done)


def test_a_drill_changes_nothing_and_calls_nobody(tmp_path: Path) -> None:
    found = numbers(tmp_path, FIXED, Rehearsal(tmp_path, {}), drill=True)
    person = Person()
    done = carry(found, person, **TO_LEAD)
    assert isinstance(done, Done) and "rehearsed" in done.note and "heard" not in person.asked
    assert found.affair.ledger.forwarded() == [] and found.affair.ledger.tests() == {}


@pytest.mark.parametrize(
    ("to", "on", "mobile", "keyed"),
    [
        ("+48600000101", "+48226000001", False, "600000101"),
        ("+4915112345678", "+49301234567", False, "015112345678"),
        ("+420601234567", "+48226000001", False, "00420601234567"),
        ("+48600000101", "+48600000110", True, "+48600000101"),
    ],
)
def test_a_number_is_keyed_as_its_country_does(to: str, on: str, mobile: bool, keyed: str) -> None:
    assert dialled(to, on, mobile) == keyed


@pytest.mark.parametrize(
    "text",
    [
        "+48226000001", "+48 22 600 00 01", "+48 (22) 600-00-01", "0048 22 6000001", "22 600 00 01",
        "tel:+48-22-600-00-01", "(22)\u00a0600\u00a000\u00a001", "22.600.00.01", "(+48) 22\u2011600\u201100\u201101",
        "22/600 00 01", "+48\u202f22\u202f600\u202f00\u202f01", "+48 (0)22 600 00 01",
    ],
)  # fmt: skip
def test_a_number_is_found_in_any_of_its_spellings(text: str) -> None:
    assert spelled("+48226000001").search(f"Call {text}, please")


@pytest.mark.parametrize(
    "text", ["22 600 00 012", "1226000001", "22 600 00 02", "600 00 01", "122 600 00 01"]
)
def test_another_number_is_not_taken_for_it(text: str) -> None:
    assert not spelled("+48226000001").search(f"Call {text}, please")


def test_a_german_number_is_found_with_its_trunk_prefix() -> None:
    found = spelled("+49301234567")
    assert all(found.search(text) for text in ("030 1234567", "+49 (0)30 / 123 45 67", "0049 30 1234567"))

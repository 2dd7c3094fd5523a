"""Lines of bcp.yaml: what is wrong with a way, what is left of mobile data, a line that a person switches."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.action.base import Deed, Done, Failed, Tools
from bcp.action.kinds.network import Network
from bcp.errors import StepFailed, Unsure
from bcp.fact import Fact
from bcp.lever.line.ledger import LineJournal
from bcp.lever.line.levers import OfficeLines
from bcp.lever.line.stock import stock
from bcp.lever.stack import StepKey
from bcp.office.line import OfficeLine
from bcp.registry import kinds
from bcp.store.journal import Journal
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.frozen import FrozenClock
from tests.offices import OFFICE, Sight, bcp, office_in, runbook
from tests.programs import appends

PHASES = """
  - phase: Now
    steps:
      - step: mobile
        title: Put the office on mobile internet
        network: {use: mobile}
        by_hand: Take the router from cabinet B.
        undo:
          title: Put the office back on the line
          network: {use: internet}
          by_hand: Plug the old cable in again.
"""
BY_HAND = "{by-hand: {do: Switch the LTE router on., back: Switch the LTE router off.}}"


def office(folder: Path, way: str, phases: str = PHASES) -> Path:
    made = office_in(folder, outage=runbook(phases))
    (made / "bcp.yaml").write_text(f"{OFFICE}  - {{line: mobile, way: {way}}}\n", encoding="utf-8")
    return made


def test_the_ways_are_those_of_the_docs() -> None:
    page = (Path(__file__).parent.parent / "docs" / "office-admin.md").read_text(encoding="utf-8")
    part = page.partition("### Lines that can be switched")[2].partition("\n## ")[0]
    assert all(f"| `{name}` |" in part for name in kinds("bcp.lever.line.kinds"))
    assert set(kinds("bcp.lever.line.kinds")) == {"by-hand", "command", "ip", "nmcli"}


@pytest.mark.parametrize(
    ("way", "place", "words"),
    [
        ("{nmcly: {connection: lte}}", "bcp.yaml:12:26", 'unknown key "nmcly"'),
        ("{nmcli: {}}", "bcp.yaml:12", "connection"),
        ("{ip: {interface: lte0}, nmcli: {connection: lte}}", "bcp.yaml:12", "two ways in one"),
        ("{command: {use: 'one string', back: [a]}}", "bcp.yaml:12", "expected a list"),
    ],
)
def test_a_mistake_in_a_way_is_named_with_its_place(tmp_path: Path, way: str, place: str, words: str) -> None:
    told = bcp(office(tmp_path, way), "validate").stderr
    assert place in told and words in told, told


def test_a_step_that_uses_a_line_that_is_none_is_a_mistake_at_load(tmp_path: Path) -> None:
    wrong = office(tmp_path, BY_HAND, PHASES.replace("use: mobile", "use: mobil"))
    done = bcp(wrong, "validate")
    assert done.returncode == 2 and 'there is no line "mobil"' in done.stderr
    assert "did you mean mobile" in done.stderr.lower().replace('"', "")


def test_a_line_is_kept_as_it_was_written() -> None:
    told = {"line": "mobile", "way": {"nmcli": {"connection": "lte", "modem": True, "timeout": "1m"}}}
    line = OfficeLine.model_validate(told)
    again = OfficeLine.model_validate(json.loads(json.dumps(line.model_dump(mode="json", exclude_none=True))))
    assert again == line and again.way == line.way


@pytest.mark.parametrize(
    ("people", "said"),
    [(9, "41 GB left as of 2026-11-20: about 3 days for 9 people"), (40, "a day or less for 40 people")],
)
def test_data_left_is_told_in_days_for_the_people_there_are(people: int, said: str) -> None:
    line = OfficeLine.model_validate(
        {"line": "mobile", "data_left": {"gigabytes": "41", "seen": "2026-11-20"}}
    )
    assert said in stock(line, people, date(2026, 11, 26))[0]


def test_a_dead_sim_card_is_told_from_one_that_lives() -> None:
    line = OfficeLine.model_validate({"line": "mobile", "sim_expires": "2026-11-25"})
    assert stock(line, 3, date(2026, 11, 25)) == ["the SIM card lives until 2026-11-25"]
    assert stock(line, 3, date(2026, 11, 26)) == ["the SIM card expired on 2026-11-25"]


def test_whether_a_sim_card_lives_is_told_by_the_day_of_the_office(lines: OfficeLines) -> None:
    lines.clock.set_to(datetime(2026, 11, 26, 23, 30, tzinfo=UTC))  # type: ignore[attr-defined]
    told = {"line": "lte", "sim_expires": "2026-11-26", "way": {"by-hand": {"do": "On.", "back": "Off."}}}
    lines.lines["lte"] = OfficeLine.model_validate(told)  # type: ignore[index]
    assert "the SIM card expired on 2026-11-26" in lines.line("lte").describe()


@dataclass
class Person:
    """Somebody at the desk who gives one answer."""

    says: str
    told: list[str] = field(default_factory=list)

    def ask(self, fact: Fact) -> str | None:
        return self.says

    def tell(self, text: str) -> None:
        self.told.append(text)


@pytest.fixture
def lines(tmp_path: Path) -> OfficeLines:
    """An office whose mobile line a person switches."""
    clock = FrozenClock()
    mobile = OfficeLine.model_validate({"line": "mobile", "way": {"by-hand": {"do": "On.", "back": "Off."}}})
    phone = OfficeLine.model_validate({"line": "phone", "number": "+48226000001"})
    found = {line.line: line for line in (OfficeLine(line="internet"), mobile, phone)}
    world = Real(Secrets(tmp_path, os.environ))
    ledger = LineJournal(Journal(tmp_path / "state", clock), "anna")
    return OfficeLines(
        found, world, ledger, StepKey("2026-11-26-outage", ""), clock, ZoneInfo("Europe/Warsaw"), 3
    )


def use(lines: OfficeLines, name: str, person: Person) -> Deed:
    tools = Tools(person, lines.world, Sight(), lines.clock, lines.zone, "PL", {}, None, lines)
    return Network(use=name).run(tools)


def test_a_person_is_told_what_to_do_and_says_when_it_is_done_there_and_back(lines: OfficeLines) -> None:
    person = Person("yes")
    there = use(lines, "mobile", person)
    assert isinstance(there, Done) and "On." in person.told and "Off." not in person.told
    assert "restart the VPN, the mail program" in there.note and "phone (+48226000001)" in there.note
    assert [list(each.put) for each in lines.ledger.way_out().open] == [["mobile"]]
    assert isinstance(use(lines, "internet", person), Done) and "Off." in person.told
    assert lines.ledger.way_out().open == []


def test_what_a_person_did_not_do_is_not_done(lines: OfficeLines) -> None:
    assert use(lines, "mobile", Person("no")) == Failed("it was not switched by hand")
    assert lines.ledger.way_out().open == []


def test_what_a_person_switched_only_a_person_puts_back(lines: OfficeLines) -> None:
    there = use(lines, "mobile", Person("yes"))
    assert isinstance(there, Done) and there.take_back is not None
    assert there.take_back() == "a person must: Off."


def programmed(lines: OfficeLines, folder: Path, *names: str) -> Path:
    """These lines can be switched to besides, by programs that note it; where. A file `NAME.broken` makes them fail."""
    for name in names:
        way = {
            word: json.loads(appends(f"{word} {name}", folder / "noted", unless=folder / f"{name}.broken"))
            for word in ("use", "back")
        }
        told = {"line": name, "way": {"command": way}}
        lines.lines[name] = OfficeLine.model_validate(told)  # type: ignore[index]
    return folder / "noted"


def test_what_was_switched_is_put_back_the_newest_first_and_if_that_was_too_early_switched_again_as_before(
    lines: OfficeLines, tmp_path: Path
) -> None:
    noted, person = programmed(lines, tmp_path, "lte", "dish"), Person("yes")
    use(lines, "lte", person)
    use(lines, "dish", person)
    back = use(lines, "internet", person)
    assert isinstance(back, Done) and back.take_back is not None
    assert "Put back what was before the office was switched to: dish, lte" in person.told
    assert noted.read_text().splitlines() == ["use lte", "use dish", "back dish", "back lte"]
    assert back.take_back() == ""
    assert noted.read_text().splitlines()[4:] == ["use lte", "use dish"]


def test_a_person_takes_back_the_newest_first(lines: OfficeLines) -> None:
    way = {"by-hand": {"do": "Dish up.", "back": "Dish down."}}
    lines.lines["dish"] = OfficeLine.model_validate({"line": "dish", "way": way})  # type: ignore[index]
    use(lines, "mobile", Person("yes"))
    use(lines, "dish", Person("yes"))
    person = Person("yes")
    assert isinstance(use(lines, "internet", person), Done)
    assert person.told[-2:] == ["Dish down.", "Off."]


def test_a_line_that_could_neither_be_switched_nor_put_back_may_be_either(
    lines: OfficeLines, tmp_path: Path
) -> None:
    programmed(lines, tmp_path, "lte")
    (tmp_path / "lte.broken").touch()
    with pytest.raises(Unsure):
        use(lines, "lte", Person("yes"))
    (tmp_path / "lte.broken").unlink()
    use(lines, "lte", Person("yes"))
    (tmp_path / "lte.broken").touch()
    with pytest.raises(Unsure):
        use(lines, "internet", Person("yes"))


def test_a_line_that_nothing_was_switched_away_from_is_not_said_to_be_put_back(lines: OfficeLines) -> None:
    with pytest.raises(StepFailed, match="nothing was switched away"):
        use(lines, "internet", Person("yes"))


def test_a_line_without_a_way_or_an_interface_cannot_be_tested_and_says_what_can_be_done(
    tmp_path: Path,
) -> None:
    here = office(tmp_path, BY_HAND)
    for name, words in (
        ("internet", "has no way in bcp.yaml"),
        ("mobile", "switched by hand, so only a person can test it"),
        ("mobil", 'There is no line "mobil"'),
    ):
        done = bcp(here, "line", "test", name)
        assert done.returncode == 2 and words in done.stderr, done.stderr


def test_the_status_of_the_lines_says_the_same_to_people_and_programs(tmp_path: Path) -> None:
    here = office(tmp_path, BY_HAND)
    told = bcp(here, "line", "status")
    assert told.returncode == 0 and "never tested" in told.stdout
    internet, mobile = json.loads(bcp(here, "line", "status", "--json").stdout)
    assert internet["way"] is None and mobile["way"] == "A person switches by hand"
    assert mobile["tested"] is None and mobile["untried"] == [] and mobile["switched_in"] == []

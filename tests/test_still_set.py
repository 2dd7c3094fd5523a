"""Closing finds what a step set and left set although it does not count as done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bcp.app.incident.close import CloseRequest, close
from bcp.app.incident.run import walk
from bcp.app.session import Session
from bcp.cli.incident import outcome
from bcp.cli.incident.at_terminal import AtTerminal
from bcp.errors import SomethingDue
from bcp.event import NOTHING
from bcp.incident.answer import StepOutcome, settle
from bcp.incident.journal import IncidentJournal
from bcp.lever.line.ledger import LineJournal as Lines
from bcp.lever.number.ledger import NumberJournal as Numbers
from bcp.lever.place.ledger import PlaceJournal as Places
from tests.frozen import FrozenClock
from tests.offices import STREAM, Script, first_entry, office_in, runbook
from tests.places import office_with
from tests.programs import FAILS, SUCCEEDS

NUMBER = """
  - phase: Now
    steps:
      - step: forward
        title: Send the calls to the lead
        number: {activate: office, forward_to: 'person:anna'}
        by_hand: Dial *21* and the number of the lead.
        undo:
          title: Take the calls back
          number: {deactivate: office}
          by_hand: "Dial #21#."
"""
LINE = """
  - phase: Now
    steps:
      - step: mobile
        title: Use the phone
        network: {use: mobile, within: 1s}
        expect: internet
        by_hand: Switch it on.
        undo:
          title: Put it off
          network: {use: internet}
          by_hand: Switch it off.
"""
PLACE = "  - {place: website, url: 'http://127.0.0.1:9/', languages: [en], way: {by-hand: {do: Sign in}}}\n"
UNHEARD = {"heard": "no", "take_back": "no", "forwarded": "yes", "before": None}


@dataclass
class Desk:
    """An incident, and whoever sits there."""

    office: Path

    def __post_init__(self) -> None:
        self.session = Session(str(self.office), {}, FrozenClock())
        self.session.log.append(STREAM, NOTHING, [first_entry(self.office)])
        self.log = self.session.stores.levers

    @property
    def book(self) -> IncidentJournal:
        return IncidentJournal(self.session.log, STREAM)

    def walk(self, script: Script) -> None:
        walk(self.session, self.book, script, "anna").run()

    def close(self, *leave: str) -> int:
        book, request = self.book, CloseRequest("anna", leave, "it is over")
        closing = close(self.session, book, request, AtTerminal())
        return outcome.of_closing(self.session, book, request, closing)


def office(folder: Path, phases: str, more: str) -> Path:
    made = office_in(folder / "office", outage=runbook(phases))
    with (made / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    return made


@pytest.fixture
def unheard(tmp_path: Path) -> Desk:
    """A number was forwarded by hand, nobody heard the test call, and it was left set."""
    told = "method: line-code, code_on: '*21*NUMBER#', code_off: '#21#'"
    desk = Desk(
        office(tmp_path, NUMBER, f"numbers:\n  - {{number: office, phone: '+48226000001', {told}}}\n")
    )
    desk.walk(Script({"forward": ["do", "skipped"]}, UNHEARD))
    assert desk.book.incident["forward"].outcome == "skipped" and not desk.book.incident.in_force()
    return desk


def test_closing_stops_over_a_number_that_nobody_heard_and_that_was_left_set(
    unheard: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SomethingDue, match="still in force: forward") as caught:
        unheard.close()
    assert "incident undo forward" in str(caught.value.hint) and "--leave forward" in str(caught.value.hint)
    told = " ".join(capsys.readouterr().err.split())
    assert "STILL SET: the calls of office are forwarded to +48 600 000 101" in told
    (measure,) = unheard.book.incident.in_force()
    assert measure.step.id == "forward" and measure.step.outcome == "skipped"


def test_a_person_takes_it_back_as_any_measure_and_then_it_closes(unheard: Desk) -> None:
    with pytest.raises(SomethingDue):
        unheard.close()
    unheard.walk(Script(answers={"put_back": "yes"}))
    assert not unheard.book.incident.in_force() and Numbers(unheard.log, "").forwarded() == []
    assert unheard.close() == 0


def test_a_number_that_a_person_says_is_taken_back_is_not_told_as_forwarded_for_ever(unheard: Desk) -> None:
    with pytest.raises(SomethingDue):
        unheard.close()
    settle(
        unheard.book, "forward.undo", StepOutcome("done", "anna", by_hand=True), unheard.session.clock.now()
    )
    assert Numbers(unheard.log, "").forwarded()
    assert unheard.close() == 0
    assert Numbers(unheard.log, "").forwarded() == []


def test_it_can_be_left_with_a_reason_and_stays_listed(unheard: Desk) -> None:
    assert unheard.close("forward") == 0
    (measure,) = unheard.book.incident.in_force()
    assert measure.left == "it is over" and Numbers(unheard.log, "").forwarded()


def test_a_forwarding_that_counts_as_done_is_one_measure_and_found_only_once(tmp_path: Path) -> None:
    told = "method: line-code, code_on: '*21*NUMBER#', code_off: '#21#'"
    desk = Desk(
        office(tmp_path, NUMBER, f"numbers:\n  - {{number: office, phone: '+48226000001', {told}}}\n")
    )
    desk.walk(Script(answers={**UNHEARD, "heard": "yes"}))
    with pytest.raises(SomethingDue):
        desk.close()
    assert "measure.found" not in [row.kind for row in desk.log.rows(STREAM)]


def test_a_line_that_was_switched_by_hand_and_did_not_help_is_found(tmp_path: Path) -> None:
    way = "  - {line: mobile, way: {by-hand: {do: Switch the hotspot on, back: Switch it off}}}\n"
    desk = Desk(office(tmp_path, LINE, way))
    desk.walk(Script({"mobile": ["do", "skipped"]}, {"switched": "yes"}))
    assert [list(each.put) for each in Lines(desk.log, "").way_out().open] == [["mobile"]]
    with pytest.raises(SomethingDue, match="still in force: mobile"):
        desk.close()


def test_what_did_not_help_and_could_not_be_put_back_is_not_tried_again_without_a_warning(
    tmp_path: Path,
) -> None:
    way = f"  - {{line: mobile, way: {{command: {{use: {SUCCEEDS}, back: {FAILS}}}}}}}\n"
    desk = Desk(office(tmp_path, LINE, way))
    desk.walk(Script({"mobile": ["do", "pause"]}))
    step = desk.book.incident["mobile"]
    assert step.failed_try and step.unsure, step.waits
    assert "could not be put back" in step.waits
    desk = Desk(office(tmp_path / "well", LINE, way.replace(FAILS, SUCCEEDS)))
    desk.walk(Script({"mobile": ["do", "pause"]}))
    step = desk.book.incident["mobile"]
    assert step.failed_try and not step.unsure, step.waits


@pytest.mark.parametrize(("back", "is_unsure"), [(FAILS, True), (SUCCEEDS, False)], ids=["fails", "succeeds"])
def test_a_line_that_could_not_be_switched_is_tried_again_with_a_warning_if_it_was_not_put_back(
    tmp_path: Path, back: str, is_unsure: bool
) -> None:
    way = f"  - {{line: mobile, way: {{command: {{use: {FAILS}, back: {back}}}}}}}\n"
    desk = Desk(office(tmp_path, LINE, way))
    desk.walk(Script({"mobile": ["do", "pause"]}))
    step = desk.book.incident["mobile"]
    assert step.failed_try and step.unsure is is_unsure, step.waits


def test_a_number_that_stays_set_by_hand_is_not_forwarded_again_without_a_warning(tmp_path: Path) -> None:
    told = "method: line-code, code_on: '*21*NUMBER#', code_off: '#21#'"
    number = f"numbers:\n  - {{number: office, phone: '+48226000001', {told}}}\n"
    for take_back, is_unsure in (("no", True), ("yes", False)):
        desk = Desk(office(tmp_path / take_back, NUMBER, number))
        desk.walk(
            Script({"forward": ["do", "pause"]}, {**UNHEARD, "take_back": take_back, "put_back": "yes"})
        )
        assert desk.book.incident["forward"].unsure is is_unsure


def test_a_text_that_was_put_up_and_not_seen_from_outside_is_found(tmp_path: Path) -> None:
    desk = Desk(office_with(tmp_path / "office", PLACE))
    desk.walk(Script({"tell": ["do", "skipped"]}, {"published": "yes"}))
    assert [name for name, each in Places(desk.log, "").stacks().items() if each.open] == ["website"]
    with pytest.raises(SomethingDue, match="still in force: tell"):
        desk.close()


def test_a_step_that_was_never_tried_leaves_nothing(tmp_path: Path) -> None:
    desk = Desk(office_with(tmp_path / "office", PLACE))
    desk.walk(Script({"tell": "skipped"}))
    assert desk.close() == 0


@pytest.mark.parametrize("room", ["line", "place"])
def test_what_a_person_took_back_by_hand_is_not_listed_as_set_any_more(tmp_path: Path, room: str) -> None:
    if room == "line":
        way = "  - {line: mobile, way: {by-hand: {do: Switch the hotspot on, back: Switch it off}}}\n"
        desk, step = Desk(office(tmp_path, LINE.replace("        expect: internet\n", ""), way)), "mobile"
    else:
        desk, step = Desk(office_with(tmp_path / "office", PLACE)), "tell"
    desk.walk(Script({step: ["do", "skipped"]}, {"switched": "yes", "published": "yes"}))
    with pytest.raises(SomethingDue):
        desk.close()
    settle(desk.book, f"{step}.undo", StepOutcome("done", "anna", by_hand=True), desk.session.clock.now())
    assert desk.close() == 0
    assert not Lines(desk.log, "").way_out().open and not Places(desk.log, "").stack("website").open

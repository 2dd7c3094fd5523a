"""One stack for each lever of the office: whatever is laid and taken off in whatever order, the outside says it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bcp.errors import StepFailed
from bcp.event import NOTHING, Entry
from bcp.lever.line.ledger import LineJournal
from bcp.lever.line.standing import line_stands
from bcp.lever.line.trials import LineTrials
from bcp.lever.number.forwarding import NumberForwarding, NumberRestore
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.number.standing import number_stands
from bcp.lever.number.trials import NumberTrials
from bcp.lever.older import CALLS, WAY_OUT
from bcp.lever.place.base import PageCopy, PlaceEnv
from bcp.lever.place.kinds.folder import Folder
from bcp.lever.place.ledger import PlaceJournal
from bcp.lever.place.standing import place_stands
from bcp.lever.stack import StepKey
from tests.lever.office import OUT, PAGE, POWER, Office, PowerFailed, order_to

ZONE = ZoneInfo("Europe/Warsaw")
KEYS = [(incident, step) for incident in ("2026-outage", "2026-phone") for step in ("tell", "phone")]


@dataclass
class Told:
    """What each step said last, the newest last: from this the outside follows."""

    by: dict[tuple[str, str], int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)

    def lay(self, key: tuple[str, str], choice: int) -> None:
        self.by.pop(key, None)
        self.by[key] = choice
        if choice % 2:  # a step that is done anew without a number leaves the one that it had put there
            self.numbers.pop(key, None)
            self.numbers[key] = f"+4822{choice}"

    def undo(self, key: tuple[str, str]) -> None:
        self.by.pop(key, None)
        self.numbers.pop(key, None)


STEPS = st.tuples(
    st.sampled_from(["lay", "lay", "undo"]),
    st.integers(0, len(KEYS) - 1),
    st.integers(0, 3),
    st.sampled_from(["", "", "before", "after"]),
    st.booleans(),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, max_size=7))
@example(
    [
        ("lay", 2, 0, "", False),
        ("lay", 0, 1, "", False),
        ("undo", 2, 0, "", False),
        ("lay", 2, 1, "", False),
        ("lay", 0, 1, "", False),
    ]
)
def test_the_outside_says_what_lies_on_top_and_at_the_end_it_is_byte_for_byte_what_it_was(
    steps: list[tuple[str, int, int, str, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office, told = Office(Path(folder)), Told()
        for what, number, choice, fails, gives_up in steps:
            key, name = StepKey(*KEYS[number]), KEYS[number]
            if what == "undo" and name not in told.by:
                continue
            POWER.fails = fails
            try:
                office.lay(key, choice) if what == "lay" else office.undo(key)
            except PowerFailed:  # what was cut short is done once more, or ended, as a person does it
                if what == "lay" and gives_up and _is_laid_everywhere(office, name):
                    what = "undo"
                office.lay(key, choice) if what == "lay" else office.undo(key)
            POWER.fails = ""
            told.lay(name, choice) if what == "lay" else told.undo(name)
            _assert_says(office, told)
        for name in list(told.by):
            office.undo(StepKey(*name))
        assert office.outside()[:2] == office.before[:2]
        assert office.outside()[2] == office.before[2]
        for ledger in (PlaceJournal, NumberJournal, LineJournal):
            assert not any(stack.layers for stack in ledger(office.log, "").stacks().values())


def _is_laid_everywhere(office: Office, name: tuple[str, str]) -> bool:
    """Whether each of the three deeds of a step was at least begun: only then all of them can be undone."""
    stacks = (LineJournal(office.log, "").way_out(), NumberJournal(office.log, "").stack("office"))
    return all(stack.of(*name) for stack in stacks)


def _assert_says(office: Office, told: Told) -> None:
    page, goes, routes = office.outside()
    if not told.by:
        assert (page, goes) == office.before[:2]
        return
    (incident, step), choice = list(told.by.items())[-1]
    assert f"n{choice}-{incident} says".encode() in page
    numbers = list(told.numbers.values())
    assert (f'tel:{numbers[-1]}"'.encode() if numbers else b"-->22<!--") in page
    assert goes == f"+48600{choice}{step}"
    assert routes[0] == ("lte" if choice % 2 else "dish") and routes[-1] == "dsl"


# What others did meanwhile ------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


OUTAGE, PHONE = StepKey("2026-outage", "tell"), StepKey("2026-phone", "tell")


def test_a_step_without_an_undo_goes_with_the_measure_below_it(office: Office) -> None:
    office.lay(OUTAGE, 1)
    office.lay(StepKey("2026-outage", "update", has_undo=False), 2)
    office.undo(OUTAGE)
    assert office.outside() == office.before


def test_what_somebody_set_at_the_provider_meanwhile_is_named_and_kept(office: Office) -> None:
    office.lay(OUTAGE, 1)
    OUT.goes = "the owner's new menu"
    with pytest.raises(StepFailed, match=r"somebody else changed .*the owner's new menu"):
        NumberRestore(office.context(OUTAGE, True), order_to()).switch({})
    with pytest.raises(StepFailed, match="so nothing was changed"):
        NumberForwarding(office.context(PHONE, False), order_to("+48600")).switch({})
    assert OUT.goes == "the owner's new menu"
    OUT.goes = "welcome"  # they set it back themselves
    office.undo(OUTAGE)
    assert office.outside() == office.before


def test_an_undo_that_was_cut_short_behind_its_deed_is_done_once_more_without_harm(office: Office) -> None:
    office.lay(OUTAGE, 1)
    office.undo(OUTAGE)
    office.undo(OUTAGE)
    assert office.outside() == office.before


def test_an_incident_that_begins_during_a_trial_brings_back_what_was_before_the_trial(office: Office) -> None:
    trials = NumberTrials(office.log, "anna")
    trials.forwarding("office", "+48600", "Anna", {"url": "welcome"})
    OUT.goes = "+48600"
    NumberForwarding(office.context(OUTAGE, False), order_to("+48700")).switch({})
    assert trials.cut_short()["office"].is_covered and OUT.goes == "+48700"
    trials.put_back("office")
    NumberRestore(office.context(OUTAGE, True), order_to()).switch({})
    assert OUT.goes == "welcome" and not NumberJournal(office.log, "").stack("office").layers


def test_a_trial_that_was_not_put_back_is_no_forwarding_and_is_seen_to_be_left(office: Office) -> None:
    NumberTrials(office.log, "anna").forwarding("office", "+48600", "Anna", {"url": "welcome"})
    LineTrials(office.log, "anna").switching("lte", {}, "dsl0")
    assert NumberJournal(office.log, "").forwarded() == []
    assert number_stands(office.world, NumberJournal(office.log, ""), order_to()).state == "left"
    assert line_stands(office.lines(OUTAGE, False)).state == "left"


def test_what_a_person_put_up_and_nobody_wrote_down_is_not_said_to_be_gone(office: Office) -> None:
    with pytest.raises(StepFailed, match="a person must take it away"):
        office.place(OUTAGE, True).take_back()


def test_a_lower_line_that_cannot_be_led_back_to_keeps_its_layer(office: Office) -> None:
    office.line(OUTAGE, False, "lte").switch()
    office.line(PHONE, False, "dish").switch()
    OUT.routes = ["dish", "dsl"]  # lte is gone meanwhile, and does not come back
    OUT.refused = "lte"
    with pytest.raises(StepFailed, match="lte carries nothing"):
        office.line(PHONE, True, "internet").switch()
    stack = LineJournal(office.log, "").way_out()
    assert {each.key.incident for each in stack.open} == {OUTAGE.incident, PHONE.incident}
    OUT.refused = ""
    office.line(PHONE, True, "internet").switch()
    assert OUT.routes == ["lte", "dsl"]
    office.line(OUTAGE, True, "internet").switch()
    assert OUT.routes == ["dsl"]


# A server that does not keep what it was given ----------------------------------------------------------


class Cutting(Folder):
    """An uploader that cuts what is longer than the first page was."""

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        super().store(reach, page, content[: len(PAGE) + 20], was)


class Cleaning(Folder):
    """A server that takes out of the whole page what it does not like."""

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        clean = content.replace(b"\r\n", b"\n") if b"says" in content else content
        super().store(reach, page, clean, was)

    def revisions(self, reach: PlaceEnv, page: str) -> str:
        return "the site keeps older versions"


@pytest.mark.parametrize(("kind", "words"), [(Cutting, ""), (Cleaning, "(the ends of its lines)")])
def test_a_page_that_is_not_whole_behind_the_write_is_put_back_and_told_with_the_kept_copy(
    office: Office, kind: type[Folder], words: str
) -> None:
    lever = office.place(OUTAGE, False)
    place = lever.place  # type: ignore[attr-defined]
    object.__setattr__(place, "way", kind(path=str(office.folder)))
    lever.plan("n", "")
    with pytest.raises(StepFailed, match=r"changed more of page\.html than our part") as failed:
        lever.publish()
    assert "what was there before is there again" in failed.value.message and words in failed.value.message
    assert "website-before-" in failed.value.message
    assert (kind is Cleaning) == ("the site keeps older versions" in failed.value.message)
    assert office.outside() == office.before


def test_two_offices_in_one_page_have_marks_of_their_own_or_are_told_to(tmp_path: Path) -> None:
    one, other = Office(tmp_path / "one"), Office(tmp_path / "other")
    marked = (
        PAGE
        + b"<!-- bcp:lis:notice --><!-- /bcp:lis:notice --><!-- bcp:lis:number -->33<!-- /bcp:lis:number -->"
    )
    for office, mark in ((one, None), (other, "lis")):
        office.site, office.mark = tmp_path / "one", mark
    (tmp_path / "one" / "page.html").write_bytes(marked)
    one.publish(OUTAGE, "We are closed")
    other.mark = None
    with pytest.raises(StepFailed, match=r"not written down here for this place.*We are closed"):
        other.publish(OUTAGE, "Call Lis")
    other.mark = "lis"
    other.publish(OUTAGE, "Call Lis")
    one.place(OUTAGE, True).take_back()
    page = (tmp_path / "one" / "page.html").read_bytes()
    assert b"Call Lis says" in page and b"We are closed" not in page
    other.place(OUTAGE, True).take_back()
    assert (tmp_path / "one" / "page.html").read_bytes() == marked


# Journals of before -------------------------------------------------------------------------------------


def written(office: Office, stream: str, *events: tuple[str, dict[str, Any]]) -> None:
    """Events as they were written before there was a stack."""
    office.log.append(stream, NOTHING, [Entry(kind, "anna", data) for kind, data in events])


def test_open_incidents_of_before_are_taken_over_into_the_stack(office: Office) -> None:
    both = ("2026-outage", "2026-phone")
    written(
        office,
        "numbers",
        *[
            (
                "number.forwarding",
                {"incident": each, "number": "office", "to": to, "whose": "x", "saved": was},
            )
            for each, to, was in zip(both, ("+1", "+2"), ({"url": "welcome"}, {"url": "+1"}), strict=True)
        ],
    )
    written(
        office,
        "lines",
        *[("line.switching", {"incident": each, "line": "lte", "before": "", "saved": {}}) for each in both],
    )
    notice, number = ["Open 9-17"], ["22"]
    told: dict[str, Any] = {"place": "website", "kept": "", "sha256": ""}
    first = {"before": {"notice": notice, "number": number}, "after": {"notice": "A", "number": "1"}}
    then = {"before": {"notice": ["A"], "number": ["1"]}, "after": {"notice": "B", "number": "2"}}
    written(
        office,
        "places",
        ("place.writing", {"incident": both[0], **told, **first}),
        ("place.shown", {"incident": both[0], "place": "website", "seen": ""}),
        ("place.writing", {"incident": both[1], **told, **then}),
        ("place.tested", {"place": "website", "state": "up", "reason": ""}),
    )
    OUT.goes, OUT.routes = "+2", ["lte", "dsl"]
    page = PAGE.replace(b"Open 9-17", b"B").replace(b"-->22<", b"-->2<")
    (office.folder / "page.html").write_bytes(page)
    office.undo(OUTAGE)
    assert office.outside() == (page, "+2", ["lte", "dsl"])
    office.undo(PHONE)
    assert office.outside() == office.before
    for other_step in (OUTAGE._replace(step="second"), PHONE._replace(step="second")):
        office.undo(other_step)  # it went with the first, for nobody wrote down which step it was
    assert office.outside() == office.before


def test_what_was_put_back_before_there_was_a_stack_is_gone(office: Office) -> None:
    about = {"incident": "2026-outage", "number": "office"}
    forwarding = {**about, "to": "+1", "whose": "x", "saved": {"url": "welcome"}}
    written(office, "numbers", ("number.forwarding", forwarding), ("number.put-back", about))
    about = {"incident": "2026-outage", "line": "lte"}
    written(
        office, "lines", ("line.switching", {**about, "before": "", "saved": {}}), ("line.put-back", about)
    )
    assert not NumberJournal(office.log, "").stack("office").layers
    assert not LineJournal(office.log, "").stack(WAY_OUT).layers


def test_a_number_whose_own_phone_takes_the_calls_covers_no_forwarding(office: Office) -> None:
    NumberForwarding(office.context(OUTAGE, False), order_to("+48600")).switch({})
    NumberForwarding(office.context(PHONE, False), order_to()).switch({})
    stack = NumberJournal(office.log, "").stack("office")
    said = stack.said(CALLS)
    assert said is not None and said.key == OUTAGE and len(stack.open) == 2
    NumberRestore(office.context(PHONE, True), order_to()).switch({})
    assert OUT.goes == "+48600"
    NumberRestore(office.context(OUTAGE, True), order_to()).switch({})
    assert OUT.goes == "welcome"


# What stands there later --------------------------------------------------------------------------------


def stands(office: Office) -> tuple[str, str, str]:
    """How a look finds the place, the number and the line, a word each."""
    place: Any = office.place(OUTAGE, False)
    numbers = NumberJournal(office.log, "")
    found = (
        place_stands(place.places, place.place),
        number_stands(office.world, numbers, order_to()),
        line_stands(office.lines(OUTAGE, False)),
    )
    return found[0].state, found[1].state, found[2].state


def test_what_was_set_is_seen_to_stand_and_what_became_of_it_is_told_apart(office: Office) -> None:
    assert stands(office) == ("clear", "clear", "clear")
    office.lay(OUTAGE, 1)
    assert stands(office) == ("stands", "stands", "stands")
    page, goes, routes = office.outside()
    (office.folder / "page.html").write_bytes(PAGE)
    OUT.goes, OUT.routes = office.before[1], ["dsl"]
    assert stands(office) == ("gone", "gone", "gone")
    (office.folder / "page.html").write_bytes(page.replace(b"n1", b"a menu"))
    OUT.goes = "elsewhere"
    assert stands(office)[:2] == ("changed", "changed")
    (office.folder / "page.html").write_bytes(page)
    OUT.goes, OUT.routes = goes, routes
    office.undo(OUTAGE)
    assert stands(office) == ("clear", "clear", "clear")
    (office.folder / "page.html").write_bytes(page)  # an old browser tab saves the page back
    OUT.goes, OUT.routes = goes, routes
    assert stands(office) == ("left", "left", "left")

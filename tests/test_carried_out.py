"""What `validate` passes can be carried out: times add up, notices can be sent, what is switched on is switched off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bcp.action.base import Action
from bcp.errors import Exit, Mistake
from bcp.registry import kind, kinds
from bcp.runbook.model import ACTIONS
from tests.badfiles import assert_told, files
from tests.offices import CHECK, OFFICE, bcp, runbook

MORE = """
activities:
  - {activity: phone, target: 4h, unbearable_after: 2d, minimum: A human answers}
  - {activity: internet, target: 8h, unbearable_after: 3d, minimum: Mail}
numbers:
  - {number: office, phone: "+48226000001", method: portal, works_when_line_dead: yes}
  - {number: standby, phone: "+48600000110", method: portal, works_when_line_dead: yes}
places:
  - {place: website, title: Our website, languages: [pl], way: {by-hand: {do: Put it there., back: Take it away.}}}
"""
CHANNELS = """
channels:
  - channel: mail
    smtp: {host: mail.example.com, from: office@example.com}
  - channel: gateway
    sms-modem: {}
"""
SHORT = """\
---
subject: We are back
kind: update
---
{{ greeting }},

{# says: acknowledge #}We had a problem.
{# says: act #}We keep working. Call {% if reach.phone %}{{ reach.phone }}{% else %}us{% endif %}.
I write again {{ next_update }}.
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    for folder in ("runbooks", "checks", "notices"):
        (tmp_path / folder).mkdir()
    (tmp_path / "bcp.yaml").write_text(OFFICE + MORE, encoding="utf-8")
    (tmp_path / "checks" / "internet.yaml").write_text(CHECK, encoding="utf-8")
    (tmp_path / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    (tmp_path / "notices" / "short.en.md").write_text(SHORT, encoding="utf-8")
    return tmp_path


def told(office: Path, *command: str) -> tuple[list[str], list[str]]:
    """The mistakes and the remarks of `bcp validate`, or of another command, each with its place."""
    done = bcp(office, *(command or ("validate",)), "--json")
    data = json.loads(done.stdout)
    assert done.returncode == (Exit.INPUT if data["mistakes"] else Exit.OK), done.stderr
    mistakes, remarks = (
        [f"{one['file']}:{one['line']}:{one['column']}: {one['message']}" for one in data[name]]
        for name in ("mistakes", "remarks")
    )
    return mistakes, remarks


def plan(office: Path, steps: str, more: str = "", head: str = "") -> None:
    text = runbook(f"  - phase: A\n    steps:\n{steps}", more=more)
    (office / "runbooks" / "outage.yaml").write_text(head + text, encoding="utf-8")


def step(name: str, rest: str) -> str:
    return f"      - {{step: {name}, title: Do {name}, by_hand: Do it at the desk., {rest}}}\n"


@pytest.mark.parametrize("path", files("plan"), ids=lambda path: path.stem)
def test_a_plan_that_cannot_be_carried_out_is_told_with_its_place(path: Path, office: Path) -> None:
    (office / "runbooks" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    done = bcp(office, "validate", "--json")
    assert done.returncode == Exit.INPUT, done.stderr
    found = [Mistake(**one, text="as it is") for one in json.loads(done.stdout)["mistakes"]]
    assert {each.file for each in found} == {f"runbooks/{path.name}"}
    assert_told(path, found)


@pytest.mark.parametrize("path", files("plan"), ids=lambda path: path.stem)
def test_such_a_plan_is_refused_by_no_start(path: Path, office: Path) -> None:
    (office / "runbooks" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    begun = bcp(office, "incident", "start", "outage")
    assert begun.returncode == Exit.PERSON_NEEDED, begun.stderr


def test_a_channel_is_known_by_its_name_and_a_kind_leads_to_it(office: Path) -> None:
    plan(office, step("a", "notify: {notice: short, audience: staff, channels: [smtp]}"))
    done = bcp(office, "validate")
    assert 'there is no channel "smtp"' in done.stderr
    assert '"smtp" is a kind of channel; this one is called "mail"' in done.stderr
    plan(office, step("a", "notify: {notice: short, audience: staff, channels: [gatewy]}"))
    assert 'did you mean "gateway"?' in bcp(office, "validate").stderr
    plan(office, step("a", "notify: {notice: short, audience: staff, channels: [mail]}"))
    assert told(office) == ([], [])


def test_the_waiting_of_a_plan_that_is_entered_counts_too(office: Path) -> None:
    sub = runbook("  - phase: B\n    steps:\n" + step("w", "wait: {for: 9h}"), "other").replace("8h", "10h")
    (office / "runbooks" / "other.yaml").write_text(sub, encoding="utf-8")
    plan(office, step("a", "runbook: {runbook: other}"))
    mistakes, _remarks = told(office)
    assert mistakes == ["runbooks/outage.yaml:5:9: the plan waits 9h in all, and its target is 8h"]


def test_a_phase_that_lasts_past_the_target_is_advice_with_the_difference(office: Path) -> None:
    text = runbook("  - phase: Late\n    within: 9h\n    steps:\n" + step("a", "manual: {}"))
    (office / "runbooks" / "outage.yaml").write_text(text, encoding="utf-8")
    words = '"Late" may last until 9h after the start, and the target of the plan is 8h: 1h too late'
    assert told(office) == ([], [f"runbooks/outage.yaml:9:13: {words}"])
    assert words in bcp(office, "validate").stderr
    assert bcp(office, "validate").returncode == Exit.OK


@pytest.mark.parametrize(
    ("on", "off"),
    [
        ("number: {activate: office, forward_to: role:lead}", "number: {deactivate: office}"),
        ("network: {use: internet}", "network: {use: internet}"),
        (
            "publish: {place: website, notice: short, confirm: no}",
            "publish: {place: website, take_back: yes}",
        ),
        ("published: {show: office, instead_of: office}", "published: {restore: office}"),
    ],
)
def test_what_is_switched_on_and_never_off_is_advice(office: Path, on: str, off: str) -> None:
    (office / "notices" / "short.pl.md").write_text(SHORT, encoding="utf-8")
    plan(office, step("a", on))
    mistakes, remarks = told(office, "runbook", "validate", "outage")
    assert mistakes == []
    assert [each.partition(": ")[2] for each in remarks if "runbooks/" in each] == [
        'what "a" switches on stays on for ever: it has no undo'
    ]
    for undone in (
        step("a", f"{on}, undo: {{title: End it, by_hand: End it at the desk., {off}}}"),
        step("a", on) + "stand_down:\n" + step("z", off).replace("      - ", "  - "),
        step("a", on) + "  - phase: B\n    steps:\n" + step("z", off),
    ):
        plan(office, undone)
        assert not [each for each in told(office)[1] if 'what "a" switches on' in each]


def test_each_kind_of_action_that_switches_something_off_says_by_which_name_it_was_on() -> None:
    for name in kinds(ACTIONS):
        made: type[Action] = kind(ACTIONS, name)
        says_on = made.switches_on is not Action.switches_on
        assert says_on == (made.switches_off is not Action.switches_off), name


def test_a_fact_that_is_set_for_nothing_is_advice_and_one_that_serves_is_not(office: Path) -> None:
    plan(office, step("a", "manual: {}, sets: {moved_out: there}"))
    assert told(office)[1] == [
        'runbooks/outage.yaml:10:80: nothing goes by the fact "moved_out": no only_if, no text, no notice'
    ]
    plan(office, step("a", 'manual: {}, sets: {phone_works: "yes"}'))
    assert told(office) == ([], [])
    condition = "only_if: {fact: moved_out, is: there}"
    plan(office, step("a", "manual: {}, sets: {moved_out: there}") + step("b", f"manual: {{}}, {condition}"))
    assert told(office) == ([], [])


def test_a_fact_that_the_plan_cannot_know_where_it_tells_it_is_advice(office: Path) -> None:
    asks = "ask: {questions: [{fact: kind, ask: Which?, type: choice, choices: [red, blue]}]}"
    ticket = "ask: {questions: [{fact: ticket, ask: Which?}]}, only_if: {fact: kind, is: red}"
    steps = step("a", asks) + step("b", ticket)
    plan(office, steps + step("c", 'manual: {}, result: "It is {fact:kind}", only_if: {fact: kind, is: red}'))
    assert told(office) == ([], [])
    last = step("c", "manual: {}, only_if: {fact: kind, is: blue}").replace(
        "Do it at the desk.", '"Say {fact:ticket}."'
    )
    plan(office, steps + last)
    words = '"ticket" is never known here: "b" finds it out only where kind is red'
    assert told(office) == ([], [f"runbooks/outage.yaml:12:41: {words}"])
    # Where it may be asked again meanwhile nobody can say so.
    plan(office, steps + step("again", asks) + last)
    assert told(office) == ([], [])


def test_a_fact_that_is_asked_or_set_elsewhere_too_keeps_all_its_values(office: Path) -> None:
    asks = 'ask: {questions: [{fact: works, ask: "Does it?", type: yes-no}]}'
    no = "only_if: {fact: works, is: no}, manual: {}"
    plan(office, step("a", asks) + step("b", 'manual: {}, sets: {works: "yes"}') + step("c", no))
    assert told(office) == ([], [])
    maybe = "only_if: {fact: works, is: maybe}, manual: {}"
    plan(office, step("a", asks) + step("b", 'manual: {}, sets: {works: "yes"}') + step("c", maybe))
    assert told(office)[0] == ['runbooks/outage.yaml:12:88: the fact "works" is never "maybe"']


def test_what_notice_lint_says_of_the_notices_of_a_plan_validate_says_too(office: Path) -> None:
    plan(office, step("a", "notify: {notice: short, audience: staff}"))
    path = office / "notices" / "short.en.md"
    path.write_text(SHORT.replace("{{ greeting }}", "Hello"), encoding="utf-8")
    (office / "notices" / "unused.en.md").write_text(
        SHORT.replace("{{ greeting }}", "Hello"), encoding="utf-8"
    )
    said = bcp(office, "notice", "lint", "short")
    assert said.returncode == Exit.INPUT
    mistakes, remarks = told(office)
    assert len(mistakes) == 1 and mistakes[0].startswith("notices/short.en.md:")
    assert mistakes[0] in said.stdout + said.stderr
    assert remarks == []
    assert told(office, "runbook", "validate", "outage") == (mistakes, [])
    assert bcp(office, "runbook", "validate", "outage").returncode == Exit.INPUT
    # Nobody sends it, and so it keeps nothing from working.
    path.write_text(SHORT, encoding="utf-8")
    assert told(office) == ([], [])


def test_a_line_whose_check_nobody_wrote_is_advice(office: Path) -> None:
    plan(office, step("a", "manual: {}"))
    text = (office / "bcp.yaml").read_text(encoding="utf-8")
    (office / "bcp.yaml").write_text(text.replace("provider: Netia", "check: intrnet"), encoding="utf-8")
    assert told(office) == ([], ['bcp.yaml:11:29: there is no check "intrnet"'])
    (office / "checks" / "internet.yaml").write_text("chek: x\n", encoding="utf-8")
    mistakes, remarks = told(office)
    assert {each.partition(":")[0] for each in mistakes} == {"checks/internet.yaml"}
    assert remarks == []


def test_a_person_in_the_place_of_a_role_is_told_as_one(office: Path) -> None:
    plan(office, step("a", "who: anna, manual: {}"))
    said = bcp(office, "runbook", "validate").stderr
    assert 'there is no role "anna"' in said and '"anna" is a person: write the role' in said


@pytest.mark.parametrize("command", [("runbook", "validate"), ("runbook", "validate", "outage")])
def test_no_plan_passes_as_one_without_a_mistake_where_the_office_cannot_be_read(
    office: Path, command: tuple[str, ...]
) -> None:
    plan(office, step("a", "who: nobody, manual: {}"))
    (office / "bcp.yaml").write_text(OFFICE + "unknown: 1\n", encoding="utf-8")
    (mistake,), _remarks = told(office, *command)
    assert mistake.startswith("bcp.yaml:") and 'unknown key "unknown"' in mistake


@pytest.mark.parametrize("verb", ["validate", "lint"])
def test_a_plan_asked_for_by_the_name_of_its_file_is_named_as_it_is_called(office: Path, verb: str) -> None:
    text = runbook("  - phase: A\n    steps:\n" + step("a", "manual: {}"), "other")
    (office / "runbooks" / "mine.yaml").write_text(text, encoding="utf-8")
    said = bcp(office, "runbook", verb, "mine")
    assert said.returncode == Exit.INPUT
    assert "runbooks/mine.yaml holds the runbook other" in said.stderr

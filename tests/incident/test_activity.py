"""The clocks count what a person, a step or the plan said; nothing else is an outage."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bcp.errors import SourceError
from bcp.event import stamp
from bcp.incident import due as dues
from bcp.incident.activity import downtimes, reach
from bcp.incident.report import lasted
from bcp.validate import load
from tests.frozen import START
from tests.offices import Stage, bcp, office_in, runbook

HOUR = timedelta(hours=1)
ACTIVITIES = """
activities:
  - {activity: phone, target: 4h, unbearable_after: 3d, minimum: A human answers}
  - {activity: internet, target: 8h, unbearable_after: 5d, minimum: Mail}
  - {activity: client-demo, target: 2h, unbearable_after: 1d, minimum: A laptop}
"""
PHASES = """
  - phase: A
    any_order: true
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
      - {step: unplug, title: Unplug the old line, by_hand: Do., manual: {}, stops: [client-demo, phone]}
      - {step: divert, title: Divert, by_hand: Do., manual: {}, restores: phone}
      - {step: mobile, title: Mobile internet, by_hand: Do., manual: {}, restores: [internet]}
"""


def counting(folder: Path, more: str = "", phases: str = PHASES) -> Path:
    """An office that counts three activities."""
    office = office_in(folder, outage=runbook(phases, more=more))
    with (office / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write(ACTIVITIES)
    return office


@pytest.fixture
def planned(tmp_path: Path) -> Stage:
    """A plan that stops nothing."""
    return Stage(counting(tmp_path / "office"))


@pytest.fixture
def outage(tmp_path: Path) -> Stage:
    """A plan for the day on which the internet is gone."""
    return Stage(counting(tmp_path / "office", "stops: [internet]"))


def counted(staged: Stage) -> dict[str, tuple[timedelta, bool]]:
    """How long each activity is down now, and whether it still is."""
    found = downtimes(staged.incident(), staged.clock.now())
    return {name: (each.length, each.goes_on) for name, each in found.items()}


def clients(staged: Stage) -> tuple[timedelta, bool] | None:
    found = reach(staged.incident(), staged.clock.now())
    return found and (found.length, found.goes_on)


def say(staged: Stage, **facts: str) -> None:
    staged.write("fact.amended", {"facts": facts})


def done(staged: Stage, step: str) -> None:
    staged.write("step.settled", {"step": step, "title": step, "outcome": "done"})


def test_a_plan_that_stops_nothing_counts_nothing_however_long_it_takes(planned: Stage) -> None:
    planned.clock.go_on(timedelta(days=42))
    incident, now = planned.incident(), planned.clock.now()
    assert counted(planned) == {} and clients(planned) is None
    assert dues.clock_line(incident, now) == ""
    (only,) = dues.clocks(incident, now)
    assert only.startswith("Whether clients can reach us is not known") and "reachable=no" in only
    assert ("Clients could not reach us", "not known") in lasted.summary(incident, now).rows
    named = [row[0] for row in lasted.targets(incident, now).rows]
    assert named == ["everything done"]


def test_an_outage_of_the_internet_says_nothing_of_clients_nor_of_what_the_plan_does_not_name(
    outage: Stage,
) -> None:
    outage.clock.go_on(HOUR)
    assert counted(outage) == {"internet": (HOUR, True)} and clients(outage) is None
    say(outage, down_since=stamp(START - HOUR))
    assert counted(outage) == {"internet": (2 * HOUR, True)} and clients(outage) is None
    line = dues.clock_line(outage.incident(), outage.clock.now())
    assert line == "internet: 6 h to RTO, 4 days 22 h to MTPD"


def test_clients_cannot_reach_us_from_when_it_is_said_until_it_is_said_that_they_can(outage: Stage) -> None:
    outage.clock.go_on(HOUR)
    say(outage, phone_works="no")
    outage.clock.go_on(HOUR)
    assert clients(outage) == (HOUR, True) and counted(outage)["phone"] == (HOUR, True)
    say(outage, phone_down_since=stamp(START - HOUR / 2))
    assert clients(outage) == (2.5 * HOUR, True)
    say(outage, reachable="yes")
    outage.clock.go_on(5 * HOUR)
    assert clients(outage) == (2.5 * HOUR, False)
    say(outage, phone_works="yes")
    assert clients(outage) == (2.5 * HOUR, False), "that it works now takes no hour back"


def test_a_phone_that_was_found_to_work_was_never_down(outage: Stage) -> None:
    outage.clock.go_on(HOUR)
    say(outage, phone_works="yes")
    assert clients(outage) == (timedelta(), False) and "phone" not in counted(outage)


def test_a_second_time_out_of_reach_is_added_to_the_first(planned: Stage) -> None:
    for answer in ("no", "yes", "no"):
        say(planned, reachable=answer)
        planned.clock.go_on(HOUR)
    assert clients(planned) == (2 * HOUR, True)


def test_steps_stop_and_restore_activities_once_they_are_done(planned: Stage) -> None:
    done(planned, "unplug")
    planned.clock.go_on(HOUR)
    assert counted(planned) == {"phone": (HOUR, True), "client-demo": (HOUR, True)}
    assert clients(planned) == (HOUR, True)
    done(planned, "divert")
    planned.clock.go_on(HOUR)
    assert counted(planned) == {"phone": (HOUR, False), "client-demo": (2 * HOUR, True)}
    assert "phone" not in dues.clock_line(planned.incident(), planned.clock.now())


def test_the_time_since_which_it_works_again_ends_what_the_plan_stops(outage: Stage) -> None:
    outage.clock.go_on(3 * HOUR)
    say(outage, restored_at=stamp(START + HOUR))
    assert counted(outage) == {"internet": (HOUR, False)}
    row = next(
        row for row in lasted.targets(outage.incident(), outage.clock.now()).rows if "internet" in row[0]
    )
    assert row == ("internet runs again", "8 h", "1 h", "yes")


def test_a_plan_that_was_begun_for_nothing_stopped_nothing(outage: Stage) -> None:
    outage.clock.go_on(HOUR)
    say(outage, verdict="ok")
    assert counted(outage) == {}


def test_an_answer_that_was_corrected_was_not_so(outage: Stage) -> None:
    first = {"step": "look", "title": "Look", "outcome": "done", "facts": {"phone_works": "no"}}
    outage.write("step.settled", first)
    number = outage.incident().head.seq
    outage.clock.go_on(HOUR)
    assert clients(outage) == (HOUR, True)
    outage.write("step.settled", {**first, "facts": {"phone_works": "yes"}, "corrects": number})
    assert clients(outage) == (timedelta(), False)


def test_a_misspelt_activity_is_a_mistake_and_one_that_the_office_does_not_count_is_none(
    tmp_path: Path,
) -> None:
    load(counting(tmp_path / "good", "stops: [website]"))
    bad = PHASES.replace("restores: phone", "restores: phnoe")
    with pytest.raises(SourceError) as caught:
        load(counting(tmp_path / "bad", "stops: [internte]", bad))
    said = sorted((mistake.message, mistake.hint) for mistake in caught.value.mistakes)
    assert said == [
        ('there is no activity "internte"', 'did you mean "internet"?'),
        ('there is no activity "phnoe"', 'did you mean "phone"?'),
    ]


def test_no_page_of_a_claim_names_a_failure_that_nobody_wrote_down(tmp_path: Path) -> None:
    place = tmp_path / "o"
    assert bcp(tmp_path, "init", "--sample", "--yes", str(place)).returncode == 0
    bcp(place, "incident", "start", "provider-switch")
    shown = bcp(place, "claim", "show", "--line", "internet").stdout
    assert "since when it did not work: --began" in shown
    letter = bcp(place, "claim", "letter", "--line", "internet", "--i-verified")
    assert letter.returncode == 2 and "is not known" in letter.stderr + letter.stdout
    begun = bcp(place, "claim", "calculate", "--line", "internet", "--began", "2026-11-01")
    assert "first failure is not known" not in begun.stdout


QUIET = "  - phase: A\n    steps:\n      - {step: look, title: Look, by_hand: Do., manual: {}}\n"


def about(folder: Path, activities: str, more: str = "", phases: str = QUIET) -> Stage:
    """A stage with a plan that says what it is about."""
    return Stage(counting(folder, f"activities: {activities}\n{more}", phases))


def shown(staged: Stage) -> list[str]:
    return dues.clocks(staged.incident(), staged.clock.now())


def test_the_clocks_of_activities_that_a_plan_does_not_name_are_not_shown(tmp_path: Path) -> None:
    staged = about(tmp_path / "office", "[internet]", "stops: [internet]")
    staged.clock.go_on(HOUR)
    assert not [line for line in shown(staged) if "clients" in line.lower()]
    assert [line for line in shown(staged) if line.startswith("internet: must run again")]
    rows = lasted.summary(staged.incident(), staged.clock.now()).rows
    assert "Clients could not reach us" not in [row[0] for row in rows]
    assert counted(staged) == {"internet": (HOUR, True)}


def test_a_plan_that_is_about_nothing_shows_no_clock_at_all(tmp_path: Path) -> None:
    staged = about(tmp_path / "office", "[]")
    staged.clock.go_on(HOUR)
    assert shown(staged) == []
    assert bcp(staged.office, "incident", "status").stdout.count("Clients") == 0


def test_what_a_person_says_of_another_activity_is_counted_all_the_same(tmp_path: Path) -> None:
    staged = about(tmp_path / "office", "[internet]")
    say(staged, phone_works="no")
    staged.clock.go_on(HOUR)
    assert counted(staged) == {"phone": (HOUR, True)}
    assert clients(staged) == (HOUR, True)
    assert any(line.startswith("Clients cannot reach us") for line in shown(staged))


def test_an_answer_to_a_step_starts_no_clock_that_the_plan_is_not_about(tmp_path: Path) -> None:
    asks = 'ask: {questions: [{fact: phone_works, ask: "Does it?", type: yes-no}]}'
    phases = f"  - phase: A\n    steps:\n      - {{step: look, title: Look, by_hand: Do., {asks}}}\n"
    for activities, expected in (("[internet]", {}), ("[internet, phone]", {"phone": (HOUR, True)})):
        staged = about(tmp_path / activities, activities, phases=phases)
        facts = {"phone_works": "no"}
        staged.write("step.settled", {"step": "look", "title": "Look", "outcome": "done", "facts": facts})
        staged.clock.go_on(HOUR)
        assert counted(staged) == expected


def test_a_plan_that_is_entered_brings_the_activities_that_it_is_about(tmp_path: Path) -> None:
    sub = "  - phase: B\n    steps:\n      - {step: dial, title: Dial, by_hand: Do., manual: {}}\n"
    enters = (
        "  - phase: A\n    steps:\n      - {step: go, title: Go, by_hand: Do., runbook: {runbook: divert}}\n"
    )
    office = counting(tmp_path / "office", "activities: []", enters)
    (office / "runbooks" / "divert.yaml").write_text(
        runbook(sub, "divert", "stops: [phone]"), encoding="utf-8"
    )
    staged = Stage(office)
    assert not any("clients" in line for line in shown(staged))
    staged.alone()
    staged.run()
    staged.clock.go_on(HOUR)
    assert "phone" in counted(staged)


def test_the_plan_of_an_older_record_shows_all_clocks_and_is_written_as_it_was(planned: Stage) -> None:
    told = planned.incident().plan.as_json()
    assert "activities" not in told["runbooks"]["outage"]
    named = about(planned.office.parent / "named", "[internet]").incident().plan.as_json()
    assert named["runbooks"]["outage"]["activities"] == ["internet"]

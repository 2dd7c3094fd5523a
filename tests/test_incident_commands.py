"""The verbs of an incident as scripts use them: step, note, amend, status, list, log, and what they refuse."""

from __future__ import annotations

import io
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bcp.cli.terminal import guide
from bcp.fact import Fact, Place, example, read_answer
from tests.offices import bcp, office_in, runbook

PHASES = """
  - phase: First 15 minutes
    within: 15m
    steps:
      - {step: look, title: Look, who: lead, by_hand: Do., manual: {}}
      - step: ask
        title: Ask
        by_hand: Ask.
        ask: {questions: [{fact: phone, ask: Phone?, type: phone}, {fact: name, ask: Name?, required: no}]}
      - step: mobile
        title: Mobile internet on
        by_hand: Do.
        command: {run: ["/bin/true"]}
        undo: {title: Mobile internet off, by_hand: Do., manual: {}}
      - {step: tell, title: Tell, by_hand: Do., only_if: {fact: phone, is: "+48600000001"}, manual: {}}
"""
OTHER = runbook("  - phase: O\n    steps:\n      - {step: a, title: A, by_hand: Do., manual: {}}", "other")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with an open incident, whose first step waits."""
    place = office_in(tmp_path / "office", outage=runbook(PHASES), other=OTHER)
    assert bcp(place, "incident", "start", "outage").returncode == 9
    return place


def told(office: Path, *arguments: str) -> Any:
    ran = bcp(office, *arguments, "--json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def refused(office: Path, *arguments: str, **environ: str) -> str:
    ran = bcp(office, *arguments, **environ)
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stderr


def test_the_status_is_the_contract_that_programs_read(office: Path) -> None:
    bcp(office, "incident", "step", "done", "look", "--note", "all lights are red")
    status = told(office, "incident", "status")
    wanted = {
        "id",
        "kind",
        "runbook",
        "title",
        "opened_at",
        "state",
        "target",
        "phases",
        "next",
        "measures",
        "facts",
    }
    assert wanted <= set(status)
    assert (status["kind"], status["state"], status["runbook"]) == ("incident", "open", "outage")
    (phase,) = status["phases"]
    assert (phase["phase"], phase["within"], phase["late"]) == ("First 15 minutes", 900.0, False)
    first = phase["steps"][0]
    assert {"id", "title", "who", "action", "outcome", "at", "by", "note"} <= set(first)
    assert [first[key] for key in ("id", "who", "action", "outcome", "by", "note")] == [
        *("look", "lead", "manual", "done", "anna", "all lights are red")
    ]
    assert status["next"] == ["ask"]


def test_the_log_is_the_contract_that_programs_read(office: Path) -> None:
    events = told(office, "incident", "log")
    keys = {"seq", "at", "recorded_at", "kind", "by", "recorded_by", "how", "data", "prev", "hash"}
    assert all(keys <= set(event) for event in events)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert all(after["prev"] == before["hash"] for before, after in pairwise(events))


def test_a_step_takes_its_facts_and_reads_them_by_type(office: Path) -> None:
    assert "does not ask" in refused(office, "incident", "step", "done", "ask", "--fact", "ticket=1")
    assert "expected a phone number" in refused(
        office, "incident", "step", "done", "ask", "--fact", "phone=12"
    )
    assert "asks for phone" in refused(office, "incident", "step", "done", "ask", "--fact", "name=Ewa")
    assert "is not name=value" in refused(office, "incident", "step", "done", "ask", "--fact", "phone")
    assert bcp(office, "incident", "step", "done", "ask", "--fact", "phone=600 000 001").returncode == 0
    assert told(office, "incident", "status")["facts"] == {"phone": "+48600000001"}


def test_what_was_done_on_paper_says_when_by_whom_and_who_typed_it(office: Path) -> None:
    early = refused(office, "incident", "step", "done", "look", "--at", "2020-01-01 9:12")
    assert "is before the incident began" in early
    assert "is not a time" in refused(office, "incident", "step", "done", "look", "--at", "noon")
    begun = told(office, "incident", "status")["opened_at"]
    said = bcp(office, "incident", "step", "done", "look", "--paper", "--by", "Piotr Lis", "--at", begun)
    assert said.returncode == 0, said.stderr
    last = told(office, "incident", "log")[-1]
    assert (last["how"], last["by"], last["recorded_by"], last["at"]) == ("paper", "piotr", "anna", begun)
    assert "[from paper] [recorded by Anna Nowak]" in bcp(office, "incident", "log").stdout


def test_who_acts_must_be_somebody(office: Path) -> None:
    assert 'nobody called "ewa"' in refused(office, "incident", "step", "done", "look", "--by", "ewa")
    assert 'BCP_PERSON: there is nobody called "ewa"' in refused(
        office, "incident", "step", "done", "look", BCP_PERSON="ewa"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["step", "finished", "look"], '"finished" is no outcome'),
        (["step", "skipped", "look"], "needs its reason"),
        (["step", "done", "loook"], "did you mean look?"),
        (["status", "--incident", "nope"], 'no incident "nope"'),
        (["note", "  "], "the note is empty"),
        (["note", "x", "--at", "2020-01-01 9:12"], "before the incident began"),
        (["amend"], "say what to amend"),
        (["amend", "--after", "look"], "say what to amend"),
        (["step", "done", "mobile.undo"], "ends nothing"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    office: Path, arguments: list[str], sentence: str
) -> None:
    before = told(office, "incident", "log")
    assert sentence.lower() in refused(office, "incident", *arguments).lower()
    assert told(office, "incident", "log") == before


def test_a_wrong_answer_is_corrected_and_both_stay_in_the_record(office: Path) -> None:
    bcp(office, "incident", "step", "done", "look")
    said = refused(office, "incident", "step", "skipped", "look", "--note", "the room was locked")
    assert "--correct" in said
    ran = bcp(office, "incident", "step", "skipped", "look", "--note", "the room was locked", "--correct")
    assert ran.returncode == 0
    log = bcp(office, "incident", "log").stdout
    assert "done: Look" in log
    assert "skipped: Look | the room was locked | corrects entry #" in log


def test_staff_may_set_a_fact_and_it_decides_what_applies(office: Path) -> None:
    assert "expected a phone number" in refused(office, "incident", "amend", "--fact", "phone=abc")
    assert bcp(office, "incident", "amend", "--fact", "phone=600 000 002").returncode == 0
    for step in ("look", "mobile"):
        assert bcp(office, "incident", "step", "done", step).returncode == 0
    assert bcp(office, "incident", "step", "skipped", "ask", "--note", "known").returncode == 0
    assert bcp(office, "incident", "resume").returncode == 0
    steps = {step["id"]: step for step in told(office, "incident", "status")["phases"][0]["steps"]}
    assert steps["tell"]["outcome"] == "not-applicable"
    assert "left the runbook: phone = +48600000002" in bcp(office, "incident", "log").stdout


def test_staff_may_put_in_a_step_and_it_is_checked_as_the_runbook_was(office: Path) -> None:
    file = office / "step.yaml"
    file.write_text(
        "step: extra\ntitle: Ask the neighbour\nwho: boss\nby_hand: Go there.\nmanual: {}\n", "utf-8"
    )
    said = refused(office, "incident", "amend", "--after", "look", "--file", "step.yaml")
    assert 'step.yaml:3:6: there is no role "boss"' in " ".join(said.split("\n"))
    file.write_text(
        "step: extra\ntitle: Ask the neighbour\nwho: lead\nby_hand: Go there.\nmanual: {}\n", "utf-8"
    )
    assert bcp(office, "incident", "amend", "--after", "look", "--file", "step.yaml").returncode == 0
    assert 'there is a step "extra" already' in refused(
        office, "incident", "amend", "--after", "ask", "--file", "step.yaml"
    ).replace("There", "there")
    bcp(office, "incident", "step", "done", "look")
    assert told(office, "incident", "status")["next"] == ["extra"]
    assert 'new step "Ask the neighbour" after look' in bcp(office, "incident", "log").stdout


def test_several_open_incidents_must_be_named(office: Path) -> None:
    assert bcp(office, "incident", "start", "other").returncode == 9
    said = refused(office, "incident", "status")
    assert "several incidents are open" in said.lower()
    assert "--incident" in said
    name = said.rpartition("--incident ")[2].split()[0]
    assert told(office, "incident", "status", "--incident", name)["runbook"] == "other"


def test_starting_what_is_open_goes_on_there(office: Path) -> None:
    said = bcp(office, "incident", "start", "outage")
    assert said.returncode == 9
    assert "is open since" in said.stderr
    assert len(told(office, "incident", "list")) == 1


def test_closing_with_all_carried_out_is_quiet_and_the_record_is_whole(office: Path) -> None:
    for step in ("look", "mobile"):
        bcp(office, "incident", "step", "done", step)
    bcp(office, "incident", "step", "done", "ask", "--fact", "phone=600 000 001")
    bcp(office, "incident", "step", "done", "tell")
    bcp(office, "incident", "step", "done", "mobile.undo")
    said = bcp(office, "incident", "close")
    assert said.returncode == 0, said.stderr
    assert "Closed: The line is dead" in said.stderr
    assert bcp(office, "incident", "verify").returncode == 0
    assert (
        "closed"
        in refused(
            office,
            "incident",
            "step",
            "done",
            "look",
            "--incident",
            told(office, "incident", "list")[0]["id"],
        ).lower()
    )
    assert bcp(office, "incident", "start", "outage").returncode == 9, "and the next one is another"
    assert [each["state"] for each in told(office, "incident", "list")] == ["closed", "open"]


def test_no_office_is_a_sentence_with_the_next_command(tmp_path: Path) -> None:
    assert "bcp init" in refused(tmp_path, "incident", "status")
    assert "bcp init" in refused(tmp_path, "--office", str(tmp_path / "nowhere"), "incident", "status")


def test_a_mistake_in_another_runbook_does_not_stand_in_the_way(office: Path) -> None:
    (office / "runbooks" / "other.yaml").write_text("runbook: other\n", encoding="utf-8")
    said = bcp(office, "drill", "start", "outage")
    assert said.returncode == 9
    assert "bcp validate" not in said.stderr  # nobody looked
    assert "bcp validate" in bcp(office, "runbook", "list").stderr
    assert '"title" is missing' in refused(office, "runbook", "show", "other")
    assert "runbooks/other.yaml" in refused(office, "validate")


def test_where_two_incidents_are_open_each_command_that_leads_on_names_the_one_it_means(office: Path) -> None:
    assert "Next: bcp incident resume\n" in bcp(office, "incident", "resume").stderr
    both = bcp(office, "incident", "start", "other").stderr
    (named,) = re.findall(r"Next: bcp (incident resume --incident \S+-other)\n", both)
    assert bcp(office, *named.split()).returncode == 9
    (settle,) = re.findall(r"bcp (incident step done a --incident \S+-other)\n", both)
    done = bcp(office, *settle.split())
    (close,) = re.findall(r"Next: bcp (incident close --incident \S+-other)\n", done.stderr)
    assert bcp(office, *close.split()).returncode == 0


def test_a_fact_of_a_runbook_that_may_still_be_entered_is_read_by_its_type(tmp_path: Path) -> None:
    goes_on = "  - phase: P\n    steps:\n" + "".join(
        f"      - {{step: {step}, title: A, by_hand: Do., {action}}}\n"
        for step, action in (("first", "manual: {}"), ("then", "runbook: {runbook: other}"))
    )
    asks = (
        "  - phase: O\n    steps:\n      - step: ask\n        title: Ask\n        by_hand: Ask.\n"
        "        ask: {questions: [{fact: phone, ask: Phone?, type: phone}]}\n"
    )
    place = office_in(tmp_path / "office", outage=runbook(goes_on), other=runbook(asks, "other"))
    bcp(place, "incident", "start", "outage")
    assert "expected a phone number" in refused(place, "incident", "amend", "--fact", "phone=abc")


def test_the_hints_of_a_drill_name_the_drill(office: Path) -> None:
    bcp(office, "drill", "start", "outage")
    assert "bcp drill amend --fact reachable=no" in bcp(office, "drill", "status").stdout
    closing = bcp(office, "drill", "close")
    assert closing.returncode == 9 and 'bcp drill close --reason "why"' in closing.stderr
    unnamed = refused(office, "drill", "start")
    assert "bcp drill start other\n" in unnamed and "bcp drill start outage\n" in unnamed
    every = bcp(office, "drill", "status").stdout + closing.stderr + unnamed
    assert "bcp incident" not in every


def test_a_time_before_the_start_is_told_from_when_on_times_are_taken(office: Path) -> None:
    began = told(office, "incident", "status")["opened_at"]
    said = refused(office, "incident", "step", "done", "look", "--at", "2020-01-01 9:12")
    assert "is before the incident began" in said and "what came before goes into a note" in said
    (clock,) = re.findall(r"such as --at (?:\"[\d-]+ )?(\d\d:\d\d)", said)
    assert clock[2:] == began[13:16], "minutes are those of the start; the hour is the office's"


def test_the_clocks_count_from_when_it_went_down_not_from_when_the_incident_was_begun(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES, more="stops: phone"))
    with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write("activities:\n  - {activity: phone, target: 4h, unbearable_after: 3d, minimum: A human}\n")
    bcp(place, "incident", "start", "outage")
    assert "past RTO" not in bcp(place, "incident", "status").stdout
    assert "left" in bcp(place, "incident", "status").stdout
    said = bcp(place, "incident", "amend", "--fact", "down_since=2020-01-01 7:50")
    assert said.returncode == 0, said.stderr
    shown = bcp(place, "incident", "status").stdout
    assert re.search(r"phone: must run again by .* \(RTO\): .* over", shown)
    assert "down_since = 2020-01-01T07:50+01:00" in shown


def test_a_fact_that_a_clock_goes_by_is_read_as_what_it_is(office: Path) -> None:
    assert "expected yes or no" in refused(office, "incident", "amend", "--fact", "reachable=maybe")
    assert bcp(office, "incident", "amend", "--fact", "reachable=tak").returncode == 0
    assert told(office, "incident", "status")["facts"]["reachable"] == "yes"
    # Clients are told to call it.
    assert "expected a phone number" in refused(
        office, "incident", "amend", "--fact", "answer_number=unknown"
    )


def test_a_fact_that_nothing_asks_for_is_refused_with_the_likely_name_or_as_a_note(office: Path) -> None:
    said = refused(office, "incident", "amend", "--fact", "phonne=12")
    assert (
        'Nothing asks for a fact "phonne", and nothing uses it.' in said and 'did you mean "phone"?' in said
    )
    said = refused(office, "incident", "amend", "--fact", "phone=600 000 003", "--fact", "colour=blue")
    assert "keep it as a note: bcp incident note " in said and "colour: blue" in said
    assert "phone" not in told(office, "incident", "status")["facts"]
    for used in ("verdict=isp-down", "planned_work=no", "phone_works=no"):
        assert bcp(office, "incident", "amend", "--fact", used).returncode == 0, used


AHEAD = """
  - phase: A
    steps:
      - step: promise
        title: Fix the time
        by_hand: Say it.
        ask:
          questions:
            - {fact: next_update, ask: When do clients hear from us?, type: datetime, ahead: yes}
            - {fact: ticket, ask: Ticket?}
      - {step: tell, title: Tell them, by_hand: "Until {fact:next_update}.", manual: {}}
"""


def minutes_from_now(minutes: int) -> datetime:
    return datetime.now(ZoneInfo("Europe/Warsaw")) + timedelta(minutes=minutes)


def test_a_time_that_is_to_come_is_not_taken_where_it_is_over(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(AHEAD))
    bcp(place, "incident", "start", "outage")
    over = minutes_from_now(-70)
    step = ("incident", "step", "done", "promise", "--fact", "ticket=7", "--fact")
    said = refused(place, *step, f"next_update={over:%Y-%m-%d %H:%M}")
    assert "this time is over, and a time that is still to come is asked for" in said
    if over.date() == minutes_from_now(0).date():
        coming = f"{over + timedelta(days=1):%Y-%m-%d %H:%M}"
        for given in (f"{over:%H:%M}", f"{over:%H%M}"):
            said = refused(place, *step, f"next_update={given}")
            assert f'this time is over today. Tomorrow? Then write "{coming}"' in said
            assert "over today" in refused(place, "incident", "amend", "--fact", f"next_update={given}")
    assert told(place, "incident", "status")["facts"] == {}
    later = minutes_from_now(70)
    assert bcp(place, *step, f"next_update={later:%Y-%m-%d %H:%M}").returncode == 0
    assert told(place, "incident", "status")["facts"]["next_update"][:16] == f"{later:%Y-%m-%dT%H:%M}"


ROOM = Place("PL", ZoneInfo("Europe/Warsaw"), datetime(2026, 11, 26, 18, 57, tzinfo=UTC))
NEXT_UPDATE = Fact("next_update", "When do clients hear from us next?", "datetime", ahead=True)


def test_a_clock_time_that_is_over_today_is_asked_about(monkeypatch: pytest.MonkeyPatch, capsys) -> None:  # type: ignore[no-untyped-def]
    for typed, read in (("16:00", "2026-11-27T16:00+01:00"), ("20:00", "2026-11-26T20:00+01:00")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n\n"))
        assert guide.Terminal(lambda: ROOM).ask(NEXT_UPDATE) == read
    monkeypatch.setattr(sys, "stdin", io.StringIO("16:00\nn\n26.11. 16:00\n28.11. 9:00\n"))
    assert guide.Terminal(lambda: ROOM).ask(NEXT_UPDATE) == "2026-11-28T09:00+01:00"
    said = capsys.readouterr().err
    assert "That time is over today. Is it Fri 27 Nov 2026 16:00 CET?" in said
    assert "This time is over, and a time that is still to come is asked for." in said


def test_paper_and_an_answers_file_mean_the_next_such_hour_and_a_since_may_be_over() -> None:
    rolling = ROOM._replace(rolls=True)
    assert read_answer(NEXT_UPDATE, "1600", rolling) == "2026-11-27T16:00+01:00"
    assert read_answer(NEXT_UPDATE._replace(ahead=False), "16:00", ROOM) == "2026-11-26T16:00+01:00"
    assert read_answer(NEXT_UPDATE, example(NEXT_UPDATE, ROOM), ROOM) == "2026-11-26T23:57+01:00"
    with pytest.raises(ValueError, match="still to come"):
        read_answer(NEXT_UPDATE, "2026-11-26 16:00", rolling)


def test_a_question_mark_says_that_an_answer_is_not_known(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(AHEAD))
    bcp(place, "incident", "start", "outage")
    assert "asks for next_update" in refused(
        place, "incident", "step", "done", "promise", "--fact", "ticket=?"
    )
    ran = bcp(place, "incident", "step", "done", "promise", "--fact", "ticket=?", "--fact", "next_update=?")
    assert ran.returncode == 0, ran.stderr
    assert told(place, "incident", "status")["facts"] == {}
    assert "not known: ticket, next_update" in bcp(place, "incident", "log").stdout


def test_a_refusal_speaks_the_language_of_the_office_even_before_its_files_are_read(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    text = (place / "bcp.yaml").read_text(encoding="utf-8")
    (place / "bcp.yaml").write_text(text + "language: pl\n", encoding="utf-8")
    assert "nie trwa żaden incydent" in refused(place, "incident", "resume").lower()
    bcp(place, "incident", "start", "outage")
    assert "brak kroku" in refused(place, "incident", "step", "done", "lok").lower()
    (place / "bcp.yaml").write_text("language: pl\n\tname: [", encoding="utf-8")
    assert "nie ma incydentu" in refused(place, "incident", "log", "--incident", "x").lower()


def test_a_file_saved_under_another_ending_is_named_and_not_passed_over(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    (place / "runbooks" / "fire.yaml.txt").write_text(runbook(PHASES, "fire"), encoding="utf-8")
    (place / "runbooks" / "notes.md").write_text("of no concern", encoding="utf-8")
    ran = bcp(place, "validate")
    assert ran.returncode == 0 and "runbooks/fire.yaml.txt is not read" in ran.stderr
    assert "notes.md" not in ran.stderr
    (place / "bcp.yaml").rename(place / "bcp.yaml.txt")
    said = refused(place, "validate")
    assert f"rename {place / 'bcp.yaml.txt'}: its name must be bcp.yaml" in said


def test_a_runbook_is_shown_with_what_each_step_waits_for_and_blanks_where_facts_will_stand(
    tmp_path: Path,
) -> None:
    phases = PHASES.replace("title: Tell,", "title: 'Tell {fact:phone}',")
    place = office_in(tmp_path / "office", outage=runbook(phases))
    shown = bcp(place, "runbook", "show", "outage")
    assert "only if the answer to “Phone?” is +48600000001" in shown.stdout and "Tell ______" in shown.stdout
    assert "{fact:" not in shown.stdout and "bcp drill start outage" in shown.stderr
    with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write("language: pl\n")
    assert "samo: Uruchom: /bin/true" in bcp(place, "runbook", "show", "outage").stdout


def test_outcomes_are_words_of_the_offices_language(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write("language: pl\n")
    bcp(place, "incident", "start", "outage")
    bcp(place, "incident", "step", "skipped", "look", "--note", "ciemno")
    assert "look: Look [pominięte]" in bcp(place, "incident", "status").stdout
    assert "ma już odpowiedź: pominięte" in refused(place, "incident", "step", "done", "look")


def test_what_was_put_off_or_left_in_force_is_ended_later_even_after_closing(office: Path) -> None:
    for step in ("look", "mobile"):
        bcp(office, "incident", "step", "done", step)
    bcp(office, "incident", "step", "skipped", "mobile.undo", "--note", "still wet")
    stopped = bcp(office, "incident", "close", "--reason", "it works again")
    assert stopped.returncode in (8, 9) and "bcp incident undo mobile" in stopped.stderr
    closed = bcp(office, "incident", "close", "--leave", "mobile", "--reason", "until Friday")
    assert closed.returncode == 0, closed.stderr
    (stream,) = [each["id"] for each in told(office, "incident", "list")]
    for shown in (closed, bcp(office, "incident", "list"), bcp(office, "incident", "status")):
        assert f"bcp incident undo mobile --incident {stream}" in shown.stderr
    command = ("incident", "step", "done", "mobile.undo", "--incident", stream)
    assert "is closed already" in refused(office, "incident", "step", "done", "tell", "--incident", stream)
    assert "needs its reason" in refused(office, *command[:2], "skipped", *command[3:])
    bcp(office, *command[:2], "failed", *command[3:], "--note", "the router is locked away")
    assert told(office, "incident", "list")[0]["measures"] == ["mobile"]
    assert bcp(office, *command).returncode == 0
    assert "undo mobile" not in bcp(office, "incident", "list").stderr
    assert told(office, "incident", "list")[0]["measures"] == []
    assert "is closed already" in refused(office, *command)
    assert (
        "Mobile internet off" in bcp(office, "incident", "log", "--incident", stream).stdout.splitlines()[-1]
    )


def test_an_undo_that_was_skipped_is_done_later_without_calling_it_a_correction(office: Path) -> None:
    for step in ("look", "mobile"):
        bcp(office, "incident", "step", "done", step)
    bcp(office, "incident", "step", "skipped", "mobile.undo", "--note", "still wet")
    assert bcp(office, "incident", "step", "done", "mobile.undo").returncode == 0
    log = bcp(office, "incident", "log").stdout.splitlines()
    assert "skipped: Mobile internet off | still wet" in log[-2]
    assert log[-1].endswith("done: Mobile internet off") and "corrected" not in log[-1]
    assert [each["on"] for each in told(office, "incident", "status")["measures"]] == [False]


def test_a_verb_typed_without_its_noun_gets_the_whole_command(tmp_path: Path) -> None:
    assert "did you mean: bcp incident status" in refused(tmp_path, "status")
    assert "did you mean: bcp incident close" in refused(tmp_path, "close")
    assert "bcp -h" in refused(tmp_path, "help")
    assert "'runbook'" in refused(tmp_path, "runbok", "list")
    help_ = bcp(tmp_path, "-h").stdout
    for command in ("bcp incident start", "bcp incident status", "bcp incident resume"):
        assert command in help_


def test_a_store_that_cannot_be_used_is_told_in_the_language_of_the_office(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write("language: pl\n")
    (place / "incidents").mkdir()
    (place / "incidents" / "bcp.sqlite3").write_text("to nie jest baza " * 100, encoding="utf-8")
    ran = bcp(place, "incident", "start", "outage")
    assert ran.returncode == 3 and "nie jest bazą SQLite" in ran.stderr and "kopii zapasowej" in ran.stderr
    ran = bcp(place, "incident", "status", BCP_STATE=str(tmp_path / "Dropbox" / "office"))
    assert ran.returncode == 3 and "jest synchronizowany (Dropbox)" in ran.stderr


def test_mistakes_in_a_file_that_was_named_are_mended_there_and_not_by_validate(office: Path) -> None:
    (office / "step.yaml").write_text("step: extra\ntitle: X\n", encoding="utf-8")
    said = refused(office, "incident", "amend", "--after", "look", "--file", "step.yaml")
    assert "step.yaml:1:1" in said and "give the command again" in said and "validate" not in said
    said = refused(office, "drill", "start", "outage", "--answers", "step.yaml")
    assert "give the command again" in said and "validate" not in said
    (office / "runbooks" / "other.yaml").write_text("runbook: other\n", encoding="utf-8")
    assert "then run: bcp validate" in refused(office, "validate")


def test_an_owner_whom_nobody_knows_is_refused_under_the_option_that_named_them(office: Path) -> None:
    said = refused(office, "followup", "add", "a second SIM", "--owner", "nobody", "--due", "in 2 weeks")
    assert '--owner: there is nobody called "nobody"' in said and "people: anna, piotr" in said


def test_an_office_without_contacts_is_told_where_to_write_them(office: Path) -> None:
    for arguments in (("contact", "list"), ("notice", "plan", "line-down", "clients")):
        said = refused(office, *arguments)
        assert "did you mean" not in said
    assert "bcp contact import FILE" in refused(office, "contact", "list")


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 mistake in other files"), (2, "2 mistakes in other files")]
)
def test_mistakes_elsewhere_are_counted_as_people_count(office: Path, count: int, words: str) -> None:
    (office / "runbooks" / "other.yaml").write_text(
        OTHER + "strange: 1\nnonsense: 2\n"[: 11 if count == 1 else None]
    )
    assert words in bcp(office, "runbook", "list").stderr

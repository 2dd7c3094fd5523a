"""A bundle from elsewhere is code: what it would do that our plans would not is listed, and a person agrees or not."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from bcp.event import NOTHING, Entry, content_of
from bcp.store.journal import Journal
from tests.forged import chained, opened
from tests.frozen import FrozenClock
from tests.offices import OFFICE, STREAM, Script, Stage, bcp, stage
from tests.terminal import spawn
from tests.test_moved_files import packed
from tests.test_pen import hand_over

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
      - {step: beat, title: Beat, by_hand: Do., auto: yes, command: {run: [echo, beat]},
         undo: {title: Rest, by_hand: Do., command: {run: [echo, rest]}}}
      - {step: call, title: Call, by_hand: Do., http: {url: "http://127.0.0.1:9/a", method: POST, json: {a: 1}}}
"""
MORE = """
decisions:
  - {decision: longer, question: Longer?, at: 4h, default: stay,
     answers: [{answer: go, runbook: plan-b}, {answer: stay}]}
stand_down:
  - {step: after, title: After, by_hand: Do., manual: {}}
"""
PLAN_B = """
runbook: plan-b
title: Plan B
when: It lasts
target: 8h
owner: lead
phases:
  - phase: B
    steps:
      - {step: home, title: Go home, by_hand: Do., manual: {}}
"""
NOTICE = """---
subject: Our line is down
kind: down
---
{{ greeting }},

our line is down{% if since %} since {{ since }}{% endif %}. We are working over mobile internet.
Reach us at {{ reach.phone }}. We write again at {{ next_update }}.
"""
CHANNELS = """
channels:
  - {channel: mail, smtp: {host: 127.0.0.1, port: 9, from: "Kropka <k@example.com>"}}
"""
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    made = stage(tmp_path, PHASES, MORE, plan_b=PLAN_B)
    made.run(Script(attended=False))
    return made


@pytest.fixture
def other(staged: Stage, tmp_path: Path) -> Path:
    """Another computer with the same office and a store of its own."""
    folder = tmp_path / "other"
    shutil.copytree(staged.office, folder, ignore=shutil.ignore_patterns("incidents"))
    return folder


@pytest.fixture
def handed(staged: Stage, tmp_path: Path) -> dict[str, bytes]:
    hand_over(staged.office, tmp_path / "i.zip")
    with zipfile.ZipFile(tmp_path / "i.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(handed: dict[str, bytes], file: Path, change: Change) -> Path:
    """The bundle with another first event; chain and sums are made anew, as whoever knows the format can do it."""
    events = [opened(line) for line in handed["journal.jsonl"].splitlines()]
    change(events[0]["data"]["plan"])
    return packed(file, {**handed, "journal.jsonl": chained(events)})


def steps_of(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    runbook = plan["runbooks"]["outage"]
    return {step["id"]: step for phase in runbook["phases"] for step in phase["steps"]}


def refused(other: Path, file: Path, status: int = 9) -> str:
    """What is said; nothing is kept, and nothing goes on by itself."""
    done = bcp(other, "incident", "take-over", str(file))
    told = " ".join(done.stderr.split())
    assert done.returncode == status, (done.returncode, told)
    assert "Traceback" not in told and "bug of ours" not in told
    assert not (other / "incidents" / STREAM).exists()
    assert not list(Journal(other / "incidents", FrozenClock()).rows(STREAM))
    resumed = bcp(other, "incident", "resume")
    assert resumed.returncode == 2 and "No incident is open" in resumed.stderr
    return told


def accepted(other: Path, file: Path, told: str) -> None:
    total = told.rpartition("--accept ")[2].split()[0].rstrip(".")
    wrong = bcp(other, "incident", "take-over", str(file), "--accept", "0" * 16)
    assert wrong.returncode == 2 and "names another list" in wrong.stderr
    done = bcp(other, "incident", "take-over", str(file), "--accept", total)
    assert done.returncode == 0, done.stderr


def test_a_strange_program_is_listed_and_runs_only_where_a_person_agreed(
    handed: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    out = tmp_path / "OUT"

    def change(plan: dict[str, Any]) -> None:
        steps = steps_of(plan)
        step = steps["look"]
        step |= steps["beat"] | {"id": "look", "title": "Look", "auto": True, "words": "Look at the router"}
        step["params"] = {**step["params"], "run": ["sh", "-c", f"id > {out}"]}

    file = changed(handed, tmp_path / "b.zip", change)
    told = refused(other, file)
    assert f"step “look” of the plan “outage”: Run: sh -c 'id > {out}' (runs with nobody there)" in told
    assert f'command: run: ["sh", "-c", "id > {out}"]' in told or f"id > {out}" in told
    assert "Look at the router" not in told, "the bundle's own words are no words of ours"
    assert not out.exists()
    accepted(other, file, told)
    assert not out.exists(), "taking over runs nothing"


def test_an_incident_of_the_same_plans_is_taken_over_without_a_question(
    handed: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    done = bcp(other, "incident", "take-over", str(tmp_path / "i.zip"))
    assert done.returncode == 0, done.stderr
    assert "Nobody has signed the file" in done.stderr and "would do what" not in done.stderr


def _set(name: str, key: str, value: Any) -> Change:
    return lambda plan: steps_of(plan)[name].__setitem__(key, value)


def _params(name: str, **more: Any) -> Change:
    return lambda plan: steps_of(plan)[name]["params"].update(more)


def _at(path: str, value: Any) -> Change:
    """Put a value at a place of the plan, its keys set apart by blanks; `None` takes it away."""

    def change(plan: dict[str, Any]) -> None:
        where: Any = plan
        *way, last = [int(key) if key.isdigit() else key for key in path.split()]
        for key in way:
            where = where[key]
        if isinstance(where, list) and last == len(where):
            where.append(value)
        else:
            where[last] = value

    return change


RUNBOOK = "runbooks outage"
EVIL = {"command": {"use": ["a"], "back": ["b"]}}
FOLDER = {"folder": {"path": "/tmp"}}
AUTO = "decision “longer” of the plan “outage”: with nobody there it begins the plan “plan-b”"
CALL = "step “call” of the plan “outage”: Send POST http://127.0.0.1:9/a (runs with nobody there)"
PHONE = 'bcp.yaml: people: anna: phone: "+48999000111" (yours: "+48600000101")'
DIFFERENT: list[tuple[Change, str]] = [
    (_params("beat", run=["rm", "-r", "/"]), "step “beat” of the plan “outage”: Run: rm -r /"),
    (_params("beat", env={"PATH": "/evil"}), "PATH=/evil"),
    (_params("beat", stdin="file:/etc/passwd"), "stdin: file:/etc/passwd"),
    (_params("beat", windows=["evil.exe"]), '["evil.exe"]'),
    (_params("beat", timeout="1h"), "timeout"),
    (_params("call", url="http://192.0.2.9/x"), "Send POST http://192.0.2.9/x"),
    (_params("call", json={"a": 2}), "json: a: 2 (yours: 1)"),
    (_params("call", headers={"X": "keyring:mail"}), "keyring:mail"),
    (_set("call", "auto", True), CALL),
    (_set("beat", "expect", "internet"), 'expect: "internet"'),
    (_set("beat", "only_if", {"fact": "x", "is": ["y"]}), "only_if"),
    (_set("beat", "who", "piotr"), 'who: "piotr" (yours: "lead")'),
    (_set("beat", "sets", {"office_number": "+48999000111"}), "office_number"),
    (_set("look", "by_hand", "Pay \x1b[2J 100"), 'by_hand: "Pay'),
    (_set("look", "title", "Pay"), 'title: "Pay" (yours: "Look")'),
    (_set("beat", "undo", None), "nothing ends it"),
    (
        _at(f"{RUNBOOK} phases 0 steps 1 undo params run", ["evil"]),
        "to end it, step “beat” of the plan “outage”: Run: evil",
    ),
    (_at(f"{RUNBOOK} stand_down 0 by_hand", "Pay."), "step “after” of the plan “outage”"),
    (_at(f"{RUNBOOK} stand_down", []), "the step “after” of your own plan is not in it"),
    (_at(f"{RUNBOOK} when", "Call +48 999 000 111"), 'when: "Call +48 999 000 111"'),
    (_at(f"{RUNBOOK} decisions 0 at", 1.0), "at: 1.0"),
    (_at(f"{RUNBOOK} decisions", []), "your own plan asks the decision “longer”"),
    (lambda plan: plan["runbooks"]["outage"]["decisions"][0].update(auto=True, default="go"), AUTO),
    (lambda plan: plan["runbooks"]["outage"]["phases"][0]["steps"].reverse(), "plan “outage”: phases"),
    (_at("runbooks plan-b phases 0 steps 0 by_hand", "Pay."), "of the plan “plan-b”"),
    (_at("people anna phone", "+48999000111"), PHONE),
    (_at("roles lead people", ["piotr", "anna"]), "bcp.yaml: roles: lead"),
    (_at("ways evil", {"line": "evil", "way": EVIL}), "bcp.yaml: ways: evil"),
    (
        _at("numbers 0", {"number": {"number": "n", "phone": "+48226000001"}, "line": None}),
        "bcp.yaml: numbers",
    ),
    (_at("published 0", {"published": "p", "shows": ["n"]}), "bcp.yaml: published"),
    (_at("places w", {"place": "w", "page": "x.html", "way": FOLDER}), "bcp.yaml: places: w"),
    (_at("office name", "Evil"), 'bcp.yaml: office: name: "Evil"'),
]


@pytest.mark.parametrize(("change", "said"), DIFFERENT, ids=[said for _change, said in DIFFERENT])
def test_whatever_differs_from_our_own_plans_is_listed_and_asked(
    handed: dict[str, bytes], other: Path, tmp_path: Path, change: Change, said: str
) -> None:
    told = refused(other, changed(handed, tmp_path / "b.zip", change))
    assert said in told, told
    assert "\x1b" not in told
    assert "person must agree to what is listed, so nothing was taken over" in told


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (_set("beat", "repeatable", True), "beat"),
        (_set("beat", "by_person", True), "beat"),
        (_set("look", "by_person", False), "look"),
        (_set("look", "auto", True), "look"),
        (_set("look", "kind", "evil"), "look"),
        (_params("beat", run="rm -r /"), "beat"),
        (lambda plan: steps_of(plan)["beat"]["undo"].update(by_person=True), "beat.undo"),
    ],
)
def test_a_step_that_says_of_itself_what_its_action_does_not_say_is_refused(
    handed: dict[str, bytes], other: Path, tmp_path: Path, change: Change, step: str
) -> None:
    told = refused(other, changed(handed, tmp_path / "b.zip", change), status=2)
    assert f"he step “{step}”" in told


def test_ways_that_no_lever_can_read_are_refused(
    handed: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    def change(plan: dict[str, Any]) -> None:
        plan["ways"]["internet"]["way"] = {"evil": {}}

    assert "cannot be read here" in refused(other, changed(handed, tmp_path / "b.zip", change), status=2)


def test_where_this_office_has_no_such_plan_or_cannot_read_it_every_step_is_listed(
    handed: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    (other / "runbooks" / "outage.yaml").write_text("runbook: outage\n}{", encoding="utf-8")
    told = refused(other, tmp_path / "i.zip")
    assert "your own plan cannot be compared" in told and "Run: echo beat" in told
    (other / "runbooks" / "outage.yaml").unlink()
    told = refused(other, tmp_path / "i.zip")
    assert "this office has no plan of that name" in told and "Run: echo beat" in told
    accepted(other, tmp_path / "i.zip", told)


def test_a_step_that_was_put_in_on_the_way_is_asked_once(staged: Stage, other: Path, tmp_path: Path) -> None:
    step = tmp_path / "step.yaml"
    step.write_text(
        "{step: candle, title: Light, by_hand: Do., command: {run: [candle, --on]}}", encoding="utf-8"
    )
    put_in = bcp(staged.office, "incident", "amend", "--after", "look", "--file", str(step))
    assert put_in.returncode == 0, put_in.stderr
    hand_over(staged.office, tmp_path / "i.zip")
    told = refused(other, tmp_path / "i.zip")
    assert "step “candle”, put in on the way: Run: candle --on (only when a person says so)" in told
    accepted(other, tmp_path / "i.zip", told)
    hand_over(other, tmp_path / "back.zip")
    back = bcp(staged.office, "incident", "take-over", str(tmp_path / "back.zip"))
    assert back.returncode == 0, "it was written here, so it is known here"


def test_a_person_at_a_terminal_is_asked_and_enter_is_no_yes(
    handed: dict[str, bytes], other: Path, tmp_path: Path
) -> None:
    file = changed(handed, tmp_path / "b.zip", _params("beat", run=["evil"]))
    for typed, status, said in (("", 2, "othing was taken over"), ("yes", 0, "goes on here")):
        child = spawn(
            sys.executable, ["-m", "bcp", "incident", "take-over", str(file)],
            cwd=str(other), timeout=60, encoding="utf-8", dimensions=(24, 100),
            env={**os.environ, "BCP_PERSON": "anna"},
        )  # fmt: skip
        child.expect("Take it over")
        child.sendline(typed)
        child.expect(said)
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == status


def test_flags_in_a_journal_that_was_kept_before_are_not_believed_either(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    events = [content_of(row.body) for row in staged.log.rows(STREAM)]
    steps = steps_of(events[0]["data"]["plan"])
    steps["beat"] |= {"repeatable": True, "words": "Feed the cat"}
    steps["look"] |= {"by_person": False, "auto": True}
    state = tmp_path / "again" / "incidents"
    log = Journal(state, FrozenClock())
    log.append(STREAM, NOTHING, [Entry("incident.started", "anna", events[0]["data"])])
    again = Stage(tmp_path / "again")
    assert again.alone().why == "person", "a person looks, whatever the plan says"
    again.write("step.settled", {"step": "look", "title": "Look", "outcome": "done"})
    again.write("step.begun", {"step": "beat", "title": "Beat"})
    assert again.alone().why == "person", "it may have been done: not a second time"
    script = Script({"beat": "pause"})
    again.run(script)
    assert [view.words for view in script.views if view.id == "beat"] == ["Run: echo beat"]


@pytest.mark.parametrize(
    ("number", "is_ours"), [("+48600000102", True), ("+48 600 000 102", True), ("+48999000111", False)]
)
def test_a_number_that_clients_are_told_to_call_and_that_is_not_ours_is_listed(
    staged: Stage, other: Path, tmp_path: Path, number: str, is_ours: bool
) -> None:
    amended = bcp(staged.office, "incident", "amend", "--fact", f"office_number={number}")
    assert amended.returncode == 0, amended.stderr
    hand_over(staged.office, tmp_path / "i.zip")
    if is_ours:
        assert bcp(other, "incident", "take-over", str(tmp_path / "i.zip")).returncode == 0
        return
    told = refused(other, tmp_path / "i.zip")
    assert "clients are told to call +48999000111, which is no number of your plans" in told
    accepted(other, tmp_path / "i.zip", told)
    hand_over(other, tmp_path / "back.zip")
    assert bcp(staged.office, "incident", "take-over", str(tmp_path / "back.zip")).returncode == 0


# letters --------------------------------------------------------------------------------------------------


@pytest.fixture
def told_office(tmp_path: Path) -> Stage:
    """An office whose letters wait: they were planned, and nothing of them went out."""
    made = stage(tmp_path, PHASES)
    office = made.office
    (office / "notices").mkdir()
    (office / "notices" / "line-down.en.md").write_text(NOTICE, encoding="utf-8")
    (office / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    (office / "contacts").mkdir()
    (office / "contacts" / "clients.csv").write_text(
        "name,email,language\nAcme,acme@example.com,en\nBeta,beta@example.com,en\n", encoding="utf-8"
    )
    return made


@pytest.fixture
def waiting(told_office: Stage, tmp_path: Path) -> dict[str, bytes]:
    """What is handed over with two letters that wait; nobody was there to send them."""
    sent = bcp(told_office.office, "notice", "send", "line-down", "clients")
    assert sent.returncode == 9, sent.stderr
    shutil.copytree(told_office.office, tmp_path / "other", ignore=shutil.ignore_patterns("incidents"))
    hand_over(told_office.office, tmp_path / "i.zip")
    with zipfile.ZipFile(tmp_path / "i.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_letters(named: dict[str, bytes], file: Path, change: Callable[[list[Any]], None]) -> Path:
    """The bundle with its first letter changed; the content of a letter is its last value."""
    box = json.loads(named["outbox.json"])
    assert [row[7] for row in box["letters"]] == ["queued", "queued"]
    change(box["letters"][0])
    return packed(file, {**named, "outbox.json": json.dumps(box).encode()})


def test_letters_that_we_would_write_ourselves_ask_nothing(waiting: dict[str, bytes], tmp_path: Path) -> None:
    done = bcp(tmp_path / "other", "incident", "take-over", str(tmp_path / "i.zip"))
    assert done.returncode == 0, done.stderr


def _readdress(row: list[Any]) -> None:
    row[5] = "evil@example.net"


def _rewrite(row: list[Any]) -> None:
    content = base64.b64decode(row[-1]).replace(b"our line is down", b"pay to 99 1234 at once")
    row[-1] = base64.b64encode(content).decode()


def _hide_html(row: list[Any]) -> None:
    content = base64.b64decode(row[-1]) + b"<b>hidden</b>\r\n"
    row[-1] = base64.b64encode(content.replace(b"text/plain", b"text/html")).decode()


def _revive(row: list[Any]) -> None:
    _rewrite(row)
    row[7], row[8] = "suppressed", "in reserve"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_readdress, "letter of the notice “line-down” by mail to “evil@example.net”"),
        (_rewrite, "“pay to 99 1234 at once"),
        (_hide_html, "hidden"),
        (_revive, "“pay to 99 1234 at once"),
    ],
)
def test_a_letter_to_somebody_else_or_of_other_words_is_listed(
    waiting: dict[str, bytes], tmp_path: Path, change: Callable[[list[Any]], None], said: str
) -> None:
    told = refused(tmp_path / "other", with_letters(waiting, tmp_path / "b.zip", change))
    assert said in told, told
    assert told.count("letter of the notice") == 1, "the other one is ours"


def test_a_letter_to_a_contact_that_is_not_ours_is_listed(waiting: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "other" / "contacts" / "clients.csv").write_text(
        "name,email,language\nBeta,beta@example.com,en\n", encoding="utf-8"
    )
    told = refused(tmp_path / "other", tmp_path / "i.zip")
    assert "to “acme@example.com”" in told and "beta@example.com" not in told


def test_letters_that_were_handed_over_come_back_without_a_question(
    waiting: dict[str, bytes], told_office: Stage, tmp_path: Path
) -> None:
    (told_office.office / "notices" / "line-down.en.md").write_text(
        NOTICE.replace("our line", "the line"), encoding="utf-8"
    )
    other = tmp_path / "other"
    assert bcp(other, "incident", "take-over", str(tmp_path / "i.zip")).returncode == 0
    hand_over(other, tmp_path / "back.zip")
    back = bcp(told_office.office, "incident", "take-over", str(tmp_path / "back.zip"))
    assert back.returncode == 0, back.stderr


# levers ---------------------------------------------------------------------------------------------------

LEVERS = """
numbers:
  - {number: office, phone: "+48 22 600 00 01", way: {hotline: {}}}
places:
  - {place: website, page: index.html, way: {folder: {path: www}}}
  - {place: status, kind: status-page, way: {folder: {path: status}}, languages: [en]}
"""
TEL = '<a href="tel:+48226000001">22 600 00 01</a>'


def lever(stream: str, kind: str, /, **data: Any) -> dict[str, Any]:
    moved = {"seq": 1, "hash": "f" * 64}
    at = "2026-11-26T07:50:00.000Z"
    return {
        "stream": stream,
        "kind": kind,
        "at": at,
        "by": "anna",
        "data": {"incident": STREAM, **data},
        "moved": moved,
    }


def writing(**before: str) -> dict[str, Any]:
    told = {name: [html] for name, html in before.items()}
    return lever("places", "place.writing", place="website", before=told, after={}, kept="", sha256="")


def forwarding(to: str, **saved: str) -> dict[str, Any]:
    return lever("numbers", "number.forwarding", number="office", to=to, whose="x", saved=saved)


def update(text: str, dial: str = "+48600000101") -> dict[str, Any]:
    said = [{"language": "en", "title": "Our line is down", "text": text}]
    number = {"dial": dial, "shown": dial}
    return lever(
        "places", "place.update", place="status", notice="line-down", kind="down", said=said, number=number
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (writing(notice="", number=TEL), ""),
        (writing(number="<b>+48 600 000 102</b>"), ""),
        (writing(number=TEL.replace("226000001", "226000009")), "is put on the page of “website”"),
        (writing(number="22 999 99 99"), "in place of our number: “22 999 99 99”"),
        (writing(number="<script>x</script>"), "“<script>x</script>”"),
        (writing(number='<a href="tel:+48226000001" onclick="x">22 600 00 01</a>'), "onclick"),
        (writing(notice="We are bankrupt."), "in place of our notice: “We are bankrupt.”"),
        (writing(notice="\x1b[2J"), "<U+001B>[2J"),
        (forwarding("+48600000101", before="+48226000001"), ""),
        (
            forwarding("+48600000101", before="+48999000111"),
            "the calls of “office” are sent to: before: “+48999000111”",
        ),
        (forwarding("+48600000101", voice_url="https://evil.example"), "voice_url: “https://evil.example”"),
        (forwarding("+48999000111"), "the calls of “office” go to +48999000111"),
        (update("Please call us."), ""),
        (update("Please pay."), "the status page “status” says again: “Our line is down: Please pay.”"),
        (update("Please call us.", "+48999000111"), "+48999000111"),
    ],
)
def test_what_would_be_put_back_or_published_and_is_not_ours_is_listed(
    told_office: Stage, tmp_path: Path, told: dict[str, Any], said: str
) -> None:
    office = tmp_path / "levers"
    shutil.copytree(told_office.office, office, ignore=shutil.ignore_patterns("incidents"))
    (office / "bcp.yaml").write_text(OFFICE + LEVERS, encoding="utf-8")
    paste = NOTICE.replace("kind: down", 'kind: down\npaste: "Please call us."')
    (office / "notices" / "line-down.en.md").write_text(paste, encoding="utf-8")
    other = tmp_path / "other"
    shutil.copytree(office, other)
    Stage(office)
    hand_over(office, tmp_path / "i.zip")
    with zipfile.ZipFile(tmp_path / "i.zip") as archive:
        named = {name: archive.read(name) for name in archive.namelist()}
    named["levers.jsonl"] = json.dumps(told).encode() + b"\n"
    file = packed(tmp_path / "b.zip", named)
    if said:
        assert said in refused(other, file)
    else:
        done = bcp(other, "incident", "take-over", str(file))
        assert done.returncode == 0, done.stderr


def test_what_another_incident_of_ours_would_put_back_is_listed_also_where_the_plan_leaves_it_out(
    told_office: Stage, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(told_office.office, other, ignore=shutil.ignore_patterns("incidents"))
    hand_over(told_office.office, tmp_path / "i.zip")
    with zipfile.ZipFile(tmp_path / "i.zip") as archive:
        named = {name: archive.read(name) for name in archive.namelist()}
    (other / "bcp.yaml").write_text(OFFICE + LEVERS, encoding="utf-8")
    told = writing(notice="We are bankrupt.")
    told["data"]["incident"] = "2026-11-26-another"
    file = packed(tmp_path / "b.zip", {**named, "levers.jsonl": json.dumps(told).encode()})
    assert "“We are bankrupt.”" in refused(other, file)


@pytest.mark.parametrize(
    "told",
    [
        lever("numbers", "number.forwarding"),
        lever("numbers", "number.forwarding", number="office", to=1, whose="x", saved={}),
        lever("places", "place.writing", place="website", before={"notice": [1]}, after={}),
        lever("places", "place.update", place="s", notice="x", kind="down", said=[{}], number=None),
        lever("lines", "number.put-back", number="office"),
        lever("places", "place.strange", place="website"),
    ],
)
def test_an_event_of_a_lever_that_no_ledger_could_read_is_refused(
    handed: dict[str, bytes], other: Path, tmp_path: Path, told: dict[str, Any]
) -> None:
    file = packed(tmp_path / "b.zip", {**handed, "levers.jsonl": json.dumps(told).encode()})
    assert "evers.jsonl in this file cannot be read" in refused(other, file, status=2)

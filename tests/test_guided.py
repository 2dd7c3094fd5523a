"""The guided screen, used through a terminal as a person would use it."""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from bcp.cli.terminal import keyboard
from tests.offices import bcp, office_in, runbook
from tests.programs import FAILS, SUCCEEDS
from tests.terminal import spawn
from tests.waiting import until

PHASES = """
  - phase: First 15 minutes
    within: 15m
    steps:
      - {step: look, title: Look at the router, who: lead, by_hand: Look at its lights., manual: {}}
      - step: mobile
        title: Put the office on mobile internet
        by_hand: Take the box from cabinet B.
        command: {run: ["/bin/sh", "-c", "echo on >> outside; test ! -e broken"]}
        undo: {title: Put the office back on the line, by_hand: Put it back., manual: {}}
      - step: report
        title: Report the fault
        line: internet
        by_hand: Dial and say it.
        ask:
          questions:
            - {fact: phone, ask: Which number did you dial?, type: phone}
            - {fact: sure, ask: Do they know of it?, type: yes-no}
            - {fact: ticket, ask: Ticket number?, required: no}
      - {step: tell, title: Tell the team, by_hand: 'Say it [aloud]: {fact:phone}, {fact:ticket}.', manual: {}}
"""
STAND_DOWN = "stand_down:\n  - {step: thank, title: Thank the team, by_hand: Say it., manual: {}}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return office_in(tmp_path / "office", outage=runbook(PHASES, more=STAND_DOWN))


class Terminal:
    """A terminal with a person at it: waits for what is shown, then types."""

    def __init__(
        self,
        place: Path,
        *arguments: str,
        terminal: str = "xterm",
        height: int = 50,
        width: int = 110,
        **environ: str,
    ) -> None:
        told = {"BCP_PERSON": "anna", "NO_COLOR": "1", "TERM": terminal, "PYTHONUTF8": "1", **environ}
        self.child = spawn(
            sys.executable,
            ["-m", "bcp", *arguments],
            cwd=str(place),
            encoding="utf-8",
            dimensions=(height, width),
            timeout=60,
            env={**os.environ, **told},
        )

    def sees(self, *texts: str) -> Terminal:
        for text in texts:
            self.child.expect_exact(text)
        return self

    def types(self, line: str) -> Terminal:
        """Type a line at the next prompt."""
        self._asked()
        self.child.sendline(line)
        return self

    def presses(self, key: str) -> Terminal:
        self._asked()
        self.child.sendcontrol(key)
        return self

    def _asked(self) -> None:
        """Wait for the prompt itself: what is typed before it answers nothing, and a text may hold a "> ", too."""
        self.child.expect(r"\n(?:\x1b\[[0-9;]*m)*> ")

    def ends(self) -> int:
        self.child.expect(pexpect.EOF)
        self.child.close()
        return int(self.child.exitstatus)


@pytest.fixture
def sit(place: Path) -> Iterator[object]:
    """Sit down at a terminal and give a command."""
    terminals: list[Terminal] = []

    def begin(*arguments: str, terminal: str = "xterm", height: int = 50) -> Terminal:
        terminals.append(Terminal(place, *arguments, terminal=terminal, height=height))
        return terminals[-1]

    yield begin
    for each in terminals:
        each.child.close(force=True)


def outcomes(place: Path) -> dict[str, str]:
    told = json.loads(bcp(place, "incident", "status", "--json").stdout)
    return {step["id"]: step["outcome"] for phase in told["phases"] for step in phase["steps"]}


def test_a_person_is_led_from_the_menu_to_the_end(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    person = sit("incident", "start")
    person.sees(
        "What has happened?", "1  The line is dead  (outage)", "when: Nobody has internet", "Its number"
    )
    person.types("7").sees("none of them").types("1")
    person.sees("Begun: The line is dead", "Everything is written down in ")
    person.sees("First 15 minutes · 1", "min", "Step 1 of 4  (look)", "Look at the router")
    person.sees(
        "lead: Anna Nowak +48600000101, else Piotr Lis +48600000102", "Look at its lights.", "it is done"
    )
    person.types("")
    person.sees("Step 2 of 4", "Run: /bin/sh -c", "Take the box from cabinet B.", "do it").types("")
    person.sees("Step 3 of 4", "Netia · faults: 801 802 803", "Dial and say it.").types("22 600 00 01")
    person.sees("none of the keys", "Press Enter first: then you are asked").types("")
    person.sees("Which number did you dial?").types("12").sees("too short or too long").types("22 600 00 01")
    person.sees("Do they know of it?", "1=yes, 2=no").types("perhaps").sees("Expected yes or no").types("2")
    person.sees("Ticket number?", "may stay empty").types("")
    person.sees("Step 4 of 4", "Say it [aloud]: +48226000001, ______.").types("")
    person.sees("All steps are carried out.", "Next: bcp incident close")
    assert person.ends() == 0
    told = json.loads(bcp(place, "incident", "status", "--json").stdout)
    assert told["facts"] == {"phone": "+48226000001", "sure": "no"}
    assert [measure["id"] for measure in told["measures"]] == ["mobile"]

    closing = sit("incident", "close")
    closing.sees("Stand-down", "Put the office back on the line").types("")
    closing.sees("Thank the team").types("")
    closing.sees("Closed: The line is dead", "look back now").types("n").sees("bcp incident report")
    assert closing.ends() == 0
    assert bcp(place, "incident", "verify").returncode == 0


def test_closing_ends_with_questions_without_blame_and_with_what_is_to_be_mended(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    bcp(place, "incident", "start", "outage")
    person = sit("incident", "close", "--reason", "it works again")
    person.sees("Thank the team").types("").sees("Closed: ", "look back now").types("")
    person.sees("Names stay in the record", "What happened?").types("").sees("What did we expect?").types("")
    person.sees("What did we decide?").types("").sees("What solved it?").types("a new modem")
    person.sees("What went well?").types("we had the SIM").sees("What went badly?").types("")
    person.sees("What is to be mended").types("a second SIM").sees("anna, piotr").types("bob")
    person.sees("nobody of that name").types("Piotr Lis").sees("By which day?").types("soon")
    person.sees("is not understood").types("in 2 weeks").sees("Is that right?").types("")
    person.sees("Written down as f1.", "What is to be mended").types("").sees("bcp incident report")
    assert person.ends() == 0
    report = bcp(place, "incident", "report").stdout
    assert "What solved it? | a new modem" in report and "What went well? | we had the SIM" in report
    assert "What went badly?" not in report and "a second SIM | Piotr Lis" in report
    (followup,) = json.loads(bcp(place, "followup", "list", "--json").stdout)
    assert followup["owner"] == "piotr"


def test_who_has_no_time_to_look_back_is_asked_later_and_the_incident_is_closed(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    bcp(place, "incident", "start", "outage")
    person = sit("incident", "close", "--reason", "it works again")
    person.sees("Thank the team").types("").sees("look back now").types("").sees("What happened?")
    person.presses("d").sees("bcp incident report")
    assert person.ends() == 0
    assert "closed" in bcp(place, "incident", "list").stdout
    later = sit("incident", "review")
    later.sees("What happened?").types("the line died").sees("What did we expect?").presses("c")
    assert later.ends() == 130
    assert "What happened? | the line died" in bcp(place, "incident", "report").stdout, (
        "each answer is kept as it comes"
    )


def test_every_outcome_but_done_asks_why_and_no_reason_goes_back(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    person = sit("incident", "start", "outage")
    person.sees("Step 1 of 4").types("s").sees("Why?").types("").sees("[s] skip")
    assert outcomes(place)["look"] in ("open", "waiting")
    person.types("s").sees("Why?").types("the router is in the cellar").sees("Step 2 of 4").types("p")
    person.sees("Paused at: Put the office on mobile internet", "Next: bcp incident resume")
    assert person.ends() == 0
    assert outcomes(place)["look"] == "skipped"
    assert "the router is in the cellar" in bcp(place, "incident", "log").stdout


def test_a_strange_key_writes_nothing_and_the_question_mark_explains_every_key(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    person = sit("incident", "start", "outage")
    person.sees("Step 1 of 4").types("no").sees("That is none of the keys. Nothing was written.")
    person.types("x").sees("none of the keys").types("?").sees("it could not be done", "stop here").types("p")
    assert person.ends() == 0
    assert outcomes(place)["look"] in ("open", "waiting")


UNSEEN = {
    "a blank": " ",
    "two tabs": "\t\t",
    "Ctrl-L": "\x0c",
    "a blank that does not break": "\u00a0",
    "a letter of no width": "\u200b",
    "a mark of direction and a blank": "\u200f ",
    "a blank of Korean": "\u3164",
    "half an accent": "\u0301",
}


@pytest.mark.parametrize("typed", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_sees_is_not_enter(place: Path, sit, typed: str) -> None:  # type: ignore[no-untyped-def]
    person = sit("incident", "start", "outage")
    person.sees("Step 1 of 4").types(typed).sees("Only keys that cannot be seen were pressed.")
    person.types(" p").sees("Paused at: Look at the router")
    assert person.ends() == 0
    assert outcomes(place)["look"] in ("open", "waiting")


def test_a_blank_agrees_to_nothing_and_is_the_default_of_no_question(
    place: Path, sit, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    bcp(place, "incident", "start", "outage")
    promise = sit("promise", "add", "It works", "--from", "Netia", "--by", "tomorrow noon")
    promise.sees("Is that right?").types(" ").sees("cannot be seen").types("n")
    assert promise.ends() == 9
    assert bcp(place, "incident", "step", "done", "look").returncode == 0
    paper = sit("incident", "record")
    paper.sees("     > ").child.sendline("\t")
    paper.sees("cannot be seen", "     > ").child.sendcontrol("c")
    assert paper.ends() == 130
    office = Terminal(tmp_path, "init", "new")
    office.sees("1  What is the office called?").types(" ").sees("cannot be seen").types("").sees(
        "2  In which"
    )
    office.presses("d")
    assert office.ends() == 2


def test_by_hand_is_an_outcome_of_what_could_run_by_itself(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    person = sit("incident", "start", "outage")
    person.types("").sees("Step 2 of 4").types("h").sees("What should be noted").types("with my own phone")
    person.sees("Step 3 of 4").types("p")
    person.ends()
    assert not (place / "outside").exists()
    assert (
        "done by hand: Put the office on mobile internet | with my own phone"
        in bcp(place, "incident", "log").stdout
    )


def test_a_failed_deed_shows_why_and_offers_again_by_hand_and_skip(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    (place / "broken").touch()
    person = sit("incident", "start", "outage")
    person.types("").sees("Step 2 of 4").types("")
    person.sees(
        "It did not succeed: /bin/sh ended with status 1", "try again", "[h] by hand", "[s] skip", "[p] pause"
    )
    (place / "broken").unlink()
    person.types("").sees("Step 3 of 4").types("p")
    assert person.ends() == 0
    assert (place / "outside").read_text(encoding="utf-8") == "on\non\n"


def test_what_to_do_about_a_failure_stands_on_the_screen_and_where_nobody_is_there(
    tmp_path: Path,
    sit,  # type: ignore[no-untyped-def]
) -> None:
    undo = "{title: Back to the line, by_hand: Plug it in., network: {use: internet}}"
    step = f"step: go, title: Go, by_hand: Do it., auto: yes, network: {{use: mobile}}, undo: {undo}"
    phases = f"  - phase: A\n    steps:\n      - {{{step}}}\n"
    place = office_in(tmp_path / "office", outage=runbook(phases))
    way = f"{{command: {{use: {FAILS}, back: {SUCCEEDS}}}}}"
    with (place / "bcp.yaml").open("a", encoding="utf-8") as office:
        office.write(f"  - {{line: mobile, way: {way}}}\n")
    alone = bcp(place, "incident", "start", "outage")
    assert alone.returncode == 4
    assert "ended with status 1; what was before was put back" in alone.stderr
    assert "Do next: do it by hand as the step says, and mend the way of this line" in alone.stderr
    person = sit("incident", "resume")
    person.sees("It did not succeed: ", "Do next", "do it by hand as the step says", "try again").types("p")
    assert person.ends() == 0


def test_ctrl_c_is_safe_at_any_moment_and_the_next_command_is_printed(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    person = sit("incident", "start", "outage")
    person.types("").sees("Step 2 of 4").presses("c")
    person.sees("Interrupted.", "Next: bcp incident resume")
    assert person.ends() == 130
    again = sit("incident", "resume")
    again.sees("Step 2 of 4").types("t").sees("Your note").presses("c")
    assert again.ends() == 130
    third = sit("incident", "resume")
    third.sees("Step 2 of 4").types("").sees("Step 3 of 4").types("").sees("Which number").presses("c")
    assert third.ends() == 130
    assert outcomes(place) == {"look": "done", "mobile": "done", "report": "open", "tell": "open"}


def test_what_was_answered_before_an_interruption_is_kept_in_a_note(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    for step in ("look", "mobile"):
        bcp(place, "incident", "start", "outage")
        bcp(place, "incident", "step", "done", step)
    person = sit("incident", "resume")
    person.sees("Step 3 of 4").types("").sees("Which number").types("22 600 00 01").sees(
        "Do they know of it?"
    )
    person.types("").sees("An answer is needed.", "Ctrl-C leaves the question").presses("c")
    person.sees("What you had answered is kept in a note", "+48226000001", "Next: bcp incident resume")
    assert person.ends() == 130
    assert "Which number did you dial? +48226000001" in bcp(place, "incident", "log").stdout
    assert outcomes(place)["report"] == "open"
    again = sit("incident", "resume")
    again.sees("Step 3 of 4").presses("c")
    assert again.ends() == 130
    assert bcp(place, "incident", "log").stdout.count("before it was interrupted") == 1


def test_ctrl_c_in_the_midst_of_a_question_shows_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        """One at which somebody presses Ctrl-C the moment that the question is there."""

        def write(self, text: str) -> int:
            written = super().write(text)
            if text == "Who?\n> ":
                raise KeyboardInterrupt
            return written

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with pytest.raises(KeyboardInterrupt):
        keyboard.read_line("Who?")
    keyboard.err.print("Safe.")
    assert terminal.getvalue() == "Who?\n> Safe.\n"


def test_ctrl_c_while_it_is_closed_says_how_to_go_on(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    bcp(place, "incident", "start", "outage")
    person = sit("incident", "close", "--reason", "it works again")
    person.sees("Thank the team").presses("c")
    person.sees("Interrupted.", "Next: bcp incident close")
    assert person.ends() == 130


def test_on_a_low_screen_no_runbook_scrolls_out_of_the_menu(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    for number in range(12):
        name = f"plan-{number}"
        (place / "runbooks" / f"{name}.yaml").write_text(runbook(PHASES, name), encoding="utf-8")
    person = sit("incident", "start", height=20)
    person.sees("What has happened?", "13  ", "? for when each is used")
    assert "when:" not in person.child.before
    person.types("?").sees("when: Nobody has internet", "? for when each is used")
    person.types("outag").sees("none of them", 'did you mean "outage"?').types("")
    person.sees("Nothing was begun")
    assert person.ends() == 2


def test_the_five_questions_take_a_number_as_it_is_written_in_the_country(tmp_path: Path) -> None:
    person = Terminal(tmp_path, "init", "office")
    person.sees("1  What is the office called?").types("Biuro Żuraw")
    person.sees("2  In which country?").types("Polska").sees("Expected two letters").types("pl")
    person.sees("3  Who leads").types("601 234 567").sees("Expected a name first").types(
        "Anna Nowak 601 234 567"
    )
    person.sees("4  Who leads").types("Jan, 12").sees("too short or too long").types("Jan Lis, 602-345-678")
    person.sees("5  How long").types("jutro").sees("Expected a number of hours or days").types("2 dni")
    person.sees("Next: cd office")
    assert person.ends() == 0
    written = (tmp_path / "office" / "bcp.yaml").read_text(encoding="utf-8")
    for line in ('name: "Anna Nowak"', "+48601234567", "+48602345678", "unbearable_after: 2d"):
        assert line in written


def test_the_end_of_the_input_is_a_pause(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    person = sit("incident", "start", "outage")
    person.sees("Step 1 of 4").presses("d").sees("Paused at: Look at the router")
    assert person.ends() == 0


def test_a_terminal_without_colour_or_cursor_leads_a_person_too(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    person = sit("incident", "start", "outage", terminal="dumb")
    person.sees("Step 1 of 4").types("").sees("Step 2 of 4").types("p")
    assert person.ends() == 0


def test_the_end_of_the_input_agrees_to_nothing(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    bcp(place, "incident", "start", "outage")
    for arguments in (
        ("incident", "close"),
        ("promise", "add", "It works", "--from", "Netia", "--by", "tomorrow noon"),
    ):
        person = sit(*arguments)
        person.presses("d")
        assert person.ends() == 9, arguments


def test_keys_that_were_typed_ahead_answer_no_question(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    slow = PHASES.replace('"echo on >> outside; test ! -e broken"', '"sleep 1"')
    (place / "runbooks" / "outage.yaml").write_text(runbook(slow), encoding="utf-8")
    person = sit("incident", "start", "outage")
    person.types("").sees("Step 2 of 4").types("")
    time.sleep(0.3)
    for line in ("", "", "+48600000009", "y", "", ""):
        person.child.sendline(line)
    person.sees("Step 3 of 4").types("").sees("Which number did you dial?")
    person.types("+48600000001").sees("Do they know of it?").presses("c")
    assert person.ends() == 130
    assert outcomes(place) == {"look": "done", "mobile": "done", "report": "open", "tell": "open"}


def test_a_deed_that_was_interrupted_is_in_doubt_and_enter_does_not_repeat_it(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    slow = PHASES.replace('"echo on >> outside; test ! -e broken"', '"echo on >> outside; sleep 30"')
    (place / "runbooks" / "outage.yaml").write_text(runbook(slow), encoding="utf-8")
    person = sit("incident", "start", "outage")
    person.types("").sees("Step 2 of 4").types("")
    until(lambda: (place / "outside").exists())
    person.child.sendcontrol("c")
    person.sees("Interrupted.")
    assert person.ends() == 130
    assert outcomes(place)["mobile"] == "in-doubt"
    again = sit("incident", "resume", "--by", "piotr")
    again.sees("IN DOUBT. It began at", "Anna Nowak", "[a] ").types("").sees("none of the keys")
    again.types("h").sees("What did you do, or see?").types("the box is on").sees("Step 3 of 4").types("p")
    assert again.ends() == 0
    assert (place / "outside").read_text(encoding="utf-8") == "on\n"


def test_closing_early_asks_and_anything_but_yes_goes_back(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    bcp(place, "incident", "start", "outage")
    person = sit("incident", "close")
    person.sees("4 steps are not carried out:", "Type yes").types("")
    person.sees("Nothing was closed.", "bcp incident resume")
    assert person.ends() == 9


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not on this computer")
def test_two_people_at_two_windows_of_a_real_terminal(place: Path) -> None:
    tmux = ["tmux", "-L", f"bcp-test-{os.getpid()}", "-f", "/dev/null"]

    def window(name: str) -> str:
        shown = subprocess.run(
            [*tmux, "capture-pane", "-p", "-t", name], capture_output=True, text=True, check=True
        )
        return shown.stdout

    def shows(name: str, text: str) -> None:
        until(lambda: text in window(name), 60, lambda: f"{text!r} is not on the screen:\n{window(name)}")

    def keys(name: str, *pressed: str) -> None:
        subprocess.run([*tmux, "send-keys", "-t", name, *pressed], check=True)

    def answers(name: str, text: str, *pressed: str) -> None:
        """Type it once that text is there and the prompt below it: what is typed before answers nothing."""
        shows(name, text)
        until(lambda: window(name).rstrip().endswith("\n>"), 60, lambda: f"no prompt:\n{window(name)}")
        keys(name, *pressed)

    command = f"{shlex.quote(sys.executable)} -m bcp incident"
    try:
        for name, by in (("anna", "start outage --by anna"), ("piotr", "resume --by piotr")):
            shell = ["-x", "110", "-y", "50", "-c", str(place), "bash --norc --noprofile"]
            subprocess.run([*tmux, "new-session", "-d", "-s", name, *shell], check=True)
            keys(name, f"{command} {by}; echo STATUS=$?", "Enter")
            shows(name, "Step 1 of 4")
        answers("anna", "Step 1 of 4", "Enter")
        shows("anna", "Step 2 of 4")
        answers("piotr", "Step 1 of 4", "s", "Enter")
        answers("piotr", "Why?", "I did not look", "Enter")
        shows("piotr", '"Look at the router" was already answered: done by Anna Nowak')
        answers("piotr", "Step 2 of 4", "p", "Enter")
        shows("piotr", "STATUS=0")
        answers("anna", "Step 2 of 4", "C-c")
        shows("anna", "STATUS=130")
        assert "Next: bcp incident resume" in window("anna")
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


def test_a_mistake_in_a_long_line_stays_on_one_line_of_the_screen_with_its_caret_below(
    place: Path, sit
) -> None:  # type: ignore[no-untyped-def]
    path = place / "runbooks" / "outage.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text + f"  # {'x' * 60}\nstray: {{a: 1, {'b' * 90}: 2, c: {'d' * 40}}}\n", encoding="utf-8"
    )
    person = sit("validate")
    person.sees("unknown key")
    assert person.ends() == 2
    wide = [line for line in person.child.before.splitlines() if len(line) > 110]
    assert not wide


def test_before_there_is_an_office_the_computers_language_is_spoken(tmp_path: Path) -> None:
    person = Terminal(tmp_path, "init", "biuro", LANG="pl_PL.UTF-8", LC_ALL="")
    person.sees("1  Jak nazywa się firma?").presses("d")
    assert person.ends() == 2
    assert "Nic nie zapisano" in person.child.before
    lost = bcp(tmp_path, "validate", LANG="pl_PL.UTF-8", LC_ALL="")
    assert lost.returncode == 2 and "Tu nie ma biura" in lost.stderr


def test_on_a_low_screen_the_status_ends_with_what_is_next(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    bcp(place, "incident", "start", "outage")
    for height, times in ((6, 2), (50, 1)):
        person = sit("incident", "status", height=height)
        assert person.ends() == 0
        assert person.child.before.count("NEXT  Look at the router") == times
    assert bcp(place, "incident", "status").stdout.count("NEXT  ") == 1


def test_all_that_is_owed_and_due_fits_with_the_next_steps_on_a_usual_screen(place: Path, sit) -> None:  # type: ignore[no-untyped-def]
    bcp(place, "incident", "start", "outage")
    for number in range(6):
        bcp(
            place,
            "promise",
            "add",
            f"modem {number} " + "by courier " * 12,
            "--from",
            "Netia",
            "--by",
            "in 2 days",
        )
    person = sit("incident", "status", height=24)
    assert person.ends() == 0
    lines = person.child.before.rstrip().splitlines()
    rows = sum(max(1, -(-len(line) // 110)) for line in lines)
    assert rows < 24 and person.child.before.count("PROMISED") == 6, person.child.before


def test_the_help_is_broken_between_words_and_its_commands_are_whole(place: Path) -> None:
    bcp(place, "incident", "start", "outage")
    person = Terminal(place, "incident", "resume", width=60)
    person.sees("Look at the router").types("?")
    person.sees("why, and go\r\n").sees("on with the next step\r\n").sees("         bcp incident resume")
    person.sees("         bcp incident step done look --correct").types("p")
    assert person.ends() == 0


def test_ctrl_c_at_a_question_outside_the_steps_says_that_all_is_safe_and_how_to_go_on(
    place: Path, sit
) -> None:  # type: ignore[no-untyped-def]
    for arguments, question in (
        (("incident", "start"), "Its number"),
        (("init", "new"), "What is the office"),
    ):
        person = sit(*arguments)
        person.sees(question).presses("c")
        person.sees("Interrupted. What was shown as written is safe.", "give the command again")
        assert person.ends() == 130
    assert not (place / "new").exists()

"""What the clock does with nobody at the terminal: told once, by cron and by a watch; begun where that is allowed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bcp.app.notice.satisfaction import reminder
from bcp.clock import SystemClock
from bcp.incident import deciding
from bcp.notice.campaign.outbox import Campaign, Key, LetterDraft
from bcp.store.outbox import Outbox
from tests import quick
from tests.frozen import FrozenClock
from tests.incident.test_decisions import PHASES, PLAN_B, decision
from tests.offices import CHECK, Stage, bcp, office_in, runbook

# What stands for the internet: this computer, where nothing listens. It is looked at once, and nobody waits.
NOWHERE = "internet: {addresses: ['127.0.0.1:9'], page: 'http://127.0.0.1:9/', names: [localhost]}\n"


def begun(folder: Path, ago: timedelta, more: str = "") -> Stage:
    """An incident that began some time ago by the clock of this machine."""
    office = office_in(folder, outage=runbook(PHASES, more=decision(more)), home=runbook(PLAN_B, "home"))
    check = CHECK.replace("3 looks in 1s", "1 look in 0s")
    (office / "checks" / "internet.yaml").write_text(check, encoding="utf-8")
    with (office / "bcp.yaml").open("a", encoding="utf-8") as file:
        file.write(NOWHERE)
    return Stage(office, FrozenClock(SystemClock().now() - ago))


def test_cron_announces_a_decision_says_it_is_due_and_then_is_silent(tmp_path: Path) -> None:
    staged = begun(tmp_path / "near", timedelta(hours=3, minutes=45))
    near = bcp(staged.office, "check", "run")
    assert "a decision comes near" in near.stdout
    assert "a decision" not in bcp(staged.office, "check", "run").stdout
    staged = begun(tmp_path / "due", timedelta(hours=5))
    due = bcp(staged.office, "check", "run")
    assert "DECISION DUE: Do we move to plan B?" in due.stdout
    for answer in ("plan-b", "stay"):
        assert f"\n    bcp decision answer assume-long {answer} --incident 2026-11-26-outage\n" in due.stdout
    assert "DECISION" not in bcp(staged.office, "check", "run").stdout
    assert staged.kinds().count("decision.due") == 1
    assert bcp(staged.office, "incident", "status").returncode == 8


def test_cron_begins_the_default_up_to_its_first_gate_where_the_office_allowed_it(tmp_path: Path) -> None:
    staged = begun(tmp_path, timedelta(hours=5), "auto: yes")
    said = bcp(staged.office, "check", "run").stdout
    assert "nobody decided, so the default began: Do we move to plan B? plan-b" in said
    assert "a person is needed now: Leave" in said
    assert staged.outcomes()["assume-long/pack"] == "done"
    assert staged.outcomes()["assume-long/leave"] == "waiting"


def test_a_default_whose_process_ended_on_the_way_goes_on_at_the_next_look_and_only_then(
    tmp_path: Path,
) -> None:
    staged = begun(tmp_path, timedelta(hours=5), "auto: yes")
    deciding.strike(staged.book(), "anna", SystemClock().now())
    assert staged.outcomes()["assume-long/pack"] == "open", "it ended behind its answer"
    said = bcp(staged.office, "check", "run").stdout
    assert "a person is needed now: Leave" in said
    assert staged.outcomes()["assume-long/pack"] == "done"
    assert staged.kinds().count("decision.answered") == 1
    kinds = staged.kinds()
    assert "needed" not in bcp(staged.office, "check", "run").stdout
    assert staged.kinds() == kinds


def test_a_watch_tells_what_falls_due_to_the_program_that_the_office_named(tmp_path: Path) -> None:
    staged = begun(tmp_path / "office", timedelta(hours=5))
    heard = tmp_path / "heard.txt"
    with (staged.office / "bcp.yaml").open("a", encoding="utf-8") as file:
        script = f"import sys; open({str(heard)!r}, 'a').write(sys.argv[-1])"
        file.write(f"watch: {{notify: [{sys.executable}, -c, {script!r}]}}\n")
    environ, words = {**os.environ, "BCP_PERSON": "anna"}, ["-m", "bcp", "watch"]
    watch = quick.begun(words, staged.office, environ, subprocess.PIPE, subprocess.STDOUT)
    clock = SystemClock()
    began = clock.monotonic()
    while not heard.exists() and clock.monotonic() - began < 30 and watch.poll() is None:
        clock.sleep(0.2)
    watch.send_signal(signal.SIGTERM)
    told, _nothing = watch.communicate(timeout=30)
    assert told and "DECISION DUE: Do we move to plan B?" in told
    assert "DECISION DUE: Do we move to plan B?" in heard.read_text(encoding="utf-8")


def test_of_two_that_would_remind_at_once_one_does(tmp_path: Path) -> None:
    staged = begun(tmp_path, timedelta(days=6))
    staged.write("incident.closed", {"open": [], "left": {}})
    first, second = staged.book(), staged.book()
    assert len(first.write(reminder("anna"))) == 1
    assert second.write(reminder("piotr")) == []
    assert staged.kinds().count("followup.due") == 1


def test_days_after_closing_clients_are_to_be_asked_and_every_place_says_so_until_they_were(
    tmp_path: Path,
) -> None:
    staged = begun(tmp_path, timedelta(days=6))
    staged.write("incident.closed", {"open": [], "left": {}})
    at = staged.clock.now()
    outbox = Outbox(staged.state)
    down = Campaign(staged.stream, "line-down", 1, "down", "clients", "anna", at, at)
    outbox.freeze(down, [LetterDraft(Key(down.id, "a", "mail"), 0, "A", "a@example.com", "en", b"", "sent")])
    command = f"bcp notice send follow-up told --incident {staged.stream}"
    for arguments in (("incident", "status"), ("incident", "status", "--incident", staged.stream)):
        said = bcp(staged.office, *arguments)
        assert command in said.stdout and "nobody has asked them yet" in said.stdout and said.returncode == 8
    assert command in bcp(staged.office, "check", "run").stdout
    assert command not in bcp(staged.office, "check", "run").stdout
    assert staged.kinds().count("followup.due") == 1
    assert "clients are to be asked" in bcp(staged.office, "incident", "log").stdout
    outbox.freeze(replace(down, notice="follow-up", kind="follow-up", audience="told"), [])
    done = bcp(staged.office, "incident", "status")
    assert command not in done.stdout and done.returncode == 0

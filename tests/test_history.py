"""What is shown of the past: sums over spans, days, metrics; and the texts that start a watch."""

import itertools
import os
import re
import shlex
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from zoneinfo import ZoneInfo

import pytest

from bcp.check.blips import Blips
from bcp.check.history import stretches, summarise
from bcp.check.metrics import write_metrics
from bcp.check.model import Check
from bcp.check.overview import KeptOfCheck, overview_of
from bcp.check.service_files import ServiceOwner, cron, goes_to, systemd, windows, write_unit
from bcp.check.span import Sketch, Span, SpanState
from bcp.errors import InputError

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WARSAW = ZoneInfo("Europe/Warsaw")


def span(state: str, first: float, last: float) -> Span:
    return Span("web", state, NOON + first * HOUR, NOON + last * HOUR, 1, state)  # type: ignore[arg-type]


def days_of(spans: list[Span]) -> dict[date, SpanState]:
    """Each of the last 90 days by the office's clock, with its worst state."""
    check = Check.model_validate(
        {"check": "web", "title": "X", "probes": [{"tcp": {"host": "a", "port": 1}}]}
    )
    return {day.day: day.worst for day in overview_of(check, KeptOfCheck(spans), NOON, WARSAW).days}


PAST = [span("up", -30, -20), span("down", -19, -18), span("unobserved", -18, -12), span("up", -12, 0)]


def test_uptime_counts_only_time_in_which_somebody_looked():
    told = summarise(PAST, Sketch(), NOON - 24 * HOUR, NOON)
    assert told.uptime == pytest.approx((5 + 12) / (5 + 12 + 1))
    assert told.unobserved == 6 * HOUR
    assert [(outage.first, outage.length) for outage in told.outages] == [(NOON - 19 * HOUR, HOUR)]
    assert told.down == HOUR


def test_a_warning_is_time_in_which_it_was_up():
    told = summarise(
        [span("up", -4, -3), span("warning", -3, -1), span("down", -1, 0)], Sketch(), NOON - 4 * HOUR, NOON
    )
    assert (told.uptime, told.warning, len(told.outages)) == (0.75, 2 * HOUR, 1)
    assert days_of([span("up", -2, -1), span("warning", -1, 0)])[NOON.date()] == "warning"


def test_blips_count_by_their_share_of_the_looks_of_their_hour():
    blips = Blips()
    for minute in range(60):
        blips.add(NOON - HOUR + minute * timedelta(minutes=1), 3, 1)  # every third answer, for an hour
    blips.add(NOON - 30 * HOUR, 2, 1)
    told = summarise([span("up", -40, 0)], Sketch(), NOON - 10 * HOUR, NOON, blips)
    assert (told.uptime, told.blips) == (pytest.approx(1 - 1 / 30), 60)
    inside = summarise([span("up", -40, -0.75), span("down", -0.75, 0)], Sketch(), NOON - HOUR, NOON, blips)
    assert inside.uptime == pytest.approx(0.25 * 2 / 3)
    assert summarise([span("up", -40, 0)], Sketch(), NOON - 40 * HOUR, NOON, blips).blips == 61


def test_hours_without_a_blip_are_not_kept_and_the_others_are_read_back():
    blips = Blips()
    for hour, failed in ((1, 0), (2, 3), (3, 0), (4, 0)):
        blips.add(NOON + hour * HOUR, 10, failed)
    blips.let_go()
    assert [each[1] for each in blips.counts.values()] == [3, 0]
    assert Blips.read(str(blips)) == blips
    for wrong in ("1:2", "1:2:3", "1:-2:-3", "x:2:1"):
        with pytest.raises(ValueError):
            Blips.read(wrong)


def test_time_before_the_first_and_behind_the_last_look_is_unobserved():
    told = summarise([span("up", -2, -1)], Sketch(), NOON - 24 * HOUR, NOON)
    assert (told.uptime, told.unobserved) == (1.0, 23 * HOUR)
    nothing = summarise([], Sketch(), NOON - 24 * HOUR, NOON)
    assert (nothing.uptime, nothing.unobserved, nothing.outages) == (None, 24 * HOUR, ())


def test_the_stretches_fill_the_whole_time_without_gap_or_overlap():
    told = stretches(PAST, NOON - 24 * HOUR, NOON + HOUR)
    assert told[0].first == NOON - 24 * HOUR
    assert told[-1].last == NOON + HOUR
    assert all(one.last == two.first for one, two in itertools.pairwise(told))


def test_latency_is_told_as_median_and_p95():
    latencies = Sketch()
    for number in range(1, 101):
        latencies.add(number / 100)
    told = summarise(PAST, latencies, NOON - 24 * HOUR, NOON)
    assert told.median == pytest.approx(0.5, rel=0.06)
    assert told.p95 == pytest.approx(0.95, rel=0.06)


def test_an_outage_that_has_only_just_begun_is_one():
    told = summarise([span("up", -2, -1), span("down", 0, 0)], Sketch(), NOON - 24 * HOUR, NOON)
    assert [each.first for each in told.outages] == [NOON]
    assert not summarise([span("down", -30, -30)], Sketch(), NOON - 24 * HOUR, NOON).outages


@pytest.mark.parametrize("text", ["9999999:1", "-1:2", "3:-4", "3:0", "3", "x:1"])
def test_a_latency_that_no_look_takes_is_not_read_as_one(text):
    with pytest.raises(ValueError, match=r"."):
        Sketch.read(text)


def test_each_day_shows_its_worst_state_by_the_office_s_clock():
    picture = days_of([span("up", -60, -14), span("down", -13.5, -13.4), span("up", -13.3, 0)])
    assert len(picture) == 90
    assert list(picture.items())[-4:] == [
        (date(2026, 11, 23), "unobserved"),
        (date(2026, 11, 24), "up"),
        (date(2026, 11, 25), "down"),
        (date(2026, 11, 26), "up"),
    ]


def test_the_metrics_are_openmetrics_and_say_nothing_of_what_nobody_knows():
    one = {"title": "X", "probes": [{"tcp": {"host": "a", "port": 1}}]}
    names = ("up", "lost", "warned", "new", "old")
    checks = {name: Check.model_validate({"check": name, **one}) for name in names}
    held = {
        "up": span("up", -2, 0),
        "lost": span("inconclusive", -1, 0),
        "warned": span("warning", -1, 0),
        "old": span("up", -3, -1),
    }
    looked = {name: each.last for name, each in held.items()}
    text = write_metrics(checks, held, looked, {"up": Sketch({50: 10})}, NOON)
    lines = text.splitlines()
    assert lines[-1] == "# EOF"
    assert 'bcp_check_up{check="up"} 1' in lines
    assert not any(line.startswith('bcp_check_up{check="lost"}') for line in lines)
    assert 'bcp_check_inconclusive{check="lost"} 1' in lines
    assert 'bcp_check_up{check="warned"} 1' in lines
    assert [line[-1] for line in lines if line.startswith("bcp_check_warning{")] == ["0", "0", "1"]
    assert 'bcp_check_state_seconds{check="up"} 7200' in lines
    assert sum(line.startswith("bcp_check_latency_seconds{") for line in lines) == 2
    assert "new" not in text
    told = [line for line in lines if "old" in line]
    moment = (NOON - HOUR).timestamp()
    assert told == [
        'bcp_check_age_seconds{check="old"} 3600',
        f'bcp_check_last_look_timestamp_seconds{{check="old"}} {moment:.3f}',
    ], "an hour ago it was up: nobody knows how it is"


def test_a_quantile_is_a_label_of_summaries_alone():
    check = Check.model_validate({"check": "a", "title": "X", "probes": [{"tcp": {"host": "a", "port": 1}}]})
    held, looked = {"a": span("up", -2, 0)}, {"a": NOON}
    text = write_metrics({"a": check}, held, looked, {"a": Sketch({50: 10})}, NOON)
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    samples = re.findall(r'^(\w+)\{check="a"(?:,(\w+)="([\d.]+)")?\} (\S+)$', text, re.MULTILINE)
    assert len(samples) == text.count('{check="a"') == 8
    assert set(kinds) == {name for name, *_rest in samples}
    assert {(kinds[name], label, part) for name, label, part, _value in samples if label} == {
        ("summary", "quantile", "0.5"),
        ("summary", "quantile", "0.95"),
    }
    assert all(kinds[name] == "gauge" for name, label, *_rest in samples if not label)
    assert all(float(value) >= 0 for *_name, value in samples)


PROGRAM = ["/opt/b c/bin/bcp"]
OFFICE = PurePosixPath("/home/anna/50% biuro")


def test_a_crontab_line_names_its_office_so_that_cron_reads_it_back():
    line = cron(PROGRAM, OFFICE)
    when, command = " ".join(line.split()[:5]), line.split(maxsplit=5)[5]
    assert when == "*/5 * * * *"
    assert shlex.split(command.replace(r"\%", "%")) == [*PROGRAM, "--office", str(OFFICE), "check", "run"]
    assert "%" not in line.replace(r"\%", "")


def test_a_unit_and_a_crontab_line_are_for_the_one_whose_office_it_is():
    anna = ServiceOwner("anna", "office")
    unit = systemd(PROGRAM, OFFICE, anna, "/srv/a b").splitlines()
    assert {"User=anna", "Group=office", 'Environment="BCP_STATE=/srv/a b"'} <= set(unit)
    assert {"RestartPreventExitStatus=2", "StartLimitIntervalSec=1h"} <= set(unit)
    assert not any(line.startswith(("User", "Environment")) for line in systemd(PROGRAM, OFFICE).splitlines())
    assert "sudo crontab -u anna -e" in goes_to("cron", anna) and not goes_to("cron", None)
    assert shlex.split(cron(PROGRAM, OFFICE, anna, "/srv/a b"))[5:7] == ["BCP_STATE=/srv/a b", PROGRAM[0]]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_systemd_accepts_the_unit(tmp_path):
    program = tmp_path / "b c" / "bcp"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "bcp.service"
    unit.write_text(systemd([str(program)], OFFICE, ServiceOwner("root", "root"), "/srv/a b"))
    told = subprocess.run(
        ["systemd-analyze", "verify", unit],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    ours = [line for line in told.stderr.splitlines() if "bcp" in line]
    assert (told.returncode, ours) == (0, [])


def test_the_windows_task_is_xml_that_says_what_is_run():
    text = windows(["C:\\Program Files\\bcp\\bcp.exe"], PureWindowsPath("C:\\Biuro & Co"))
    tree = ElementTree.fromstring(text.partition("\n")[2])
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert tree.findtext(".//t:Command", namespaces=space) == "C:\\Program Files\\bcp\\bcp.exe"
    assert tree.findtext(".//t:Arguments", namespaces=space) == '--office "C:\\Biuro & Co" watch'


def test_another_kind_of_unit_is_a_plain_mistake():
    with pytest.raises(InputError, match='there is no "upstart" to write for'):
        write_unit("upstart", PROGRAM, Path("/x"))

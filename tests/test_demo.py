"""`bcp demo`: a whole outage, really happening, and nothing that leaves this computer."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.children import IS_ROOT
from tests.offices import bcp
from tests.posts import ROOT

LOOPBACK_ALONE = 'ip link set lo up && exec "$0" -m bcp demo --in "$1"'


def play(place: Path) -> subprocess.CompletedProcess[str]:
    """The demonstration, where it can be had in a network that has nothing but this computer itself."""
    apart = ["unshare", "--net", "sh", "-c", LOOPBACK_ALONE, sys.executable, str(place)]
    whole = [sys.executable, "-m", "bcp", "demo", "--in", str(place)]
    is_root = sys.platform == "linux" and IS_ROOT and shutil.which("unshare") and shutil.which("ip")
    return subprocess.run(
        apart if is_root else whole, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    place = tmp_path_factory.mktemp("demo") / "office"
    return place, play(place)


def test_the_demonstration_plays_an_outage_to_its_end_and_proves_it(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _place, done = played
    assert done.returncode == 0, done.stderr
    for measure in ("Put the office on mobile internet", "Send the office's calls to the stand-by phone",
                    "Put the notice and a number that answers on the website"):  # fmt: skip
        assert f"IN FORCE  {measure}" in done.stdout
    for undone in (
        "Put the office back on the line",
        "Let the office's calls ring here again",
        "Take the notice off",
    ):
        assert f"done: {undone}" in done.stdout
    assert "consistent in itself" in done.stdout
    assert "FAILED" not in done.stdout and "did not succeed" not in done.stderr


def test_its_steps_really_happen(played: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    place, done = played
    told = json.loads(bcp(place, "incident", "log", "--json", "--incident", incident(place)).stdout)
    evidence = {event["data"]["step"]: event["data"].get("evidence", {}) for event in told
                if event["kind"] == "step.settled"}  # fmt: skip
    for step, page in (("website", "website/kontakt.html"), ("status", "status/index.html")):
        assert re.search(rf"seen at http://127\.0\.0\.1:\d+/{page}", evidence[step]["seen"])
    assert evidence["clients"]["standings"]["told"] == 18 == evidence["all-clear"]["standings"]["told"]
    letters = place / "incidents" / incident(place) / "letters"
    assert len(list(letters.glob("line-down-*"))) == 18 == len(list(letters.glob("all-clear-*")))
    assert "Nie działa u nas internet" in done.stdout, "the website speaks Polish"
    assert not list((place / ".demo").glob("*.pid"))
    assert bcp(place, "incident", "verify").returncode == 0
    assert "No incident is open." in bcp(place, "incident", "status").stdout


def test_the_website_is_as_it_was_and_the_status_page_says_that_all_is_well(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    place, _done = played
    assert (place / "website" / "kontakt.html").read_text() == (
        ROOT / "sample/website/kontakt.html"
    ).read_text()
    updates = json.loads((place / "status" / "status.json").read_text(encoding="utf-8"))
    assert "all-clear" in json.dumps(updates)


def test_the_promise_of_the_provider_is_kept_in_mind(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    place, _done = played
    (promise,) = json.loads(bcp(place, "promise", "list", "--json").stdout)
    assert (promise["from"], promise["said"]) == ("Światłowód Wisła", "in 3 hours")


def incident(place: Path) -> str:
    (found,) = (path.parent.name for path in place.glob("incidents/2*/journal.txt"))
    return found

"""What was found out about notices is kept by the hash of their files: nothing that is said is another thing for it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.app.derived import find_derived
from bcp.app.notice import good_texts, kept_review
from bcp.app.notice.kept_review import clean_count
from bcp.app.notice.lint import read_notices
from bcp.app.session import Session
from bcp.notice.lint import known
from bcp.notice.text import load as load_of_notices
from bcp.notice.text import placeholders
from bcp.yaml.source import Reader
from tests.frozen import FrozenClock
from tests.offices import bcp, office_in, runbook

SHIPPED = Path(__file__).parent.parent / "notices"
CHANNELS = """
channels:
  - {channel: sms, sms-smsapi: {token: "env:SMS", from: Office}}
"""
PHASES = """
  - phase: P
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
      - {step: tell, title: Tell, by_hand: Do., notify: {notice: line-down, audience: clients}}
"""
KEPT = (good_texts.FILE, good_texts.LINTED, kept_review.FILE)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with two shipped notices, a plan that sends one, and a contact whose name stands nowhere else."""
    folder = office_in(tmp_path / "office", outage=runbook(PHASES))
    for room in ("notices", "contacts"):
        (folder / room).mkdir()
    for name in ("line-down.en.md", "line-down.pl.md", "update.en.md"):
        shutil.copy(SHIPPED / name, folder / "notices" / name)
    (folder / "contacts" / "clients.csv").write_text(
        "name,email,language\nZephyrine Quux,zq@example.com,en\n", encoding="utf-8"
    )
    (folder / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _at_the_begin() -> None:
    forget()


def forget() -> None:
    """As at the begin of a process."""
    placeholders._good.clear()
    placeholders._reading.cache_clear()
    load_of_notices._understood.cache_clear()
    known._known.clear()


def lengthen(office: Path) -> None:
    """Let a text message name the contact and be too long."""
    path = office / "notices" / "line-down.en.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("sms: >-\n", "sms: >-\n  {{ name }} " + "word " * 100 + "\n", 1), encoding="utf-8"
    )


def misword(office: Path) -> None:
    """Let a template say what no notice may."""
    path = office / "notices" / "line-down.en.md"
    path.write_text(
        path.read_text(encoding="utf-8") + "\nDear clients, it began overnight.\n", encoding="utf-8"
    )


def nothing(_office: Path) -> None:
    """As it is shipped."""


@pytest.mark.parametrize("change", [nothing, lengthen, misword])
@pytest.mark.parametrize(
    "command", [("notice", "lint"), ("notice", "lint", "line-down"), ("validate",), ("notice", "list")]
)
def test_a_command_says_the_same_whether_its_notices_were_known_or_not(
    office: Path, change: Callable[[Path], None], command: tuple[str, ...]
) -> None:
    change(office)

    def said() -> tuple[int, str, str]:
        forget()
        ran = bcp(office, *command)
        return ran.returncode, ran.stdout, ran.stderr

    first = said()
    assert said() == first
    for name in KEPT:
        (office / "incidents" / name).unlink(missing_ok=True)
    assert said() == first


def test_what_is_known_of_a_text_is_what_a_reader_finds_in_it(office: Path) -> None:
    notices = load_of_notices.load(office, Reader())
    texts = {
        text for one in notices.values() for each in one.versions.values() for text in each.parts.values()
    }
    assert len(texts) > 10
    kept = json.loads(json.dumps(placeholders.good_texts()))
    placeholders._good.clear()
    placeholders.recall(kept)
    recalled = dict(placeholders._good)
    assert len(recalled) == len(texts)
    assert {placeholders._read(text) for text in texts} == set(recalled.values())
    placeholders.recall({"strange": 5, "other": {"facts": [["x"]]}})
    assert placeholders._good == recalled


def test_a_text_with_a_mistake_is_not_kept(office: Path) -> None:
    path = office / "notices" / "update.en.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n{{ nonsense }}\n", encoding="utf-8")
    for _ in range(2):
        said = bcp(office, "notice", "lint")
        assert (said.returncode, 'there is no placeholder "nonsense"' in said.stderr) == (2, True)
    assert "nonsense" not in json.dumps(find_derived(Session(str(office)), good_texts.FILE))


def test_the_findings_of_templates_come_back_as_they_were(office: Path) -> None:
    misword(office)
    before = read_notices(Session(str(office)), None)
    assert before.findings
    kept = json.loads(json.dumps(known.findings()))
    known._known.clear()
    known.recall_findings(kept)
    assert read_notices(Session(str(office)), None) == before
    assert find_derived(Session(str(office)), good_texts.LINTED) == kept


def test_no_contact_is_named_in_what_is_kept(office: Path) -> None:
    lengthen(office)
    assert "Zephyrine Quux" in bcp(office, "notice", "lint").stderr
    assert bcp(office, "validate").returncode == 2  # it reads the notices that plans name, too
    assert bcp(office, "drill", "start", "outage").returncode == 9
    kept = list((office / "incidents").rglob("*.json"))
    assert {path.name for path in kept} >= {good_texts.FILE, good_texts.LINTED}
    assert not [path.name for path in kept if "Quux" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    "file", ["bcp.yaml", "contacts/clients.csv", "contacts/new.csv", "notices/update.en.md", "channels.yaml"]
)
def test_a_review_that_found_nothing_counts_as_long_as_no_file_has_changed(office: Path, file: str) -> None:
    session = Session(str(office), clock=FrozenClock())
    assert clean_count(session, None) is None
    found = read_notices(session, None)
    assert (found.findings, clean_count(session, None)) == ([], found.count)
    assert clean_count(session, "update") is None
    with (office / file).open("a", encoding="utf-8") as end:
        end.write("\n")
    assert clean_count(session, None) is None


def test_it_counts_until_the_letters_would_name_another_next_update(office: Path) -> None:
    clock = FrozenClock()
    session = Session(str(office), clock=clock)
    found = read_notices(session, "update")
    assert clean_count(session, "update") == found.count == 1
    clock.go_on(timedelta(days=1))
    assert clean_count(session, "update") is None


def test_what_is_remarked_beside_a_clean_review_is_remarked_again(office: Path) -> None:
    with (office / "contacts" / "clients.csv").open("a", encoding="utf-8") as end:
        end.write("No Mail,,,not an address\n")
    for _ in range(2):
        assert "Mistakes in the contact files" in bcp(office, "notice", "lint").stderr


def test_a_dry_run_says_the_same_with_what_is_known_and_keeps_nothing(office: Path) -> None:
    fresh = bcp(office, "incident", "start", "outage", "--dry-run")
    assert not [name for name in KEPT if (office / "incidents" / name).exists()]
    assert bcp(office, "notice", "lint").returncode == 0
    again = bcp(office, "incident", "start", "outage", "--dry-run")
    assert (again.returncode, again.stdout, again.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)


def test_files_that_change_between_two_steps_are_read_again(office: Path) -> None:
    from bcp.app.notice.office import post_of

    session = Session(str(office))
    first = post_of(session)
    assert post_of(session).notices is first.notices
    misword(office)
    assert post_of(session).notices is not first.notices

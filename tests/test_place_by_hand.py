"""A place that a person writes at: the words to be put there, a look from outside, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bcp.app.incident.run import walk
from bcp.app.session import Session
from bcp.event import NOTHING
from bcp.fact import Fact
from bcp.incident import standdown
from bcp.incident.journal import IncidentJournal
from tests.frozen import FrozenClock
from tests.offices import STREAM, Script, bcp, first_entry
from tests.places import SHOWN, office_with, site

PLACE = """\
  - place: website
    url: '{url}/start.html'
    languages: [en]
    way: {{by-hand: {{do: "Sign in, Pages, Start", back: "Sign in and take it away"}}}}
"""


@dataclass
class Editor(Script):
    """A person who edits the page before saying that it is done."""

    edits: dict[str, Callable[[], object]] = field(default_factory=dict)

    def ask(self, fact: Fact) -> str | None:
        self.edits.get(fact.name, bool)()
        return super().ask(fact)


class Stand:
    def __init__(self, folder: Path, url: str) -> None:
        self.page = folder / "www" / "start.html"
        self.page.write_text("<p>Welcome")
        self.office = office_with(folder / "office", PLACE.format(url=url))
        self.session = Session(str(self.office), {}, FrozenClock())
        self.session.log.append(STREAM, NOTHING, [first_entry(self.office)])

    def walk(self, person: Editor) -> IncidentJournal:
        book = IncidentJournal(self.session.log, STREAM)
        walk(self.session, book, person, "anna").run()
        return book

    def write(self) -> None:
        number = SHOWN.replace(" ", "&nbsp;")
        self.page.write_text(f"<p><b>Our phone</b> is out of order, please call: {number}<p>Call {number}")


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    (tmp_path / "www").mkdir()
    with site(tmp_path / "www") as url:
        yield Stand(tmp_path, url)


def yes(**edits: Callable[[], object]) -> Editor:
    return Editor(answers=dict.fromkeys(edits or ["published"], "yes"), edits=dict(edits))


def test_the_words_are_shown_the_person_writes_them_and_they_are_seen_from_outside(stand: Stand) -> None:
    person = yes(published=stand.write)
    book = stand.walk(person)
    assert person.told.index("Sign in, Pages, Start") > 0
    assert any("Our phone is out of order" in line for line in person.told)
    step = book.incident["tell"]
    assert step.outcome == "done" and "seen at" in step.note


def test_what_is_not_seen_from_outside_does_not_count_as_done(stand: Stand) -> None:
    person = Editor({"tell": ["do", "pause"]}, {"published": "yes"})
    step = stand.walk(person).incident["tell"]
    assert step.outcome is None and "could not be seen" in step.waits


def test_a_person_who_says_no_has_published_nothing(stand: Stand) -> None:
    person = Editor({"tell": ["do", "pause"]}, {"published": "no"})
    book = stand.walk(person)
    assert book.incident["tell"].outcome is None and not book.incident.in_force()


def test_the_undo_leads_the_person_back(stand: Stand) -> None:
    book = stand.walk(yes(published=stand.write))
    standdown.begin(book, "anna", "terminal")
    person = Editor({"tell.undo": ["do", "pause"]}, {"taken_back": "no"})
    assert stand.walk(person).incident.in_force(), "it was not taken back"
    assert "Sign in and take it away" in person.told
    book = stand.walk(Editor(answers={"taken_back": "yes"}))
    assert not book.incident.in_force()


def test_a_drill_asks_nobody_to_write_and_a_test_in_peacetime_says_what_to_try(stand: Stand) -> None:
    (stand.office / "answers.yaml").write_text("default: done\n")
    said = bcp(stand.office, "drill", "start", "outage", "--answers", "answers.yaml")
    assert said.returncode == 0, said.stderr
    tried = bcp(stand.office, "place", "test", "website")
    assert tried.returncode == 7 and "INCONCLUSIVE: a person writes there by hand" in tried.stdout
    assert "<p>Welcome" in stand.page.read_text()

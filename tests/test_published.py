"""The register of published places: pages that are fetched and read, places that a person confirms, there and back."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bcp.action.base import Deed, Done, Failed, Tools
from bcp.action.kinds.published import Published as Action
from bcp.errors import StepFailed
from bcp.lever.number.page_text import find, text_of
from bcp.lever.number.register import PublishedJournal, Register
from bcp.office.number import OfficeNumber, Published
from bcp.outside import World
from bcp.runbook.compiled import PlanPerson
from bcp.store.journal import Journal
from bcp.world.real import Real
from bcp.world.rehearsal import Rehearsal
from bcp.world.secret import Secrets
from tests.frozen import FrozenClock
from tests.offices import OFFICE, Sight, bcp, office_in, runbook
from tests.test_number import Person

OLD, NEW = "+48226000001", "+48600000110"


@dataclass
class Site:
    """Pages by their paths, which may be changed; `asked` counts."""

    url: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    asked: int = 0


@contextmanager
def site(**pages: str) -> Iterator[Site]:
    made = Site(pages={f"/{name}": page for name, page in pages.items()})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked += 1
            page = made.pages.get(self.path, "")
            self.send_response(302 if self.path in made.moved else 200 if page else 404)
            if self.path in made.moved:
                self.send_header("Location", made.moved[self.path])
            raw = page.encode()
            self.send_header("Content-Length", str(len(raw)))
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_arguments: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def places(url: str = "") -> list[Published]:
    told: list[dict[str, Any]] = [
        {"published": "contact", "title": "Contact page", "shows": ["office", "standby"], "who": "web"},
        {"published": "invoices", "shows": ["office"], "who": "lead", "how": "Accounting, Templates"},
        {"published": "card", "shows": ["standby"]},
    ]
    told[0] |= {"url": f"{url}/contact"} if url else {}
    return [Published.model_validate(each) for each in told]


def register(folder: Path, url: str = "", world: World | None = None, drill: bool = False) -> Register:
    numbers = {"office": OLD, "standby": NEW}
    people = {"anna": PlanPerson("Anna Nowak", "+48600000101")}
    roles = {"lead": ["anna"], "web": ["anna"]}
    made = {key: OfficeNumber(number=key, phone=phone) for key, phone in numbers.items()}
    ledger = PublishedJournal(Journal(folder / "state", FrozenClock()), "anna")
    world = world or Real(Secrets(folder, os.environ))
    return Register(places(url), made, people, roles, world, ledger, "2026-11-26-outage", drill)


@dataclass
class Levers:
    """An office that can correct places, and nothing else."""

    register: Register

    def published(self) -> Register:
        return self.register


def carry(found: Register, person: Person, facts: dict[str, str] | None = None, **fields: Any) -> Deed:
    levers: Any = Levers(found)
    zone = ZoneInfo("Europe/Warsaw")
    tools = Tools(person, found.world, Sight(), FrozenClock(), zone, "PL", facts or {}, None, levers)
    return Action.model_validate(fields).run(tools)


CHANGE = {"show": "standby", "instead_of": "office"}


def test_a_page_that_is_right_needs_nobody_and_the_others_are_asked_for(tmp_path: Path) -> None:
    with site(contact="<p>Call <a href='tel:+48600000110'>600&nbsp;000&nbsp;110</a></p>") as web:
        found, person = register(tmp_path, web.url), Person("done")
        done = carry(found, person, **CHANGE)
    assert isinstance(done, Done) and person.asked == ["corrected"]
    assert done.evidence["corrected"]["contact"] == "seen on the page: +48 600 000 110"
    assert done.evidence["corrected"]["invoices"] == "said by the person who looked"
    assert person.heard("1/2  Contact page") and person.heard("Anna Nowak +48 600 000 101")
    assert person.heard("Accounting, Templates") and not person.heard("card")


def test_a_page_is_looked_at_again_once_somebody_corrected_it(tmp_path: Path) -> None:
    with site(contact="<p>Tel. 22 600 00 01</p>") as web:

        def corrected() -> str:
            web.pages["/contact"] = "<p>Tel. 600-000-110</p>"
            return "done"

        person = Person("done", answers={"corrected": corrected})
        done = carry(register(tmp_path, web.url), person, **CHANGE)
    assert isinstance(done, Done) and "seen on the page" in done.evidence["corrected"]["contact"]
    assert person.heard('the page still shows +48 22 600 00 01: "Tel. 22 600 00 01"')


@pytest.mark.parametrize(("still", "ends"), [("no", Failed), ("yes", Done)])
def test_a_page_that_shows_the_old_number_still_counts_only_if_a_person_says_so(
    tmp_path: Path, still: str, ends: type[Deed]
) -> None:
    with site(contact="<p>600 000 110, not 22 600 00 01</p>") as web:
        found, person = register(tmp_path, web.url), Person("done", answers={"still": still})
        deed = carry(found, person, **CHANGE)
    assert isinstance(deed, ends)
    assert ("contact" in found.ledger.now()) == (still == "yes")


def test_what_is_put_off_is_asked_for_again_and_the_rest_is_not(tmp_path: Path) -> None:
    found = register(tmp_path)
    first = Person(answers={"corrected": iter(["done", "later"]).__next__})
    failed = carry(found, first, **CHANGE)
    assert isinstance(failed, Failed) and "1 of 2 places are not corrected yet: invoices" in failed.why
    second = Person("done")
    assert isinstance(carry(found, second, **CHANGE), Done) and second.asked == ["corrected"]


def test_to_restore_goes_through_what_was_changed_and_only_that(tmp_path: Path) -> None:
    found = register(tmp_path)
    carry(found, Person("done"), **CHANGE)
    person = Person("done")
    assert isinstance(carry(found, person, restore="office"), Done)
    assert person.heard("it must show: +48 22 600 00 01, +48 600 000 110")
    assert person.heard("it must show no longer: +48 600 000 110")
    assert {name: now.shows for name, now in found.ledger.now().items()} == {
        "contact": (OLD, NEW),
        "invoices": (OLD,),
    }
    assert found.to_restore("office") == []


def test_what_was_done_by_hand_is_gone_through_whole(tmp_path: Path) -> None:
    assert [spot.place for spot in register(tmp_path).to_restore("office")] == ["contact", "invoices"]


def test_without_a_name_the_number_is_the_one_that_is_answered_now(tmp_path: Path) -> None:
    found = register(tmp_path)
    facts = {"office_number": "+48732000001"}
    assert isinstance(carry(found, Person("done"), facts, instead_of="office"), Done)
    assert set(found.ledger.now()["invoices"].shows) == {"+48732000001"}
    failed = carry(found, Person(), instead_of="office")
    assert isinstance(failed, Failed) and "not known which number is answered" in failed.why


def test_a_fact_or_a_phone_number_can_be_shown_too(tmp_path: Path) -> None:
    facts = {"answer_number": "+48600000199"}
    for show, phone in (("{fact:answer_number}", "+48600000199"), ("+48 600 000 198", "+48600000198")):
        found = register(tmp_path / phone)
        assert isinstance(carry(found, Person("done"), facts, show=show, instead_of="office"), Done)
        assert found.ledger.now()["invoices"].shows == (phone,)


def test_where_nobody_listed_the_places_a_person_goes_through_them_by_hand(tmp_path: Path) -> None:
    found = register(tmp_path)
    found.places = []
    person = Person("done")
    assert isinstance(carry(found, person, **CHANGE), Done) and person.heard("go through them by hand")
    assert isinstance(carry(found, Person("later"), **CHANGE), Failed)


def test_the_number_that_is_dead_is_not_shown_instead_of_itself(tmp_path: Path) -> None:
    done = carry(register(tmp_path), Person(), {"office_number": OLD}, instead_of="office")
    assert isinstance(done, Done) and done.note == "no place shows it"


def test_a_network_that_is_away_is_asked_once_only(tmp_path: Path) -> None:
    found = register(tmp_path, "http://127.0.0.1:9")
    person = Person("done")
    assert isinstance(carry(found, person, **CHANGE), Done)
    assert person.heard("could not be reached") and person.heard("not fetched: the network did not answer")


def test_a_page_that_moved_is_followed_and_one_that_is_gone_is_said(tmp_path: Path) -> None:
    with site(new="<p>600000110</p>") as web:
        web.moved["/contact"] = "/new"
        found = register(tmp_path, web.url)
        spot = found.to_show(NEW, "office")[0]
        assert found.look(spot).state == "fine"
        web.moved.clear()
        assert found.look(spot).words == "it cannot be fetched: the page answers 404"


def test_a_long_page_is_read_to_its_foot(tmp_path: Path) -> None:
    with site(contact="<p>words</p>" * 60_000 + "<footer>22 600 00 01</footer>") as web:
        found = register(tmp_path, web.url)
        assert found.look(found.to_show(NEW, "office")[0]).state == "old"


def test_a_drill_fetches_nothing_and_writes_nothing(tmp_path: Path) -> None:
    with site(contact="x") as web:
        found = register(tmp_path, web.url, Rehearsal(tmp_path, {}), drill=True)
        done = carry(found, Person("done"), **CHANGE)
        assert isinstance(done, Done) and "rehearsed" in done.note and web.asked == 0
    assert found.ledger.now() == {}


@pytest.mark.parametrize(
    "page",
    [
        "<p>Tel. <span>22</span>&nbsp;<b>600</b> 00&#8209;01</p>",
        "<a href='tel:%2B48226000001'>Call us</a>",
        "<img alt='+48 22 600 00 01'>",
        '<script type="application/ld+json">{"telephone": "+48-22-600-00-01"}</script>',
        '<meta name="description" content="Phone (22) 600 00 01">',
    ],
)
def test_a_number_is_found_wherever_a_reader_or_a_telephone_finds_it(page: str) -> None:
    assert find(OLD, text_of(page))


@pytest.mark.parametrize(
    "page",
    ["<td>22</td><td>600 00 01</td>", "<style>.a{content:'226000001'}</style>", "<p>Nr 1226000001</p>"],
)
def test_what_only_looks_like_the_number_is_none(page: str) -> None:
    assert not find(OLD, text_of(page))


def test_an_unknown_number_is_told(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match='no number "fax"'):
        register(tmp_path).to_show(NEW, "fax")


STEP = """
  - phase: Now
    steps:
      - step: places
        title: Correct the number everywhere
        published: {WHAT}
        by_hand: Take the list.
"""


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("{show: standby, instead_of: offise}", 'there is no number "offise"'),
        ("{instead_of: office}", 'no earlier step sets the fact "office_number"'),
        ("{show: '{fact:answer}', instead_of: office}", 'no earlier step sets the fact "answer"'),
        ("{show: standbye, instead_of: office}", 'there is no number "standbye"'),
        ("{show: '12', instead_of: office}", "expected a number of bcp.yaml"),
        ("{show: standby, restore: office}", "show belongs to instead_of"),
        ("{show: standby}", "expected either instead_of or restore"),
    ],
)
def test_a_mistake_is_found_at_load(tmp_path: Path, what: str, words: str) -> None:
    made = office_in(tmp_path, outage=runbook(STEP.replace("{WHAT}", what)))
    numbers = "numbers:\n  - {number: office, phone: '+48226000001'}\n  - {number: standby, phone: '+48600000110'}\n"
    (made / "bcp.yaml").write_text(OFFICE + numbers, encoding="utf-8")
    done = bcp(made, "validate")
    assert done.returncode == 2 and words in done.stderr, done.stderr


def test_the_register_is_listed_and_looked_at_in_peacetime(tmp_path: Path) -> None:
    with site(contact="<p>22 600 00 01</p>") as web:
        made = office_in(tmp_path)
        more = (
            "numbers:\n  - {number: office, phone: '+48226000001'}\n"
            f"published:\n  - {{published: contact, url: '{web.url}/contact', shows: [office], who: lead}}\n"
        )
        (made / "bcp.yaml").write_text(OFFICE + more, encoding="utf-8")
        told = bcp(made, "number", "published", "--look")
        assert told.returncode == 0 and "seen on the page: +48 22 600 00 01" in told.stdout
        assert "Anna Nowak" in told.stdout
        (listed,) = json.loads(bcp(made, "number", "published", "--json").stdout)
    assert listed["must_show"] == [OLD] and listed["confirmed"] is None and listed["seen"] is None

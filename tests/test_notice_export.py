"""Letters for a colleague at home: a table and a draft that make each letter, and nobody gets one from here as well."""

from __future__ import annotations

import csv
import json
import stat
import sys
from pathlib import Path

import pytest

from bcp.contact.cell import as_written
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.post import LetterContext, Post
from bcp.notice.text.merge import mergers
from tests.offices import STREAM, Stage, bcp, office_in, runbook
from tests.posts import office as with_letters
from tests.posts import order, post_room, real_world

PHASES = "  - phase: A\n    steps:\n      - {step: look, title: Look, by_hand: Do., manual: {}}\n"
ROWS = '''\
name,person,email,mobile,language,preferred_channel,opted_out
"Kłos; ""Bakery""",Halina Wrona,halina@example.com,,pl,,no
=cmd|' /C calc'!A0,,formula@example.com,,en,,no
Silent Ltd,Grace Carter,grace@example.com,,en,,no
Kiosk,Jan Cichy,jan@example.com,,pl,,yes
Praxis,Sabine Keller,s@example.com,+49 1512 3456789,de,whatsapp,no
Voice only,Ann Phone,,+48 600 000 299,en,,no
'''
FOLDER = f"incidents/{STREAM}/handed-over"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    place = with_letters(office_in(tmp_path, outage=runbook(PHASES)), None, ROWS)
    Stage(place)
    return place


def merged(place: Path) -> dict[str, str]:
    """What the add-on makes of all tables and drafts: the letter by its address."""
    made: dict[str, str] = {}
    for table in sorted((place / FOLDER).glob("*.csv")):
        raw = table.read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        draft = table.with_suffix(".txt").read_text(encoding="utf-8")
        assert draft.startswith("To: {{email}}\nSubject: ")
        for row in rows:
            assert not [cell for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]
            letter = draft
            for column, cell in row.items():
                letter = letter.replace(f"{{{{{column}}}}}", as_written(cell))
            assert "{{" not in letter and row["email"] not in made
            made[row["email"]] = letter
    return made


def whole(post: Post, address: str) -> str:
    """The letter that we would have written ourselves."""
    contact = next(one for one in post.contacts.all if one.email == address)
    campaign = post.ledger.campaigns(STREAM)[-1]
    context = LetterContext(STREAM, None, {}, "anna")
    text = mergers(post.notice(campaign.notice), post.setting(context, None, campaign.next_update))[
        contact.language or ""
    ].text(contact)
    return f"To: {address}\nSubject: {text.subject}\n\n{text.body}\n"


def test_table_and_draft_make_the_letters_and_nobody_gets_one_from_here(office: Path) -> None:
    done = bcp(office, "notice", "export", "line-down", "clients", "--for", "thunderbird")
    assert done.returncode == 0, done.stderr
    assert "Mail Merge" in done.stdout and "hand them over safely" in done.stdout
    assert "--delivered all" not in done.stdout + done.stderr, "nobody has sent one yet"
    made, post = merged(office), post_room(office)
    assert set(made) == {"halina@example.com", "formula@example.com", "grace@example.com"}
    for address, letter in made.items():
        assert letter == whole(post, address)
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in (office / FOLDER).iterdir()} == {0o600}
    send_the_rest(post)
    states = {row.name: (row.state, row.reply) for row in post.ledger.rows(f"{STREAM}/line-down/1")}
    assert states["Silent Ltd (Grace Carter)"] == ("unknown", "handed over by anna to be sent elsewhere")
    assert not list((office / "incidents").glob("*/letters/*grace*"))
    assert "3 letters handed over" in bcp(office, "incident", "log").stdout
    assert "Grace" not in bcp(office, "incident", "log").stdout


def send_the_rest(post: Post) -> None:
    letters = IncidentLetters(post, LetterContext(STREAM, None, {}, "anna"), real_world(post.folder))
    prepared = post.prepare(letters.affair, order())
    post.freeze(prepared)
    letters.deliver(prepared.campaign.id)


def test_a_second_table_holds_only_who_came_since_and_the_first_stays_as_it_is(office: Path) -> None:
    assert bcp(office, "notice", "export", "line-down", "clients").returncode == 0
    first = {path.name: path.read_bytes() for path in (office / FOLDER).iterdir()}
    again = bcp(office, "notice", "export", "line-down", "clients")
    assert "No letter waits" in again.stderr and "nobody said yet what went out: 3" in again.stderr
    with (office / "contacts" / "clients.csv").open("a", encoding="utf-8") as file:
        file.write("Late,Eve Late,eve@example.com,,en,,no\n")
    assert bcp(office, "notice", "export", "line-down", "clients").returncode == 0
    after = {path.name: path.read_bytes() for path in (office / FOLDER).iterdir()}
    assert after.items() >= first.items() and len(after) == len(first) + 2
    assert "eve@example.com" in after["line-down-1-en-2.csv"].decode()


def test_what_was_handed_over_is_not_told_until_somebody_says_so(office: Path) -> None:
    assert bcp(office, "notice", "export", "line-down", "clients").returncode == 0
    said = bcp(office, "notice", "status")
    assert "3 letters are handed over to be sent elsewhere. Nobody said yet that they went" in said.stderr
    page = (office / "incidents" / STREAM / "phone.html").read_text(encoding="utf-8")
    assert page.count("handed over by anna to be sent elsewhere") == 3, "who opens the page must know"
    assert bcp(office, "notice", "called", "A1=sent").returncode == 0
    assert bcp(office, "notice", "unknown", "--delivered", "all").returncode == 0
    status = json.loads(bcp(office, "notice", "status", "--json").stdout)
    told = {one["name"] for one in status["contacts"] if one["standing"] == "told"}
    assert len(told) == 3 and "Silent Ltd (Grace Carter)" in told


def test_words_that_depend_on_the_contact_in_another_way_go_as_whole_letters(office: Path) -> None:
    text = (office / "notices" / "line-down.en.md").read_text(encoding="utf-8")
    loud = "{{ greeting }}, {{ name|upper }}{% if person %} for {{ person }}{% endif %}"
    text = text.replace("{{ greeting }},", loud)
    (office / "notices" / "line-down.en.md").write_text(text, encoding="utf-8")
    assert bcp(office, "notice", "export", "line-down", "clients").returncode == 0
    made, post = merged(office), post_room(office)
    assert "SILENT LTD for Grace Carter" in made["grace@example.com"]
    for address, letter in made.items():
        assert letter == whole(post, address)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("line-down", "clients", "--for", "outlook"), 2, '"outlook" is no program that it is written for'),
        (("nothing", "clients"), 2, 'there is no notice "nothing"'),
        (("line-down", "nobody"), 2, 'nobody is in the audience "nobody"'),
    ],
)
def test_what_cannot_be_handed_over_is_a_sentence(
    office: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    done = bcp(office, "notice", "export", *arguments)
    assert done.returncode == status and words in done.stderr[0].lower() + done.stderr[1:], done.stderr
    assert not (office / FOLDER).exists()

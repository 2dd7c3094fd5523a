"""A new plan: the dialogue at a terminal, the options without one, all files or none, in the office's language."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bcp.app.draft.writing import written
from bcp.draft.names import LONGEST, free_name, name_of, read_name
from bcp.draft.notice import NEUTRAL
from bcp.notice.text.model import LANGUAGE_NAMES
from tests import kept
from tests.children import IS_WINDOWS
from tests.offices import bcp
from tests.test_guided import Terminal

OFFICE = """
name: Agencja Kropka
language: {language}
country: PL
timezone: Europe/Warsaw
people:
  - {{person: anna, name: Anna Nowak, phone: "+48600000101", email: anna@kropka.example}}
  - {{person: piotr, name: Piotr Lis, phone: "+48600000102"}}
roles:
  - {{role: lead, owner: anna, deputies: [piotr]}}
  - {{role: deputy, owner: piotr}}
lines:
  - {{line: card-terminal, title: Card payments, provider: Karta, support: "+48226000091", email: pomoc@karta.example}}
activities:
  - {{activity: payments, target: 2h, unbearable_after: 1d, minimum: Cash is taken}}
"""
CONTACTS = """name,person,email,language
Piekarnia,Halina Wrona,halina@example.com,pl
Bakery,Jane Miller,jane@example.com,en
"""
MINE = "---\nsubject: Mine\nkind: down\n---\n{{ greeting }},\n\nthis is mine.\n"
SAID = ("--title", "Our payment terminal is dead", "--when", "Two cards in a row cannot be read")
ALL = (*SAID, "--id", "terminal", "--lead", "lead", "--activity", "payments", "--within", "4h")
TELLS = (*ALL, "--tell-clients", "--clients-read", "You cannot pay by card at our office")
NAMES = {
    "runbooks/terminal.yaml", "checks/terminal.yaml", "answers/terminal.yaml", "notices/terminal.en.md",
    "notices/terminal.pl.md", "notices/terminal-over.en.md", "notices/terminal-over.pl.md",
}  # fmt: skip


def office_speaking(language: str, folder: Path, contacts: str = CONTACTS) -> Path:
    (folder / "contacts").mkdir(parents=True)
    (folder / "bcp.yaml").write_text(OFFICE.format(language=language), encoding="utf-8")
    (folder / "contacts" / "clients.csv").write_text(contacts, encoding="utf-8")
    return folder


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return office_speaking("en", tmp_path / "office")


@pytest.fixture
def person(office: Path) -> Iterator[Terminal]:
    terminal = Terminal(office, "runbook", "new", width=100)
    yield terminal
    terminal.child.close(force=True)


def files(office: Path) -> set[str]:
    """All that an author would see."""
    found = {path.relative_to(office).as_posix() for path in office.rglob("*") if path.is_file()}
    return {each for each in found if not each.startswith("incidents/")}


def plan(office: Path, name: str = "terminal") -> dict[str, object]:
    told: dict[str, object] = yaml.safe_load(
        (office / "runbooks" / f"{name}.yaml").read_text(encoding="utf-8")
    )
    return told


def steps(told: dict[str, object]) -> list[str]:
    phases: list[dict[str, list[dict[str, str]]]] = told["phases"]  # type: ignore[assignment]
    return [step["step"] for phase in phases for step in phase["steps"]]


# At a terminal


def test_each_question_has_a_usual_answer_and_the_plan_is_written_read_and_played_dry(
    office: Path, person: Terminal
) -> None:
    before = files(office)
    person.sees("Press Enter to accept", "What has happened").types("Our payment terminal is dead")
    person.sees("When does the plan begin? [").types("")
    person.sees("short name", "[our-payment-terminal-is-dead]").types("terminal")
    person.sees("Who leads?", "1  lead: Anna Nowak", "[1]").types("")
    person.sees("1  payments: Cash is taken", "2  card-terminal: Card payments", "3  none of these").types(
        "1"
    )
    person.sees("By when must it be over?", "[2h]").types("")
    person.sees("Do clients hear of it? [yes]").types("")
    person.sees("What do clients read first?", NEUTRAL["down"]["en"]).types("You cannot pay by card")
    person.sees("What can the computer look at?", "[nothing]").types("192.168.1.20:443")
    person.sees("These files will be written:", "runbooks/terminal.yaml", "Write them?").types("")
    person.sees(
        "wrote runbooks/terminal.yaml", "wrote notices/terminal.(en pl).md", "No mistakes.", "played dry"
    )
    person.sees("The phases end after 2 h: within the target of 2 h.", "bcp drill start terminal --answers")
    assert person.ends() == 0
    assert files(office) - before == NAMES
    assert plan(office)["stops"] == plan(office)["activities"] == ["payments"]
    assert "You cannot pay by card." in (office / "notices/terminal.en.md").read_text(encoding="utf-8")
    assert NEUTRAL["down"]["pl"] in (office / "notices/terminal.pl.md").read_text(encoding="utf-8")


def test_an_answer_that_cannot_be_taken_is_asked_again_with_why(office: Path, person: Terminal) -> None:
    person.sees("What has happened").types("").sees("Expected a few words")
    person.types("x" * 101).sees("100 letters at most").types("The printer burns")
    person.sees("When does").types("").sees("[the-printer-burns]").types("Prin ter").sees("prin-ter").types(
        "con"
    )
    person.sees("Windows").types("").sees("Who leads?").types("9").sees("from 1 to 2").types("deputy")
    person.sees("Which activity").types("").sees("[4h]").types("soon").sees("a number of hours").types("1m")
    person.sees("at least 5 minutes").types("3 hours").sees("Do clients").types("perhaps").sees("yes or no")
    person.types("yes").sees("clients read").types("Our phone is dead").sees("only the incident knows")
    person.types("{{ oops }}").sees("plain words").types("").sees("look at").types("my fridge")
    person.sees("a device").types("").sees("Write them?").types("n")
    assert person.ends() == 2
    assert not (office / "runbooks").exists()


@pytest.mark.parametrize("key", ["c", "d"])
def test_who_leaves_the_dialogue_leaves_nothing_behind(office: Path, person: Terminal, key: str) -> None:
    before = files(office)
    person.sees("What has happened").types("Our payment terminal is dead").sees("When does the plan").presses(
        key
    )
    person.sees("Interrupted" if key == "c" else "Nothing was written")
    assert person.ends() == (130 if key == "c" else 2)
    assert files(office) == before


def test_a_closed_window_leaves_nothing_behind(office: Path, person: Terminal) -> None:
    before = files(office)
    person.sees("What has happened").types("Our payment terminal is dead").sees("When does the plan")
    person.child.close(force=True)
    assert files(office) == before


def test_what_was_said_on_the_command_line_is_not_asked_again(office: Path) -> None:
    person = Terminal(office, "runbook", "new", *TELLS)
    person.sees("What can the computer look at?").types("").sees("Write them?").types("")
    person.sees("No check was written", "No mistakes.")
    assert person.ends() == 0
    assert not (office / "checks").exists()


def test_a_polish_office_is_asked_in_polish_and_gets_a_polish_plan(tmp_path: Path) -> None:
    office = office_speaking("pl", tmp_path / "biuro")
    person = Terminal(office, "runbook", "new")
    person.sees("Co się stało").types("Zalało nam serwerownię").sees("[").types("").sees(
        "[zalalo-nam-serwerownie]"
    )
    person.types("").sees("1  lead").types("").sees("card-terminal").types("").sees("[4h]").types("")
    person.sees("[tak]").types("").sees(NEUTRAL["down"]["pl"]).types("").sees("[nic]").types("")
    person.sees("runbooks/zalalo-nam-serwerownie.yaml").types("").sees("Dalej:")
    assert person.ends() == 0
    text = (office / "runbooks" / "zalalo-nam-serwerownie.yaml").read_text(encoding="utf-8")
    assert "Upewnij się" in text
    for english in ("Make sure", "Write down", "Tell ", "What do", "Since when", "Within"):
        assert english not in text
    assert "Zalało nam serwerownię" in bcp(office, "runbook", "list").stdout


# Without a terminal


def test_without_a_terminal_all_that_is_missing_is_named_at_once(office: Path) -> None:
    before = files(office)
    said = bcp(office, "runbook", "new")
    assert said.returncode == 2
    for option in ("--title TEXT", "--when TEXT", "--lead ROLE", "--within TIME", "--tell-clients"):
        assert f"  {option}   " in said.stderr
    said = bcp(office, "runbook", "new", *SAID, "--activity", "payments", "--lead", "lead")
    assert said.returncode == 2
    assert "--tell-clients" in said.stderr and "--within" not in said.stderr and "--title" not in said.stderr
    assert files(office) == before


def test_what_is_written_passes_validate_and_lint_and_a_scripted_drill_plays_it(office: Path) -> None:
    said = bcp(office, "runbook", "new", *TELLS, "--look-at", "192.168.1.20:443")
    assert said.returncode == 0, said.stderr
    assert files(office) >= NAMES
    assert bcp(office, "validate").returncode == 0
    for notice in ("terminal", "terminal-over"):
        assert "0 findings" in bcp(office, "notice", "lint", notice).stderr
    for verb in (["start", "terminal"], ["close"]):
        played = bcp(office, "drill", *verb, "--answers", "answers/terminal.yaml")
        assert played.returncode == 0 and "failed" not in played.stderr, played.stderr
    record = next((office / "incidents").glob("drill-*/journal.txt")).read_text(encoding="utf-8")
    assert "it does not react" in record and "DRILL closed" in record


def test_a_line_of_the_office_has_its_fault_reported(office: Path) -> None:
    for notice, language in (("read-back", "en"), ("read-back", "pl"), ("update", "en"), ("update", "pl")):
        shipped = Path(__file__).parent.parent / "notices" / f"{notice}.{language}.md"
        (office / "notices").mkdir(exist_ok=True)
        (office / "notices" / shipped.name).write_bytes(shipped.read_bytes())
    said = bcp(office, "runbook", "new", *TELLS[:9], "card-terminal", *TELLS[10:])
    assert said.returncode == 0, said.stderr
    text = (office / "runbooks" / "terminal.yaml").read_text(encoding="utf-8")
    assert "report-fault:" in text and "line: card-terminal" in text
    assert "promised-news" in steps(plan(office))


def test_a_plan_about_none_of_the_activities_shows_no_clocks_and_one_of_which_nobody_said_it_shows_all(
    office: Path,
) -> None:
    rest = (*SAID, "--lead", "lead", "--within", "4h", "--no-tell-clients")
    for name, more in (
        ("said", ("--activity", "")),
        ("unsaid", ()),
        ("line", ("--activity", "card-terminal")),
    ):
        made = bcp(office, "runbook", "new", *rest, "--id", name, *more)
        assert made.returncode == 0, made.stderr
    assert plan(office, "said")["activities"] == []
    assert "activities" not in plan(office, "unsaid") and "activities" not in plan(office, "line")


def test_what_the_lint_of_plans_says_of_a_draft_is_shown(office: Path) -> None:
    said = bcp(
        office, "runbook", "new", *ALL, "--tell-clients", "--clients-read", "Please note that we are slow"
    )
    assert said.returncode == 0
    assert "deserves a second look" in said.stderr
    assert re.search(r'runbooks/terminal.yaml:\d+:\d+: "please note" is a word for experts', said.stderr)


def test_a_sentence_for_clients_says_that_they_hear_of_it(office: Path) -> None:
    said = bcp(office, "runbook", "new", *TELLS[:-3], *TELLS[-2:])
    assert said.returncode == 0 and (office / "notices/terminal.en.md").is_file(), said.stderr
    said = bcp(office, "runbook", "new", *TELLS[:-3], "--id", "other", "--no-tell-clients", *TELLS[-2:])
    assert said.returncode == 2 and "so they read no sentence" in said.stderr
    assert not (office / "runbooks/other.yaml").exists()


def test_an_author_need_not_be_one_of_the_people_of_the_office(office: Path) -> None:
    said = bcp(office, "runbook", "new", *TELLS, BCP_PERSON="somebody-else")
    assert said.returncode == 0, said.stderr


def test_a_mistake_in_a_notice_is_told_before_anything_is_asked(office: Path) -> None:
    (office / "notices").mkdir()
    (office / "notices" / "other.en.md").write_text("no front matter\n", encoding="utf-8")
    person = Terminal(office, "runbook", "new")
    person.sees("notices/other.en.md:1:1", "1 mistake in the files of this office")
    assert person.ends() == 2


def test_a_mistake_in_another_plan_stands_in_nobodys_way(office: Path) -> None:
    (office / "runbooks").mkdir()
    (office / "runbooks" / "other.yaml").write_text("runbook: other\ntitel: Other\n", encoding="utf-8")
    said = bcp(office, "runbook", "new", *TELLS)
    assert said.returncode == 0 and "No mistakes." in said.stderr, said.stderr
    assert NAMES - {"checks/terminal.yaml"} <= files(office)


def test_without_clients_no_notice_is_written_and_no_step_tells_them(office: Path) -> None:
    said = bcp(office, "runbook", "new", *ALL, "--no-tell-clients")
    assert said.returncode == 0, said.stderr
    assert not (office / "notices").exists()
    assert "notify" not in (office / "runbooks" / "terminal.yaml").read_text(encoding="utf-8")
    assert "tell-clients" not in steps(plan(office))


def test_where_nobody_can_be_told_yet_the_plan_is_written_and_that_is_said(tmp_path: Path) -> None:
    office = office_speaking("en", tmp_path / "office", CONTACTS.splitlines()[0] + "\n")
    said = bcp(office, "runbook", "new", *TELLS)
    assert said.returncode == 4
    assert "Could not be simulated: tell-clients: there are no contacts yet" in said.stderr
    assert "\n  → write them into contacts/clients.csv" in said.stderr
    assert {"runbooks/terminal.yaml", "notices/terminal.en.md"} <= files(office)


@pytest.mark.parametrize("taken", sorted(NAMES))
def test_no_file_is_written_over_and_none_is_written_beside_one(office: Path, taken: str) -> None:
    (office / taken).parent.mkdir(exist_ok=True)
    (office / taken).write_text(MINE if taken.endswith(".md") else "mine\n", encoding="utf-8")
    before = kept.tree(office)
    said = bcp(office, "runbook", "new", *TELLS, "--look-at", "192.168.1.20:443")
    assert said.returncode == 2
    assert 'something called "terminal" already; free is: terminal-2' in said.stderr
    assert kept.tree(office) == before


def test_a_second_plan_of_the_same_title_gets_a_name_of_its_own_at_a_terminal(office: Path) -> None:
    assert bcp(office, "runbook", "new", *SAID, *ALL[6:], "--no-tell-clients").returncode == 0
    person = Terminal(office, "runbook", "new", *SAID)
    person.sees("[our-payment-terminal-is-dead-2]").presses("c")
    assert person.ends() == 130


@pytest.mark.skipif(IS_WINDOWS or os.geteuid() == 0, reason="root may write everywhere")
def test_where_one_file_cannot_be_written_none_is_left(office: Path) -> None:
    (office / "answers").mkdir()
    (office / "answers").chmod(0o500)
    before = files(office)
    said = bcp(office, "runbook", "new", *TELLS)
    (office / "answers").chmod(0o700)
    assert said.returncode == 2 and "answers/terminal.yaml cannot be written" in said.stderr
    assert files(office) == before and not (office / "runbooks").exists()


def test_what_is_interrupted_while_it_is_written_is_taken_away_again(office: Path) -> None:
    before = files(office)
    with (
        pytest.raises(KeyboardInterrupt),
        written(office, {"answers/x.yaml": "x\n", "runbooks/x.yaml": "x\n"}),
    ):
        assert (office / "runbooks" / "x.yaml").is_file()
        raise KeyboardInterrupt
    assert files(office) == before and not (office / "answers").exists()


def test_a_file_in_place_of_a_folder_stops_it_with_nothing_left(office: Path) -> None:
    (office / "answers").write_text("not a folder", encoding="utf-8")
    said = bcp(office, "runbook", "new", *TELLS)
    assert said.returncode == 2 and "answers" in said.stderr and "Nothing was written" in said.stderr
    assert not (office / "runbooks").exists() and not (office / "notices").exists()


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--lead", "leed", 'did you mean "lead"'),
        ("--activity", "paiments", 'did you mean "payments"'),
        ("--within", "soon", "a number of hours or days"),
        ("--within", "1m", "at least 5 minutes"),
        ("--id", "Über uns", "uber-uns"),
        ("--id", "nul", "nul-plan"),
        ("--title", "", "a few words"),
        ("--look-at", "the fridge", "a web address"),
        ("--look-at", "192.168.1.20:99999", "65535"),
        ("--clients-read", "Our phone is dead", "what only the incident knows"),
        ("--clients-read", "{{ office.name }} is closed", "plain words"),
    ],
)
def test_an_option_that_cannot_be_taken_is_refused_with_what_can(
    office: Path, option: str, value: str, why: str
) -> None:
    before = files(office)
    said = bcp(office, "runbook", "new", *TELLS, option, value)
    assert said.returncode == 2 and why in said.stderr, said.stderr
    assert files(office) == before


@pytest.mark.parametrize(
    "title",
    [
        'It says: "stop" # really',
        "yes",
        "2026-11-26",
        "- no -",
        "{fact:x} & [list]",
        "Zażółć „gęślą” jaźń",
        "0x1f",
    ],
)
def test_a_title_is_kept_letter_by_letter_whatever_is_in_it(office: Path, title: str) -> None:
    said = bcp(office, "runbook", "new", "--title", title, *ALL[2:], "--no-tell-clients")
    assert said.returncode == 0, said.stderr
    assert plan(office)["title"] == title
    assert json.loads(bcp(office, "runbook", "list", "--json").stdout)[0]["title"] == title


# Names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Zażółć gęślą jaźń", "zazolc-gesla-jazn"),
        ("Größe zählt", "grosse-zahlt"),
        ("Το τερματικό δεν δουλεύει", "to-termatiko-den-doyleyei"),
        ("Сервер молчит", "plan"),
        ("3 servers are gone", "servers-are-gone"),
        ("CON", "con-plan"),
        ("lpt1", "lpt1-plan"),
        ("…", "plan"),
    ],
)
def test_a_name_is_made_of_what_a_title_says(title: str, name: str) -> None:
    assert name_of(title) == name == read_name(name)


def test_a_long_title_gets_a_name_that_ends_with_a_word() -> None:
    name = name_of("The water in the cellar has reached the shelves with the old files")
    assert name == "the-water-in-the-cellar-has-reached-the" and len(name) <= LONGEST
    assert len(name_of("x" * 300)) == LONGEST
    assert len(free_name(name, {name}.__contains__)) <= LONGEST


# Notices


def test_there_is_a_draft_of_each_kind_in_each_language(office: Path) -> None:
    for kind, said in NEUTRAL.items():
        assert said.keys() == LANGUAGE_NAMES.keys()
        languages = [word for language in said for word in ("--lang", language)]
        made = bcp(office, "notice", "new", kind, "--kind", kind, *languages)
        assert made.returncode == 0, made.stderr
        assert f"wrote notices/{kind}.(" in made.stdout
        linted = bcp(office, "notice", "lint", kind)
        assert linted.returncode == 0 and "0 findings" in linted.stderr, linted.stderr


def test_a_notice_is_written_in_the_languages_that_contacts_read(office: Path) -> None:
    said = bcp(office, "notice", "new", "cards", "--kind", "down", "--clients-read", "Cards cannot be read")
    assert said.returncode == 0, said.stderr
    assert {path.name for path in (office / "notices").iterdir()} == {"cards.en.md", "cards.pl.md"}
    text = (office / "notices" / "cards.en.md").read_text(encoding="utf-8")
    assert re.search(r"\{# says: acknowledge #\}Cards cannot be read\.", text)
    assert bcp(office, "notice", "preview", "cards").returncode == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("cards",), "which kind of notice?"),
        (("cards", "--kind", "dwn"), 'did you mean "down"'),
        (("cards", "--kind", "down", "--lang", "fr"), "languages: "),
        (("Cards", "--kind", "down"), "such as cards"),
        (("aux", "--kind", "down"), "aux-plan"),
        (("kept", "--kind", "down", "--lang", "en"), "free is: kept-2"),
        (("cards", "--kind", "down", "--clients-read", "Our phone is dead"), "what only the incident knows"),
        (
            ("cards", "--kind", "down", "--lang", "pl", "--clients-read", "Cards rest"),
            "language of the office",
        ),
    ],
)
def test_a_notice_that_cannot_be_is_refused_and_no_file_is_left(
    office: Path, words: tuple[str, ...], why: str
) -> None:
    (office / "notices").mkdir()
    (office / "notices" / "kept.en.md").write_text(MINE, encoding="utf-8")
    before = files(office)
    said = bcp(office, "notice", "new", *words)
    assert said.returncode == 2 and why.lower() in said.stderr.lower(), said.stderr
    assert files(office) == before


def test_a_notice_that_is_there_gets_the_languages_that_it_lacks(office: Path) -> None:
    assert bcp(office, "notice", "new", "cards", "--kind", "down", "--lang", "en").returncode == 0
    english = (office / "notices" / "cards.en.md").read_bytes()
    said = bcp(office, "notice", "new", "cards")
    assert said.stdout == "wrote notices/cards.pl.md\n", said.stderr
    assert bcp(office, "notice", "new", "cards", "--lang", "de").returncode == 0
    assert "kind: down" in (office / "notices" / "cards.de.md").read_text(encoding="utf-8")
    assert (office / "notices" / "cards.en.md").read_bytes() == english
    said = bcp(office, "notice", "new", "cards")
    assert said.returncode == 2 and "such as: --lang de" in said.stderr
    said = bcp(office, "notice", "new", "cards", "--lang", "cs", "--kind", "update")
    assert said.returncode == 2 and "is of the kind down" in said.stderr


SMS = 'channels:\n  - channel: text\n    sms-smsapi: {token: "env:SMS", from: OurOffice}\n'


def test_the_drafts_fit_into_two_text_messages(office: Path) -> None:
    (office / "channels.yaml").write_text(SMS, encoding="utf-8")
    for kind, said in NEUTRAL.items():
        languages = [word for language in said for word in ("--lang", language)]
        made = bcp(office, "notice", "new", kind, "--kind", kind, *languages)
        assert made.returncode == 0 and "Mend this" not in made.stderr, made.stderr


def test_a_text_message_that_the_name_of_the_office_makes_too_long_is_left_to_the_author(
    office: Path,
) -> None:
    (office / "channels.yaml").write_text(SMS, encoding="utf-8")
    text = (office / "bcp.yaml").read_text(encoding="utf-8")
    long = "Kancelaria Radców Prawnych Żółkiewski, Dąbrowska i Wspólnicy sp. k."
    (office / "bcp.yaml").write_text(text.replace("Agencja Kropka", f'"{long}"'), encoding="utf-8")
    said = bcp(office, "runbook", "new", *TELLS)
    assert "Mend this before it is sent:" in said.stderr and "the text message is too long" in said.stderr
    assert said.returncode == 4 and "Could not be simulated: tell-clients" in said.stderr
    assert (office / "runbooks" / "terminal.yaml").is_file()


def test_at_a_terminal_a_notice_asks_what_it_says(office: Path) -> None:
    person = Terminal(office, "notice", "new", "cards")
    person.sees("What does it say?", "2  update").types("3").sees(NEUTRAL["all-clear"]["en"]).types("")
    person.sees("wrote notices/cards.(en pl).md", "bcp notice preview cards")
    assert person.ends() == 0
    assert "kind: all-clear" in (office / "notices" / "cards.pl.md").read_text(encoding="utf-8")

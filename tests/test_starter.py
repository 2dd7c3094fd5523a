"""The shipped content, the sample office, and the files that `bcp init` writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.action.base import Loc
from bcp.contact.load import load as load_contacts
from bcp.errors import InputError
from bcp.office import starter
from bcp.office.model import Office
from bcp.office.starter import NewOfficeAnswers
from bcp.runbook.model import Acting, Step
from bcp.validate import OfficeConfig
from bcp.validate import load as load_office
from bcp.yaml.source import Reader, parse
from tests.children import needs_links
from tests.offices import bcp

KROPKA = NewOfficeAnswers(
    name="Agencja Kropka",
    country="PL",
    language="pl",
    timezone="Europe/Warsaw",
    lead="Anna Nowak",
    lead_mobile="+48 600 000 101",
    deputy="Piotr Zieliński",
    deputy_mobile="+48 600 000 102",
    provider="Światłowód Wisła",
    fault_number="+48 22 600 00 91",
    client_lost_after=timedelta(days=2),
)
NOTHING = NewOfficeAnswers(name="Our office", country="DE", language="de", timezone="Europe/Berlin")


@pytest.fixture(scope="module")
def sample_folder(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("sample")
    starter.write(starter.sample_office(), folder)
    return folder


@pytest.fixture(scope="module")
def sample(sample_folder) -> OfficeConfig:
    return load_office(sample_folder)


def acts(whole: OfficeConfig) -> Iterator[tuple[str, Acting]]:
    for name, loaded in whole.runbooks.items():
        for loc, act in loaded.model.acts():
            yield f"{name}: {_shown(loc)} {act.title}", act


def _shown(loc: Loc) -> str:
    return ".".join(map(str, loc))


def office_of(files: dict[str, str]) -> Office:
    reader = Reader()
    office = reader.model(parse(files["bcp.yaml"], "bcp.yaml"), Office)
    reader.finish()
    assert office is not None
    return office


# What is shipped


def test_the_sample_office_has_no_mistake(sample):
    assert {"internet-outage", "phone-outage", "divert-calls", "long-outage"} <= set(sample.runbooks)
    assert {"internet", "website"} <= set(sample.checks)
    assert len(sample.office.people) == 9


def test_an_office_of_five_answers_has_no_mistake(tmp_path):
    starter.write(starter.plain_office(KROPKA), tmp_path)
    assert load_office(tmp_path).office.name == "Agencja Kropka"


def test_an_office_of_no_answers_has_no_mistake(tmp_path):
    starter.write(starter.plain_office(NOTHING), tmp_path)
    whole = load_office(tmp_path)
    assert [role.role for role in whole.office.roles] == ["lead", "deputy"]


def test_each_line_to_fill_in_holds_once_its_sign_is_taken_away():
    text = starter.plain_office(NOTHING)["bcp.yaml"]
    lines = text.splitlines()
    block = lines.index("#published:")
    places = [number for number, line in enumerate(lines[:block]) if re.match(r" *#[a-z-]", line)]
    assert len(places) > 20
    alone = [{number} for number in places]
    for chosen in (*alone, set(places), set(range(block, block + 7))):
        filled = [line.replace("#", "", 1) if at in chosen else line for at, line in enumerate(lines)]
        office_of({"bcp.yaml": "\n".join(filled) + "\n"})


def test_every_role_that_a_runbook_names_is_held_in_a_new_office_too(sample):
    held = {role.role for role in office_of(starter.plain_office(NOTHING)).roles}
    named = {act.who for _where, act in acts(sample) if act.who}
    named |= {loaded.model.owner for loaded in sample.runbooks.values()}
    assert named <= held


def test_every_step_and_every_undo_can_be_done_by_hand(sample):
    assert [where for where, act in acts(sample) if len(act.by_hand) < 40] == []


def test_every_title_begins_with_what_to_do(sample):
    no_verbs = {
        "The",
        "A",
        "An",
        "Our",
        "We",
        "You",
        "If",
        "When",
        "It",
        "There",
        "Please",
        "No",
        "All",
        "This",
    }
    wrong = [
        where
        for where, act in acts(sample)
        if not re.match(r"[A-Z][a-z]+ ", act.title) or act.title.split()[0] in no_verbs
    ]
    assert wrong == []


def test_every_step_names_the_state_that_is_wanted(sample):
    assert [where for where, act in acts(sample) if not act.result] == []


def test_no_phase_has_ten_steps(sample):
    for loaded in sample.runbooks.values():
        for phase in loaded.model.phases:
            assert len(phase.steps) < 10, phase.phase
        assert len(loaded.model.stand_down) < 10


def test_no_word_is_too_long_for_a_table_on_paper(sample):
    for where, act in acts(sample):
        for text in (act.title, act.by_hand, act.result or "", act.warning or ""):
            words = re.sub(r"\{fact:[a-z_]+\}", "", text).split()
            assert [word for word in words if len(word) > 25] == [], where


def test_what_an_outage_switches_on_is_switched_off_again(sample):
    def undone(runbook: str) -> set[str]:
        acts = [act for _loc, act in sample.runbooks[runbook].model.acts()]
        return {act.step for act in acts if isinstance(act, Step) and act.undo}

    assert {"mobile", "website-notice", "pause-ads", "google-profile", "auto-reply"} <= undone(
        "internet-outage"
    )
    assert {"website-number", "pause-ads", "google-profile", "mail-signature"} <= undone("phone-outage")
    assert {"forward", "greeting", "tell-number"} <= undone("divert-calls")


def test_every_shipped_yaml_file_names_its_schema():
    for path, text in starter.sample_office().items():
        if path.endswith(".yaml"):
            kind = {"runbooks": "runbook", "checks": "check"}.get(Path(path).parent.name, "office")
            up = "../" * (len(Path(path).parts) - 1)
            assert text.startswith(f"# yaml-language-server: $schema={up}.schema/{kind}.json\n"), path


def test_the_sample_contacts_are_clean_and_speak_five_languages(sample_folder):
    contacts = load_contacts(sample_folder, "PL")
    assert contacts.mistakes == ()
    assert contacts.remarks == ()
    clients = [contact for contact in contacts.all if contact.file == "clients"]
    assert 15 <= len(clients) <= 20
    assert {client.language for client in clients} == {"pl", "en", "cs", "de", "el"}
    assert {client.running_project for client in clients} == {True, False}


def test_no_sample_address_can_reach_a_real_person(sample, sample_folder):
    contacts = load_contacts(sample_folder, "PL").all
    addresses = [contact.email for contact in contacts] + [who.email for who in sample.office.people]
    assert [each for each in addresses if each and not each.endswith(".example")] == []
    made_up = re.compile(
        r"\+(48\d{2,3}600\d{4}|48600000\d{3}|420\d{3}0000\d\d|493023125\d{3}|491713920\d{3}"
        r"|30(210|690)000\d{4}|44207946\d{4})"
    )
    numbers = [number for contact in contacts for number in (contact.phone, contact.mobile) if number]
    numbers += [who.phone for who in sample.office.people if who.phone]
    assert [number for number in numbers if not made_up.fullmatch(number)] == []


# The file of a new office


def test_the_answers_become_people_roles_and_lines():
    office = office_of(starter.plain_office(KROPKA))
    assert [(who.person, who.phone) for who in office.people] == [
        ("anna", "+48600000101"),
        ("piotr", "+48600000102"),
    ]
    lead, deputy = office.roles
    assert (lead.owner, lead.deputies) == ("anna", ["piotr"])
    assert (deputy.owner, deputy.deputies) == ("piotr", ["anna"])
    assert office.lines[0].provider == "Światłowód Wisła"
    assert office.lines[0].support == "+48 22 600 00 91"


def test_without_a_deputy_the_lead_holds_both_roles():
    office = office_of(starter.plain_office(replace(KROPKA, deputy="  ", deputy_mobile="")))
    assert [(role.owner, role.deputies) for role in office.roles] == [("anna", []), ("anna", [])]


def test_two_people_of_one_name_and_names_in_other_letters_get_their_own_ids():
    def ids(lead: str, deputy: str) -> list[str]:
        office = office_of(starter.plain_office(replace(KROPKA, lead=lead, deputy=deputy)))
        return [who.person for who in office.people]

    assert ids("Anna Nowak", "anna Lis") == ["anna", "anna-2"]
    assert ids("Łukasz Żak", "Øyvind") == ["lukasz", "oyvind"]
    assert ids("Ελένη", "Олена") == ["lead", "deputy"]
    assert ids("Ελένη", "Lead Singer") == ["lead", "lead-2"]


def test_who_leads_has_no_word_of_a_sentence_for_an_id_where_nobody_named_anybody() -> None:
    office = office_of(starter.plain_office(NOTHING))
    assert [who.person for who in office.people] == ["lead"]
    assert {role.owner for role in office.roles} == {"lead"}


@pytest.mark.parametrize(("lost_after", "target"), [("30m", "15m"), ("4h", "2h"), ("1d", "4h"), ("7d", "4h")])
def test_the_phone_is_to_be_back_well_before_a_client_is_lost(lost_after, target):
    length = {"30m": timedelta(minutes=30), "4h": timedelta(hours=4), "1d": timedelta(days=1)}.get(
        lost_after, timedelta(days=7)
    )
    text = starter.plain_office(replace(KROPKA, client_lost_after=length))["bcp.yaml"]
    assert f"    target: {target}\n    unbearable_after: {lost_after}\n" in text


@pytest.mark.parametrize(
    "name",
    [
        'Müller & Söhne "Büro"',
        "Kropka: agencja",
        "C# & more # not a comment",
        "Back\\slash\\",
        "- a list?",
        "{curly: [brackets]}",
        "$name ${lead} $$",
        "yes",
        "0041",
        "Café 🎈 👨‍👩‍👧",
        "Γραφείο Αιγαίο",
        "non\u00a0breaking",
        "'single'",
        "*anchor &alias !tag %directive @at `tick`",
    ],
)
def test_a_name_comes_back_as_it_was_typed(name):
    office = office_of(starter.plain_office(replace(KROPKA, name=name, lead=name, provider=name)))
    assert (office.name, office.people[0].name, office.lines[0].provider) == (name, name, name)


@given(st.text(min_size=1, max_size=80))
def test_any_name_comes_back_or_is_refused_in_a_sentence(name):
    try:
        files = starter.plain_office(replace(NOTHING, name=name))
    except InputError as error:
        assert error.message
        assert error.hint
        return
    assert office_of(files).name == name.strip()


@pytest.mark.parametrize(
    "name", ["two\nlines", "tab\there", "bell\a", "next\u0085line", "line\u2028end", "\ud800"]
)
def test_a_name_that_is_not_one_line_of_plain_text_is_refused(name):
    with pytest.raises(InputError, match="is not one line of plain text"):
        starter.plain_office(replace(KROPKA, name=name))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lead_mobile": "600 000 101"}, "country code"),
        ({"fault_number": "ask Anna"}, "can be dialled"),
        ({"timezone": "Europe/Nowhere"}, "time zone"),
        ({"country": "Poland"}, "Poland"),
        ({"name": " "}, "name"),
        ({"client_lost_after": timedelta(0)}, "duration"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused_with_its_line(wrong, message):
    with pytest.raises(InputError, match=message):
        starter.plain_office(replace(KROPKA, **wrong))


def test_a_new_office_has_no_contacts_but_the_names_of_their_columns(tmp_path):
    files = starter.plain_office(KROPKA)
    assert files["contacts/clients.csv"].startswith("name,person,")
    starter.write(files, tmp_path)
    contacts = load_contacts(tmp_path, "PL")
    assert (contacts.all, contacts.mistakes) == ((), ())


def test_what_happened_is_kept_out_of_a_shared_history():
    for files in (starter.plain_office(KROPKA), starter.sample_office()):
        assert {"incidents/", "drills/"} <= set(files[".gitignore"].splitlines())


def test_each_country_has_a_language_and_a_time_zone_that_exist():
    for country, home in starter.HOMES.items():
        assert re.fullmatch("[A-Z]{2}", country)
        assert re.fullmatch("[a-z]{2}", home.language)
        ZoneInfo(home.timezone)
    assert starter.HOMES["PL"] == ("pl", "Europe/Warsaw")


@pytest.mark.parametrize(
    ("environ", "country"),
    [
        ({"LANG": "pl_PL.UTF-8"}, "PL"),
        ({"LANG": "pl_PL.UTF-8", "LC_ALL": "de_AT"}, "AT"),
        ({"LANG": "C.UTF-8"}, None),
        ({}, None),
    ],
)
def test_the_country_is_guessed_from_the_language_of_the_computer(environ, country):
    assert starter.guess_country(environ) == country


# Writing


def test_what_is_there_already_is_never_overwritten_and_what_was_written_is_said(tmp_path):
    (tmp_path / "bcp.yaml").write_text("mine\n")
    done = starter.write({"bcp.yaml": "theirs\n", "runbooks/one.yaml": "new\n"}, tmp_path)
    assert done == (["runbooks/one.yaml"], ["bcp.yaml"])
    assert (tmp_path / "bcp.yaml").read_text() == "mine\n"
    assert (tmp_path / "runbooks/one.yaml").read_text() == "new\n"


def test_a_second_time_nothing_is_written(tmp_path):
    files = starter.sample_office()
    assert starter.write(files, tmp_path / "new" / "office").written == list(files)
    again = starter.write(files, tmp_path / "new" / "office")
    assert again == ([], list(files))


def test_a_schema_for_editors_is_renewed_where_it_is_of_an_older_version(tmp_path):
    ours = {".schema/check.json": "new\n"}
    assert starter.write({}, tmp_path, ours).written == [".schema/check.json"]
    assert starter.write({}, tmp_path, ours) == ([], [".schema/check.json"])
    (tmp_path / ".schema/check.json").write_text("old\n")
    assert starter.write({}, tmp_path, ours).written == [".schema/check.json"]
    assert (tmp_path / ".schema/check.json").read_text() == "new\n"


@needs_links
def test_a_link_that_leads_nowhere_is_not_followed(tmp_path):
    (tmp_path / "bcp.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert starter.write({"bcp.yaml": "x"}, tmp_path) == ([], ["bcp.yaml"])
    assert not (tmp_path / "elsewhere.yaml").exists()


def test_a_file_where_a_folder_should_be_is_a_sentence(tmp_path):
    (tmp_path / "runbooks").write_text("I am a file")
    with pytest.raises(InputError, match=r"runbooks.* cannot be written"):
        starter.write({"runbooks/one.yaml": "x"}, tmp_path)


def test_a_file_half_written_is_taken_away_again(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        starter.write({"notes.md": "whole line\n" * 10_000 + "\ud800"}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_as_utf_8_with_plain_line_ends(tmp_path):
    starter.write(starter.sample_office(), tmp_path)
    raw = (tmp_path / "bcp.yaml").read_bytes()
    assert b"\r" not in raw
    assert "Światłowód" in raw.decode("utf-8")


def test_a_notice_in_five_languages_is_one_line_of_what_was_written(tmp_path: Path) -> None:
    said = bcp(tmp_path, "init", "kropka", "--sample").stdout.splitlines()
    assert f"wrote {Path('kropka/notices/line-down.(cs de el en pl).md')}" in said
    assert f"wrote {Path('kropka/checks/website.yaml')}" in said
    assert len(said) < 45, "all of it fits on one screen"

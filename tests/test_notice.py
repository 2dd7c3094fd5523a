"""Notices: what is shipped reads well and breaks no rule; what an office writes is told its mistakes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.notice.campaign.dead import dead_numbers, only_dead
from bcp.notice.lint.lint import lint, lint_finished, missing_languages
from bcp.notice.lint.rule import pattern_of, rules
from bcp.notice.text.circumstance import CONDITIONS, SINCE
from bcp.notice.text.gsm import segments
from bcp.notice.text.language import LANGUAGES
from bcp.notice.text.load import load, load_files
from bcp.notice.text.marks import SAYS
from bcp.notice.text.merge import Merger, Setting
from bcp.notice.text.model import LANGUAGE_NAMES, SHORT, Notice, Version
from bcp.notice.text.placeholders import facts_of
from bcp.office.model import Office
from bcp.yaml.source import Reader

ROOT = Path(__file__).parent.parent
SHIPPED = {
    "all-clear", "complaint-reply", "elsewhere", "follow-up", "line-down", "number-changed", "read-back",
    "shop-migration", "staff-answer", "update", "we-are-back", "website-back", "website-down",
}  # fmt: skip
HALINA = Contact("halina", "Piekarnia Złoty Kłos", "Halina Wrona", "Pani Halino", language="pl")
SETTING = Setting(
    office={"name": "Agencja Kropka", "address": "ul. Przykładowa 12"},
    sender={"name": "Anna Nowak", "phone": "+48600000101"},
    reach={"phone": "+48600000110", "email": "biuro@kropka.example"},
    zone=ZoneInfo("Europe/Warsaw"),
    facts={
        **dict.fromkeys(["provider_ticket", "provider_agent", "provider_cause", "provider_promised"], "x"),
        "reported_at": "2026-11-26T08:10+01:00",
        "provider_promise": "noon",
        "window_begins": "2026-11-26T22:00+01:00",
        "window_ends": "2026-11-27T05:00+01:00",
        "word": "x",
    },
    next_update=datetime(2026, 11, 26, 15, tzinfo=UTC),
    since=datetime(2026, 11, 26, 6, 50, tzinfo=UTC),
)
GOOD = """\
{{ greeting }},

{# says: acknowledge #}We have a problem. I am sorry.
{# says: act #}We keep working; call {{ reach.phone }}.

I write again {{ next_update }}.
"""


def shipped() -> dict[str, Notice]:
    reader = Reader()
    found = load_files(sorted((ROOT / "notices").glob("*.md")), reader)
    reader.finish()
    return found


def every_version() -> list[Version]:
    return [version for notice in shipped().values() for version in notice.versions.values()]


def put(folder: Path, body: str, front: str = "subject: Line\nkind: down", name: str = "x.en.md") -> Path:
    (folder / "notices").mkdir(exist_ok=True)
    (folder / "notices" / name).write_text(f"---\n{front}\n---\n{body}")
    return folder


def one(folder: Path, body: str, front: str = "subject: Line\nkind: down") -> Version:
    reader = Reader()
    found = load(put(folder, body, front), reader)
    reader.finish()
    return found["x"].versions["en"]


def mistakes(folder: Path) -> list[str]:
    reader = Reader()
    load(folder, reader)
    return [str(mistake) for mistake in reader.mistakes]


def test_every_notice_is_shipped_in_every_language() -> None:
    found = shipped()
    assert set(found) == SHIPPED
    for notice in found.values():
        assert set(notice.versions) == set(LANGUAGE_NAMES), notice.id


@pytest.mark.parametrize("version", every_version(), ids=lambda v: f"{v.notice}.{v.language}")
def test_a_shipped_notice_breaks_no_rule_also_with_long_names(version: Version) -> None:
    text = Merger(version, SETTING).text(HALINA)
    found = lint(version) + lint_finished(version, text, "Halina")
    assert [finding.mistake for finding in found] == []
    assert not version.front.overrule
    assert text.subject and "{{" not in text.body
    if "greeting" in version.body:
        assert "Halin" in text.body.splitlines()[0]


def test_a_number_and_a_moment_are_written_as_people_read_them() -> None:
    text = Merger(shipped()["line-down"].versions["pl"], SETTING).text(HALINA)
    assert "+48 600 000 110" in text.body
    assert "w czwartek 26 listopada o godz. 16:00" in text.body
    assert text.body.startswith("Szanowna Pani Halino,\n")
    assert (
        "w czwartek 26 listopada o godz. 22:00"
        in Merger(shipped()["shop-migration"].versions["pl"], SETTING).text(HALINA).body
    )


@pytest.mark.parametrize("code", LANGUAGE_NAMES)
def test_months_and_weekdays_are_those_of_cldr(code: str) -> None:
    locale = Locale(code)
    assert LANGUAGES[code].months == tuple(locale.months["format"]["wide"][n] for n in range(1, 13))
    for number, said in enumerate(LANGUAGES[code].on_weekday):
        known = locale.days["format"]["wide"][number]
        # The accusative differs from CLDR's nominative in its last letter at most.
        assert said.split(" ", 1)[1][:-1] == known[:-1] or said.split(" ", 1)[1] == known


@pytest.mark.parametrize(
    ("language", "hour", "said"),
    [
        ("en", 9, "on Thursday 26 November at 09:05"),
        ("pl", 9, "w czwartek 26 listopada o godz. 9:05"),
        ("de", 9, "am Donnerstag, dem 26. November, um 9:05 Uhr"),
        ("cs", 9, "ve čtvrtek 26. listopadu v 9:05"),
        ("cs", 14, "ve čtvrtek 26. listopadu ve 14:05"),
        ("cs", 20, "ve čtvrtek 26. listopadu ve 20:05"),
        ("el", 9, "την Πέμπτη 26 Νοεμβρίου στις 9:05"),
        ("el", 1, "την Πέμπτη 26 Νοεμβρίου στη 1:05"),
    ],
)
def test_an_hour_is_said_as_the_language_says_it(language: str, hour: int, said: str) -> None:
    moment = datetime(2026, 11, 26, hour, 5, tzinfo=ZoneInfo("Europe/Warsaw"))
    assert LANGUAGES[language].when(moment, ZoneInfo("Europe/Warsaw")) == said


@pytest.mark.parametrize(
    ("language", "contact", "greeting"),
    [
        ("en", Contact("a", "Firm", "Grace Carter", "Ms"), "Dear Ms Carter"),
        ("en", Contact("a", "Firm", "Grace Carter"), "Dear Grace Carter"),
        ("en", Contact("a", "Firm", "Irena Bielska", "Dr"), "Dear Dr Bielska"),
        ("en", Contact("a", "Firm"), "Dear all at Firm"),
        ("de", Contact("a", "Firm", "Sabine Keller", "Dr."), "Guten Tag, Dr. Keller"),
        ("pl", Contact("a", "Firm", "Irena Bielska", "dr"), "Irena Bielska\n\nDzień dobry"),
        ("de", Contact("a", "Firm", "Sabine Keller", "Frau"), "Sehr geehrte Frau Keller"),
        ("de", Contact("a", "Firm", "Jan Keller", "Herr Doktor Keller"), "Sehr geehrter Herr Doktor Keller"),
        ("de", Contact("a", "Firm"), "Guten Tag an alle bei Firm"),
        ("pl", Contact("a", "Firm", "Adam Mróz", "Panie Adamie"), "Szanowny Panie Adamie"),
        ("pl", Contact("a", "Firm", "Adam Mróz"), "Adam Mróz\n\nDzień dobry"),
        ("pl", Contact("a", "Firm"), "Firm\n\nDzień dobry"),
        ("cs", Contact("a", "Firm", "Jan Novák", "pane Nováku"), "Vážený pane Nováku"),
        ("cs", Contact("a", "Firm", "Jan Novák", "Mr"), "Jan Novák\n\nDobrý den"),
        ("el", Contact("a", "Firm", "Ελένη Παπαδοπούλου", "κυρία"), "Αγαπητή κυρία Παπαδοπούλου"),
        ("el", Contact("a", "Firm", "Γιώργος Παππάς", "κύριε Παππά"), "Αγαπητέ κύριε Παππά"),
    ],
)
def test_everybody_is_greeted_by_name_in_the_form_of_the_language(
    language: str, contact: Contact, greeting: str
) -> None:
    assert LANGUAGES[language].greet(contact) == greeting


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ("{% for x in facts %}x{% endfor %}", "5:1", "no use for this (for)"),
        ("{{ ''.__class__ }}", "5:7", 'has no "__class__"'),
        ("{{ office.__init__ }}", "5:11", 'has no "__init__"'),
        ("{{ facts.a.b }}", "5:12", 'has no "b"'),
        ("{{ greeting * 999999999 }}", "5:1", "no use for this (mul)"),
        ("{{ lipsum() }}", "5:1", "no use for this (call)"),
        ("hello\n\n{{ greting }}", "7:4", 'no placeholder "greting"'),
        ("{{ office.nam }}", "5:11", 'has no "nam"'),
        ("{{ greeting|attr('x') }}", "5:13", 'no filter "attr"'),
        ("{{ greeting", "5:1", "cannot be read"),
        ("{% include 'x' %}", "5:1", "no use for this (include)"),
    ],
)
def test_a_template_that_does_more_than_say_is_refused_with_its_place(
    tmp_path: Path, body: str, place: str, words: str
) -> None:
    (mistake,) = mistakes(put(tmp_path, body))[:1]
    assert mistake.startswith(f"notices/x.en.md:{place}: ")
    assert words in mistake


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.md", "---\nsubject: a\nkind: down\n---\nx", "this name says no language"),
        ("x.fr.md", "---\nsubject: a\nkind: down\n---\nx", "this name says no language"),
        ("x.en.md", "hello", "no front matter"),
        ("x.en.md", "---\nsubject: a\nkind: down\n---\n", "no text"),
        ("x.en.md", "---\nsubject: a\nkind: dwn\n---\nx", "x.en.md:3:7: "),
        ("x.en.md", '---\nsubject: "a\\nBcc: b@example.com"\nkind: down\n---\nx', "x.en.md:2:10: "),
    ],
)
def test_a_file_that_is_no_notice_is_a_sentence_with_its_place(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / name).write_text(text)
    assert words in mistakes(tmp_path)[0]


def test_two_languages_of_a_notice_are_of_one_kind(tmp_path: Path) -> None:
    put(tmp_path, "a", name="x.en.md")
    put(tmp_path, "a", "subject: a\nkind: update", "x.pl.md")
    assert "kind update, but notices/x.en.md is down" in mistakes(tmp_path)[0]


def test_a_fact_that_is_not_known_stops_before_anything_is_sent(tmp_path: Path) -> None:
    version = one(tmp_path, "{{ facts.ticket }}")
    assert facts_of(version) == {"ticket": (5, 4)}
    asked = "{% if not facts.a %}-{% else %}{{ facts.a }}{% endif %}{{ facts.b|default('-') }}"
    assert facts_of(one(tmp_path, asked)) == {}
    assert list(facts_of(one(tmp_path, "{% if facts.a %}-{% else %}{{ facts.a }}{% endif %}"))) == ["a"]
    with pytest.raises(InputError, match="needs what is not known yet: 'ticket'"):
        Merger(version, SETTING).text(HALINA)


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("acknowledge", GOOD.replace("{# says: acknowledge #}", "")),
        ("act", GOOD.replace("{# says: act #}", "{# says: next #}")),
        ("act", GOOD.replace("{# says: act #}", "{% if person %}{# says: act #}I work.{% endif %} ")),
        ("unknown-mark", GOOD + "{# says: apologize #}Hello.\n"),
        ("empty-mark", GOOD + "\n{# says: thank #}\n\nAnna"),
        ("known-cause", GOOD + "{# says: cause #}Somebody was there.\n"),
        ("only-what-is-known", GOOD + "Our phone line is dead.\n"),
        ("only-what-is-known", GOOD + "{% if not internet_out %}The internet works.{% endif %}\n"),
        ("only-what-is-known", GOOD + "{% if phone_out %}Dead.{% else %}Our website is down.{% endif %}\n"),
        ("only-what-is-known", GOOD + "{% if person or internet_out %}The internet is out.{% endif %}\n"),
        ("only-what-is-known", GOOD + "There was a cyber\nattack.\n"),
        ("daytime", GOOD + "It has been so since this\nmorning.\n"),
        ("apologise-outright", GOOD.replace("I am sorry.", "I am sorry if it troubled you.")),
        ("one-apology", GOOD + "Again, we apologise.\n"),
        ("reachable", GOOD.replace("call {{ reach.phone }}", "call")),
        ("next-update", GOOD.replace("{{ next_update }}", "soon")),
        ("by-name", GOOD.replace("{{ greeting }}", "Hello")),
        ("dear-clients", GOOD.replace("{{ greeting }}", "{{ greeting }}, dear clients")),
        ("act-before-blame", GOOD.replace("We have", "Thanks to our provider we have")),
        ("no-borrowed-promise", GOOD + "The provider says it is repaired by 14:00.\n"),
        ("no-borrowed-promise", GOOD + "Our provider promised {{ facts.provider_promise }}.\n"),
        ("no-marketing", GOOD + "By the way: 20 % discount on hosting!\n"),
        ("no-marketing", GOOD + "See https://www.example.com/shop/new.\n"),
        ("placeholder-left", GOOD + "TODO: more\n"),
    ],
)
def test_each_rule_finds_what_it_is_made_for_and_nothing_in_a_good_text(
    tmp_path: Path, rule: str, body: str
) -> None:
    assert lint(one(tmp_path, GOOD)) == []
    assert [(finding.rule, finding.advice) for finding in lint(one(tmp_path, body))] == [(rule, False)]


@pytest.mark.parametrize(
    "more",
    [
        "{% if internet_out %}The internet is down.{% else %}Something is out of order.{% endif %}",
        "{% if internet_out or facts.internet_by %}Over mobile internet.{% endif %}",
        "{% if phone_out and since %}{# says: since #}Our phone has been down since {{ since }}.{% endif %}",
        "{% if facts.power_down_since %}There is a power cut.{% endif %}",
        "{% if (website_out) %}{% if since %}Our website is down.{% endif %}{% endif %}",
        "{% if facts.verdict == 'isp-down' %}{# says: cause #}Our provider's line is dead.{% endif %}",
    ],
)
def test_what_a_fact_carries_may_be_said_under_its_condition(tmp_path: Path, more: str) -> None:
    assert lint(one(tmp_path, GOOD + more + "\n")) == []


def test_a_notice_of_before_the_marks_is_advised_and_not_refused(tmp_path: Path) -> None:
    body = (
        "{{ greeting }},\n\nour line is dead since this morning. Call {{ reach.phone }}. {{ next_update }}\n"
    )
    found = lint(one(tmp_path, body))
    assert [finding.rule for finding in found] == ["marks", "only-what-is-known", "daytime"]
    assert all(finding.advice for finding in found)


def test_a_mark_in_every_branch_is_said_whatever_the_facts_are(tmp_path: Path) -> None:
    both = "{% if person %}{# says: act #}We work.{% else %}{# says: act #}I work.{% endif %}"
    assert lint(one(tmp_path, GOOD.replace("{# says: act #}We keep working", both))) == []


@pytest.mark.parametrize(
    ("part", "words", "rule"),
    [
        ("voicemail", "Write to {{ reach.email }}.", "voicemail"),
        ("voicemail", "You reach us by mail.", "voicemail"),
        ("say", "It is on www.example.com.", "read-aloud"),
        ("paste", "Write to {{ reach.email }}, see www.example.com.", ""),
    ],
)
def test_what_is_heard_holds_nothing_that_must_be_read(
    tmp_path: Path, part: str, words: str, rule: str
) -> None:
    version = one(tmp_path, GOOD, f'subject: L\nkind: down\n{part}: "{words}"')
    assert [finding.rule for finding in lint(version)] == [rule] * bool(rule)


def test_an_unknown_mark_is_told_what_was_meant(tmp_path: Path) -> None:
    (finding,) = lint(one(tmp_path, GOOD + "{# says: apologize #}Hello.\n"))
    assert (finding.mistake.line, finding.mistake.hint) == (11, 'did you mean "apologise"?')


def test_a_rule_can_be_overruled_in_the_notice_with_a_reason(tmp_path: Path) -> None:
    front = "subject: Line\nkind: down\noverrule: {no-marketing: agreed with the lawyer}"
    assert lint(one(tmp_path, GOOD + "A discount.\n", front)) == []


def test_a_finding_has_its_place_its_reason_and_a_hint(tmp_path: Path) -> None:
    (finding,) = lint(one(tmp_path, GOOD + "A discount.\n"))
    assert (
        str(finding.mistake)
        == 'notices/x.en.md:11:3: this is advertising, which a service message must not carry: "discount"'
    )
    assert finding.reason and finding.mistake.hint


def test_a_text_message_says_which_letter_makes_it_long(tmp_path: Path) -> None:
    version = one(tmp_path, GOOD, 'subject: L\nkind: down\nsms: "{{ office.name }}: ' + "ż" * 200 + '"')
    (finding,) = lint_finished(version, Merger(version, SETTING).text(HALINA), "Halina")
    assert finding.rule == "sms-length"
    assert '4 parts instead of 2, because "ż" halves what fits for Halina' in finding.mistake.message


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Call us on +48 22 600 00 01.", "+48 22 600 00 01"),
        ("Call us on (22) 600-00-01 until 2026-11-26 12:00.", "22) 600-00-01"),
        ("Not on +48 22 600 00 01: call +48 600 000 110.", ""),
        ("Call us on +48 600 000 110.", ""),
        ("Write to us, we read everything since 2026-11-26 07:50.", ""),
    ],
)
def test_a_text_that_gives_nothing_but_a_dead_number_is_found(body: str, found: str) -> None:
    assert only_dead(body, ["+48226000001"]) == found


@pytest.mark.parametrize(
    ("facts", "dead"),
    [
        ({}, set()),
        ({"phone_works": "no"}, {"+48226000001"}),
        ({"verdict": "phone-down"}, {"+48226000001"}),
        ({"phone_down_since": "2026-11-26T07:50:00+01:00"}, {"+48226000001"}),
        ({"phone_down_since": "2026-11-26T07:50:00+01:00", "phone_works": "yes"}, set()),
        ({"phone_works": "no", "reachable": "yes"}, set()),
        ({"phone_works": "no", "office_number": "+48226000001"}, set()),
    ],
)
def test_a_number_is_dead_while_the_incident_says_that_the_phone_is(
    facts: dict[str, str], dead: set[str]
) -> None:
    numbers = [
        {"number": "office", "phone": "+48 22 600 00 01", "method": "portal", "works_when_line_dead": "yes"},
        {"number": "standby", "phone": "+48 600 000 110", "method": "mobile-code"},
    ]
    people = [{"person": "anna", "name": "Anna"}]
    roles = [{"role": "lead", "owner": "anna"}]
    office = Office.model_validate(
        {"name": "K", "language": "en", "country": "PL", "timezone": "Europe/Warsaw", "people": people,
         "roles": roles, "numbers": numbers}
    )  # fmt: skip
    assert dead_numbers(office, facts) == dead


def test_missing_languages_are_named() -> None:
    found = shipped()["update"]
    assert missing_languages(found, ["pl", "uk", "en"]) == ["uk"]


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_every_pattern_of_the_rules_can_be_read(language: str) -> None:
    for rule in rules():
        for words in (rule.words, rule.with_, *rule.topics.values()):
            assert not (found := pattern_of(words, language)) or not found.search("")


def test_the_page_of_notices_names_every_condition_and_every_mark() -> None:
    page = (ROOT / "docs" / "notices.md").read_text(encoding="utf-8").replace("{{ ", "").replace(" }}", "")
    assert [name for name in (*CONDITIONS, *SINCE, *SAYS, *SHORT) if f"`{name}`" not in page] == []


def test_every_rule_has_a_reason_and_a_source() -> None:
    assert all(rule.reason and rule.source and rule.hint for rule in rules())
    assert len({rule.rule for rule in rules()}) == len(rules())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ł" * 70, 1),
        ("ł" * 71, 2),
        ("😀" * 36, 2),
    ],
)
def test_text_messages_are_counted_as_networks_count_them(text: str, expected: int) -> None:
    assert segments(text).messages == expected

"""The papers of a claim: letter, dossier, deadlines; and what may not get into a letter."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.app.claim.gather import line_of, past_day
from bcp.claim.calculate import Case, calculate
from bcp.claim.days import Calendar
from bcp.claim.deadlines import days, ics
from bcp.claim.letter import ClaimFacts, Party, demanded, languages, write
from bcp.claim.load import countries, load
from bcp.claim.model import Deadline
from bcp.cost.receipt import keep
from bcp.errors import InputError
from bcp.incident import spending
from bcp.office.model import load as load_office
from bcp.runbook.compiled import PlanLine
from bcp.yaml.source import Reader
from tests.children import IS_WINDOWS, only_with
from tests.offices import STREAM, Stage, bcp, stage

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}, line: internet}
"""
DAYS = ["--began", "2026-11-26", "--reported", "2026-11-26", "--restored", "2026-12-17", "--incident", STREAM]
FACTS = ClaimFacts(
    party=Party(
        office="Agencja Kropka",
        address="ul. Przykładowa 12\n00-001 Warszawa",
        customer="small",
        waived="no",
        account="PL00 1111",
        provider="Netia",
        line="internet",
        title="Internet",
        contract="SW/1",
        line_id="WIS-1",
        fee="40.00 EUR",
    ),
    outage=date(2026, 11, 26),
    restored=date(2026, 12, 17),
    report=date(2026, 11, 26),
    ticket="INC-1",
    agent="Mr Kowal",
    promises=8,
    broken=7,
    spent=["120.00 EUR"],
    annexes=["bill.pdf"],
    written=date(2026, 12, 18),
)


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    return with_spendings(tmp_path)


def with_spendings(folder: Path) -> Stage:
    """An incident that cost something, on a line whose fee is known."""
    staged = stage(folder, PHASES)
    staged.run()
    scan = folder / "bill.pdf"
    scan.write_bytes(b"%PDF a bill")
    receipt = keep(scan, staged.state / STREAM)
    spending.add(
        staged.book(), spending.Spent("120.00 PLN", "mobile internet", "mitigation", receipt), "anna", "anna"
    )
    spending.add(staged.book(), spending.Spent("9000.00 PLN", "a lost order", "loss"), "anna", "anna")
    set_line(staged, "monthly_fee: 100 PLN")
    return staged


def set_line(staged: Stage, more: str) -> None:
    path = staged.office / "bcp.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('support: "801 802 803"', f'support: "801 802 803", {more}'), encoding="utf-8"
    )


def test_each_rule_is_shown_with_days_formula_source_and_certainty(staged: Stage) -> None:
    shown = bcp(staged.office, "claim", "calculate", *DAYS)
    assert shown.returncode == 0, shown.stderr
    assert "pl-outage: 70.00 PLN" in shown.stdout
    assert "counted: 21 calendar days, 2026-11-26 to 2026-12-16" in shown.stdout
    assert "formula: monthly_fee / 30" in shown.stdout and "certainty C" in shown.stdout
    assert "no legal advice" in shown.stderr
    (told,) = json.loads(bcp(staged.office, "claim", "calculate", "--json", *DAYS).stdout)
    assert told["amount"] == "70.00" and len(told["days"]) == 21


def test_an_uncertain_rule_gets_into_no_letter_unless_a_person_vouches_for_it(staged: Stage) -> None:
    refused = bcp(staged.office, "claim", "letter", *DAYS)
    assert refused.returncode == 2 and refused.stdout == ""
    assert 'rule "pl-outage" is not certain (C)' in refused.stderr and "--i-verified" in refused.stderr
    letter = bcp(staged.office, "claim", "letter", "--i-verified", *DAYS)
    assert letter.returncode == 0 and "70.00 PLN" in letter.stdout


def test_the_terms_of_the_contract_go_first_and_are_certain(staged: Stage) -> None:
    set_line(staged, "compensation: 1/15 per day")
    shown = bcp(staged.office, "claim", "calculate", *DAYS)
    assert shown.stdout.startswith("contract: 140.00 PLN")
    letter = bcp(staged.office, "claim", "letter", *DAYS)
    assert letter.returncode == 0, letter.stderr
    assert "140.00 PLN" in letter.stdout


def german_claim(**told: object) -> list[object]:
    case = Case(
        "outage", FACTS.outage, FACTS.restored, FACTS.report, monthly_fee=Decimal(40), waived="no", **told
    )  # type: ignore[arg-type]
    return calculate(case, load("DE").rules, Calendar("DE"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("language", "amount", "day", "sentence"),
    [
        ("en", "170.00 EUR", "2026-11-26", "we claim 170.00 EUR: 2 days at 5.00 EUR; 16 days at 10.00 EUR."),
        (
            "pl",
            "170,00 EUR",
            "26.11.2026",
            "żądamy kwoty 170,00 EUR: 2 dni po 5,00 EUR; 16 dni po 10,00 EUR.",
        ),
        (
            "de",
            "170,00 EUR",
            "26.11.2026",
            "fordern wir 170,00 EUR: 2 Tage zu je 5,00 EUR; 16 Tage zu je 10,00 EUR.",
        ),
        (
            "cs",
            "170,00 EUR",
            "26.11.2026",
            "požadujeme 170,00 EUR: 2 × 5,00 EUR za den; 16 × 10,00 EUR za den.",
        ),
    ],
)
def test_a_letter_says_what_when_why_and_how_much_in_each_language(
    language: str, amount: str, day: str, sentence: str
) -> None:
    text = write(FACTS, demanded(german_claim(), False), language).text()  # type: ignore[arg-type]
    for wanted in (
        sentence,
        amount,
        day,
        "§ 58 (3)",
        "INC-1",
        "Mr Kowal",
        "SW/1",
        "WIS-1",
        "8",
        "7",
        "PL00 1111",
        "bill.pdf",
    ):
        assert wanted in text
    assert "{" not in text and "______" not in text


@pytest.mark.parametrize("language", ["cs", "de", "en", "pl"])
def test_a_letter_says_that_receipts_are_enclosed_only_where_they_are(language: str) -> None:
    found = demanded(german_claim(), False)  # type: ignore[arg-type]
    whole = write(FACTS, found, language).text()
    bare = write(replace(FACTS, receipts=False), found, language).text()
    enclosed = {"cs": "účtenky", "de": "Belege", "en": "receipts", "pl": "rachunki"}[language]
    assert enclosed in whole and enclosed not in bare
    assert "120" in whole and "120" in bare


def test_the_days_of_a_letter_come_to_its_sum(staged: Stage) -> None:
    """A thirtieth of 119 is no round sum: 20 times 3.97 would be 79.40."""
    set_line(staged, "compensation: 1/30 per day")
    path = staged.office / "bcp.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("100 PLN", "119 PLN"), encoding="utf-8")
    days = [*DAYS[:5], "2026-12-16", *DAYS[6:]]
    letter = bcp(staged.office, "claim", "letter", "--lang", "en", *days)
    assert "79.33 PLN: 20 days at 3.9667 PLN" in letter.stdout, letter.stdout + letter.stderr
    days[5] = "2026-11-27"
    letter = bcp(staged.office, "claim", "letter", "--lang", "pl", *days)
    assert "1 dzień po 3,9667 PLN" in letter.stdout, letter.stdout + letter.stderr


def test_the_letters_are_in_four_languages_with_the_same_sentences() -> None:
    import tomllib

    from bcp.claim.letter import FOLDER

    assert languages() == ["cs", "de", "en", "pl"]
    keys = {
        name: set(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))
        for name in languages()
    }
    assert len({frozenset(each) for each in keys.values()}) == 1
    with pytest.raises(InputError, match='no letter in "fr"'):
        write(FACTS, demanded(german_claim(), False), "fr")  # type: ignore[arg-type]


def test_without_anything_owed_there_is_no_letter() -> None:
    with pytest.raises(InputError, match="nothing to claim: de-outage: it is not for a larger customer"):
        demanded(german_claim(customer="larger"), False)  # type: ignore[arg-type]


def test_the_parts_say_what_is_there_and_what_is_missing(staged: Stage) -> None:
    told = json.loads(bcp(staged.office, "claim", "show", "--json", *DAYS).stdout)
    states = {each["part"]: each["status"] for each in told["parts"]}
    assert len(states) == 16
    assert states[10] == "present" and states[11] == "present" and states[6] == "not applicable"
    assert states[3] == "present", "the days are given"
    assert states[1] == "missing" and states[9] == "missing" and states[13] == "missing"
    assert told["deadlines"][-1] == {"day": "2027-12-17", "what": "Complain to the provider", "whose": "ours"}
    amend = [
        "--fact",
        "own_fault=no",
        "--fact",
        "planned_work=no",
        "--fact",
        "force_majeure=no",
        "--fact",
        "partial_outage=no",
    ]
    bcp(staged.office, "incident", "amend", *amend, "--incident", STREAM)
    told = json.loads(bcp(staged.office, "claim", "show", "--json", *DAYS).stdout)
    assert told["parts"][12]["status"] == "present"


def test_the_dossier_is_one_folder_and_zip_that_checks_itself(staged: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "claim"
    made = bcp(staged.office, "claim", "dossier", "--i-verified", "--lang", "pl", "-o", str(folder), *DAYS)
    assert made.returncode == 0, made.stderr
    if not IS_WINDOWS:
        sums = ["sha256sum", "-c", "--quiet", "SHA256SUMS"]
        assert subprocess.run(sums, cwd=folder, check=False).returncode == 0
    record = subprocess.run(
        [sys.executable, "-I", folder / "record" / "verify.py"], capture_output=True, text=True
    )
    assert record.returncode == 0, record.stdout
    only_with("pdftotext")
    text = subprocess.run(
        ["pdftotext", "-layout", folder / "dossier.pdf", "-"], capture_output=True, text=True
    ).stdout
    for wanted in ("1. Parties", "16. Annexes", "MISSING", "no legal advice", "9000.00 PLN", "a lost order"):
        assert wanted in text
    assert "żądamy kwoty 70,00 PLN" in (folder / "letter.txt").read_text(encoding="utf-8")
    assert (folder / "letter.pdf").read_bytes().startswith(b"%PDF")
    assert len(list((folder / "record" / "attachments").iterdir())) == 1
    with zipfile.ZipFile(tmp_path / "claim.zip") as archive:
        assert archive.testzip() is None and "claim/letter.txt" in archive.namelist()
    again = bcp(staged.office, "claim", "dossier", "-o", str(folder), *DAYS)
    assert again.returncode == 2 and "is there already" in again.stderr


def test_a_dossier_without_a_letter_that_may_be_written_is_made_all_the_same(
    staged: Stage, tmp_path: Path
) -> None:
    made = bcp(staged.office, "claim", "dossier", "-o", str(tmp_path / "claim"), *DAYS)
    assert made.returncode == 0, made.stderr
    assert "Without a letter" in made.stderr
    assert not (tmp_path / "claim" / "letter.txt").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--event", "bad"),
        ("--line", "nothing"),
        ("--bills", "many"),
        ("--bills", "1 EUR"),
        ("--began", "whenever"),
    ],
)
def test_bad_input_is_a_sentence(staged: Stage, option: str, value: str) -> None:
    refused = bcp(staged.office, "claim", "calculate", option, value, "--incident", STREAM)
    assert refused.returncode == 2 and "bug of ours" not in refused.stderr


def test_a_day_without_its_year_is_the_last_one_and_a_coming_one_is_asked_about() -> None:
    zone, now = ZoneInfo("Europe/Warsaw"), datetime(2027, 1, 10, 12, tzinfo=UTC)
    assert past_day("26.11.", "--began", now, zone) == date(2026, 11, 26)
    assert past_day("17 grudnia", "--restored", now, zone) == date(2026, 12, 17)
    assert past_day("5.1. 9:00", "--restored", now, zone) == date(2027, 1, 5)
    with pytest.raises(InputError, match="still to come"):
        past_day("Friday", "--began", now, zone)


def test_days_in_the_wrong_order_are_a_sentence(staged: Stage) -> None:
    days = ["--began", "2026-12-17", "--restored", "2026-11-26", "--incident", STREAM]
    said = bcp(staged.office, "claim", "calculate", *days)
    assert said.returncode == 2 and "when it failed on 2026-12-17" in said.stderr


def test_only_the_promises_of_this_provider_stand_in_its_letter(staged: Stage) -> None:
    for provider in ("netia", "Netia", "The courier"):
        made = ("promise", "add", "--from", provider, f"what {provider} said", "--by", "2099-12-01 12:00")
        assert bcp(staged.office, *made, "--incident", STREAM).returncode == 0
    listed = json.loads(bcp(staged.office, "promise", "list", "--json", "--incident", STREAM).stdout)
    for one in listed if isinstance(listed, list) else listed["promises"]:
        broken = bcp(
            staged.office, "promise", "broken", one["promise"], "--note", "off", "--incident", STREAM
        )
        assert broken.returncode == 0, broken.stderr
    letter = bcp(staged.office, "claim", "letter", "--i-verified", "--lang", "en", *DAYS)
    assert letter.returncode == 0, letter.stderr
    assert "you made 2 promises" in letter.stdout and "2 of them were not kept" in letter.stdout


def test_a_country_whose_holidays_are_not_known_is_a_sentence() -> None:
    with pytest.raises(InputError, match="holidays of NOWHERE, PL are not known"):
        Calendar("PL", "NOWHERE").working(date(2026, 11, 26), date(2026, 12, 1))


def test_no_letter_goes_to_a_provider_that_only_stands_in_the_same_plan(staged: Stage) -> None:
    """The line whose fault is reported is the one; where none is and several cost a fee, a person says which."""
    path = staged.office / "bcp.yaml"
    text = path.read_text(encoding="utf-8")
    other = "  - {line: backup, provider: Mobile, monthly_fee: 10 PLN}\n"
    path.write_text(text.replace("\nlines:\n", "\nlines:\n" + other), encoding="utf-8")
    lines = {"backup": PlanLine(), "internet": PlanLine()}
    plan = staged.book().incident.plan.replaced(lines=lines)
    incident = replace(staged.book().incident, plan=plan)
    reader = Reader()
    office = load_office(staged.office, reader)
    reader.finish()
    assert office is not None and len(office.lines) == 2
    with pytest.raises(InputError, match="not clear which line"):
        line_of(office, incident, None)
    (step,) = incident.every_step()
    step.plan = step.plan.replaced(kind="report-fault")
    assert line_of(office, incident, None).line == "internet"


def test_deadlines_count_months_to_the_last_day_of_a_short_one() -> None:
    told = {"title": "t", "consequence": "c", "source": "s", "certainty": "A", "deadline": "d"}
    deadlines = [Deadline(after="restored", months=2, **told), Deadline(after="answer", days=30, **told)]  # type: ignore[arg-type]
    (found,) = days(deadlines, {"restored": date(2026, 12, 31), "answer": None})
    assert found.day == date(2027, 2, 28)


@pytest.mark.parametrize("country", countries())
def test_the_calendar_file_is_folded_escaped_and_has_a_reminder(country: str) -> None:
    known: dict[str, date | None] = dict.fromkeys(
        ("report", "restored", "complaint", "answer"), date(2026, 12, 17)
    )
    found = days(load(country).deadlines, known)
    raw = ics(found, STREAM, datetime(2026, 12, 18, tzinfo=UTC))
    assert raw.startswith(b"BEGIN:VCALENDAR\r\n") and raw.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    unfolded = raw.replace(b"\r\n ", b"").decode()
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("TRIGGER:-P7D") == len(found)

"""The call to a provider: what is asked, what is a refusal, the promise and the letter that come of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bcp.app.incident.run import walk
from bcp.app.session import Session
from bcp.cli.terminal.bigdigits import large
from bcp.errors import SourceError
from bcp.event import NOTHING
from bcp.incident.answer import StepOutcome, settle
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident
from bcp.promise.model import broken_count
from bcp.store.outbox import Outbox
from bcp.validate import load
from tests.frozen import FrozenClock
from tests.offices import HEAD, STREAM, Script, bcp, first_entry, office_in
from tests.posts import office as with_post
from tests.smtpd import PASSWORD, running
from tests.test_tell import at_a_terminal

STEPS = """\
phases:
  - phase: First hour
    within: 1h
    steps:
      - step: report
        title: Report the fault
        report-fault: {line: internet}
        by_hand: Dial the number for faults and write down ticket, name, cause and time.
      - step: again
        title: Call once more
        report-fault: {line: internet, again: yes, questions: [{fact: visit, ask: Does somebody come?, type: yes-no}]}
        by_hand: Dial again.
"""
OFFICE = """\
name: Agencja Kropka
language: en
country: PL
timezone: Europe/Warsaw
people:
  - {person: anna, name: Anna Nowak, phone: "+48600000101", email: anna@example.com, language: pl}
roles: [{role: lead, owner: anna}]
lines:
  - {line: internet, provider: Netia, contract: N/4417, line_id: L-9, support: "801 802 803", email: f@netia.example}
"""
SAID = {
    "reported_at": "2026-11-26T07:40+01:00",
    "provider_ticket": "INC-4711",
    "provider_agent": "Mr Kowal",
    "provider_cause": "a cable was dug up",
    "provider_promised": "a technician comes",
    "provider_promise": "tomorrow noon",
    "understood": "yes",
    "send_read_back": "yes",
}
FRIDAY_NOON = datetime(2026, 11, 27, 11, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = office_in(tmp_path / "office", outage=HEAD + STEPS)
    with_post(folder, None, "name,email\nA,a@example.com\n")
    (folder / "bcp.yaml").write_text(OFFICE)
    return folder


class Call:
    """An incident in a real store; `run` walks it as the command does, with a script as the person."""

    def __init__(self, office: Path, kind: str = "incident") -> None:
        self.clock = FrozenClock()
        self.session = Session(str(office), {"MAIL": PASSWORD}, self.clock)
        self.stream = STREAM if kind == "incident" else f"drill-{STREAM}"
        self.session.log.append(self.stream, NOTHING, [first_entry(office, kind=kind)])

    def run(self, answers: Mapping[str, str | None], keys: Mapping[str, str] | None = None) -> Script:
        person = Script({"again": "pause", **(keys or {})}, answers)  # type: ignore[dict-item]
        book = IncidentJournal(self.session.log, self.stream)
        found = walk(self.session, book, person, "anna").run()
        assert found.why in ("paused", "carried-out"), found
        return person

    @property
    def incident(self) -> Incident:
        return IncidentJournal(self.session.log, self.stream).incident

    def letters(self) -> list[str]:
        ledger = self.session.stores.of(Outbox)
        rows = [row for one in ledger.campaigns(self.stream) for row in ledger.rows(one.id)]
        return [row.state for row in rows]


def test_what_a_provider_said_is_kept_becomes_a_promise_and_is_read_back_by_mail(office: Path) -> None:
    with running(office) as smtpd:
        with_post(office, smtpd, "name,email\nA,a@example.com\n")
        (office / "bcp.yaml").write_text(OFFICE)
        call = Call(office)
        person = call.run(SAID)
        letter = smtpd.accepted[0].message
    assert person.asked[:6] == [name for name in SAID if name not in ("understood", "send_read_back")]
    promise = call.incident.promises["p1"]
    assert (promise.provider, promise.what, promise.due) == ("Netia", "a technician comes", FRIDAY_NOON)
    assert (promise.said, promise.said_by, promise.ticket) == ("tomorrow noon", "Mr Kowal", "INC-4711")
    assert call.incident.facts["provider_promise_at"] == "2026-11-27T12:00+01:00"
    assert str(letter["To"]).endswith("<f@netia.example>")
    text = letter.get_content()
    for words in ("on Thursday 26 November at 07:40", "N/4417", "INC-4711", "Mr Kowal", "tomorrow noon"):
        assert words in text
    assert "on Friday 27 November at 12:00" in text and "a cable was dug up" in text
    assert call.incident.notes[-1].text == "What they said is read back to them in writing."


def test_a_refusal_is_an_answer_in_any_words_and_promises_nothing(office: Path) -> None:
    refused = dict.fromkeys(
        ["provider_ticket", "provider_agent", "provider_cause", "provider_promised", "provider_promise"],
        "Odmowa",
    )
    call = Call(office)
    person = call.run({**SAID, **refused})
    assert {call.incident.facts[name] for name in refused} == {"refused"}
    assert not call.incident.promises and "provider_promise_at" not in call.incident.facts
    letter = "\n".join(person.told)
    for words in (
        "no ticket number",
        "did not give a name",
        "You named no time",
        "not tell us what is broken",
    ):
        assert words in letter


def test_words_that_name_no_time_are_asked_for_as_a_date(office: Path) -> None:
    call = Call(office)
    call.run({**SAID, "provider_promise": "soon", "provider_promise_at": "2026-11-28T10:00+01:00"})
    assert call.incident.promises["p1"].due == datetime(2026, 11, 28, 9, tzinfo=UTC)
    other = Call(office, "drill")
    other.run({**SAID, "provider_promise": "soon", "provider_promise_at": None})
    assert not other.incident.promises and other.incident.facts["provider_promise"] == "soon"


def test_a_later_call_settles_the_promise_whose_time_has_come_and_makes_the_next(office: Path) -> None:
    call = Call(office)
    call.run(SAID)
    call.clock.go_on(timedelta(hours=30))
    later = {"provider_called_at": "2026-11-27T13:45+01:00", "promise_kept": "no", "visit": "no"}
    call.run({**SAID, **later, "provider_promise": "in 2 days"}, {"again": "do"})
    first, second = call.incident.promises.values()
    assert first.broken and not second.settled and second.due > FRIDAY_NOON
    assert call.incident.facts["reported_at"] == SAID["reported_at"], (
        "the first report is what a claim goes by"
    )


def test_nobody_answers_in_a_persons_place_and_nothing_is_kept_of_half_a_call(office: Path) -> None:
    call = Call(office)
    book = IncidentJournal(call.session.log, call.stream)
    guide = Script(attended=False)
    stop = walk(call.session, book, guide, "anna").run()
    assert (stop.why, call.incident.facts) == ("person", {})


def test_the_answers_are_safe_before_the_letter_is_written(office: Path) -> None:
    call = Call(office)
    person = Script({}, {**SAID})

    def broken_off(fact: object) -> str | None:
        if getattr(fact, "name", "") == "send_read_back":
            raise KeyboardInterrupt
        return Script.ask(person, fact)  # type: ignore[arg-type]

    person.ask = broken_off  # type: ignore[method-assign]
    book = IncidentJournal(call.session.log, call.stream)
    with pytest.raises(KeyboardInterrupt):
        walk(call.session, book, person, "anna").run()
    assert call.incident.facts["provider_ticket"] == "INC-4711" and "p1" in call.incident.promises
    assert call.letters() == ["queued"]


def test_the_provider_gets_no_all_clear_and_nobody_waits_for_its_answer(office: Path) -> None:
    from bcp.app.notice.office import letters_of

    call = Call(office)
    call.run({**SAID, "send_read_back": "no"})
    letters = letters_of(call.session, call.incident, "anna")
    assert call.letters() == ["queued"]
    assert not letters.unaccounted() and not letters.accounts()
    assert letters.post.told(call.stream) == set()


def test_without_a_mail_address_the_letter_lies_in_a_file_with_its_words(office: Path) -> None:
    (office / "bcp.yaml").write_text(OFFICE.replace(", email: f@netia.example", ""))
    call = Call(office)
    call.run(SAID)
    files = list((office / "incidents" / call.stream / "letters").iterdir())
    assert [file.name for file in files] == ["read-back-1-netia-provider.txt"]
    assert "INC-4711" in files[0].read_text()
    assert "send it from your mailbox" in call.incident.notes[-1].text


def test_answers_given_by_command_make_the_same_promise_and_lack_nothing(office: Path) -> None:
    assert bcp(office, "incident", "start", "outage").returncode == 9
    half = bcp(office, "incident", "step", "done", "report", "--fact", "provider_ticket=INC-1")
    assert half.returncode == 2 and "reported_at" in half.stderr
    asked = {"reported_at", "provider_ticket", "provider_agent", "provider_cause", "provider_promised"}
    facts = [f"--fact={name}={SAID[name]}" for name in sorted(asked - {"reported_at"})]
    said = bcp(office, "incident", "step", "done", "report", "--fact=reported_at=0:01", *facts,
               "--fact=provider_promise=in 3 days")  # fmt: skip
    assert said.returncode in (0, 9), said.stderr
    (promise,) = json.loads(bcp(office, "promise", "list", "--json").stdout)
    assert (promise["from"], promise["what"], promise["said"]) == ("Netia", "a technician comes", "in 3 days")


def test_a_drill_reads_back_to_nobody(office: Path) -> None:
    (office / "answers.yaml").write_text("report: {provider_ticket: T-1, provider_promise: tomorrow noon}\n")
    with running(office) as smtpd:
        with_post(office, smtpd, "name,email\nA,a@example.com\n")
        (office / "bcp.yaml").write_text(OFFICE)
        said = bcp(office, "drill", "start", "outage", "--answers", "answers.yaml", MAIL=PASSWORD)
        assert said.returncode == 0, said.stderr
        assert not smtpd.accepted and not smtpd.connections
    assert "T-1" in bcp(office, "drill", "log").stdout


def test_the_number_stands_large_on_the_screen_with_the_contract_at_hand(office: Path) -> None:
    screen = at_a_terminal(office, "incident", "start", "outage")
    screen.expect("answer it")
    shown = screen.before
    screen.close(force=True)
    assert shown is not None
    assert "Dial: 801 802 803" in shown and "N/4417" in shown and "L-9" in shown
    drawn = [line.strip() for line in shown.replace("\r", "").split("\n") if "█" in line]
    assert len(drawn) == 5 and "███ ███  █ " in drawn[0]


@pytest.mark.parametrize("number", ["+48 22 600 00 91", "801 802 803", "*21*5#", "0-9/1"])
def test_large_figures_are_five_lines_that_fit(number: str) -> None:
    lines = large(number, 100, "#")
    assert len(lines) == 5 and max(map(len, lines)) <= 100
    assert len(set(large("0123456789+*#-/", 200))) > 1


def test_a_number_that_does_not_fit_or_has_letters_is_not_drawn() -> None:
    assert large("+48 22 600 00 91", 20) == [] and large("0800 ABC", 100) == [] and large("", 100) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("line: internet}", "line: mobile}"), 'there is no line "mobile"'),
        (("line: internet}", "line: internet, read_back: nothing}"), 'there is no notice "nothing"'),
        (("fact: visit", "fact: provider_agent"), 'the fact "provider_agent" is asked for twice'),
    ],
)
def test_a_slip_in_the_step_is_told_with_its_place(office: Path, change: tuple[str, str], words: str) -> None:
    file = office / "runbooks" / "outage.yaml"
    file.write_text(file.read_text().replace(*change))
    with pytest.raises(SourceError) as told:
        load(office)
    assert words in str([mistake.message for mistake in told.value.mistakes])


def test_the_questions_stand_on_paper_with_the_number(office: Path) -> None:
    said = bcp(office, "print", "outage", "-o", "sheet.html")
    assert said.returncode == 0, said.stderr
    page = next(office.rglob("*.html")).read_text()
    assert "Ticket number?" in page and "By when, in their own words?" in page
    assert "801" in page and "N/4417" in page


def corrected(call: Call, outcome: str = "done", unknown: tuple[str, ...] = (), **facts: str) -> None:
    book = IncidentJournal(call.session.log, call.stream)
    step = "again" if "promise_kept" in facts else "report"
    said = StepOutcome(outcome, "anna", "", facts, correct=True, unknown=unknown)
    assert settle(book, step, said, call.clock.now())


def test_a_corrected_call_corrects_its_promise_and_makes_no_second_one(office: Path) -> None:
    call = Call(office)
    call.run({**SAID, "send_read_back": "no"})
    made_at = call.incident.promises["p1"].made_at
    call.clock.go_on(timedelta(minutes=20))
    corrected(call, provider_promise_at="2026-11-27T15:00+01:00")
    (promise,) = call.incident.promises.values()
    assert (promise.due, promise.made_at) == (FRIDAY_NOON + timedelta(hours=3), made_at)
    corrected(call, provider_promise="on Friday at 16:00", provider_agent="Ms Nowak")
    (promise,) = call.incident.promises.values()
    assert (promise.due, promise.said_by) == (FRIDAY_NOON + timedelta(hours=4), "Ms Nowak")
    assert (promise.id, promise.what, promise.made_at) == ("p1", "a technician comes", made_at)


def test_what_was_never_promised_does_not_count_and_its_number_is_not_given_again(office: Path) -> None:
    call = Call(office)
    call.run({**SAID, "send_read_back": "no"})
    corrected(call, provider_promise="refused", unknown=("provider_promise_at",))
    assert call.incident.promises == {}
    corrected(call, provider_promise="tomorrow noon")
    assert list(call.incident.promises) == ["p2"]
    corrected(call, "failed")
    assert call.incident.promises == {} and set(call.incident.withdrawn) == {"p1", "p2"}


def test_a_promise_that_was_called_broken_by_mistake_is_not_counted_as_broken(office: Path) -> None:
    call = Call(office)
    call.run({**SAID, "send_read_back": "no"})
    call.clock.go_on(timedelta(days=2))
    later = {"provider_called_at": "2026-11-28T09:00+01:00", "promise_kept": "no", "visit": "no"}
    call.run({**SAID, **later, "provider_promise": "refused", "send_read_back": "no"}, {"again": "do"})
    assert broken_count(call.incident.promises.values()) == 1
    corrected(call, promise_kept="yes")
    assert broken_count(call.incident.promises.values()) == 0 and call.incident.promises["p1"].kept
    corrected(call, promise_kept="no")
    assert broken_count(call.incident.promises.values()) == 1

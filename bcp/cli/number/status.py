"""`number list`, `number check` and `number test`: what is known of the numbers in peacetime."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bcp.action.kinds.number import call_until_heard
from bcp.app.incident.handover_levers import elsewhere
from bcp.app.session import Session
from bcp.cli.terminal.guide import Terminal
from bcp.cli.terminal.output import is_attended, say, show, show_json, show_next
from bcp.errors import Exit, PersonNeeded, SourceError, StepFailed
from bcp.event import stamp
from bcp.fact import Place
from bcp.i18n import _, speak
from bcp.number.base import Finding
from bcp.number.choice import way_of
from bcp.number.forwarding import Affair
from bcp.number.ledger import Ledger
from bcp.number.levers import Numbers
from bcp.number.phone import say_phone
from bcp.office.model import Office
from bcp.office.model import load as load_office
from bcp.office.number import OfficeNumber
from bcp.times import local
from bcp.world.real import Real
from bcp.world.secret import Secrets
from bcp.yaml.source import Reader

# A number that must ring when all else is dead is called every month, the others twice a year.
_TEST_EVERY = {"yes": timedelta(days=31), "no": timedelta(days=184), "unknown": timedelta(days=184)}
_STYLES = {"fine": None, "unknown": "yellow", "due": "yellow", "bad": "bold red"}


def office_of(session: Session) -> Office:
    """The office. Raises SourceError with every mistake in bcp.yaml."""
    reader = Reader()
    office = load_office(session.folder, reader)
    if office is None:
        raise SourceError(reader.mistakes)
    speak(office.language)
    return office


def who_acts(session: Session, office: Office, by: str | None) -> str:
    """The person who gives this command."""
    return session.person(by, {person.person: {"name": person.name} for person in office.people})


def numbers_of(session: Session, office: Office, by: str) -> Numbers:
    """The numbers of bcp.yaml in peacetime, outside of any incident."""
    lines = {line.line: line for line in office.lines}
    ledger = Ledger(session.stores.levers, by)
    world = Real(Secrets(session.folder, session.environ))
    return Numbers(
        {number.number: number for number in office.numbers},
        {number.number: lines[number.line] for number in office.numbers if number.line},
        {who.person: {"name": who.name, "phone": who.phone} for who in office.people},
        {role.role: {"people": [role.owner, *role.deputies]} for role in office.roles},
        Affair("", world, ledger, office.zone, session.clock),
        office.language,
        office.country,
    )


def tell_numbers(session: Session, as_json: bool) -> int:
    """Each number as bcp.yaml has it; what an incident forwarded and did not put back is told first."""
    office = office_of(session)
    numbers = numbers_of(session, office, "")
    if as_json:
        show_json([_as_data(numbers, number) for number in office.numbers])
        return Exit.OK
    for each in numbers.affair.ledger.forwarded():
        words = _("FORWARDED to {whose} ({to}) in {incident}, and not taken back: {number}")
        said = words.format(
            whose=each.whose, to=say_phone(each.to), incident=each.incident, number=each.number
        )
        if each.to:
            show(said + elsewhere(session, each.incident), "bold magenta")
    if not office.numbers:
        say(_("bcp.yaml has no {what} yet.").format(what="numbers"))
    for number in office.numbers:
        title = f"  {number.title}" if number.title else ""
        show(f"{number.number}  {say_phone(number.phone or '')}{title}", "bold")
        for line in _said(numbers, number):
            show(f"    {line}")
    show_next([f"bcp number test {number.number}" for number in office.numbers[:1]] + ["bcp number check"])
    return Exit.OK


def check_numbers(session: Session, name: str | None, as_json: bool, by: str | None) -> int:
    """Look, write it down, tell it; the exit status: 7 where something would fail, 8 where something is due."""
    office = office_of(session)
    numbers = numbers_of(session, office, who_acts(session, office, by))
    wanted = [numbers.named(name)] if name else list(office.numbers)
    found = {number.number: check_one(numbers, number) for number in wanted}
    for key, findings in found.items():
        numbers.affair.ledger.checked(key, findings)
    if as_json:
        show_json(
            [{"number": key, "findings": [each._asdict() for each in told]} for key, told in found.items()]
        )
    else:
        _tell_checks(numbers, found)
    states = {finding.state for findings in found.values() for finding in findings}
    return Exit.CHECK_DOWN if "bad" in states else Exit.DUE if "due" in states else Exit.OK


def test_number(session: Session, name: str, by: str | None) -> int:
    """A call that somebody hears. Raises PersonNeeded where nobody is there to say so."""
    office = office_of(session)
    lever = numbers_of(session, office, who_acts(session, office, by)).number(name)
    if not is_attended():
        raise PersonNeeded(
            f"a person must say whether the test call of {name} was heard",
            f"give this command at a terminal: bcp number test {name}",
        )
    desk = Terminal(Place(office.country, office.zone, session.clock.now()))
    heard = call_until_heard(lever, desk, "")
    if not heard:
        raise StepFailed(
            _("the test call to {number} was not heard; that is written down").format(number=lever.said),
            f"look what is wrong: bcp number check {name}",
        )
    show(f"{name}: {heard}", "bold")
    say(_("Written down with the date."))
    show_next(("bcp number list",))
    return Exit.OK


def check_one(numbers: Numbers, number: OfficeNumber) -> list[Finding]:
    """What its way finds, whether it works on a dead line, and how old the last test call is."""
    try:
        found = way_of(number).check(numbers.affair.world, numbers.order(number.number))
    except StepFailed as failed:
        found = [Finding("bad", failed.message)]
    if number.works_when_line_dead == "unknown":
        words = _("nobody knows whether its calls can be forwarded while its line is dead: ask the provider")
        found.append(Finding("unknown", words))
    return [*found, _test_age(numbers, number)] if number.phone else found


def _test_age(numbers: Numbers, number: OfficeNumber) -> Finding:
    said = numbers.affair.tested(numbers.order(number.number))
    seen = numbers.affair.ledger.tests().get(number.number)
    if seen is not None and not seen.heard:
        return Finding("bad", said)
    zone = numbers.affair.zone
    days = [date.fromisoformat(number.tested)] if number.tested else []
    days += [seen.at.astimezone(zone).date()] if seen else []
    today = numbers.affair.clock.now().astimezone(zone).date()
    if not days or today - max(days) > _TEST_EVERY[number.works_when_line_dead]:
        due = _("{words}; time for another one: bcp number test {name}")
        return Finding("due", due.format(words=said, name=number.number) if days else said)
    return Finding("fine", said)


def _tell_checks(numbers: Numbers, found: dict[str, list[Finding]]) -> None:
    marks = {"fine": _("fine"), "unknown": _("not known"), "due": _("due"), "bad": _("BAD")}
    width = max(map(len, marks.values()))
    for key, findings in found.items():
        show(f"{key}  {say_phone(numbers.named(key).phone or '')}", "bold")
        for finding in findings:
            show(f"    {marks[finding.state]:<{width}} {finding.words}", _STYLES[finding.state])
    say(_("Written down with the date."))
    show_next(("bcp number list",))


def _said(numbers: Numbers, number: OfficeNumber) -> list[str]:
    ledger, zone = numbers.affair.ledger, numbers.affair.zone
    try:
        how = type(way_of(number)).__module__.rpartition(".")[2].replace("_", "-")
    except StepFailed:
        how = number.method
    dead = {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}[number.works_when_line_dead]
    lines = [
        _("forwarded by: {how}; while its line is dead: {dead}").format(how=how, dead=dead),
        numbers.affair.tested(numbers.order(number.number))
        if number.phone
        else _("not bought yet: bcp number buy {name}").format(name=number.number),
    ]
    if (checked := ledger.checks().get(number.number)) is not None:
        bad = [each.words for each in checked.findings if each.state in ("bad", "due")]
        words = "; ".join(bad) or _("all fine")
        lines.append(_("checked {time}: {words}").format(time=local(checked.at, zone), words=words))
    bought = ledger.bought().get(number.number)
    if bought is not None and number.phone != bought.phone:
        words = _('bought, but not yet in bcp.yaml: phone: "{phone}"')
        lines.append(words.format(phone=bought.phone))
    return [*lines, *([number.note] if number.note else [])]


def _as_data(numbers: Numbers, number: OfficeNumber) -> dict[str, Any]:
    ledger = numbers.affair.ledger
    seen, bought = ledger.tests().get(number.number), ledger.bought().get(number.number)
    return {
        **number.model_dump(mode="json", exclude_none=True),
        "last_test": {"at": stamp(seen.at), "heard": seen.heard, "words": seen.words} if seen else None,
        "forwarded_in": [
            {"incident": each.incident, "to": each.to, "whose": each.whose, "at": stamp(each.at)}
            for each in ledger.forwarded()
            if each.number == number.number
        ],
        "bought": bought.phone if bought else None,
    }

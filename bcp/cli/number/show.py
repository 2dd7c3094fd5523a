"""Shows what is known of the numbers, what a check found, and the register of the places that show them."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bcp.app.number.check import NumberCheck
from bcp.app.number.published import PublishedPlace, PublishedPlaces
from bcp.app.number.status import NumbersStatus, NumberStatus
from bcp.cli.terminal.output import picked, say, show, show_json, show_next
from bcp.i18n import _
from bcp.lever.number.trials import ForwardingTrial
from bcp.normalize import say_phone
from bcp.office.number import OfficeNumber
from bcp.times import local

_STYLES = {"fine": None, "unknown": "yellow", "due": "yellow", "bad": "bold red"}
_SEEN_STYLES = {"fine": None, "unseen": "yellow", "old": "bold red"}


def show_numbers(found: NumbersStatus) -> None:
    """Each number; what an incident forwarded and did not put back comes first."""
    for each in found.forwarded:
        words = _("FORWARDED to {whose} ({to}) in {incident}, and not taken back: {number}")
        told = each.forwarded
        said = words.format(
            whose=told.whose, to=say_phone(told.to), incident=told.incident, number=told.number
        )
        over = "" if told.holds else _(" (another incident sends its calls elsewhere now)")
        show(said + over + each.elsewhere, "bold magenta")
    if not found.numbers:
        say(_("bcp.yaml has no {what} yet.").format(what="numbers"))
    for status in found.numbers:
        number = status.number
        title = f"  {number.title}" if number.title else ""
        show(f"{number.number}  {say_phone(number.phone or '')}{title}", "bold")
        for line in _words(status, found.zone):
            show(f"    {line}")
    tests = [f"bcp number test {status.number.number}" for status in found.numbers if status.number.phone]
    show_next([*tests[:1], "bcp number check"])


def show_numbers_json(found: NumbersStatus) -> None:
    """The same as data: each number as bcp.yaml has it, and what is known of it.

    `last_test`, `last_forwarding_test`, `forwarded_in`, `bought`.
    """
    show_json(
        [
            {
                **each.number.model_dump(mode="json", exclude_none=True),
                "last_test": each.tested,
                "last_forwarding_test": each.trial,
                "forwarded_in": [
                    picked(one, "incident", "to", "whose", "at", "holds") for one in each.forwarded
                ],
                "bought": each.bought.phone if each.bought else None,
            }
            for each in found.numbers
        ]
    )


def _words(status: NumberStatus, zone: ZoneInfo) -> list[str]:
    number = status.number
    dead = {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}[number.works_when_line_dead]
    lines = [
        _("forwarded by: {how}; while its line is dead: {dead}").format(how=status.how, dead=dead),
        status.last_call if number.phone else _without_phone(number),
        *(_trial_words(status, zone) if number.phone else []),
    ]
    if status.checked is not None:
        bad = [each.words for each in status.checked.findings if each.state in ("bad", "due")]
        when, words = local(status.checked.at, zone), "; ".join(bad) or _("all fine")
        lines.append(_("checked {time}: {words}").format(time=when, words=words))
    if status.bought is not None and number.phone != status.bought.phone:
        words = _('bought, but not yet in bcp.yaml: phone: "{phone}"')
        lines.append(words.format(phone=status.bought.phone))
    return [*lines, *([number.note] if number.note else [])]


def _trial_words(status: NumberStatus, zone: ZoneInfo) -> list[str]:
    """What was seen of the forwarding itself; a test call without it shows only that the number rings."""
    name, trial, left = status.number.number, status.trial, status.cut_short
    words = []
    if left is not None:
        cut = _(
            "A TRIAL WAS CUT SHORT: the calls may still go to {whose} ({to}): bcp number test {name} --forward"
        )
        words.append(cut.format(whose=left.whose, to=say_phone(left.to), name=name))
    if trial is not None and trial.heard:
        heard = _("forwarding tried {time}: heard at {whose}, whose phone showed {shown}")
        shown = say_phone(trial.shown) or _("no number")
        words.append(heard.format(time=local(trial.at, zone), whose=trial.whose, shown=shown))
    elif trial is not None:
        unheard = _("forwarding tried {time}: NOT heard at {whose}")
        words.append(unheard.format(time=local(trial.at, zone), whose=trial.whose))
    elif status.can_be_forwarded:
        words.append(
            _("not tried: the forwarding itself: bcp number test {name} --forward").format(name=name)
        )
    return words


def show_call_heard(name: str, heard: str) -> None:
    """What a plain test call showed, and what it did not."""
    show(f"{name}: {heard}", "bold")
    say(_("Written down with the date."))
    say(_("Not tried: the forwarding itself."))
    show_next((f"bcp number test {name} --forward   (in a quiet moment)", "bcp number list"))


def show_forwarding_trial(name: str, trial: ForwardingTrial | None) -> None:
    """How a trial of the forwarding went."""
    if trial is None:
        say(_("Nothing was changed."))
        return
    words = _("{name}: forwarded, heard at {whose}, and put back. The phone showed {shown}.")
    shown = say_phone(trial.shown) or _("no number")
    show(words.format(name=name, whose=trial.whose, shown=shown), "bold")
    say(_("Written down with the date."))
    show_next(("bcp number list",))


def _without_phone(number: OfficeNumber) -> str:
    if number.can_be_bought:
        return _("not bought yet: bcp number buy {name}").format(name=number.number)
    return _("it has no number yet: write phone: at {name} in bcp.yaml").format(name=number.number)


def show_checks(checks: Sequence[NumberCheck]) -> None:
    """What was found of each number."""
    marks = {"fine": _("fine"), "unknown": _("not known"), "due": _("due"), "bad": _("BAD")}
    width = max(map(len, marks.values()))
    for each in checks:
        show(f"{each.number}  {say_phone(each.phone)}", "bold")
        for finding in each.findings:
            show(f"    {marks[finding.state]:<{width}} {finding.words}", _STYLES[finding.state])
    say(_("Written down with the date."))
    show_next(("bcp number list",))


def show_checks_json(checks: Sequence[NumberCheck]) -> None:
    """The same as data: `[{number, findings: [{state, words}]}]`."""
    show_json([{"number": each.number, "findings": each.findings} for each in checks])


def show_published(found: PublishedPlaces) -> None:
    """Each place where our numbers can be read."""
    if not found.places:
        say(_("bcp.yaml has no {what} yet.").format(what="published"))
    for each in found.places:
        first, *rest = each.words
        show(f"{each.place.published}  {first}", "bold")
        for line in rest:
            show(f"    {line}")
        if each.confirmed is not None:
            words = _("since {time}: {how}")
            show("    " + words.format(time=local(each.confirmed.at, found.zone), how=each.confirmed.how))
        if each.seen is not None and each.seen.words:
            show(f"    {each.seen.words}", _SEEN_STYLES[each.seen.state])
    is_looked = found.looked and found.places
    show_next(("bcp number list",) if is_looked else ("bcp number published --look",))


def show_published_json(found: PublishedPlaces) -> None:
    """The same as data: each place as bcp.yaml has it, with `must_show`, `confirmed`, `seen`."""
    show_json([_published(each) for each in found.places])


def _published(each: PublishedPlace) -> dict[str, object]:
    now = each.confirmed
    return {
        **each.place.model_dump(mode="json", exclude_none=True),
        "must_show": each.must_show,
        "confirmed": picked(now, "at", "incident", "how") if now else None,
        "seen": each.seen,
    }

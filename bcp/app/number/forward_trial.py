"""`number test --forward`: really forwards a number in a quiet moment, has somebody call it, and puts it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bcp.action.base import Operator, tell_lines
from bcp.app.number.office import numbers_of
from bcp.app.number.trial import DeskAt
from bcp.app.office import person_in, spoken_office_of
from bcp.app.session import Session
from bcp.errors import BcpError, InputError, PersonNeeded, StepFailed
from bcp.fact import Fact, Place
from bcp.i18n import _
from bcp.incident.journal import Busy
from bcp.lever.number.base import BEFORE, NumberDriver, NumberRequest, Saved
from bcp.lever.number.choice import way_of
from bcp.lever.number.levers import OfficeNumberLever, OfficeNumbers
from bcp.lever.number.trials import ForwardingTrial, NumberTrials
from bcp.normalize import normal_phone
from bcp.outside import World

_CALLS = 3


def try_forwarding(
    session: Session, name: str, to: str | None, by: str | None, desk_at: DeskAt | None
) -> ForwardingTrial | None:
    """Forward, let somebody call from outside, put back; how it went, or None where nobody agreed.

    `to` is `role:…`, `person:…`, `number:…` or a phone number; without it the person is asked. Raises PersonNeeded
    where nobody is there, InputError for what cannot be tried, StepFailed where it was not heard or not put back.
    """
    office = spoken_office_of(session)
    who = person_in(session, office, by)
    numbers = numbers_of(session, office, who)
    lever = numbers.number(name)
    if desk_at is None:
        raise PersonNeeded(
            f"a person must agree before the calls of {name} are forwarded, and say what was heard",
            f"give this command at a terminal: bcp number test {name} --forward",
        )
    _refuse_while_forwarded(numbers, name)
    desk = desk_at(Place(office.country, office.zone, session.clock.now()))
    trials = NumberTrials(session.stores.levers, who)
    trial = _Trial(trials, way_of(lever.number), numbers.affair.world, lever, desk)
    try:
        with session.stores.holds.hold("numbers", f"test-{name}"):
            trial.end_cut_short()
            whose, phone = _taker(numbers, lever, desk, to)
            return trial.run(numbers.order(name, phone, whose))
    except Busy:
        raise InputError(f"{name} is being tried at another terminal", "wait until that has ended") from None


@dataclass(frozen=True, slots=True)
class _Trial:
    """One trial of a number, with the person at the desk."""

    trials: NumberTrials
    way: NumberDriver
    world: World
    lever: OfficeNumberLever
    desk: Operator

    def end_cut_short(self) -> None:
        """Put back what a trial left that a crash cut short. Raises StepFailed where that did not succeed."""
        left = self.trials.cut_short().get(self.lever.number.number)
        if left is not None:
            self.desk.tell(_("The last trial was cut short. What was before is put back first."))
            order = replace(self.lever.numbers.order(left.number), to=left.to, whose=left.whose)
            self._put_back(order, left.saved, was_set=True)

    def run(self, order: NumberRequest) -> ForwardingTrial | None:
        """The whole trial; whatever happens, what was before is put back."""
        for line in self.way.describe(order):
            self.desk.tell(line)
        words = _("This is real: clients who call in the next minutes reach {whose}. Choose a quiet moment.")
        self.desk.tell(order.fill(words))
        if self.desk.ask(Fact("agrees", _("Do it now?"), "yes-no")) != "yes":
            return None
        name, present = order.number.number, self.way.present(self.world, order)
        self.trials.forwarding(name, order.to, order.whose, present)
        saved, was_set = present, False
        try:
            answers = self._led(self.way.hand(order), self.way.asks(order))
            saved = {**({BEFORE: answers[BEFORE]} if answers.get(BEFORE) else {}), **present}
            self.way.forward(self.world, order)
            was_set = True
            heard = self._is_heard(order)
            shown = self._shown(order) if heard else ""
        finally:
            self._put_back(order, saved, was_set)
        self.trials.heard(name, order.whose, heard, shown)
        if not heard:
            words = _("the call to {number} was not heard at {whose}; what was before is set again")
            raise StepFailed(order.fill(words), f"look what is wrong: bcp number check {name}")
        return self.trials.last_heard()[name]

    def _is_heard(self, order: NumberRequest) -> bool:
        words = _(
            "Have somebody call {number} from a telephone outside: not from {whose}'s, and not from yours."
        )
        question = _("Did it ring at {whose}, and did you hear each other?")
        for _call in range(_CALLS):
            self.desk.tell(order.fill(words))
            said = self.desk.ask(Fact("heard", order.fill(question), "choice", ("yes", "again", "no")))
            if said != "again":
                return said == "yes"
        return False

    def _shown(self, order: NumberRequest) -> str:
        question = _("Which caller's number did the phone of {whose} show? (Enter: it showed none)")
        return (self.desk.ask(Fact("shown", order.fill(question), required=False)) or "").strip()

    def _put_back(self, order: NumberRequest, saved: Saved, was_set: bool) -> None:
        """What was before, once more. Raises StepFailed where that did not succeed; the next trial tries again.

        `was_set`: it was seen to be forwarded, so what is there now and not ours was set by somebody else.
        """
        left = self.trials.cut_short().get(order.number.number)
        if left is not None and left.is_covered:
            self.desk.tell(
                order.fill(_("An incident forwarded {number} meanwhile; its calls stay as that one set it."))
            )
            self.trials.put_back(order.number.number)
            return
        try:
            if not was_set or self._may_put_back(order, saved):
                self._led(self.way.hand_back(order, saved), self.way.asks_back(order))
                self.way.put_back(self.world, order, saved)
        except BcpError as failed:
            words = _(
                "the calls of {number} were sent to {whose} ({to}) for a trial, and that could not be put back: {why}"
            )
            again = f"try again: bcp number test {order.number.number} --forward   or set it at the provider"
            raise StepFailed(order.fill(words, why=failed.message), again) from None
        self.trials.put_back(order.number.number)

    def _may_put_back(self, order: NumberRequest, saved: Saved) -> bool:
        """Whether what is there is ours, or the person says that it may go."""
        now = self.way.present(self.world, order)
        is_before = all(saved.get(key) == value for key, value in now.items())
        if is_before or self.way.is_ours(order, now) is not False:
            return True
        self.desk.tell(order.fill(_("Somebody else changed where the calls of {number} go since then:")))
        for key, value in now.items():
            if saved.get(key) != value:
                self.desk.tell(f"  {key}: {value}")
        question = _("Set it back to what was before the trial all the same? (no: it stays as it is now)")
        return self.desk.ask(Fact("set_back", question, "yes-no")) == "yes"

    def _led(self, text: str, asks: tuple[Fact, ...]) -> Mapping[str, str]:
        """Lead through what a person does; the answers. Raises StepFailed where it was not confirmed."""
        if text:
            tell_lines(self.desk, text)
        answers: dict[str, str] = {}
        for fact in asks:
            said = self.desk.ask(fact)
            if fact.type == "yes-no" and said != "yes":
                raise StepFailed(_("it was not confirmed"), text.partition("\n")[0])
            if said is not None:
                answers[fact.name] = said
        return answers


def _refuse_while_forwarded(numbers: OfficeNumbers, name: str) -> None:
    for each in numbers.affair.ledger.forwarded():
        if each.number == name and each.to:
            raise InputError(
                f"the calls of {name} are forwarded in {each.incident} just now, so nothing was tried",
                f"end that first; a plain test call can be made at any time: bcp number test {name}",
            )


def _taker(
    numbers: OfficeNumbers, lever: OfficeNumberLever, desk: Operator, to: str | None
) -> tuple[str, str]:
    """Whose phone takes the calls, and which. Raises InputError or StepFailed where that cannot be known."""
    if to is None:
        phones = {each.name: each.phone for each in numbers.people.values() if each.phone}
        if not phones:
            raise InputError("nobody in bcp.yaml has a phone number", "name one: --to +48600000101")
    else:
        phones = dict(lever.phones(_somebody(to)))
    name = next(iter(phones))
    if len(phones) > 1:
        asked = Fact("answers", _("Whose phone takes the calls?"), "choice", tuple(phones))
        name = desk.ask(asked) or name
    if phones[name] == lever.phone:
        raise InputError(_("the number would be forwarded to itself"), "name another phone: --to person:anna")
    return name, phones[name]


def _somebody(to: str) -> str:
    if to.startswith(("role:", "person:", "number:")):
        return to
    try:
        return normal_phone(to)
    except ValueError as error:
        raise InputError(f'"{to}": {error}', "such as: --to role:lead   or   --to +48600000101") from None

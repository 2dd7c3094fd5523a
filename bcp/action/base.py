"""Action: what a step does; and the protocols (Operator, Checks) through which a step reaches the rest.

A kind is one file in `kinds/`. Its fields are the YAML, `describe()` is what every view says about it, `refs()` and
`facts()` say what it points to and what it finds out, and `run()` is the deed. What can be switched over (Levers) is in
`levers.py`, who is written to (Letters) in `letters.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from bcp.action.letters import Faults, Letters
from bcp.action.levers import Levers
from bcp.clock import Clock
from bcp.errors import InputError
from bcp.fact import Fact
from bcp.fact_template import fill, mentions
from bcp.i18n import _
from bcp.outside import World
from bcp.running_process import RunningProcess
from bcp.verdict import Verdict
from bcp.yaml.types import Model

State = Literal["up", "down", "inconclusive"]
RefKind = Literal[
    "check", "runbook", "notice", "line", "number", "place", "audience", "channel", "role", "person", "fact"
]
Loc = tuple[str | int, ...]


class Ref(NamedTuple):
    """Something that a step points to, and at which of its fields it does so (for the place of a mistake)."""

    kind: RefKind
    name: str
    at: Loc = ()


class Slip(NamedTuple):
    """What is wrong with a field, or could be better: the field, the sentence, and what to write instead."""

    at: Loc
    words: str
    hint: str


class Look(NamedTuple):
    """What a look at a check gave: the state, the reason in plain words, and whether it was only assumed."""

    state: State
    reason: str
    assumed: bool = False


class Diagnosed(NamedTuple):
    """What diagnosis gave: the verdict, a line for each layer, and whether it was only assumed.

    `thing` is the title of the check whose failure it is; `next_step` the one thing to do, if something was looked at.
    """

    verdict: Verdict
    seen: tuple[str, ...]
    assumed: bool = False
    thing: str | None = None
    next_step: str = ""


class Operator(Protocol):
    """The person at the terminal, or whoever plays the person in a drill."""

    def ask(self, fact: Fact) -> str | None:
        """The answer, read and in its one form (`bcp.fact.read_answer`); None where it may stay open.

        Raises PersonNeeded where nobody is there to answer.
        """
        ...

    def tell(self, text: str) -> None:
        """Show a line to the person; one line, whatever is in it."""
        ...


def tell_lines(desk: Operator, text: str) -> None:
    """Show what a person is to do, as the author of the plan wrote it: a text that may have several lines."""
    for line in text.splitlines():
        desk.tell(line)


def says_yes(desk: Operator, name: str, question: str) -> bool:
    """Whether the person says yes to a question; `name` is what the answer is called. Raises PersonNeeded."""
    return desk.ask(Fact(name, question, "yes-no")) == "yes"


class Checks(Protocol):
    """A way to look at the office's checks."""

    def look(self, check: str, within: timedelta, wanted: State) -> Look:
        """Look at `check`, again and again until it is `wanted` or `within` has passed; the last look."""
        ...

    def diagnose(self) -> Diagnosed:
        """Look at all layers at once and say what is wrong."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a step is handed to do its deed with; `letters` opens the post room, which most steps do not need.

    `born` is told of the program that is the deed, before it does anything (see `Program`).
    """

    desk: Operator
    world: World
    looks: Checks
    clock: Clock
    zone: ZoneInfo
    country: str
    facts: Mapping[str, str]
    letters: Callable[[], Letters] | None = None
    levers: Levers | None = None
    faults: Faults | None = None
    born: Callable[[RunningProcess], None] | None = None

    def number_in(self, text: str) -> str:
        """`text`, which is to hold a phone number, with its facts. Raises InputError where one is not known yet."""
        unknown = [name for name in mentions(text) if name not in self.facts]
        if unknown:
            hint = "answer the step that asks for it, or set it: bcp incident amend --fact NAME=VALUE"
            raise InputError(_("the number is not known yet: {name}").format(name=unknown[0]), hint)
        return fill(text, self.facts)


@dataclass(frozen=True, slots=True)
class Done:
    """The deed is done. `evidence` is kept in the journal; `note` is a sentence about it.

    `take_back` undoes it at once where the expected check stays down: why that did not succeed, or nothing;
    `within` is how long that check may take, where it is not the usual minute. `then` is what follows once the
    step is written down as done; the sentence that it returns becomes a note. `printed` is what a program said.
    """

    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
    take_back: Callable[[], str] | None = None
    within: timedelta | None = None
    then: Callable[[], str] | None = None
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The deed did not succeed: why, in plain words.

    `unsure` says that it may have taken effect all the same, so it must not be repeated without a thought. `printed`
    is what a program said.
    """

    why: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    unsure: bool = False
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do until then; the process may end meanwhile."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Enter:
    """Carry out another runbook inside this incident."""

    runbook: str


Deed = Done | Failed | Wait | Enter


class Action(Model):
    """What a step does."""

    by_person: ClassVar[bool] = False
    """A person does it or answers it, so that it can never be `auto`."""

    asks_person: ClassVar[bool] = False
    """It is begun by itself and cannot end without a person, so it can never be `auto` either."""

    finds: ClassVar[bool] = False
    """Its facts are what this computer found, and stay known as such (`NAME_found`) whatever people say of them."""
    is_program: ClassVar[bool] = False
    """The deed is one program, of which `Tools.born` is told."""

    def describe(self) -> str:
        """One line, a verb first: what will happen when this is carried out."""
        raise TypeError(f"{type(self).__name__} has no words")

    def refs(self) -> tuple[Ref, ...]:
        """What this points to."""
        return ()

    def facts(self) -> tuple[Fact, ...]:
        """The facts that this finds out."""
        return ()

    def about(self) -> str | None:
        """The line of bcp.yaml that this is about, whose numbers are then shown beside the step."""
        return None

    def promise(self) -> Mapping[str, str]:
        """The facts from which a provider's promise is made: `line`, and the names of what, said, due, said_by, ticket.

        `kept` names the yes or no that settles the promise before it. Nothing where none is made.
        """
        return {}

    def texts(self) -> tuple[tuple[Loc, str], ...]:
        """The fields in which `{fact:name}` is filled in, each with its place."""
        return ()

    def slips(self) -> tuple[Slip, ...]:
        """What is wrong with the fields, beyond their form."""
        return ()

    def advice(self) -> tuple[Slip, ...]:
        """What works, and would be safer in another way."""
        return ()

    def switches_on(self) -> str:
        """What stays switched on behind it until something ends it, by one name; nothing where it leaves nothing."""
        return ""

    def switches_off(self) -> str:
        """What it ends, by the name that `switches_on` has for it."""
        return ""

    def is_repeatable(self) -> bool:
        """Whether doing it a second time does no harm."""
        return False

    def length(self) -> timedelta:
        """The longest that this takes by itself, without the person."""
        return timedelta(0)

    def least(self) -> timedelta:
        """The time that passes in any case while it is carried out."""
        return timedelta(0)

    def run(self, tools: Tools) -> Deed:
        """Do it."""
        raise TypeError(f"{type(self).__name__} does nothing")

"""The person who is led through a runbook: asks what becomes of a step, and reads answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from bcp.app.lead import fitting
from bcp.cli.terminal.choices import numbered
from bcp.cli.terminal.decide import decided
from bcp.cli.terminal.keyboard import agrees, read_line
from bcp.cli.terminal.output import say
from bcp.cli.terminal.step_screen import DECIDE, allowed_keys, key_lines, show_help, show_step
from bcp.fact import NOT_KNOWN, Fact, OverToday, Place, StillToCome, read_answer
from bcp.i18n import _
from bcp.incident.operator import Key, KeyPressed
from bcp.incident.step_view import StepView
from bcp.incident.text import said_value
from bcp.times import local

_AT_ONCE: dict[str, Key] = {"a": "do", "o": "other", "b": "back", "g": "go-on", "p": "pause"}
_REASON: dict[str, Key] = {"f": "failed", "s": "skipped", "n": "not-applicable", "d": "deferred"}


class AnsweredFact(NamedTuple):
    """A question of a step, and what was answered."""

    question: str
    answer: str


class AnsweredAgain(NamedTuple):
    """What is known of the questions that were asked again, and which of them nobody knows."""

    facts: Mapping[str, str]
    unknown: tuple[str, ...]


class Paused(Exception):
    """The input ended, or the person pressed Ctrl-D."""


class Terminal:
    """The person at the terminal."""

    attended = True

    def __init__(self, place: Callable[[], Place]) -> None:
        """`place` says what a local phone number and a clock time refer to, at the moment of the answer."""
        self._place = place
        self._own: frozenset[str] = frozenset()
        """The facts that the step on the screen asks for; whoever does not know one may say so."""
        self._last: Mapping[str, str] | None = None
        """What is known of them already, where it is asked again."""
        self.typed: dict[str, AnsweredFact] = {}
        """What was answered so far of the step that is on the screen, by the name of the fact."""

    def tell(self, text: str) -> None:
        """Show a line; the commands in it mean this incident."""
        say(fitting(text))

    def choose(self, view: StepView) -> KeyPressed:
        """Show the step and ask until the answer is one that can be taken."""
        self._begin(view.facts, view.answers if view.answers or view.mood == "back" else None)
        show_step(view)
        try:
            while True:
                choice = self._choice(view, self._line(*key_lines(view)))
                if choice is not None:
                    return choice
        except Paused:
            return KeyPressed("pause")

    def ask_again(self, facts: Sequence[Fact], last: Mapping[str, str]) -> AnsweredAgain:
        """Ask all of them, with the `last` answers in place of an empty line; what is known, and what is no more."""
        self._begin(facts, last)
        return self._answers_again(facts)

    def _begin(self, facts: Sequence[Fact], last: Mapping[str, str] | None) -> None:
        self.typed = {}
        self._own, self._last = frozenset(fact.name for fact in facts), last

    def _answers_again(self, facts: Sequence[Fact]) -> AnsweredAgain:
        given = {fact.name: self.ask(fact) for fact in facts}
        known = {name: value for name, value in given.items() if value is not None}
        return AnsweredAgain(known, tuple(name for name in given if name not in known))

    def ask(self, fact: Fact) -> str | None:
        """Ask until the answer can be read; None for `?`, and for an empty one to a question that may stay open.

        Asked again, an empty line keeps what is known.
        """
        last = (self._last or {}).get(fact.name)
        question = self._question(fact, last)
        while True:
            try:
                typed = self._line(*question)
            except Paused:
                raise KeyboardInterrupt from None
            if not typed and self._last is not None and fact.name in self._own:
                return last
            if typed == NOT_KNOWN and fact.name in self._own:
                say(_("  Kept as not known."))
                return None
            if not typed and not fact.required:
                return None
            said = self._understood(fact, typed)
            if said is not None:
                if fact.type == "choice" and not typed.isdecimal() and said != typed:
                    say(f"  {said}")  # only its beginning was typed
                self.typed[fact.name] = AnsweredFact(fact.ask, said)
                return said

    def _question(self, fact: Fact, last: str | None) -> list[str]:
        """The question with its choices, and what an empty line says."""
        first, *others = numbered(fact)
        lines = [fact.ask + first, *others]
        if self._last is not None and fact.name in self._own:
            said = said_value(fact, last, self._place().zone) if last is not None else _("not known")
            lines.append(_("  [Enter] {value}   [?] not known").format(value=said))
        elif not fact.required:
            lines[-1] += _("  (may stay empty)")
        return lines

    def _understood(self, fact: Fact, typed: str) -> str | None:
        """The answer in its form; None where the question is to be asked again, once the person was told why."""
        if fact.type == "yes-no" and typed in ("1", "2"):
            typed = fact.values[int(typed) - 1]
        place = self._place()
        try:
            return read_answer(fact, typed, place)
        except OverToday as over:
            words = _("That time is over today. Is it {time}?   [Enter] yes   [n] no")
            if agrees(words.format(time=local(over.coming, place.zone)), on_enter=True):
                return read_answer(fact, typed, place._replace(rolls=True))
        except StillToCome as ahead:
            words = _("That time is still to come today. Was it {time}?   [Enter] yes   [n] no")
            if agrees(words.format(time=local(ahead.last, place.zone)), on_enter=True):
                return read_answer(fact, typed, place._replace(rolls=True))
        except ValueError as error:
            say(f"  {str(error)[:1].upper()}{str(error)[1:]}.", "yellow")
            if not typed and fact.name in self._own:
                say(
                    _("  Not known? Type ? and go on. Ctrl-C leaves the question, and says how to go on."),
                    "yellow",
                )
            elif not typed:
                say(_("  Not known yet? Ctrl-C leaves the question, and says how to go on."), "yellow")
        return None

    def _choice(self, view: StepView, typed: str) -> KeyPressed | None:
        key = typed.strip().lower()
        if key == "" and view.mood == "back" and view.outcome == "done" and view.facts:
            again = self._answers_again(view.facts)
            return KeyPressed("by-hand", "", again.facts, again.unknown)
        if key == "" and view.mood != "doubt":
            return KeyPressed("do")
        if key not in allowed_keys(view):
            say(_("  That is none of the keys. Nothing was written."), "yellow")
            if view.asks and len(key) > 1:
                say(_("  Press Enter first: then you are asked, and can type the answer."), "yellow")
            return None
        if key == "?":
            show_help(view)
            return None
        if key in _REASON:
            return self._with_reason(_REASON[key])
        return self._plain(key, view)

    def _plain(self, key: str, view: StepView) -> KeyPressed | None:
        if key == "h":
            if view.mood in ("failed", "doubt"):
                return self._with_reason(
                    "by-hand", _("What did you do, or see? (Enter: go back, nothing is written)")
                )
            note = self._line(_("What should be noted about it? (Enter: nothing)"))
            again = self._answers_again(view.facts)
            return KeyPressed("by-hand", note, again.facts, again.unknown)
        if key == "t":
            text = self._line(_("Your note (names stay in the record):"))
            return KeyPressed("note", text) if text else None
        if key == DECIDE:
            return decided(view.decisions)
        return KeyPressed(_AT_ONCE[key])

    def _with_reason(self, key: Key, question: str = "") -> KeyPressed | None:
        question = question or _("Why? (Enter: go back, nothing is written)")
        reason = self._line(question)
        return KeyPressed(key, reason) if reason else None

    def _line(self, *question: str) -> str:
        line = read_line(*question)
        if line is None:
            raise Paused
        return line

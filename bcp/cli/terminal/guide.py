"""The person who is led through a runbook: asks what becomes of a step, and reads answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bcp.cli.terminal.choices import numbered
from bcp.cli.terminal.keyboard import forget_typed_ahead, typed_line
from bcp.cli.terminal.output import err, say
from bcp.cli.terminal.step_screen import allowed_keys, key_lines, show_help, show_step
from bcp.fact import NOT_KNOWN, Fact, OverToday, Place, read_answer
from bcp.i18n import _
from bcp.incident.operator import Key, KeyPressed
from bcp.incident.step_view import StepView
from bcp.times import local
from bcp.yes_no import read_yes_no

_REASON: dict[str, Key] = {"f": "failed", "s": "skipped", "n": "not-applicable", "d": "deferred"}


class AnsweredFact(NamedTuple):
    """A question of a step, and what was answered."""

    question: str
    answer: str


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
        self.typed: dict[str, AnsweredFact] = {}
        """What was answered so far of the step that is on the screen, by the name of the fact."""

    def tell(self, text: str) -> None:
        """Show a line."""
        say(text)

    def choose(self, view: StepView) -> KeyPressed:
        """Show the step and ask until the answer is one that can be taken."""
        self.typed = {}
        self._own = frozenset(fact.name for fact in view.facts)
        show_step(view)
        try:
            while True:
                choice = self._choice(view, self._line(*key_lines(view)))
                if choice is not None:
                    return choice
        except Paused:
            return KeyPressed("pause")

    def ask(self, fact: Fact) -> str | None:
        """Ask until the answer can be read; None for `?`, and for an empty one to a question that may stay open."""
        first, *others = numbered(fact)
        open_ = "" if fact.required else _("  (may stay empty)")
        question = [fact.ask + first, *others]
        question[-1] += open_
        while True:
            try:
                typed = self._line(*question)
            except Paused:
                raise KeyboardInterrupt from None
            if (not typed and not fact.required) or (typed == NOT_KNOWN and fact.name in self._own):
                return None
            said = self._understood(fact, typed)
            if said is not None:
                self.typed[fact.name] = AnsweredFact(fact.ask, said)
                return said

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
            return KeyPressed("by-hand", note, self._found_out(view))
        if key == "t":
            text = self._line(_("Your note (names stay in the record):"))
            return KeyPressed("note", text) if text else None
        if key == "a":
            return KeyPressed("do")
        return KeyPressed("other" if key == "o" else "pause")

    def _found_out(self, view: StepView) -> dict[str, str]:
        """What the step would have found out by itself; the person who did it by hand knows it."""
        given = {fact.name: self.ask(fact) for fact in view.facts}
        return {name: value for name, value in given.items() if value is not None}

    def _with_reason(self, key: Key, question: str = "") -> KeyPressed | None:
        question = question or _("Why? (Enter: go back, nothing is written)")
        reason = self._line(question)
        return KeyPressed(key, reason) if reason else None

    def _line(self, *question: str) -> str:
        line = read_line(*question)
        if line is None:
            raise Paused
        return line


def read_line(*question: str) -> str | None:
    """Show the lines of a question and read what is typed after that; None at the end of the input.

    What was typed before does not answer it, nor does what nobody sees.
    """

    def ask() -> None:
        forget_typed_ahead()
        # Not printed by rich itself: a Ctrl-C at that moment would leave the prompt in its buffer, to be shown again.
        with err.capture() as shown:
            for line in question:
                err.print(line)
            err.print("> ", end="")
        err.file.write(shown.get())
        err.file.flush()

    return typed_line(ask)


def agrees(question: str, on_enter: bool) -> bool:
    """Whether the person says yes, in a language of the tool; the end of the input is a no."""
    typed = read_line(question)
    return typed is not None and (read_yes_no(typed) is True if typed else on_enter)

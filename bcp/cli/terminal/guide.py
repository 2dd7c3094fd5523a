"""The guided screen: shows a step, asks what becomes of it, and reads answers."""

from __future__ import annotations

import sys
from typing import Any

from rich.text import Text

from bcp.cli.terminal.bigdigits import show_number
from bcp.cli.terminal.choices import numbered
from bcp.cli.terminal.keyboard import forget_typed_ahead
from bcp.cli.terminal.output import err, say
from bcp.fact import Fact, Place, read_answer
from bcp.i18n import _
from bcp.incident.operator import Choice, Key
from bcp.incident.step_view import StepView
from bcp.yes_no import read_yes_no

_WIDTH = 100
_REASON: dict[str, Key] = {"f": "failed", "s": "skipped", "n": "not-applicable", "d": "deferred"}


class Paused(Exception):
    """The input ended, or the person pressed Ctrl-D."""


class Terminal:
    """The person at the terminal."""

    attended = True

    def __init__(self, place: Place) -> None:
        """`place` says what a local phone number and a clock time refer to."""
        self._place = place
        self.typed: dict[str, tuple[str, str]] = {}
        """The questions of the step that is on the screen that were answered, each with its answer, by fact."""

    def tell(self, text: str) -> None:
        """Show a line."""
        say(text)

    def choose(self, view: StepView) -> Choice:
        """Show the step and ask until the answer is one that can be taken."""
        self.typed = {}
        show_step(view)
        try:
            while True:
                say(_keys(view))
                choice = self._choice(view, self._line("> "))
                if choice is not None:
                    return choice
        except Paused:
            return Choice("pause")

    def ask(self, fact: Fact) -> str | None:
        """Ask until the answer can be read; an empty one leaves a question open that may stay open."""
        open_ = "" if fact.required else _("  (may stay empty)")
        while True:
            try:
                typed = self._line(f"{fact.ask}{numbered(fact)}{open_}\n> ")
            except Paused:
                raise KeyboardInterrupt from None
            if not typed and not fact.required:
                return None
            if fact.type == "yes-no" and typed in ("1", "2"):
                typed = fact.values[int(typed) - 1]
            try:
                said = read_answer(fact, typed, self._place)
            except ValueError as error:
                say(f"  {str(error)[:1].upper()}{str(error)[1:]}.", "yellow")
                if not typed:
                    say(_("  Not known yet? Ctrl-C leaves the question, and says how to go on."), "yellow")
                continue
            self.typed[fact.name] = (fact.ask, said)
            return said

    def _choice(self, view: StepView, typed: str) -> Choice | None:
        key = typed.strip().lower()
        if key == "" and view.mood != "doubt":
            return Choice("do")
        if key not in _allowed(view):
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

    def _plain(self, key: str, view: StepView) -> Choice | None:
        if key == "h":
            if view.mood in ("failed", "doubt"):
                return self._with_reason(
                    "by-hand", _("What did you do, or see? (Enter: go back, nothing is written)")
                )
            note = self._line(_("What should be noted about it? (Enter: nothing)\n> "))
            return Choice("by-hand", note, self._found_out(view))
        if key == "t":
            text = self._line(_("Your note (names stay in the record):\n> "))
            return Choice("note", text) if text else None
        if key == "a":
            return Choice("do")
        return Choice("other" if key == "o" else "pause")

    def _found_out(self, view: StepView) -> dict[str, str]:
        """What the step would have found out by itself; the person who did it by hand knows it."""
        given = {fact.name: self.ask(fact) for fact in view.facts}
        return {name: value for name, value in given.items() if value is not None}

    def _with_reason(self, key: Key, question: str = "") -> Choice | None:
        question = question or _("Why? (Enter: go back, nothing is written)")
        reason = self._line(f"{question}\n> ")
        return Choice(key, reason) if reason else None

    def _line(self, prompt: str) -> str:
        line = read_line(prompt)
        if line is None:
            raise Paused
        return line


def read_line(prompt: str) -> str | None:
    """Show `prompt` and read the line typed after that: what was typed before does not answer it. None at the end."""
    forget_typed_ahead()
    # Not printed by rich itself: a Ctrl-C at that moment would leave the prompt in its buffer, to be shown once more.
    with err.capture() as shown:
        err.print(prompt, end="")
    err.file.write(shown.get())
    err.file.flush()
    line = sys.stdin.readline()
    return line.strip() if line else None


def agrees(question: str, on_enter: bool) -> bool:
    """Whether the person says yes, in a language of the tool; the end of the input is a no."""
    typed = read_line(f"{question}\n> ")
    return typed is not None and (read_yes_no(typed) is True if typed else on_enter)


def show_step(view: StepView) -> None:
    """The step as the person reads it."""
    drill = "  DRILL  " if view.drill else ""
    left = f" · {view.left}" if view.left else ""
    say()
    for each in view.dues:
        _row(_("DUE"), each.sentence, "bold red")
        _row("", each.command, "bold")
    err.rule(Text(f"{drill}{view.phase}{left}{drill}", "bold red" if view.late else "bold"), align="left")
    if view.clocks:
        say(view.clocks, "bold")
    say(_("Step {number} of {total}").format(number=view.number, total=view.total) + f"  ({view.id})", "dim")
    say(view.title, "bold")
    say()
    show_number(view.dial, min(_WIDTH, err.width))
    rows = [
        (_("Who"), view.who),
        (_("Line"), _line_words(view.line)),
        (_("WARNING"), view.warning),
        (_("By itself"), view.words),
        (_("By hand"), view.by_hand),
        (_("Result"), view.result),
        (
            _("Others"),
            _("{count} more steps are open here: o").format(count=view.others_open)
            if view.others_open
            else "",
        ),
        (_("Pause"), view.pause),
    ]
    for label, text in rows:
        if text:
            _row(label, text, "bold red" if label == _("WARNING") else None)
    if view.why:
        say()
        heads = {"failed": _("It did not succeed: "), "doubt": _("IN DOUBT. "), "wait": "", "do": ""}
        _row("", heads[view.mood] + view.why, "bold yellow")
        if view.hint:
            _row(_("Do next"), view.hint, "bold")
        if view.unsure and view.mood == "failed":
            say(_("It may have taken effect all the same: look before you try again."), "bold yellow")
    say()


def show_help(view: StepView) -> None:
    """Each key in a sentence."""
    noun = "drill" if view.drill else "incident"
    words = {
        "Enter": _("do it, or say that it is done") if view.mood != "wait" else _("wait here until then"),
        "a": _("try again"),
        "h": _("you did it by hand") if view.mood != "doubt" else _("it did happen, or you did it by hand"),
        "f": _("it could not be done; you will be asked why, and go on with the next step"),
        "s": _("leave it out, with a reason"),
        "n": _("it does not apply to us today, with a reason"),
        "d": _("put it off; it is offered again at the end"),
        "o": _("show another open step of this phase"),
        "t": _("write a note into the record"),
        "p": _("stop here; everything is kept, go on later with: {command}").format(
            command=f"bcp {noun} resume"
        ),
    }
    for key, text in words.items():
        if key in _allowed(view) or (key == "Enter" and view.mood != "doubt"):
            say(f"  {key:>5}  {text}")
    command = f"bcp {noun} step OUTCOME STEP --correct --note why"
    say(_("  A wrong answer costs nothing: {command}").format(command=command))


def _allowed(view: StepView) -> dict[str, str]:
    """The keys for this step, each with its word."""
    keys = {"h": _("by hand"), "f": _("failed"), "s": _("skip"), "n": _("not for us"), "d": _("later")}
    if not view.words:
        del keys["h"]
    if view.mood == "doubt":
        keys = {
            "h": _("it was done"),
            "a": _("do it again"),
            **{key: keys[key] for key in keys if key != "h"},
        }
    elif view.mood == "failed":
        keys.setdefault("h", _("by hand"))
    if view.section != "main":
        del keys["d"]
    if view.others_open:
        keys["o"] = _("other step")
    return {**keys, "t": _("note"), "p": _("pause"), "?": _("help")}


def _keys(view: StepView) -> str:
    enter = {
        "do": _("answer it") if view.asks else _("do it") if view.words else _("it is done"),
        "failed": _("try again"),
        "wait": _("wait here"),
    }.get(view.mood)
    keys = [f"[{key}] {word}" for key, word in _allowed(view).items()]
    lines = [f"[Enter] {enter}"] if enter else [keys.pop(0)]
    for text in keys:
        if len(lines[-1]) + len(text) + 3 < min(_WIDTH, err.width):
            lines[-1] += "   " + text
        else:
            lines.append(text)
    return "\n".join(lines)


def _row(label: str, text: str, style: str | None) -> None:
    width = min(_WIDTH, err.width) - 12
    lines: list[Text] = []
    for paragraph in text.strip().splitlines():
        lines.extend(Text(paragraph.strip()).wrap(err, width) or [Text()])
    for number, line in enumerate(lines):
        head = Text()
        head.append(f"{label if number == 0 else '':<11} ", style or "dim")
        head.append(line.plain, style)
        err.print(head)


def _line_words(line: Any) -> str:
    if not line:
        return ""
    parts = [line.get("provider", ""), line.get("title", "")]
    for key, word in (
        ("contract", _("contract")),
        ("line_id", _("line")),
        ("number", _("number")),
        ("support", _("faults:")),
        ("portal", _("portal")),
    ):
        if line.get(key):
            parts.append(f"{word} {line[key]}")
    return " · ".join(part for part in parts if part)

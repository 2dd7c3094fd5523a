"""The guided screen: a step as the person reads it, and the keys that it takes."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from bcp.cli.terminal.bigdigits import show_number
from bcp.cli.terminal.output import err, say
from bcp.command_words import lines_of
from bcp.i18n import _
from bcp.incident.step_view import StepView
from bcp.visible import visible

_WIDTH = 100
DECIDE = "c"
"""The key that answers a decision that is due."""


def show_step(view: StepView) -> None:
    """The step as the person reads it."""
    drill = "  DRILL  " if view.drill else ""
    left = f" · {view.left}" if view.left else ""
    say()
    for each in view.dues:
        _row(_("DUE"), each.sentence, "bold red")
        key = f"[{DECIDE}]" if each.what == "decision" else ""
        for number, command in enumerate(each.commands):
            say(f"{'' if number else key:<11} {command}", "bold")
    err.rule(
        Text(visible(f"{drill}{view.phase}{left}{drill}"), "bold red" if view.late else "bold"), align="left"
    )
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
        _show_why(view)
    say()


def _show_why(view: StepView) -> None:
    """Why it is in question whether the step was done, and what to do next."""
    say()
    heads = {"failed": _("It did not succeed: "), "doubt": _("IN DOUBT. ")}
    _row("", heads.get(view.mood, "") + view.why, "bold yellow")
    for line in view.printed:
        say(line)
    if view.hint:
        _row(_("Do next"), "\n".join(lines_of(view.hint)), "bold")
    if view.unsure and view.mood == "failed":
        say(_("It may have taken effect all the same: look before you try again."), "bold yellow")


def show_help(view: StepView) -> None:
    """Each key in a sentence."""
    noun = "drill" if view.drill else "incident"
    enter = {"wait": _("wait here until then"), "back": _back_words(view)}
    words = {
        "Enter": _("do it, or say that it is done") if view.mood not in enter else enter[view.mood],
        "a": _("try again"),
        "c": _("answer the decision that is due"),
        "b": _("go back to the step before, and correct what was said there"),
        "g": _("leave it as it is, and go on"),
        "h": _("you did it by hand") if view.mood != "doubt" else _("it did happen, or you did it by hand"),
        "f": _("it could not be done; you will be asked why, and go on with the next step"),
        "s": _("leave it out, with a reason"),
        "n": _("it does not apply to us today, with a reason"),
        "d": _("put it off; it is offered again at the end"),
        "o": _("show another open step of this phase"),
        "t": _("write a note into the record"),
        "p": _("stop here; everything is kept, go on later with:"),
    }
    commands = {"p": f"bcp {noun} resume"}
    for key, text in words.items():
        if key in allowed_keys(view) or (key == "Enter" and view.mood != "doubt"):
            _row(f"  {key:>5}", text, None, column=9)
            if key in commands:
                say(" " * 9 + commands[key], "bold")
    say(_("  A wrong answer costs nothing. Later, too:"))
    say(" " * 9 + f"bcp {noun} step done {view.id} --correct", "bold")


def _back_words(view: StepView) -> str:
    """What Enter does at a step that was gone back to."""
    if view.outcome != "done":
        return _("do it now after all")
    return _("answer it again (Enter keeps an answer)") if view.facts else _("it stays done")


def allowed_keys(view: StepView) -> dict[str, str]:
    """The keys for this step, each with its word."""
    keys = {"h": _("by hand"), "f": _("failed"), "s": _("skip"), "n": _("not for us"), "d": _("later")}
    if view.mood == "back":
        keys["g"] = _("go on, it is right")
    if not view.words or (view.mood == "back" and view.facts and view.outcome == "done"):
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
    if view.decisions:
        keys = {DECIDE: _("decide"), **keys}
    if view.has_before:
        keys["b"] = _("back")
    return {**keys, "t": _("note"), "p": _("pause"), "?": _("help")}


def key_lines(view: StepView) -> list[str]:
    """The keys in a row, or in as many as the terminal wants."""
    enter = {
        "do": _("answer it") if view.asks else _("do it") if view.words else _("it is done"),
        "failed": _("try again"),
        "wait": _("wait here"),
        "back": _("do it now")
        if view.outcome != "done"
        else _("answer it again")
        if view.facts
        else _("it stays done"),
    }.get(view.mood)
    keys = [f"[{key}] {word}" for key, word in allowed_keys(view).items()]
    lines = [f"[Enter] {enter}"] if enter else [keys.pop(0)]
    for text in keys:
        if len(lines[-1]) + len(text) + 3 < min(_WIDTH, err.width):
            lines[-1] += "   " + text
        else:
            lines.append(text)
    return lines


def _row(label: str, text: str, style: str | None, column: int = 12) -> None:
    """A text behind its label, broken between words; all of it begins at `column`."""
    width = min(_WIDTH, err.width) - column
    lines: list[Text] = []
    for paragraph in text.strip().splitlines():
        lines.extend(Text(visible(paragraph.strip())).wrap(err, width) or [Text()])
    for number, line in enumerate(lines):
        head = Text()
        head.append(f"{label if number == 0 else '':<{column - 1}} ", style or "dim")
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

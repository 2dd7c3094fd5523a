"""What commands list alike: the entries of bcp.yaml, how the trial of one went, files that were written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bcp.action.levers import LastTest
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.command_words import as_typed
from bcp.errors import Exit
from bcp.i18n import _
from bcp.times import local


def tell_list(session: Session, what: str, as_json: bool) -> int:
    """Print the list `what` of bcp.yaml; its first key names each entry."""
    listed = getattr(office_of(session), what)
    entries: list[dict[str, Any]] = [entry.model_dump(mode="json", exclude_none=True) for entry in listed]
    if as_json:
        show_json(entries)
        return Exit.OK
    if not entries:
        say(_("bcp.yaml has no {what} yet.").format(what=what))
    for entry in entries:
        (_key, name), *rest = entry.items()
        show(str(name), "bold")
        for key, value in rest:
            said = _said(value)
            if said:
                show(f"    {key.replace('_', ' ')}: {said}")
    show_next((f"bcp validate   (after editing {session.folder / 'bcp.yaml'})",))
    return Exit.OK


def copy_shipped(office: Path) -> str:
    """How the runbooks that come with the tool get into an office that has none, from whatever folder."""
    return _("copy the shipped ones: {command}").format(command=as_typed(("bcp", "init", str(office))))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')}: {_said(each)}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def trial_words(tested: LastTest | None, zone: ZoneInfo) -> str:
    """The sentence about the last trial."""
    words = _("last test {time}: {state}: {reason}")
    if tested is None:
        return _("never tested")
    return words.format(time=local(tested.at, zone), state=tested.state, reason=tested.reason)


def show_trial(name: str, state: str, reason: str) -> None:
    """How a trial went just now, and that it is written down; `state` is `up`, or what else it was."""
    words = _("{line}: {state}: {reason}")
    show(words.format(line=name, state=state.upper(), reason=reason), "bold" if state == "up" else "bold red")
    say(_("Written down with the date."))


def folded(paths: Sequence[str]) -> list[str]:
    """One line for a text in all its languages: `notices/update.(cs de en).md`."""
    languages: dict[str, list[str]] = {}
    for path in paths:
        stem, _dot, ending = path.rpartition(".")
        name, _dot, language = stem.rpartition(".")
        shown = f"{name}.(…).{ending}" if name and len(language) == 2 else path
        languages.setdefault(shown, []).append(language)
    return [
        path.replace("(…)", f"({' '.join(each)})" if len(each) > 1 else each[0])
        for path, each in languages.items()
    ]

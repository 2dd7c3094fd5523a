"""The terminal as the shell of an incident: shows what happens on the way, and asks the person who sits there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bcp.app.incident.leftovers import Leftover
from bcp.app.incident.shell import Begun, PlansAsOfLast
from bcp.cli.notice.progress import Progress
from bcp.cli.terminal.decide import LEAVE, answer_to
from bcp.cli.terminal.guide import AnsweredFact, Terminal
from bcp.cli.terminal.keyboard import agrees, read_line
from bcp.cli.terminal.listing import copy_shipped
from bcp.cli.terminal.output import err, is_attended, say, show_mistakes
from bcp.cli.terminal.progress import at_terminal
from bcp.command_words import as_typed, one_each
from bcp.errors import InputError, SourceError
from bcp.fact import Place
from bcp.i18n import _
from bcp.incident.operator import KeyPressed, Nobody, StepUI
from bcp.incident.state import Incident, StepState
from bcp.incident.step_view import DueDecision
from bcp.incident.text import title_of
from bcp.notice.campaign.watching import Watch, unwatched
from bcp.progress import Progress as TaskProgress
from bcp.times import local
from bcp.validate import OfficeConfig
from bcp.yaml.near import did_you_mean

_NAMED = 12


class AtTerminal:
    """The person at this terminal, where somebody sits there."""

    def __init__(self, leads: bool = True) -> None:
        """With `leads` false nobody is led, also where somebody sits there: it begins by itself."""
        self._leads = leads
        self._terminal: Terminal | None = None

    @property
    def attended(self) -> bool:
        """Whether somebody sits there."""
        return is_attended()

    def choose(self, office: OfficeConfig, command: str) -> str:
        """A menu of the runbooks. Raises InputError where nobody sits there, or nothing is chosen."""
        names = list(office.runbooks)
        if not names:
            raise InputError(_("this office has no runbook yet"), copy_shipped(office.folder))
        if not is_attended():
            raise InputError(
                _("which runbook?"),
                one_each(_("name one:"), (f"{command} {as_typed((name,))}" for name in names)),
            )
        say(_("What has happened?"), "bold")
        is_told_when = _show_menu(office, with_when=_menu_height(office) < err.height)
        numbered = dict(zip(map(str, range(1, len(names) + 1)), names, strict=True))
        question = (
            _("Its number, or nothing to leave:")
            if is_told_when
            else _("Its number, ? for when each is used:")
        )
        while typed := read_line(question):
            if typed in numbered or typed in names:
                return numbered.get(typed, typed)
            if typed == "?":
                _show_menu(office, with_when=True)
                continue
            near = did_you_mean(typed, names)
            say(" ".join(filter(None, (_("  That is none of them. Nothing was begun."), near))), "yellow")
        raise InputError(_("nothing was begun"), _("read them first: bcp runbook list"))

    def takes_as_of_last(self, offer: PlansAsOfLast) -> bool:
        """Name the mistakes and ask; with nobody to be led, as a rule of the office begins it, they are taken."""
        if self._leads and not is_attended():
            return False
        show_mistakes(SourceError(offer.mistakes))
        words = _("Today's plan {runbook} cannot be used. It is kept as of {time}, when nothing was wrong.")
        say(words.format(runbook=offer.runbook, time=offer.at), "bold red")
        if offer.changed:
            say("  " + _("Changed since then: {files}").format(files=", ".join(offer.changed)))
        say("  " + offer.where_printed())
        if not self._leads:
            say("  " + _("It is begun with the plan as of {time}.").format(time=offer.at))
            return True
        question = _("Go on with the plan as of {time}?   [Enter] yes   [n] no")
        return agrees(question.format(time=offer.at), on_enter=True)

    def begun(self, begun: Begun) -> None:
        """Say that it is begun and where it is written down, or that it goes on."""
        incident = begun.incident
        if begun.open_since is not None:
            words = _("{title} is open since {time}: going on there.")
            say(words.format(title=incident.title, time=local(begun.open_since, incident.zone)), "bold")
            return
        mark = "DRILL · " if incident.drill else ""
        say(mark + _("Begun: {title}").format(title=incident.title), "bold")
        say(_("Everything is written down in {path}").format(path=begun.record))

    def operator(self, place: Callable[[], Place]) -> StepUI:
        """The person, else nobody."""
        if not self._leads or not is_attended():
            return Nobody(say)
        self._terminal = Terminal(place)
        return self._terminal

    def half_answered(self) -> Mapping[str, AnsweredFact]:
        """What was answered of the step on the screen, by the name of the fact."""
        return self._terminal.typed if self._terminal is not None else {}

    def watch(self) -> Watch:
        """The screen: Ctrl-C is heard where somebody is at the keyboard; a watch has threads, and nobody."""
        return Progress if self._leads and is_attended() else unwatched

    def progress(self) -> TaskProgress:
        """The bar of this terminal."""
        return at_terminal()

    def still_set(self, found: Leftover) -> None:
        """Say what is set, and by which step."""
        words = _("STILL SET: {what}. It was set in the step {step}, which does not count as done.")
        say(words.format(what=found.what, step=found.step), "bold magenta")

    def leaves_undecided(self, decision: DueDecision) -> KeyPressed | None:
        """Show the question; its answer, or that it is left open."""
        say(_("A decision is due, and nobody has answered it:"), "bold yellow")
        leave = _("Enter: go back. Or {key}: close without deciding").format(key=LEAVE)
        return answer_to(decision, leave, LEAVE) if is_attended() else None

    def agrees_to_close(self, incident: Incident, steps: Sequence[StepState]) -> bool:
        """Show the steps, and ask."""
        say(_("{count} steps are not carried out:").format(count=len(steps)), "bold yellow")
        for step in steps[:_NAMED]:
            say(f"  {step.id}: {title_of(incident, step)}")
        if len(steps) > _NAMED:
            say("  " + _("… and {count} more").format(count=len(steps) - _NAMED))
        question = _("Close all the same? They are kept as not carried out. Type yes, or Enter to go back:")
        return is_attended() and agrees(question, on_enter=False)


def _menu_height(office: OfficeConfig) -> int:
    """The lines that the menu takes with `when`: a head, each runbook, and the question."""
    said = [_("when: {when}").format(when=each.model.when) for each in office.runbooks.values()]
    return 3 + sum(1 + -(-(len(text) + 5) // err.width) for text in said)


def _show_menu(office: OfficeConfig, with_when: bool) -> bool:
    """Number the runbooks; on a low screen the titles alone, so that none of them scrolls away."""
    for number, (name, loaded) in enumerate(office.runbooks.items(), 1):
        say(f"  {number}  {loaded.model.title}  ({name})", "bold")
        if with_when:
            say("     " + _("when: {when}").format(when=loaded.model.when))
    return with_when

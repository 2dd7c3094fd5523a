"""The dialogue of `bcp runbook new`, and what it shows of the plan that was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bcp.app.draft.office import AuthorOffice
from bcp.app.draft.runbook import (
    NewPlan,
    PlanAnswers,
    PlayedPlan,
    read_clients_sentence,
    read_line_of,
    read_look_at,
    read_within,
    refuse_taken,
    usual_name,
    usual_sentence,
    usual_within,
)
from bcp.cli.incident.dry_run import show_sums
from bcp.cli.terminal.dialogue import ask, choose
from bcp.cli.terminal.findings import show_findings
from bcp.cli.terminal.keyboard import agrees
from bcp.cli.terminal.listing import folded
from bcp.cli.terminal.output import say, say_hint, show, show_mistakes, show_next
from bcp.draft.names import read_name
from bcp.errors import Exit, InputError, SourceError
from bcp.i18n import _
from bcp.times import write_duration
from bcp.yes_no import read_yes_no


def asked(office: AuthorOffice, given: PlanAnswers) -> PlanAnswers:
    """What was given on the command line, and the answers to what was not. Raises InputError where it ends early."""
    say(_("A new plan. Press Enter to accept the value in brackets. Ctrl-C ends it, and nothing is written."))
    title = given.title or ask(_("What has happened, as people would say it?"), read_line_of)
    when = given.when or ask(
        _("When does the plan begin?"), read_line_of, _("Somebody sees it, and a second try shows the same.")
    )
    name = given.name or ask(
        _("Its short name, for commands and files"), _free(office), usual_name(office, title)
    )
    lead = given.lead or _lead(office)
    about = given.about if given.about is not None else _about(office)
    within = given.within or ask(
        _("By when must it be over? (30m, 4h, 2d)"),
        read_within,
        write_duration(usual_within(office, about or "")),
    )
    tells = given.tells if given.tells is not None else _tells(office)
    answers = PlanAnswers(title, when, name, lead, about, within, tells, given.sentence, given.look_at)
    if tells and answers.sentence is None:
        said = ask(
            _("What do clients read first? One sentence, in the office's language"),
            lambda typed: read_clients_sentence(office, typed),
            usual_sentence(office),
        )
        answers = replace(answers, sentence=said)
    if answers.look_at is None:
        question = _("What can the computer look at? A web address or a device, such as 192.168.1.20")
        answers = replace(answers, look_at=ask(question, read_look_at, shown=_("nothing")))
    return answers


def _free(office: AuthorOffice) -> Callable[[str], str]:
    def read(typed: str) -> str:
        name = read_name(typed)
        refuse_taken(office, name)
        return name

    return read


def _lead(office: AuthorOffice) -> str:
    roles = list(office.roles)
    if len(roles) == 1:
        return roles[0]
    return choose(_("Who leads?"), office.roles, str(roles.index(office.lead) + 1))


def _about(office: AuthorOffice) -> str | None:
    """The activity or line that it is about; nothing where none is meant, None where the office has none to ask for."""
    if not office.subjects:
        return None
    none = _("none of these")
    chosen = choose(
        _("Which activity or line is it about?"),
        {**office.subjects, none: ""},
        str(len(office.subjects) + 1),
    )
    return "" if chosen == none else chosen


def _tells(office: AuthorOffice) -> bool:
    """Whether clients hear of it; where there are none to be told, that is said."""
    if not office.readers:
        say(_("  There are no contacts yet, so nobody could be told today."), "yellow")

    def read(typed: str) -> bool:
        said = read_yes_no(typed)
        if said is None:
            raise ValueError(_("expected yes or no"))
        return said

    return ask(_("Do clients hear of it?"), read, _("yes") if office.readers else _("no"))


def agreed(new: NewPlan) -> None:
    """Show what will be written, and ask. Raises InputError where nobody wants it."""
    say()
    say(_("These files will be written:"), "bold")
    for file in folded([*new.files]):
        say(f"  {file}")
    if not agrees(_("Write them?   [Enter] yes   [n] no"), on_enter=True):
        raise InputError(_("nothing was written"), _("give the command again"))


def show_written(played: PlayedPlan) -> int:
    """The files, how the plan was played dry, and what comes next; 4 where a step could not be done here."""
    draft, dry = played.new.draft, played.dry
    for file in folded([*played.new.files]):
        show(_("wrote {path}").format(path=file))
    if not draft.watched:
        say(_("No check was written: the computer was given nothing to look at. A person starts this plan."))
    if draft.audience:
        say(_("The notices say only what is true of any trouble. Put your own words into them."))
    show_findings(played.findings)
    if played.style:
        say(_("This works, and deserves a second look:"), "yellow")
        show_mistakes(SourceError([each.mistake for each in played.style]))
    say(_("No mistakes. The plan was played dry: nothing was done."), "green")
    show_sums(dry)
    for step, trouble in dry.troubles.items():
        why, _dot, hint = trouble.partition(" · ")
        say(_("Could not be simulated: {step}: {why}").format(step=step, why=why), "bold red")
        if hint:
            say_hint("  → ", hint)
    show_next(
        (
            f"bcp incident start {draft.name} --dry-run",
            f"bcp drill start {draft.name} --answers answers/{draft.name}.yaml",
            f"bcp print sheet {draft.name}",
        )
    )
    return Exit.STEP_FAILED if dry.troubles else Exit.OK

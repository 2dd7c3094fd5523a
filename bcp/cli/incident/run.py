"""Wires a walk: the real world for an incident, a rehearsal for a drill; and says how the walk ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bcp.action.base import Diagnosed, Letters, Look, Looks, Mailed, Mailing, State, Tools
from bcp.app.levers import levers_of
from bcp.app.provider_call import IncidentFaults
from bcp.app.session import Session
from bcp.check.model import Check
from bcp.check.network_path import References
from bcp.check.step_checks import OfficeLooks
from bcp.cli.terminal.guide import Nobody, Terminal
from bcp.cli.terminal.output import is_attended, say, show_next
from bcp.errors import Exit
from bcp.event import Entry
from bcp.i18n import _
from bcp.incident.engine import Stop, Walk
from bcp.incident.journal import Book
from bcp.incident.operator import Guide
from bcp.incident.script import Answers, AssumedLooks, Player
from bcp.incident.state import Incident
from bcp.incident.step_view import step_view
from bcp.incident.view import shown
from bcp.outside import World
from bcp.probe.base import Shared
from bcp.times import local_clock


@dataclass
class LazyLooks:
    """The office's checks, read when a step first looks at one, so that a walk without looks needs none."""

    make: Callable[[], Looks]
    _made: Looks | None = None

    def look(self, check: str, within: timedelta, wanted: State) -> Look:
        """Look at a check of the office."""
        self._made = self._made or self.make()
        return self._made.look(check, within, wanted)

    def diagnose(self) -> Diagnosed:
        """Look at all layers."""
        self._made = self._made or self.make()
        return self._made.diagnose()


@dataclass
class LazyLetters:
    """The office's post room, opened when a step first sends something."""

    make: Callable[[], Letters]

    def plan(
        self, notice: str, audience: str, channels: tuple[str, ...], overruled: Mapping[str, str]
    ) -> Mailing:
        """Plan a sending and freeze its letters."""
        return self.make().plan(notice, audience, channels, overruled)

    def send(self, campaign: str) -> Mailed:
        """Send what waits."""
        return self.make().send(campaign)

    def carried(self, campaign: str) -> Mailed:
        """The letters that lie as files were carried."""
        return self.make().carried(campaign)


def _letters(session: Session, incident: Incident, by: str, world: World) -> Letters:
    from bcp.app.notice.office import affair_of, post_of
    from bcp.cli.notice.progress import Progress
    from bcp.notice.campaign.letters import IncidentLetters
    from bcp.notice.campaign.watching import unwatched

    # Ctrl-C is heard where somebody is at the keyboard; a watch has threads of its own, and nobody.
    watch = Progress if is_attended() else unwatched
    return IncidentLetters(post_of(session), affair_of(incident, by), world, watch)


class RealLooks(OfficeLooks):
    """The office's checks, and the diagnosis over them."""

    def __init__(self, checks: Mapping[str, Check], shared: Shared, references: References) -> None:
        """`references` are what stands for the internet."""
        super().__init__(checks, shared)
        self._references = references

    def diagnose(self) -> Diagnosed:
        """Look at all layers."""
        from bcp.check.diagnose import diagnose_now, picture

        say(_("Looking at everything at once; this takes up to twenty seconds …"))
        found = diagnose_now(self._checks, self._shared, self._references)
        return Diagnosed(
            found.verdict, tuple(f"{state:<9} {name}: {seen}" for state, name, seen in picture(found))
        )


def guide_for(session: Session, incident: Incident, answers: Answers | None) -> Guide:
    """Who is led: the script of a drill, the person at this terminal, or nobody."""
    place = session.place(incident)
    real: Guide = Terminal(place) if is_attended() else Nobody()
    if answers is None:
        return real
    answers.refuse_strange(incident.plan, place)
    return Player(answers, place, real)


def walk(session: Session, book: Book, guide: Guide, by: str, answers: Answers | None) -> Walk:
    """A walk through `book`; a drill gets a world and looks that only pretend, and stores of its own."""
    if book.incident.drill:
        session = session.with_stores(session.stores.for_drill())
        from bcp.world.rehearsal import Rehearsal

        world: World = Rehearsal(session.folder, session.environ)
        looks: Looks = (
            AssumedLooks(answers.checks, answers.verdict) if answers is not None else AssumedLooks({})
        )
    else:
        from bcp.world.real import Real
        from bcp.world.secret import Secrets

        world = Real(Secrets(session.folder, session.environ))
        looks = LazyLooks(lambda: _office_looks(session))

    def tools(incident: Incident) -> Tools:
        country = incident.plan["office"]["country"]
        letters = LazyLetters(lambda: _letters(session, incident, by, world))
        levers = levers_of(session, incident, by, world)
        facts = dict(incident.facts)
        faults = IncidentFaults(session, incident, by, world)
        return Tools(
            guide, world, looks, session.clock, incident.zone, country, facts, letters, levers, faults
        )

    return Walk(book, guide, tools, session.stores.holds, session.clock, by)


def carry_out(
    session: Session, book: Book, by: str, answers: Answers | None = None, unattended: bool = False
) -> int:
    """Walk from where the incident stands; the exit status."""
    from bcp.event import unseal

    if session.mend_record(unseal(row) for row in session.log.rows(book.incident.id)):
        say(_("journal.txt was brought up to date with the journal."))
    guide = Nobody() if unattended else guide_for(session, book.incident, answers)
    stop = run(session, book, guide, by, answers)
    if stop is None:
        return Exit.INTERRUPTED
    status = report(session, book.incident, stop)
    return status or failed_in_rehearsal(guide)


def run(session: Session, book: Book, guide: Guide, by: str, answers: Answers | None) -> Stop | None:
    """Walk; None where the person interrupted it and was told how to go on."""
    try:
        return walk(session, book, guide, by, answers).run()
    except KeyboardInterrupt:
        say()
        say(_("Interrupted. Everything that was shown as written is safe."), "bold")
        if isinstance(guide, Terminal):
            _keep_typed(book, guide.typed, by)
        show_next(session.lead_on(book.incident))
        return None


def _keep_typed(book: Book, typed: Mapping[str, tuple[str, str]], by: str) -> None:
    """What was answered of a step's questions, before the last was, is not lost: it stands in a note."""
    facts = book.incident.facts
    lost = [f"{question} {said}" for name, (question, said) in typed.items() if facts.get(name) != said]
    if not lost:
        return
    given = "; ".join(lost)
    words = _("answered before it was interrupted: {given}").format(given=given)
    book.write(lambda _incident: [Entry("note.written", by, {"text": words})])
    say(_("What you had answered is kept in a note: {given}").format(given=given))


def failed_in_rehearsal(guide: Guide) -> int:
    """4 where a scripted drill met a step that did not succeed, so that an office can try its plans unattended."""
    troubles = guide.troubles if isinstance(guide, Player) else {}
    for step, why in troubles.items():
        say(_("DRILL · did not succeed: {step}: {why}").format(step=step, why=why), "bold red")
    return Exit.STEP_FAILED if troubles else Exit.OK


def report(session: Session, incident: Incident, stop: Stop) -> int:
    """Say how the walk ended and what comes next; the exit status."""
    mark = "DRILL · " if incident.drill else ""
    step = stop.step
    say()
    if stop.why == "carried-out":
        say(mark + _("All steps are carried out."), "bold green")
        for deferred in incident.deferred():
            say("  " + _("put off: {title}").format(title=deferred.title))
        show_next(session.lead_on(incident))
        return Exit.OK
    assert step is not None
    view = step_view(incident, step, "do", session.clock.now())
    if stop.why == "paused":
        say(mark + _("Paused at: {title}. Everything is written down.").format(title=view.title), "bold")
        show_next(session.lead_on(incident))
        return Exit.OK
    if stop.why == "failed":
        say(mark + _("Did not succeed: {title}: {why}").format(title=view.title, why=step.waits), "bold red")
        if view.hint:
            say("  " + _("Do next: {text}").format(text=view.hint), "bold")
        say("  " + _("By hand: {text}").format(text=view.by_hand))
        show_next(session.lead_on(incident, _settle_command(incident, step.id)))
        return Exit.STEP_FAILED
    say(mark + _("Waiting: {title}").format(title=view.title), "bold yellow")
    for line in _waiting_words(session, incident, stop):
        say("  " + line)
    show_next(session.lead_on(incident, _settle_command(incident, step.id)))
    return Exit.PERSON_NEEDED


def _waiting_words(session: Session, incident: Incident, stop: Stop) -> list[str]:
    step = stop.step
    assert step is not None
    who = step_view(incident, step, "do", session.clock.now()).who
    words = [who] if who else []
    if step.until is not None:
        until = local_clock(step.until, incident.zone, session.clock.now())
        return [*words, _("It waits until {time}.").format(time=until)]
    if stop.why == "elsewhere":
        return [*words, _("Another process is carrying it out right now.")]
    if shown(step, session.is_running(incident)) == "in-doubt":
        return [*words, _("IN DOUBT: it was begun and not finished; a person must say what happened.")]
    return [*words, _("A person is needed.")]


def _settle_command(incident: Incident, step: str) -> str:
    return f"bcp {'drill' if incident.drill else 'incident'} step done {step}"


def _office_looks(session: Session) -> Looks:
    """The checks that can be read; a slip in one of them does not stand in the way of the others."""
    from bcp.app.check.probing import references_of, shared_for
    from bcp.check.load import load as load_checks
    from bcp.office.model import load as load_office
    from bcp.yaml.source import Reader

    reader = Reader()
    office = load_office(session.folder, reader)
    loaded = load_checks(session.folder, reader)
    for mistake in reader.mistakes:
        say(f"{mistake} — this check cannot be looked at", "yellow")
    references = references_of(office) if office is not None else References()
    return RealLooks({name: one.check for name, one in loaded.items()}, shared_for(session), references)

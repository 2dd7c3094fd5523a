"""Begins an incident or a drill, or finds the open one of the same runbook; and the dry run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bcp.app.load_office import office_for
from bcp.app.session import Session
from bcp.cli.incident.run import carry_out, walk
from bcp.cli.terminal.guide import Silent, read_line
from bcp.cli.terminal.output import err, is_attended, say, show, show_next
from bcp.errors import Conflict, Exit, InputError
from bcp.event import NOTHING, Entry
from bcp.fact import Place
from bcp.i18n import _
from bcp.incident.journal import FLIPPED, STARTED, Book, open_incidents
from bcp.incident.journal import start as begin
from bcp.incident.script import Answers, Player
from bcp.incident.text import title_of
from bcp.incident.view import whose
from bcp.runbook.compiled import Plan
from bcp.runbook.load import Loaded
from bcp.runbook.plan import compile_plan, texts_of
from bcp.times import local, parse_moment, say_duration
from bcp.validate import Whole
from bcp.yaml.near import did_you_mean


def start(
    session: Session,
    runbook: str | None,
    kind: str,
    by: str | None,
    answers: Answers | None = None,
    unattended: bool = False,
) -> int:
    """Begin it and walk; where the runbook is open already, resume it. The exit status."""
    whole = office_for(session, runbook)
    root = runbook or _choose(whole, f"bcp {kind} start")
    people = {who.person: {"name": who.name} for who in whole.office.people}
    doer = session.person(by, people)
    book = open_book(session, root, kind)
    if book is not None:
        words = _("{title} is open since {time}: going on there.")
        since = local(book.incident.opened_at, book.incident.zone)
        say(words.format(title=book.incident.title, time=since), "bold")
        return carry_out(session, book, doer, answers, unattended)
    entry = _first_entry(whole, root, kind, doer)
    if answers is not None:
        answers.refuse_strange(
            Plan.from_json(entry.data["plan"]),
            Place(whole.office.country, whole.office.zone, session.clock.now()),
        )
    book = _begin(session, root, kind, entry)
    mark = "DRILL · " if kind == "drill" else ""
    say(mark + _("Begun: {title}").format(title=book.incident.title), "bold")
    if kind == "incident":
        _note_what_is_down(session, whole, book, doer)
    say(_("Everything is written down in {path}").format(path=session.stores.record.path(book.incident.id)))
    return carry_out(session, book, doer, answers, unattended)


def dry_run(session: Session, runbook: str | None, by: str | None) -> int:
    """Print every step resolved, who is needed and the times; 4 if a step could not be simulated."""
    whole = office_for(session, runbook)
    root = runbook or _choose(whole, "bcp incident start --dry-run")
    people = {who.person: {"name": who.name} for who in whole.office.people}
    doer = session.person(by, people)
    kept_nowhere = session.with_stores(session.stores.for_dry_run())
    book = begin(kept_nowhere.log, "drill-dry-run", _first_entry(whole, root, "drill", doer))
    incident = book.incident
    player = Player(Answers(), session.place(incident), Silent())
    walk(kept_nowhere, book, player, doer, Answers()).run()
    show(_("DRY RUN of {title}: nothing was done, nothing was kept.").format(title=incident.title))
    for phase in incident.phases:
        within = (
            _(" (within {time})").format(time=say_duration(phase.due - incident.opened_at))
            if phase.due
            else ""
        )
        show()
        show(f"{phase.title}{within}")
        for step in phase.steps:
            show(f"  {step.id}: {title_of(incident, step)}")
            for line in filter(None, (whose(incident, step), step.plan["words"], _trouble(player, step.id))):
                show(f"      {line}")
    return _summary(whole, root, player, book)


def _choose(whole: Whole, command: str) -> str:
    names = list(whole.runbooks)
    if not names:
        raise InputError(_("this office has no runbook yet"), _("copy the shipped ones: bcp init"))
    if not is_attended():
        raise InputError(
            _("which runbook?"), _("name one: {command}").format(command=f"{command} " + " | ".join(names))
        )
    say(_("What has happened?"), "bold")
    is_told_when = _show_menu(whole, with_when=_menu_height(whole) < err.height)
    numbered = dict(zip(map(str, range(1, len(names) + 1)), names, strict=True))
    question = (
        _("Its number, or nothing to leave:") if is_told_when else _("Its number, ? for when each is used:")
    )
    while typed := read_line(f"{question}\n> "):
        if typed in numbered or typed in names:
            return numbered.get(typed, typed)
        if typed == "?":
            _show_menu(whole, with_when=True)
            continue
        near = did_you_mean(typed, names)
        say(" ".join(filter(None, (_("  That is none of them. Nothing was begun."), near))), "yellow")
    raise InputError(_("nothing was begun"), _("read them first: bcp runbook list"))


def _menu_height(whole: Whole) -> int:
    """The lines that the menu takes with `when`: a head, each runbook, and the question."""
    said = [_("when: {when}").format(when=each.runbook.when) for each in whole.runbooks.values()]
    return 3 + sum(1 + -(-(len(text) + 5) // err.width) for text in said)


def _show_menu(whole: Whole, with_when: bool) -> bool:
    """Number the runbooks; on a low screen the titles alone, so that none of them scrolls away."""
    for number, (name, loaded) in enumerate(whole.runbooks.items(), 1):
        say(f"  {number}  {loaded.runbook.title}  ({name})", "bold")
        if with_when:
            say("     " + _("when: {when}").format(when=loaded.runbook.when))
    return with_when


def open_book(session: Session, root: str, kind: str) -> Book | None:
    """The open incident (or drill) of a runbook."""
    for stream in reversed(open_incidents(session.log, kind)):
        book = Book(session.log, stream)
        if book.incident.runbook == root:
            return book
    return None


def _first_entry(whole: Whole, root: str, kind: str, by: str) -> Entry:
    plan = compile_plan(root, whole.runbooks, whole.office)
    loaded: Loaded = whole.runbooks[root]
    data = {
        "kind": kind,
        "runbook": root,
        "title": loaded.runbook.title,
        "plan": plan.as_json(),
        "texts": texts_of(plan, whole.runbooks),
    }
    return Entry(STARTED, by, data, how="terminal" if is_attended() else "watch")


def paper_entry(
    session: Session, runbook: str, kind: str, by: str | None, started: str | None
) -> tuple[str, Entry]:
    """The name and the first event of an incident that lived on paper only. Raises InputError."""
    whole = office_for(session, runbook)
    doer = session.person(by, {who.person: {"name": who.name} for who in whole.office.people})
    zone, now = whole.office.zone, session.clock.now()
    try:
        moment = parse_moment(started or "", now, zone)
    except (ValueError, OverflowError):
        raise InputError(
            "when did it begin?", 'give its T0 as it stands on the sheet: --started "26.11. 7:50"'
        ) from None
    if moment > now:
        raise InputError(f"{started} is still to come", "look at T0 on the first page of the sheet")
    entry = replace(_first_entry(whole, runbook, kind, doer), at=moment, recorded_by=doer, how="paper")
    prefix = "drill-" if kind == "drill" else ""
    return f"{prefix}{moment.astimezone(zone).date().isoformat()}-{runbook}", entry


def _begin(session: Session, root: str, kind: str, entry: Entry) -> Book:
    """Append the first event to a new stream; of two that begin the same at once, one begins and one finds it."""
    zone = entry.data["plan"]["office"]["timezone"]
    day = session.clock.now().astimezone(ZoneInfo(zone)).date().isoformat()
    name = f"{'drill-' if kind == 'drill' else ''}{day}-{root}"
    for number in range(1, 1000):
        stream = name if number == 1 else f"{name}-{number}"
        try:
            session.log.append(stream, NOTHING, [entry])
        except Conflict:
            found = open_book(session, root, kind)
            if found is not None:
                return found
            continue
        return Book(session.log, stream)
    raise InputError(f"{root} was begun a thousand times today", "close what is open: bcp incident list")


def _note_what_is_down(session: Session, whole: Whole, book: Book, by: str) -> None:
    """What the checks already know belongs to the record: since when they see it down, and why."""
    from bcp.store.spans import StoredSpans

    held = session.stores.of(StoredSpans).held() if whole.checks else {}
    entries = [
        Entry(
            FLIPPED,
            by,
            {
                "check": name,
                "title": whole.checks[name].check.title,
                "before": "up",
                "state": "down",
                "reason": span.reason,
            },
            at=span.first,
            how="watch",
        )
        for name, span in held.items()
        if span.state == "down" and name in whole.checks
    ]
    book.write(lambda _incident: entries)


def _trouble(player: Player, step: str) -> str:
    why = player.troubles.get(step)
    return _("COULD NOT BE SIMULATED: {why}").format(why=why) if why else ""


def _summary(whole: Whole, root: str, player: Player, book: Book) -> int:
    runbook = whole.runbooks[root].runbook
    seconds = sum(step.plan["length"] for phase in book.incident.phases for step in phase.steps)
    last = max((phase.due for phase in book.incident.phases if phase.due), default=None)
    needed = sorted({step.who for phase in book.incident.phases for step in phase.steps if step.who})
    show()
    show(_("People needed: {roles}").format(roles=", ".join(needed) or _("nobody is named")))
    show(_("By itself it takes at most {time}.").format(time=say_duration(timedelta(seconds=seconds))))
    if last is not None:
        span = last - book.incident.opened_at
        fits = _("within") if span <= runbook.target else _("LONGER THAN")
        words = _("The phases end after {time}: {fits} the target of {target}.")
        show(words.format(time=say_duration(span), fits=fits, target=say_duration(runbook.target)))
    if player.troubles:
        say(_("Could not be simulated: {steps}").format(steps=", ".join(player.troubles)), "bold red")
        return Exit.STEP_FAILED
    show_next((f"bcp incident start {root}",))
    return Exit.OK

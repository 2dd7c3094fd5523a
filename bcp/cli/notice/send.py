"""`bcp notice send, status, unknown, stop`: telling everyone, and knowing who is told."""

import shlex
from typing import Annotated, NamedTuple

import typer

from bcp.action.kinds.notify import STANDING_WORDS
from bcp.app.session import Session
from bcp.cli.notice.options import (
    AudienceArgument,
    DrillOption,
    NoticeArgument,
    Telling,
    book_of,
    by_of,
    prepare,
)
from bcp.cli.options import ByOption, IncidentOption, JsonOption, grouped
from bcp.cli.terminal.output import is_attended, say, show, show_json, show_next
from bcp.errors import Exit, InputError, NotDelivered, PersonNeeded
from bcp.event import Entry
from bcp.i18n import _
from bcp.incident.journal import Book
from bcp.notice.campaign.letters import UNTOLD, IncidentLetters
from bcp.notice.campaign.outbox import Campaign
from bcp.notice.campaign.post import Prepared
from bcp.notice.campaign.send import Ended


def add_to(app: typer.Typer) -> None:
    """Give the noun these verbs."""
    for verb in (send, status, unknown, stop):
        app.command(verb.__name__)(verb)


@grouped(Telling)
def send(
    context: typer.Context,
    asked: Telling,
    notice: NoticeArgument,
    audience: AudienceArgument,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Freeze every letter, ask for the count, send. Giving the command again goes on and sends nothing twice."""
    from bcp.cli.notice.progress import Progress
    from bcp.notice.campaign.outbox import waits
    from bcp.notice.campaign.plan_words import plan_words

    session: Session = context.obj
    book = book_of(session, incident, drill)
    doer = by_of(session, book, by)
    letters, prepared = prepare(session, book, doer, notice, audience, asked, Progress)
    for line in plan_words(prepared):
        say(line)
    _settle_untrue(letters, prepared, asked.renew)
    campaign = prepared.campaign
    count = sum(waits(row) for row in letters.post.ledger.rows(campaign.id))
    if count and not book.incident.drill:
        _confirm(count)
    ended = letters.deliver(campaign.id)
    again = session.meant(book.incident, shlex.join(("bcp", "notice", "send", notice, audience)))
    return _told(book, doer, letters, Gone(campaign, ended, again))


class Gone(NamedTuple):
    """How a sending ended, and the command that goes on with it."""

    campaign: Campaign
    ended: Ended
    again: str


def _told(book: Book, doer: str, letters: IncidentLetters, gone: Gone) -> int:
    """Write down and say how a sending ended, and what comes next; the exit status."""
    campaign, ended, again = gone
    standings = letters.counts(campaign.id)
    said = ", ".join(f"{number} {STANDING_WORDS[standing]()}" for standing, number in standings.items())
    overruled = "".join(f"; overruled {rule}: {reason}" for rule, reason in campaign.overruled.items())
    words = f"notice {campaign.notice} to {campaign.audience}: {said}{overruled}"
    book.write(lambda _incident: [Entry("note.written", doer, {"text": words})])
    say(f"\n{'DRILL · ' if book.incident.drill else ''}{said}", "bold")
    calls = letters.write_calls(campaign)
    next_commands = [f"bcp notice status --incident {book.incident.id}"]
    if calls:
        words = _("call those who are not told; the list lies in {file}").format(file=calls)
        next_commands.insert(0, f"bcp notice calls --incident {book.incident.id}   ({words})")
    if ended.why == "stopped" and "waiting" in standings:
        words = _("Stopped by hand: {count} wait, and nobody gets it twice when you go on.")
        say(words.format(count=standings["waiting"]), "bold yellow")
        show_next((again, *next_commands))
        return Exit.INTERRUPTED
    show_next(next_commands)
    if ended.why not in ("done", "expired", "stopped"):
        raise NotDelivered(f"the sending stopped: {ended.words}", f"go on: {again}")
    return Exit.OK if set(standings) <= {"told", "not to be told"} else Exit.NOT_DELIVERED


def status(
    context: typer.Context,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    as_json: JsonOption = False,
) -> int:
    """Show who is told, not told, unreachable or unknown, by name."""
    from bcp.app.notice.office import letters_of

    session: Session = context.obj
    book = book_of(session, incident, drill, closed=True)
    letters = letters_of(session, book.incident, "")
    accounts = letters.accounts()
    if as_json:
        show_json(
            {
                "incident": letters.affair.incident,
                "contacts": [
                    {"contact": key, "name": name, "standing": standing, "reason": why}
                    for key, (standing, why, name) in accounts.items()
                ],
                "sendings": [
                    {"campaign": c.id, "stopped": c.stopped, "standings": letters.counts(c.id)}
                    for c in letters.post.ledger.campaigns(letters.affair.incident)
                ],
            }
        )
        return Exit.OK
    for wanted in ("unknown", "waiting", "not told", "unreachable", "not to be told", "told"):
        some = [(name, why) for standing, why, name in accounts.values() if standing == wanted]
        if some:
            show(f"{STANDING_WORDS[wanted]()}: {len(some)}", "bold")
            for name, why in some:
                show(f"    {name}" + (f"  ({why})" if why and wanted != "told" else ""))
    for campaign in letters.post.ledger.campaigns(letters.affair.incident):
        if campaign.stopped:
            words = _("{notice} to {audience} stopped: {why}")
            told = words.format(notice=campaign.notice, audience=campaign.audience, why=campaign.stopped)
            say(told, "bold red")
    _tell_follow_up(session, book)
    waiting = [
        session.meant(
            book.incident, shlex.join(("bcp", "notice", "send", campaign.notice, campaign.audience))
        )
        for campaign in letters.post.ledger.campaigns(letters.affair.incident)
        if letters.waiting(campaign.id)
    ]
    unknown = [standing for standing, _why, _name in accounts.values() if standing == "unknown"]
    calls = [one for one, _why, _name in accounts.values() if one in UNTOLD]
    more = [*["bcp notice unknown"][: len(unknown)], *["bcp notice calls"][: len(calls)]]
    doing = [*waiting, *(session.meant(book.incident, command) for command in more)]
    show_next(doing or (f"bcp incident status --incident {letters.affair.incident}",))
    return Exit.OK


def unknown(
    context: typer.Context,
    look_up: Annotated[
        bool, typer.Option("--look-up", help="Look for them in the folder of sent mail.")
    ] = False,
    other_way: Annotated[
        str | None, typer.Option("--other-way", metavar="NAME", help="Use the next way.")
    ] = None,
    send_again: Annotated[
        str | None, typer.Option("--send-again", metavar="NAME", help="Send once more; it may arrive twice.")
    ] = None,
    delivered: Annotated[
        str | None,
        typer.Option("--delivered", metavar="NAME", help="You know that it arrived; all: every one."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is written down.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """List the letters of which nobody knows whether they arrived, and decide about them one by one."""
    from bcp.app.notice.office import letters_of
    from bcp.cli.notice.doubt import Asked, decide

    session: Session = context.obj
    book = book_of(session, incident, drill=False)
    doer = by_of(session, book, by)
    letters = letters_of(session, book.incident, doer)
    decided = decide(letters, Asked(look_up, other_way, send_again, delivered, reason))
    entries = [Entry("note.written", doer, {"text": words}) for words in decided]
    book.write(lambda _incident: entries)
    for words in decided:
        say(words)
    left = [row for row in letters.rows() if row.state == "unknown"]
    for row in left:
        show(f"{row.name}  {row.address}  ({row.reply})")
    if not left:
        say(_("Nothing is unknown."), "green")
        show_next(("bcp notice status",))
        return Exit.OK
    show_next(("bcp notice unknown --look-up", "bcp notice unknown --other-way NAME", "bcp notice calls"))
    return Exit.OK


def stop(
    context: typer.Context,
    notice: NoticeArgument,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Cancel what is still to go out of a notice; what is out is out."""
    from bcp.app.notice.office import letters_of

    session: Session = context.obj
    book = book_of(session, incident, drill)
    doer = by_of(session, book, by)
    letters = letters_of(session, book.incident, doer)
    mine = [c.id for c in letters.post.ledger.campaigns(book.incident.id) if c.notice == notice]
    if not mine:
        raise InputError(f'nothing of "{notice}" was sent in this incident', "see: bcp notice status")
    count = letters.post.ledger.end(mine, "cancelled", f"stopped by {doer}", session.clock.now())
    book.write(
        lambda _i: [Entry("note.written", doer, {"text": f"notice {notice}: {count} letters cancelled"})]
    )
    say(_("{count} letters will not go out.").format(count=count), "bold")
    show_next(("bcp notice status",))
    return Exit.OK


def _tell_follow_up(session: Session, book: Book) -> None:
    """Say that the question after the incident is due, and what was answered."""
    from bcp.cli.incident.show import to_be_asked
    from bcp.store.board import StoredAnswers

    to_be_asked(session, book.incident)
    said = {"yes": "satisfied  ", "no": "not satisfied  ", "comment": ""}
    for one in session.stores.of(StoredAnswers).answers(book.incident.id):
        show(f"    {one.contact}: {said[one.satisfied]}{one.comment}".rstrip())


def _settle_untrue(letters: IncidentLetters, prepared: Prepared, renew: bool | None) -> None:
    """Freeze what is new; a person chooses what becomes of letters that wait and are not true any more.

    Raises PersonNeeded where nobody is there, and InputError where nobody chose: then nothing goes out.
    """
    untrue = letters.freeze(prepared)
    for line in untrue.words():
        say(line, "yellow")
    if not untrue.asks:
        return
    if renew is None and not letters.affair.drill:
        renew = _choose_renewal(f"bcp notice send {prepared.notice.id} {prepared.campaign.audience}")
    if renew is not False:
        letters.renew(prepared)


def _choose_renewal(command: str) -> bool:
    if not is_attended():
        hint = f"write them anew: {command} --renew   or send them as they are: {command} --as-frozen"
        raise PersonNeeded("letters that wait are not true any more; a person must choose", hint)
    typed: str = typer.prompt(
        _("1 = write them anew, 2 = send them as they were frozen, Enter = send nothing"),
        default="", show_default=False, err=True,
    )  # fmt: skip
    if typed.strip() not in ("1", "2"):
        raise InputError("not chosen: nothing was sent", "give the command again when you are ready")
    return typed.strip() == "1"


def _confirm(count: int) -> None:
    """A person types the count. Raises PersonNeeded where nobody is there."""
    if not is_attended():
        raise PersonNeeded(
            f"{count} letters are ready; a person must type their number", "give it at a terminal"
        )
    typed = typer.prompt(
        _("Type the number {count} to send {count} letters").format(count=count),
        default="",
        show_default=False,
        err=True,
    )
    if typed.strip() != str(count):
        raise InputError("not confirmed: nothing was sent", "give the command again when you are ready")

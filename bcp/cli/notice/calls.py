"""`bcp notice calls, called, answer`: what is told by phone, and what clients answer afterwards."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.notice.options import DrillOption, book_of, by_of, name_of
from bcp.cli.options import ByOption, IncidentOption, grouped
from bcp.cli.print.options import PageOptions
from bcp.cli.terminal.output import say, show, show_next
from bcp.errors import Exit, InputError
from bcp.event import Entry
from bcp.incident.state import Incident


def add_to(app: typer.Typer) -> None:
    """Give the noun these verbs."""
    for verb in (calls, called, pasted, answer):
        app.command(verb.__name__)(verb)


@grouped(PageOptions)
def calls(
    context: typer.Context,
    asked: PageOptions,
    staff: Annotated[str, typer.Option("--staff", metavar="NAMES", help="Who is there: anna,piotr.")] = "",
    incident: IncidentOption = None,
    drill: DrillOption = False,
) -> int:
    """Write the call list for those who are not told, split among the staff who are there; with -o or --to as pages."""
    from bcp.app.notice.office import letters_of

    session: Session = context.obj
    book = book_of(session, incident, drill)
    letters = letters_of(session, book.incident, "")
    names = [name_of(letters.post, one) for one in staff.split(",") if one.strip()]
    paths = [
        path
        for campaign in [one for one in letters.post.ledger.campaigns(letters.affair.incident) if one.tells][
            -1:
        ]
        if (path := letters.write_calls(campaign, names))
    ]
    if not paths:
        say("Nobody is left to be called.", "green")
    elif asked.output or asked.to:
        from bcp.cli.notice.call_list import print_calls
        from bcp.cli.print.show import request_of

        order = request_of(asked, "call-list")
        print_calls(session, book.incident, letters, names, order)
        paths = []
    for path in paths:
        show(Path(path).read_text("utf-8"))
        say(f"It lies in {path}")
    show_next(("bcp notice called NAME told",))
    return Exit.OK


def called(
    context: typer.Context,
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="Who was called.")],
    result: Annotated[str, typer.Argument(metavar="RESULT", help="told, no-answer or wrong-number.")],
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Report what came of a call; it goes into the same ledger."""
    from bcp.app.notice.office import letters_of
    from bcp.notice.campaign.calls import RESULTS
    from bcp.notice.campaign.post import find

    session: Session = context.obj
    if result not in RESULTS:
        raise InputError(f'"{result}" is no result of a call', "one of: " + ", ".join(RESULTS))
    book = book_of(session, incident, drill)
    letters = letters_of(session, book.incident, by_of(session, book, by))
    found = find(letters.post.contacts, letters.post.office, contact)
    letters.note_call(found, result, letters.affair.by)
    say(f"{found.called}: {RESULTS[result][1]}.", "green")
    left = len(letters.unaccounted())
    show_next((f"bcp notice status   ({left} not accounted for)",))
    return Exit.OK


def pasted(
    context: typer.Context,
    place: Annotated[
        str, typer.Argument(metavar="PLACE", help="website-chat, facebook, voicemail, or any other.")
    ],
    notice: Annotated[
        str | None, typer.Option("--notice", metavar="NOTICE", help="Whose text; without it the last one.")
    ] = None,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Tick off a place where the agreed text of a notice stands now."""
    from bcp.app.notice.office import post_of
    from bcp.notice.campaign.plan_words import PLACES

    session: Session = context.obj
    book = book_of(session, incident, drill)
    post = post_of(session)
    sent = [one.notice for one in post.ledger.campaigns(book.incident.id)]
    if notice is None and not sent:
        raise InputError("no notice was sent in this incident yet", "name it: --notice line-down")
    found = post.notice(notice or sent[-1]).id
    doer = by_of(session, book, by)

    def entries(before: Incident) -> Sequence[Entry]:
        known = place in before.pasted.get(found, ())
        return [] if known else [Entry("notice.pasted", doer, {"notice": found, "place": place})]

    book.write(entries)
    done = book.incident.pasted.get(found, [])
    left = [each for each in PLACES if each not in done]
    say(f"{found}: {', '.join(done)}" + (f"; still to do: {', '.join(left)}" if left else ""), "green")
    show_next((f"bcp notice pasted {left[0]}" if left else "bcp notice status",))
    return Exit.OK


def answer(
    context: typer.Context,
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="Who answered.")],
    said: Annotated[str, typer.Argument(metavar="ANSWER", help="satisfied, not or comment.")],
    comment: Annotated[str, typer.Argument(metavar="[COMMENT]", help="In the client's words.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Keep what a client answered to the follow-up."""
    from bcp.app.notice.office import post_of
    from bcp.notice.campaign.post import find
    from bcp.notice.inbox.satisfaction import WORDS, Answer
    from bcp.store.board import StoredAnswers

    session: Session = context.obj
    if said not in WORDS:
        raise InputError(f'"{said}" is no answer', "one of: " + ", ".join(WORDS))
    book = book_of(session, incident, drill=False, closed=True)
    post = post_of(session)
    found = find(post.contacts, post.office, contact)
    answers = session.stores.of(StoredAnswers)
    kept = Answer(
        book.incident.id,
        found.id,
        WORDS[said],
        comment,
        by_of(session, book, by),
        session.clock.now(),
    )
    answers.keep(kept)
    every = answers.answers(book.incident.id)
    happy = sum(one.satisfied == "yes" for one in every)
    say(f"{found.called}: {said}. {len(every)} answers, {happy} satisfied.", "green")
    show_next((f"bcp notice status --incident {book.incident.id}",))
    return Exit.OK

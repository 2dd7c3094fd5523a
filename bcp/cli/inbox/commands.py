"""`bcp inbox`: what clients answered, and who looks after which answer."""

from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import ByOption, JsonOption
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit, InputError
from bcp.event import stamp

app = typer.Typer(help="What clients answered, and who looks after it.", no_args_is_help=True)

WhichArgument = Annotated[
    str, typer.Argument(metavar="REPLY", help="Its number in the list, or the name of who wrote.")
]


@app.command()
def fetch(context: typer.Context) -> int:
    """Read the mailbox: bounces go to the ledger, replies to the board."""
    from bcp.app.notice.office import post_of, world_of
    from bcp.notice.inbox.post_in import PostIn
    from bcp.store.board import StoredBoard
    from bcp.store.outbox import Outbox

    session: Session = context.obj
    post = post_of(session)
    campaigns = list(session.stores.of(Outbox).all_campaigns())
    done = PostIn(post, session.stores.of(StoredBoard), world_of(session, drill=False), campaigns).fetch()
    say(
        f"{done.replies} replies, {done.bounces} bounces, {done.automatic} automatic answers, {done.strange} others."
    )
    show_next(("bcp inbox list",))
    return Exit.OK


@app.command("list")
def list_(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Also those that are answered or automatic.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Show the board: who wrote, about which notice, who looks after it."""
    from bcp.store.board import StoredBoard

    session: Session = context.obj
    replies = list(enumerate(session.stores.of(StoredBoard).replies(), 1))
    chosen = [(number, one) for number, one in replies if every or one.status in ("open", "taken")]
    if as_json:
        show_json(
            [
                {
                    "number": number,
                    "contact": one.contact,
                    "sender": one.sender,
                    "subject": one.subject,
                    "campaign": one.campaign,
                    "at": stamp(one.at),
                    "owner": one.owner,
                    "status": one.status,
                }
                for number, one in chosen
            ]
        )
        return Exit.OK
    for number, one in chosen:
        show(f"{number:>3}  {one.status:<9} {one.owner:<10} {one.contact}: {one.subject}")
    if not chosen:
        say("Nobody waits for an answer.", "green")
    show_next(("bcp inbox take REPLY", "bcp inbox answered REPLY"))
    return Exit.OK


@app.command()
def take(context: typer.Context, which: WhichArgument, by: ByOption = None) -> int:
    """Look after a reply yourself, so that nobody else answers it."""
    return _move(context.obj, which, "taken", by, None)


@app.command()
def answered(context: typer.Context, which: WhichArgument, by: ByOption = None) -> int:
    """Say that a reply is answered."""
    return _move(context.obj, which, "answered", by, None)


@app.command("hand-to")
def hand_to(
    context: typer.Context,
    which: WhichArgument,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Who looks after it from now on.")],
    by: ByOption = None,
) -> int:
    """Hand a reply to somebody else."""
    return _move(context.obj, which, "taken", by, person)


def _move(session: Session, which: str, status: str, by: str | None, to: str | None) -> int:
    from bcp.app.notice.office import office_of
    from bcp.store.board import StoredBoard

    people = {person.person: {"name": person.name} for person in office_of(session).people}
    doer = session.person(by, people)
    owner = session.person(to, people) if to else doer
    board = session.stores.of(StoredBoard)
    replies = board.replies()
    numbered = [reply for number, reply in enumerate(replies, 1) if which == str(number)]
    near = numbered or [reply for reply in replies if which.casefold() in reply.contact.casefold()]
    waiting = [reply for reply in near if reply.status in ("open", "taken")]
    if len(waiting) != 1:
        words = f'"{which}" fits {len(waiting)} replies that wait'
        raise InputError(words, "give its number: bcp inbox list")
    (reply,) = waiting
    if reply.status == "taken" and reply.owner != doer and to is None:
        raise InputError(
            f"{reply.owner} looks after it", f"let it be handed over: bcp inbox hand-to {which} {doer}"
        )
    if not board.move(reply.message_id, status, owner, (reply.status, reply.owner), session.clock.now()):  # type: ignore[arg-type]
        raise InputError("somebody else was first", "look again: bcp inbox list")
    say(f"{reply.contact}: {status}, {owner}", "green")
    show_next(("bcp inbox list",))
    return Exit.OK

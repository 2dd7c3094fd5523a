"""`bcp notice list, lint, preview, plan, test`: what a notice says, and what sending it would do."""

import shlex
from collections.abc import Mapping
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.notice.options import (
    AudienceArgument,
    ChannelsOption,
    DrillOption,
    NoticeArgument,
    Telling,
    about,
    open_book_of,
    order_of,
)
from bcp.cli.options import ByOption, IncidentOption, JsonOption, grouped
from bcp.cli.terminal.output import say, show, show_json, show_mistakes, show_next
from bcp.errors import Exit, InputError, NotDelivered, SourceError
from bcp.incident.journal import Book


def add_to(app: typer.Typer) -> None:
    """Give the noun these verbs."""
    for verb in (list_, lint, preview, plan, test):
        app.command(verb.__name__.rstrip("_"))(verb)


def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """List the notices with their kinds and languages."""
    from bcp.app.notice.office import post_of

    notices = post_of(context.obj).notices
    if as_json:
        show_json([{"id": n.id, "kind": n.kind, "languages": sorted(n.versions)} for n in notices.values()])
        return Exit.OK
    for notice in notices.values():
        first = next(iter(notice.versions.values()))
        show(
            f"{notice.id:<18} {notice.kind:<10} {' '.join(sorted(notice.versions)):<16} {first.front.subject}"
        )
    show_next(("bcp notice preview NOTICE", "bcp notice lint"))
    return Exit.OK


def lint(
    context: typer.Context,
    notice: Annotated[
        str | None, typer.Argument(metavar="[NOTICE]", help="One notice; without it all.")
    ] = None,
) -> int:
    """Read the notices against the rules; each finding has its place and its reason."""
    from bcp.app.notice.office import peace, post_of

    session: Session = context.obj
    post = post_of(session)
    chosen = [post.notice(notice)] if notice else list(post.notices.values())
    findings = [found for one in chosen for found in post.read(peace(session, one, ""), one.id)]
    show_mistakes(SourceError([finding.mistake for finding in findings]))
    for reason in dict.fromkeys(f"{finding.rule}: {finding.reason}" for finding in findings):
        say(f"  {reason}")
    say(f"{len(chosen)} notices, {len(findings)} findings.", "bold")
    show_next(("bcp notice preview NOTICE",))
    return Exit.INPUT if findings else Exit.OK


def preview(
    context: typer.Context,
    notice: NoticeArgument,
    audience: AudienceArgument = "all",
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Show the longest name and the ugliest address in each language, and write these letters as files that open."""
    from bcp.app.notice.office import post_of
    from bcp.contact import audience as audiences
    from bcp.notice.campaign.outbox import Key
    from bcp.notice.campaign.specimen import shown, specimens
    from bcp.notice.channel.base import Envelope
    from bcp.notice.channel.kinds.file import Files
    from bcp.notice.text.merge import Merger

    session: Session = context.obj
    post = post_of(session)
    found = post.notice(notice)
    affair = about(session, post, notice, open_book_of(session, incident, drill), by)
    setting = post.setting(affair, None)
    everybody = audiences.members(
        audience, post.contacts.all, post.office, lambda: post.told(affair.incident)
    )
    if not everybody:
        raise InputError(f'nobody is in the audience "{audience}"', "name another one, such as: clients")
    channel, files = Files(), session.stores.files(affair.incident).below("preview")
    us = (post.office.name, setting.reach.get("email", ""))
    for language, version in found.versions.items():
        merger = Merger(version, setting)
        for reader in specimens([one for one in everybody if one.language == language] or everybody):
            text, key = merger.text(reader), Key(f"preview/{notice}-{language}", reader.id, "file")
            content = channel.content(key, reader, text, us)
            envelope = Envelope(key, "", content, session.clock.now(), str(post.office.zone), files)
            show("\n".join(shown(reader, text)))
            show(f"────── {channel.write(envelope)}")
    show_next((f"bcp notice test {notice}", f"bcp notice plan {notice} {audience}"))
    return Exit.OK


@grouped(Telling)
def plan(
    context: typer.Context,
    asked: Telling,
    notice: NoticeArgument,
    audience: AudienceArgument,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say what a sending would do: how many, how long, who cannot be reached; and the text to paste elsewhere."""
    from bcp.app.notice.office import post_of
    from bcp.notice.campaign.plan_words import pastes, plan_words

    session: Session = context.obj
    post = post_of(session)
    book = open_book_of(session, incident, drill)
    affair = about(session, post, notice, book, by)
    prepared = post.prepare(affair, order_of(session, post, notice, audience, asked))
    texts = pastes(post, prepared)
    if as_json:
        show_json(
            {
                "campaign": prepared.campaign.id,
                "letters": len(prepared.plan.letters),
                "by": [
                    {"channel": way, "language": language, "letters": count}
                    for (way, language), count in prepared.plan.counts().items()
                ],
                "seconds": round(prepared.plan.length.total_seconds()),
                "limits": list(prepared.plan.limits),
                "left_out": [{"contact": o.contact.id, "why": o.why_not} for o in prepared.plan.left_out],
                "shared": [{"contact": o.contact.id, "with": o.same_as} for o in prepared.plan.shared],
                "findings": [finding.rule for finding in prepared.open_findings],
                "paste": texts,
            }
        )
        return Exit.INPUT if prepared.open_findings else Exit.OK
    for line in plan_words(prepared):
        show(line)
    _show_pastes(book, notice, texts)
    if prepared.open_findings:
        raise SourceError([finding.mistake for finding in prepared.open_findings])
    if book is None:
        say("No incident is open: the facts in < > are examples, and nothing can be sent.", "yellow")
    send = shlex.join(("bcp", "notice", "send", notice, audience))
    sending = () if book is None else (session.meant(book.incident, send),)
    show_next((f"bcp notice test {notice}", *sending))
    return Exit.OK


def _show_pastes(book: Book | None, notice: str, texts: Mapping[str, str]) -> None:
    """The agreed text by language, and the places where it is to stand, ticked off as they were told."""
    from bcp.notice.campaign.plan_words import PLACES

    done = book.incident.pasted.get(notice, []) if book else []
    places = dict.fromkeys([*PLACES, *done])
    if texts:
        show("\n" + "  ".join(f"[{'x' if place in done else ' '}] {place}" for place in places))
    for language, text in texts.items():
        show(f"    ({language}) {text}")
    left = [place for place in places if place not in done]
    if book and texts and left:
        say(f"Tick off where it stands: bcp notice pasted {left[0]} --notice {notice}")


def test(
    context: typer.Context,
    notice: NoticeArgument,
    channel: ChannelsOption = None,
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Send the notice to yourself, through exactly the same code and settings."""
    from bcp.app.notice.office import post_of, world_of
    from bcp.cli.notice.selftest import send_to_oneself

    session: Session = context.obj
    post = post_of(session)
    affair = about(session, post, notice, open_book_of(session, incident, drill=False), by)
    handed = send_to_oneself(post, affair, notice, tuple(channel or ()), world_of(session, drill=False))
    for way, found in handed.items():
        say(f"{way}: {found.fate}: {found.reply}", "green" if found.fate == "sent" else "bold red")
    if any(found.fate != "sent" for found in handed.values()):
        raise NotDelivered("a test letter could not be delivered", "correct the channel in channels.yaml")
    show_next((f"bcp notice plan {notice} AUDIENCE",))
    return Exit.OK

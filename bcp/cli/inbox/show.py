"""Shows the board of replies."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.app.inbox import NumberedReply
from bcp.cli.terminal.output import picked, say, show, show_json, show_next
from bcp.i18n import _
from bcp.notice.inbox.inbox import StrangeMail

_MOST = 10
_KEYS = ("contact", "sender", "subject", "campaign", "at", "owner", "status")


def show_left_aside(mails: Sequence[StrangeMail]) -> None:
    """The mails that could not be read, for a person with a mail program."""
    for mail in mails[:_MOST]:
        about = " ".join(filter(None, (mail.sender, mail.subject))) or _("no sender, no subject")
        say(_("Left aside: {mail} ({why})").format(mail=about, why=mail.why))
    if len(mails) > _MOST:
        say(_("… and {count} more").format(count=len(mails) - _MOST))
    if mails:
        say(_("They are still in the mailbox. Read them with your mail program."))


def show_replies(replies: Sequence[NumberedReply]) -> None:
    """Who wrote, about what, and who looks after it."""
    for number, one in replies:
        show(f"{number:>3}  {one.status:<9} {one.owner:<10} {one.contact}: {one.subject}")
    if replies:
        show_next(("bcp inbox take REPLY", "bcp inbox answered REPLY"))
    else:
        say("Nobody waits for an answer.", "green")


def show_replies_json(replies: Sequence[NumberedReply]) -> None:
    """The same as data: `[{number, contact, sender, subject, campaign, at, owner, status}]`."""
    show_json([{"number": number, **picked(one, *_KEYS)} for number, one in replies])

"""Shows the board of replies, and what was sorted away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bcp.app.inbox import NumberedReply
from bcp.cli.terminal.output import picked, say, show, show_json, show_next
from bcp.i18n import _
from bcp.notice.inbox.board import Pile, SortedMail

_MOST = 10
_KEYS = ("contact", "sender", "subject", "campaign", "at", "owner", "status", "kind", "why")
_SORTED_KEYS = ("pile", "contact", "sender", "subject", "why", "at")


def show_replies(replies: Sequence[NumberedReply], every: bool) -> None:
    """Who wrote, about what, and who looks after it: people first, then programs whose answer needs a look."""
    people = [one for one in replies if one.reply.kind != "look"]
    looks = [one for one in replies if one.reply.kind == "look"]
    for one in people:
        _show_reply(one)
    if looks:
        say(_("Automatic answers that need a look:"))
    shown = looks if every else looks[:_MOST]
    for one in shown:
        _show_reply(one)
    if len(looks) > len(shown):
        say(_("… and {count} more: bcp inbox list --all").format(count=len(looks) - len(shown)))
    if replies:
        show_next(("bcp inbox take REPLY", "bcp inbox answered REPLY"))
    else:
        say("Nobody waits for an answer.", "green")


def _show_reply(one: NumberedReply) -> None:
    reply = one.reply
    what = {
        "hint": _("may have got no letter"),
        "request": _("may want no more letters"),
    }.get(reply.kind, "")
    why = ": ".join(filter(None, (what, reply.why if reply.kind != "request" else "")))
    remark = f"   ({why})" if why else ""
    show(f"{one.number:>3}  {reply.status:<9} {reply.owner:<10} {reply.contact}: {reply.subject}{remark}")


def show_replies_json(replies: Sequence[NumberedReply]) -> None:
    """The same as data: `[{number, contact, sender, subject, campaign, at, owner, status, kind, why}]`."""
    show_json([{"number": number, **picked(one, *_KEYS)} for number, one in replies])


def show_others(mails: Sequence[SortedMail]) -> None:
    """What was sorted away: pile by pile, who wrote, what about, and why it lies there."""
    for pile, title in _titles().items():
        own = [mail for mail in mails if mail.pile == pile]
        if own:
            show(f"{title} ({len(own)})")
        for mail in own:
            who = " · ".join(filter(None, (mail.contact, mail.sender))) or _("no sender")
            subject = mail.subject or _("no subject")
            show(f"  {who}: {subject}" + (f"   ({mail.why})" if mail.why else ""))
    if not mails:
        say(_("Nothing was sorted away."))
    show_next(("bcp inbox list",))


def _titles() -> Mapping[Pile, str]:
    """The piles in the order in which they are shown."""
    return {
        "bounce": _("Bounces"),
        "late": _("Late letters"),
        "hint": _("Bounces without a letter of ours"),
        "opt-out": _("No more letters"),
        "strange": _("Mails that could not be read"),
        "automatic": _("Automatic answers"),
        "copy": _("Copies of our own letters"),
        "other": _("Other mail"),
    }


def show_others_json(mails: Sequence[SortedMail]) -> None:
    """The same as data: `[{pile, contact, sender, subject, why, at}]`."""
    show_json([picked(mail, *_SORTED_KEYS) for mail in mails])

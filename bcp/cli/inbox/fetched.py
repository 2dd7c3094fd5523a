"""Shows what one look into the mailbox brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bcp.cli.terminal.output import say, show_next
from bcp.i18n import _, ngettext
from bcp.notice.inbox.opting_out import OptOut
from bcp.notice.inbox.reading import StrangeMail
from bcp.notice.inbox.sorted import Sorted
from bcp.times import local_day

_MOST = 10


def show_fetched(done: Sorted) -> None:
    """How much of each kind came, what somebody has to do about it, what it took, and what is left."""
    replies = ngettext("{count} reply", "{count} replies", done.replies).format(count=done.replies)
    bounces = ngettext("{count} bounce", "{count} bounces", done.bounces).format(count=done.bounces)
    automatic = ngettext("{count} automatic answer", "{count} automatic answers", done.automatic)
    count = done.strange + done.others
    others = ngettext("{count} other", "{count} others", count).format(count=count)
    say(f"{replies}, {bounces}, {automatic.format(count=done.automatic)}, {others}.")
    for words in _remarks(done):
        say(words)
    for gone in done.opted_out:
        show_opt_out(gone)
    for name in done.unproven:
        say(_("A mail says that {name} cannot be reached, and names no letter of ours.").format(name=name))
        say(_("Anybody could write that, so no address is struck off: look at the mail, then call."))
    _show_left_aside(done.left_aside)
    _show_size(done)
    show_next(("bcp inbox list", "bcp inbox list --others"))


def show_opt_out(gone: OptOut) -> None:
    """Who gets no more letters from now on, and whether that was answered."""
    name = f"{gone.name} ({gone.address})" if gone.name else gone.address
    say(_("{name} asked for no more letters. We send none there from now on.").format(name=name))
    if gone.words and gone.words.casefold() != "unsubscribe":
        say(_("The mail says besides: {words}").format(words=gone.words))
    if gone.unanswered:
        say(_("No answer went out: {why}").format(why=gone.unanswered))


def _remarks(done: Sorted) -> Iterator[str]:
    if done.look:
        yield ngettext(
            "{count} of the automatic answers needs a look.",
            "{count} of the automatic answers need a look.",
            done.look,
        ).format(count=done.look)
    if done.requests:
        yield ngettext(
            "{count} person may want no more letters. You decide: bcp inbox opt-out REPLY",
            "{count} people may want no more letters. You decide: bcp inbox opt-out REPLY",
            done.requests,
        ).format(count=done.requests)
    if done.late:
        yield ngettext(
            "{count} letter is late. The server keeps trying.",
            "{count} letters are late. The server keeps trying.",
            done.late,
        ).format(count=done.late)
    if done.copies:
        yield ngettext(
            "{count} copy of our own letters came: the server took it.",
            "{count} copies of our own letters came: the server took them.",
            done.copies,
        ).format(count=done.copies)


def _show_left_aside(mails: Sequence[StrangeMail]) -> None:
    """The mails that could not be read, for a person with a mail program."""
    for mail in mails[:_MOST]:
        about = " ".join(filter(None, (mail.sender, mail.subject))) or _("no sender, no subject")
        say(_("Left aside: {mail} ({why})").format(mail=about, why=mail.why))
    if len(mails) > _MOST:
        say(_("… and {count} more").format(count=len(mails) - _MOST))
    if mails:
        say(_("They are still in the mailbox. Read them with your mail program."))


def _show_size(done: Sorted) -> None:
    """How much came over the line, which may be a phone's; and how to get the rest."""
    kilobytes = -(-done.fetched // 1024)
    size = f"{kilobytes / 1024:.1f} MB" if kilobytes >= 1024 else f"{kilobytes} KB"
    mails = ngettext("{count} mail", "{count} mails", done.looked_at).format(count=done.looked_at)
    if done.since:
        day = local_day(done.since.date())
        say(_("Looked at {mails} since {day}, {size} fetched.").format(mails=mails, day=day, size=size))
    else:
        say(_("Looked at {mails}, {size} fetched.").format(mails=mails, size=size))
    if done.left:
        say(
            ngettext(
                "{count} older mail is left. Fetch it: bcp inbox fetch",
                "{count} older mails are left. Fetch them: bcp inbox fetch",
                done.left,
            ).format(count=done.left)
        )

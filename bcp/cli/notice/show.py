"""Shows notices, what sending one would do, how a sending ended, and who is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bcp.action.kinds.notify import STANDING_WORDS
from bcp.app.notice.doubt import Doubts
from bcp.app.notice.go_on import goes_on_words
from bcp.app.notice.lint import ListedNotice, NoticeReview
from bcp.app.notice.plan import NoticePlan
from bcp.app.notice.send import Sent, standing_words
from bcp.app.notice.status import NoticeStatus, SendingStatus
from bcp.app.session import Session
from bcp.cli.notice.by_hand import is_ready, show_page, show_ready, without_ready
from bcp.cli.notice.review import show_count
from bcp.cli.notice.show_spots import show_ticks
from bcp.cli.terminal.output import picked, say, show, show_json, show_mistakes, show_next, show_text
from bcp.command_words import as_typed
from bcp.errors import Exit, NotDelivered, SourceError
from bcp.i18n import _
from bcp.incident.journal import IncidentJournal
from bcp.notice.campaign.plan_words import plan_words
from bcp.notice.channel.base import Handed
from bcp.notice.lint.rule import LintFinding

_SHOWN_ORDER = ("unknown", "waiting", "not told", "unreachable", "not to be told", "told")
_MOST_NAMES = 10
_ANSWERS = {"yes": "satisfied  ", "no": "not satisfied  ", "comment": ""}


def show_notices(notices: Sequence[ListedNotice]) -> None:
    """Each notice with its kind, its languages and its subject."""
    for notice, subject in notices:
        show(f"{notice.id:<18} {notice.kind:<10} {' '.join(sorted(notice.versions)):<16} {subject}")
    show_next(("bcp notice preview NOTICE", "bcp notice lint"))


def show_review(found: NoticeReview) -> None:
    """Each finding with its place, and each reason once; what is only advice behind them."""
    show_mistakes(SourceError([finding.mistake for finding in found.findings if not finding.advice]))
    if advice := [finding.mistake for finding in found.findings if finding.advice]:
        say(_("This stops no sending, and would be truer in another way:"), "yellow")
        show_mistakes(SourceError(advice))
    for reason in dict.fromkeys(f"{finding.rule}: {finding.reason}" for finding in found.findings):
        say(f"  {reason}")
    show_count(found.count, len(found.findings))


def show_plan(session: Session, plan: NoticePlan) -> None:
    """What a sending would do, and where the text goes by hand. Raises SourceError for what speaks against it."""
    notice, audience = plan.prepared.notice.id, plan.prepared.campaign.audience
    for line in plan_words(plan.prepared):
        show(line)
    if plan.texts:
        show_ticks(plan.book.incident if plan.book else None, notice)
    _show_advice(plan.prepared.advice)
    if plan.prepared.open_findings:
        raise SourceError([finding.mistake for finding in plan.prepared.open_findings])
    sending = []
    if plan.book is None:
        say("No incident is open: the facts in < > are examples, and nothing can be sent.", "yellow")
    else:
        send = as_typed(("bcp", "notice", "send", notice, audience))
        sending = [session.meant(plan.book.incident, send)]
    show_next((as_typed(("bcp", "notice", "test", notice)), *sending))


def _show_advice(found: Sequence[LintFinding]) -> None:
    """What stops nothing, each rule once: the first place, and how many more there are."""
    for rule in dict.fromkeys(finding.rule for finding in found):
        first, *more = [finding.mistake for finding in found if finding.rule == rule]
        words = _("LOOK: {finding}   and {count} more: bcp notice lint") if more else _("LOOK: {finding}")
        say(words.format(finding=first, count=len(more)), "yellow")


def show_plan_json(plan: NoticePlan) -> None:
    """The same as data: `{campaign, letters, by, seconds, limits, left_out, shared, findings, paste}`."""
    letters = plan.prepared.plan
    show_json(
        {
            "campaign": plan.prepared.campaign.id,
            "letters": len(letters.letters),
            "by": [
                {"channel": way, "language": language, "letters": count}
                for (way, language), count in letters.counts().items()
            ],
            "seconds": round(letters.length.total_seconds()),
            "limits": letters.limits,
            "left_out": [
                {"contact": one.contact.id, "why": one.why_not, "unread": one.contact.unread_wish}
                for one in letters.left_out
            ],
            "shared": [{"contact": one.contact.id, "with": one.same_as} for one in letters.shared],
            "findings": [finding.rule for finding in plan.prepared.open_findings],
            "paste": plan.texts,
        }
    )


def show_handed(handed: Mapping[str, Handed]) -> None:
    """What became of a letter to oneself, by channel. Raises NotDelivered if one could not be delivered."""
    styles = {"sent": "green", "written": "bold yellow"}
    for way, found in handed.items():
        say(f"{way}: {found.fate}: {found.reply}", styles.get(found.fate, "bold red"))
    failed = [way for way, found in handed.items() if found.fate not in styles]
    if failed:
        hint = _("mend what is said above; the channel {name} is in channels.yaml")
        lies_there = any(found.stage not in ("file", "") for found in handed.values())
        raise NotDelivered(
            _("a test letter could not be delivered"),
            hint.format(name=failed[0]) if lies_there else _("mend what is said above"),
        )
    if all(found.fate == "written" for found in handed.values()):
        say(_("Nothing was sent: letters become files here, for somebody to send."), "bold yellow")


def show_sent(sent: Sent) -> int:
    """How a sending ended, and what comes next; the exit status. Raises NotDelivered where it stopped by itself."""
    ready = sent.by_hand.ready
    others = without_ready(sent.standings, ready)
    show_ready(ready, are_others_unknown="unknown" in others)
    if others:
        say(f"{'DRILL · ' if sent.drill else ''}{standing_words(others)}", "bold")
    next_commands = [f"bcp notice status --incident {sent.incident}"]
    next_commands.append(f"bcp notice places --incident {sent.incident}")
    if sent.calls:
        words = _("call those who are not told; the list lies in {file}").format(file=sent.calls)
        next_commands.insert(0, f"bcp notice calls --incident {sent.incident}   ({words})")
    if sent.by_hand.page is not None:
        show_page(sent.by_hand.page, ready)
    if sent.ended.why == "stopped" and "waiting" in sent.standings:
        words = _("Stopped by hand: {count} wait, and nobody gets it twice when you go on.")
        say(words.format(count=sent.standings["waiting"]), "bold yellow")
        show_next((sent.again, *next_commands))
        return Exit.INTERRUPTED
    if sent.held:
        _show_held(sent, next_commands)
    show_next(next_commands)
    if sent.ended.why not in ("done", "expired", "stopped", "held"):
        at_once = _("at once: {command}").format(command=sent.again)
        hint = f"{sent.goes_on}\n{at_once}" if sent.goes_on else f"go on: {sent.again}"
        raise NotDelivered(f"the sending stopped: {sent.ended.words}", hint)
    return Exit.OK if sent.all_told else Exit.NOT_DELIVERED


def _show_held(sent: Sent, next_commands: list[str]) -> None:
    """Who is held back and why, in the server's words; the commands that lead on are put in front of the others."""
    say(_("Held back, behind the others, because of what the server said:"), "yellow")
    for row in sent.held[:_MOST_NAMES]:
        say(f"    {row.name}  ({row.reply})", "yellow")
    if len(sent.held) > _MOST_NAMES:
        say(_("    and {count} more: bcp notice status").format(count=len(sent.held) - _MOST_NAMES), "yellow")
    if sent.ended.why == "held" and sent.goes_on:
        say(sent.goes_on)
    skip = as_typed(("bcp", "notice", "skip", sent.held[0].name))
    again, told = _("try these once more"), _("tell them in another way")
    next_commands[:0] = [
        f"{sent.again}   ({again})",
        f"{skip} --incident {sent.incident}   ({told})",
    ]


def show_status(session: Session, book: IncidentJournal, found: NoticeStatus) -> None:
    """Who stands where, by name; which sending stopped; what clients answered."""
    from bcp.cli.incident.show import texts_up, to_be_asked

    unknown = [one for one in found.contacts if one.standing == "unknown"]
    show_ready(
        found.ready,
        found.contacts,
        are_others_unknown=any(not is_ready(one, found.ready) for one in unknown),
    )
    for standing in _SHOWN_ORDER:
        some = [
            (one.name, one.reason)
            for one in found.contacts
            if one.standing == standing and not is_ready(one, found.ready)
        ]
        if some:
            show(f"{STANDING_WORDS[standing]()}: {len(some)}", "bold")
            for name, why in some:
                show(f"    {name}" + (f"  ({why})" if why and standing != "told" else ""))
    for one in found.sendings:
        _show_sending(one, session, book)
    texts_up(book.incident, session.clock.now())
    to_be_asked(session, book.incident)
    for answer in found.answers:
        show(f"    {answer.contact}: {_ANSWERS[answer.satisfied]}{answer.comment}".rstrip())
    show_next(found.commands)


def _show_sending(one: SendingStatus, session: Session, book: IncidentJournal) -> None:
    """Why a sending stopped, and when it goes on."""
    names = {"notice": one.notice, "audience": one.audience}
    if one.stopped and not one.only_held:
        say(_("{notice} to {audience} stopped: {why}").format(**names, why=one.stopped), "bold red")
    if one.goes_on_at:
        words = goes_on_words(session, book.incident.zone, one.goes_on_at, one.approved_by)
        say("{notice} to {audience}: {words}".format(**names, words=words))


def show_status_json(found: NoticeStatus) -> None:
    """The same as data: `{incident, contacts: […], sendings: [{campaign, stopped, standings, goes_on_at, …}]}`."""
    fields = ("campaign", "stopped", "standings", "held", "goes_on_at", "approved_by")
    sendings = [picked(one, *fields) for one in found.sendings]
    show_json({"incident": found.incident, "contacts": found.contacts, "sendings": sendings})


def show_doubts(found: Doubts) -> None:
    """What was decided, and the letters that are still unknown."""
    for words in found.decided:
        say(words)
    for row in found.left:
        show(f"{row.name}  {row.address}  ({row.reply})")
    if found.left:
        more = ("bcp notice unknown --look-up", "bcp notice unknown --other-way NAME", "bcp notice calls")
        show_next(more)
        return
    say(_("Nothing is unknown."), "green")
    show_next(("bcp notice status",))


def show_call_list(file: Path) -> None:
    """The list, and where it lies."""
    show_text(file.read_text("utf-8"))
    say(f"It lies in {file}")

"""Shows all that was tried to tell one contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from bcp.app.notice.history import ContactHistory, LetterHistory
from bcp.cli.terminal.output import show, show_json, show_next
from bcp.i18n import _
from bcp.notice.campaign.outbox import CALL, HELD, LetterAttempt
from bcp.notice.campaign.standing import said_standing
from bcp.times import local

_STATES: Mapping[str, Callable[[], str]] = {
    "queued": lambda: _("waits"),
    "in-flight": lambda: _("is on its way"),
    "sent": lambda: _("sent"),
    "deferred": lambda: _("waits, put off"),
    "failed": lambda: _("refused"),
    "unknown": lambda: _("may have arrived"),
    "suppressed": lambda: _("not sent"),
    "cancelled": lambda: _("not sent"),
    "expired": lambda: _("too late to be sent"),
}
_TRIED: Mapping[str, Callable[[], str]] = {
    "queued": lambda: _("not taken, and not counted"),
    "sent": lambda: _("taken"),
    "deferred": lambda: _("put off"),
    "failed": lambda: _("refused"),
    "unknown": lambda: _("no answer, may have arrived"),
}
_STAGES: Mapping[str, Callable[[], str]] = {
    "bounce": lambda: _("came back"),
    "report": lambda: _("report"),
    "file": lambda: _("became a file"),
    "export": lambda: _("given to somebody"),
}
"""What is no try to hand a letter to a server."""


def show_history(found: ContactHistory, zone: ZoneInfo) -> None:
    """Where the contact stands, and each letter with its attempts in the office's time."""
    why = f" ({found.reason})" if found.reason else ""
    show(f"{found.name}: {said_standing(found.standing)}{why}", "bold")
    for letter in found.letters:
        show(f"  {_of_letter(letter, zone)}")
        for each in letter.attempts:
            show(f"    {_of_attempt(each, letter.channel, zone)}")
    show_next(found.commands)


def _of_letter(letter: LetterHistory, zone: ZoneInfo) -> str:
    if letter.channel == CALL:
        return _("{notice}, by phone").format(notice=letter.notice)
    state = _("held back") if letter.reason == HELD else _STATES[letter.state]()
    if letter.state == "unknown" and letter.attempts and letter.attempts[-1].stage in ("file", "export"):
        state = _("nobody said yet that it went")
    reason = f" ({letter.reason})" if letter.reason not in ("", HELD) else ""
    words = _("{notice}, by {way} to {address}: {state}").format(
        notice=letter.notice, way=letter.channel, address=letter.address or "-", state=state
    )
    again = _("; next try {time}").format(time=local(letter.next_try, zone)) if letter.next_try else ""
    return words + reason + again


def _of_attempt(attempt: LetterAttempt, channel: str, zone: ZoneInfo) -> str:
    code = f"{attempt.code} " if attempt.code else ""
    told = f"{code}{attempt.reply}".strip()
    at = f"{attempt.n}. {local(attempt.at, zone)}"
    if channel == CALL:
        return f"{at}  {told}"
    is_kept = attempt.state == "unknown" or attempt.stage in ("bounce", "report")  # else no file came about
    done = (_STAGES.get(attempt.stage) if is_kept else None) or _TRIED.get(
        attempt.state, lambda: attempt.state
    )
    return f"{at}  {done()}: {told}" if told else f"{at}  {done()}"


def show_history_json(found: ContactHistory) -> None:
    """The same as data: `{incident, contact, name, standing, reason, letters: [{…, attempts: [{n, at, …}]}]}`."""
    show_json(found)

"""`bcp watch test`: one message by each way, and what became of it."""

from __future__ import annotations

from bcp.app.alert.trial import AlertTrials, try_ways
from bcp.app.check.probing import office_and_checks
from bcp.app.session import Session
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _


def try_alerts(session: Session, *, as_json: bool) -> int:
    """Send one to everybody, and say who got it; the exit status. Raises SourceError for mistakes in the files."""
    office, _checks = office_and_checks(session)
    words = _("Sending: {way} …")
    found = try_ways(session, office, lambda recipient: say(words.format(way=recipient.shown)))
    if as_json:
        show_json(_as_data(found))
    else:
        _show(found)
    return Exit.NOT_DELIVERED if found.is_bad else Exit.OK


def _as_data(found: AlertTrials) -> dict[str, object]:
    """The trial for programs: `{ways: [{way, fate, why}], waiting}`."""
    rows = [
        {"way": each.recipient.name, "fate": each.tried.fate, "why": each.tried.why} for each in found.trials
    ]
    return {"ways": rows, "waiting": found.waiting}


def _show(found: AlertTrials) -> None:
    for each in found.trials:
        why = each.tried.why
        if each.is_bad:
            show(_("✘ {way}: {why}").format(way=each.recipient.shown, why=why or _("no reason was given")))
        else:
            show(_("✔ {way}: sent").format(way=each.recipient.shown) + (f" ({why})" if why else ""))
    if not found.trials:
        say(
            _("Nobody would be told: bcp.yaml names no way to tell people. For example: {example}").format(
                example="watch: {tell: [{mail: {to: [anna]}}]}"
            )
        )
    elif not any(each.recipient.way.counts for each in found.trials):
        say(
            _(
                "Nobody hears of it away from this screen: add mail, a text message or a chat below watch: tell:"
            )
        )
    if found.waiting:
        words = _(
            "Messages that still wait: {count}. They are tried again by the watch and the next check run."
        )
        say(words.format(count=found.waiting))
    if not found.is_bad:
        say(_("Now ask each of them whether it came."))
    show_next(("bcp validate",) if found.is_bad else ("bcp watch",))

"""Says what a person has to do who tells clients by hand: which page to open, what to tick, what to type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from bcp.app.notice.by_hand import ReadyLetters
from bcp.app.notice.export import ExportedLetters
from bcp.cli.terminal.output import say, show
from bcp.i18n import _, ngettext
from bcp.notice.campaign.letters import ContactStanding


def is_ready(one: ContactStanding, ready: ReadyLetters | None) -> bool:
    """Whether a letter to this contact is written, waits for a person, and nothing else told it yet."""
    return ready is not None and one.standing == "unknown" and one.contact in ready.lying | ready.handed_over


def without_ready(standings: Mapping[str, int], ready: ReadyLetters | None) -> dict[str, int]:
    """How many contacts stand where, without those whose letters are ready: more is known of them than "unknown"."""
    counted = {**standings, "unknown": standings.get("unknown", 0) - (ready.count if ready else 0)}
    return {standing: count for standing, count in counted.items() if count > 0}


def show_ready(
    ready: ReadyLetters | None, contacts: Iterable[ContactStanding] = (), *, are_others_unknown: bool
) -> None:
    """How many letters are ready, whether anybody is told, what to open, and how to report what was done.

    `contacts` are named, those among them whose letters are ready. Where of others nobody knows either whether their
    letters arrived, no command is shown that would say so of all.
    """
    if ready is None:
        return
    named = {one.contact: one.name for one in contacts if is_ready(one, ready)}
    if ready.lying:
        _show_lying(ready)
        _show_names(named, ready.lying)
    if ready.handed_over:
        count = len(ready.handed_over)
        words = ngettext(
            "{count} letter is handed over to be sent elsewhere. Nobody said yet that it went: ask.",
            "{count} letters are handed over to be sent elsewhere. Nobody said yet that they went: ask.",
            count,
        )
        say(words.format(count=count), "bold yellow")
        show("    " + _("They went? Type: bcp notice called A1=sent A2=sent   (the codes are in the table)"))
        _show_names(named, ready.handed_over)
    if not (ready.lying and ready.handed_over) and not are_others_unknown:
        show("    " + _("All of them went? Type: bcp notice unknown --delivered all"))


def _show_lying(ready: ReadyLetters) -> None:
    count = len(ready.lying)
    if ready.told:
        words = ngettext(
            "{count} letter is ready and not sent yet: open {file}",
            "{count} letters are ready and not sent yet: open {file}",
            count,
        )
    else:
        words = ngettext(
            "{count} letter is ready, nobody has been told yet: open {file}",
            "{count} letters are ready, nobody has been told yet: open {file}",
            count,
        )
    say(words.format(count=count, file=ready.page), "bold yellow")
    show("    " + _("Press each link there, send what opens, and tick it."))
    if ready.to_print is not None:
        show("    " + _("Or print the letters and hand them over: {file}").format(file=ready.to_print))
    show("    " + _("Then type the line at the end of that page: bcp notice called A1=sent A2=sent"))


def _show_names(named: Mapping[str, str], some: Collection[str]) -> None:
    for contact, name in named.items():
        if contact in some:
            show(f"    {name}")


def show_page(page: Path, ready: ReadyLetters | None = None) -> None:
    """Where the page for a phone is, unless `ready` named it already, and how it gets onto one."""
    if ready is None or not ready.lying:
        say(_("For a phone: {file}").format(file=page))
    else:
        say(_("That page also works on a phone:"))
    show(
        "    "
        + _("Send it to that phone as an attachment, or copy it with a cable, and open it in a browser.")
    )
    show("    " + _("It holds clients' names and numbers: delete it from the phone when you are done."))


def show_exported(found: ExportedLetters) -> None:
    """Where the tables are, and what the colleague does with them."""
    for one in found.tables:
        words = ngettext(
            "{count} letter ({language}): {table} and {draft}",
            "{count} letters ({language}): {table} and {draft}",
            one.count,
        )
        say(words.format(count=one.count, language=one.language, table=one.table, draft=one.draft), "green")
    if found.tables:
        show(_("Your colleague, in Thunderbird with the add-on Mail Merge, once for each table:"))
        show(
            "  " + _("1. A new message. Copy recipient, subject and text from the .txt file, {{…}} and all.")
        )
        show(
            "  "
            + _("2. Tools, Mail Merge, source CSV: choose the .csv file. Look at the preview, then send.")
        )
        show("  " + _("3. Say what went out. Until then these clients count as not told."))
        show(
            _(
                "The files hold names and addresses of clients: hand them over safely, and delete them afterwards."
            )
        )
    else:
        say(_("No letter waits that could be handed over."), "yellow")
    if found.before:
        say(_("Handed over before, and nobody said yet what went out: {count}").format(count=found.before))

"""Asks a person what nobody may guess: what a column of consents means, and whether an import is right."""

from __future__ import annotations

from bcp.app.contact.import_ import Columns
from bcp.app.contact.reimport import ImportPlan
from bcp.cli.contact.show import how_to_map
from bcp.cli.terminal.keyboard import agrees, read_line
from bcp.cli.terminal.output import is_attended, say
from bcp.contact.foreign_wish import Consents, how_to_say
from bcp.errors import InputError, PersonNeeded
from bcp.i18n import _
from bcp.yes_no import read_yes_no


def with_consents(columns: Columns) -> Columns:
    """The columns, with what a person says of each column of consents.

    Raises PersonNeeded where nobody can be asked, InputError where it was not said.
    """
    for consents in columns.consents():
        if not is_attended():
            words = _(
                'nobody can tell what the column "{header}" means: it seems to say who agrees to letters'
            )
            raise PersonNeeded(words.format(header=consents.header), how_to_say(consents.header))
        columns = columns.meaning(consents.header, _asked(consents))
    return columns


def _asked(consents: Consents) -> str:
    say(_('The column "{header}" seems to say who agrees to letters:').format(header=consents.header))
    counts = _("yes {yes}, no {no}, empty {empty}, unreadable {unread}")
    say("  " + counts.format(yes=consents.yes, no=consents.no, empty=consents.empty, unread=consents.unread))
    strict = consents.no + consents.empty + consents.unread
    question = _("Do only those who say yes there get notices? [y/N]")
    either = _(
        "  [y] yes, {strict} get none   [n] no, only those who refuse there get none ({refused})   [Enter] stop"
    )
    typed = read_line(question, either.format(strict=strict, refused=consents.no + consents.unread)) or ""
    said = read_yes_no(typed) if typed else None
    if said is None:
        raise InputError(_("nothing was written"), how_to_say(consents.header))
    return "consent" if said else "consent-or-empty"


def let_a_person_agree(columns: Columns, plan: ImportPlan, yes: bool, is_mapped: bool) -> None:
    """Ask whether that is right, where nobody said so already: by --yes, or for a new file by --map."""
    if yes or (is_mapped and plan.is_new):
        if not plan.is_new and not plan.merged.matched and not is_attended():
            words = _("there are contacts in {file} already, and none of them is in this file")
            raise InputError(words.format(file=plan.file), "bring it in beside them: --into NAME")
        return
    if not is_attended() and plan.is_new:
        hint = "name at least one column: --map HEADER=name\nor take the columns as they are shown: --yes"
        raise PersonNeeded("a person must say whether these columns are right", hint)
    if not is_attended():
        raise PersonNeeded(
            _("a person must say whether these changes are right"), _("take them as they are shown: --yes")
        )
    if not agrees(_("Is that right? [y/N]   ([y] yes   [Enter] no)"), on_enter=False):
        raise InputError("nothing was written", how_to_map(columns.ours))

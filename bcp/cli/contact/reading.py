"""Asks which of several texts a foreign table is, where its bytes may be read in more than one way."""

from __future__ import annotations

from bcp.app.contact.import_ import Columns
from bcp.cli.terminal.keyboard import read_line
from bcp.cli.terminal.output import is_attended, say
from bcp.errors import InputError, PersonNeeded
from bcp.i18n import _
from bcp.yes_no import read_yes_no


def as_it_reads(columns: Columns) -> Columns:
    """The table in the encoding that a person chooses by its names, if there is a choice.

    Raises PersonNeeded where nobody can be asked, InputError where none was chosen.
    """
    if not columns.rivals:
        return columns
    readings = [columns, *columns.rivals]
    shown = [(each.table.encoding, ", ".join(each.examples())) for each in readings]
    if not is_attended():
        each = "   ".join(f"--encoding {encoding} ({names})" for encoding, names in shown)
        raise PersonNeeded(
            f"nobody can tell for certain how the letters of {columns.table.shown} are saved", each
        )
    say(
        _("The letters of {file} can be read in {count} ways. Which names are right?").format(
            file=columns.table.shown, count=len(readings)
        )
    )
    for number, (encoding, names) in enumerate(shown, 1):
        say(f"  [{number}] {names}   ({encoding})")
    typed = (
        read_line(_("Is [1] right? [y/N]   ([y] yes   [Enter] no; or type another number)")) or ""
    ).strip()
    if typed.isdecimal() and 1 <= int(typed) <= len(readings):
        return readings[int(typed) - 1]
    if read_yes_no(typed) is True:
        return readings[0]
    hint = _('save the file again with the encoding "UTF-8", or name its encoding: --encoding NAME')
    raise InputError(_("nothing was written"), hint)

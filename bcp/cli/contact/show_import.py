"""Shows what an import makes of a contact file, by name, before a person says whether that is right."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.app.contact.reimport import ImportPlan
from bcp.cli.terminal.output import say
from bcp.contact.reimport import ChangedContact
from bcp.i18n import _

_MOST = 20
_MOST_NAMES = 10


def show_plan(plan: ImportPlan) -> None:
    """Who is new, changed and gone; who gets nothing; which cells are read otherwise than they are written."""
    found = plan.merged
    if not plan.is_new:
        _show_changes(plan)
    if plan.opted_out:
        words = _("get no notices (opted_out): {count} of {all}: {names}")
        is_most = len(plan.opted_out) * 2 > plan.count
        names = _some(plan.opted_out)
        say(
            words.format(count=len(plan.opted_out), all=plan.count, names=names),
            "yellow" if is_most else None,
        )
    if found.refusing:
        words = _("opted out, because the same mailbox or number belongs to somebody who opted out: {names}")
        say(words.format(names=_some(found.refusing)), "yellow")
    if found.staying_out:
        words = _("opted out here, and stay so whatever the file says: {names}")
        say(words.format(names=_some(found.staying_out)))
    if found.twice:
        say(_("twice in this file, taken once: {names}").format(names=_some(found.twice)), "yellow")
    if found.apart:
        words = _(
            "twice in this file: {names}. Only the first gets notices, until the column person or id tells them apart"
        )
        say(words.format(names=_some(found.apart)), "yellow")
    for remark in plan.remarks[:_MOST]:
        say(f"  {remark.name}: {remark.column}: {remark.words}", "yellow")
    if len(plan.remarks) > _MOST:
        words = _("… and {count} more such cells. After the import they are named by: bcp contact check")
        say(words.format(count=len(plan.remarks) - _MOST))


def show_written(plan: ImportPlan) -> None:
    """Say what was written; nothing where nothing changed."""
    if plan.is_new:
        say(f"{len(plan.merged.rows)} contacts were written to {plan.file}.", "green")
    elif plan.merged.changes:
        say(_("The changes were written to {file}.").format(file=plan.file), "green")


def _show_changes(plan: ImportPlan) -> None:
    found = plan.merged
    say(_("There are contacts in {file} already. What changes:").format(file=plan.file), "bold")
    if not found.matched:
        words = _(
            "None of them is in this file. Is it another list? Then bring it in beside them: --into NAME"
        )
        say(words, "yellow")
    if found.new:
        say(_("new: {count}: {names}").format(count=len(found.new), names=_some(found.new)))
    if found.changed:
        say(_("changed: {count}").format(count=len(found.changed)))
        _show_cells(found.changed, _("  {name}: {column}: {before} → {after}"))
    if found.kept:
        say(
            _("stays as it is here, although the file says something else: {count}").format(
                count=len(found.kept)
            )
        )
        _show_cells(found.kept, _("  {name}: {column}: {before} stays (in the file: {after})"))
    stay = [name for name in found.gone if name not in found.dropped]
    if found.dropped:
        say(_("deleted, not in this file any more: {names}").format(names=_some(found.dropped)), "yellow")
    if stay:
        say(_("not in this file, stay: {count}: {names}").format(count=len(stay), names=_some(stay)))
    if not found.changes:
        say(_("nothing: {file} says the same").format(file=plan.file))


def _show_cells(contacts: Sequence[ChangedContact], words: str) -> None:
    lines = [
        words.format(
            name=one.name,
            column=cell.column,
            before=cell.before or _("(empty)"),
            after=cell.after or _("(empty)"),
        )
        for one in contacts
        for cell in one.cells
    ]
    for line in lines[:_MOST]:
        say(line)
    if len(lines) > _MOST:
        say(_("  … and {count} more cells").format(count=len(lines) - _MOST))


def _some(names: Sequence[str]) -> str:
    shown, more = ", ".join(names[:_MOST_NAMES]), len(names) - _MOST_NAMES
    return _("{names} and {count} more").format(names=shown, count=more) if more > 0 else shown

"""How the proof of journals is shown."""

from __future__ import annotations

from bcp.app.incident.verify import JournalProof, Verification
from bcp.cli.terminal.output import say, show, show_json
from bcp.errors import Exit
from bcp.i18n import _


def show_verification(found: Verification, as_json: bool) -> int:
    """Each journal with its head, and what does not hold; the exit status."""
    status = Exit.OK if found.holds else Exit.STORE
    if as_json:
        show_json(found.proofs)
        return status
    for proof in found.proofs:
        _show(proof)
    for line in found.damage:
        say(_("The file of the store is damaged: {what}").format(what=line), "red")
    if not found.holds:
        say(_("Nothing was changed. Keep a copy of the whole folder as it is before you do anything else."))
    return status


def _show(proof: JournalProof) -> None:
    anchored = _("and the end is the anchored one") if proof.anchored else _("end not anchored")
    if proof.anchored_at and proof.anchored_at != proof.events:
        anchored = _("anchored up to event {number}").format(number=proof.anchored_at)
    words = _("{id}: whole up to event {events}, {anchored}")
    show(words.format(id=proof.id, events=proof.events, anchored=anchored))
    if proof.head:
        show(_("    head {head}").format(head=proof.head))
    for remark in proof.remarks:
        show(f"    {remark}")
    for finding in proof.findings:
        say(f"{proof.id}: {finding}", "red")

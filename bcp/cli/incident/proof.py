"""How the proof of journals is shown."""

from __future__ import annotations

from bcp.app.incident.verify import JournalProof, Verification
from bcp.cli.terminal.output import fail, say, show, show_json
from bcp.errors import ChainBroken, Exit
from bcp.i18n import _


def show_verification(found: Verification, as_json: bool) -> int:
    """Each journal with its head, and what does not hold; the exit status."""
    if as_json:
        show_json(found.proofs)
        return Exit.OK if found.holds else Exit.STORE
    for proof in found.proofs:
        _show(proof)
    for finding in found.findings:
        say(finding, "red")
    if not found.holds:
        hint = _("nothing was changed; keep a copy of the whole folder as it is before you do anything else")
        return fail(ChainBroken(_("the record does not hold"), hint))
    return Exit.OK


def _show(proof: JournalProof) -> None:
    anchored = _("and the end is the anchored one") if proof.anchored else _("end not anchored")
    if proof.anchored_at and proof.anchored_at != proof.events:
        anchored = _("anchored up to event {number}").format(number=proof.anchored_at)
    words = _("{id}: whole up to event {events}, {anchored}")
    # Of a record that does not hold nothing goes where a program would read that it does.
    out = show if proof.whole else say
    out(words.format(id=proof.id, events=proof.events, anchored=anchored))
    if proof.head:
        out(_("    head {head}").format(head=proof.head))
    for remark in proof.remarks:
        out(f"    {remark}")
    for finding in proof.findings:
        say(f"{proof.id}: {finding}", "red")

"""How the proof of a journal is shown."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.app.incident.verify import JournalProof
from bcp.cli.terminal.output import show, show_json
from bcp.errors import Exit
from bcp.i18n import _


def show_proofs(proofs: Sequence[JournalProof], as_json: bool) -> int:
    """The journals that hold, each with its head; the exit status."""
    if as_json:
        show_json(proofs)
        return Exit.OK
    for proof in proofs:
        anchored = _("and the end is the anchored one") if proof.anchored else _("end not anchored")
        if proof.anchored_at and proof.anchored_at != proof.events:
            anchored = _("anchored up to event {number}").format(number=proof.anchored_at)
        words = _("{id}: whole up to event {events}, {anchored}")
        show(words.format(id=proof.id, events=proof.events, anchored=anchored))
        show(_("    head {head}").format(head=proof.head))
        if proof.journal_txt_rebuilt:
            show(_("    journal.txt differed from the journal and was written anew"))
    return Exit.OK

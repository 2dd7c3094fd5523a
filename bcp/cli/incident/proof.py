"""How the proof of a journal is shown, and what a masked copy left out."""

from __future__ import annotations

from collections.abc import Mapping

from bcp.app.incident.export import MaskedExport
from bcp.app.incident.verify import JournalProof, Verification
from bcp.app.incident.verify_export import CheckRequest
from bcp.app.session import Session
from bcp.cli.terminal.output import fail, say, show, show_json
from bcp.errors import ChainBroken, Exit
from bcp.i18n import _
from bcp.incident.evidence.verify import shown


def show_verification(found: Verification, as_json: bool) -> int:
    """Each journal with its head, and what does not hold; the exit status."""
    if as_json:
        show_json(found.proofs)
        for finding in found.findings:
            say(finding, "red")
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
    """One journal; the last line says what is proven and what not."""
    # Of a record that does not hold nothing goes where a program would read that it does.
    out = show if proof.whole else say
    for finding in proof.findings:
        say(f"{proof.id}: {finding}", "red")
    out(_("{id}: events: {count}").format(id=proof.id, count=proof.events))
    if proof.head:
        out(_("    head {head}").format(head=proof.head))
    for remark in proof.remarks:
        out(f"    {remark}")
    out(f"    {proof.last_line}")


def verify_folder(session: Session, request: CheckRequest, as_json: bool) -> int:
    """Check an export, and show what was found; the last line says what is proven and what is not."""
    from bcp.app.incident.verify_export import refuse_broken
    from bcp.app.incident.verify_export import verify_export as check

    proof = check(session, request)
    if as_json:
        show_json(proof)
        return Exit.OK if proof.holds else Exit.STORE
    for fault in proof.faults:
        show(_("FAULT: {what}").format(what=shown(fault)))
    if proof.kind == "drill":
        show(_("this is the record of a drill: a rehearsal, and no incident"), "bold yellow")
    show(_("head {head}").format(head=proof.head or _("none")))
    for name, why in proof.not_covered.items():
        show(_("not covered: {what}: {why}").format(what=shown(name), why=shown(why)))
    show(proof.last_line)
    refuse_broken(proof)
    return Exit.OK


def show_masked(masked: MaskedExport) -> None:
    """What was masked, and what a person must know before the copy goes out."""
    kinds = _kinds()
    found = ", ".join(f"{kinds[kind]}: {count}" for kind, count in masked.counts.items())
    say(_("Masked: {found}").format(found=found or _("nothing")))
    if masked.loose:
        words = _(
            "Entries 1 to {count} are of an older format that cannot be masked safely with their hashes."
            " The hashes were left out, so the order of these entries cannot be checked in this copy."
        )
        say(words.format(count=masked.loose), "bold yellow")
    if masked.telling_id:
        say(_("The name of the incident is not masked, and it says something about somebody."), "bold yellow")
    for each in masked.unread:
        say(_("Not masked, because it could not be read: {what}").format(what=each), "bold yellow")
    say(_("This is best effort: read it before you give it away."), "bold yellow")


def _kinds() -> Mapping[str, str]:
    return {
        "people": _("people"),
        "contacts": _("contacts"),
        "numbers": _("phone numbers"),
        "mail addresses": _("mail addresses"),
        "accounts": _("bank accounts"),
        "streets": _("street addresses"),
        "contracts": _("contract numbers"),
        "hashes": _("hashes"),
        "files": _("names of files"),
        "others": _("logins, addresses on the web and other numbers"),
    }

"""Writes the papers of a claim: one folder, and the same as a zip; nothing is left half-written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bcp.app.claim.gather import Gathered, gather
from bcp.app.claim.letter import letter_of
from bcp.app.claim.request import ClaimRequest
from bcp.app.data import data_of
from bcp.app.print.documents import remark_boxes
from bcp.app.session import Session
from bcp.claim.calculate import ClaimFinding
from bcp.claim.deadlines import ics
from bcp.errors import InputError
from bcp.files import fresh_folder, in_words, take_place, zip_folder
from bcp.i18n import _
from bcp.incident.dossier.dossier import parts
from bcp.incident.evidence import export
from bcp.page.blocks import Proof


@dataclass(frozen=True, slots=True)
class DossierRequest:
    """How the papers are wanted: the language of the letter, whether a person vouches for uncertain rules, where to."""

    language: str | None
    verified: bool
    output: Path | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Where the papers lie, as a folder and as a zip, and why there is no letter among them, where there is none."""

    folder: Path
    archive: Path
    without_letter: InputError | None


def write_dossier(
    session: Session, incident: str | None, claim: ClaimRequest, request: DossierRequest
) -> Dossier:
    """Write the folder and the zip. Without a letter that may be written, the rest is made all the same.

    Raises InputError where one of them is there already or cannot be written.
    """
    with session.progress.task(_("Reckoning the claim")):
        found = gather(session, incident, claim)
    target = request.output or Path(f"claim-{found.incident.id}")
    archive = target.with_name(target.name + ".zip")
    for path in (target, archive):
        if path.exists():
            raise InputError(
                f"{path} is there already", "name another folder with -o; nothing was overwritten"
            )
    with session.progress.task(_("Writing the papers of the claim")):
        papers, refused = _papers(session, found, request)
    papers[export.SUMS] = export.sums(papers)
    try:
        with fresh_folder(target) as fresh:
            for name, content in papers.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / name).write_bytes(content)
            zip_folder(fresh, archive)
            take_place(fresh, target)
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {in_words(error)}", "name another folder with -o"
        ) from None
    return Dossier(target, archive, refused)


def _papers(
    session: Session, found: Gathered, request: DossierRequest
) -> tuple[dict[str, bytes], InputError | None]:
    """Every file of the dossier but the sums, and why the letter is not among them, where it is not."""
    from bcp.app.incident.export import gather as gather_record
    from bcp.page import html, pdf
    from bcp.page.content import in_groups
    from bcp.page.dossier import dossier, letter_document
    from bcp.page.labels import Labels

    # First, for it ends with the hashes of what it holds: the papers name the head behind that.
    record = gather_record(session, found.book)
    record[export.SUMS] = export.sums(record)
    incident = found.incident
    words = Labels(found.office.language)
    made = parts(incident, found.claim, found.now)
    title = _("Claim against {provider}: {title}").format(
        provider=found.claim.party.provider or "______", title=found.claim.party.title
    )
    proof = Proof(
        found.office.name, f"{incident.id} · {in_groups(incident.head.hash)}", incident.head.hash[:12]
    )
    document = dossier(made, title, caution_words(), proof, words)
    remark_boxes(session, [document])
    named = {
        "dossier.pdf": pdf.write([document], words),
        "dossier.html": html.write([document], words).encode(),
        "calculation.json": _json([amount_as_data(each) for each in found.claim.findings]),
        "deadlines.ics": ics(found.claim.deadlines, incident.id, found.now),
    }
    named |= {f"record/{name}": data for name, data in record.items()}
    try:
        letter = letter_of(found, request.language, request.verified)
    except InputError as refused:
        return named, refused
    on_paper = letter_document(letter, found.office.name)
    remark_boxes(session, [on_paper])
    named["letter.txt"] = letter.text().encode()
    named["letter.pdf"] = pdf.write([on_paper], Labels(letter.language))
    return named, None


def _json(data: object) -> bytes:
    return (json.dumps(data_of(data), ensure_ascii=False, indent=2) + "\n").encode()


def amount_as_data(each: ClaimFinding) -> Mapping[str, Any]:
    """A finding for programs; sums of money are texts."""
    rule = each.rule
    return {
        "rule": rule.rule,
        "title": rule.title,
        "amount": each.amount,
        "currency": rule.currency,
        "reason": each.reason,
        "portions": each.portions,
        "days": each.days.paid,
        "formula": rule.formula,
        "law": rule.law,
        "article": rule.article,
        "source": rule.source,
        "read_on": rule.read_on,
        "certainty": rule.certainty,
        "caution": each.caution,
    }


def caution_words() -> str:
    """What stands over every paper of a claim."""
    return _(
        "An aid to documentation and reckoning, no legal advice. Look at the rules and at your contract yourself."
    )

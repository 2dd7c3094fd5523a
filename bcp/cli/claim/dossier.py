"""Writes the papers of a claim: one folder, and the same as a zip; nothing is left half-written."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from bcp.app.incident.export import gather as gather_record
from bcp.app.session import Session
from bcp.claim.deadlines import ics
from bcp.cli.claim.commands import Asked
from bcp.cli.claim.gather import Gathered, gather, letter_of
from bcp.cli.claim.show import amount_data, caution, caution_words
from bcp.cli.terminal.output import say, show_next
from bcp.errors import Exit, InputError
from bcp.i18n import _
from bcp.incident.dossier.dossier import parts
from bcp.incident.evidence import export
from bcp.page.blocks import Proof


@dataclass(frozen=True, slots=True)
class Papers:
    """How the papers are wanted."""

    language: str | None
    verified: bool
    output: Path | None


def write_dossier(session: Session, incident: str | None, asked: Asked, papers: Papers) -> int:
    """Write the folder and the zip. Without a letter that may be written, the rest is made all the same."""
    found = gather(session, incident, asked)
    target = papers.output or Path(f"claim-{found.incident.id}")
    archive = target.with_name(target.name + ".zip")
    for path in (target, archive):
        if path.exists():
            raise InputError(
                f"{path} is there already", "name another folder with -o; nothing was overwritten"
            )
    named = _papers(session, found, papers)
    named[export.SUMS] = export.sums(named)
    fresh = target.with_name(f".{target.name}.part")
    try:
        for name, data in named.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(data)
        fresh.replace(target)
        shutil.make_archive(str(target), "zip", target.parent, target.name)
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {error.strerror}", "name another folder with -o"
        ) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    say(str(target), "green")
    say(str(archive), "green")
    caution()
    show_next(("bcp claim show",))
    return Exit.OK


def _papers(session: Session, found: Gathered, papers: Papers) -> dict[str, bytes]:
    """Every file of the dossier but the sums."""
    from bcp.page import html, pdf
    from bcp.page.dossier import dossier, letter_document
    from bcp.page.labels import Words

    incident = found.incident
    words = Words(found.office.language)
    made = parts(incident, found.claim, found.now)
    title = _("Claim against {provider}: {title}").format(
        provider=found.claim.party.provider or "______", title=found.claim.party.title
    )
    proof = Proof(found.office.name, f"{incident.id} · {incident.head.hash[:12]}", incident.head.hash[:12])
    document = dossier(made, title, caution_words(), proof, words)
    named = {
        "dossier.pdf": pdf.write([document], words),
        "dossier.html": html.write([document], words).encode(),
        "calculation.json": _json([amount_data(each) for each in found.claim.findings]),
        "deadlines.ics": ics(found.claim.deadlines, incident.id, found.now),
    }
    try:
        letter = letter_of(found, papers.language, papers.verified)
    except InputError as refused:
        say(_("Without a letter: {why}").format(why=refused.message), "bold yellow")
        say(f"  → {refused.hint}")
    else:
        named["letter.txt"] = letter.text().encode()
        spoken = Words(letter.language)
        named["letter.pdf"] = pdf.write([letter_document(letter, found.office.name, spoken)], spoken)
    record = gather_record(session, found.book, mask=False)
    record[export.SUMS] = export.sums(record)
    return {**named, **{f"record/{name}": data for name, data in record.items()}}


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()

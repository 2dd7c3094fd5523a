"""What is proven of an incident that comes from elsewhere, when it was taken over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bcp.event import Row, unseal
from bcp.i18n import _
from bcp.incident.events.record import RecordCovered
from bcp.incident.events.registry import read
from bcp.incident.evidence import export
from bcp.incident.evidence.bundle import Bundle
from bcp.incident.evidence.proof import last_line

_OF_ITSELF = (export.JOURNAL, export.MANIFEST, export.README, export.VERIFIER)


def proof_of(bundle: Bundle, rows: Sequence[Row]) -> str:
    """One line, of a journal that was checked: no head from outside was compared yet."""
    return last_line(0, len(rows), (), _not_covered(bundle, rows))


def _not_covered(bundle: Bundle, rows: Sequence[Row]) -> Iterator[str]:
    """The files that no event vouches for; journal.txt is not used, it is written anew from the journal."""
    known = next((read(unseal(row)) for row in reversed(rows) if row.kind == RecordCovered.KIND), None)
    hashes = known.files if isinstance(known, RecordCovered) else {}
    for name in bundle.names:
        if name not in (*_OF_ITSELF, export.JOURNAL_TEXT) and hashes.get(name) != bundle.hash(name):
            yield name
    if bundle.is_signed:
        yield _("the signature, which was not checked")

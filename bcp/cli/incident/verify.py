"""`verify`: walks the chain, compares it with an anchor, and brings journal.txt back in step."""

from __future__ import annotations

import re

from bcp.app.session import Session
from bcp.cli.incident.show import none_yet
from bcp.cli.terminal.output import say, show, show_json
from bcp.errors import ChainBroken, Exit, InputError
from bcp.event import Row, checked, unseal
from bcp.i18n import _
from bcp.incident.journal import STARTED, of_kind

_HEAD = re.compile("[0-9a-f]{8,64}")


def verify(session: Session, asked: str | None, kind: str, head: str | None, as_json: bool) -> int:
    """Prove one journal, or all of a kind. Raises ChainBroken at the first event that does not hold.

    With `head`, an anchor from outside, it also raises ChainBroken where no journal holds that hash.
    """
    anchor = _anchor(head)
    streams = [asked] if asked else of_kind(session.log.streams(STARTED), kind)
    if not streams:
        say(none_yet(kind))
    results = [_one(session, session.book(stream, kind).incident.id, anchor) for stream in streams]
    if anchor and not any(result["anchored"] for result in results):
        which = (
            f"the journal of {results[0]['id']} does not hold" if len(results) == 1 else "no journal holds"
        )
        raise ChainBroken(
            f"{which} the head {head}",
            "its end was cut off or written anew since that head was printed; keep a copy of the database as it is",
        )
    if as_json:
        show_json(results)
        return Exit.OK
    for result in results:
        anchored = _("and the end is the anchored one") if result["anchored"] else _("end not anchored")
        if result["anchored_at"] and result["anchored_at"] != result["events"]:
            anchored = _("anchored up to event {number}").format(number=result["anchored_at"])
        words = _("{id}: whole up to event {events}, {anchored}")
        show(words.format(id=result["id"], events=result["events"], anchored=anchored))
        show(_("    head {head}").format(head=result["head"]))
        if result["journal_txt_rebuilt"]:
            show(_("    journal.txt differed from the journal and was written anew"))
    return Exit.OK


def _anchor(head: str | None) -> str:
    """The hash that was asked for. Raises InputError for what is none, or too short to mean one event alone."""
    anchor = (head or "").strip().lower()
    if head is not None and not _HEAD.fullmatch(anchor):
        raise InputError(
            f'"{head}" is no head: 8 to 64 digits and letters from a to f',
            "copy it from a sheet, a report, a stamp or the manifest of an export",
        )
    return anchor


def _one(session: Session, stream: str, anchor: str) -> dict[str, object]:
    rows: list[Row] = list(checked(session.log.rows(stream)))
    at = next((row.seq for row in rows if row.hash.startswith(anchor)), None) if anchor else None
    rebuilt = session.mend_record(unseal(row) for row in rows)
    return {
        "id": stream,
        "whole": True,
        "events": len(rows),
        "head": rows[-1].hash,
        "anchored": at is not None,
        "anchored_at": at,
        "journal_txt_rebuilt": rebuilt,
    }

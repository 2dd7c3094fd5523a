"""`verify`: walks the chain, compares it with an anchor, and brings journal.txt back in step."""

from __future__ import annotations

from bcp.cli.console import say, show, show_json
from bcp.cli.showing import none_yet
from bcp.cli.wiring import Session
from bcp.errors import ChainBroken, Exit
from bcp.event import Row, checked, unseal
from bcp.incident.book import STARTED, of_kind
from bcp.tongue import _


def verify(session: Session, asked: str | None, kind: str, head: str | None, as_json: bool) -> int:
    """Prove one journal, or all of a kind. Raises ChainBroken at the first event that does not hold."""
    streams = [asked] if asked else of_kind(session.log.streams(STARTED), kind)
    if not streams:
        say(none_yet(kind))
    results = [_one(session, session.book(stream, kind).incident.id, head) for stream in streams]
    if as_json:
        show_json(results)
        return Exit.OK
    for result in results:
        anchored = _("and the end is the anchored one") if result["anchored"] else _("end not anchored")
        words = _("{id}: whole up to event {events}, {anchored}")
        show(words.format(id=result["id"], events=result["events"], anchored=anchored))
        show(_("    head {head}").format(head=result["head"]))
        if result["journal_txt_rebuilt"]:
            show(_("    journal.txt differed from the journal and was written anew"))
    return Exit.OK


def _one(session: Session, stream: str, head: str | None) -> dict[str, object]:
    rows: list[Row] = list(checked(session.log.rows(stream)))
    anchored = head is not None and any(row.hash.startswith(head.lower()) for row in rows)
    if head is not None and not anchored:
        raise ChainBroken(
            f"the journal of {stream} does not hold the head {head}",
            "its end was cut off or written anew since that head was printed; keep a copy of the database as it is",
        )
    rebuilt = session.mend_record(unseal(row) for row in rows)
    return {
        "id": stream,
        "whole": True,
        "events": len(rows),
        "head": rows[-1].hash,
        "anchored": anchored,
        "journal_txt_rebuilt": rebuilt,
    }

"""That nothing was found in the notices, kept for as long as it holds: no letter can have become another since.

What the rules find depends on the files of the office, and on the next update that a letter would name, which moves on
by half hours. Only that nothing was found is kept: a finding may name a contact, and contacts lie in their files alone.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.app.derived import find_derived, keep_derived
from bcp.app.notice.files import hash_of_files
from bcp.app.session import Session
from bcp.notice.text.next_update import next_update

FILE = "notices-reviewed.json"


def clean_count(session: Session, notice: str | None) -> int | None:
    """How many notices were read, where nothing was found in them and would be now; None where that is not known."""
    told = find_derived(session, FILE).get(_key(hash_of_files(session.folder), notice))
    try:
        if told is None or told["next_update"] != _next_update(session, told["zone"]):
            return None
        return int(told["count"])
    except (KeyError, TypeError, ValueError, OSError):
        return None


def keep_clean(session: Session, notice: str | None, *, hash_: str, count: int, zone: str) -> None:
    """Keep that nothing was found in so many notices, in an office whose files had that hash before and after."""
    if hash_ != hash_of_files(session.folder):
        return
    still = {key: told for key, told in find_derived(session, FILE).items() if key.startswith(f"{hash_} ")}
    told = {"count": count, "zone": zone, "next_update": _next_update(session, zone)}
    keep_derived(session, FILE, {**still, _key(hash_, notice): told}, makes_folder=True)


def _key(hash_: str, notice: str | None) -> str:
    return f"{hash_} {notice or ''}"


def _next_update(session: Session, zone: str) -> str:
    moment: datetime = next_update(session.clock.now(), ZoneInfo(zone))
    return moment.isoformat()

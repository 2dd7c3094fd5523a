"""Which letters of a frozen sending can still be written anew."""

from __future__ import annotations

from bcp.notice.campaign.outbox import CALL, GONE, NONE, RESERVE, SAME_ADDRESS, LetterDraft, LetterRow, waits


def may_be_renewed(row: LetterRow, draft: LetterDraft | None) -> bool:
    """Whether a letter can be written anew as `draft`, or taken back where there is none: it waits or stands in
    reserve, it shares another one, or it failed at an address that is not the draft's.
    """
    if row.key.channel in (NONE, CALL):
        return False
    if waits(row) or (row.state == "suppressed" and row.reason in (RESERVE, GONE)):
        return True
    if draft is None:
        return False
    shares = row.state == "suppressed" and row.reason.startswith(SAME_ADDRESS)
    return shares or (row.state == "failed" and draft.address.casefold() != row.address.casefold())

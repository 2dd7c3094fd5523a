"""What somebody asks of a sending, as it was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """A notice to an audience: by which channels (all, if none), when there is news again, `RULE=reason` pairs.

    `again` is a new sending, also to those who had this one.
    """

    notice: str
    audience: str
    channels: Sequence[str] = ()
    next_update: str | None = None
    overrule: Sequence[str] = ()
    again: bool = False

"""What one look into the mailbox brought: how many of each kind, and what somebody has to hear of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bcp.notice.inbox.opting_out import OptOut
from bcp.notice.inbox.reading import StrangeMail


@dataclass
class Sorted:
    """What one look into the mailbox brought; `automatic` counts those to `look` at, too."""

    bounces: int = 0
    late: int = 0
    replies: int = 0
    automatic: int = 0
    look: int = 0
    requests: int = 0
    copies: int = 0
    others: int = 0
    """Nothing to do with letters of ours."""
    strange: int = 0
    """Mails that could not be read, and those that say something without proof."""
    unproven: list[str] = field(default_factory=list)
    """Contacts of whom a mail says that they cannot be reached, without naming a letter of ours."""
    left_aside: list[StrangeMail] = field(default_factory=list)
    """Mails that could not be read; they are among the `strange` ones."""
    opted_out: list[OptOut] = field(default_factory=list)
    fetched: int = 0
    """Bytes."""
    looked_at: int = 0
    left: int = 0
    """Older mails that the next look fetches."""
    since: datetime | None = None
    """How far back the first look went; None for a later one."""

"""What a check of a record proves and what not, in one line: the last of every verification."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bcp.i18n import _


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that somebody else has: it proves that nothing up to `event` was written anew since it was given away.

    `by` says how and when it was given away; `is_of_files` that it stands for all files beside the journal, too;
    `is_dated` that somebody else says when.
    """

    event: int
    by: str
    is_of_files: bool = False
    is_dated: bool = False


def highest(anchors: Iterable[Anchor]) -> int:
    """The last event that an anchor stands for; 0 without any."""
    return max((anchor.event for anchor in anchors), default=0)


def last_line(faults: int, events: int, anchors: Sequence[Anchor], not_covered: Iterable[str]) -> str:
    """`consistent in itself; anchored at event 34 by …; not covered: …`, of a journal of so many events."""
    if faults:
        return _("DOES NOT HOLD (faults: {count}). Nothing is proven").format(count=faults)
    parts = [_("consistent in itself")]
    at = highest(anchors)
    if at:
        by = ", ".join(anchor.by for anchor in anchors if anchor.event == at)
        words = _("anchored at event {event} by {by}: nothing up to there was written anew since then")
        parts.append(words.format(event=at, by=by))
        dated = [anchor for anchor in anchors if anchor.is_dated]
        if dated and highest(dated) < at:
            last = max(dated, key=lambda anchor: anchor.event)
            parts.append(_("and at event {event} by {by}").format(event=last.event, by=last.by))
        if at < events:
            parts.append(_("NOT proven: the events from {first} to {last}").format(first=at + 1, last=events))
    else:
        words = _(
            "NOT proven: that its {count} events were not written anew as a whole or cut off at the end (no anchor)"
        )
        parts.append(words.format(count=events))
    parts.append(_("not covered: {list}").format(list=", ".join(not_covered) or _("nothing")))
    return "; ".join(parts)

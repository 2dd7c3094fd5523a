"""What a running incident writes into its sheet; a blank sheet has none of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bcp.page.blocks import MarkBlock


@dataclass(frozen=True, slots=True)
class Filled:
    """What a running incident writes into the sheet; a blank sheet has none of it."""

    start: datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    """Of the facts, what the computer found itself; people may say otherwise."""
    finders: frozenset[str] = frozenset()
    """The ids of the steps in which a computer finds out, and does not ask."""
    marks: Mapping[str, MarkBlock] = field(default_factory=dict)
    measures: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By the id of its step, the clock times at which it was switched on and off."""
    log: tuple[tuple[str, str, str], ...] = ()
    """When, what, and who."""
    promises: tuple[tuple[str, ...], ...] = ()
    """When it was said, by whom, what, by when, and whether it was kept."""
    answers: Mapping[str, MarkBlock] = field(default_factory=dict)
    """What was decided, by decision: the answer as its outcome, when, and by whom."""
    improvements: tuple[str, ...] = ()
    lead: str = ""
    title: str = ""
    head: str = ""
    """The first digits of the journal's last hash: by it the copy can be verified."""

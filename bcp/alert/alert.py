"""Alert: something that people have to hear at once, with all that it takes to say it, now or late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from bcp.event import moment, stamp

AlertKind = Literal["down", "warning", "inconclusive", "up", "news", "test"]
KINDS: tuple[str, ...] = get_args(AlertKind)
BAD: tuple[AlertKind, ...] = ("down", "warning", "inconclusive")
"""What lasts until an `up` ends it."""
_MOMENTS = ("since", "at")


@dataclass(frozen=True, slots=True)
class Alert:
    """What is to be told. An `id` is the same for the same thing, so that what is found twice is told once.

    `about` is what a `down` and its `up` have in common (`check web`); nothing for what stands by itself. `since` is
    when it began, `at` when it was seen. `cause` is what is wrong in plain words, where a diagnosis knows it, `reason`
    what was seen, `todo` the one thing to do next: a command, or words. `text` holds the words of news,
    or more advice. A `reminder` says once more what was told before.
    """

    id: str
    kind: AlertKind
    title: str
    since: datetime
    at: datetime
    about: str = ""
    reason: str = ""
    cause: str = ""
    todo: str = ""
    text: str = ""
    reminder: bool = False

    def as_data(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), **{name: stamp(getattr(self, name)) for name in _MOMENTS}}


def read_alert(data: Mapping[str, Any]) -> Alert:
    """What `as_data` wrote. Raises ValueError, TypeError or LookupError for anything else."""
    words = {name: data[name] for name in Alert.__slots__}
    if words["kind"] not in KINDS or not isinstance(words["reminder"], bool):
        raise ValueError("a kind of alert that is never written")
    texts = (value for name, value in words.items() if name != "reminder")
    if not all(isinstance(value, str) for value in texts):
        raise TypeError("no text")
    return Alert(**{**words, **{name: moment(words[name]) for name in _MOMENTS}})

"""What a watch is handed: its plan, where it keeps what it sees, and whom it tells what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from bcp.check.duty import Duty
from bcp.check.grace import MINUTE
from bcp.check.model import Check
from bcp.check.network_path import References
from bcp.check.notifier import Told
from bcp.check.round import Outcome
from bcp.check.span import Spans
from bcp.probe.base import Shared


def _nobody(_words: str) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """What the office's files say about watching; an edit of them is taken up.

    `zone` is whose hours count, `alive` the address of a dead man's switch: a healthchecks-style page that is fetched
    every minute. `references` stand for the internet.
    """

    checks: Mapping[str, Check]
    zone: ZoneInfo
    alive: str | None = None
    references: References = field(default_factory=References)


@dataclass(frozen=True)
class Wiring:
    """What a watch is handed: where its plan comes from, where spans go, and whom to tell what.

    `load` may raise SourceError; `files` are those whose change means loading again. `told` gets what changed, with a
    diagnosis where something went down; `reminded` gets what is still not up; `say` gets a line for whoever reads the
    terminal or the log; `bug` gets what a round of looks or a duty ended with that it must not end with. `alert` gets
    what people must hear of the watch itself, `first_words` are such sentences to begin with.

    `untold` is what the watch before saw and did not live to tell: there is such a thing, if only nothing, where it was
    killed. Then there is a grace of so many seconds. `hung_up` is called when the terminal of the watch was closed.
    """

    load: Callable[[], WatchPlan]
    files: Callable[[], Iterable[Path]]
    spans: Spans
    shared: Shared
    told: Told
    reminded: Callable[[Outcome], None]
    say: Callable[[str], None]
    bug: Callable[[BaseException], None]
    duties: Sequence[Duty] = ()
    alert: Callable[[str], None] = _nobody
    first_words: Sequence[str] = ()
    untold: Sequence[Outcome] | None = None
    grace: float = MINUTE
    hung_up: Callable[[], None] = lambda: None

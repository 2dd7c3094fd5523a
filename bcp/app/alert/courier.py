"""The courier of a watch: a thread that tells people what waits as soon as it is due, and delays no look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Event, Thread

from bcp.alert.alert import Alert
from bcp.app.alert.post import AlertPost
from bcp.app.session import Session
from bcp.check.notifier import carefully
from bcp.office.model import Office

_LONGEST = 60.0
"""Seconds after which it looks anyway: another process may have left something."""
_PATIENCE = 15.0
"""Seconds that a way may hang before the others are looked after again."""
LAST_WORDS = 0.6
"""Seconds that the end waits; what is not told by then is kept, and told by the next watch or pass."""


class Courier:
    """Keeps alerts at once and tells them in a thread of its own."""

    def __init__(
        self, session: Session, office: Callable[[], Office], say: Callable[[str], None],
        guarded: Callable[[Callable[[], None]], Callable[[], None]],
    ) -> None:  # fmt: skip
        """`session` is for its thread alone; a bug in it goes to what `guarded` makes of a deed."""
        self._post = AlertPost(session, office, say)
        self._clock, self._say = session.clock, say
        self._wakes, self._is_over = Event(), False
        self._deliver = guarded(self._look_after)
        self._wait = 0.0
        self._thread = Thread(target=self._run, daemon=True, name="courier")

    def start(self) -> None:
        """Begin with what an earlier process left."""
        self._thread.start()

    def keep(self, alerts: Iterable[Alert]) -> None:
        """Keep alerts; they are told soon after `wake`."""
        self._post.keep(alerts)

    def wake(self) -> None:
        """There is something to tell."""
        self._wakes.set()

    def end(self, patience: float = LAST_WORDS) -> None:
        """Tell what can be told within `patience` seconds; the rest is kept."""
        self._is_over = True
        self._wakes.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _run(self) -> None:
        is_last = False
        while not is_last:
            self._wakes.wait(self._wait)
            self._wakes.clear()
            # What was kept while it told something else is told once more before the end.
            is_last = self._is_over
            self._wait = _LONGEST
            carefully(self._deliver, self._say)

    def _look_after(self) -> None:
        due = self._post.deliver(_PATIENCE)
        if due is not None:
            ahead = (due - self._clock.now()).total_seconds()
            self._wait = min(max(ahead, 0.2), _LONGEST)

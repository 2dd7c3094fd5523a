"""A time of day before that of T0: a slip of the pen, or one of the next day. Nobody but the person knows."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from bcp.errors import InputError
from bcp.fact import Place
from bcp.i18n import _
from bcp.times import is_clock, is_to_come, next_clock, parse_clock

_NEXT_DAY = timedelta(hours=12)
"""A night that began at 22:00 goes on at 1:30; after so long a time of day may as well be a slip."""


class BeforeStart(InputError):
    """A time of day before that of T0; `next_day` is what to type where the next day is meant, if that can be."""

    def __init__(self, typed: str, start: datetime, coming: datetime, now: datetime, command: str) -> None:
        """`start` is in the zone of the office; `coming` is when the clock shows `typed` next.

        `command` puts T0 right, with `{time}` in it; none where it is not known which.
        """
        day = coming.astimezone(start.tzinfo)
        self.next_day = "" if is_to_come(coming, now) else f"{day:%Y-%m-%d %H:%M}"
        if self.next_day:
            words = _('"{typed}" is before T0 ({start}): a slip, or the next day?')
            hint = _("the next day is typed with it: {time}").format(
                time=f"{day.day}.{day.month}. {day:%H:%M}"
            )
        else:
            words = _('"{typed}" is before T0 ({start})')
            hint = _("look at the paper again")
            if command:
                earlier = command.format(time=f"{start:%Y-%m-%d} {parse_clock(typed):%H:%M}")
                hint = _("look at the paper again; is T0 too late? Ctrl-C, then: {command}").format(
                    command=earlier
                )
        super().__init__(words.format(typed=typed, start=f"{start:%H:%M}"), hint)


def refuse_before_start(text: str, opened_at: datetime, place: Place, command: str) -> None:
    """Raises BeforeStart for a time of day that may be a slip of the pen: the clock showed it before T0.

    `command` puts T0 right, with `{time}` in it.
    """
    zone = place.zone
    said, start = text.strip(), opened_at.replace(second=0, microsecond=0).astimezone(zone)
    if not is_clock(said):
        return
    # What is no time at all is told by whoever reads it.
    with suppress(ValueError):
        coming = next_clock(parse_clock(said), start, zone)
        if coming.astimezone(zone).date() != start.date() and coming - start > _NEXT_DAY:
            raise BeforeStart(said, start, coming, place.now, command)

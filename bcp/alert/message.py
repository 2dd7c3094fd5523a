"""What one recipient gets of the alerts that wait for him: one message for what belongs together, in their order.

1. What began and is over by the time that a way works is one message with its span: "was down 07:50-08:31".
2. Of what lasts, the last word counts: a reminder, or another state, takes the place of what waits before it.
3. What several checks came to at once is one message that lists them; other news comes one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.alert.alert import BAD, Alert
from bcp.alert.short import MOST, cut, length, shortened
from bcp.i18n import _, ngettext
from bcp.times import local, local_clock

_LEAST_VERDICT = 20
"""So many letters of a verdict say something."""


@dataclass(frozen=True, slots=True)
class AlertMessage:
    """One message: the ids of the alerts that it tells, its short form, and the whole text below that."""

    alerts: tuple[str, ...]
    short: str
    body: str

    @property
    def key(self) -> str:
        """The same for the same message, so that a gateway can refuse a double."""
        return self.alerts[-1] if len(self.alerts) == 1 else f"{self.alerts[-1]}+{len(self.alerts)}"

    @property
    def text(self) -> str:
        """The short form with the rest below it."""
        return f"{self.short}\n\n{self.body}" if self.body else self.short


@dataclass
class _Thing:
    """What waits about one thing: an `up` for what was told before, what is over, and what lasts."""

    back: Alert | None = None
    over: list[tuple[Alert, Alert]] = field(default_factory=list)
    first: Alert | None = None
    last: Alert | None = None
    all: list[Alert] = field(default_factory=list)

    def take(self, alert: Alert) -> None:
        self.all.append(alert)
        if alert.kind == "warning" and self.first is not None and self.first.kind != "warning":
            # It works again, and wants something all the same.
            self.over.append((self.first, alert))
            self.first = self.last = alert
        elif alert.kind in BAD:
            is_worse = self.first is None or (alert.kind == "down" and self.first.kind != "down")
            self.first, self.last = alert if is_worse else self.first, alert
        elif self.first is None:
            self.back = alert
        else:
            self.over.append((self.first, alert))
            self.first = self.last = None


@dataclass(frozen=True, slots=True)
class _Said:
    """A message under way: where its last alert stood, and the words of a list of several."""

    order: int
    message: AlertMessage
    item: str = ""
    cause: str = ""
    todo: str = ""
    is_back: bool = False


def messages(waiting: Sequence[Alert], zone: ZoneInfo, now: datetime) -> list[AlertMessage]:
    """The messages that tell all of `waiting`, which is in the order in which it was seen."""
    place = {alert.id: number for number, alert in enumerate(waiting)}
    things: dict[str, _Thing] = {}
    alone: list[_Said] = []
    for alert in waiting:
        if alert.about:
            things.setdefault(alert.about, _Thing()).take(alert)
        else:
            alone.append(_Said(place[alert.id], _news(alert)))
    told = [_said(thing, place, lambda at: local_clock(at, zone, now), zone) for thing in things.values()]
    told.sort(key=lambda each: each.order)
    checks = told if len(told) < 2 else [_list(told)]
    return [each.message for each in sorted([*alone, *checks], key=lambda each: each.order)]


def _news(alert: Alert) -> AlertMessage:
    head, _newline, _rest = alert.text.strip().partition("\n")
    return AlertMessage((alert.id,), shortened(head, todo=_next(alert.todo)), alert.text)


def _said(thing: _Thing, place: dict[str, int], clock: Callable[[datetime], str], zone: ZoneInfo) -> _Said:
    """What is to be said of one thing."""
    last, ids = thing.all[-1], tuple(alert.id for alert in thing.all)
    items: list[str] = []
    is_back = thing.back is not None and not thing.over and thing.last is None
    if is_back and thing.back is not None:
        head = _("UP AGAIN {time} {title}").format(time=clock(thing.back.since), title=thing.back.title)
        short, items = shortened(head, thing.back.reason), [head]
    else:
        items += [_over(thing.over, clock)] if thing.over else []
        items += [_open(thing.last, clock)] if thing.last is not None else []
        todo = _next(thing.last.todo) if thing.last is not None else ""
        cause = thing.last.cause if thing.last is not None else thing.over[-1][0].cause
        head = _headed(cause, "; ".join(items), "", todo)
        short = shortened(head, (thing.last or thing.over[-1][0]).reason, todo)
    body = "\n\n".join(_whole(alert, zone) for alert in thing.all)
    lasting = thing.last or thing.all[0]
    todo = lasting.todo if thing.last is not None else ""
    item = "; ".join(items)
    return _Said(place[last.id], AlertMessage(ids, short, body), item, lasting.cause, todo, is_back)


def _open(alert: Alert, clock: Callable[[datetime], str]) -> str:
    words = {
        "down": _("STILL DOWN since {time} {title}") if alert.reminder else _("DOWN {time} {title}"),
        "warning": _("WARNING {time} {title}"),
        "inconclusive": _("NOT KNOWN since {time} {title}"),
    }
    return words[alert.kind].format(time=clock(alert.since), title=alert.title)


def _over(spans: Sequence[tuple[Alert, Alert]], clock: Callable[[datetime], str]) -> str:
    """What was not well and is over: its span, or how often it was so and the whole of it."""
    (first, _end), (_begin, last) = spans[0], spans[-1]
    times = {"title": last.title, "begin": clock(first.since), "end": clock(last.since)}
    if len(spans) > 1:
        many = ngettext(
            "{title} was not well {count} time {begin}–{end}, now up",
            "{title} was not well {count} times {begin}–{end}, now up",
            len(spans),
        )
        return many.format(count=len(spans), **times)
    words = {
        "down": _("{title} was down {begin}–{end}, now up"),
        "warning": _("{title} had a warning {begin}–{end}, now well"),
        "inconclusive": _("{title} was not known {begin}–{end}, now up"),
    }
    return words[first.kind].format(**times)


def _list(told: Sequence[_Said]) -> _Said:
    """Many things at once as one message: what they have in common first."""
    causes = {each.cause for each in told if not each.is_back}
    cause = causes.pop() if len(causes) == 1 else ""
    todos = [each.todo for each in told if each.todo]
    todo = next((each for each in todos if each.startswith("bcp incident")), todos[0] if todos else "")
    head = _("{count} checks").format(count=len(told))
    head = _headed(cause, head, f": {told[0].item}...", _next(todo))
    ids = tuple(alert for each in told for alert in each.message.alerts)
    listed = "; ".join(each.item for each in told)
    body = "\n\n".join(each.message.body for each in told)
    message = AlertMessage(ids, shortened(head, listed, _next(todo)), body)
    return _Said(told[-1].order, message)


def _whole(alert: Alert, zone: ZoneInfo) -> str:
    """All that is known of one alert, for who has room to read it."""
    lines = [
        f"{alert.title}: {alert.kind}: {alert.reason}",
        _("Since: {time}").format(time=local(alert.since, zone)),
        _("Seen: {time}").format(time=local(alert.at, zone)) if alert.at != alert.since else "",
        _("Cause: {cause}").format(cause=alert.cause) if alert.cause else "",
        alert.text,
        _("Next step: {command}").format(command=alert.todo) if alert.todo else "",
    ]
    return "\n".join(filter(None, lines))


def _next(todo: str) -> str:
    """The next step in short: a command whole, of advice its first sentence."""
    first = todo if todo.startswith("bcp ") else todo.partition(". ")[0].rstrip(".")
    return _("Next: {command}").format(command=first) if first else ""


def _headed(cause: str, words: str, behind: str, todo: str) -> str:
    """The verdict before the words. Where both do not fit, it is cut: of what it is said must be there to read."""
    if not cause:
        return words
    room = MOST - length(f": {words}{behind}. {todo}")
    return f"{cut(_upper(cause), room) if room >= _LEAST_VERDICT else _upper(cause)}: {words}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]

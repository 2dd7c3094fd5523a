"""Requests to a web server of ours, with the patience that it asks for, and a sentence for each way of failing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bcp.errors import StepFailed, Unreachable, Unsure
from bcp.i18n import _
from bcp.lever.place.base import BY_HAND, PlaceEnv
from bcp.outside import HttpResponse, Request
from bcp.times import say_duration

MOST = 8 * 1024 * 1024
"""A page is read whole or not at all: written back with its end cut off it would be lost."""

_PATIENCE = timedelta(minutes=1)
_TRIES = 4
_READS = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND"})
_MOVED = frozenset({301, 302, 303, 307, 308})


def send(reach: PlaceEnv, request: Request) -> HttpResponse:
    """The server's answer, below 500 and no redirection; a short pause that it asks for is made (RFC 9110, 10.2.3).

    Raises Unreachable where nothing answers, Unsure where a write may have taken effect, StepFailed where it did not.
    """
    answer = reach.world.request(request)
    for _try in range(1, _TRIES):
        pause = _asked_pause(answer, reach.clock.now())
        if pause is None or pause > _PATIENCE or _may_be_done(answer, request):
            break
        reach.clock.sleep(pause.total_seconds())
        answer = reach.world.request(request)
    return _judged(answer, request, reach)


def _judged(answer: HttpResponse, request: Request, reach: PlaceEnv) -> HttpResponse:
    is_read = request.method in _READS
    if answer.status is None:
        if is_read or not answer.sent:
            raise Unreachable(answer.trouble, BY_HAND)
        raise Unsure(answer.trouble, BY_HAND)
    if answer.status == 429:
        pause = _asked_pause(answer, reach.clock.now())
        when = _("for {length}").format(length=say_duration(pause)) if pause else _("for a while")
        words = _("the server wants to be left alone {when} (429); nothing was changed").format(when=when)
        raise StepFailed(words, "try again then")
    if answer.status == 507:
        words = _("the disk of the server is full (507); nothing was changed")
        raise StepFailed(words, "make room there, or ask the host")
    if answer.status >= 500:
        words = _("the server answered {status}").format(status=answer.status)
        raise (Unreachable if is_read else Unsure)(words, BY_HAND)
    if answer.status in _MOVED:
        words = _("the server sends us on to {target}")
        target = answer.headers.get("location", "?")
        raise StepFailed(words.format(target=target), "correct the address in bcp.yaml")
    if answer.cut:
        raise StepFailed(_("what stands there is too long to be read whole, so it was left alone"), BY_HAND)
    return answer


def _may_be_done(answer: HttpResponse, request: Request) -> bool:
    """Whether a write may have taken effect: a proxy says 503 also for a server that did it and did not answer."""
    return answer.status == 503 and request.method not in _READS


def _asked_pause(answer: HttpResponse, now: datetime) -> timedelta | None:
    """How long the server asks us to wait; None where it does not."""
    if answer.status not in (429, 503):
        return None
    return retry_after(answer.headers, now)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """`Retry-After` as a length: seconds, or a date."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said), 10**6))
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(timedelta(0), moment.astimezone(UTC) - now)

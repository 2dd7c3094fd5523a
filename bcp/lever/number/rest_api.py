"""Asks the interface of a provider as its author wrote it down, and says in plain words what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from bcp.clock import Clock
from bcp.errors import StepFailed, Unreachable, Unsure
from bcp.i18n import _
from bcp.lever.number.rest_calls import RestCall
from bcp.lever.number.rest_words import Filling, can_be_sent, holds
from bcp.outside import HttpResponse, Request, Signing, World

_TRIES = 3
_PAUSE = 2.0
_LONGEST_PAUSE = 20.0
_TOO_MANY = 429
_MOST = 1024 * 1024
_TO_READ, _TO_CHANGE = 10.0, 30.0
"""Seconds: what is read is asked for again."""
_WORDS = 200

BY_HAND = (
    "do it on the provider's website, as the step says by hand, and mend the way of this number in bcp.yaml"
)


@dataclass(frozen=True, slots=True)
class RestAccount:
    """The door to one account: what each request carries, and what each answer must show (`success`)."""

    world: World
    clock: Clock
    filling: Filling
    headers: Mapping[str, str] = field(default_factory=dict)
    login: tuple[str, str] | None = None
    signed: Signing | None = None
    success: Mapping[str, Any] = field(default_factory=dict)

    def read(self, call: RestCall, nothing: tuple[int, ...] = ()) -> Any:
        """The whole answer as JSON; None for a status of `nothing`. Asked again where that may help.

        Raises StepFailed where it was refused or cannot be read.
        """
        request = self._request(call, _TO_READ)
        answer = self._patient(request, harmless=True)
        if answer.status in nothing:
            return None
        _refuse(answer, request)
        try:
            found = json.loads(answer.raw)
        except (ValueError, RecursionError):
            words = _("the answer of {host} cannot be read").format(host=_host(request))
            raise StepFailed(words, BY_HAND) from None
        if not can_be_sent(found):
            words = _("the answer of {host} holds what could not be sent back")
            raise StepFailed(words.format(host=_host(request)), BY_HAND)
        self._see_success(found, answer, request)
        return found

    def change(self, call: RestCall) -> None:
        """Change something, once. Raises Unsure where it may have been done, StepFailed where it was not."""
        request = self._request(call, _TO_CHANGE)
        answer = self._patient(request, harmless=False)
        _refuse(answer, request)
        if self.success:
            self._see_success(answer.json_object(), answer, request)

    def missing(self, call: RestCall) -> str:
        """In a rehearsal: what would stand in the way, such as a secret that is not there."""
        return self.world.request(self._request(call, _TO_READ)).trouble

    def _request(self, call: RestCall, timeout: float) -> Request:
        made = call.request(self.filling)
        headers = {name: self.filling.text(value) for name, value in self.headers.items()}
        return replace(
            made,
            headers={**headers, **made.headers},
            login=self.login,
            signed=self.signed,
            timeout=timeout,
            most=_MOST,
        )

    def _patient(self, request: Request, harmless: bool) -> HttpResponse:
        answer = self.world.request(request)
        for _again in range(1, _TRIES):
            may_help = answer.sent and harmless and (answer.status or 500) >= 500
            if answer.rehearsed or (not may_help and answer.status != _TOO_MANY):
                break
            self.clock.sleep(_pause(answer))
            answer = self.world.request(request)
        return answer

    def _see_success(self, found: Any, answer: HttpResponse, request: Request) -> None:
        if not holds(found, self.success):
            words = _("{host} refuses it: {words}")
            raise StepFailed(words.format(host=_host(request), words=answer.text[:_WORDS]), BY_HAND)


def _refuse(answer: HttpResponse, request: Request) -> None:
    """Nothing for an answer that says yes. Raises StepFailed for a no, Unsure where nobody knows."""
    host, status = _host(request), answer.status
    if status is None:
        words = answer.trouble or _("nothing was asked, because this is a rehearsal")
        kind = Unsure if answer.sent else StepFailed if answer.rehearsed else Unreachable
        raise kind(f"{host}: {words}", BY_HAND)
    if 200 <= status < 300:
        return
    if status >= 500:
        words = _("{host} answers with its own trouble ({status}), so nobody knows whether it was done")
        raise Unsure(words.format(host=host, status=status), BY_HAND)
    words = _cause(status)
    told = " ".join(answer.text.split())[:_WORDS]
    raise StepFailed(words.format(host=host, status=status, words=told), BY_HAND)


def _cause(status: int) -> str:
    causes: dict[int, str] = {
        401: _("{host} does not accept the login ({status}): {words}"),
        403: _("the login at {host} may not do that ({status}): {words}"),
        404: _("{host} does not know this line or number ({status}): {words}"),
        429: _("{host} is asked too much at once ({status})"),
    }
    if 300 <= status < 400:
        return _("{host} sends us to another address ({status}): correct the address in bcp.yaml")
    return causes.get(status, _("{host} refuses it ({status}): {words}"))


def _host(request: Request) -> str:
    try:
        return urlsplit(str(request.url)).hostname or _("the provider")
    except ValueError:
        return _("the provider")


def _pause(answer: HttpResponse) -> float:
    """How long the provider wants to be left alone (RFC 9110, 10.2.3), within what a person waits for."""
    said = answer.headers.get("retry-after", "")
    return min(float(said), _LONGEST_PAUSE) if said.isdecimal() else _PAUSE

"""How a request signs in where the server says how it wants it: with Digest (RFC 7616), else with Basic (RFC 7617)."""

from __future__ import annotations

from collections.abc import Generator

import httpx

_UNKNOWN = (RuntimeError, KeyError, ValueError, httpx.ProtocolError)
"""What httpx raises for a Digest that it cannot make, such as `qop=auth-int`, or for a challenge that is none."""


class AskedLogin(httpx.Auth):
    """The login of one user at one server; what that server wants is kept for the requests that follow.

    Without encryption nothing is told before the server says what it wants: where that is Digest, the password itself
    never goes over the line. With encryption Basic is sent at once, which saves a request.
    """

    def __init__(self, user: str, password: str) -> None:
        """Nothing is asked before the first request."""
        self._basic = httpx.BasicAuth(user, password)
        self._digest = httpx.DigestAuth(user, password)
        self._wants_basic = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request, and once more with what the server asks for."""
        if self._wants_basic or request.url.scheme == "https":
            next(self._basic.auth_flow(request))
        if self._wants_basic:
            yield request
            return
        flow = self._digest.auth_flow(request)
        asking = next(flow)
        while True:
            response = yield asking
            try:
                asking = flow.send(response)
            except StopIteration:
                break
            except _UNKNOWN:
                break
        challenge = response.headers.get("www-authenticate", "").lower()
        is_told = "authorization" in request.headers
        if response.status_code == 401 and "basic" in challenge and not is_told:
            self._wants_basic = True
            yield next(self._basic.auth_flow(request))

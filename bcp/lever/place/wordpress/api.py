"""WordpressApi: what is asked of a WordPress site through its REST API, with an application password.

WordPress REST API Handbook (developer.wordpress.org/rest-api), "Pages", "Posts", "Authentication"; application
passwords came with WordPress 5.6. The addresses with `rest_route` work on every site, with pretty permalinks or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place.base import PlaceEnv
from bcp.lever.place.web import MOST, firewall, refused_before, send
from bcp.lever.place.wordpress import refusal
from bcp.lever.place.wordpress.refusal import RefusingSite
from bcp.outside import HttpResponse, Request

_TIMEOUT = 20.0
_ME = "users/me&context=edit"
_INDEX = "/&_fields=authentication,url,home"


@dataclass(frozen=True, slots=True)
class WordpressApi:
    """A site, and who we are there; `password` is the reference to the secret."""

    reach: PlaceEnv
    site: str
    user: str
    password: str

    def ask(self, method: str, route: str, payload: Any = None, lacking: tuple[int, ...] = ()) -> Any:
        """What WordPress answers below `/wp/v2/`, from JSON; None for a status of `lacking`.

        Raises StepFailed with the cause where it refuses, Unreachable or Unsure as `send` does.
        """
        answer = self._sent(method, f"/wp/v2/{route}", payload)
        if answer.status in lacking:
            return None
        if answer.status not in (200, 201):
            raise StepFailed(*self._why(answer, route))
        if not answer.raw.lstrip().startswith((b"{", b"[")) and firewall(
            answer
        ):  # its own page, and called fine
            raise StepFailed(*refused_before(answer))
        with self.shape():
            return json.loads(answer.raw)

    def capabilities(self) -> Mapping[str, bool] | None:
        """What our user may do; None where the site hides its users, also from themselves."""
        me = self.ask("GET", _ME, lacking=(404,))
        with self.shape():
            return None if me is None else dict(me["capabilities"])

    def public(self, url: str) -> bytes:
        """The page at a public address as a stranger gets it; nothing where it cannot be had."""
        answer = self.reach.world.request(Request("GET", url, timeout=_TIMEOUT, most=MOST, follow=True))
        return answer.raw if answer.status == 200 else b""

    @contextmanager
    def shape(self) -> Iterator[None]:
        """What is read inside has the form that WordPress gives it, or it is no WordPress."""
        try:
            yield
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            words = _("{site} does not answer as WordPress does").format(site=self.site)
            raise StepFailed(words, "correct site: in bcp.yaml") from None

    def _sent(self, method: str, route: str, payload: Any = None, *, known: bool = True) -> HttpResponse:
        login = (self.user, self.password) if known else None
        url = f"{self.site}/?rest_route={route}"
        return send(self.reach, Request(method, url, json=payload, timeout=_TIMEOUT, login=login, most=MOST))

    def _why(self, answer: HttpResponse, route: str) -> tuple[str, str]:
        """Why it refuses, and what to do; where it does not know us, what it says of itself tells why."""
        me = answer
        if route != _ME and answer.status in (400, 401, 403):
            # What a stranger may not even ask for is a "bad request" to WordPress; this says who we are to it.
            me = self._sent("GET", f"/wp/v2/{_ME}")
        is_known = me.status == 200 or (me is not answer and me.status == 404)
        index = self._index() if me.status == 401 and not is_known else None
        return refusal.why(answer if is_known else me, RefusingSite(self.site, self.user, index))

    def _index(self) -> HttpResponse:
        """What the site says of itself to a stranger; without a status where it says nothing."""
        try:
            return self._sent("GET", _INDEX, known=False)
        except StepFailed:
            return HttpResponse(None)

"""http: one request; sent again only where its author says that repeating does no harm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bcp.action.base import Action, Deed, Done, Failed, Loc, Tools
from bcp.fact_template import fill, mentions
from bcp.i18n import _
from bcp.outside import HttpResponse, Request
from bcp.secret_text import Sendable, each_leaf, in_url, written
from bcp.yaml.shape import Shape
from bcp.yaml.source import json_value
from bcp.yaml.types import SomeDuration, Text

_TRIES = 3
_PAUSE = 2.0


def _url(value: Any) -> Any:
    said = str(value).strip()
    if not re.match(r"https?://[^\s/]", said):
        raise ValueError(f'expected an address that begins with https:// or http://, not "{said}"')
    return said


Url = Annotated[
    str,
    BeforeValidator(_url),
    Shape(r"^\s*https?://[^\s/]", "an address that begins with https:// or http://"),
]
Json = Annotated[Any, BeforeValidator(json_value)]


class Http(Action):
    """Send one HTTP request."""

    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = Field(
        default="GET", description="how it is asked"
    )
    url: Url = Field(
        examples=["https://example.org/api"],
        description="where the request goes; a fact is written {fact:name}",
    )
    headers: dict[Text, Text] = Field(
        default_factory=dict, description="headers of the request; a secret by reference"
    )
    body: Json = Field(default=None, alias="json", description="the body, sent as JSON")
    ok: list[int] = Field(
        default_factory=lambda: [200, 201, 202, 204],
        min_length=1,
        description="the answers that are right; 200, 201, 202, 204 where nothing is said",
    )
    timeout: SomeDuration = Field(default=timedelta(seconds=10), description="how long one try may take")
    repeatable: bool = Field(default=False, description="yes: a second time does no harm")

    def describe(self) -> str:
        """The request, secrets left as references."""
        return _("Send {method} {url}").format(method=self.method, url=self.url)

    def texts(self) -> tuple[tuple[Loc, str], ...]:
        """The URL, the header values and the texts in the body."""
        headers = ((("headers", name), value) for name, value in self.headers.items())
        return ((("url",), self.url), *headers, *_leaves(("json",), self.body))

    def is_repeatable(self) -> bool:
        """As its author says; reading is always harmless (RFC 9110, 9.2.1)."""
        return self.repeatable or self.method in ("GET", "HEAD")

    def length(self) -> timedelta:
        """The time-out of all tries."""
        return self.timeout * (_TRIES if self.is_repeatable() else 1)

    def run(self, tools: Tools) -> Deed:
        """Send it; a status outside `ok` is a failure, and one that may have arrived is unsure."""
        if _leads_up(self.url, tools.facts):
            return Failed(_("a fact would lead to another address, so nothing was sent"))
        encoded = {name: in_url(value) for name, value in tools.facts.items()}
        request = Request(
            self.method,
            written(self.url, lambda piece: fill(piece, encoded)),
            {name: _sent(value, tools.facts) for name, value in self.headers.items()},
            each_leaf(self.body, lambda text: _sent(text, tools.facts)),
            self.timeout.total_seconds(),
        )
        answer = tools.world.request(request)
        for _again in range(1, _TRIES if self.is_repeatable() else 1):
            if answer.rehearsed or answer.status in self.ok or (answer.status or 500) < 500:
                break
            tools.clock.sleep(_PAUSE)
            answer = tools.world.request(request)
        return self._judge(answer)

    def _judge(self, answer: HttpResponse) -> Deed:
        evidence = {"request": f"{self.method} {self.url}", "status": answer.status, "answer": answer.text}
        if answer.rehearsed and not answer.trouble:
            return Done(note="rehearsed, not sent", evidence=evidence)
        if answer.trouble:
            return Failed(answer.trouble, evidence, unsure=answer.sent)
        if answer.status not in self.ok:
            expected = " or ".join(str(status) for status in self.ok)
            return Failed(f"the server answered {answer.status} instead of {expected}", evidence)
        return Done(evidence=evidence)


def _leaves(loc: Loc, value: Any) -> tuple[tuple[Loc, str], ...]:
    if isinstance(value, str):
        return ((loc, value),)
    if isinstance(value, Mapping):
        return tuple(leaf for key, each in value.items() for leaf in _leaves((*loc, key), each))
    if isinstance(value, list):
        return tuple(leaf for index, each in enumerate(value) for leaf in _leaves((*loc, index), each))
    return ()


def _sent(text: str, facts: Mapping[str, str]) -> Sendable:
    return written(text, lambda piece: fill(piece, facts))


def _leads_up(url: str, facts: Mapping[str, str]) -> bool:
    """Whether a fact is a part of the path that leads out of its folder; such parts cannot be encoded."""
    return any(facts.get(name) in (".", "..") for name in mentions(url))


Kind = Http

"""http: a web page answers, with the right status and the right words, and fast enough."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bcp.host_name import web_address
from bcp.i18n import _
from bcp.office.proxy import ProxyOrNo
from bcp.probe.base import Attempt, Remote, Result, Shared
from bcp.probe.http_answer import FetchedPage, unreadable
from bcp.probe.http_client import fetch
from bcp.probe.trouble import Trouble
from bcp.yaml.keyed import fail, told
from bcp.yaml.types import ONE_OR_MORE, Line, Secret, Text, WebAddress

Status = Annotated[int, Field(ge=100, le=599)]
_OF_A_WAY = frozenset({403, 502, 503, 504})
"""Answers that a proxy on the way gives as well, and that need not be those of the page."""
_TURNED_AWAY = frozenset({403, 406, 999})


class Http(Remote):
    """A web address answers as it should."""

    url: WebAddress = Field(description="what to fetch", examples=["https://www.example.com/"])
    method: Literal["GET", "HEAD"] = Field(default="GET", description="HEAD: the page itself is not fetched")
    status: Annotated[list[Status], ONE_OR_MORE] = Field(
        default=[],
        description="the answer that is right, or a list of them; any from 200 to 299 where nothing is said",
        examples=[204],
    )
    text: Text | None = Field(
        default=None,
        description="words that must be in the page, as somebody reads it: without tags, any white space as one space",
        examples=["Our work"],
    )
    not_text: Annotated[list[Text], ONE_OR_MORE] = Field(
        default=[],
        description="words that must not be in the page, or a list of them",
        examples=["[database connection, Fatal error]"],
    )
    case: Literal["exact", "ignore"] = Field(
        default="exact", description="whether capital and small letters differ in text and not_text"
    )
    json_values: dict[Line, Line] = Field(
        default={},
        alias="json",
        description="values that a JSON answer must hold, by their path",
        examples=["{database.connected: true}"],
    )
    redirects: Literal["follow", "never"] = Field(
        default="follow", description="what to do when the page has moved", examples=["never"]
    )
    slower_than_ms: int | None = Field(
        default=None, ge=1, description="count it as down when the answer takes longer", examples=[1500]
    )
    headers: dict[Line, Line] = Field(
        default={}, examples=["{Accept-Language: pl}"], description="headers of the request"
    )
    authorization: Secret | None = Field(
        default=None,
        description="where the value of the Authorization header is kept",
        examples=["env:SHOP_TOKEN"],
    )
    trust: Line | None = Field(
        default=None,
        description="a file with the certificates to trust instead",
        examples=["certs/router.pem"],
    )
    proxy: ProxyOrNo | None = Field(
        default=None,
        description="the proxy to fetch it through, or no; that of bcp.yaml where nothing is said",
        examples=["no"],
    )

    @model_validator(mode="after")
    def _has_a_page(self) -> Http:
        wanted = [name for name, value in self._of_the_page() if value]
        if self.method == "HEAD" and wanted:
            words = f"HEAD brings no page, so nothing can be found in it: {wanted[0]} needs GET"
            fail("Http", [told(("method",), words, "leave method out")])
        return self

    def _of_the_page(self) -> Iterable[tuple[str, object]]:
        return (("text", self.text), ("not_text", self.not_text), ("json", self.json_values))

    def describe(self) -> str:
        """One line: what is fetched, and what must come back."""
        wanted = [str(number) for number in self.status]
        wanted += [f"“{self.text}”"] if self.text else []
        wanted += [_("no “{text}”").format(text=text) for text in self.not_text]
        wanted += [f"{path} = {value}" for path, value in self.json_values.items()]
        if not wanted:
            return _("fetch {url}").format(url=self.url)
        return _("fetch {url} and see {wanted}").format(url=self.url, wanted=", ".join(wanted))

    def targets(self) -> tuple[str, ...]:
        """The host that this looks at."""
        return (str(web_address(self.url).hostname),)

    async def see(self, attempt: Attempt) -> Result:
        """Fetch the page and compare it with what is wanted."""
        began = attempt.shared.clock.monotonic()
        page = await fetch(
            attempt,
            self.url,
            method=self.method,
            headers=self._headers(attempt),
            tls=attempt.shared.tls_trusting(self.trust) if self.trust else None,
            want_body=any(value for _name, value in self._of_the_page()),
            follow=self.redirects == "follow",
            proxy=self.proxy,
        )
        took = attempt.shared.clock.monotonic() - began
        evidence = {"status": page.status, "url": page.url, "address": page.address}
        wrong = self._wrong(page, took)
        if wrong:
            return Result("down", wrong, took, evidence)
        told = _("{url} answers {status}").format(url=self.url, status=page.status)
        if self.not_text and (page.is_cut or page.is_broken):
            told = _("{told}; only its beginning was read").format(told=told)
        return Result("up", told, took, evidence)

    async def look(self, shared: Shared) -> Result:
        """Look once; where nobody could be reached directly, and this computer usually takes a proxy, that is said."""
        found = await super().look(shared)
        if (
            found.state != "down"
            or found.evidence
            or self.proxy
            or shared.proxy
            or shared.interface(self.via)
        ):
            return found
        from bcp.probe.system_proxy import proxy_of_this_computer

        proxy = proxy_of_this_computer(web_address(self.url))
        if not proxy:
            return found
        words = _(
            "{why}. This computer is set to use the proxy {proxy}, the checks are not: "
            "name it in bcp.yaml (internet: proxy:)"
        )
        return replace(found, reason=words.format(why=found.reason, proxy=proxy))

    def _headers(self, attempt: Attempt) -> Mapping[str, str | bytes]:
        if self.authorization is None:
            return self.headers
        return {**self.headers, "Authorization": attempt.shared.secret(self.authorization).encode()}

    def _wrong(self, page: FetchedPage, took: float) -> str:
        """What is not as it should be, in plain words; nothing if all is well."""
        if not (page.status in self.status if self.status else 200 <= page.status <= 299):
            return self._wrong_status(page)
        wrong = self._wrong_words(page) if self.text or self.not_text else ""
        if wrong:
            return wrong
        document = _json_of(page) if self.json_values else None
        for path, value in self.json_values.items():
            found = _at(document, path)
            if not _is_equal(found, value):
                return _("{path} is {found}, not {value}").format(path=path, found=_shown(found), value=value)
        if self.slower_than_ms and took * 1000 > self.slower_than_ms:
            return _("the answer took {took} ms, more than {limit} ms").format(
                took=round(took * 1000), limit=self.slower_than_ms
            )
        return ""

    def _wrong_status(self, page: FetchedPage) -> str:
        told = _("{url} answers {status}").format(url=self.url, status=page.status)
        if page.proxy and page.status in _OF_A_WAY:
            words = _("{told} through the proxy {proxy}, which may say that itself")
            return words.format(told=told, proxy=page.proxy)
        if page.status in _TURNED_AWAY and not any(name.lower() == "user-agent" for name in self.headers):
            words = _(
                "{told}: it may turn away programs that it does not know; if a browser sees the page, "
                "add headers: {example}"
            )
            return words.format(told=told, example="{User-Agent: Mozilla/5.0}")
        return told

    def _wrong_words(self, page: FetchedPage) -> str:
        from bcp.probe.page_words import wrong_words

        return wrong_words(page, self.text, self.not_text, ignores_case=self.case == "ignore")


def _json_of(page: FetchedPage) -> Any:
    from bcp.probe.page_text import decoded

    if page.packing:
        raise unreadable(page)
    if page.is_cut:
        raise Trouble(_("the answer is too long to be read as JSON"))
    # By its header; else by itself, for JSON in UTF-16 needs no mark.
    for text in (decoded(page.body, page.headers.get("content-type", "")), page.body):
        with suppress(ValueError, RecursionError):
            return json.loads(text, parse_float=Decimal)
    raise Trouble(_("the answer is not JSON"))


def _at(document: Any, path: str) -> Any:
    """The value at `path` (`a.b.0`) of a JSON page."""
    value = document
    for name in path.split("."):
        match value:
            case dict() if name in value:
                value = value[name]
            case list() if name.isdecimal() and int(name) < len(value):
                value = value[int(name)]
            case _:
                raise Trouble(_("the answer has no {path}").format(path=path))
    return value


def _shown(value: Any) -> str:
    """A value as JSON writes it; text without its quotes."""
    return (
        str(value)
        if isinstance(value, str | Decimal)
        else json.dumps(value, ensure_ascii=False, default=float)
    )


def _is_equal(found: Any, wanted: str) -> bool:
    """Whether a value is the wanted one: numbers by what they are worth, all else as it is written."""
    if isinstance(found, int | float | Decimal) and not isinstance(found, bool):
        with suppress(InvalidOperation):
            return Decimal(found) == Decimal(wanted)
    return _shown(found) == wanted


Kind = Http

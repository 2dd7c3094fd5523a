"""http: a web page answers, with the right status and the right words, and fast enough."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bcp.host_name import web_address
from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result, one_or_more
from bcp.probe.http_client import FetchedPage, fetch
from bcp.probe.trouble import Trouble
from bcp.yaml.types import Line, Secret, Text, WebAddress

Status = Annotated[int, Field(ge=100, le=599)]


class Http(Remote):
    """A web address answers as it should."""

    url: WebAddress = Field(description="what to fetch", examples=["https://www.example.com/"])
    method: Literal["GET", "HEAD"] = "GET"
    status: Annotated[list[Status], BeforeValidator(one_or_more)] = Field(
        default=[],
        description="the answer that is right, or a list of them; any from 200 to 299 where nothing is said",
        examples=[204],
    )
    text: Text | None = Field(
        default=None, description="words that must be in the page", examples=["Our work"]
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
    headers: dict[Line, Line] = Field(default={}, examples=["{Accept-Language: pl}"])
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

    def describe(self) -> str:
        """One line: what is fetched, and what must come back."""
        wanted = [str(number) for number in self.status]
        wanted += [f"“{self.text}”"] if self.text else []
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
            want_body=bool(self.text or self.json_values),
            follow=self.redirects == "follow",
        )
        took = attempt.shared.clock.monotonic() - began
        evidence = {"status": page.status, "url": page.url, "address": page.address}
        wrong = self._wrong(page, took)
        if wrong:
            return Result("down", wrong, took, evidence)
        return Result(
            "up", _("{url} answers {status}").format(url=self.url, status=page.status), took, evidence
        )

    def _headers(self, attempt: Attempt) -> Mapping[str, str | bytes]:
        if self.authorization is None:
            return self.headers
        return {**self.headers, "Authorization": attempt.shared.secret(self.authorization).encode()}

    def _wrong(self, page: FetchedPage, took: float) -> str:
        """What is not as it should be, in plain words; nothing if all is well."""
        if not (page.status in self.status if self.status else 200 <= page.status <= 299):
            return _("{url} answers {status}").format(url=self.url, status=page.status)
        if self.text and self.text not in page.body.decode(errors="replace"):
            return _("the page does not say “{text}”").format(text=self.text)
        for path, value in self.json_values.items():
            found = _at(page, path)
            if found != value:
                return _("{path} is {found}, not {value}").format(path=path, found=found, value=value)
        if self.slower_than_ms and took * 1000 > self.slower_than_ms:
            return _("the answer took {took} ms, more than {limit} ms").format(
                took=round(took * 1000), limit=self.slower_than_ms
            )
        return ""


def _at(page: FetchedPage, path: str) -> str:
    """The value at `path` (`a.b.0`) of a JSON page, written as JSON writes it; text without its quotes."""
    if page.is_cut:
        raise Trouble(_("the answer is too long to be read as JSON"))
    try:
        value = json.loads(page.body)
    except (ValueError, RecursionError):
        raise Trouble(_("the answer is not JSON")) from None
    for name in path.split("."):
        match value:
            case dict() if name in value:
                value = value[name]
            case list() if name.isdecimal() and int(name) < len(value):
                value = value[int(name)]
            case _:
                raise Trouble(_("the answer has no {path}").format(path=path))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


Kind = Http

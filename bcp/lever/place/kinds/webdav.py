"""webdav: files on a web server that takes them (PUT and MOVE), such as the web space of a host, Nextcloud or nginx.

RFC 4918. A page is put beside and then moved over the old one, so nobody ever reads a half of it; the move is made only
if the old one still has the ETag that it had when it was read (the header `If`, 10.4), where the server has ETags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator, Field

from bcp.errors import StepFailed, Unsure
from bcp.i18n import _
from bcp.lever.place.base import (
    BESIDE,
    BY_HAND,
    TRIAL,
    TRIAL_CONTENT,
    PageCopy,
    PlaceDriver,
    PlaceEnv,
    changed,
    insist,
)
from bcp.lever.place.web import MOST, send
from bcp.outside import HttpResponse, Request
from bcp.yaml.types import Line, Secret

_TIMEOUT = 30.0
_STORED = (200, 201, 204)
"""What servers answer to a PUT or a DELETE that they did."""


def _folder(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError(f'expected the address of a folder, such as https://dav.example/www/, not "{text}"')
    return text.rstrip("/") + "/"


class Webdav(PlaceDriver):
    """Put files there."""

    url: Annotated[Line, AfterValidator(_folder)] = Field(
        description="the folder of the site at the server", examples=["https://dav.host.example/www/"]
    )
    user: Line | None = Field(default=None, examples=["kropka"])
    password: Secret | None = Field(default=None, examples=["keyring:webspace"])

    def describe(self) -> str:
        """Which folder, as whom."""
        return f"Write to {self.url}" + (f" as {self.user}" if self.user else "") + " (WebDAV)"

    def secrets(self) -> tuple[str, ...]:
        """The password."""
        return (self.password,) if self.password else ()

    def fetch(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """The file, with its ETag."""
        # Packed, it would be another thing with another ETag (Apache adds "-gzip"), which no MOVE would be made for.
        answer = self._ask(reach, "GET", page, (200, 404), headers={"Accept-Encoding": "identity"})
        if answer.status == 404:
            return None
        return PageCopy(answer.raw, answer.headers.get("etag", ""))

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Put it beside, look once more, move it over the old one."""
        beside = page + BESIDE
        self._ask(reach, "PUT", beside, _STORED, content=content)
        try:
            now = self.fetch(reach, page)
            insist(now, was, page)
            self._move(reach, beside, page, now)
        except Unsure:  # it may be under way: nothing more is done to it
            raise
        except StepFailed:
            with suppress(StepFailed):  # why it lies beside is the news, not that it stayed
                self._ask(reach, "DELETE", beside, _STORED)
            raise

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Put a small file of another name, move it, take it away."""
        self._ask(reach, "PUT", TRIAL + BESIDE, _STORED, content=TRIAL_CONTENT)
        self._move(reach, TRIAL + BESIDE, TRIAL, None)
        self._ask(reach, "DELETE", TRIAL, _STORED)
        return [f"a file can be put to {self.url}, moved and taken away"]

    def _move(self, reach: PlaceEnv, beside: str, page: str, was: PageCopy | None) -> None:
        """Raises Changed where the server itself says that the old page is another one now."""
        target = self.url + quote(page)
        headers = {"Destination": target, "Overwrite": "T"}
        if was is not None and was.mark and not was.mark.startswith("W/"):
            headers["If"] = f"<{target}> ([{was.mark}])"
        moved = self._ask(reach, "MOVE", beside, (201, 204, 412), headers=headers)
        if moved.status == 412:
            raise changed(page)

    def _ask(
        self,
        reach: PlaceEnv,
        method: str,
        page: str,
        good: tuple[int, ...],
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> HttpResponse:
        """What the server answers. Raises StepFailed for another status than a `good` one."""
        login = (self.user, self.password) if self.user and self.password else None
        request = Request(
            method,
            self.url + quote(page),
            headers or {},
            timeout=_TIMEOUT,
            login=login,
            content=content,
            most=MOST,
        )
        answer = send(reach, request)
        if answer.status not in good:
            raise StepFailed(*_why(answer, self.user))
        return answer


def _why(answer: HttpResponse, user: str | None) -> tuple[str, str]:
    """Why the server refuses, and what to do."""
    who = user or _("a visitor")
    words = {
        401: _("the server does not take the password of {user}"),
        403: _("the server does not let {user} write there"),
        404: _("there is no such folder at the server"),
        405: _("the server takes no files there (WebDAV is not switched on)"),
        409: _("there is no such folder at the server"),
        413: _("the file is too large for the server"),
        423: _("somebody else has locked the page at the server"),
    }
    said = words.get(answer.status or 0, _("the server answered {status}"))
    filled = said.format(user=who, status=answer.status)
    return _("{why}; nothing was changed").format(why=f"{filled} ({answer.status})"), BY_HAND


Kind = Webdav

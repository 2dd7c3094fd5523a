"""webdav: files on a web server that takes them (PUT and MOVE), such as the web space of a host, Nextcloud or nginx.

RFC 4918. A page is put beside, read back, and then moved over the old one, so nobody ever reads a half of it; the move
is made only if the old one still has the ETag that it had when it was read (the header `If`, 10.4), where the server
has ETags. nginx has them and does not heed that header: a trial finds it out and says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Annotated
from urllib.parse import quote, unquote

from pydantic import AfterValidator, Field

from bcp.errors import StepFailed, Unreachable, Unsure
from bcp.i18n import _
from bcp.lever.place.base import (
    BY_HAND,
    Advice,
    PageCopy,
    PlaceEnv,
    insist,
)
from bcp.lever.place.beside import beside, folder_of, is_left, trial_content
from bcp.lever.place.file_way import FileWay
from bcp.lever.place.web import MOST, send
from bcp.outside import HttpResponse, Request
from bcp.yaml.types import Line, Secret

_TIMEOUT = 30.0
_STORED = (200, 201, 204)
"""What servers answer to a PUT, a MOVE or a DELETE that they did."""
_LIST = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>'
_HREF = re.compile(r"<(?:\w+:)?href\b[^>]*>([^<]*)<", re.IGNORECASE)
_WANTS_TLS = re.compile(r"plain http|http request to an https|ssl-enabled", re.IGNORECASE)
"""What nginx, Apache and Go say to somebody who speaks without encryption where they expect it."""


def _folder(text: str) -> str:
    scheme, colon, rest = text.partition("://")
    meant = {"davs": "https", "webdavs": "https", "dav": "http", "webdav": "http"}.get(scheme.lower())
    if meant:
        raise ValueError(f'write "{meant}{colon}{rest}": that is how {scheme}:// goes over the line')
    if not text.startswith(("https://", "http://")):
        raise ValueError(f'expected the address of a folder, such as https://dav.example/www/, not "{text}"')
    return text.rstrip("/") + "/"


class Webdav(FileWay):
    """Put files there."""

    url: Annotated[Line, AfterValidator(_folder)] = Field(
        description="the folder of the site at the server", examples=["https://dav.host.example/www/"]
    )
    user: Line | None = Field(default=None, examples=["kropka"], description="who signs in")
    password: Secret | None = Field(
        default=None, examples=["keyring:webspace"], description="where the password is kept"
    )

    def describe(self) -> str:
        """Which folder, as whom."""
        return f"Write to {self.url}" + (f" as {self.user}" if self.user else "") + " (WebDAV)"

    def secrets(self) -> tuple[str, ...]:
        """The password."""
        return (self.password,) if self.password else ()

    def advice(self) -> Sequence[Advice]:
        """Without encryption it works, and others may read the password."""
        if self.password is None or not self.url.startswith("http://"):
            return ()
        words = _(
            "there is no encryption: everybody on the way can read what is written, and mostly the password"
        )
        return [Advice("url", words, "write https:// in url:, if the server has it")]

    def get(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """The file, with its ETag."""
        # Packed, it would be another thing with another ETag (Apache adds "-gzip"), which no MOVE would be made for.
        answer = self._ask(reach, "GET", page, (200, 404), headers={"Accept-Encoding": "identity"})
        if answer.status == 404:
            return None
        return PageCopy(answer.raw, answer.headers.get("etag", ""))

    def put_over(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Put it beside, look once more, move it over the old one."""
        # Where a folder cannot be listed (nginx), only the same name again finds what a broken-off write has left.
        waits = beside(page, reach, content)
        self._sweep(reach, page, but=waits)
        try:
            self._put(reach, waits, content)
            now = self.get(reach, page)
            insist(now, was, page)
            self._replace(reach, waits, page, now)
        except Unsure:  # it may be under way: nothing more is done to it
            raise
        except StepFailed:
            self._drop(reach, waits)
            raise

    def take_away(self, reach: PlaceEnv, page: str) -> None:
        """Delete the file."""
        self._ask(reach, "DELETE", page, _STORED)

    def try_files(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Put two files beside the page, move the one over the other, as it is done to the page; take them away."""
        page = page or "index.html"
        here = self.get(reach, page)
        old, new = trial_content(page), trial_content(page, len(here.content) if here else 0)
        twin, waits = beside(page, reach, b"twin"), beside(page, reach, b"fresh twin")
        self._sweep(reach, page)
        try:
            self._put(reach, twin, old)
            was = self.get(reach, twin)
            self._put(reach, waits, new)
            self._replace(reach, waits, twin, was)
            self._insist_on(reach, twin, new)
            doubts = [*reach.witness(twin), *self._unbound(reach, waits, twin, here)]
        except StepFailed:
            self._drop(reach, waits)
            self._drop(reach, twin)
            raise
        self._drop(reach, waits)
        self._ask(reach, "DELETE", twin, _STORED)
        folder = f"{self.url}{'' if folder_of(page) == '.' else folder_of(page) + '/'}"
        return [
            _("a file can be put to {url}, moved over another and taken away").format(url=folder),
            *doubts,
        ]

    def _put(self, reach: PlaceEnv, name: str, content: bytes) -> None:
        """Raises StepFailed also where the server took it and kept another thing, such as the first part of it."""
        self._ask(reach, "PUT", name, _STORED, content=content)
        self._insist_on(reach, name, content)

    def _insist_on(self, reach: PlaceEnv, name: str, content: bytes) -> None:
        kept = self.get(reach, name)
        if kept is not None and kept.content == content:
            return
        if kept is not None and content.startswith(kept.content):
            words = _("the server kept only {count} of {all} bytes").format(
                count=len(kept.content), all=len(content)
            )
            hint = "ask the host how large a file may be"
        elif kept is not None and b"<?php" in content and b"<?php" not in kept.content:
            words = _("at this address the server runs the page instead of handing it out")
            hint = "ask the host for the WebDAV address, where files are read as they are"
        else:
            words = _("the server does not hand out what was put there")
            hint = "look whether the address in bcp.yaml is that of the files themselves"
        raise StepFailed(_("{why}; nothing was changed").format(why=words), hint)

    def _replace(self, reach: PlaceEnv, waits: str, page: str, now: PageCopy | None) -> None:
        """Move what waits over the page. Raises Changed where the page is another one since `now`."""
        is_bound = now is not None and _is_strong(now.mark)
        status = self._move(reach, waits, page, now.mark if now and is_bound else "")
        if status != 412:
            return
        insist(self.get(reach, page), now, page)
        # Nobody changed it: the server understands the condition in another way, or never moves over a file.
        if not is_bound or self._move(reach, waits, page, "") == 412:
            words = _("the server moves no file over another one (412); nothing was changed")
            raise StepFailed(words, BY_HAND)

    def _move(self, reach: PlaceEnv, waits: str, page: str, mark: str) -> int:
        target = self.url + quote(page)
        headers = {"Destination": target, "Overwrite": "T"}
        if mark:
            headers["If"] = f"<{target}> ([{mark}])"
        try:
            return self._ask(reach, "MOVE", waits, (*_STORED, 412), headers=headers).status or 0
        except Unsure as error:
            if not error.message.endswith(" 502"):  # RFC 4918, 9.9.4: the target is at another server
                raise
            words = _(
                "{why}: to it {url} may be the address of another server, as where a proxy before it ends the "
                "encryption"
            )
            hint = "ask the host to let it know (Apache: RequestHeader edit Destination ^https: http: early)"
            raise Unsure(words.format(why=error.message, url=self.url), hint) from None

    def _unbound(self, reach: PlaceEnv, waits: str, twin: str, here: PageCopy | None) -> Iterator[str]:
        """What is to be said where the server would not see that somebody else changed the page in that second."""
        is_marked = here is None or _is_strong(here.mark)
        self._ask(reach, "PUT", waits, _STORED, content=trial_content(twin))
        # No file has this mark, so a server that heeds the condition moves nothing.
        if not is_marked or self._move(reach, waits, twin, '"bcp-of-no-file"') != 412:
            yield _(
                "this server does not notice if somebody else saves the page in the very second in which it is "
                "written"
            )

    def _sweep(self, reach: PlaceEnv, page: str, but: str = "") -> None:
        """Take away what broken-off writes of this office left beside the page, where the server lists its files."""
        folder = folder_of(page)
        start = "" if folder == "." else folder + "/"
        with suppress(StepFailed):
            headers = {"Depth": "1", "Content-Type": "application/xml"}
            found = self._ask(reach, "PROPFIND", start, (207,), headers=headers, content=_LIST)
            for href in _HREF.findall(found.raw.decode("utf-8", "replace")):
                name = unquote(href.rstrip("/")).rpartition("/")[2]
                if is_left(name, page, reach) and start + name != but:
                    self._drop(reach, start + name)

    def _drop(self, reach: PlaceEnv, name: str) -> None:
        """Take it away, if that can be done: why it is there is the news, not that it stayed."""
        with suppress(StepFailed):
            self._ask(reach, "DELETE", name, _STORED)

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
            login_as_asked=True,
            content=content,
            most=MOST,
        )
        try:
            answer = send(reach, request)
        except Unreachable as error:
            if "WRONG_VERSION_NUMBER" not in error.message:
                raise
            words = _("the server speaks without encryption at {url}, so nothing was sent").format(
                url=self.url
            )
            raise StepFailed(words, "correct url: in bcp.yaml: another port, or http://") from None
        if answer.status not in good:
            raise StepFailed(*_why(answer, self.user))
        return answer


def _is_strong(mark: str) -> bool:
    """Whether a condition can be bound to this ETag (RFC 4918, 10.4.4): a weak one never holds."""
    return bool(mark) and not mark.startswith("W/")


def _why(answer: HttpResponse, user: str | None) -> tuple[str, str]:
    """Why the server refuses, and what to do."""
    if answer.status == 400 and _WANTS_TLS.search(answer.text):
        return _(
            "the server speaks only with encryption there; nothing was changed"
        ), "write https:// in url: in bcp.yaml"
    who = user or _("a visitor")
    told = {
        401: _refused_login(answer, user),
        403: _("the server does not let {user} write there"),
        404: _("there is no such folder at the server"),
        405: _("the server takes no files there (WebDAV is not switched on)"),
        409: _("there is no such folder at the server"),
        413: _("the file is too large for the server"),
        423: _("somebody else has locked the page at the server"),
    }
    said = told.get(answer.status or 0, _("the server answered {status}"))
    filled = said.format(user=who, status=answer.status)
    return _("{why}; nothing was changed").format(why=f"{filled} ({answer.status})"), BY_HAND


def _refused_login(answer: HttpResponse, user: str | None) -> str:
    """What the server asks for (RFC 9110, 11.6.1), if that is what we cannot give."""
    if user is None:
        return _("the server wants a user and a password, and bcp.yaml names none")
    challenge = answer.headers.get("www-authenticate", "")
    schemes = re.findall(r"(?:^|,)\s*([A-Za-z][\w-]*)(?=\s*(?:$|,|\s[\w+/]))", challenge)
    if not schemes or {"basic", "digest"} & {one.lower() for one in schemes}:
        return _("the server does not take the password of {user}")
    return _("the server wants a login of another kind than ours: {kinds}").format(kinds=", ".join(schemes))


Kind = Webdav

"""heartbeat: something else must have called in lately: a file was written, or a page says when it was.

1. Older than `within` is down; older than `warn_after` is a warning. With `warn_after` alone nothing about its age is
   an outage: an old copy is still a copy.
2. A time that is yet to come is no sign of life: nobody knows when it was given, and it would hide silence until then.
   Two clocks may differ by two minutes; that is said.
3. A time without its zone is read as UTC; where it does not fit, that is said.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pydantic import ConfigDict, Field, model_validator

from bcp.host_name import web_address
from bcp.i18n import _
from bcp.probe.apart import apart
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.http_answer import FetchedPage, unreadable
from bcp.probe.http_client import fetch
from bcp.probe.trouble import Trouble
from bcp.probe.written_time import moment_in
from bcp.times import say_duration
from bcp.yaml.keyed import fail, told
from bcp.yaml.rules import exactly_one, said
from bcp.yaml.types import Line, SomeDuration, WebAddress

SKEW = timedelta(minutes=2)
"""How far two clocks may be apart."""
MOST_ZONES = timedelta(hours=14)
"""How far ahead of UTC a zone may be."""


_BEGINNING, _LINES, _LONGEST = 4096, 20, 64
"""Bytes and lines of a page in which its time stands; letters of a page that says nothing else."""


class Sign(NamedTuple):
    """When a sign of life was given, by its own words, and whether it says in which zone."""

    at: datetime
    says_zone: bool = True


class Heartbeat(Remote):
    """A sign of life of something else, such as the nightly backup, is young enough."""

    model_config = ConfigDict(
        json_schema_extra=exactly_one("file", "url") | {"anyOf": [said("within"), said("warn_after")]}
    )

    file: Line | None = Field(
        default=None, description="a file that is written each time", examples=["backup/last-run"]
    )
    url: WebAddress | None = Field(
        default=None,
        description="a page that says when: as Last-Modified, or as a time in its text",
        examples=["https://nas.example.com/last-backup.txt"],
    )
    within: SomeDuration | None = Field(
        default=None, description="how old it may be; older is an outage", examples=["26h"]
    )
    warn_after: SomeDuration | None = Field(
        default=None, description="from which age on it is a warning", examples=["25h"]
    )

    @model_validator(mode="after")
    def _one_sign(self) -> Heartbeat:
        mistakes = []
        if (self.file is None) == (self.url is None):
            mistakes.append(told((), "expected either file: or url:", "for example: file: backup/last-run"))
        if self.within is None and self.warn_after is None:
            mistakes.append(told((), "within is missing: how old may it be?", "for example: within: 26h"))
        if self.within and self.warn_after and self.warn_after >= self.within:
            words = "warn_after is not shorter than within, so nothing would ever be a warning"
            mistakes.append(told(("warn_after",), words, "make it shorter, or take it away"))
        fail("Heartbeat", mistakes)
        return self

    def describe(self) -> str:
        """One line: whose sign of life, and how old it may be."""
        return _("see that {what} was written within {age}").format(
            what=self.file or self.url, age=say_duration(self._limit)
        )

    @property
    def _limit(self) -> timedelta:
        """The age up to which all is well."""
        limit = self.warn_after or self.within
        assert limit is not None  # one of them is there: see above
        return limit

    def targets(self) -> tuple[str, ...]:
        """The host, where it is a page."""
        return (str(web_address(self.url).hostname),) if self.url else ()

    async def see(self, attempt: Attempt) -> Result:
        """Compare its time with now."""
        try:
            sign = await self._from_page(attempt, self.url) if self.url else await self._from_file(attempt)
        except (FileNotFoundError, NotADirectoryError):
            missing = _("there is no file {file}").format(file=self.file)
            return Result("down" if self.within else "warning", missing)
        now = attempt.shared.clock.now()
        age = now - sign.at
        evidence = {"at": sign.at.isoformat(), "age_seconds": round(age.total_seconds())}
        if age < -SKEW:
            return Result("down" if self.within else "warning", _yet_to_come(-age, sign), evidence=evidence)
        if age < timedelta(0):
            words = _("the last sign of life is 0 s old. Its clock is {ahead} ahead of ours")
            return Result("up", words.format(ahead=say_duration(-age)), evidence=evidence)
        if age <= self._limit:
            words = _("the last sign of life is {age} old")
            return Result("up", words.format(age=say_duration(age)), evidence=evidence)
        reason = _("the last sign of life is {age} old, more than {limit}")
        is_down = self.within is not None and age > self.within
        limit = self.within if is_down and self.within else self._limit
        told = reason.format(age=say_duration(age), limit=say_duration(limit))
        if not sign.says_zone:
            told = f"{told}. {_read_as_utc()}"
        return Result("down" if is_down else "warning", told, evidence=evidence)

    async def _from_file(self, attempt: Attempt) -> Sign:
        """Raises FileNotFoundError."""
        attempt.doing = _("waiting for the file {file}").format(file=self.file)
        path = attempt.shared.office / str(self.file)
        written = await apart(attempt.shared, f"time of {path}", lambda: path.stat().st_mtime)
        return Sign(datetime.fromtimestamp(written, UTC))

    async def _from_page(self, attempt: Attempt, url: str) -> Sign:
        page = await fetch(attempt, url)
        if page.status != 200:
            raise Trouble(_("{url} answers {status}").format(url=url, status=page.status))
        if page.packing:
            raise unreadable(page)
        return _time_in(page)


def _yet_to_come(ahead: timedelta, sign: Sign) -> str:
    """Why a time that lies ahead is no sign of life, and where to look."""
    words = _(
        "no sign of life: its time is yet to come, {ahead} ahead of now. Look at the clock that wrote it, and at ours"
    )
    told = words.format(ahead=say_duration(ahead))
    if sign.says_zone or ahead > MOST_ZONES:
        return told
    return f"{told}. {_read_as_utc()}"


def _read_as_utc() -> str:
    return _("It names no time zone and is read as UTC: let it write the zone, such as 18:05+01:00")


def _time_in(page: FetchedPage) -> Sign:
    """The time that a page tells: the first one in its text, else its Last-Modified."""
    from bcp.probe.page_text import as_seen, decoded, is_markup

    kind = page.headers.get("content-type", "")
    text = decoded(page.body[:_BEGINNING], kind)
    # Of a page for people only what it says alone: there may be any dates on it.
    seen = as_seen(text).strip() if is_markup(text, kind) else None
    lines = text.splitlines()[:_LINES] if seen is None else [seen] if len(seen) <= _LONGEST else []
    told = next(filter(None, map(moment_in, lines)), None) or moment_in(page.headers.get("last-modified", ""))
    if told is None:
        raise Trouble(_("the page does not say when it was written"))
    return Sign(*told)


Kind = Heartbeat

"""heartbeat: something else must have called in lately: a file was written, or a page says when it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pydantic import Field, model_validator

from bcp.host_name import web_address
from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.http_answer import FetchedPage
from bcp.probe.http_client import fetch
from bcp.probe.trouble import Trouble
from bcp.times import say_duration
from bcp.yaml.keyed import fail, told
from bcp.yaml.types import Line, SomeDuration, WebAddress


class Heartbeat(Remote):
    """A sign of life of something else, such as the nightly backup, is young enough."""

    file: Line | None = Field(
        default=None, description="a file that is written each time", examples=["backup/last-run"]
    )
    url: WebAddress | None = Field(
        default=None,
        description="a page that says when: as Last-Modified, or as a time in its text",
        examples=["https://nas.example.com/last-backup.txt"],
    )
    within: SomeDuration = Field(description="how old it may be", examples=["26h"])

    @model_validator(mode="after")
    def _one_sign(self) -> Heartbeat:
        if (self.file is None) == (self.url is None):
            fail(
                "Heartbeat", [told((), "expected either file: or url:", "for example: file: backup/last-run")]
            )
        return self

    def describe(self) -> str:
        """One line: whose sign of life, and how old it may be."""
        return _("see that {what} was written within {age}").format(
            what=self.file or self.url, age=say_duration(self.within)
        )

    def targets(self) -> tuple[str, ...]:
        """The host, where it is a page."""
        return (str(web_address(self.url).hostname),) if self.url else ()

    async def see(self, attempt: Attempt) -> Result:
        """Compare its time with now."""
        now = attempt.shared.clock.now()
        at = await self._from_page(attempt, self.url) if self.url else self._from_file(attempt)
        age = max(now - at, timedelta(0))
        evidence = {"at": at.isoformat(), "age_seconds": round(age.total_seconds())}
        if age > self.within:
            raise Trouble(
                _("the last sign of life is {age} old, more than {limit}").format(
                    age=say_duration(age), limit=say_duration(self.within)
                ),
                evidence=evidence,
            )
        return Result(
            "up", _("the last sign of life is {age} old").format(age=say_duration(age)), evidence=evidence
        )

    def _from_file(self, attempt: Attempt) -> datetime:
        try:
            written = (attempt.shared.office / str(self.file)).stat().st_mtime
        except FileNotFoundError:
            raise Trouble(_("there is no file {file}").format(file=self.file)) from None
        return datetime.fromtimestamp(written, UTC)

    async def _from_page(self, attempt: Attempt, url: str) -> datetime:
        page = await fetch(attempt, url)
        if page.status != 200:
            raise Trouble(_("{url} answers {status}").format(url=url, status=page.status))
        return _time_in(page)


def _time_in(page: FetchedPage) -> datetime:
    """The time that a page tells: its text as ISO 8601 or seconds since 1970, else its Last-Modified."""
    said = page.body[:64].decode(errors="replace").strip()
    told = page.headers.get("last-modified", "")
    for text, read in ((said, _seconds), (said, datetime.fromisoformat), (told, parsedate_to_datetime)):
        try:
            found = read(text)
        except (ValueError, TypeError, OverflowError, OSError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise Trouble(_("the page does not say when it was written"))


def _seconds(text: str) -> datetime:
    return datetime.fromtimestamp(float(text), UTC)


Kind = Heartbeat

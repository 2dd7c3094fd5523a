"""ftp: files on a server that is reached by FTP, encrypted (FTPS) unless bcp.yaml says otherwise: cheap web space.

A page is put beside, read back, and then renamed over the old one, so nobody ever reads a half of it. A server that
renames no file over another one fails in the trial as it would on the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from bcp.errors import StepFailed, Unreachable, Unsure
from bcp.ftp_files import FtpFiles, FtpSecurity, FtpServer
from bcp.i18n import _
from bcp.lever.place.base import BY_HAND, Advice, HostName, PageCopy, PlaceEnv, insist
from bcp.lever.place.beside import beside, folder_of, is_left, trial_content
from bcp.lever.place.file_way import FileWay
from bcp.lever.place.listing import Listed, difference, ends_of_lines, is_a_link, listed, shuts_out
from bcp.lever.place.web import MOST
from bcp.yaml.types import Line, Secret, SomeDuration

_PORT, _PORT_OF_TLS = 21, 990
_OF_A_LINK = 0o644
"""A link is listed with all rights for everybody; a page with these would be open to all, and some servers run none."""


class Ftp(FileWay):
    """Put files there."""

    host: HostName = Field(
        description="the server, by the name that its certificate is for", examples=["ftp.host.example"]
    )
    folder: Line = Field(
        default="/",
        description="the folder of the site, as the FTP account sees it",
        examples=["/public_html"],
    )
    user: Line | None = Field(default=None, examples=["kropka"], description="who signs in")
    password: Secret | None = Field(
        default=None, examples=["keyring:ftp"], description="where the password is kept"
    )
    port: int | None = Field(default=None, ge=1, le=65535, description="21, or 990 with tls: implicit")
    tls: FtpSecurity = Field(
        default="explicit",
        description="explicit: encryption is asked for; implicit: it begins at once; none: everybody on the way reads "
        "the password",
    )
    passive: bool = Field(default=True, description="no: the server connects to us for each file")
    authority: Line | None = Field(
        default=None,
        description="a file of certificates to trust besides the system's",
        examples=["host-ca.pem"],
    )
    timeout: SomeDuration = Field(default=timedelta(seconds=30), description="how long one answer may take")

    def describe(self) -> str:
        """Which folder of which server, as whom, and whether the line is encrypted."""
        how = "FTP WITHOUT ENCRYPTION" if self.tls == "none" else "FTP with encryption"
        return f"Write to {self._where()} ({how})"

    def secrets(self) -> tuple[str, ...]:
        """The password."""
        return (self.password,) if self.password else ()

    def advice(self) -> Sequence[Advice]:
        """Without encryption it works, and others read the password."""
        if self.tls != "none":
            return ()
        return [Advice("tls", self._open_line(), "tls: explicit   (and ask the host for FTPS or SFTP)")]

    def get(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """Get the file."""
        with self._open(reach) as work:
            return work.page(page)

    def put_over(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Put it beside, look once more, rename it over the old one."""
        waits = beside(page, reach)
        with self._open(reach, waits) as work:
            there = work.look(page, sweep=True)
            work.put(waits, content, there)
            insist(work.page(page), was, page)
            try:
                work.files.rename(waits, page)
            except Unsure:  # it may be under way: nothing more is done to it
                work.waiting.clear()
                raise

    def take_away(self, reach: PlaceEnv, page: str) -> None:
        """Remove the file."""
        with self._open(reach) as work:
            work.files.remove(page)

    def try_files(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Put two files beside the page, rename the one over the other as it is done to the page, take it away."""
        is_named, page = page is not None, page or "index.html"
        twin, waits = beside(page, reach), beside(page, reach)
        with self._open(reach, twin, waits) as work:
            here, there = work.page(page), work.look(page, sweep=True)
            new = trial_content(page, len(here.content) if here else 0)
            work.put(twin, trial_content(page), None)
            now = work.put(waits, new, there)
            try:
                work.files.rename(waits, twin)
            except Unsure:
                raise
            except StepFailed as error:
                words = _("the server renames no file over another one, so a page cannot be replaced whole")
                raise StepFailed(f"{words} ({error.message})", BY_HAND) from None
            work.insist_on(twin, new)
            seen = reach.witness(twin)
            work.files.remove(twin)
        told = [
            _("a file can be put to {where}, renamed over another and taken away").format(
                where=self._where()
            ),
            *seen,
        ]
        if is_named and there and there.kind == "l":
            told.append(is_a_link(page))
        elif there and now and (changes := difference(page, there, now)):
            told.append(changes)
        return [*([self._open_line()] if self.tls == "none" else []), *told]

    def _open_line(self) -> str:
        words = _("there is no encryption: everybody on the way to {host} can read the password and use it")
        return words.format(host=self.host)

    @contextmanager
    def _open(self, reach: PlaceEnv, *waiting: str) -> Iterator[_Work]:
        """A session. Where it ends in a failure, what waits is taken away, over another one if need be."""
        server = self._server(reach)
        work: _Work | None = None
        try:
            with closing(reach.world.ftp(server)) as files:
                work = _Work(files, reach, list(waiting))
                yield work
        except StepFailed as failed:
            # Where nothing answers any more, trying once more would only make a person wait: the next use sweeps.
            if work is not None and work.waiting and not isinstance(failed, Unreachable):
                with suppress(StepFailed), closing(reach.world.ftp(server)) as files:
                    _Work(files, reach).sweep(work.waiting)
            raise

    def _server(self, reach: PlaceEnv) -> FtpServer:
        port = self.port or (_PORT_OF_TLS if self.tls == "implicit" else _PORT)
        authority = str(reach.office / Path(self.authority).expanduser()) if self.authority else ""
        return FtpServer(
            self.host,
            port,
            self.folder,
            self.user or "",
            self.password or "",
            self.tls,
            self.passive,
            authority,
            self.timeout.total_seconds(),
        )

    def _where(self) -> str:
        return f"{self.user}@{self.host}:{self.folder}" if self.user else f"{self.host}:{self.folder}"


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done in one session; `waiting` are the files beside the page that a failure may leave there."""

    files: FtpFiles
    reach: PlaceEnv
    waiting: list[str] = field(default_factory=list)

    def page(self, page: str) -> PageCopy | None:
        """A page; None where the folder has none of that name."""
        found = self.files.read(page, MOST)
        return None if found is None else PageCopy(found)

    def look(self, page: str, *, sweep: bool = False) -> Listed | None:
        """How the page is listed, where the server lists as most do; what was left beside it is taken away."""
        text = self.files.listing(folder_of(page))
        folder, slash, own = page.rpartition("/")
        if sweep:
            left = (name for name in ends_of_lines(text) if is_left(name, page, self.reach))
            self.sweep([folder + slash + name for name in left])
        return next((one for one in listed(text) if one.name == own), None)

    def put(self, name: str, content: bytes, there: Listed | None) -> Listed | None:
        """Put a file there whole, with the rights of the page; what is listed of it then.

        Raises StepFailed where the public could not read it in the place of the page.
        """
        try:
            self.files.write(name, content)
        except StepFailed as error:
            raise type(error)(_("{why}; nothing was changed").format(why=error.message), error.hint) from None
        self.insist_on(name, content)
        if there is None:
            return None
        now = self.look(name)
        mode = _OF_A_LINK if there.kind == "l" else there.mode
        if now is not None and now.mode != mode and self.files.set_mode(name, mode):
            now = self.look(name)
        if now is not None and shuts_out(there, now):
            words = _(
                "the page has the rights {was}, and ours would have {now}: the web server could not read it; "
                "nothing was changed"
            )
            raise StepFailed(
                words.format(was=there.said(), now=now.said()), "ask the host about those rights"
            )
        return now

    def insist_on(self, name: str, content: bytes) -> None:
        """Raises StepFailed where a file there does not hold this."""
        kept = self.files.read(name, MOST)
        if kept != content:
            words = _("the server kept only {count} of {all} bytes").format(
                count=len(kept or b""), all=len(content)
            )
            hint = "ask the host how large a file may be"
            raise StepFailed(_("{why}; nothing was changed").format(why=words), hint)

    def sweep(self, names: Sequence[str]) -> None:
        """Take files away, if that can be done: why they are there is the news, not that they stayed."""
        for name in names:
            with suppress(StepFailed):
                self.files.remove(name)


Kind = Ftp

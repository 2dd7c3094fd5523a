"""The way out of this computer, where somebody watches: for whom it waits is shown, since others take their time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import PurePath
from urllib.parse import urlsplit

from bcp.ftp_files import FtpFiles, FtpServer
from bcp.i18n import _
from bcp.outside import (
    ChatPost,
    Chatted,
    Held,
    HttpResponse,
    Mailbox,
    MailEnvelope,
    MailResult,
    MailServer,
    Program,
    Ran,
    Request,
    World,
)
from bcp.progress import Progress, Task


class WatchedWorld:
    """Does what `world` does, and shows for whom it waits. A host is named, never an address with what is behind it."""

    def __init__(self, world: World, progress: Progress) -> None:
        self._world, self._progress = world, progress
        self.announces = world.announces

    def run(self, program: Program) -> Ran:
        """Run a program."""
        name = PurePath(str(program.arguments[0])).name
        with self._progress.task(_("Running {program}").format(program=name)):
            return self._world.run(program)

    def request(self, request: Request) -> HttpResponse:
        """Send an HTTP request."""
        try:
            host = urlsplit(str(request.url)).hostname or ""
        except ValueError:
            host = ""
        with _waiting(self._progress, host):
            return self._world.request(request)

    def read_file(self, path: str) -> Held:
        """Read a file, which may be on a disk far away."""
        with _waiting(self._progress, path):
            return self._world.read_file(path)

    def write_file(self, path: str, content: bytes, like: str = "") -> str:
        """Replace a file."""
        with _waiting(self._progress, path):
            return self._world.write_file(path, content, like)

    def remove_file(self, path: str) -> str:
        """Take a file away."""
        with _waiting(self._progress, path):
            return self._world.remove_file(path)

    def mail(self, parcel: MailEnvelope, before_body: Callable[[], None]) -> MailResult:
        """Hand a letter to a server."""
        with _waiting(self._progress, parcel.server.host):
            return self._world.mail(parcel, before_body)

    def chat(self, post: ChatPost) -> Chatted:
        """Say something in a chat."""
        with self._progress.task(_("Waiting for the chat")):
            return self._world.chat(post)

    def mailbox(self, server: MailServer) -> Mailbox:
        """Open the mailbox at this server."""
        with _waiting(self._progress, server.host):
            return self._world.mailbox(server)

    def ftp(self, server: FtpServer) -> FtpFiles:
        """Open a session with this server."""
        with _waiting(self._progress, server.host):
            return _WatchedFtp(self._world.ftp(server), server.host, self._progress)


class _WatchedFtp:
    """An open session with an FTP server: each deed may take as long as the server likes."""

    def __init__(self, files: FtpFiles, host: str, progress: Progress) -> None:
        self._files, self._host, self._progress = files, host, progress

    def read(self, name: str, most: int) -> bytes | None:
        with _waiting(self._progress, self._host):
            return self._files.read(name, most)

    def write(self, name: str, content: bytes) -> None:
        with _waiting(self._progress, self._host):
            self._files.write(name, content)

    def rename(self, name: str, to: str) -> None:
        with _waiting(self._progress, self._host):
            self._files.rename(name, to)

    def remove(self, name: str) -> None:
        with _waiting(self._progress, self._host):
            self._files.remove(name)

    def listing(self, folder: str) -> str:
        with _waiting(self._progress, self._host):
            return self._files.listing(folder)

    def set_mode(self, name: str, mode: int) -> bool:
        with _waiting(self._progress, self._host):
            return self._files.set_mode(name, mode)

    def close(self) -> None:
        with _waiting(self._progress, self._host):
            self._files.close()


def _waiting(progress: Progress, whom: str) -> AbstractContextManager[Task]:
    return progress.task(_("Waiting for {whom}").format(whom=whom))

"""The world of a drill: it records what would be done, and has no way out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from bcp.errors import StepFailed
from bcp.ftp_files import FtpServer
from bcp.outside import (
    NEEDS_APPRISE,
    ChatPost,
    Chatted,
    Held,
    HttpResponse,
    MailEnvelope,
    MailResult,
    MailServer,
    NewMail,
    Program,
    Ran,
    Request,
)
from bcp.secret_text import SecretText, Sendable, leaves, with_secret


class Rehearsal:
    """Answers every deed with success, unless it could not be done here for real."""

    announces = False

    def __init__(self, office: Path, environ: Mapping[str, str]) -> None:
        """`office` and `environ` are only looked at: whether a program and a secret are there."""
        self._office = office
        self._environ = environ
        self.recorded: list[Program | Request | MailEnvelope | ChatPost | FtpServer] = []
        self.written: list[str] = []

    def run(self, program: Program) -> Ran:
        """Record the program; trouble where it, or a secret of its, is not on this computer."""
        self.recorded.append(program)
        missing = self._missing(*program.texts())
        name = program.arguments[0]
        if not missing and isinstance(name, str) and not self._is_here(name):
            missing = f"there is no program {name} on this computer"
        return Ran(None, trouble=missing, began=False, rehearsed=True)

    def request(self, request: Request) -> HttpResponse:
        """Record the request; trouble where a secret of its is not there."""
        self.recorded.append(request)
        texts = (
            *request.headers.values(),
            *leaves(request.json),
            *leaves(request.form),
            *([with_secret(request.login[1])] if request.login else []),
            *(map(with_secret, request.signed.references()) if request.signed else ()),
        )
        missing = self._missing(request.url, *texts)
        return HttpResponse(None, trouble=missing, sent=False, rehearsed=True)

    def read_file(self, path: str) -> Held:
        """What it holds is left alone: a rehearsal does as if nothing were there."""
        return Held(None)

    def write_file(self, path: str, content: bytes, like: str = "") -> str:
        """Record the path; nothing is written."""
        self.written.append(path)
        return ""

    def remove_file(self, path: str) -> str:
        """Nothing is taken away."""
        return ""

    def mail(self, parcel: MailEnvelope, before_body: Callable[[], None]) -> MailResult:
        """Record the letter; trouble where the password is not there."""
        self.recorded.append(parcel)
        missing = self._missing(with_secret(parcel.server.password))
        if missing:
            return MailResult("login", None, trouble=missing, rehearsed=True)
        before_body()
        return MailResult("body", 250, "rehearsed, not sent", rehearsed=True)

    def chat(self, post: ChatPost) -> Chatted:
        """Record the post; trouble where Apprise or the secret is not there."""
        self.recorded.append(post)
        missing = self._missing(with_secret(post.room)) or ("" if find_spec("apprise") else NEEDS_APPRISE)
        return Chatted(not missing, missing, rehearsed=True)

    def mailbox(self, server: MailServer) -> Nowhere:
        """A mailbox that holds nothing."""
        return Nowhere()

    def ftp(self, server: FtpServer) -> NoFiles:
        """Record the server. Raises StepFailed where the password is not there."""
        self.recorded.append(server)
        missing = self._missing(with_secret(server.password)) if server.password else ""
        if missing:
            raise StepFailed(missing)
        return NoFiles()

    def _is_here(self, program: str) -> bool:
        if os.sep in program or "/" in program:
            return os.access(program, os.X_OK)
        folders = self._environ.get("PATH", os.defpath).split(os.pathsep)
        endings = ["", *self._environ.get("PATHEXT", "").split(os.pathsep)]
        return any(
            os.access(Path(folder) / (program + ending), os.X_OK)
            for folder in folders
            if folder
            for ending in endings
        )

    def _missing(self, *texts: Sendable) -> str:
        with_secrets = (text for text in texts if isinstance(text, SecretText))
        for reference in (each for text in with_secrets for each in text.references()):
            scheme, _colon, name = reference.partition(":")
            if scheme == "env" and name not in self._environ:
                return f"the secret {reference} is not set"
            if scheme == "file" and not (self._office / Path(name).expanduser()).is_file():
                return f"the secret {reference} is not there"
        return ""


class NoFiles:
    """The FTP server of a drill: nothing is there, and nothing comes there."""

    def read(self, name: str, most: int) -> bytes | None:
        """There is no file."""
        return None

    def write(self, name: str, content: bytes) -> None:
        """Nothing is written."""

    def rename(self, name: str, to: str) -> None:
        """Nothing is renamed."""

    def remove(self, name: str) -> None:
        """Nothing is taken away."""

    def listing(self, folder: str) -> str:
        """Nothing is listed."""
        return ""

    def set_mode(self, name: str, mode: int) -> bool:
        """Nobody is given a right."""
        return False

    def close(self) -> None:
        """There is nobody to take leave of."""


class Nowhere:
    """The mailbox of a drill: nobody wrote."""

    fetched = 0

    def search(self, folder: str, message_id: str) -> bool:
        """Nothing was sent, so nothing is there."""
        return False

    def validity(self, folder: str) -> int:
        """Nothing is numbered."""
        return 0

    def numbers(self, folder: str, after: int, since: date | None = None) -> list[int]:
        """No messages."""
        return []

    def heads(self, numbers: Sequence[int], most: int) -> Iterator[NewMail]:
        """No messages."""
        return iter(())

    def beginning(self, number: int, most: int) -> NewMail:
        """There is none."""
        return NewMail(number, b"", "it is not there")

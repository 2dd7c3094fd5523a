"""World: the one door through which actions reach what lies outside (programs, HTTP, mail, files)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol

from bcp.ftp_files import FtpFiles, FtpServer
from bcp.running_process import RunningProcess
from bcp.secret_text import Sendable


@dataclass(frozen=True, slots=True)
class Program:
    """A program to run: its name and arguments, never a shell's string; the time-out in seconds.

    `env` is added to the environment of this process, `stdin` is what it reads; without it there is nothing to read.
    `born` is called once it is there and before it does anything; what that raises is let through, and nothing is done.
    It is not called for one that cannot be started or held back.
    """

    arguments: tuple[Sendable, ...]
    timeout: float
    env: Mapping[str, Sendable] = field(default_factory=dict)
    stdin: Sendable | None = None
    born: Callable[[RunningProcess], None] | None = None

    def texts(self) -> tuple[Sendable, ...]:
        """All that may hold a secret."""
        return (*self.arguments, *self.env.values(), *(() if self.stdin is None else (self.stdin,)))


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended. `code` is None if it never `began` or was stopped at its time-out.

    `output` is bounded and has its secrets masked; `whole` is more of it, where it was longer. `trouble` is a sentence
    where there is no code, or, in a rehearsal, where the program could not have been run. `rehearsed` says that nothing
    was really done.
    """

    code: int | None
    output: str = ""
    trouble: str = ""
    began: bool = True
    rehearsed: bool = False
    whole: str = ""

    @property
    def last_line(self) -> str:
        """The last line that it printed, at most 200 letters of it; nothing where it printed none."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        return lines[-1][:200] if lines else ""


PUBLIC_HEADERS = frozenset({"user-agent", "accept", "accept-language"})
"""The headers of a request that another server may get to which a redirect leads; the rest is for the first alone."""


@dataclass(frozen=True, slots=True)
class Signing:
    """How a request is signed: as this provider wants it, with the secrets that these references name.

    Twilio's scheme, for a GET alone, needs no key.
    """

    scheme: Literal["zadarma", "twilio"]
    secret: str
    key: str = ""

    def references(self) -> tuple[str, ...]:
        """The secrets that it needs."""
        return tuple(filter(None, (self.key, self.secret)))


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; header values, the URL and texts in `json` and `form` may hold secrets.

    In the URL they are encoded.

    `timeout` is in seconds. `login` is a user and the reference to the password, for servers that ask for them (RFC
    7617); with `login_as_asked` the server says how it wants them (RFC 7616 too). `content` is sent as it is, instead
    of `json` or `form`. Of the answer `most` bytes are kept; redirects are followed only with `follow`: to another
    server without what was meant for the first one, and from the internet into no private network. A `signed` one has
    its fields in `form` or in the query, and nothing else.
    """

    method: str
    url: Sendable
    headers: Mapping[str, Sendable] = field(default_factory=dict)
    json: Any = None
    timeout: float = 10.0
    form: Mapping[str, Sendable] | None = None
    login: tuple[str, str] | None = None
    login_as_asked: bool = False
    content: bytes | None = None
    most: int = 32 * 1024
    follow: bool = False
    signed: Signing | None = None


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back: `status` is None if nothing did; `sent` says whether the request may have arrived.

    `text` is bounded and has its secrets masked; `trouble` is a sentence as in `Ran`. `raw` is what was kept of the
    answer as it came, never to be shown; `cut` says that there was more. The names in `headers` are in small letters.
    """

    status: int | None
    text: str = ""
    trouble: str = ""
    sent: bool = True
    rehearsed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    cut: bool = False

    def json_object(self) -> dict[str, Any] | None:
        """The text as a JSON object; None where it is none."""
        try:
            found = json.loads(self.text)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


@dataclass(frozen=True, slots=True)
class Held:
    """What a file holds: no `content` where there is no such file, or where `trouble` says why it is not known."""

    content: bytes | None
    trouble: str = ""


Security = Literal["starttls", "tls", "none"]
Stage = Literal["connect", "secure", "login", "sender", "recipient", "data", "body"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail from us, or keeps it for us; `password` is a reference, never the secret.

    `authority` is a file of certificates to trust besides the system's. With `token` the secret is an
    OAuth token (XOAUTH2).
    """

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    token: bool = False
    authority: str = ""


@dataclass(frozen=True, slots=True)
class MailEnvelope:
    """One letter on its way: its envelope, a mailbox of ours for a `copy`, the whole content with CRLF line ends."""

    server: MailServer
    sender: str
    recipient: str
    content: bytes
    copy: str = ""


@dataclass(frozen=True, slots=True)
class MailResult:
    """How far a letter came.

    `code` and `reply` are the server's last words at `stage`; no code means that it said nothing, and
    `trouble` is a sentence about that. Only `stage` body can hide a letter that arrived all the same.
    `no_copy` is why the copy for us was refused, said with the first letter that it concerns.
    """

    stage: Stage
    code: int | None
    reply: str = ""
    trouble: str = ""
    rehearsed: bool = False
    no_copy: str = ""

    @property
    def accepted(self) -> bool:
        """The server took the letter and answers for it (RFC 5321, 4.2.5)."""
        return self.stage == "body" and self.code is not None and 200 <= self.code < 300


NEEDS_APPRISE = "the chat needs Apprise: pip install bcp-office[chat]"


@dataclass(frozen=True, slots=True)
class ChatPost:
    """What is said in a chat. `room` refers to the secret that holds its Apprise URL, never the URL itself."""

    room: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Chatted:
    """Whether a chat took a post: None where nobody knows; `reply` says why not, without a secret in it."""

    accepted: bool | None
    reply: str = ""
    rehearsed: bool = False


class NewMail(NamedTuple):
    """A message of a mailbox with its number, or as much of it as was asked for; with `why` nothing could be had."""

    number: int
    raw: bytes
    why: str = ""


class Mailbox(Protocol):
    """An open mailbox on a server. What is read of it stays unread there; `fetched` bytes of messages came so far."""

    fetched: int

    def search(self, folder: str, message_id: str) -> bool:
        """Whether the folder holds the message with this id."""
        ...

    def validity(self, folder: str) -> int:
        """For how long the numbers of a folder hold (UIDVALIDITY): with another one they count anew."""
        ...

    def numbers(self, folder: str, after: int, since: date | None = None) -> list[int]:
        """The messages of a folder behind the number `after`, and from a day on, oldest first; the folder is opened."""
        ...

    def heads(self, numbers: Sequence[int], most: int) -> Iterator[NewMail]:
        """The headers of these messages of the folder, in this order, at most so many bytes of each."""
        ...

    def beginning(self, number: int, most: int) -> NewMail:
        """A message of the folder, at most so many bytes of it."""
        ...


class World(Protocol):
    """Everything outside that a step can reach. `announces` says whether it tells of a program that is born."""

    announces: bool

    def run(self, program: Program) -> Ran:
        """Run a program and wait for it; never raises for what the program does."""
        ...

    def request(self, request: Request) -> HttpResponse:
        """Send an HTTP request; never raises for what the network does."""
        ...

    def read_file(self, path: str) -> Held:
        """What a file of this computer, or of a disk that is mounted here, holds; never raises."""
        ...

    def write_file(self, path: str, content: bytes, like: str = "") -> str:
        """Replace a file whole or not at all; why that was not possible, or nothing.

        It gets the rights of the one that it replaces, or those of the file `like`.
        """
        ...

    def remove_file(self, path: str) -> str:
        """Take a file away; why that was not possible, or nothing. One that is not there is away."""
        ...

    def mail(self, parcel: MailEnvelope, before_body: Callable[[], None]) -> MailResult:
        """Hand a letter to a server; never raises for what the network does.

        `before_body` is called after the server's 354 and before the first byte of the body: until then a
        crash has sent nothing. What it raises is let through, and nothing is sent.
        """
        ...

    def chat(self, post: ChatPost) -> Chatted:
        """Say something in a chat; never raises for what the network or the chat does."""
        ...

    def mailbox(self, server: MailServer) -> Mailbox:
        """The mailbox at this server. Raises InputError with a sentence where it cannot be opened."""
        ...

    def ftp(self, server: FtpServer) -> FtpFiles:
        """A session with this server, to be closed. Raises StepFailed with a sentence where it cannot be opened."""
        ...

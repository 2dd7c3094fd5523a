"""Files on a server that is reached by FTP, as the world gives them: the server, and an open session with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

FtpSecurity = Literal["explicit", "implicit", "none"]


@dataclass(frozen=True, slots=True)
class FtpServer:
    """A server that keeps files for us by FTP, and the folder of the site there.

    `password` is a reference, never the secret. `security` says when encryption begins: asked for, at once, or never.
    `authority` is a file of certificates to trust besides the system's; `timeout` is in seconds.
    """

    host: str
    port: int
    folder: str
    user: str = ""
    password: str = ""
    security: FtpSecurity = "explicit"
    passive: bool = True
    authority: str = ""
    timeout: float = 30.0


class FtpFiles(Protocol):
    """An open session with an FTP server, in the folder of the site.

    Each deed raises StepFailed with a sentence where the server refuses it, Unreachable where the connection breaks.
    """

    def read(self, name: str, most: int) -> bytes | None:
        """What a file holds, at most so many bytes; None where there is none."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, over what may be there."""
        ...

    def rename(self, name: str, to: str) -> None:
        """Give a file another name. Raises Unsure where nobody knows whether that was done."""
        ...

    def remove(self, name: str) -> None:
        """Take a file away."""
        ...

    def listing(self, folder: str) -> str:
        """What is in a folder, in whatever form the server lists it; nothing where it lists nothing."""
        ...

    def set_mode(self, name: str, mode: int) -> bool:
        """Give a file these rights; whether the server does that."""
        ...

    def close(self) -> None:
        """Take leave; never raises."""
        ...

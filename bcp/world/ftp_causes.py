"""Why an FTP server did not do what it was asked to: a sentence for each cause, and what to do."""

from __future__ import annotations

import ftplib
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from bcp.errors import StepFailed, Unreachable
from bcp.ftp_files import FtpServer
from bcp.i18n import _

_NO_DATA = (425, 426)
_FULL = (452, 552)
_BUSY = 421


@dataclass(frozen=True, slots=True)
class FtpCauses:
    """The causes at one server; `mask` takes secrets out of what it said."""

    server: FtpServer
    mask: Callable[[str], str]

    def broken_off(self, error: ftplib.Error) -> StepFailed | None:
        """An answer that says that the connection, or the one for the file, is no more; None for another one."""
        if code_of(error) in _NO_DATA:
            return self.no_data(self._said(error))
        if code_of(error) == _BUSY:
            words = _("{host} takes no more connections now ({said})")
            return Unreachable(words.format(host=self.server.host, said=self._said(error)))
        return None

    def refused(self, error: ftplib.Error) -> StepFailed:
        """A deed that the server refuses."""
        said, code, server = self._said(error), code_of(error), self.server
        if code in _FULL:
            return StepFailed(
                _("there is no room left at {host} ({said})").format(host=server.host, said=said)
            )
        if code == 522 or "session reuse" in said:
            words = _("{host} does not take our data connection, although it resumes the session ({said})")
        elif code in (550, 553):
            words = _("{host} does not let {user} do that there ({said})")
        elif code in (500, 501, 502, 504):
            words = _("{host} does not know how to do that ({said})")
        else:
            words = _("{host} refuses it ({said})")
        return StepFailed(words.format(host=server.host, user=server.user or "anonymous", said=said))

    def not_let_in(self, error: ftplib.Error) -> StepFailed:
        """A user and a password that it does not take."""
        said, server = self._said(error), self.server
        if server.security == "none" and re.search(r"encrypt|\btls\b|\bssl\b|secure", said, re.IGNORECASE):
            words = _("{host} takes no password without encryption ({said})")
            return StepFailed(words.format(host=server.host, said=said), "in bcp.yaml: tls: explicit")
        words = _("{host} does not take the password of {user} ({said})")
        user = server.user or "anonymous"
        hint = "look whether the user and the password of the FTP account are those of today"
        return StepFailed(words.format(host=server.host, user=user, said=said), hint)

    def no_folder(self, error: ftplib.Error) -> StepFailed:
        """A folder that it does not go to."""
        words = _("there is no folder {folder} at {host}, or {user} may not go there ({said})")
        server = self.server
        user = server.user or "anonymous"
        told = words.format(folder=server.folder, host=server.host, user=user, said=self._said(error))
        return StepFailed(told, "correct folder: in bcp.yaml, as the FTP account sees it")

    def no_encryption(self, error: ftplib.Error) -> StepFailed:
        """A server that does not encrypt when it is asked to."""
        words = _("{host} offers no encryption, so no password was sent ({said})")
        hint = (
            "ask the host for FTPS or SFTP; tls: none sends the password as everybody on the way can read it"
        )
        return StepFailed(words.format(host=self.server.host, said=self._said(error)), hint)

    def no_greeting(self, error: ftplib.Error) -> StepFailed:
        """Something else than an FTP server at that port."""
        said, server = self._said(error), self.server
        told = {"host": server.host, "port": server.port, "said": said}
        if busy := self.broken_off(error):
            return busy
        if said.startswith("SSH-"):
            words = _("at {host} port {port} an SSH server answers, not one for FTP")
            return StepFailed(words.format(**told), "use the way sftp, or correct port: in bcp.yaml")
        words = _("at {host} port {port} no FTP server answers ({said})")
        return StepFailed(words.format(**told), "correct host: and port: in bcp.yaml")

    def no_data(self, said: str) -> StepFailed:
        """No connection for the file itself; `said` may be empty."""
        words = _("{host} answers, but no connection for the file itself comes about")
        other = "no" if self.server.passive else "yes"
        told = words.format(host=self.server.host) + (f" ({said})" if said else "")
        return Unreachable(told, f"a firewall may stand between: try passive: {other} in bcp.yaml")

    def broken(self, error: Exception) -> StepFailed:
        """A connection that did not come about, or broke."""
        server = self.server
        said = self.mask(getattr(error, "verify_message", "") or getattr(error, "strerror", "") or str(error))
        told = {"host": server.host, "port": server.port, "said": said}
        if isinstance(error, ssl.SSLCertVerificationError):
            words = _("the certificate of {host} is not to be trusted, so no password was sent ({said})")
            hint = "write the name that the certificate is for as host:, or name its authority: in bcp.yaml"
            return StepFailed(words.format(**told), hint)
        if isinstance(error, ssl.SSLError):
            if server.security == "implicit" and "WRONG_VERSION_NUMBER" in str(error):
                words = _("{host} does not begin with encryption at port {port}, so no password was sent")
                return StepFailed(words.format(**told), "in bcp.yaml: tls: explicit")
            words = _("no secure connection to {host} came about ({said})")
        elif isinstance(error, socket.gaierror):
            words = _("the server {host} could not be found")
        elif isinstance(error, TimeoutError):
            words = _("{host} did not answer in time at port {port}")
            if server.security == "explicit" and server.port == 990:
                return Unreachable(words.format(**told), "at port 990 it is mostly: tls: implicit")
        elif isinstance(error, ConnectionRefusedError):
            words = _("{host} refuses connections at port {port}")
        else:
            words = _("the connection to {host} broke")
        return Unreachable(words.format(**told))

    def _said(self, error: ftplib.Error) -> str:
        """What the server answered, in one line."""
        text = str(error).encode("latin-1", "replace").decode("utf-8", "replace")
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
        return self.mask(line)[:200]


def code_of(error: ftplib.Error) -> int:
    """The number of the answer; 0 where it has none."""
    first = str(error)[:3]
    return int(first) if first.isascii() and first.isdigit() else 0

"""Files on a server that is reached by FTP (RFC 959), with encryption unless the office says otherwise (RFC 4217).

The data connection takes over the TLS session of the control connection: servers ask for that, so that nobody else can
step in between (vsftpd's `require_ssl_reuse`), and ftplib does not do it by itself. Names and answers go over the line
as bytes: servers answer in any encoding, and ftplib would fail at the first letter that it does not know.
"""

from __future__ import annotations

import ftplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from bcp.clock import SystemClock
from bcp.errors import InputError, StepFailed, Unreachable, Unsure
from bcp.ftp_files import FtpServer
from bcp.host_name import ascii_name
from bcp.i18n import _
from bcp.world.ftp_causes import FtpCauses, code_of
from bcp.world.secret import Secrets

_WHOLE = 4
"""So many times the time-out may one file take: a server that sends a byte now and then."""
_GOODBYE = 1.0
"""Seconds in which a server may end the encryption of a data connection properly; many never do."""
T = TypeVar("T")


class _Client(ftplib.FTP_TLS):
    """ftplib's client, whose data connections resume the session, and which can begin with encryption."""

    implicit = False

    def connect(
        self, host: str = "", port: int = 0, timeout: float = -999, source_address: Any = None
    ) -> str:
        """Connect, and encrypt before the greeting where the server expects that."""
        if not self.implicit:
            return super().connect(host, port, timeout, source_address)
        self.host, self.port, self.timeout = host, port, timeout
        line = socket.create_connection((host, port), timeout)
        self.af = line.family
        self.sock = self.context.wrap_socket(line, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome

    def getline(self) -> str:
        """A line of an answer. Raises error_proto for the greeting of an SSH server, behind which none would come."""
        line = super().getline()
        if line.startswith("SSH-"):
            raise ftplib.error_proto(line)
        return line

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """A data connection, encrypted within the session of the control connection."""
        line, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if isinstance(self.sock, ssl.SSLSocket):
            try:
                line = self.context.wrap_socket(line, server_hostname=self.host, session=self.sock.session)
            except OSError:
                line.close()
                raise
        return line, size


class Ftp:
    """An open session, in the folder of the site (the protocol FtpFiles)."""

    def __init__(self, server: FtpServer, secrets: Secrets) -> None:
        """Connect, sign in, go there. Raises StepFailed with a sentence, Unreachable where nothing answers."""
        self._server = server
        self._why = FtpCauses(server, secrets.mask)
        try:
            password = secrets.value(server.password) if server.password else ""
            self._client = self._connected()
        except InputError as error:
            raise StepFailed(error.message, error.hint) from None
        try:
            self._sign_in(password)
            self._try(lambda: self._client.cwd(_wire(server.folder)), self._why.no_folder)
            with suppress(ftplib.Error):
                self._client.sendcmd("OPTS UTF8 ON")
            self._told_by(lambda: self._try(lambda: self._client.voidcmd("TYPE I")))
        except BaseException:
            self.close()
            raise

    def read(self, name: str, most: int) -> bytes | None:
        """What the file holds; None where there is none."""
        clock = SystemClock()
        ends = clock.monotonic() + _WHOLE * self._server.timeout

        def take(line: socket.socket) -> bytes:
            kept = bytearray()
            while part := line.recv(65536):
                kept += part
                if len(kept) > most:
                    words = _("what stands there is too long to be read whole, so it was left alone")
                    raise StepFailed(words)
                if clock.monotonic() > ends:
                    raise TimeoutError
            return bytes(kept)

        try:
            return self._transfer(f"RETR {_wire(name)}", take)
        except ftplib.Error as error:
            if code_of(error) != 550 or self._is_there(name):
                raise self._why.refused(error) from None
            return None

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, over what may be there."""
        self._told_by(lambda: self._transfer(f"STOR {_wire(name)}", lambda line: line.sendall(content)))

    def rename(self, name: str, to: str) -> None:
        """Give a file another name. Raises Unsure where nobody knows whether that was done."""
        self._told_by(lambda: self._try(lambda: self._client.sendcmd(f"RNFR {_wire(name)}")))
        try:
            self._told_by(lambda: self._try(lambda: self._client.voidcmd(f"RNTO {_wire(to)}")))
        except Unreachable as error:
            raise Unsure(error.message, error.hint) from None

    def remove(self, name: str) -> None:
        """Take a file away."""
        self._told_by(lambda: self._try(lambda: self._client.delete(_wire(name))))

    def listing(self, folder: str) -> str:
        """What is in a folder, in whatever form the server lists it; nothing where it lists nothing."""
        there = "" if folder == "." else f" {_wire(folder)}"
        for command in (f"LIST -a{there}", f"LIST{there}"):
            with suppress(ftplib.Error):
                found = self._transfer(command, lambda line: b"".join(iter(lambda: line.recv(65536), b"")))
                if found.strip():
                    return found.decode("utf-8", "replace")
        return ""

    def set_mode(self, name: str, mode: int) -> bool:
        """Give a file these rights; whether the server does that."""
        try:
            self._try(lambda: self._client.voidcmd(f"SITE CHMOD {mode:03o} {_wire(name)}"))
        except ftplib.Error:
            return False
        return True

    def close(self) -> None:
        """Take leave."""
        with suppress(OSError, EOFError, ftplib.Error):
            self._client.quit()
        self._client.close()

    def _connected(self) -> _Client:
        server = self._server
        context = ssl.create_default_context()
        if server.authority:
            try:
                context.load_verify_locations(server.authority)
            except OSError as error:
                words = _("the certificates in {file} cannot be read").format(file=server.authority)
                raise StepFailed(f"{words} ({error.strerror or error})") from None
        client = _Client(context=context, timeout=server.timeout, encoding="latin-1")
        client.implicit = server.security == "implicit"
        client.set_pasv(server.passive)
        try:
            client.connect(ascii_name(server.host), server.port, server.timeout)
        except ftplib.Error as error:
            client.close()
            raise self._why.no_greeting(error) from None
        except (OSError, EOFError) as error:
            client.close()
            raise self._why.broken(error) from None
        return client

    def _sign_in(self, password: str) -> None:
        client, security = self._client, self._server.security
        if security == "explicit":
            self._try(client.auth, self._why.no_encryption)
        # Without encryption ftplib's own way is the one of the class above: this one would insist on it.
        user = _wire(self._server.user or "anonymous")
        self._try(lambda: ftplib.FTP.login(client, user, _wire(password)), self._why.not_let_in)
        if security == "explicit":
            self._try(client.prot_p, self._why.no_encryption)
        elif security == "implicit":
            with suppress(ftplib.Error):  # there the data are encrypted whatever is said of these
                client.prot_p()

    def _transfer(self, command: str, move: Callable[[socket.socket], T]) -> T:
        """What `move` makes of a data connection. Raises ftplib's errors for a refusal, StepFailed, Unreachable."""

        def whole() -> T:
            try:
                line = self._client.transfercmd(command)
            except TimeoutError:
                raise self._why.no_data("") from None
            except ConnectionRefusedError as error:
                raise self._why.no_data(str(error.strerror)) from None
            try:
                done = move(line)
                if isinstance(line, ssl.SSLSocket):
                    line.settimeout(_GOODBYE)
                    with suppress(OSError, ValueError):
                        line.unwrap()
            finally:
                line.close()
            self._client.voidresp()
            return done

        return self._try(whole)

    def _try(self, deed: Callable[[], T], refused: Callable[[ftplib.Error], StepFailed] | None = None) -> T:
        """Do it. Raises Unreachable where the connection breaks, or what `refused` makes of a refusal, if anything."""
        try:
            return deed()
        except ftplib.Error as error:
            if told := self._why.broken_off(error):
                raise told from None
            if refused is not None:
                raise refused(error) from None
            raise
        except (OSError, EOFError) as error:
            raise self._why.broken(error) from None

    def _told_by(self, deed: Callable[[], T]) -> None:
        """Do it; a refusal is told in a sentence."""
        try:
            deed()
        except ftplib.Error as error:
            raise self._why.refused(error) from None

    def _is_there(self, name: str) -> bool:
        """Whether there is such a file, which may then not be read."""
        with suppress(ftplib.Error):
            return self._client.size(_wire(name)) is not None
        folder, _slash, own = name.rpartition("/")
        with suppress(ftplib.Error):
            listed = self._transfer(f"NLST {_wire(folder)}".rstrip(), lambda line: b"".join(_parts(line)))
            return any(each.rpartition(b"/")[2] == own.encode() for each in listed.splitlines())
        return False


def _parts(line: socket.socket) -> list[bytes]:
    return list(iter(lambda: line.recv(65536), b""))


def _wire(text: str) -> str:
    """A name as ftplib is to send it: letter by letter the bytes of its UTF-8. Raises ValueError for a line break."""
    return text.encode().decode("latin-1")

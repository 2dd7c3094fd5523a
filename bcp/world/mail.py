"""Handing letters to mail servers (RFC 5321), one connection a server, kept while letters follow each other.

The commands are given one by one, because only so the moment is known after which a letter may have
arrived: between the first byte of the body and the server's answer to the dot. RFC 5321 (4.5.4.1) lets a
client send again what got no answer there, which makes duplicates (RFC 1047); here such a letter is
reported as unknown and left to a person.
"""

from __future__ import annotations

import atexit
import re
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bcp.errors import InputError
from bcp.host_name import ascii_name
from bcp.outside import MailEnvelope, MailResult, MailServer, Stage
from bcp.world.mail_copy import CopyEndedIt, OwnCopy
from bcp.world.secret import Secrets

COMMAND_TIMEOUT = 60.0
ANSWER_TIMEOUT = 600.0
"""RFC 5321, 4.5.3.2.6: the server has ten minutes for its answer to the dot."""

MOST_LETTERS = 80
"""Servers end long sessions by themselves; ending them first costs nothing."""

MOST_IDLE = 20.0


_BEFORE_BODY: tuple[Stage, ...] = ("sender", "recipient", "data")
_BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""The other side went away while both were agreeing on TLS, as a server does that is being restarted."""


@dataclass
class _Session:
    smtp: smtplib.SMTP
    letters: int = 0
    used: float = 0.0


class Mailer:
    """Keeps the connections to the mail servers."""

    def __init__(self, secrets: Secrets) -> None:
        """`secrets` looks up the passwords."""
        self._secrets = secrets
        self._sessions: dict[MailServer, _Session] = {}
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._copies: dict[tuple[MailServer, str], OwnCopy] = {}
        # Servers note who leaves without a word.
        atexit.register(self.close)

    def mail(self, parcel: MailEnvelope, before_body: Callable[[], None]) -> MailResult:
        """Hand one letter over, as `World.mail` says.

        A kept connection ends for reasons of its own: after so long, or so many letters. Only where a new one ends,
        too, does that say something of this letter. A server that answered to the sender and then is silent has not
        ended it.
        """
        kept = self._kept(parcel.server)
        began = time.monotonic()
        mailed = self._mail(parcel, before_body)
        was_silent = mailed.stage != "sender" and time.monotonic() - began >= COMMAND_TIMEOUT
        if kept and mailed.stage in _BEFORE_BODY and mailed.code in (None, 421) and not was_silent:
            mailed = self._mail(parcel, before_body)
        return mailed

    def _mail(self, parcel: MailEnvelope, before_body: Callable[[], None]) -> MailResult:
        server = parcel.server
        try:
            session = self._session(server)
        except InputError as error:
            return MailResult("login", None, trouble=f"{error.message}: {error.hint}")
        except smtplib.SMTPAuthenticationError as error:
            return MailResult("login", error.smtp_code, self._told(error.smtp_error))
        except smtplib.SMTPResponseException as error:
            return MailResult("connect", error.smtp_code, self._told(error.smtp_error))
        except _BROKEN_OFF as error:
            return MailResult("connect", None, trouble=self._trouble(server, error))
        except (ssl.SSLError, smtplib.SMTPNotSupportedError) as error:
            return MailResult("secure", None, trouble=self._trouble(server, error))
        except (OSError, smtplib.SMTPException) as error:
            return MailResult("connect", None, trouble=self._trouble(server, error))
        mailed: MailResult | None = None
        copy = self._copies.setdefault((server, parcel.copy), OwnCopy(parcel.copy))
        try:
            mailed = self._hand_over(session, parcel, before_body, copy)
        except CopyEndedIt as error:
            copy.refuse(None, self._trouble(server, error.trouble))
        finally:
            if mailed is None or mailed.code is None or mailed.code == 421:
                self._drop(server)
        return mailed if mailed is not None else self.mail(parcel, before_body)

    def close(self) -> None:
        """Take leave of all servers."""
        for server in list(self._sessions):
            self._leave(server)

    def _hand_over(
        self, session: _Session, parcel: MailEnvelope, before_body: Callable[[], None], copy: OwnCopy
    ) -> MailResult:
        smtp = session.smtp
        stage: Stage = "sender"
        try:
            code, said = smtp.mail(parcel.sender)
            if code == 250:
                stage = "recipient"
                code, said = smtp.rcpt(parcel.recipient)
            if stage == "recipient" and code in (250, 251):
                self._ask_for(copy, smtp, parcel)
                stage = "data"
                code, said = smtp.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            return MailResult(stage, None, trouble=self._trouble(parcel.server, error))
        if stage != "data" or code != 354:
            if code != 421:
                with suppress(OSError, smtplib.SMTPServerDisconnected):
                    smtp.rset()
            return MailResult(stage, code, self._told(said))
        before_body()
        try:
            with _patient(smtp):
                smtp.send(re.sub(rb"(?m)^\.", b"..", parcel.content) + b".\r\n")
                code, said = smtp.getreply()
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            return MailResult("body", None, trouble=self._trouble(parcel.server, error))
        session.letters += 1
        session.used = time.monotonic()
        return MailResult("body", code, self._told(said), no_copy=copy.unsaid())

    def _ask_for(self, copy: OwnCopy, smtp: smtplib.SMTP, parcel: MailEnvelope) -> None:
        """Name our own mailbox as one more recipient; a server that will not have that gets the letter without it.

        Raises CopyEndedIt where the server goes away over it.
        """
        if not copy.is_asked_for or parcel.copy.casefold() == parcel.recipient.casefold():
            return
        try:
            code, said = smtp.rcpt(parcel.copy)
        except (OSError, smtplib.SMTPException) as error:
            raise CopyEndedIt(error) from None
        if code == 421:
            raise CopyEndedIt(smtplib.SMTPServerDisconnected(self._told(said)))
        if code not in (250, 251):
            copy.refuse(code, self._told(said))

    def _session(self, server: MailServer) -> _Session:
        found = self._kept(server)
        if found:
            return found
        self._leave(server)
        smtp = self._connect(server)
        try:
            self._log_in(smtp, server)
        except BaseException:
            smtp.close()
            raise
        self._sessions[server] = _Session(smtp, used=time.monotonic())
        return self._sessions[server]

    def _kept(self, server: MailServer) -> _Session | None:
        """The connection that is open, if it can take one more letter."""
        found = self._sessions.get(server)
        is_good = found and found.letters < MOST_LETTERS and time.monotonic() - found.used < MOST_IDLE
        return found if is_good else None

    def _connect(self, server: MailServer) -> smtplib.SMTP:
        smtp = self._dial(server)
        if server.security == "starttls":
            try:
                smtp.starttls(context=self._context(server.authority))
            except BaseException:
                smtp.close()
                raise
        return smtp

    def _dial(self, server: MailServer) -> smtplib.SMTP:
        host = ascii_name(server.host)
        if server.security == "tls":
            context = self._context(server.authority)
            return smtplib.SMTP_SSL(host, server.port, timeout=COMMAND_TIMEOUT, context=context)
        return smtplib.SMTP(host, server.port, timeout=COMMAND_TIMEOUT)

    def _context(self, authority: str) -> ssl.SSLContext:
        """Made once: it takes 20 ms to read the system's certificates."""
        if authority not in self._contexts:
            context = ssl.create_default_context()
            if authority:
                context.load_verify_locations(authority)
            self._contexts[authority] = context
        return self._contexts[authority]

    def _log_in(self, smtp: smtplib.SMTP, server: MailServer) -> None:
        smtp.ehlo_or_helo_if_needed()
        if not server.user:
            return
        secret = self._secrets.value(server.password)
        mechanism, first, then = _credentials(smtp, server, secret)
        code, said = smtp.docmd("AUTH", f"{mechanism} {_base64(first)}".rstrip())
        for words in then:
            if code == 334:
                code, said = smtp.docmd(_base64(words))
        if code == 334:
            code, said = smtp.docmd("")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, said)

    def _leave(self, server: MailServer) -> None:
        session = self._sessions.pop(server, None)
        if session:
            with suppress(OSError, smtplib.SMTPException):
                session.smtp.quit()
            session.smtp.close()

    def _drop(self, server: MailServer) -> None:
        session = self._sessions.pop(server, None)
        if session:
            session.smtp.close()

    def _trouble(self, server: MailServer, error: Exception) -> str:
        """What failed, in a sentence; what a library says of it may quote a secret."""
        if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
            error = error.__context__  # smtplib says of a silence, too, that the other side has closed
        words = next(
            (words for kind, words in _TROUBLES if isinstance(error, kind)), "{host} failed ({said})"
        )
        said = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or str(error)
        return words.format(host=server.host, port=server.port, said=self._told(said))

    def _told(self, said: bytes | str) -> str:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
        return self._secrets.mask(line)[:500]


def _credentials(smtp: smtplib.SMTP, server: MailServer, secret: str) -> tuple[str, str, tuple[str, ...]]:
    """How to log in with what the server offers: the mechanism, its first words, and those that follow.

    One mechanism is tried, once: two failures for one wrong password lock accounts. The words are UTF-8
    (RFC 4616), which `smtplib.login` cannot send.
    """
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if server.token:
        return "XOAUTH2", f"user={server.user}\x01auth=Bearer {secret}\x01\x01", ()
    if "PLAIN" in offered:
        return "PLAIN", f"\0{server.user}\0{secret}", ()
    if "LOGIN" in offered:
        return "LOGIN", "", (server.user, secret)
    raise smtplib.SMTPNotSupportedError("it knows neither AUTH PLAIN nor LOGIN")


def _base64(words: str) -> str:
    return b64encode(words.encode()).decode()


@contextmanager
def _patient(smtp: smtplib.SMTP) -> Iterator[None]:
    assert smtp.sock is not None
    smtp.sock.settimeout(ANSWER_TIMEOUT)
    yield
    if smtp.sock is not None:
        smtp.sock.settimeout(COMMAND_TIMEOUT)


_TROUBLES: tuple[tuple[type[Exception], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "the certificate of {host} is not to be trusted, so nothing was sent ({said})",
    ),
    (ssl.SSLError, "no secure connection to {host} came about ({said})"),
    (socket.gaierror, "the server {host} could not be found"),
    (TimeoutError, "{host} did not answer in time"),
    (ConnectionRefusedError, "{host} refuses connections at port {port}"),
    (smtplib.SMTPNotSupportedError, "{host} does not offer what is needed, so nothing was sent ({said})"),
    (smtplib.SMTPServerDisconnected, "{host} ended the connection"),
    (ConnectionError, "the connection to {host} broke"),
)

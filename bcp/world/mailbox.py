"""Reading a mailbox over IMAP (RFC 3501) without changing anything in it."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Sequence

from bcp.errors import InputError
from bcp.outside import MailServer
from bcp.world.secret import Secrets

TIMEOUT = 30.0
MOST = 500
"""As many messages are fetched at once; the rest comes with the next look."""


class ImapMailbox:
    """A mailbox on an IMAP server. Every failure is an InputError in one sentence."""

    def __init__(self, server: MailServer, secrets: Secrets) -> None:
        """Connect, check the certificate, log in."""
        self._host = server.host
        secret = secrets.value(server.password)
        try:
            self._imap = _connect(server)
            _log_in(self._imap, server, secret)
        except ssl.SSLError as error:
            words = f"the certificate of {server.host} is not to be trusted ({error.reason})"
            raise InputError(words, "ask whoever runs that server") from None
        except imaplib.IMAP4.error as error:
            words = f"{server.host} does not let {server.user} in ({secrets.mask(str(error))})"
            raise InputError(words, "check the user and the password of the inbox") from None
        except OSError as error:
            raise self._lost(error) from None

    def search(self, folder: str, message_id: str) -> bool:
        """Whether the folder holds the message with this id."""
        try:
            self._select(folder)
            _status, found = self._imap.uid("SEARCH", "HEADER", "Message-ID", _quoted(message_id))
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._lost(error) from None
        return bool(found and found[0])

    def fetch_new(self, folder: str, after: int) -> Sequence[tuple[int, bytes]]:
        """The messages behind the number `after` (UID, RFC 3501 2.3.1.1), oldest first; they stay unread."""
        try:
            self._select(folder)
            _status, found = self._imap.uid("SEARCH", "UID", f"{after + 1}:*")
            numbers = sorted(int(one) for one in (found[0] or b"").split())
            # The range n:* always holds the last message, also when its number is below n.
            new = [number for number in numbers if number > after][:MOST]
            return [(number, self._fetch(number)) for number in new]
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._lost(error) from None

    def _fetch(self, number: int) -> bytes:
        _status, parts = self._imap.uid("FETCH", str(number), "(BODY.PEEK[])")
        return next((part[1] for part in parts if isinstance(part, tuple)), b"")

    def _select(self, folder: str) -> None:
        status, said = self._imap.select(_quoted(folder), readonly=True)
        if status != "OK":
            raise imaplib.IMAP4.error(f"no folder {folder}: {said!r}")

    def _lost(self, error: Exception) -> InputError:
        return InputError(
            f"the mailbox at {self._host} cannot be read ({error})", "try again when it is back"
        )


def _connect(server: MailServer) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if server.authority:
        context.load_verify_locations(server.authority)
    if server.security == "tls":
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=TIMEOUT)
    imap = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT)
    if server.security == "starttls":
        imap.starttls(context)
    return imap


def _log_in(imap: imaplib.IMAP4, server: MailServer, secret: str) -> None:
    """LOGIN knows ASCII alone; other letters go as UTF-8 with AUTHENTICATE PLAIN (RFC 4616), where it is offered."""
    login = f"{server.user}{secret}"
    if login.isascii() and login.isprintable():
        imap.login(server.user, secret)
    elif login.isprintable() and "AUTH=PLAIN" in imap.capabilities:
        imap.authenticate("PLAIN", lambda _asked: f"\0{server.user}\0{secret}".encode())
    else:
        words = f"{server.host} takes no password with the letters that the one of {server.user} has"
        raise InputError(words, "choose one of plain letters, digits and signs")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

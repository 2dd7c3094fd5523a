"""Reading a mailbox over IMAP (RFC 3501) without changing anything in it."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress

from bcp.errors import InputError
from bcp.host_name import ascii_name
from bcp.outside import MailServer, NewMail
from bcp.world.secret import Secrets

TIMEOUT = 30.0
MOST = 500
"""As many messages are fetched with one look; the rest comes with the next."""
TRIES = 3
"""So often a message is fetched at which the connection breaks, before it is left aside."""
_HEAD = 64 * 1024
"""Bytes of the headers of a message that is too large."""


class ImapMailbox:
    """A mailbox on an IMAP server. Every failure is an InputError in one sentence."""

    def __init__(self, server: MailServer, secrets: Secrets) -> None:
        """Connect, check the certificate, log in."""
        self._server = server
        self._secrets = secrets
        self._validity = 0
        self._imap = self._opened()

    def search(self, folder: str, message_id: str) -> bool:
        """Whether the folder holds the message with this id."""
        try:
            self._select(folder)
            _status, found = self._imap.uid("SEARCH", "HEADER", "Message-ID", _quoted(message_id))
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._lost(error) from None
        return bool(found and found[0])

    def validity(self, folder: str) -> int:
        """The folder's UIDVALIDITY (RFC 3501, 2.3.1.1); 0 where the server tells none."""
        try:
            self._select(folder)
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._lost(error) from None
        return self._validity

    def fetch_new(self, folder: str, after: int, largest: int) -> Iterator[NewMail]:
        """The messages behind the number `after` (UID, RFC 3501 2.3.1.1), one by one, oldest first; they stay unread.

        Of one that is larger than `largest` bytes only the headers are fetched. One that the server does not hand
        over, or at which the connection breaks each time, stops none of the others.
        """
        try:
            self._select(folder)
            status, found = self._imap.uid("SEARCH", "UID", f"{after + 1}:*")
            if status != "OK":
                raise imaplib.IMAP4.error(f"the search was refused: {found!r}")
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._lost(error) from None
        numbers = sorted(int(one) for one in (found[0] or b"").split())
        # The range n:* always holds the last message, also when its number is below n.
        for number in [number for number in numbers if number > after][:MOST]:
            yield self._fetched(folder, number, largest)

    def _fetched(self, folder: str, number: int, largest: int) -> NewMail:
        """One message. Raises InputError where the server is away: then the message was not looked at."""
        for _try in range(TRIES):
            try:
                return self._fetch(number, largest)
            except (imaplib.IMAP4.abort, OSError):
                self._reopen(folder)
            except imaplib.IMAP4.error:
                return NewMail(number, b"", "the server does not hand it over")
        return NewMail(number, b"", "the connection breaks each time it is fetched")

    def _fetch(self, number: int, largest: int) -> NewMail:
        size = self._size(number)
        if size is not None and size > largest:
            head = self._part(number, f"BODY.PEEK[HEADER]<0.{_HEAD}>")
            return NewMail(number, head or b"", f"it is larger than {largest // 1024 // 1024} MB")
        # A server that does not tell the size is asked for as much as may be, and no more.
        raw = self._part(number, "BODY.PEEK[]" if size is not None else f"BODY.PEEK[]<0.{largest + 1}>")
        return NewMail(number, b"", "it is not there any more") if raw is None else NewMail(number, raw)

    def _size(self, number: int) -> int | None:
        status, parts = self._imap.uid("FETCH", str(number), "(RFC822.SIZE)")
        lines = [part[0] if isinstance(part, tuple) else part for part in parts if part]
        found = re.search(rb"RFC822\.SIZE (\d{1,18})", b" ".join(lines)) if status == "OK" else None
        return int(found[1]) if found else None

    def _part(self, number: int, part: str) -> bytes | None:
        """A part of a message; None where it is gone. Raises imaplib's error where the server refuses."""
        status, parts = self._imap.uid("FETCH", str(number), f"({part})")
        if status != "OK":
            raise imaplib.IMAP4.error("refused")
        found = [part for part in parts if isinstance(part, tuple)]
        # A server may tell of other messages in the same answer.
        own = [part for part in found if re.search(rb"UID %d\b" % number, part[0])]
        return next((part[1] for part in own or found), None)

    def _select(self, folder: str) -> None:
        status, said = self._imap.select(_quoted(folder), readonly=True)
        if status != "OK":
            raise imaplib.IMAP4.error(f"no folder {folder}: {said!r}")
        _code, told = self._imap.response("UIDVALIDITY")
        self._validity = int(told[-1]) if told and told[-1] else 0

    def _reopen(self, folder: str) -> None:
        """Connect anew to the same folder. Raises InputError where that cannot be done."""
        before = self._validity
        with suppress(OSError, imaplib.IMAP4.error):
            self._imap.shutdown()
        self._imap = self._opened()
        try:
            self._select(folder)
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._lost(error) from None
        if self._validity != before:
            raise InputError(f"the mailbox at {self._server.host} was numbered anew meanwhile", "try again")

    def _opened(self) -> imaplib.IMAP4:
        server = self._server
        secret = self._secrets.value(server.password)
        try:
            imap = _connect(server)
            _log_in(imap, server, secret)
        except ssl.SSLError as error:
            words = f"the certificate of {server.host} is not to be trusted ({error.reason})"
            raise InputError(words, "ask whoever runs that server") from None
        except imaplib.IMAP4.error as error:
            words = f"{server.host} does not let {server.user} in ({self._secrets.mask(str(error))})"
            raise InputError(words, "check the user and the password of the inbox") from None
        except OSError as error:
            raise self._lost(error) from None
        return imap

    def _lost(self, error: Exception) -> InputError:
        said = self._secrets.mask(str(error))
        return InputError(
            f"the mailbox at {self._server.host} cannot be read ({said})", "try again when it is back"
        )


def _connect(server: MailServer) -> imaplib.IMAP4:
    host, context = ascii_name(server.host), ssl.create_default_context()
    if server.authority:
        context.load_verify_locations(server.authority)
    if server.security == "tls":
        return imaplib.IMAP4_SSL(host, server.port, ssl_context=context, timeout=TIMEOUT)
    imap = imaplib.IMAP4(host, server.port, timeout=TIMEOUT)
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

"""Reading a mailbox over IMAP (RFC 3501) without changing anything in it."""

from __future__ import annotations

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Protocol, cast

from bcp.errors import InputError
from bcp.host_name import ascii_name
from bcp.outside import MailServer, NewMail
from bcp.world.secret import Secrets

TIMEOUT = 30.0
AT_ONCE = 20
"""The headers of so many messages are asked for at once: over a phone each question takes its time."""
TRIES = 3
"""So often a message is fetched at which the connection breaks, before it is left aside."""
_ENCODED = re.compile(r"(?:[^&]|&[A-Za-z0-9+,]*-)*")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOT_NOW = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|temporar|too many|try again", re.IGNORECASE)
"""A log-in that fails for a while (RFC 5530), whatever the password is."""
_BREAKS = (imaplib.IMAP4.abort, OSError, MemoryError, OverflowError)
"""The connection is of no use any more; the last two where a server announces more bytes than there can be."""
_SHORT = re.compile(rb'BODY\[[^\]]*\](?:<\d+>)? (?:NIL|"((?:[^"\\]|\\.)*)")')
"""A part that is told within the line: an empty one, and short ones of some servers."""
_ANSWER = 1024 * 1024
"""Bytes of an answer that holds no message."""
_LARGEST = 1024 * 1024 * 1024
_PIECE = 64 * 1024
_UID = re.compile(rb"\bUID (\d{1,10})\b")


class _Reads(Protocol):
    """What reads from the server."""

    def read(self, size: int) -> bytes:
        """So many bytes, or fewer at the end."""
        ...


class _Sparing:
    """Of what a server sends at most so many bytes are kept: some send whole messages, whatever part is asked for."""

    most = _ANSWER
    skipped = 0

    def read(self, size: int) -> bytes:
        """Read so many bytes, and give the first of them. Raises OverflowError for more than any message has."""
        if size > _LARGEST:
            raise OverflowError(f"{size} bytes were announced")
        whole = cast(_Reads, super())
        kept = whole.read(min(size, self.most))
        left = size - self.most
        while left > 0 and (passed := whole.read(min(left, _PIECE))):
            left -= len(passed)
            self.skipped += len(passed)
        return kept


class _Imap(_Sparing, imaplib.IMAP4):
    pass


class _ImapTls(_Sparing, imaplib.IMAP4_SSL):
    pass


class ImapMailbox:
    """A mailbox on an IMAP server. Every failure is an InputError in one sentence."""

    def __init__(self, server: MailServer, secrets: Secrets) -> None:
        """Connect, check the certificate, log in."""
        self._server = server
        self._secrets = secrets
        self._validity = 0
        self._folder = ""
        self.fetched = 0
        self._imap = self._opened()

    def search(self, folder: str, message_id: str) -> bool:
        """Whether the folder holds the message with this id."""
        try:
            self._select(folder)
            status, found = self._imap.uid("SEARCH", "HEADER", "Message-ID", _quoted(message_id))
            if status != "OK":  # what it says instead of numbers is no letter
                raise imaplib.IMAP4.error(f"the search was refused: {found!r}")
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

    def numbers(self, folder: str, after: int, since: date | None = None) -> list[int]:
        """The messages behind the number `after` (UID, RFC 3501 2.3.1.1), and from a day on, oldest first.

        The day is that on which the server took them in, by its own clock.
        """
        asked = [f"UID {after + 1}:*"] if after else [] if since else ["ALL"]
        if since:
            asked.append(f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}")
        try:
            self._select(folder)
            status, found = self._imap.uid("SEARCH", *asked)
            if status != "OK":
                raise imaplib.IMAP4.error(f"the search was refused: {found!r}")
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._lost(error) from None
        # Behind the numbers may stand (MODSEQ 1), RFC 7162.
        told = b" ".join(part or b"" for part in found).partition(b"(")[0]
        numbers = {int(one) for one in told.split() if one.isdigit()}
        # The range n:* always holds the last message, also when its number is below n.
        return sorted(number for number in numbers if number > after)

    def heads(self, numbers: Sequence[int], most: int) -> Iterator[NewMail]:
        """The headers of these messages, in this order, at most so many bytes of each; they stay unread.

        One that the server does not hand over, or at which the connection breaks each time, stops none of the others.
        Raises InputError where the server is away: then the message was not looked at.
        """
        part = f"BODY.PEEK[HEADER]<0.{most}>"
        for first in range(0, len(numbers), AT_ONCE):
            some = numbers[first : first + AT_ONCE]
            found = self._several(some, part, most)
            for number in some:
                yield (
                    NewMail(number, found[number][:most])
                    if number in found
                    else self._one(number, part, most)
                )

    def beginning(self, number: int, most: int) -> NewMail:
        """A message, at most so many bytes of it; it stays unread. Raises InputError where the server is away."""
        return self._one(number, f"BODY.PEEK[]<0.{most}>", most)

    def _several(self, numbers: Sequence[int], part: str, most: int) -> dict[int, bytes]:
        """A part of several messages by their numbers; those that are not there are to be asked for one by one."""
        try:
            return self._parts(",".join(map(str, numbers)), part, most)
        except _BREAKS:
            self._reopen(self._folder)
        except imaplib.IMAP4.error:
            pass
        return {}

    def _one(self, number: int, part: str, most: int) -> NewMail:
        """A part of a message. Some servers send more than they are asked for."""
        for _try in range(TRIES):
            try:
                found = self._parts(str(number), part, most)
            except _BREAKS:
                self._reopen(self._folder)
            except imaplib.IMAP4.error:
                return NewMail(number, b"", "the server does not hand it over")
            else:
                gone = number not in found
                return NewMail(
                    number, found.get(number, b"")[:most], "it is not there any more" if gone else ""
                )
        return NewMail(number, b"", "the connection breaks each time it is fetched")

    def _parts(self, numbers: str, part: str, most: int) -> dict[int, bytes]:
        """A part of messages by their numbers. Raises imaplib's error where the server refuses."""
        self._imap.most, self._imap.skipped = most, 0
        try:
            status, answer = self._imap.uid("FETCH", numbers, f"(UID {part})")
        finally:
            self.fetched += self._imap.skipped
            self._imap.most = _ANSWER
        if status != "OK":
            raise imaplib.IMAP4.error("refused")
        found = {}
        for told, rest in zip(answer, [*answer[1:], b""], strict=True):
            short = _SHORT.search(told) if isinstance(told, bytes) else None
            if short and (uid := _UID.search(told)):
                found[int(uid[1])] = re.sub(rb"\\(.)", rb"\1", short[1] or b"")
            if not isinstance(told, tuple):
                continue
            self.fetched += len(told[1])
            # Some servers tell the number behind the message.
            number = _UID.search(told[0]) or (_UID.search(rest) if isinstance(rest, bytes) else None)
            if number:
                found[int(number[1])] = bytes(told[1])
            elif numbers.isdigit():
                found[int(numbers)] = bytes(told[1])
        return found

    def _select(self, folder: str) -> None:
        status, said = self._imap.select(_quoted(_folder_name(folder)), readonly=True)
        if status != "OK":
            raise imaplib.IMAP4.error(f"no folder {folder}: {said!r}")
        _code, told = self._imap.response("UIDVALIDITY")
        self._validity = int(told[-1]) if told and told[-1] and told[-1].isdigit() else 0
        self._folder = folder

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

    def _opened(self) -> _Imap | _ImapTls:
        server = self._server
        secret = self._secrets.value(server.password)
        try:
            imap = _connect(server)
        except ssl.SSLCertVerificationError as error:
            words = f"the certificate of {server.host} is not to be trusted ({error.reason})"
            raise InputError(words, "ask whoever runs that server") from None
        except ssl.SSLError as error:
            words = f"port {server.port} of {server.host} speaks no TLS as it is asked to ({error.reason})"
            raise InputError(words, "check the port and the security of the inbox") from None
        except (imaplib.IMAP4.error, OSError) as error:
            if "TLS not supported" in str(error):
                words = f"{server.host} offers no STARTTLS at port {server.port}"
                raise InputError(words, "check the port and the security of the inbox") from None
            raise self._lost(error) from None
        try:
            _log_in(imap, server, secret)
        except (imaplib.IMAP4.abort, OSError) as error:
            raise self._lost(error) from None
        except imaplib.IMAP4.error as error:
            if _NOT_NOW.search(str(error)):
                raise self._lost(error) from None
            words = f"{server.host} does not let {server.user} in ({self._secrets.mask(str(error))})"
            raise InputError(words, "check the user and the password of the inbox") from None
        return imap

    def _lost(self, error: Exception) -> InputError:
        said = self._secrets.mask(str(error))
        return InputError(
            f"the mailbox at {self._server.host} cannot be read ({said})", "try again when it is back"
        )


def _connect(server: MailServer) -> _Imap | _ImapTls:
    host, context = ascii_name(server.host), ssl.create_default_context()
    if server.authority:
        context.load_verify_locations(server.authority)
    if server.security == "tls":
        return _ImapTls(host, server.port, ssl_context=context, timeout=TIMEOUT)
    imap = _Imap(host, server.port, timeout=TIMEOUT)
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


def _folder_name(name: str) -> str:
    """A folder as IMAP names it: `Wys&AUI-ane` for `Wysłane` (RFC 3501, 5.1.3). One that is written so stays."""
    if name.isascii() and (_ENCODED.fullmatch(name) or "&" not in name):
        return name
    pieces = re.split(r"([^\x20-\x7e]+)", name)
    return "".join(
        _shifted(piece) if index % 2 else piece.replace("&", "&-") for index, piece in enumerate(pieces)
    )


def _shifted(letters: str) -> str:
    packed = b64encode(letters.encode("utf-16-be", "replace")).decode().rstrip("=").replace("/", ",")
    return f"&{packed}-"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

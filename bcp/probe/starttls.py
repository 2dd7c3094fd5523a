"""STARTTLS: how a connection that begins in plain text goes on encrypted, in each protocol that offers it.

SMTP by RFC 3207, IMAP and POP3 by RFC 2595, FTP by RFC 4217.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Literal

from bcp.i18n import _
from bcp.probe.base import Attempt
from bcp.probe.dial import SocketStream
from bcp.probe.trouble import Trouble, one_line

StartTls = Literal["smtp", "imap", "pop3", "ftp"]
OF_PORT: Mapping[int, StartTls] = {25: "smtp", 587: "smtp", 143: "imap", 110: "pop3", 21: "ftp"}
_MOST_LINES = 100
_GREETS_WITHIN = 1.0
"""Seconds in which a port greets that was taken for an encrypted one; those that greet later name their protocol."""


async def begin(stream: SocketStream, attempt: Attempt, host: str, protocol: StartTls) -> None:
    """Take the greeting and ask for encryption, so that `stream.encrypt` is what comes next.

    Raises Trouble where that is not offered, or the other side speaks something else.
    """
    attempt.doing = _("waiting for the greeting of {host}").format(host=host)
    match protocol:
        case "smtp":
            await _wanted(stream, host, "220")
            stream.say("EHLO bcp.invalid")
            await _wanted(stream, host, "250")
            stream.say("STARTTLS")
            await _wanted(stream, host, "220")
        case "imap":
            await _wanted(stream, host, "* OK")
            stream.say("a1 STARTTLS")
            await _wanted(stream, host, "a1 OK", "a1 ")
        case "pop3":
            await _wanted(stream, host, "+OK")
            stream.say("STLS")
            await _wanted(stream, host, "+OK")
        case "ftp":
            await _wanted(stream, host, "220")
            stream.say("AUTH TLS")
            await _wanted(stream, host, "234")


async def _wanted(stream: SocketStream, host: str, start: str, tag: str = "") -> None:
    """Read one reply, over as many lines as it has; the last one must begin with `start`."""
    goes_on = ""
    for _line in range(_MOST_LINES):
        line = await stream.line()
        if line[:3].isdecimal() and line[3:4] == "-":
            goes_on = goes_on or f"{line[:3]} "
        if not line.startswith(goes_on or tag):
            continue
        if line.upper().startswith(start.upper()):
            return
        raise Trouble(
            _("{host} does not offer encryption (STARTTLS). It says: {words}").format(
                host=host, words=one_line(line, 120) or "-"
            )
        )
    raise Trouble(_("{host} does not offer encryption (STARTTLS)").format(host=host))


def is_plain_text(error: ssl.SSLError) -> bool:
    """Whether a handshake failed because the other side does not speak TLS, at least not at once."""
    reason = error.reason or ""
    return any(part in reason for part in ("VERSION_NUMBER", "RECORD", "PACKET_LENGTH"))


async def greeted_with(attempt: Attempt, host: str, port: int) -> StartTls | None:
    """The protocol whose greeting the port sends; None where it sends none that we know."""
    try:
        async with SocketStream(attempt, host, port) as stream, asyncio.timeout(_GREETS_WITHIN):
            greeting = (await stream.line()).upper()
    except (TimeoutError, OSError, EOFError, Trouble):
        return None
    if greeting.startswith("220"):
        return "ftp" if "FTP" in greeting else "smtp"
    if greeting.startswith("* OK"):
        return "imap"
    return "pop3" if greeting.startswith("+OK") else None

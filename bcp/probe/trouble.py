"""Trouble: a look that failed, with its reason in plain words; and plain words for what the system says."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Mapping
from typing import Any, Literal

from bcp.i18n import _
from bcp.system_error import number


class Trouble(Exception):
    """Why a look did not see what it should: the reason, the state that follows, and what was seen."""

    def __init__(
        self,
        reason: str,
        state: Literal["down", "inconclusive"] = "down",
        evidence: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.state: Literal["down", "inconclusive"] = state
        self.evidence: Mapping[str, Any] = evidence or {}


def explain(error: Exception, via: str | None = None) -> Trouble:
    """`error` (of the system, TLS, a parser) as Trouble; inconclusive where this computer is at fault."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble(_certificate(error))
    if isinstance(error, ssl.SSLError):
        return Trouble(_("no encrypted connection: {why}").format(why=_tls_words(error)))
    if isinstance(error, EOFError):
        return Trouble(_("the connection was closed before the answer was complete"))
    if isinstance(error, OSError):
        return _system(error, via)
    return Trouble(_("the answer makes no sense: {why}").format(why=_short(str(error))))


def _system(error: OSError, via: str | None) -> Trouble:
    meant = number(error)
    if meant in (errno.ENODEV, errno.ENXIO) and via:
        return Trouble(_("this computer has no interface {name}").format(name=via), "inconclusive")
    if isinstance(error, ConnectionError) and meant not in _there():
        meant = errno.ECONNREFUSED if isinstance(error, ConnectionRefusedError) else errno.ECONNRESET
    if meant in (here := _here()):
        return Trouble(here[meant], "inconclusive")
    return Trouble(_there().get(meant) or _short(error.strerror or str(error)))


def _there() -> dict[int, str]:
    return {
        errno.ECONNREFUSED: _("the connection was refused: nothing listens there"),
        errno.ECONNRESET: _("the connection was cut by the other side"),
        errno.EPIPE: _("the connection was cut by the other side"),
        errno.ECONNABORTED: _("the connection was cut by the other side"),
        errno.EHOSTUNREACH: _("it cannot be reached: a router on the way says so"),
        errno.EHOSTDOWN: _("it cannot be reached: a router on the way says so"),
        errno.ENETUNREACH: _("this computer knows no way there"),
        errno.ENETDOWN: _("this computer's network is down"),
        errno.ENOBUFS: _("this computer's network takes no packets"),
        errno.ETIMEDOUT: _("no answer"),
    }


def _here() -> dict[int, str]:
    return {
        errno.EMFILE: _("this computer has too many connections open"),
        errno.ENFILE: _("this computer has too many connections open"),
        errno.EACCES: _("this computer does not allow it"),
        errno.EPERM: _("this computer does not allow it"),
        errno.EADDRNOTAVAIL: _("this computer has no address left to look from"),
        errno.ENOMEM: _("this computer has no memory left"),
    }


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    said = error.verify_message or str(error)
    for part, words in _certificates().items():
        if part in said.lower():
            return words
    return _("its certificate is not accepted: {why}").format(why=_short(said))


def _certificates() -> dict[str, str]:
    return {
        "not yet valid": _("its certificate is not valid yet"),
        "expired": _("its certificate has expired"),
        "self-signed": _("its certificate is signed by nobody we trust"),
        "self signed": _("its certificate is signed by nobody we trust"),
        "local issuer": _("its certificate is signed by nobody we trust"),
        "hostname mismatch": _("its certificate is for another name"),
        "ip address mismatch": _("its certificate is for another address"),
    }


def _tls_words(error: ssl.SSLError) -> str:
    return _short((error.reason or str(error)).replace("_", " ").lower())


def one_line(text: str, most: int = 280) -> str:
    """One line that can be printed anywhere: a server must not be able to write on somebody's terminal."""
    if text.isprintable() and len(text) <= most:
        return text
    line = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * most])
    return " ".join(line.split())[:most]


def _short(text: str) -> str:
    return one_line(text, 120) or "?"

"""The certificates that a server shows: its own, and those of the authorities that vouch for it."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate: whom it is for, who signed it, and the moment of its end in seconds since 1970."""

    name: str
    issuer: str
    until: float
    until_text: str


def shown_chain(layer: ssl.SSLObject, now: float) -> list[Certificate]:
    """The server's own certificate first, then all that it sent and all that this computer took to verify it.

    One that has ended and was not taken is left out: nobody trusts this server because of it. Python gives the whole
    chain by a name of its own from 3.10 on, and by a public one, without dates, from 3.13 on; where neither is there,
    it is the server's own certificate alone.
    """
    own = layer.getpeercert() or {}
    inner: Any = getattr(layer, "_sslobj", None)
    try:
        taken = [each.get_info() for each in inner.get_verified_chain() or ()]
        sent = [each.get_info() for each in inner.get_unverified_chain() or ()]
    except (AttributeError, TypeError, ValueError, ssl.SSLError):
        taken, sent = [], []
    needed = dict.fromkeys(_certificate(each) for each in (own, *taken))
    others = dict.fromkeys(_certificate(each) for each in sent)
    return [*needed, *(each for each in others if each not in needed and each.until > now)]


def _certificate(info: Mapping[str, Any]) -> Certificate:
    until = str(info["notAfter"])
    return Certificate(
        _name(info.get("subject", ())), _name(info.get("issuer", ())), ssl.cert_time_to_seconds(until), until
    )


def _name(parts: Iterable[Iterable[tuple[str, str]]]) -> str:
    said = dict(pair for group in parts for pair in group)
    return said.get("commonName") or said.get("organizationName") or ""

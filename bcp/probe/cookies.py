"""Cookies within one look: what a server sets on the way through its redirects is given back to it (RFC 6265)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

_MOST, _LONGEST = 50, 4096


class _Cookie(NamedTuple):
    domain: str  # with a leading dot: also for what lies below
    path: str
    is_secure: bool
    value: str


@dataclass
class Cookies:
    """The cookies of one look, by name, domain and path."""

    _kept: dict[tuple[str, str, str], _Cookie] = field(default_factory=dict)

    def keep(self, told: Iterable[str], host: str, path: str, now: datetime) -> None:
        """Take what `Set-Cookie` headers of a page say; one that has ended is forgotten."""
        for text in told:
            pair, *rest = text[:_LONGEST].split(";")
            name, equals, value = (each.strip() for each in pair.partition("="))
            said = {
                word.strip().lower(): text.strip()
                for word, _sign, text in (each.partition("=") for each in rest)
            }
            domain = _domain(said.get("domain", ""), host)
            if not equals or not name or not domain:
                continue
            key = (name, domain, said["path"] if said.get("path", "").startswith("/") else _folder(path))
            if _is_over(said.get("max-age", ""), said.get("expires", ""), now):
                self._kept.pop(key, None)
            elif key in self._kept or len(self._kept) < _MOST:
                self._kept[key] = _Cookie(*key[1:], "secure" in said, value)

    def header(self, host: str, path: str, *, is_safe: bool) -> str:
        """What is sent with a request as `Cookie`: the longest path first; nothing where there is none."""
        return "; ".join(f"{name}={value}" for name, value in self._of(host, path or "/", is_safe))

    def _of(self, host: str, path: str, is_safe: bool) -> Iterator[tuple[str, str]]:
        for (name, _domain, _path), one in sorted(self._kept.items(), key=lambda each: -len(each[1].path)):
            is_for_host = host == one.domain.removeprefix(".") or (
                one.domain[:1] == "." and host.endswith(one.domain)
            )
            is_below = path == one.path or path.startswith(one.path.rstrip("/") + "/")
            if is_for_host and is_below and (is_safe or not one.is_secure):
                yield name, one.value


def _domain(said: str, host: str) -> str:
    """The domain that a cookie is for: the server alone, or what it says; nothing where it does not belong to that."""
    domain = said.lower().lstrip(".")
    if not domain or domain == host:
        return f".{host}" if domain else host
    return f".{domain}" if "." in domain and host.endswith(f".{domain}") else ""


def _is_over(age: str, until: str, now: datetime) -> bool:
    """Whether a cookie has ended; its age counts before its date (RFC 6265 §5.3)."""
    if re.fullmatch(r"-?\d{1,12}", age, re.ASCII):
        return int(age) <= 0
    if not until:
        return False
    from email.utils import parsedate_to_datetime  # 5 ms, and few pages set a date

    with suppress(ValueError, TypeError, IndexError, OverflowError):
        ends = parsedate_to_datetime(until.replace("-", " "))
        return (ends if ends.tzinfo else ends.replace(tzinfo=UTC)) <= now
    return False


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "/"

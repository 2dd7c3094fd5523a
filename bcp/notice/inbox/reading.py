"""Reads one mail: who wrote, what it answers, what it asks for, which letter it returns.

Anybody may write to this mailbox. So a mail is measured before it is read, and one that cannot be read in whatever
way is a `StrangeMail`: it stops nothing, and is left to a person with a mail program.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from bcp.notice.inbox import phrases
from bcp.notice.inbox.automatic import Sorting, Writer, is_receipt, sorting
from bcp.notice.inbox.bounce import Bounce, bounces_of, is_daemon, is_null, is_report, says_so
from bcp.notice.inbox.headers import LONGEST, MOST_LINES, Headers, line
from bcp.notice.inbox.opt_out import Wish, own_words, wish
from bcp.notice.inbox.phrases import begins
from bcp.notice.inbox.unpack import MOST, ids_in, too_much, words_of

_WRITTEN = 32 * 1024
"""Bytes in which a person says what is to be said; pictures come behind it."""
_ID = re.compile(r"<([^<>\s]{1,998})>")


@dataclass(frozen=True, slots=True)
class Received:
    """A message that somebody, or something, wrote to us.

    `answers` are the letters that its headers say it answers; `returns` everything in it that may be the id of a
    letter, where a server wrote it, with `bounces`, what it says became of that. `is_sure` means that it is a bounce
    by its own words, whoever wrote it.
    """

    message_id: str
    sender: str
    name: str
    subject: str
    answers: tuple[str, ...]
    writer: Writer
    why: str = ""
    wish: Wish = ""
    words: str = ""
    returns: frozenset[str] = frozenset()
    bounces: tuple[Bounce, ...] = ()
    is_sure: bool = False
    says_something: bool = False
    """Whether anything but its empty Return-Path speaks of a bounce."""
    strange: str = ""
    """Why what it returns could not be read as it should."""
    alone: str = ""
    """The address of its sender, where no other stands beside it."""

    @property
    def shown(self) -> str:
        """Who wrote, as a list shows it."""
        return f"{self.name} <{self.sender}>" if self.name and self.name != self.sender else self.sender


@dataclass(frozen=True, slots=True)
class StrangeMail:
    """A mail that could not be read, why in a few words of ours, and whatever its headers say."""

    why: str
    sender: str = ""
    subject: str = ""
    message_id: str = ""


def read(raw: bytes, country: str = "") -> Received | StrangeMail:
    """What a message says, by its beginning or the whole of it; `country` is the office's. It never raises."""
    headers = Headers(b"")
    try:
        headers = Headers(raw, country)
        if headers.too_much:
            words = f"it has more than {MOST_LINES} lines or {LONGEST // 1024} KB of headers"
            return strange(headers, raw, words)
        return _read(headers, raw[: headers.length + MOST], country)
    except Exception as error:  # noqa: BLE001 - a stranger wrote it, and nobody knows in how many ways that fails
        return strange(headers, raw, f"it cannot be read ({type(error).__name__})")


def more_bytes(head: bytes, is_known: Callable[[str], bool], country: str = "") -> int:
    """How many bytes behind the headers are to be fetched: of bounces, reports, and of those whom we write to.

    `is_known` says it of an id of a letter, and of an address. It never raises.
    """
    try:
        headers = Headers(head, country)
        if headers.too_much:
            return 0
        if is_null(headers) or is_report(headers) or is_receipt(headers):
            return MOST
        known = any(map(is_known, (*_answers(headers), headers.address().casefold())))
        return _WRITTEN if known else 0
    except Exception:  # noqa: BLE001 - as above: `read` says what is strange about it
        return 0


def strange(headers: Headers, raw: bytes, why: str) -> StrangeMail:
    """A mail that is left aside, with whatever its headers say."""
    try:
        return StrangeMail(why, headers.address(), headers.shown("Subject"), _own_id(headers, raw))
    except Exception:  # noqa: BLE001 - as above: then it has no headers that anybody can read
        return StrangeMail(why, message_id=_digest(raw))


def _read(headers: Headers, raw: bytes, country: str) -> Received:
    words = words_of(raw, country)
    subject = headers.shown("Subject")
    sorted_as = sorting(headers, raw, words)
    if is_receipt(headers) or not (is_null(headers) or is_report(headers)):
        # A receipt names the letter in its report (Original-Message-ID).
        answers = (*_answers(headers), *(ids_in(raw) if is_receipt(headers) else ()))
        own = line(own_words(words))
        return _received(headers, raw, sorted_as, answers, wish=wish(subject, words), words=own)
    found = tuple(bounces_of(headers, raw, country))
    is_away = begins(phrases.AUTOMATIC_SUBJECTS, subject)
    is_sure = is_report(headers) or (says_so(headers) and not is_away)
    if not is_sure and not is_daemon(headers) and (is_away or _signed(headers, found[0])):
        found = ()  # an answer of a program, which nobody is to answer
    said = found and (found[0].recipient or found[0].status or is_daemon(headers))
    return _received(
        headers, raw, sorted_as, _answers(headers), returns=ids_in(raw), bounces=found, is_sure=is_sure,
        says_something=bool(is_sure or said), strange=too_much(raw),
    )  # fmt: skip


def _signed(headers: Headers, said: Bounce) -> bool:
    """Whether it says of itself that it is an answer of somebody who is away (RFC 5230, Exchange), of no failure."""
    submitted = headers.raw("Auto-Submitted").lower()
    if "vacation" in submitted or (submitted.startswith("auto-replied") and not said.status):
        return True
    return headers.has(
        "X-Auto-Response-Suppress",
        "X-MS-Exchange-Inbox-Rules-Loop",
        "X-Autoreply",
        "X-Autorespond",
        "X-Vacation",
    )


def _received(
    headers: Headers, raw: bytes, sorted_as: Sorting, answers: tuple[str, ...], **more: object
) -> Received:
    """A message; one without an id of its own is known by its bytes, so that two of them are two."""
    return Received(
        message_id=_own_id(headers, raw),
        sender=headers.address(),
        name=headers.person(),
        subject=headers.shown("Subject"),
        answers=answers,
        writer=sorted_as.writer,
        why=sorted_as.why,
        alone=headers.only_address(),
        **more,  # type: ignore[arg-type]
    )


def _answers(headers: Headers) -> tuple[str, ...]:
    named = " ".join(headers.raw(name) for name in ("In-Reply-To", "References"))
    return tuple(f"<{found.lower()}>" for found in _ID.findall(named))


def _own_id(headers: Headers, raw: bytes) -> str:
    return line(headers.raw("Message-ID")) or _digest(raw)


def _digest(raw: bytes) -> str:
    return f"<{sha256(raw).hexdigest()[:32]}@no-id>"

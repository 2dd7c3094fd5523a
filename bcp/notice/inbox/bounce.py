"""Bounces in whatever shape they come: RFC 3464 and 6533, and those of servers that follow no standard.

What a report says is looked for in all that a mail holds, so it is found in parts within parts, and in base64, too:

    RFC 3464, 6533     Final-Recipient, Action, Status, Diagnostic-Code     rfc-editor.org/rfc/rfc3464, rfc6533
    Exim               X-Failed-Recipients, and the server's words           exim.org, "Bounce messages"
    qmail              <address>: its sentence, (#5.1.1)                     cr.yp.to/proto/qsbmf.txt
    Exchange           Remote Server returned '550 5.1.10 …'                 learn.microsoft.com, "Non-delivery reports"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bcp.notice.inbox import phrases
from bcp.notice.inbox.headers import Headers, line, text_of
from bcp.notice.inbox.phrases import begins, holds, plain
from bcp.notice.inbox.unpack import readings

_ABOUT_US = ("5.1.7", "5.1.8")
"""Statuses about the sender's address (RFC 3463): nobody else's address is bad."""
_ABOUT_US_IN_WORDS = re.compile(
    r"\bsender\b.{0,60}\b(reject|den[iy]|block|invalid|unknown|refus)|\bspam|black ?list|block ?list|reputation"
    r"|blocked using",
    re.IGNORECASE,
)
"""Some servers say so with the status of a recipient who does not exist: then no address is struck off."""
_MOST_BLOCKS = 500
_LONGEST_WORDS = 64 * 1024
_FOLD = re.compile(r"\r?\n[ \t]+(?=\S)")
_BLANK = re.compile(r"(?:\r?\n[ \t>]*){2,}")
_FIELD = re.compile(
    r"^[ \t>]{0,8}(Final-Recipient|Original-Recipient|Action|Status|Diagnostic-Code)[ \t]*:[ \t]*(.{0,2000})$",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?!\.?\d)")
"""RFC 3463 has eight subjects, 0 to 7: `Exim 4.94.2` is a program."""
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-#]{1,3}[\w<(\[#])")
_RETURNED = re.compile(
    r"^[ \t>]{0,8}(?:Return-Path|Received|Message-ID|DKIM-Signature|MIME-Version|Reply-To):", re.I | re.M
)
_ADDRESS = re.compile(r"[^\s<>\"'(),:;]{1,100}@[^\s<>\"'(),:;]{1,200}")
_DAEMON = re.compile(r"mailer-?daemon|mail-?daemon|postmaster|mdaemon|mail-?delivery\w*|microsoftexchange\w*")
_DAEMON_NAME = re.compile(
    r"(the )?(e-?)?mail(er)?[ -]?((delivery|daemon|system)[ -]?)+((sub)?system|service|software)?( at .*)?"
    r"|postmaster|delivery (sub)?system"
)
_ANSWER = re.compile(rf"{phrases.REPLY_MARKS}", re.IGNORECASE)
_TAG = re.compile(r"<[/!]?[a-zA-Z][a-zA-Z0-9]{0,20}(?:\s[^<>@]{0,2000})?/?>")
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A server says what became of a letter to a recipient. `hard` means that the address will never do."""

    recipient: str
    status: str
    reason: str
    delayed: bool = False
    """Only late: the server goes on trying. One that gave up says so, also with a status that begins with 4."""
    arrived: bool = False
    """A report of success."""

    @property
    def hard(self) -> bool:
        """The address does not exist or does not take mail (RFC 3463: 5.1.x about the recipient, 5.2.1)."""
        is_address = self.status.startswith("5.1.") and self.status not in _ABOUT_US
        if _ABOUT_US_IN_WORDS.search(self.reason):
            return False
        return (is_address and not self.status.startswith("5.1.9")) or self.status == "5.2.1"


def is_null(headers: Headers) -> bool:
    """Whether nobody is to be answered: an empty Return-Path, or where there is none a server's own address."""
    paths = headers.all("Return-Path")
    if paths:
        path = paths[0].strip(b"<> \t").lower()
        return not path or path.partition(b"@")[0] in (b"mailer-daemon", b"null")
    if headers.has("X-MS-Exchange-Message-Is-Ndr"):
        return True
    # In some offices a person writes as postmaster.
    is_answer = headers.has("In-Reply-To") and _ANSWER.match(headers.shown("Subject"))
    return is_daemon(headers) and not (is_answer and not headers.has("Auto-Submitted", "X-Failed-Recipients"))


def is_daemon(headers: Headers) -> bool:
    """Whether a mail server wrote, by the address or the name."""
    local = headers.address().partition("@")[0].lower()
    return bool(_DAEMON.fullmatch(local) or _DAEMON_NAME.fullmatch(headers.person().lower()))


def is_report(headers: Headers) -> bool:
    """Whether it says that it is a delivery report (RFC 3462)."""
    kind = headers.raw("Content-Type").lower()
    return kind.startswith("multipart/report") and "disposition-notification" not in kind


def says_so(headers: Headers) -> bool:
    """Whether the headers alone say that it is a bounce."""
    return (
        is_report(headers)
        or headers.has("X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr")
        or begins(phrases.BOUNCE_SUBJECTS, headers.shown("Subject"))
    )


def bounces_of(headers: Headers, raw: bytes, country: str = "") -> list[Bounce]:
    """What a bounce says of each recipient; where it says nothing that can be read, one without a recipient."""
    found = list(dict.fromkeys(_reported(raw, country)))
    if found:
        return found
    words = _own_words(headers, raw, country)
    status, reason = _status_and_reason(words)
    gave_up = re.search(phrases.GAVE_UP, plain(words)) or status.startswith("5")
    said = plain(f"{headers.shown('Subject')} {words}")
    late = re.search(phrases.LATE, said) and not gave_up
    late = late or (re.search(phrases.STILL_TRYING, said) and not status.startswith("5"))
    named = headers.raw("X-Failed-Recipients") or words
    address = _ADDRESS.search(named)
    return [Bounce(address[0].strip(".") if address else "", status, reason, bool(late))]


def _reported(raw: bytes, country: str) -> Iterator[Bounce]:
    """The recipients of a report, wherever in the mail it lies."""
    left = _MOST_BLOCKS
    for reading in readings(raw):
        if b"-recipient" not in reading.lower():
            continue
        text = text_of(reading, "", country)
        for block in _BLANK.split(_FOLD.sub(" ", text))[:left]:
            left -= 1
            fields = {name.lower(): value.strip() for name, value in _FIELD.findall(block)}
            if "status" in fields or "action" in fields:
                yield from _recipient(fields)


def _recipient(fields: Mapping[str, str]) -> Iterator[Bounce]:
    named = fields.get("final-recipient") or fields.get("original-recipient") or ""
    if not named:
        return
    action = fields.get("action", "").partition(" ")[0].lower()
    status = (_STATUS.search(fields.get("status", "")) or [""])[0]
    reason = fields.get("diagnostic-code", "")
    reason = line(reason.partition(";")[2] or reason)
    delayed = action == "delayed" or (action != "failed" and status.startswith("4."))
    arrived = action in ("delivered", "relayed", "expanded") or (not action and status.startswith("2."))
    yield Bounce(_address(named), status, reason, delayed, arrived)


def _address(named: str) -> str:
    """`rfc822; a@b`, or with letters of any alphabet `utf-8; ą@b` and `utf-8-addr-xtext; \\x{105}@b` (RFC 6533)."""
    kind, semicolon, address = named.partition(";")
    text = (address if semicolon else kind).strip().strip("<>")
    return line(_HEX.sub(lambda found: _letter(found[1]), text))


def _letter(code: str) -> str:
    number = int(code, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _own_words(headers: Headers, raw: bytes, country: str) -> str:
    """What the server wrote itself, before the letter that it returns."""
    found = []
    for reading in readings(raw[headers.length :]):
        text = text_of(reading[:_LONGEST_WORDS], "", country)
        returned = _RETURNED.search(text)
        if returned:  # the other headers of the letter stand before this one, behind an empty line
            text = text[: returned.start()]
            text = text[: next((blank.start() for blank in reversed(list(_BLANK.finditer(text)))), len(text))]
        found.append(_TAG.sub(" ", text))
    return next((words for words in _best_first(found) if words.strip()), "")


def _best_first(texts: Iterable[str]) -> list[str]:
    """Those first that say what was the matter."""
    return sorted(texts, key=lambda text: not (_STATUS.search(text) or _CODE.search(text)))


def _status_and_reason(words: str) -> tuple[str, str]:
    """The status (RFC 3463), also where only words say it, and the sentence that does."""
    rows = [row.strip() for row in words.splitlines()]
    status = next((found for row in rows if (found := _STATUS.search(row)) and found[1][0] != "2"), None)
    code = next((found for row in rows if (found := _CODE.search(row))), None)
    known = holds(phrases.NO_SUCH_MAILBOX, words), holds(phrases.FULL, words)
    if status:
        reason = next(row for row in rows if status[0] in row)
    else:
        last = next((row for row in reversed(rows) if re.search(r"\w", row) and not row.startswith("--")), "")
        reason = next((row for row in rows if code and code[0] in row), "") or next(filter(None, known), last)
    said = status[1] if status else "5.1.1" if known[0] else "5.2.2" if known[1] else ""
    if not said and code:
        said = f"{code[1][0]}.0.0"
    return said, line(reason.strip("'\" "))


def said_of(address: str, bounces: Sequence[Bounce]) -> Bounce:
    """What is said of the recipient of a letter; where a server names another one, who gets its mail, of that."""
    own = [each for each in bounces if each.recipient.casefold() == address.casefold()]
    failed = [each for each in (own or bounces) if not each.arrived]
    return next((each for each in failed if not each.delayed), (failed or list(own or bounces))[0])

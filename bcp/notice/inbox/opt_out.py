"""Somebody asks for no more letters: the mail that our `List-Unsubscribe` begins, or a word in a language of ours.

Only the address that wrote it is meant, never one that it names: anybody may write, and nobody may silence another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal, NamedTuple

from bcp.notice.inbox import phrases
from bcp.notice.inbox.phrases import is_alone, plain

WORD = "unsubscribe"
Wish = Literal["", "unsubscribe", "request"]
"""`unsubscribe` is done at once; a `request` is for a person to decide."""

_MOST_WORDS = 4000
_MARKS = re.compile(rf"^{phrases.REPLY_MARKS}+", re.I)
_QUOTED = re.compile(rf"(?:{phrases.QUOTED_FROM})")


class _Answer(NamedTuple):
    subject: str
    text: str


ANSWERS: Mapping[str, _Answer] = {
    "en": _Answer(
        "You will get no more notices from us",
        "We will send no more notices to {address}.\n\nWas that a mistake? Reply to this mail, and we change it back.",
    ),
    "pl": _Answer(
        "Nie będziemy już wysyłać powiadomień",
        "Na adres {address} nie wyślemy już żadnych powiadomień.\n\n"
        "To pomyłka? Proszę odpowiedzieć na tę wiadomość, a przywrócimy powiadomienia.",
    ),
    "cs": _Answer(
        "Oznámení už nebudeme posílat",
        "Na adresu {address} už žádná oznámení posílat nebudeme.\n\n"
        "Byl to omyl? Odpovězte prosím na tento e-mail a oznámení obnovíme.",
    ),
    "de": _Answer(
        "Sie erhalten keine Mitteilungen mehr von uns",
        "An {address} senden wir keine Mitteilungen mehr.\n\n"
        "War das ein Versehen? Antworten Sie auf diese E-Mail, dann machen wir es rückgängig.",
    ),
    "el": _Answer(
        "Δεν θα σας στέλνουμε πια ειδοποιήσεις",
        "Δεν θα στέλνουμε πια ειδοποιήσεις στη διεύθυνση {address}.\n\n"
        "Ήταν λάθος; Απαντήστε σε αυτό το μήνυμα και θα το αλλάξουμε.",
    ),
}


def own_words(words: str) -> str:
    """What somebody wrote above the letter that is quoted and the signature, in one line."""
    own = []
    for row in words[:_MOST_WORDS].splitlines():
        if row.strip() and _QUOTED.fullmatch(plain(row)):
            break
        own.append(row)
    return " ".join(" ".join(own).split())


def wish(subject: str, words: str) -> Wish:
    """What a mail asks for; `words` is what stands in it."""
    asked, own = _MARKS.sub("", subject.strip()), own_words(words)
    if is_alone(WORD, asked) or is_alone(WORD, own):
        return "unsubscribe"
    if is_alone(phrases.ASKED_ALONE, own) or (is_alone(phrases.ASKED_ALONE, asked) and len(own) < 200):
        return "request"
    return "request" if re.match(rf"\W*{WORD}\b", plain(own)) else ""


def answer(
    sender: tuple[str, str], to: str, language: str, answered: str, *, message_id: str, reply_to: str
) -> bytes:
    """The short mail that says so, without its date. It is an automatic answer (RFC 3834), so none answers it.

    `sender` is our name and address, `answered` the Message-ID of the mail that asked. Raises ValueError for a name or
    address that no header can hold.
    """
    found = ANSWERS.get(language, ANSWERS["en"])
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(sender[0], addr_spec=sender[1])
    mail["To"] = Address(addr_spec=to)
    if reply_to and reply_to != sender[1]:
        mail["Reply-To"] = reply_to
    mail["Subject"] = found.subject
    mail["Message-ID"] = message_id
    if re.fullmatch(r"<[!-;=?-~]{1,900}>", answered):
        mail["In-Reply-To"] = answered
    mail["Content-Language"] = language if language in ANSWERS else "en"
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(f"{found.text.format(address=to)}\n\n{sender[0]}\n", cte="quoted-printable")
    return mail.as_bytes()

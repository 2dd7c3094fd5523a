"""The contacts whose letters are looked at before a sending: something is most likely to look wrong in theirs."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.contact.model import Contact
from bcp.notice.text.merge import LetterText

_SHORT = {
    "sms": "text message",
    "paste": "put up by hand",
    "say": "said on the phone",
    "voicemail": "voicemail",
}
"""The texts beside the letter, and what each is called on the screen."""


def specimens(readers: Sequence[Contact]) -> list[Contact]:
    """The one with the longest name, and the one with the ugliest address if that is somebody else."""
    longest = max(readers, key=lambda one: len(one.called))
    ugliest = max((one for one in readers if one.email), key=_ugliness, default=longest)
    return [longest] if ugliest is longest else [longest, ugliest]


def _ugliness(reader: Contact) -> tuple[int, int]:
    """What is neither letter nor figure in an address counts first, then its length."""
    address = reader.email or ""
    return sum(not letter.isalnum() for letter in address), len(address)


def shown(reader: Contact, text: LetterText) -> list[str]:
    """The letter in lines, as it is read on a screen."""
    to = f"{reader.called} <{reader.email}>" if reader.email else reader.called
    short = [
        line
        for name, label in _SHORT.items()
        if name in text.parts
        for line in ("", f"[{label}] {text.parts[name]}")
    ]
    return [f"To: {to}", f"Subject: {text.subject}", "", *text.body.splitlines(), *short]

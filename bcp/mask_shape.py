"""What looks like nobody else's business although nobody said so: addresses, logins, accounts, phone numbers."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from bcp.revealed import MASK

SEPARATOR = r"(?:[\s().\-/\u00a0\u202f\u2010-\u2015·_]|%20){0,3}"
"""What may stand between the digits of a phone number."""
SAME_NUMBER = 7
"""So many last digits make a phone number the same, whatever stands before them."""

_URL = r"(?i)(?P<scheme>[a-z][a-z0-9+.\-]*://)(?P<rest>[^\s\"'<>|]*)"
_HOST = r"(?i)(?:[^/?#]*@)?(?P<host>\[[0-9a-f:.%]*\]|[\w.\-]+)?(?P<port>:\d{1,5})?(?P<more>.*)"
# Begun where a word begins, and not gone back into: else a long word takes its length squared.
_ADDRESS = r"(?:\"[^\"\n]*\"|(?<![^\s@<>\"(),;:\\\[\]])[^\s@<>\"(),;:\\\[\]]++)@[^\s@<>\"(),;\\]+"
_LOGIN = r"""(?ix)
    (?P<key>\b(?:proxy-)?authorization|\b(?:set-)?cookie|(?<![\w-])[\w-]*(?:api[-_ ]?key|token|passw(?:or)?d|passwd|pwd
    |secret|heslo|has[lł]o|kennwort|passwort)\b)
    (?P<sign>["']?\s*[:=]\s*)(?P<value>[^\n]+)
    """
_BEARER = r"(?i)\b(?P<key>bearer|basic|negotiate)\s+(?!•)[\w.~+/=\-]{6,}"
_NO_NUMBER = r"""(?x)
    (?<![\w+]) (?<!\d[.\-/]) (?:
        \d{4}-\d\d-\d\d (?:[T\ ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)? (?:[+-]\d\d:\d\d)? )?
        | \d\d?[./]\d\d?[./]\d{4}
        | \d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?
        | \d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?
    ) (?![.\-/]?\d)
    """
"""Dates, times and addresses of computers."""
_NUMBER = rf"(?<!\w)(?<!\d[.,])[+(]{{0,2}}\d(?:{SEPARATOR}\d){{6,}}(?!\w)"
_ACCOUNT = r"\b[A-Z]{2}\d\d(?:[ \-\u00a0]?[A-Z0-9]{4}){2,7}(?:[ \-\u00a0]?[A-Z0-9]{1,4})?\b"
_LOGIN_SIGNS = ("auth", "cookie", "key", "token", "pass", "pwd", "secret", "heslo", "has", "kennwort")

# Compiled when they are first needed: together they take longer than the rest of a command's beginning.
shape = cache(re.compile)


class Marks(NamedTuple):
    """What is put in place of a mail address, an account and a phone number."""

    mail: str
    account: str
    number: str


ALIKE = Marks(MASK, MASK, MASK)


def without_shapes(text: str, low: str, marks: Marks = ALIKE) -> str:
    """`text`, in small letters `low`, without what looks like an address, a login, an account or a phone number."""
    if "://" in text:
        text = shape(_URL).sub(_only_host, text)
    if "@" in text:
        text = shape(_ADDRESS).sub(marks.mail, text)
    if any(sign in low for sign in _LOGIN_SIGNS):
        text = shape(_LOGIN).sub(rf"\g<key>\g<sign>{MASK}", text)
    if any(sign in low for sign in ("bearer", "basic", "negotiate")):
        text = shape(_BEARER).sub(rf"\g<key> {MASK}", text)
    if sum(map(str.isdecimal, text)) >= SAME_NUMBER:
        text = _without_phones(shape(_ACCOUNT).sub(marks.account, text), marks.number)
    return text


def _without_phones(text: str, mark: str) -> str:
    """A mark for each number of seven digits or more that is no date, time or address of a computer."""
    pieces, end = [], 0
    for kept in shape(_NO_NUMBER).finditer(text):
        pieces += [shape(_NUMBER).sub(mark, text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*pieces, shape(_NUMBER).sub(mark, text[end:])])


def _only_host(found: re.Match[str]) -> str:
    scheme, rest = found["scheme"], found["rest"]
    if not rest or rest == MASK:
        return found[0]
    # Elsewhere the host is a token: slack://T0…/B1…, pbul://o.…
    if scheme.lower() not in ("http://", "https://", "ws://", "wss://"):
        return f"{scheme}{MASK}"
    parts = shape(_HOST).fullmatch(rest)
    assert parts is not None
    more = parts["more"]
    # A password with a slash in it: what looks like the host is a login.
    if "@" in more and (parts["port"] or more.startswith(":")):
        return f"{scheme}{MASK}"
    kept = "" if more in ("", "/") else more if more == f"/{MASK}" else f"/{MASK}"
    return f"{scheme}{parts['host'] or ''}{parts['port'] or ''}{kept}"

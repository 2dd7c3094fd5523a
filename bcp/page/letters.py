"""Which letters paper can show, and what stands there for the others: a box, so that no letter stops a page."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bcp.page.typeset import FONTS

BOX = "□"
_MOST_NAMED = 3
_LEFT_TO_RIGHT = "\u200e"
_MODIFIERS = frozenset("\ufe0e\ufe0f\u20e3" + "".join(map(chr, range(0x1F3FB, 0x1F400))))
"""What only changes the picture before it: as text or in colours, on a key, the colour of a skin."""
_JOINERS = "\u200c\u200d"
_RIGHT_TO_LEFT = "\u0590-\u05ff\u0600-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_ARABIC_AND_HEBREW = frozenset(map(chr, range(0x590, 0x900)))
_TURNED = re.compile(f"[{_RIGHT_TO_LEFT}](?:[^\\n\\w]*[{_RIGHT_TO_LEFT}])*")


@cache
def _easy() -> frozenset[str]:
    """What the fonts show as it is, from left to right."""
    return frozenset(filter(_shows, known_letters())).difference(_JOINERS, _ARABIC_AND_HEBREW) | {"\n", "\t"}


@cache
def known_letters() -> frozenset[str]:
    """Every letter that the fonts have, in both weights where there are two."""
    ranges = (line.split("-") for line in (FONTS / "letters.txt").read_text(encoding="ascii").split())
    return frozenset(chr(code) for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))


def on_paper(text: str) -> str:
    """`text` as the fonts can set it: one box for each sign that they lack, nothing for what cannot be seen.

    Emoji that are put together of several are one sign, a letter with its marks, too. Behind names that are written
    from right to left the line goes on from the left: the digits of a number behind them would change places.
    """
    if _easy().issuperset(text):
        return text
    return in_order("".join(_as_shown(sign) for sign in _signs(text)))


def in_order(text: str) -> str:
    """`text` in which what is written from right to left turns nothing behind it."""
    return _TURNED.sub(f"\\g<0>{_LEFT_TO_RIGHT}", text)


def strange(text: str) -> list[str]:
    """The signs of `text` that paper cannot show, each once: the fonts lack them, or they are invisible."""
    if _easy().issuperset(text):
        return []
    return [sign for sign in dict.fromkeys(_signs(text)) if _is_strange(sign)]


def said_of(signs: list[str]) -> str:
    """What becomes of `signs` on paper, for a person: `paper cannot show "🦄" (U+1F984, UNICORN FACE): …`."""
    if len(signs) == 1:
        named = _named(signs[0][0])
    else:
        named = ", ".join(
            f'"{sign}"' if sign.isprintable() else _named(sign[0]) for sign in signs[:_MOST_NAMED]
        )
    more = f" and {len(signs) - _MOST_NAMED} more" if len(signs) > _MOST_NAMED else ""
    what = f"a box {BOX} is printed" if any(_as_shown(sign) for sign in signs) else "nothing is printed"
    return f"paper cannot show {named}{more}: {what}"


def _signs(text: str) -> list[str]:
    """`text` in pieces, each of which is one sign for who reads it."""
    found: list[str] = []
    for letter in text:
        if found and (found[-1][-1] == "\u200d" or _belongs(letter, found[-1])):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _belongs(letter: str, sign: str) -> bool:
    """Whether `letter` only adds to a sign that the fonts lack, or changes one that they have."""
    if letter in _MODIFIERS:
        return True
    if _shows(sign[0]) or sign[0] == BOX:
        return False
    is_flag = len(sign) == 1 and all("\U0001f1e6" <= each <= "\U0001f1ff" for each in (sign, letter))
    return is_flag or letter in _JOINERS or unicodedata.category(letter) in ("Mn", "Mc", "Me")


def _as_shown(sign: str) -> str:
    first, rest = sign[0], sign[1:]
    if _shows(first):
        return first + on_paper(rest.lstrip("".join(_MODIFIERS))) if rest else first
    if first in _MODIFIERS or unicodedata.category(first) in ("Cc", "Cf"):
        return ""
    plain = unicodedata.normalize("NFKC", first)
    return plain if all(map(_shows, plain)) else BOX


def _is_strange(sign: str) -> bool:
    return _as_shown(sign) in ("", BOX) and sign != BOX


def _shows(letter: str) -> bool:
    if letter in f"\n\t{_JOINERS}":
        return True
    return letter in known_letters() and unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cn", "Cs")


def _named(letter: str) -> str:
    """`"🦄" (U+1F984, UNICORN FACE)`; an invisible one without its picture."""
    name = unicodedata.name(letter, "a control character")
    picture = f'"{letter}" ' if letter.isprintable() else ""
    return f"{picture}(U+{ord(letter):04X}, {name})"

"""Finds what is known in another spelling: a name with another ending, a number with other signs between its digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bcp.mask import common_words, plain
from bcp.mask_shape import SAME_NUMBER, SEPARATOR

Found = tuple[str, re.Pattern[str]]
"""What is put in the place of what, and how that is found."""

_WRITTEN = """
ami ach owej owa ową owie owi iego ego iemu emu iej iem em ej dzie rze zie ze ie ię ią ów om ym im ova ová ové ou ům ovi
s a ą e ę i o u y ů ě
"""
_ENDINGS = frozenset(_WRITTEN.split())
"""Of names in other cases: Polish, Czech, the s of English and German."""
_LONGEST = max(map(len, _ENDINGS))
_WORD = re.compile(r"(?<!\w)[^\W\d_]{3,}+(?!\w)")
_VOWELS = "aeiouyąęóáéíýě"
_SHORT = 4
"""A stem that is shorter begins too many words: it must begin with a capital."""
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN = r"[\s.,/\\\-_–·]{0,2}"
_SHORTEST = 5
"""Letters and digits of a number: with fewer it would be found where it is not meant."""

_APART = r"[ .\-–/_\u00a0\u202f]?"
_ACCOUNT = re.compile(
    rf"(?i)(?<![^\W_])[A-Z]{{2}}\d\d(?:{_APART}[A-Z0-9]{{4}}){{2,7}}(?:{_APART}[A-Z0-9]{{1,4}})?(?![^\W_])"
)
"""An account in any country's form, its groups apart by whatever people write there."""
_DIGITS_OF_ACCOUNT = 12


class NameCases:
    """Finds the words of names with the endings of other cases."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._stems: dict[str, str] = {}
        self._words: set[str] = set()

    def know(self, sign: str, names: Iterable[str]) -> None:
        """From now on their words become `sign`; a word that others have, too, stays with who was known first."""
        for name in names:
            for word in (word for form in (name, plain(name)) for word in _WORD.findall(form)):
                low = word.casefold()
                if word[0].isupper() and low not in common_words():
                    self._words.add(low)
                    for stem in _stems(low):
                        self._stems.setdefault(stem, sign)

    def masked(self, text: str) -> str:
        """`text`, in its composed form; names as they are known are left to others: a whole name is one mark."""
        return _WORD.sub(self._masked, text)

    def _masked(self, found: re.Match[str]) -> str:
        word, low = found[0], found[0].casefold()
        for length in range(1, _LONGEST + 1) if low not in self._words else ():
            sign = self._stems.get(low[:-length]) if low[-length:] in _ENDINGS else None
            if sign and (len(low) - length >= _SHORT or word[0].isupper()):
                return sign
        return word


def _stems(word: str) -> Iterator[str]:
    yield word
    if word[-1] in _VOWELS:
        yield word[:-1]
    elif word.endswith(("ek", "ec", "er", "eł", "el")) and len(word) > _SHORT:
        yield word[:-2] + word[-1]


def spellings_of(sign: str, written: Iterable[str]) -> Iterator[Found]:
    """Numbers of contracts and accounts, whatever stands between their letters and digits."""
    for each in written:
        pieces = _PIECES.findall(each)
        digits = "".join(filter(str.isdecimal, each))
        if len("".join(pieces)) < _SHORTEST or not digits:
            continue
        yield sign, re.compile(rf"(?i)(?<![^\W_]){_BETWEEN.join(map(re.escape, pieces))}(?![^\W_])")
        if len(digits) >= SAME_NUMBER:
            yield sign, re.compile(rf"(?<!\d){SEPARATOR.join(digits)}(?!\d)")


def without_accounts(sign: str, text: str) -> str:
    """`text` without what has the form of an account of any country."""

    def masked(found: re.Match[str]) -> str:
        return sign if sum(map(str.isdecimal, found[0])) >= _DIGITS_OF_ACCOUNT else found[0]

    return _ACCOUNT.sub(masked, text)

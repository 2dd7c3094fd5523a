"""How likely letters stand side by side in the names and words of a language, and what no name looks like."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

_FILE = Path(__file__).with_name("letter_pairs.json")
"""How often each pair of letters stands in words of a language, and words with letters outside ASCII that are common
in tables; made by `tools/letter_pairs.py`.
"""

_UNSEEN = math.log(1e-6)
_BETWEEN = 8.0
"""How many letters a pair that was not seen counts for, against how common its second letter is."""
_KNOWN = 0.3
"""The share of the words in tables that is among the words that are listed."""
_FORM = math.log(0.03)
"""The share of one abbreviation of a legal form, such as Α.Ε., among the words of its language."""
_SHARES = {
    **dict.fromkeys(("pl", "cs", "el", "de", "en"), 0.05),
    "uk": 0.003,
    "ru": 0.003,
    "lt": 0.004,
    "tr": 0.006,
}
_SHARE = 0.01
"""How much a language counts that nobody expects; those of the tool's texts more, for its offices write to them."""

_OF_ITS_OWN, _OF_OTHERS = math.log(0.8), math.log(0.2)
"""How many of the names in a table are in the language of most of them."""

# What it costs, as a logarithm: a sign where people put it, one where it may be, and one where none belongs.
_OPENING, _CLOSING, _DASHES = "„“«‘‚", "”“»", "–—…"
_BEHIND, _BEFORE_DIGITS = "®™°€", "£€№§"
_USUAL, _RARE, _STRANGE, _INSIDE = -4.5, -8.0, -12.0, -18.0
_AT_A_DIGIT = -3.0
_ODD_CASE = -8.0
_TWO_ALPHABETS = -16.0
_FAR_ALPHABET = -8.0
_ANY = -10.0
_NEAR_ALPHABETS = {"latin", "greek", "cyrillic"}
_RUN = re.compile(r"[^\W\d_]+")


class _Language:
    """The pairs and the words of one language."""

    def __init__(self, pairs: Mapping[str, int], words: str, forms: str) -> None:
        self.pairs = pairs
        self.words = frozenset(words.split())
        self.forms = frozenset(forms.split())
        self.first: dict[str, int] = defaultdict(int)
        self.second: dict[str, int] = defaultdict(int)
        for pair, count in pairs.items():
            self.first[pair[0]] += count
            self.second[pair[1]] += count
        self.total = sum(pairs.values())

    def likely(self, word: str) -> float:
        """The logarithm of the chance of a word of small letters; a blank stands before and behind each word."""
        if word in self.words:
            return math.log(_KNOWN / len(self.words))
        return sum(self._pair(*pair) for pair in zip(f" {word}", f"{word} ", strict=True))

    def _pair(self, one: str, two: str) -> float:
        seen = self.second.get(two, 0)
        if not seen:
            return _UNSEEN
        expected = _BETWEEN * seen / self.total
        return math.log((self.pairs.get(one + two, 0) + expected) / (self.first.get(one, 0) + _BETWEEN))


@cache
def _languages() -> dict[str, _Language]:
    found = json.loads(_FILE.read_text(encoding="utf-8"))
    return {name: _Language(**one) for name, one in found.items()}


def shares(expected: Mapping[str, float]) -> dict[str, float]:
    """How much each language is to be reckoned with, as the logarithm of its share; none has no share at all."""
    found = {name: expected.get(name, 0.0) + _SHARES.get(name, _SHARE) for name in _languages()}
    total = sum(found.values())
    return {name: math.log(share / total) for name, share in found.items()}


def likely(pieces: Sequence[str], languages: Mapping[str, float], *, is_any: bool = False) -> float:
    """How likely pieces of text without blanks are parts of the names in one table: a logarithm, only to be compared.

    One language is that of most names, whichever it is; the others count as `languages` has them, which is what
    `shares` says. `is_any`: any sign and any word of the world may stand there, as in UTF-8.
    """
    found = 0.0
    runs: list[dict[str, float]] = []
    for piece in pieces:
        text = unicodedata.normalize("NFC", piece).replace("ʼ", "’")
        form = next((name for name, language in _languages().items() if text.lower() in language.forms), None)
        if form is not None:
            runs.append({name: _FORM if name == form else _STRANGE * len(text) for name in languages})
            continue
        found += max(_signs(text), _ANY * sum(not one.isalnum() for one in text)) if is_any else _signs(text)
        for run in _RUN.finditer(text):
            odd = _case(run[0]) + _alphabets(run[0])
            least = _ANY * (1 + len(run[0])) if is_any and not re.search("[A-Za-z]", run[0]) else -math.inf
            small = run[0].lower()
            runs.append({name: max(_languages()[name].likely(small) + odd, least) for name in languages})
    return found + _in_one_language(runs, languages)


def _in_one_language(runs: Sequence[Mapping[str, float]], languages: Mapping[str, float]) -> float:
    mixed = [_sum_of(share + run[name] for name, share in languages.items()) + _OF_OTHERS for run in runs]
    return _sum_of(
        share + sum(_sum_of((_OF_ITS_OWN + run[name], other)) for run, other in zip(runs, mixed, strict=True))
        for name, share in languages.items()
    )


def _sum_of(logarithms: Iterable[float]) -> float:
    each = list(logarithms)
    most = max(each)
    return most + math.log(sum(math.exp(one - most) for one in each))


def _case(run: str) -> float:
    """Capitals are all letters of a word, or its first one; plain English letters are the same in every encoding."""
    if run.isupper() or run[1:].islower() or len(run) == 1:
        return 0.0
    odd = sum(
        (one.islower() and two.isupper()) or (at > 0 and one.isupper() and two.islower())
        for at, (one, two) in enumerate(pairwise(run))
        if not (one + two).isascii()
    )
    return _ODD_CASE * odd


def _alphabets(run: str) -> float:
    each = ["latin" if letter.isascii() else _alphabet(letter) for letter in run]
    changes = sum(one != two for one, two in pairwise(each))
    return _TWO_ALPHABETS * changes + _FAR_ALPHABET * bool(set(each) - _NEAR_ALPHABETS)


@lru_cache(1000)
def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0].lower()


def _signs(text: str) -> float:
    cost = 0.0
    for at, (before, sign, after) in enumerate(zip(f" {text}", text, f"{text} "[1:], strict=False)):
        if sign.isascii():
            continue
        if not sign.isalpha():
            cost += _apostrophe(text, at) if sign == "’" else _sign(before, sign, after)
        elif before.isdecimal() or after.isdecimal():
            cost += _AT_A_DIGIT
    return cost


def _apostrophe(text: str, at: int) -> float:
    """O’Brien, L’Oréal and Smith’s have one; elsewhere it is rare."""
    before, after = re.search(r"[^\W\d_]*$", text[:at]), re.match(r"[^\W\d_]*", text[at + 1 :])
    count, rest = len(before[0]) if before else 0, len(after[0]) if after else 0
    if count and rest:
        return _USUAL if count == 1 or rest == 1 else _STRANGE
    return _RARE if count else _INSIDE


def _sign(before: str, sign: str, after: str) -> float:
    is_behind, is_before = before.isalnum() or before == ".", after.isalnum()
    opens, closes = is_before and not is_behind, is_behind and not is_before
    if (sign in _OPENING and opens) or (sign in _CLOSING and closes):
        return _USUAL
    if sign in _DASHES and not (is_behind and is_before):
        return _USUAL
    if sign in "–—":
        return _RARE
    if (sign == "\u00a0" and is_behind) or (sign in _BEHIND and not is_before):
        return _RARE
    if sign in _BEFORE_DIGITS and after.isdecimal() and not is_behind:
        return _RARE
    return _INSIDE if is_behind or is_before else _STRANGE

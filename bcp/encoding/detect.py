"""Which encoding a table is in: every candidate is tried strictly, and what it shows is weighed as names.

A sheet of an office has few letters outside ASCII, and detectors for pages of text need more of them: of tables with
one name in the encodings below, charset-normalizer 3.4 read three of five wrongly, and every fifth of those with 20
names, although it was told the candidates. `bench/tables.py` measures this one.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bcp.encoding import code_pages, letters
from bcp.printed import utf_16_without_mark

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = re.compile(rb"[A-Za-z0-9.'\x80-\xff]*[\x80-\xff][A-Za-z0-9.'\x80-\xff]*")
_WIDE_LETTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_CONTROL = re.compile(r"[\x80-\x9f]")
_ADDRESS = re.compile(
    rb"@[\w.-]+\.(pl|cz|sk|gr|cy|de|at|ch|fr|es|it|hu|ro|hr|si|ua|bg|tr|lt|lv|ee|se|dk|no|fi|nl|be|pt)\b"
)
_NUMBER = re.compile(rb"(?:\+|\b00)(48|420|421|30|357|49|43|41|33|34|39|36|40|385|380|90|370)[\d ]")
_OF_NUMBER = {
    "48": "PL", "420": "CZ", "421": "SK", "30": "GR", "357": "CY", "49": "DE", "43": "AT", "41": "CH", "33": "FR",
    "34": "ES", "39": "IT", "36": "HU", "40": "RO", "385": "HR", "380": "UA", "90": "TR", "370": "LT",
}  # fmt: skip

_TWICE = "+"
"""Between the encoding of a file and the one in which its letters were broken before: `utf-8+cp1252`."""
_ENOUGH = 20_000
_LONGEST = 40
_EACH_BYTE = 6
"""Of how many pieces of text each byte outside ASCII is weighed: more would change no verdict."""
_SURELY_UTF_8 = 3
"""Nobody writes so many different letters by chance in a way that is UTF-8."""
_UTF_8, _BROKEN_UTF_8, _A_BROKEN_LETTER = 7.0, -6.0, -9.0
_SURE, _SHOWN = math.log(1e3), math.log(1e6)
"""How much likelier the first has to be than each other one; how likely one has to be to be shown beside it."""
_MOST = 5
_NO_NAME, _NO_NAMES = -6.2, -5.0
"""What a letter is worth, on the average, where one piece, or several, are no names in any language."""


class Decoded(NamedTuple):
    """The text of a file, and the encoding that was found, as Python calls it."""

    text: str
    encoding: str


class Undecodable(Exception):
    """These bytes are no text in any encoding that is known here; `at` is the first byte that is none in `encoding`."""

    def __init__(self, encoding: str, at: int) -> None:
        super().__init__(encoding, at)
        self.encoding = encoding
        self.at = at


class _Weighed(NamedTuple):
    encoding: str
    worth: float


def readings(raw: bytes, languages: Sequence[str] = ()) -> list[Decoded]:
    """The texts that these bytes may be, the likeliest first; only one where there is no doubt.

    `languages` are those of the office and its contacts, or its country, the likeliest first (`["PL", "pl", "cs"]`).
    Raises Undecodable.
    """
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "") or utf_16_without_mark(raw)
    if encoding:
        return [decoded(raw, encoding)]
    if raw.isascii() or b"\0" in raw:
        return [Decoded(raw.decode("ascii", "replace"), "utf-8")]
    shares = letters.shares(_expected(raw, languages))
    found = [Decoded(raw.decode("utf-8"), "utf-8")] if _is_surely_utf_8(raw) else _likeliest(raw, shares)
    return found + _before(found[0], shares)


def decoded(raw: bytes, encoding: str) -> Decoded:
    """The text in an encoding that is known, without its mark. Raises Undecodable, LookupError for no encoding."""
    first, twice, page = encoding.partition(_TWICE)
    try:
        text = raw.decode(first)
        if twice:
            text = _bytes_of(text, page).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Undecodable(encoding, error.start) from None
    except UnicodeEncodeError:
        raise Undecodable(encoding, 0) from None
    return Decoded(text.removeprefix("\ufeff"), encoding)


def _before(now: Decoded, languages: Mapping[str, float]) -> list[Decoded]:
    """What a text in UTF-8 was before a program took its bytes for those of a code page and saved it once more."""
    if now.encoding != "utf-8":
        return []
    pieces = _outside(now.text)
    for page in ("cp1252", "cp1250", "cp1253"):
        try:
            before = [_bytes_of(piece, page).decode("utf-8") for piece in pieces]
            if before and letters.likely(before, languages) > letters.likely(pieces, languages):
                return [Decoded(_bytes_of(now.text, page).decode("utf-8"), f"utf-8{_TWICE}{page}")]
        except UnicodeError:
            continue
    return []


def _bytes_of(text: str, page: str) -> bytes:
    """The bytes of a text in a code page; what the page lacks is a byte of Latin-1, as browsers have it."""

    def one(letter: str) -> bytes:
        try:
            return letter.encode(page)
        except UnicodeEncodeError:
            return letter.encode("latin-1")

    return b"".join(map(one, text))


def _outside(text: str) -> list[str]:
    """Some of the pieces of a text that hold letters outside ASCII."""
    pieces = dict.fromkeys(piece for piece in re.split(r"[\s,;|\"]+", text[:_ENOUGH]) if not piece.isascii())
    return list(pieces)[:20]


def _is_surely_utf_8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(set(_WIDE_LETTER.findall(raw))) >= _SURELY_UTF_8


def _expected(raw: bytes, languages: Sequence[str]) -> dict[str, float]:
    """The share of each language: those that were named, and those of the countries of addresses and numbers."""
    found: dict[str, float] = defaultdict(float)
    for place, code in enumerate(dict.fromkeys(code_pages.language_of(each) for each in languages)):
        found[code] += 1 / (1 + place)
    places = Counter(code.decode().upper() for code in _ADDRESS.findall(raw))
    places.update(_OF_NUMBER[code.decode()] for code in _NUMBER.findall(raw))
    for country, count in places.items():
        found[code_pages.language_of(country)] += count / places.total()
    return found


def _likeliest(raw: bytes, languages: Mapping[str, float]) -> list[Decoded]:
    """Candidates that show the same are one; others are shown too where one is not a thousand times as likely."""
    pieces = _pieces(raw)
    by_letters: dict[str, _Weighed] = {}
    for each, shown, prior in _candidates(raw, code_pages.likely(languages)):
        # The last letter of a long piece may be cut in two.
        texts = [piece.decode(each, "ignore") for piece in pieces]
        worth = prior + letters.likely(texts, languages, is_any=each == "utf-8")
        if shown not in by_letters or by_letters[shown].worth < worth:
            by_letters[shown] = _Weighed(each, worth)
    found = sorted(by_letters.values(), key=lambda one: -one.worth)
    if not found or found[0].worth < _broken_utf_8(raw, pieces, languages):
        raise Undecodable("utf-8", _first_broken(raw))
    length = sum(max(4, len(piece)) for piece in pieces)
    is_named = found[0].worth >= length * (_NO_NAME if len(pieces) == 1 else _NO_NAMES)
    gaps = [found[0].worth - one.worth for one in found]
    is_sure = is_named and (len(found) == 1 or gaps[1] > _SURE)
    close = [one for one, gap in zip(found, gaps, strict=True) if gap < _SHOWN or not is_named]
    return [Decoded(raw.decode(one.encoding), one.encoding) for one in close[: 1 if is_sure else _MOST]]


def _pieces(raw: bytes) -> list[bytes]:
    """Enough of the words with bytes outside ASCII to have each of these bytes among several neighbours."""
    seen: dict[int, int] = defaultdict(int)
    pieces = []
    for piece in dict.fromkeys(found[0][:_LONGEST] for found in _PIECE.finditer(raw)):
        outside = {byte for byte in piece if byte > 127}
        if any(seen[byte] < _EACH_BYTE for byte in outside):
            pieces.append(piece)
            for byte in outside:
                seen[byte] += 1
    return pieces


def _candidates(raw: bytes, priors: Mapping[str, float]) -> Iterator[tuple[str, str, float]]:
    """Each encoding in which all bytes are letters or signs, how those outside ASCII are shown in it, and its prior.

    Of one byte a letter, it is enough to decode each byte once.
    """
    outside = bytes(sorted(byte for byte in set(raw) if byte > 127))
    for encoding, prior in [("utf-8", _UTF_8), *priors.items()]:
        try:
            shown = raw.decode(encoding) if encoding == "utf-8" else outside.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(shown):
            yield encoding, shown, prior


def _broken_utf_8(raw: bytes, pieces: Sequence[bytes], languages: Mapping[str, float]) -> float:
    """How likely it is that a file in UTF-8 was cut in a letter, or had lines of another encoding put behind it."""
    if len(set(_WIDE_LETTER.findall(raw))) < 2:
        return -math.inf
    texts = [piece.decode("utf-8", "replace") for piece in pieces]
    broken = sum(text.count("\ufffd") for text in texts)
    return (
        _BROKEN_UTF_8
        + _A_BROKEN_LETTER * broken
        + letters.likely([text.replace("\ufffd", "") for text in texts], languages)
    )


def _first_broken(raw: bytes) -> int:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0

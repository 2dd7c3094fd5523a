"""Secrets in all forms in which programs write them down; loaded only where there is a secret.

Each secret is looked for in the forms of `spelled()`, in the text as it is, in the text with its escapes undone (JSON,
URL, HTML, quoted-printable, a shell; twice, for one in another), and in each without blanks, line breaks and colours,
so that it is found however it was wrapped. What a program turns round, packs or encrypts cannot be known.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Iterator
from html import escape, unescape
from json import dumps
from shlex import quote as in_shell
from urllib.parse import quote, quote_plus, unquote_to_bytes

_LONG_ENOUGH = 5
"""So many letters of base64 are no accident, where capitals count."""
_WRAPPED = 6
"""So many letters are no accident in a text without its blanks."""
_LINE = 8
"""A line of a secret that is this long is one, too."""
_URL_SAFE = str.maketrans("+/", "-_")
_BLANKS = re.compile(r"\s+")
_QUOTED_BLANKS = re.compile(r"\x1b?\[[0-9;]{0,16}[mK]|[\\=]?\r?\n[ \t]*[>|#*]+\s*|[\\=]\r?\n\s*|\s+")
_ESCAPES = re.compile(
    r"(?:\\u[0-9a-fA-F]{4})+|(?:\\x[0-9a-fA-F]{2})+|(?:\\[0-3][0-7]{2})+|(?:%[0-9a-fA-F]{2})+"
    r"|(?:=[0-9A-F]{2})+|&#?\w{1,10};|'\\''|'\"'\"'|\\."
)
_TORN_END = re.compile(
    r"(?:\\(?:[uU][0-9a-fA-F]{0,3}|x[0-9a-fA-F]?|[0-7]{0,2})|%[0-9a-fA-F]?|=[0-9A-F]?|&#?\w{0,10}|\ufffd{1,3})\Z"
)
_TORN_BEGINNING = re.compile(r"\ufffd{1,3}|[0-9a-fA-F]{1,4}(?=[\\%=])|#?\w{1,10};")
"""What is left of an escape, or of a letter, in the midst of which a text was cut."""
_ONE = r"(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[0-3][0-7]{2}|%[0-9a-fA-F]{2}|=[0-9A-F]{2})"
_ONE_AT_END, _ONE_AT_BEGINNING = re.compile(rf"{_ONE}\Z"), re.compile(_ONE)
"""An escape for one byte, of several that make a letter."""
_BYTES = 3
_WIDEST = 12
"""So many letters stand for one letter of a secret at most, with all its escapes and blanks."""
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def spelled(value: str) -> Iterator[str]:
    """A secret as programs write it: JSON, Python, HTML, a shell, a URL and hexadecimal numbers."""
    raw = value.encode("utf-8", "surrogatepass")
    yield from (value, *(unicodedata.normalize(form, value) for form in ("NFC", "NFD")))
    # Some letters have capitals of another length; in all others capitals are found anyway.
    yield value.upper()
    yield dumps(value)[1:-1]
    yield dumps(value, ensure_ascii=False)[1:-1]
    yield from (repr(value)[1:-1], ascii(value)[1:-1], ascii(raw)[2:-1])
    yield from (escape(value), escape(value, quote=False))
    yield in_shell(value).removeprefix("'").removesuffix("'")
    yield from (quote(raw, safe=""), quote(raw), quote_plus(raw), value.replace(" ", "+"))
    if len(raw) > 3:
        yield raw.hex()


def in_base64(value: str) -> Iterator[str]:
    """Alone, and in the midst of a longer text, where its first and last letters depend on what stands beside it."""
    raw = value.encode("utf-8", "surrogatepass")
    if len(raw) <= 3:
        return
    whole = b64encode(raw).decode()
    middles = [b64encode(b"\0" * before + raw).decode() for before in range(3)]
    inside = [each[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6] for before, each in enumerate(middles)]
    for form in (whole, whole.rstrip("="), *(each for each in inside if len(each) >= _LONG_ENOUGH)):
        yield form
        yield form.translate(_URL_SAFE)


class KnownSecrets:
    """The secrets that are known, and where they stand in a text."""

    def __init__(self) -> None:
        self._low: set[str] = set()
        self._exact: set[str] = set()

    def add(self, value: str) -> None:
        """From now on this secret is found, and each longer line of it."""
        lines = [line.strip() for line in value.splitlines()] if "\n" in value or "\r" in value else []
        for each in (value, *(line for line in lines if len(line) >= _LINE)):
            # A word of marks alone would never be gone.
            self._low |= {_low(form) for form in spelled(each) if form.strip("• \t\r\n")}
            self._exact |= set(in_base64(each))

    def out(self, text: str, mark: str, cut_before: bool = False, cut_behind: bool = False) -> str:
        """The text with `mark` in place of each secret, in whatever form.

        Where something was cut off before or behind it, also in place of what is left there of a secret.
        """
        pieces: list[str] = []
        end = 0
        torn = [(0, self._torn(text, False))] if cut_before else []
        torn += [(len(text) - self._torn(text, True), len(text))] if cut_behind else []
        for start, stop in sorted([*self._spans(text), *(each for each in torn if each[0] < each[1])]):
            # One mark for what overlaps, or follows without a letter between.
            if start > end or not pieces:
                pieces += [text[end:start], mark]
            end = max(end, stop)
        return "".join([*pieces, text[end:]])

    def _torn(self, text: str, is_end: bool) -> int:
        """How many letters at the end, or else at the beginning, are a part of a secret that was cut there."""
        most = _WIDEST * max(map(len, self._low | self._exact), default=0)
        piece = text[-most:] if is_end else text[:most]
        torn = 0
        for lost in _broken(piece, is_end):
            left = piece[: len(piece) - lost] if is_end else piece[lost:]
            for view, is_squeezed in _views(left):
                found = self._overlap(view, is_squeezed, is_end)
                if found:
                    size = len(view.text)
                    start, end = view.place(size - found, size) if is_end else view.place(0, found)
                    torn = max(torn, lost + (len(left) - start if is_end else end))
        return torn

    def _overlap(self, view: _View, is_squeezed: bool, is_end: bool) -> int:
        """How many letters at that side of the view some secret begins with, or else ends with."""
        most = 0
        for forms, text in ((self._low, _low(view.text)), (self._exact, view.text)):
            for form in forms:
                wanted = _BLANKS.sub("", form) if is_squeezed else form
                part = text[-len(wanted) :] if is_end else text[: len(wanted)]
                if not is_end:
                    part, wanted = part[::-1], wanted[::-1]
                most = max(most, _common(part, wanted))
        return most

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        for view, is_squeezed in _views(text):
            for start, end, is_base64 in self._found(view, is_squeezed):
                yield _with_edges(text, start, end) if is_base64 else (start, end)

    def _found(self, view: _View, is_squeezed: bool) -> Iterator[tuple[int, int, bool]]:
        low = _low(view.text)
        for forms, text, is_base64 in ((self._low, low, False), (self._exact, view.text, True)):
            for form in forms:
                wanted = _BLANKS.sub("", form) if is_squeezed else form
                if not wanted or (is_squeezed and len(wanted) < _WRAPPED):
                    continue
                start = text.find(wanted)
                while start >= 0:
                    end = start + len(wanted)
                    yield (*view.place(start, end), is_base64)
                    start = text.find(wanted, end)


class _View:
    """A text made of another one, and where its letters stand there."""

    def __init__(self, text: str, steps: list[list[tuple[int, int, int, int]]]) -> None:
        self.text = text
        self._steps = steps
        """For each change, the outermost first: where a piece begins and ends now, and where it did before."""

    def changed(self, pattern: re.Pattern[str], change: object) -> _View:
        pieces: list[str] = []
        step: list[tuple[int, int, int, int]] = []
        end = now = 0
        for found in pattern.finditer(self.text):
            new = change(found)  # type: ignore[operator]
            now += found.start() - end
            step.append((now, now + len(new), found.start(), found.end()))
            pieces += [self.text[end : found.start()], new]
            end, now = found.end(), now + len(new)
        if not step:
            return self
        return _View("".join([*pieces, self.text[end:]]), [*self._steps, step])

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where these letters stand in the text from which all was made."""
        for step in reversed(self._steps):
            start, end = _before(step, start)[0], _before(step, end - 1)[1]
        return start, end


def _views(text: str) -> Iterator[tuple[_View, bool]]:
    """The text in all ways in which it is looked through, and whether that is without its blanks."""
    seen = set()
    views = [_View(text, [])]
    for _depth in range(2):
        views.append(views[-1].changed(_ESCAPES, _undone))
    for view in views:
        for blanks in (None, _BLANKS, _QUOTED_BLANKS):
            shown = view if blanks is None else view.changed(blanks, _nothing)
            if shown.text not in seen:
                seen.add(shown.text)
                yield shown, blanks is not None


def _broken(text: str, is_end: bool) -> set[int]:
    """How many letters at that side may be the rest of one letter, and of the bytes of it that are escaped."""
    found = _TORN_END.search(text) if is_end else _TORN_BEGINNING.match(text)
    lost = len(found[0]) if found else 0
    all_lost = {0, lost}
    for _byte in range(_BYTES):
        found = (
            _ONE_AT_END.search(text, 0, len(text) - lost) if is_end else _ONE_AT_BEGINNING.match(text, lost)
        )
        if found is None:
            break
        lost += len(found[0])
        all_lost.add(lost)
    return all_lost


def _common(text: str, form: str) -> int:
    """How many letters at the end of `text` are the beginning of `form`."""
    start = text.find(form[:1]) if form else -1
    while start >= 0:
        if form.startswith(text[start:]):
            return len(text) - start
        start = text.find(form[0], start + 1)
    return 0


def _before(step: list[tuple[int, int, int, int]], at: int) -> tuple[int, int]:
    """Where the letter at `at` began and ended before this change."""
    index = bisect_right(step, at, key=lambda piece: piece[0]) - 1
    while index >= 0 and step[index][0] == step[index][1] and step[index][0] > at:
        index -= 1
    if index < 0:
        return at, at + 1
    _start, stop, old_start, old_stop = step[index]
    if at < stop:
        return old_start, old_stop
    old = old_stop + at - stop
    return old, old + 1


def _with_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """With the letter of base64 before and behind, which holds a part of the secret's first and last letter."""
    before = start > 0 and (text[start - 1].isalnum() or text[start - 1] in "+/-_")
    behind = end < len(text) and (text[end].isalnum() or text[end] in "+/-_=")
    return start - before, end + behind


def _nothing(_found: re.Match[str]) -> str:
    return ""


def _undone(found: re.Match[str]) -> str:
    said = found[0]
    if said[0] == "%":
        return _decoded(unquote_to_bytes(said))
    if said[0] == "=":
        return _decoded(bytes.fromhex(said.replace("=", "")))
    if said[0] == "&":
        return unescape(said)
    if said[0] == "'":
        return "'"
    if said[1] == "u" and len(said) > 2:
        units = bytes.fromhex(said.replace("\\u", ""))
        return units.decode("utf-16-be", "replace")
    if said[1] == "x" and len(said) > 2:
        return _decoded(bytes.fromhex(said.replace("\\x", "")))
    if said[1:2].isdigit() and len(said) > 2:
        return _decoded(bytes(int(each, 8) for each in said.split("\\")[1:]))
    return _LETTERS.get(said[1], said[1])


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _low(text: str) -> str:
    """In small letters, each still one letter."""
    if text.isascii():
        return text.lower()
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text).replace(
        "ς", "σ"
    )

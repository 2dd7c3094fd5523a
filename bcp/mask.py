"""What is kept about the tool's own work names nobody: secrets, people, addresses and numbers become a mark.

This is the second net; what is logged holds no such thing in the first place. Whatever reveals a secret, or reads
contacts or the people of the office, says so to `KNOWN`, which takes them out of every text from then on. What nobody
said is found by its shape: addresses, phone numbers, whatever stands behind the host of a URL, words of a login.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache

from bcp.mask_shape import SAME_NUMBER, SEPARATOR, shape, without_shapes
from bcp.revealed import MASK, REVEALED, RevealedSecrets

_ANY_SEPARATOR = SEPARATOR.replace("_]", "_:]")
"""Between digits of a number that is known; a colon elsewhere is a time, a port, an address of a computer."""
_WHOLE = 4
"""A name this long is found inside words as well; a shorter one, and a part of a name, only as a word."""
_BEGINNING = 5
"""A part of a name this long is also found where an ending follows: Nowak, Nowaka."""
_SHORTEST = 3
"""What was typed and is shorter says nothing: a count, an answer of one letter."""
_ANYWHERE, _FROM_ITS_BEGINNING, _AS_WORD = 0, 1, 2
_BEFORE, _BEHIND = ("", r"(?<![^\W_])", r"(?<![^\W_])"), ("", "", r"(?![^\W_])")

# Parts of names that are also words of the tool: they say nothing about anybody when they stand alone.
_COMMON = """
agencja agency and audience biuro board bureau business call check claim client clients close command company contact
contacts cost data decision demo drill email error event exit file files firma followup for from group groups gmbh
incident incidents init internet journal klient lead line lines list load mail mobile name note notice notices
number office phone place places print program promise python real ready report resume role root runbook runbooks
said sample send server site spolka staff start state status step store studio support test text that the this true
validate verify version watch website what when who with works world write
"""

_QUOTED = r"\"[^\"\n]*\"|[“„][^”\n]*+(?:”|(?=\n)|\Z)|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w)"
_CLOSING = "\"”'"
_PLAIN = r"[a-z][a-z0-9_]*(?:[.\-/][a-z0-9_]+)*"
_HOMES = r"(?:/home/|/Users/|[A-Za-z]:[\\/]+Users[\\/]+)[^\s\\/\"':]+"
_PART = r"[^\W\d_]{3,}"


@cache
def common_words() -> frozenset[str]:
    """Words of the tool, which are no names where they stand alone."""
    return frozenset(_COMMON.split())


class Mask:
    """What is known to be nobody else's business, and the way to take it out of a text.

    A text that was masked stays as it is when it is masked again.
    """

    def __init__(self, secrets: RevealedSecrets | None = None, mark: str = MASK) -> None:
        """`mark` is put in place of names and numbers that are known; what is found by its shape becomes MASK."""
        self.mark = mark
        self._words: dict[str, tuple[str, int]] = {}
        self._numbers: set[str] = set()
        self._folders: dict[str, str] = {}
        self._new: list[tuple[str, bool]] = []
        self._said: set[str] = set()
        self._secrets = secrets or RevealedSecrets()

    def forget(self) -> None:
        """Know nothing any more: another command begins in this process, perhaps for another office."""
        self._secrets.forget()
        self.__init__(self._secrets)  # type: ignore[misc]

    def secret(self, value: str) -> None:
        """From now on this secret is taken out, in every form of `bcp.spelled`, and line by line."""
        self._secrets.add(value)

    def without_secrets(self, text: str, cut_before: bool = False, cut_behind: bool = False) -> str:
        """`text` with a mark in place of every secret, and with all else that it holds; see RevealedSecrets.out."""
        return self._secrets.out(text, cut_before, cut_behind)

    def names(self, names: Iterable[str | None]) -> None:
        """From now on these names and addresses are taken out, whole, and each longer word of them."""
        for name in names:
            if name and name not in self._said:
                self._said.add(name)
                # Of an address a part alone is the name of a provider: it would hide half of the hosts.
                self._new.append((name, "@" not in name))

    def typed(self, texts: Iterable[str]) -> None:
        """From now on these texts are taken out as a whole."""
        self._new.extend((text, False) for text in texts if len(text.strip()) >= _SHORTEST)

    def phones(self, numbers: Iterable[str | None]) -> None:
        """From now on these phone numbers are taken out, however they are written."""
        for number in numbers:
            digits = _digits(number or "")
            if len(digits) >= SAME_NUMBER:
                self._numbers.add(digits[-SAME_NUMBER:])
            elif number:
                self.typed([number])

    def folder(self, path: str, shown: str) -> None:
        """From now on this folder is shown as `shown`: `<office>`."""
        if len(path) > 1:
            # A text is normalised before it is looked through; a folder may be named in decomposed letters.
            self._folders[unicodedata.normalize("NFC", path)] = shown

    def __call__(self, text: str) -> str:
        """`text` with a mark in place of everything that is nobody else's business."""
        self._take_in()
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        before = None
        while before != text:
            before, text = text, self._once(text)
        return text

    def narrowed(self, text: str) -> Mask:
        """A mask for the lines of a long text, that knows only what can stand in it."""
        self._take_in()
        low = "\n".join({*re.findall(r"\w+", _low(unicodedata.normalize("NFC", text)))})
        mask = Mask(mark=self.mark)
        mask._numbers, mask._folders = self._numbers, self._folders
        mask._secrets = self._secrets
        for word, known in list(self._words.items()):
            longest = max(re.findall(r"\w+", known[0]), key=len, default="")
            if longest in low:
                mask._words[word] = known
        return mask

    def only_known(self, text: str) -> str:
        """`text`, in its composed form, with a mark in place of names and numbers that were said, and nothing else."""
        self._take_in()
        text = unicodedata.normalize("NFC", text)
        return self._without_numbers(self._without_words(text, _low(text)))

    def told(self, text: str) -> str:
        """The same for a sentence or a failure: what stands in quotes is kept only where it is a plain id."""
        return self(shape(_QUOTED).sub(_unless_plain, text))

    def _once(self, text: str) -> str:
        text = self.without_secrets(text)
        for path, shown in sorted(self._folders.items(), key=lambda item: -len(item[0])):
            text = text.replace(path, shown)
        if "home" in text or "Users" in text:
            text = shape(_HOMES).sub("~", text)
        low = _low(text)
        text = self._without_words(text, low)
        text = self._without_numbers(without_shapes(text, low))
        return text if text.isascii() else unicodedata.normalize("NFC", text)

    def _without_words(self, text: str, low: str) -> str:
        for word, (as_low, where) in list(self._words.items()):
            if as_low in low or word in text:
                pattern = f"(?i){_BEFORE[where]}{re.escape(word)}{_BEHIND[where]}"
                text = re.sub(pattern, self.mark, text)
        return text

    def _without_numbers(self, text: str) -> str:
        """What looks like no phone number, but ends with one that is known."""
        digits = _digits(text) if self._numbers else ""
        ends = {digits[start : start + SAME_NUMBER] for start in range(len(digits) - SAME_NUMBER + 1)}
        for number in ends & self._numbers:
            text = re.sub(_ANY_SEPARATOR.join(number), self.mark, text)
        return text

    def _take_in(self) -> None:
        """Spread what was said since into its forms: only now, for most commands keep nothing."""
        while self._new:
            name, has_parts = self._new.pop()
            bare = name.strip()
            for form in (bare,) if bare.isascii() else {unicodedata.normalize("NFC", bare), plain(bare)}:
                self._add(form, _ANYWHERE if len(form) >= _WHOLE else _AS_WORD)
                for part in shape(_PART).findall(form) if has_parts else ():
                    if part.lower() not in common_words():
                        self._add(part, _FROM_ITS_BEGINNING if len(part) >= _BEGINNING else _AS_WORD)

    def _add(self, word: str, where: int) -> None:
        # A word of marks alone would never be gone.
        if word.strip("• \t\r\n"):
            before = self._words.get(word, ("", where))[1]
            self._words[word] = (_low(word), min(before, where))


KNOWN = Mask(REVEALED)
"""What this process knows."""


def know_login(environ: Mapping[str, str]) -> None:
    """Take note of whose computer this is: the home folder, and the names of whoever acts and is logged in."""
    with suppress(OSError):
        KNOWN.folder(os.getcwd(), "<this folder>")  # noqa: PTH109 - each command pays for it
    for name, shown in (("BCP_STATE", "<state>"), ("BCP_OFFICE", "<office>")):
        # As it stands a relative path is too short a word to be taken out everywhere.
        for path in _written(environ.get(name, "")):
            KNOWN.folder(path, shown)
    for name in ("HOME", "USERPROFILE"):
        KNOWN.folder(environ.get(name, "").rstrip("/\\"), "~")
    KNOWN.names([environ.get("BCP_PERSON")])
    logins = (environ.get(name) for name in ("LOGNAME", "USER", "USERNAME"))
    KNOWN.names(
        login for login in logins if login and login not in ("root", "admin", "administrator", "user")
    )


def _written(path: str) -> Iterator[str]:
    """The same folder in all ways in which it may stand in a text."""
    if path:
        whole = os.path.abspath(os.path.expanduser(path))  # noqa: PTH100, PTH111
        yield from {whole, os.path.realpath(whole), *([path] if path.startswith(("/", "~/", "\\")) else [])}


def _low(text: str) -> str:
    return text.lower().replace("ς", "σ")


def plain(name: str) -> str:
    """A name in letters without their marks, as it is often typed: Wójcik, Wojcik."""
    letters = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L").strip())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _unless_plain(found: re.Match[str]) -> str:
    inside, end = found[0][1:-1], found[0][-1]
    if len(inside) <= 60 and shape(_PLAIN).fullmatch(inside):
        return found[0]
    # One that is never closed on its line hides all that follows there.
    return f"{found[0][0]}…{end if end in _CLOSING else ''}"

"""Texts of strangers as a terminal may have them: what would steer it, or hides, becomes a mark such as `<U+001B>`.

A subject, a server's answer, a file's name can hold control characters (which move the cursor, set the title of the
window, clear the screen), marks that turn the direction of a line, halves of a letter, and what nobody sees. Nothing
of it is lost: its mark says what stood there, in ASCII. What is kept in the journal is what came.
"""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"
"""Parts of emoji, and of words in Arabic and Indic letters; among Latin letters they only hide."""
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that can be seen: signs around Arabic numbers and the like."""
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters and blanks without any shape of their own."""
_SELECTORS = range(0xE0100, 0xE01F0)
_DOUBTED = re.compile(f"[{''.join(sorted(_UNSEEN))}{chr(_SELECTORS[0])}-{chr(_SELECTORS[-1])}]")
"""What counts as printable (`str.isprintable`) and is not surely harmless."""


def visible(text: str) -> str:
    """`text` with a mark for each character that steers a terminal or cannot be seen.

    Line feeds and tabs stay, and a carriage return before a line feed.
    """
    if _is_plain(text.replace("\n", "")):
        return text
    return "".join(letter if is_harmless(text, index) else mark(letter) for index, letter in enumerate(text))


def in_one_line(text: str) -> str:
    """The same for a text that is one line by nature: line feeds are marked, too."""
    if _is_plain(text):
        return text
    return "".join(
        letter if is_harmless(text, index) and letter not in "\r\n" else mark(letter)
        for index, letter in enumerate(text)
    )


def _is_plain(text: str) -> bool:
    """Whether each of its characters is surely harmless, as in nearly all lines: then none has to be looked at."""
    return text.isprintable() and not _DOUBTED.search(text)


def is_harmless(text: str, index: int) -> bool:
    """Whether this character of `text` may reach a terminal."""
    letter = text[index]
    if letter in "\n\t" or (letter == "\r" and text[index + 1 : index + 2] == "\n"):
        return True
    if letter in _UNSEEN or letter in _SEEN:
        return letter in _SEEN
    if letter in _JOINERS or ord(letter) in _SELECTORS:
        before = text[index - 1 : index]
        return (
            bool(before) and not before.isascii() and unicodedata.category(before) not in ("Cc", "Cf", "Cs")
        )
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def is_seen(letter: str) -> bool:
    """Whether somebody who looks at this character sees anything: no blank, no key that steers, no hidden letter."""
    if letter.isspace() or letter in _UNSEEN or ord(letter) in _SELECTORS:
        return False
    return letter in _SEEN or unicodedata.category(letter) not in (
        "Cc",
        "Cf",
        "Cs",
        "Mn",
        "Me",
        "Zl",
        "Zp",
        "Zs",
    )


def mark(letter: str) -> str:
    """`<U+001B>`."""
    return f"<U+{ord(letter):04X}>"

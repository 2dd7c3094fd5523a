"""The short form of an alert: what is wrong, a time, one next step, in 160 letters of a text message at most.

Text messages fold to the letters of GSM-7 (`plain`), for one message of 160 is sooner there, and cheaper, than three of
70 with accents. A text in an alphabet that GSM-7 does not have, such as Greek, stays as it is: up to three messages.
"""

from __future__ import annotations

from bcp.notice.text.gsm import segments, without_accents

MOST = 160
_SIGNS = str.maketrans(
    {"„": '"', "”": '"', "“": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "→": "-"}
    | {"…": "...", "\u00a0": " ", "\u202f": " ", "·": ".", "×": "x", "€": "EUR"}
)
_LEAST_WORDS = 12
"""So many letters of what can be cut are left before the next step is cut, too."""


def shortened(head: str, rest: str = "", todo: str = "") -> str:
    """`head rest. todo` in 160 letters: first `rest` is cut, then `head`; the next step stays whole."""
    head, rest, todo = (" ".join(each.split()) for each in (head, rest, todo))
    head, rest = head.rstrip(". "), rest.rstrip(". ")
    end = f". {todo}" if todo else ""
    room = MOST - length(end)
    if rest:
        whole = f"{head}: {rest}"
        if length(whole) <= room:
            return whole + end
        left = room - length(f"{head}: ")
        if left >= _LEAST_WORDS:
            return f"{head}: {cut(rest, left)}{end.removeprefix('.')}"
    if length(head) <= room:
        return head + end
    return f"{cut(head, room)}{end.removeprefix('.')}" if room >= _LEAST_WORDS else cut(f"{head}{end}", MOST)


def cut(text: str, most: int) -> str:
    """At most so many letters of a text, cut behind a word where that is possible, and said to be cut."""
    if length(text) <= most:
        return text
    kept = text[:most]
    while kept and length(kept) > most - 3:
        kept = kept[:-1]
    at_word = kept.rpartition(" ")[0]
    return f"{(at_word if len(at_word) > len(kept) // 2 else kept).rstrip(' ,.;:-')}..."


def length(text: str) -> int:
    """How many letters of a text message it takes: as GSM-7 where it can be that, else as it stands."""
    return max(len(text), segments(plain(text)).units)


def plain(text: str) -> str:
    """The letters of GSM-7 that stand for a text, as far as it has some for them."""
    return without_accents(text.translate(_SIGNS))

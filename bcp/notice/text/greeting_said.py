"""Reads a cell of the column `salutation`: opening, form, titles, names; and whether it is of the letter's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bcp.notice.text.greeting_names import PersonName, is_initial
from bcp.notice.text.greeting_words import AND, USAGES, Usage, bald, plain

_LONGEST = 4
"""Words of the longest opening or form."""
_ATTENTION = re.compile(
    r"^(?:c/o|z\.?\s?h(?:d|dn|änden)\b\.?|zu händen|attn\b\.?|att\.|fao\b|do rąk(?: własnych)?|k rukám"
    r"|υπ(?:'|’)? ?όψι?ν)[\s:]+(?:von )?",
    re.I,
)
"""For the attention of, on an envelope."""
_EITHER = re.compile(r"/|\b(or|oder|lub|albo|nebo|ή)\b|\((in|r|a|í|ή)\)|[:*_](r|in|innen)\b", re.I)


@dataclass(frozen=True)
class Said:
    """What a cell says, in parts; `opening` is with whom it fits (see `Usage`), `word` the form as it is printed."""

    usage: Usage
    text: str = ""
    opening: str = ""
    hour: bool = False
    behind_opening: str = ""
    form: str = ""
    written_form: str = ""
    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    foreign: bool = False

    @property
    def gender(self) -> str:
        """`m`, `f`, `p` for several, `x` for neither, `?` where it may be either, or nothing without a form."""
        return self.usage.forms.get(self.form, "").partition(" ")[0]

    @property
    def word(self) -> str:
        """The form as it is printed."""
        return self.usage.forms.get(self.form, "").partition(" ")[2]

    @property
    def is_nominative(self) -> bool:
        """Whether the form stands in lists and not in greetings."""
        return self.form in self.usage.nominative

    @property
    def stands_alone(self) -> bool:
        """Whether the form takes no name behind it: Sir, Damen und Herren, Państwo."""
        is_several = self.gender == "p" and (self.usage.own_line or not self.word)
        return not self.names and (is_several or self.form in ALONE)

    @property
    def has_name(self) -> bool:
        """Whether a name stands in the cell; one letter is the code of a form (K, M) or an initial, and no name."""
        return any(not is_initial(word) for word in self.names)

    def is_other_than(self, form: str) -> bool:
        """Whether the cell speaks to a man, a woman or several, and the form before the name to another of them."""
        kinds = {
            usage.forms.get(plain(form), "").partition(" ")[0] for usage in (self.usage, *USAGES.values())
        }
        kinds &= {"m", "f", "p"}
        return self.gender in ("m", "f", "p") and bool(kinds) and self.gender not in kinds

    def fits(self, name: PersonName) -> bool:
        """Whether a name in the cell is one of the person, in any case; a cell without a name fits everybody."""
        words = [word for word in self.names if not self.is_title_said(word)]
        said, known = _each_part(words), _each_part(name.words)
        return not said or not known or any(_is_same(one, other) for one in said for other in known)

    def is_title_said(self, word: str) -> bool:
        """Whether it is a title in the vocative: Mecenasie, doktorko."""
        return any(plain(word) in plain(said).split() for said in self.usage.titles.values() if said)

    def names_are_nominative(self, name: PersonName) -> bool:
        """Whether a name stands as in a list, where the language says it otherwise to its bearer."""
        surname = {plain(word) for word in name.surname.split()}
        return self.gender != "p" and any(
            plain(word) in name.words and not self._is_same_when_said(plain(word), plain(word) in surname)
            for word in self.names
        )

    def _is_same_when_said(self, word: str, is_surname: bool) -> bool:
        if self.usage.code == "el":
            return not word.endswith("σ")
        if self.usage.code == "cs":
            return word.endswith(("á", "ý", "í", "ů", "é", "e", "o"))
        if self.gender == "f":
            return is_surname or not word.endswith("a")
        return word.endswith(("y", "i", "o", "e"))

    def address(self, name: PersonName) -> str:
        """Form and names as they stand behind `Szanowna`: capitals as the language has them."""
        if self.usage.code == "pl":
            return " ".join(
                word[:1].upper() + word[1:] for word in (self.written_form, *self.titles, *self.names)
            )
        titles = (title.lower() if title.isupper() else title for title in self.titles)
        return " ".join(
            (self.written_form.lower(), *titles, with_capitals(" ".join(self.names), name))
        ).strip()


def sure_vocative(usage: Usage, gender: str, name: PersonName) -> str:
    """The surname as it is said to its bearer, where its ending makes that certain; else nothing."""
    surname = name.surname
    if not surname or name.several or gender not in ("m", "f") or surname.isupper():
        return ""
    if usage.code == "cs":
        return surname if surname.endswith(("á",) if gender == "f" else ("ý", "í", "ů")) else ""
    if usage.code == "el":
        if gender == "f":
            return "" if surname.endswith("ς") else surname
        if surname.endswith("όπουλος"):
            return f"{surname[:-2]}ε"
        if surname.endswith(("ου", "ού")):
            return surname
        return surname[:-1] if surname.endswith(("ης", "ής", "ας", "άς")) else ""
    return ""


ALONE = frozenset({"sir", "madam", "ma'am"})
"""English forms that take no surname."""


def with_capitals(text: str, name: PersonName) -> str:
    """The text with a capital at each name of the person that was typed without."""
    known = [bald(word) for word in name.words]
    return " ".join(
        word.capitalize()
        if word.islower() and word not in AND and any(_is_same(bald(word), own) for own in known)
        else word
        for word in text.split()
    )


def _each_part(words: Iterable[str]) -> list[str]:
    """Names as they are compared, double ones also in their parts; without initials."""
    whole = [bald(word) for word in words if not is_initial(word)]
    return whole + [part for word in whole if "-" in word for part in word.split("-")]


def _is_same(one: str, other: str) -> bool:
    """Whether two words may be one name in two cases: they begin alike, and only their endings differ."""
    shorter = min(len(one), len(other))
    alike = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    if alike == shorter <= 3:
        return shorter > 1 and abs(len(one) - len(other)) <= 2
    least, most = (3, 2) if shorter > 3 else (2, 1)
    return alike >= least and len(one) <= alike + most and len(other) <= alike + most


def read_salutation(usage: Usage, text: str, name: PersonName | None) -> Said:
    """What the cell says; `name` tells words of other languages from the person's own name."""
    text = text.strip(" \"'„”“«»,!:;")
    if not text:
        return Said(usage)
    words = text.split()
    at, opening, hour, behind = 0, "", False, ""
    while found := _longest(usage.openings, usage, words[at:]):
        key, count = found
        kind = usage.openings[key]
        hour, at = hour or kind == "hour", at + count
        behind = behind or " ".join(words[at:])
        opening = kind if not opening or kind not in ("*", "hour") else opening
    form, written, titles = "", "", []
    while at < len(words):
        found = None if form else _longest(usage.forms, usage, words[at:])
        if found:
            form, written = found[0], " ".join(words[at : at + found[1]]).strip(".,")
            at += found[1]
        elif plain(words[at]) in usage.titles:
            titles.append(words[at].strip(","))
            at += 1
        else:
            break
    names = tuple(word.strip(",") for word in words[at:])
    if _EITHER.search(text) and (not form or names):
        opening = "none"
    own = name.words if name else frozenset()
    foreign = _is_foreign(usage, names, own, is_begun=bool(opening or form or titles))
    text = _neat(usage, text)
    return Said(usage, text, opening, hour, behind, form, written, tuple(titles), names, foreign)


def without_opening(text: str) -> str:
    """A name without what somebody wrote before it as on a letter or an envelope: `Dear Anna`, `z. Hd. Frau Nowak`."""
    words = _ATTENTION.sub("", text).split()
    openings = {key for usage in USAGES.values() for key in usage.openings}
    at = 0
    while at < len(words):
        keys = {
            count: " ".join(plain(word) for word in words[at : at + count]) for count in range(1, _LONGEST)
        }
        count = max((count for count, key in keys.items() if key in openings), default=0)
        if not count:
            break
        at += min(count, len(words) - at)
    return " ".join(words[at:])


def _neat(usage: Usage, text: str) -> str:
    """A greeting with capitals as the language has them, where it is all in capitals or all in small letters.

    Greek capitals have no accents, so they stay.
    """
    if not (text.islower() or (text.isupper() and usage.code != "el")):
        return text[:1].upper() + text[1:]
    has_big_forms = usage.code in ("en", "de", "pl")
    words = [
        word.capitalize() if not at or (has_big_forms and plain(word) in usage.forms) else word
        for at, word in enumerate(text.lower().split())
    ]
    return " ".join(words)


def _longest(rows: Mapping[str, str], usage: Usage, words: list[str]) -> tuple[str, int] | None:
    """The longest row of a table that these words begin with, and how many words it has."""
    for count in range(min(_LONGEST, len(words)), 0, -1):
        key = " ".join(plain(word) for word in words[:count])
        if key in rows:
            return key, count
        if not any(key in other.forms or key in other.openings for other in USAGES.values()):
            accented = usage.bald.get(" ".join(bald(word) for word in words[:count]), "")
            if accented in rows:
                return accented, count
    return None


def _is_foreign(usage: Usage, names: tuple[str, ...], own: frozenset[str], *, is_begun: bool) -> bool:
    """Whether an opening, form or title of another language stands where a name would."""
    for at, word in enumerate(names):
        said = plain(word)
        if said in own or (len(said) < 3 and (at or is_begun)):
            continue
        for other in USAGES.values():
            if other is usage:
                continue
            pair = " ".join(map(plain, names[at : at + 2]))
            title = not is_begun and not at and said in other.titles
            if said in other.forms or said in other.openings or pair in other.openings or title:
                return True
    return False

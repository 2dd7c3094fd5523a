"""Takes the name of a person apart as it stands in a cell: titles, first names, surname, letters behind it; two people.

    Ing. Jan Novák, CSc.   von der Heide, Max   NOWAK Anna   J. & M. Smith   Anna Kowalska-Nowak (księgowa)

Which word is the surname is known by a comma, by capitals, by `von`, `de`, `Graf`, by a frequent first name or by the
ending of a surname, in this order; else it is the last. Where nothing tells, `is_doubtful` says so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from bcp.contact.cell import has_lost_letters
from bcp.notice.text.first_names import is_first_name
from bcp.notice.text.greeting_words import (
    ALL_TITLES,
    AND,
    CAPITAL_SUFFIXES,
    COMPANY,
    NOBLE,
    PARTICLES,
    SUFFIXES,
    USAGES,
    bald,
    plain,
)

_FORMS = frozenset(form for usage in USAGES.values() for form in usage.forms if len(form) > 1)
_NOBODY = re.compile(
    r"(?i)^[\d\W]*$|^#\S+$|@|\d{5}|https?:|[{}<>]|^(n/?a|none|null|nil|undefined|tb[ad]|brak|keine?r?|žádn[ýé]"
    r"|nie dotyczy|unknown|unbekannt|x+)$"
)
"""What is no name of a person."""
MARKUP = re.compile(r"[{}<>]")
"""What a program left where it should have filled in a name."""
DEAD = re.compile(
    r"(?i)[†✝]|\b(?:deceased|passed away|verstorben|gestorben|zmarł|nie żyje|zemřel|zesnul"
    r"|αποβίωσ|απεβίωσ|αποθαν|πέθαν|θανών|θανούσα)"
)
"""Somebody who must not be written to as if alive."""
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPACED = re.compile(r"\b(ph|ll|r|h|n)\. (d|m|pr|c|med)\b(?=\.)", re.I)
_BORN = re.compile(r"\s(?:geb(?:\.|orene?\b)|z d\.|z domu\b|roz\.|rozená\b|née\b|το γένος\b).*$", re.I)
_VIETNAMESE = frozenset(
    ["nguyen", "tran", "pham", "hoang", "huynh", "phan", "truong", "dang", "bui", "ngo", "duong", "trinh"]
)
"""Surnames that stand first in Vietnam, and in what its people abroad write; bare of their marks."""
_SURNAME = re.compile(
    r"^(o'|mc|mac)\w|(ová|ski|ska|cki|cka|dzki|dzka|wicz|czyk|ewski|ewska|ský|ská|cký|cká"
    r"|όπουλος|οπούλου|ίδης|ίδου|άδης|άδου|άκης|άκη|άκος|άκου|ίδη|ιάδης|ιάδου|έας|έα)$"
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in its parts; `surname` is nothing where it is not known, or where two people have two.

    `first` and `surname` are as written, but for names all in capitals or all in small letters. `several` are two or
    more people. `is_moved` says that the surname stood first, `is_doubtful` that nothing told which word it is.
    """

    titles: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    surname: str = ""
    several: bool = False
    is_moved: bool = False
    is_doubtful: bool = False
    form: str = ""

    @property
    def words(self) -> frozenset[str]:
        """Each word of the name as it is compared."""
        return frozenset(plain(word) for word in (*self.first, *self.surname.split()))

    @property
    def in_order(self) -> str:
        """Titles, first names, surname."""
        return " ".join((*self.titles, *self.first, self.surname)).strip()


def clean(text: str) -> str:
    """One line without hidden letters, with plain spaces."""
    return " ".join(_HIDDEN.sub("", unicodedata.normalize("NFC", text)).split())


def is_nobody(text: str) -> bool:
    """Whether this is no name of a person: nothing, a firm, a department, an address; a desk behind a name is one."""
    head = re.split(r"[(,]", text, maxsplit=1)[0].strip()
    return not head or any(pattern.search(head if " " in head else text) for pattern in (_NOBODY, COMPANY))


def parse_name(text: str) -> PersonName | None:
    """The parts of a name; None where it is none of a person."""
    name = clean(text)
    if is_nobody(name):
        return None
    name = _BORN.sub("", _SPACED.sub(r"\1.\2", name.replace("/", " / ").replace(";", " / ")))
    name = re.sub(r"\s[-–—]\s(?=[a-zà-žά-ώ])", " (", name).partition("(")[0]
    # Nowak - Kowalska is one surname; Nowak - Director is not.
    is_dashed = bool(re.search(r"\w\s+[-–—]\s+\w", name)) and not _SURNAME.search(plain(name))
    name = re.sub(r"(?<=\w)\s*[-–—]\s*(?=\w)", "-", name)
    head, *behind = (part.strip() for part in name.split(","))
    rest = [part for part in behind if part and not _is_suffix(part.split())]
    if head.casefold().endswith(" family"):
        head = f"Family {head[: -len(' family')]}"
    form, titles, words = _without_titles([word for word in head.split() if not word.isdecimal()])
    if len(words) == 1 and plain(words[0]) in _FORMS:
        return None
    words = _without_suffixes(words)
    behind_form, own, first = _without_titles(rest[0].split()) if rest else ("", [], [])
    if len(first) == 1 and plain(first[0]) in _FORMS:  # Müller, Frau
        behind_form, first = first[0], []
    is_second = len(words) > 1 and len(first) > 1 and is_first_name(first[0]) and not _is_surname_alone(words)
    if any(AND & set(part.split()) for part in rest) or (form and behind_form) or is_second:
        return PersonName(tuple(titles), tuple(name.split()), several=True)
    form = form or behind_form
    if rest and _is_surname_alone(words):
        return PersonName((*titles, *own), _cased(first), _joined(words), is_moved=True, form=form)
    found = _of_words(words)
    is_doubtful = found is not None and (found.is_doubtful or is_dashed)
    return found and replace(found, titles=(*titles, *found.titles), form=form, is_doubtful=is_doubtful)


def why_nameless(text: str) -> str:
    """Why nobody may be greeted by what stands in these cells, a key of `greeting.WHYS`, or nothing."""
    return "dead" if DEAD.search(text) else "broken" if has_lost_letters(text) else ""


def _without_titles(words: list[str]) -> tuple[str, list[str], list[str]]:
    """A form (Mr, Pani), the titles, and the words behind them."""
    form = ""
    titles: list[str] = []
    while len(words) > 1 or (words and plain(words[0]) in ALL_TITLES):
        word = plain(words[0])
        if word in _FORMS and not titles:
            form = words[0]
        elif word in ALL_TITLES or re.fullmatch(r"(\w+\.?-?)?(dr|ing|kfm|kffr)", word):
            titles.append(words[0])
        else:
            break
        words = words[1:]
    return form, titles, words


def _is_suffix(words: list[str]) -> bool:
    return bool(words) and all(plain(w) in SUFFIXES or w.strip(".") in CAPITAL_SUFFIXES for w in words)


def _without_suffixes(words: list[str]) -> list[str]:
    """The words without what stands behind a name: Jr., PhD."""
    count = len(words)
    while count > 1 and _is_suffix(words[count - 1 : count]):
        count -= 1
    return words[:count]


def _is_surname_alone(words: list[str]) -> bool:
    """Whether these words before a comma are a surname: one word, perhaps with `von` before it."""
    return bool(words) and all(plain(word) in PARTICLES | NOBLE for word in words[:-1])


def _of_words(words: list[str]) -> PersonName | None:
    """First names and surname of plain words; None for nothing that is a name."""
    if not words:
        return None
    for at, word in enumerate(words[:-1]):
        if word in AND and (not at or plain(words[at - 1]) not in PARTICLES):
            return _couple(words[:at], words[at + 1 :])
    if len(words) > 2 and bald(words[0]).replace("đ", "d") in _VIETNAMESE:
        return PersonName(first=_cased(words[1:]), surname=_joined(words[:1]), is_moved=True)
    if plain(words[0]) in NOBLE and len(words) > 2 and is_first_name(words[1]):  # Graf Anton Berg
        words = [words[1], words[0], *words[2:]]
    begun = [n for n, word in enumerate(words[:-1]) if _begins_surname(word, n, words)]
    if begun:
        at = begun[0]
        own = next((n for n, word in enumerate(words) if plain(word) not in PARTICLES | NOBLE), at) + 1
        if at == 0 and own < len(words):
            return PersonName(first=_cased(words[own:]), surname=_joined(words[:own]), is_moved=True)
        is_middle = at > 1 and not (is_first_name(words[at - 1]) or is_initial(words[at - 1]))
        if is_middle and plain(words[at]) in ("zu", "zum", "zur"):  # Meyer zu Schlochtern
            at, is_middle = at - 1, False
        return PersonName(first=_cased(words[:at]), surname=_joined(words[at:]), is_doubtful=is_middle)
    if all(is_initial(word) for word in words) or (is_initial(words[-1]) and is_first_name(words[0])):
        return PersonName(first=tuple(words), is_doubtful=True)
    if len(words) == 1:
        known = is_first_name(words[0])
        return PersonName(first=_cased(words)) if known else PersonName(surname=_joined(words))
    return _ordered(words)


def _ordered(words: list[str]) -> PersonName:
    """Two or more words without any mark: the surname is last, or first where something says so."""
    first, last = words[0], words[-1]
    shouted = [word for word in words if word.isupper() and not is_initial(word)]
    known, last_known = is_first_name(first), is_first_name(last)
    if len(shouted) == 1 and len(words) > 1 and shouted[0] in (first, last) and not is_initial(first):
        moved = shouted[0] is first
    elif is_initial(last) and not is_initial(first):
        moved = True
    elif known != last_known and not is_initial(first):
        moved = last_known
    else:
        moved = bool(_SURNAME.search(plain(first))) and not _SURNAME.search(plain(last))
    if moved:
        return PersonName(first=_cased(words[1:]), surname=_joined(words[:1]), is_moved=True)
    double = 2 if len(words) > 2 and _SURNAME.search(plain(words[-2])) else 1
    middle = words[1:-double]
    strange = [word for word in middle if not is_first_name(word) and not is_initial(word)]
    doubtful = bool(strange) or (known == last_known and not any(map(is_initial, words)) and double == 1)
    doubtful = doubtful and not (shouted or _SURNAME.search(plain(last)))
    return PersonName(first=_cased(words[:-double]), surname=_joined(words[-double:]), is_doubtful=doubtful)


def _begins_surname(word: str, at: int, words: list[str]) -> bool:
    """Whether a surname of several words begins here: `von`, `Graf`; a capital letter counts for the sure ones."""
    said = plain(word)
    if said in NOBLE:
        return True
    if said not in PARTICLES or word.endswith("."):
        return said == "st" and at > 0
    sure = said in {
        "von",
        "van",
        "vom",
        "zu",
        "zum",
        "zur",
        "de",
        "der",
        "den",
        "ter",
        "ten",
        "della",
        "saint",
    }
    return word == said or (sure and (at > 0 or len(words) > 1))


def _couple(one: list[str], other: list[str]) -> PersonName:
    """Two people; their surname where they have one."""
    _form, titles, one = _without_titles(one)
    _form, _titles, other = _without_titles(other)
    second = _of_words(other)
    alone = len(one) == 1 and (is_first_name(one[0]) or is_initial(one[0]))
    same = len(one) > 1 and second is not None and plain(one[-1]) == plain(second.surname)
    surname = second.surname if second and second.first and (alone or same) else ""
    return PersonName(titles=tuple(titles), first=(*one, *other), surname=surname, several=True)


def is_initial(word: str) -> bool:
    """Whether a word is one letter, or letters with full stops: `J.`, `J.-P.`."""
    return len(word.replace(".", "").replace("-", "")) <= 1 or bool(re.fullmatch(r"(\w{1,2}\.-?)+", word))


_WOMANS = re.compile(r"(ová|owska|ewska|ińska|yńska|alska|οπούλου)$")
_MANS = {"pl": re.compile(r"(owski|ewski|iński|yński|alski)$"), "el": re.compile(r"όπουλος$")}


def does_contradict(language: str, gender: str, surname: str) -> bool:
    """Whether a form of this gender (m, f) goes with no such surname: pan Nováková, Pani Kowalski.

    A woman abroad may bear her husband's form of the name, so that counts in its own language only.
    """
    if gender == "m":
        return bool(_WOMANS.search(surname.lower()))
    mans = _MANS.get(language)
    return gender == "f" and mans is not None and bool(mans.search(surname.lower()))


def _cased(words: list[str]) -> tuple[str, ...]:
    return tuple(_joined([word]) for word in words)


def _joined(words: list[str]) -> str:
    """The words with a capital at the beginning of each, where they are all in capitals or all in small letters.

    Greek capitals have no accents, so they stay.
    """
    said = " ".join(words)
    letters = [letter for letter in said if letter.isalpha()]
    if (
        len(letters) < 3
        or not (said.isupper() or said.islower())
        or any("Ͱ" <= one <= "Ͽ" for one in letters)
    ):
        return said
    return " ".join(word.lower() if plain(word) in PARTICLES else word.title() for word in words)

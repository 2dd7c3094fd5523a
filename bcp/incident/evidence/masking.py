"""Takes people out of an incident that is given away: names, numbers, addresses, accounts, contracts.

What is known of the office is taken out in every spelling, each kind under a mark of its own; what nobody said is found
by its shape (see `bcp.mask`). What was taken out is counted. It is done as well as can be, and no more: a name that
stands in no list and looks like no name stays. So whoever gives the copy away reads it before.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bcp.event import Event
from bcp.i18n import _
from bcp.incident.evidence.spelling import NameCases, spellings_of, without_accounts
from bcp.incident.fold import started
from bcp.mask import Mask, common_words
from bcp.mask_shape import Marks, without_shapes
from bcp.progress import UNWATCHED, Progress, counted
from bcp.revealed import MASK

PERSON, CONTACT, NUMBER, MAIL = "people", "contacts", "numbers", "mail addresses"
ACCOUNT, STREET, CONTRACT, HASH = "accounts", "streets", "contracts", "hashes"
FILE, OTHER = "files", "others"
_READ = {
    CONTACT: "[contact]",
    NUMBER: "[number]",
    MAIL: "[mail address]",
    ACCOUNT: "[account]",
    STREET: "[street]",
    CONTRACT: "[contract]",
    HASH: "[hash]",
    FILE: "[file]",
    OTHER: "[masked]",
    PERSON: "[person]",
}
# While it is masked a text has signs in it that no text has, nor any name: a word in a mark would be masked again.
_SIGNS = {kind: chr(0xE000 + number) for number, kind in enumerate(_READ)}
_KINDS = {sign: kind for kind, sign in _SIGNS.items()}
_FIRST_PERSON = 0xE100
_OURS = re.compile("[\ue000-\uf8ff]")

_HASH = re.compile(r"(?i)(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])")
# An account of one's own country, perhaps without the two letters before it.
_ACCOUNT = re.compile(
    r"(?i)(?<![\w+])(?:[A-Z]{2}[ .\u00a0\u202f/–-]?)?\d\d(?:[ .\u00a0\u202f/–-]?\d{4}){6}(?!\d)"
)
# Whatever may be repeated is bounded, or begins where nothing of it stands before: a long text takes its length.
_STREET = re.compile(
    r"""(?x)
    (?i:\b(?:ul|al|pl|os|alei?|ulic[aąyę]|plac|osiedle|nám|náměstí|tř|ulice|rue|via|calle|οδός|λεωφ)\b\.?)
        \s{1,3}(?:[^\W\d_\ue000-\uf8ff][\w.'’-]{0,40}\s{1,3}|[\ue000-\uf8ff]\w{0,9}\s{1,3}){1,4}
        \d{1,5}\w?(?:\s?/\s?\d{1,5}\w?|\s{1,2}(?:m|lok|mieszk)\.?\s{0,2}\d{1,5}\w?)?
    | (?<!\w)(?:Am|An\sder|Im|Zum|Zur|Auf\sde[mr]|Unter\sde[nm]|In\sder)\s{1,3}
        [A-ZÄÖÜ][\w'’-]{1,40}\s{1,3}\d{1,5}\s?[a-z]?\b
    | \b\d{1,4}(?:\s?(?:bis|ter))?,?\s{1,3}(?i:rue|avenue|boulevard|bd|quai|allée|chemin|impasse)\s{1,3}
        (?:[^\W\d_][\w'’-]{0,40}\s{0,3}){1,5}
    | (?<![\w'’-])[^\W\d_][\w'’-]{0,60}?(?i:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|damm|ufer|ring)
        \s{1,3}\d{1,5}\s?[a-z]?\b
    | \b\d{1,5}\w?,?\s{1,3}(?:[A-Z][\w'’-]{0,40}\s{1,3}){1,3}
        (?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Square|Terrace)\b\.?
    | \b\d\d-\d{3}\s{1,3}[^\W\d_]\w+
    """
)
_CONTRACT = re.compile(
    r"""(?ix)
    (?P<before>\b(?:contract|customer|client|account|agreement|umow\w{1,3}|klient\w{0,4}|abonent\w{0,4}|vertrag\w{0,10}
        |kunden\w{0,10}|smlouv\w{1,3}|zákaz\w{1,10}|σύμβαση\w?)
        (?:\s{0,2}[-:#=]?\s{0,2}(?:no|nr|number|numer|nummer|id|č|číslo|αρ)?\b[.:#]?\s{0,2}){0,2}[:#=]?\s{0,2})
    (?P<number>(?=[\w./-]{0,40}\d)[\w-][\w./-]{3,40})
    """
)
_ADDRESSED = re.compile(
    r"(?P<before>\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Pan|Pani|Pana|Panu|Panem|Państw[oau]|Herrn?|Frau|[Pp]an(?:ie|a|e|u)?|[Pp]aní|κ|Κ)\.?\s{1,3})"
    r"(?:[^\W\d_a-ząćęłńóśźż][\w'’-]+)(?:\s[^\W\d_a-ząćęłńóśźż][\w'’-]+)?"
)
_LONG = re.compile(r"[^\W\d_]{6,}")
_LOGIN = re.compile(r"\(login (.+)\)$")
"""Of whoever acted and is not known (`bcp.person`)."""
_STREET_WORD = re.compile(r"(?i)^(?:ul|al|pl|os|nám|tř)\.?\s+")
_TEXTS = ("texts",)
"""Of the first event: the texts of the plans, in which anything may stand, are left out whole."""
_SIZE = "bytes"
"""Of a receipt: with it a file that one has, or finds, could be told to be that one."""
_NAMES, _RECEIPT, _FILES = "said_by", "receipt", ("file", "name")
_SHORTEST = 5
"""A part of an address that is shorter says nothing of where somebody is."""
_SHAPES = Marks(_SIGNS[MAIL], _SIGNS[ACCOUNT], _SIGNS[NUMBER])


@dataclass(frozen=True, slots=True)
class KnownPrivate:
    """What is known of an office that a stranger need not know.

    `people` are names and mail addresses by the id of a person, `contacts` names and ids, `numbers` phone numbers,
    `streets` whole addresses, `accounts` and `contracts` as they are written in the office.
    """

    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    contacts: Sequence[str] = ()
    numbers: Sequence[str] = ()
    streets: Sequence[str] = ()
    accounts: Sequence[str] = ()
    contracts: Sequence[str] = ()


class Masker:
    """Masks texts and values of one incident, and counts what it took out."""

    def __init__(
        self, events: Sequence[Event], known: KnownPrivate, *, progress: Progress = UNWATCHED
    ) -> None:
        """What `events` tell of who acted, who said what and which file lies there is known from now on, too."""
        self._people: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        whole = "\n".join(each.body for each in events)
        self._cases = NameCases()
        before = [*self._of_people(events, known), *_of_the_office(known)]
        self._cases.know(_SIGNS[CONTACT], known.contacts)
        self._spelled = [*spellings_of(_SIGNS[CONTRACT], known.contracts)]
        self._spelled += spellings_of(_SIGNS[ACCOUNT], known.accounts)
        looked_for = counted(progress, _("Looking for names"), before, len(before))
        self._before = [each.narrowed(whole) for each in looked_for]
        self._behind = _of_numbers(known).narrowed(whole)
        self._ids = _any_word(self._people)

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind was taken out, so far."""
        return {kind: self._counts[kind] for kind in _READ if self._counts[kind]}

    def text(self, text: str) -> str:
        """`text` without what a stranger need not know."""
        marks = text.count(MASK)
        composed = unicodedata.normalize("NFC", text)
        bare = _HASH.sub(_SIGNS[HASH], _OURS.sub("\ufffd", composed))
        bare = without_accounts(_SIGNS[ACCOUNT], _ACCOUNT.sub(_SIGNS[ACCOUNT], bare))
        for sign, pattern in self._spelled:
            bare = pattern.sub(sign, bare)
        bare = self._cases.masked(bare)
        for mask in self._before:
            bare = mask.only_known(bare)
        bare = self._ids.sub(lambda found: self._people.get(found[0].casefold(), _SIGNS[PERSON]), bare)
        bare = _ADDRESSED.sub(rf"\g<before>{_SIGNS[PERSON]}", bare)
        bare = _STREET.sub(_SIGNS[STREET], bare)
        bare = _CONTRACT.sub(rf"\g<before>{_SIGNS[CONTRACT]}", bare)
        bare = self._behind.only_known(without_shapes(bare, bare.lower(), _SHAPES))
        self._counts[OTHER] += max(0, bare.count(MASK) - marks)
        return _OURS.sub(self._readable, bare)

    def value(self, value: Any) -> Any:
        """The same for every text in a value, keys included; texts of plans are left out whole."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self._left_out(key, each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.value(each) for each in value]
        return value

    def _left_out(self, key: str, value: Any) -> Any:
        if key == _SIZE:
            return "[left out]"
        if key in _TEXTS and isinstance(value, dict):
            return dict.fromkeys(map(self.text, value), "[left out]")
        return self.value(value)

    def _of_people(self, events: Sequence[Event], known: KnownPrivate) -> Iterator[Mask]:
        """A mask for each person of the office, and for whoever acted or said something without being one."""
        people = {id_: [person.name] for id_, person in started(events[0]).plan.people.items()}
        for id_, names in {**people, **known.people}.items():
            every = [*names, *people.get(id_, ())]
            self._cases.know(self._sign_of(id_), (each for each in every if "@" not in each))
            yield _mask(self._sign_of(id_), every)
        for actor in [actor for event in events for actor in (event.by, event.recorded_by)]:
            login = _LOGIN.search(actor)
            self._sign_of(login[1] if login else actor)
        named = {each for event in events for each in _under(event.data, _NAMES)}
        for name in sorted(named):
            self._cases.know(self._sign_of(name), [name])
            yield _mask(self._sign_of(name), [name])
        receipts = [event.data[_RECEIPT] for event in events if isinstance(event.data.get(_RECEIPT), Mapping)]
        files = {
            each.rpartition("/")[2] for receipt in receipts for key in _FILES for each in _under(receipt, key)
        }
        yield _typed(_SIGNS[FILE], files)

    def _sign_of(self, person: str) -> str:
        """The sign of a person, by an id."""
        known = self._people.get(person.casefold())
        if known is None:
            known = self._people[person.casefold()] = chr(_FIRST_PERSON + len(self._people))
        return known

    def _readable(self, found: re.Match[str]) -> str:
        kind = _KINDS.get(found[0])
        self._counts[kind or PERSON] += 1
        return _READ[kind] if kind else f"[person {ord(found[0]) - _FIRST_PERSON + 1}]"


def _of_the_office(known: KnownPrivate) -> Iterator[Mask]:
    yield _mask(_SIGNS[CONTACT], known.contacts)
    yield _typed(_SIGNS[STREET], {part for each in known.streets for part in _parts(each)})
    for kind, written in ((ACCOUNT, known.accounts), (CONTRACT, known.contracts)):
        yield _typed(_SIGNS[kind], written)


def _of_numbers(known: KnownPrivate) -> Mask:
    mask = Mask(mark=_SIGNS[NUMBER])
    mask.phones(known.numbers)
    return mask


def _mask(sign: str, names: Iterable[str]) -> Mask:
    mask = Mask(mark=sign)
    for name in (_OURS.sub("", name) for name in names):
        mask.names((name, *_stems(name)))
    return mask


def _stems(name: str) -> Iterator[str]:
    """The longer words of a name without the vowel at their end, which other cases change: Wiśniewsk(a, ą, iej)."""
    for part in _LONG.findall(name):
        if part.casefold() not in common_words() and part[-1].casefold() in "aeiouyąęóáéíýαηος":
            yield part[:-1]


def _typed(sign: str, texts: Iterable[str]) -> Mask:
    mask = Mask(mark=sign)
    mask.typed(_OURS.sub("", text) for text in texts)
    return mask


def _parts(address: str) -> Iterator[str]:
    """An address, each of its lines, and a street without the word for it."""
    for part in (address, *re.split(r"[,;\n]", address)):
        bare = part.strip()
        yield from (each for each in (bare, _STREET_WORD.sub("", bare)) if len(each) >= _SHORTEST)


def _under(value: Any, key: str) -> Iterator[str]:
    """The texts under a key, however deep."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name == key and isinstance(each, str) and each:
                yield each
            yield from _under(each, key)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _under(each, key)


def _any_word(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words, alone, in capitals or not."""
    longest_first = sorted(filter(None, words), key=lambda word: -len(word))
    return re.compile(
        "(?i)" + ("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in longest_first) or "(?!)")
    )

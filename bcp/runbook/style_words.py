"""The words by which the style of a plan is read: those that say its language, and those that are surely no verbs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

_COMMON: Mapping[str, str] = {
    "en": "the and of is it that with from you your if at for are to",
    "pl": "się nie jest że lub oraz czy dla przez który która jeśli albo są",
    "cs": "se že nebo které který když pokud není ke ze už jsou aby",
    "de": "der das und ist nicht mit den auf ein eine sie wenn zu sich im",
    "el": "και το η ο να την του από με για στο στη τα τον είναι",
}
"""Words that nearly every text of a language has, and texts of the others seldom."""

_NO_VERBS: Mapping[str, str] = {
    "en": "a an the this that these those my our your his her its their we you they he she it all some any each every"
    " no of in on at by for from with without to about after before during over under between into through and or but"
    " because if what when where who why how which whether internet router website provider office staff client"
    " clients customer customers computer computers electricity mailbox modem server password everybody everyone"
    " nobody somebody people team colleagues",
    "pl": "w we na z ze do od dla po przy przez pod nad bez o u za przed i lub albo ale bo czy co kto kiedy gdzie jak"
    " dlaczego który która które ten ta to ci te nasz nasza nasze mój wszyscy każdy my wy oni jeśli internet biuro"
    " klienci komputer strona telefon",
    "cs": "v ve na z ze do od pro po při přes pod nad bez o u za před a nebo ale protože zda co kdo kdy kde jak proč"
    " který která které ten ta to ti náš naše můj všichni každý my vy oni pokud když internet kancelář klienti"
    " počítač stránka telefon",
    "de": "der die das den dem des ein eine einen einem einer kein keine ich wir ihr er es mein unser alle jeder jede"
    " in im an am auf bei mit ohne nach vor für von zu zum zur aus über unter zwischen und oder aber weil wenn ob was"
    " wann wo wer warum wie welche internet büro kunden computer webseite telefon",
    "el": "ο η το οι τα τον την του της των ένας μία μια ένα σε στο στη στην στον στα με από για χωρίς μετά πριν και ή"
    " αλλά γιατί αν τι ποιος πότε πού πώς εμείς εσείς αυτός αυτή αυτό όλοι κάθε",
}
"""Words that begin no request: articles, pronouns, prepositions, questions, and the nouns of every office."""

_NOUNS_THAT_END = re.compile(r"[a-z]{2,}(?:tion|sion|ment|ness|ity|ance|ence|ship|ism)")
_VERBS_THAT_END = (
    "mention question position station function condition caution auction apportion implement comment document"
    " complement supplement experiment augment segment fragment lament witness harness balance finance advance"
    " enhance glance dance chance influence reference evidence commence silence sequence fence license ship audition"
    " ration petition sanction transition provision commission"
)
_GERUND = re.compile(r"[a-z]{3,}ing")
_VERBS_IN_ING = "bring ring sing swing sting string fling cling ping wring sling spring"

ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "en": ("see above", "as above"),
    "pl": ("patrz wyżej", "jak wyżej"),
    "cs": ("viz výše",),
    "de": ("siehe oben",),
    "el": ("βλέπε παραπάνω",),
}
"""What leads to another page, which somebody else may hold in hand."""

AS_USUAL: Mapping[str, tuple[str, ...]] = {
    "en": ("as usual", "as always", "the usual way"),
    "pl": ("jak zwykle", "jak zawsze"),
    "cs": ("jako obvykle", "jako vždy"),
    "de": ("wie üblich", "wie immer"),
    "el": ("όπως συνήθως", "όπως πάντα"),
}
"""What says nothing to somebody who does it for the first time, where it is nearly all that is said."""

JARGON: Mapping[str, str] = {
    "RTO": "by when it must work again",
    "MTPD": "from when on it does serious harm",
    "MBCO": "the least that will do",
    "verdict": "the cause",
    "stand-down": "switching back",
    "please note": "what to do about it",
}
"""Words of the field, in plans in English, and what people say instead."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def language_of(texts: Iterable[str]) -> str | None:
    """The language of these texts, where their commonest words leave no doubt."""
    counts = Counter(word.lower() for text in texts for word in _WORD.findall(text))
    found = {language: sum(counts[word] for word in words.split()) for language, words in _COMMON.items()}
    (first, most), (_second, next_most) = Counter(found).most_common(2)
    return first if most >= max(3, 3 * next_most) else None


def no_verb(title: str, language: str) -> str:
    """The first word of a title where it is surely no verb; nothing where it is one, or may be.

    In German the verb may be the last word of a request, too: `Den Router neu starten`.
    """
    words: list[str] = _WORD.findall(title)
    if not words:
        return ""
    first = words[0].lower()
    if language == "de" and words[-1].endswith("n") and len(words) > 1:
        return ""
    if first in _NO_VERBS[language].split():
        return words[0]
    if language == "en" and _is_noun(first):
        return words[0]
    return ""


def _is_noun(word: str) -> bool:
    if _GERUND.fullmatch(word):
        return word not in _VERBS_IN_ING.split()
    return bool(_NOUNS_THAT_END.fullmatch(word)) and word not in _VERBS_THAT_END.split()

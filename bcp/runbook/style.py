"""How a plan reads to somebody in a hurry: what works, and would be easier to follow in another way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bcp.action.base import Loc
from bcp.errors import Mistake
from bcp.fact_template import fill
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.model import Acting
from bcp.runbook.style_words import AS_USUAL, ELSEWHERE, JARGON, language_of, no_verb

MOST_STEPS = 9
"""As many are taken in at a glance, and fit on one screen and one page."""
_MOST_WORDS = 40
_FEWEST_WORDS = 4
_FEW_WORDS = 10
_TELL_BY_THEMSELVES = ("ask", "check", "diagnose", "notify", "report-fault", "runbook", "wait")
"""Kinds of action whose end is seen: an answer, a ticket, a count of letters, other steps."""
_QUOTED = re.compile(r"[\"“„«][^\"”“»]*[\"”“»]")
"""What is to be said or written to others, in whatever words they are used to."""
_SENTENCE = re.compile(r"(?<=[.!?:…])[\"”“)]*\s+")


class StyleFinding(NamedTuple):
    """A rule of style that a plan does not keep, and where."""

    rule: str
    mistake: Mistake


def style_of(loaded: LoadedRunbook) -> Iterator[StyleFinding]:
    """What a plan could say better. Rules about words hold where its language is known beyond doubt."""
    texts = [text for _loc, act in loaded.model.acts() for text in (act.title, act.by_hand)]
    language = language_of(texts)
    yield from _phases(loaded)
    for loc, act in loaded.model.acts():
        yield from _title(loaded, (*loc, "title"), act.title, language)
        yield from _by_hand(loaded, (*loc, "by_hand"), act, language)
        yield from _known(loaded, loc, act)
        if language == "en":
            yield from _plain(loaded, loc, act)
    for index, decision in enumerate(loaded.model.decisions):
        if not decision.question.rstrip("\"'”“»)").endswith(("?", ";", "\u037e")):
            words = "this question does not end as one"
            hint = "ask what can be answered with one of the answers below, and end it with a question mark"
            yield _finding(loaded, "question", ("decisions", index, "question"), words, hint)


def _phases(loaded: LoadedRunbook) -> Iterator[StyleFinding]:
    """Too many steps at once."""
    runbook = loaded.model
    groups: list[tuple[Loc, str, int]] = [
        (("phases", number, "steps"), f'the phase "{phase.phase}"', len(phase.steps))
        for number, phase in enumerate(runbook.phases)
    ]
    groups.append((("stand_down",), "stand_down", len(runbook.stand_down)))
    for loc, name, count in groups:
        if count > MOST_STEPS:
            words = f"{name} has {count} steps, and nobody takes in more than {MOST_STEPS} at once"
            hint = "begin another phase, or put what belongs together into one step"
            yield _finding(loaded, "steps-a-phase", (*loc, MOST_STEPS), words, hint)


def _title(loaded: LoadedRunbook, at: Loc, title: str, language: str | None) -> Iterator[StyleFinding]:
    bare = fill(title, {}).strip()
    word = no_verb(bare, language) if language is not None else ""
    if word:
        words = f'this title begins with "{word}", which is no verb'
        yield _finding(
            loaded, "title-verb", at, words, "begin with what to do: Call …, Check …, Write down …"
        )
    if bare.endswith((".", "!")) and not bare.endswith(("...", "etc.")):
        words = f'this title ends with "{bare[-1]}", as a sentence does'
        yield _finding(loaded, "title-end", at, words, "take it away: a title is a line in a list")
    if ";" in bare and language != "el":
        words = "this title says two things, with a semicolon between them"
        yield _finding(loaded, "title-two", at, words, "make two steps of it, or leave the second to by_hand")
    if bare.isupper() and len(bare.split()) > 1:
        words = "this title is in capitals, which are slow to read"
        yield _finding(loaded, "title-capitals", at, words, "write it in small letters")


def _by_hand(loaded: LoadedRunbook, at: Loc, act: Acting, language: str | None) -> Iterator[StyleFinding]:
    """Whether somebody who does it for the first time can do it with nothing but paper."""
    said = act.by_hand
    if len(said.split()) < _FEWEST_WORDS or _bare(said) == _bare(act.title):
        words = "this does not say how it is done by hand"
        hint = "say where, with what, which words or buttons, and how one sees that it worked"
        yield _finding(loaded, "by-hand", at, words, hint)
    elif all("bcp " in sentence for sentence in re.split(r"[.!?…]\s+", said.strip())):
        words = "by hand it needs this computer, which may be what is dead"
        yield _finding(loaded, "by-hand", at, words, "say how it is done with a telephone, a pen and paper")
    phrases = ELSEWHERE.get(language or "", ())
    if len(said.split()) < _FEW_WORDS:
        phrases = (*phrases, *AS_USUAL.get(language or "", ()))
    for phrase in phrases:
        if re.search(rf"\b{re.escape(phrase)}\b", _QUOTED.sub("", said), re.IGNORECASE):
            words = f'"{phrase}" says nothing to somebody who does it for the first time'
            hint = "say where it is, what it is called, and which buttons"
            yield _finding(loaded, "by-hand", at, words, hint)
    longest = max((len(sentence.split()) for sentence in _SENTENCE.split(said)), default=0)
    if longest > _MOST_WORDS:
        words = f"a sentence of {longest} words: nobody in a hurry gets to its end"
        yield _finding(loaded, "long-sentence", at, words, "one idea a sentence, 20 words if it can be")


def _known(loaded: LoadedRunbook, loc: Loc, act: Acting) -> Iterator[StyleFinding]:
    """Whether somebody can see that it worked."""
    if act.result or act.expect or act.kind in _TELL_BY_THEMSELVES or getattr(act.action, "result", None):
        return
    words = "no result: says how one knows that it worked"
    hint = 'add result: with what is so afterwards, such as result: "Two websites open", or expect: CHECK'
    yield _finding(loaded, "result", (*loc, "title"), words, hint)


def _plain(loaded: LoadedRunbook, loc: Loc, act: Acting) -> Iterator[StyleFinding]:
    """Words of the field, where people of the office read."""
    texts: list[tuple[Loc, str]] = [(("title",), act.title), (("by_hand",), act.by_hand)]
    texts += [((key,), text) for key in ("result", "warning") if (text := getattr(act, key))]
    texts += [(("ask",), fact.ask) for fact in act.action.facts() if act.kind == "ask"]
    for at, text in texts:
        for word, instead in JARGON.items():
            flags = 0 if word.isupper() else re.IGNORECASE
            if re.search(rf"(?<![\w:]){re.escape(word)}(?!\w)", fill(text, {}), flags):
                words = f'"{word}" is a word for experts'
                yield _finding(loaded, "plain-words", (*loc, *at), words, f"say: {instead}")


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _finding(loaded: LoadedRunbook, rule: str, at: Loc, words: str, hint: str) -> StyleFinding:
    return StyleFinding(rule, loaded.document.mistake(at, words, hint))

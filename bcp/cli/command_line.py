"""The command line as it may be kept: what is not known to be harmless is `…`.

Kept are nouns, verbs and names of options, and words that only name a plan, a step, a check, an incident. Who, whom,
what was said, files and folders are not; nor is anything that this table does not know. `tests/test_command_line.py`
holds the table against the commands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bcp.cli.lazy import NOUNS

HIDDEN = "…"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VERBS: dict[str, str] = {
    "incident": "start resume undo redo close status list log note step amend verify print record report review export"
    " hand-over take-over",
    "drill": "start close resume undo status list log note step amend verify print record report review export",
    "runbook": "list show new validate lint schema",
    "check": "run status history page diagnose metrics list schema",
    "contact": "list check verify import export forget",
    "notice": "list lint new preview plan test send status unknown skip stop greetings calls called places pasted"
    " taken-down answer export",
    "inbox": "fetch list take answered hand-to opt-out opt-in",
    "decision": "list answer override",
    "promise": "list add kept broken",
    "cost": "list add",
    "followup": "list add done",
    "claim": "show calculate letter dossier",
    "line": "list status test",
    "number": "list check test buy published",
    "place": "list status test preview mirror",
    "place mirror": "list add refresh open remove",
    "print": "sheet wallet phone-card calls door pack verify outdated copies",
    "print copies": "list add collect",
    "watch": "test",
}
"""What may stand behind a noun, or behind a verb that has verbs of its own."""

IDS: dict[str, int] = {
    "incident start": 1,
    "incident step": 2,
    "incident undo": 1,
    "incident redo": 1,
    "drill start": 1,
    "drill step": 2,
    "drill undo": 1,
    "runbook show": 1,
    "runbook validate": 1,
    "runbook lint": 1,
    "check run": 99,
    "check status": 99,
    "check history": 99,
    "notice lint": 1,
    "notice preview": 1,
    "notice plan": 1,
    "notice test": 1,
    "notice send": 1,
    "notice stop": 1,
    "notice places": 2,
    "notice pasted": 1,
    "notice taken-down": 99,
    "decision answer": 2,
    "decision override": 1,
    "followup done": 1,
    "promise kept": 1,
    "promise broken": 1,
    "line test": 1,
    "number check": 1,
    "number test": 1,
    "number buy": 1,
    "place test": 1,
    "place preview": 2,
    "place mirror refresh": 1,
    "place mirror open": 1,
    "place mirror remove": 1,
    "print sheet": 99,
    "print wallet": 99,
    "print calls": 1,
}
"""Commands whose first so many words are ids of the office's files."""

FLAGS = _words("""
    --again --all --as-frozen --as-of-last --correct --drill --drop-gone --dry-run --forward -h --help
    --i-verified --install-completion --json --list --look --look-up --lost --mask --no-tell-clients --only-say
    --others --people --providers --quiet --refresh --renew --sample --show-completion --switch --this-copy
    --tell-clients --timestamp --unaccounted --undo -v --verbose --version --yes
""")
"""Options without a value. Of a flag that is missing here the word behind it is hidden, and no more."""
ID_OPTIONS = _words("""
    --after --check --format --incident --lang --leave --line --notice --runbook --text
""")
"""Options whose value is an id, or one of a few words."""
OTHERS = _words("""
    --accept --activity --agreed --answers --appointments --at --badly --began --bills --by --channel
    --clients-read --confirm --contains --csv --decided --delivered --depth --due --encoding --event --expected
    --export --fact --file --for --from --happened --head --hours --id --in --instead-of --into --kind --lead
    --look-at --map --megabytes --metrics --name --next-update --note --number --numbers -o --office --other-way
    --output --overrule --owner --page --pages --paper --person --print --promised --reason --receipt --reported
    --restored --role --root --said-by --send-again --sign --signers --solved --staff --started --ticket --title
    --to --until --well --when --within
""")
"""Options whose value is hidden; any other word that begins with a dash is hidden itself."""

_WORDS = _words("""
    done failed skipped not-applicable deferred yes no md html pdf normal large en pl cs el de
""")
"""Words that stand where an id may stand, and name nothing."""
_KNOWN = FLAGS | ID_OPTIONS | OTHERS
_ID = r"(?:\d{4}-\d\d-\d\d-)?[a-z][a-z0-9_]*(?:[-./][a-z0-9_]+)*"
_LONGEST = 80


class KeptWord(NamedTuple):
    """What is kept of a word, and an id that belongs behind it: that may still be anybody's name."""

    shown: str
    id: str = ""


class Line(NamedTuple):
    """A command line as it may be kept, and the words that were hidden in it."""

    words: list[KeptWord]
    hidden: list[str]


def masked(arguments: Sequence[str]) -> Line:
    """`bcp incident note …` for `bcp incident note "Ms Novak called"`.

    An id may still be somebody's name: whether it names something of the office is not known yet.
    """
    shown = [KeptWord("bcp")]
    hidden: list[str] = []
    path = ""
    ids = 0
    is_id: bool | None = None
    for index, word in enumerate(arguments):
        may_be_id = is_harmless = False
        if is_id is not None:
            may_be_id, is_id = is_id, None
        elif word == "--":
            rest = arguments[index + 1 :]
            shown += [KeptWord(word), *[KeptWord(HIDDEN)] * len(rest)]
            hidden += rest
            break
        elif word.startswith("-") and len(word) > 1:
            name, sign, value = word.partition("=")
            if name in _KNOWN and sign:
                kept = _kept(value, name in ID_OPTIONS)
                shown.append(KeptWord(f"{name}={kept.shown}", kept.id))
                hidden += _and_behind_sign(value) if kept.shown == HIDDEN else []
                continue
            if name in _KNOWN:
                is_harmless = True
                is_id = None if name in FLAGS else name in ID_OPTIONS
        elif ids == 0 and (deeper := _deeper(path, word)) is not None:
            path, is_harmless = deeper, True
        else:
            ids += 1
            may_be_id = ids <= IDS.get(path, 0)
        shown.append(KeptWord(word) if is_harmless else _kept(word, may_be_id))
        hidden += _and_behind_sign(word) if shown[-1].shown == HIDDEN else []
    return Line(shown, hidden)


def _kept(word: str, may_be_id: bool) -> KeptWord:
    """What is kept of a word that somebody typed."""
    if may_be_id and word in _WORDS:
        return KeptWord(word)
    return KeptWord("", word) if may_be_id and _is_id(word) else KeptWord(HIDDEN)


def _deeper(path: str, word: str) -> str | None:
    """The path with this noun or verb behind it; None where it is none that may stand there."""
    if not path:
        return word if word in NOUNS else None
    return f"{path} {word}" if word in VERBS.get(path, "").split() else None


def _and_behind_sign(word: str) -> list[str]:
    """The word, and of `ticket=INC-4711` also what stands behind the sign."""
    _name, sign, value = word.partition("=")
    return [word, value] if sign else [word]


def _is_id(word: str) -> bool:
    return len(word) <= _LONGEST and re.fullmatch(_ID, word) is not None

"""Where and why something failed, as it may be kept and sent to a stranger: no values, no names, no folders."""

from __future__ import annotations

import builtins
import re
import sys
import traceback
from collections.abc import Iterator, Set
from contextlib import suppress
from functools import cache
from itertools import zip_longest
from pathlib import Path, PurePath

from bcp.mask import KNOWN

_OURS = Path(__file__).parent
_DEEP = 6
_LONG = 2000
_LONGEST = 20_000
_SHORT_NUMBER = r"[0-9]{1,3}|0x[0-9a-f]{2}"
_WORD = r"\w+"
_QUOTED = r"'[^'\n]*'|\"[^\"\n]*\""
_KIND = r"[a-z]+(?:[.-][a-z]+){0,3}"
_EVENT = "_event_of_bcp"
_PYTHON = """
a access already an and argument arguments as ascii at attribute attributes base be been between
byte bytes callable can cannot changed char character characters circular closed codec column
concatenate constraint continuation convert corrupt could data database decode defined depth
dictionary disk division during empty encode end Errno error errors exceeded expected failed file
for format from full function generator get given got has have image import in index instance
instances int integer invalid is item items iterable iteration iterator key keyword large length
line list literal local locked long malformed many mapping match maximum method missing module more
most must name named No no NoneType not object of only open operand operation ordinal out outside
partially position positional range reached recursion referenced required sequence set size start
str string subscriptable such supported surrogates t table takes than the timed to too type types
unable unexpected unhashable unpack unsupported utf value values variable was were where with zero
"""
"""Words of messages that Python and SQLite make themselves; a message of Python's own code has its words there."""
_shape = cache(re.compile)
_THEIRS = ("site-packages", "dist-packages")


def traced(error: BaseException) -> str:
    """The traceback with all that led to it, innermost last; messages are masked, values of variables not there."""
    return "\n".join(_chain(error, _DEEP, set()))


def place_of(error: BaseException) -> str:
    """`bcp/cli/main.py:88 KeyError`: the innermost of our own lines on the way, else the innermost of all."""
    frames = list(traceback.walk_tb(error.__traceback__))
    ours = [frame for frame in frames if _is_ours(frame[0].f_code.co_filename)]
    for frame, line in (ours or frames)[-1:]:
        return f"{_shown(frame.f_code.co_filename)}:{line} {type(error).__name__}"
    return type(error).__name__


def message_of(error: BaseException) -> str:
    """What it says, as far as the code that raised it holds the words; the others may be anybody's: `…`."""
    try:
        said = str(error)
        words = _words_of_code(error) | _words_of_python()
        reason = error.strerror if isinstance(error, OSError) else None
        words |= set(_shape(_WORD).findall(reason or ""))
        told = _shape(_WORD).sub(
            lambda found: found[0] if _is_harmless(found[0], words) else "…", said[:_LONGEST]
        )
        told = _shape(_QUOTED).sub(lambda found: "'…'" if "…" in found[0] else found[0], told)
        if not any(word in words for word in _shape(_WORD).findall(told)):
            return f"(message left out: {len(said)} characters)" if said else ""
        return KNOWN(_shape(r"…(?:[^\w\"'()\[\]]*…)+").sub("…", told))[:_LONG]
    except Exception:  # noqa: BLE001 - an exception that cannot even say what it is
        return "(it cannot say)"


def _is_harmless(word: str, words: Set[str]) -> bool:
    return word in words or _shape(_SHORT_NUMBER).fullmatch(word) is not None


def _words_of_code(error: BaseException) -> set[str]:
    """All words of names and texts in the functions on the way, but for their docstrings, which have examples."""
    texts: set[str] = set()
    for frame, _line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        if _is_code(code.co_filename):
            texts.update((*code.co_names, *code.co_varnames, code.co_name))
            texts.update(each for each in code.co_consts[1:] if isinstance(each, str))
    return set(_shape(_WORD).findall(" ".join(texts)))


@cache
def _words_of_python() -> frozenset[str]:
    """What Python itself says of errors, and its own types."""
    return frozenset([*_PYTHON.split(), *vars(builtins)])


def _chain(error: BaseException, deep: int, seen: set[int]) -> Iterator[str]:
    if deep == 0 or id(error) in seen:
        return
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before, deep - 1, seen)
        yield "which led to:" if error.__cause__ else "and while that was dealt with:"
    frames = traceback.extract_tb(error.__traceback__)
    for frame, behind in zip_longest(frames, frames[1:]):
        # Of libraries only where they were left: how they work inside is seldom what is wrong.
        if behind is not None and not _is_ours(frame.filename) and not _is_ours(behind.filename):
            continue
        yield f"  {_shown(frame.filename)}:{frame.lineno}, in {frame.name}"
        if frame.line and _is_code(frame.filename):
            yield f"    {frame.line}"
    words = message_of(error)
    yield f"{type(error).__module__}.{type(error).__qualname__}{': ' if words else ''}{words}"
    if place := folded(error):
        yield f"  while event {place} was added up"
    for each in getattr(error, "exceptions", ())[:_DEEP]:
        yield "  one of them:"
        yield from _chain(each, deep - 1, seen)


def folded(error: BaseException) -> str:
    """`12 step.begun`: the event of a journal that could not be added up; nothing where it was something else."""
    return str(getattr(error, _EVENT, ""))


def note_event(error: BaseException, seq: int, kind: str) -> None:
    """Let it be known at which event it failed."""
    with suppress(AttributeError):
        setattr(error, _EVENT, f"{seq} {kind if _shape(_KIND).fullmatch(kind) else '…'}")


def _is_ours(file: str) -> bool:
    return PurePath(file).is_relative_to(_OURS)


def _is_code(file: str) -> bool:
    """Whether its lines are those of a program, and not something that a person wrote."""
    return (
        _is_ours(file)
        or any(part in file for part in _THEIRS)
        or file.startswith((sys.base_prefix, sys.prefix))
    )


def _shown(file: str) -> str:
    """The path from where the program, a library or Python begins; of any other file its name alone."""
    path = PurePath(file)
    if _is_ours(file):
        return path.relative_to(_OURS.parent).as_posix()
    for name in _THEIRS:
        if name in path.parts:
            return PurePath(*path.parts[path.parts.index(name) + 1 :]).as_posix()
    if path.is_relative_to(sys.base_prefix):
        return path.relative_to(sys.base_prefix).as_posix()
    return KNOWN(path.name)

"""Where and why something failed, as it may be kept and sent to a stranger: no values, no names, no folders."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path, PurePath

from bcp.mask import KNOWN

_OURS = Path(__file__).parent
_DEEP = 6
_LONG = 2000
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
    """What it says, masked; what stands in quotes only where it is a plain id."""
    try:
        return KNOWN.told(str(error)[:_LONG])
    except Exception:  # noqa: BLE001 - an exception that cannot even say what it is
        return "(it cannot say)"


def _chain(error: BaseException, deep: int, seen: set[int]) -> Iterator[str]:
    if deep == 0 or id(error) in seen:
        return
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before, deep - 1, seen)
        yield "which led to:" if error.__cause__ else "and while that was dealt with:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_shown(frame.filename)}:{frame.lineno}, in {frame.name}"
        if frame.line and _is_code(frame.filename):
            yield f"    {frame.line}"
    words = message_of(error)
    yield f"{type(error).__module__}.{type(error).__qualname__}{': ' if words else ''}{words}"
    for each in getattr(error, "exceptions", ())[:_DEEP]:
        yield "  one of them:"
        yield from _chain(each, deep - 1, seen)


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

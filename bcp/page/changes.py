"""What changed between two versions of a document, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bcp.i18n import _

_NAMED_BY = ("id", "phase", "name", "title", "fact")
_LONGEST = 60


def changes(old: Any, new: Any) -> list[str]:
    """One sentence a change between two contents, in the order of the page."""
    return list(dict.fromkeys(_compare(old, new, "")))


def _compare(old: Any, new: Any, where: str) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(old, new, where)
    elif isinstance(old, list) and isinstance(new, list) and _are_named(old) and _are_named(new):
        yield from _lists(old, new, where)
    elif _is_short(old) and _is_short(new):
        yield _("{where}: {old} is now {new}").format(where=where, old=_said(old), new=_said(new))
    else:
        yield _("{where}: changed").format(where=where)


def _mappings(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[str]:
    known = _words()
    for key in [*old, *(key for key in new if key not in old)]:
        what = known.get(key) or ("" if isinstance(new.get(key), list | dict) else key)
        yield from _compare(old.get(key), new.get(key), ", ".join(part for part in (where, what) if part))


def _words() -> dict[str, str]:
    """What each part of a content is called."""
    return {
        "title": _("the title"),
        "when": _("when to use it"),
        "not_when": _("when not to use it"),
        "version": _("the version"),
        "reviewed": _("the day of the review"),
        "valid_for": _("how long it is valid"),
        "owner": _("the leading role"),
        "who": _("who does it"),
        "by_hand": _("how it is done by hand"),
        "warning": _("the warning"),
        "result": _("the wanted result"),
        "only_if": _("the condition"),
        "questions": _("what is asked"),
        "line": _("the line it is about"),
        "undo": _("how it is undone"),
        "phone": _("the phone number"),
        "support": _("the number for faults"),
        "provider": _("the provider"),
        "contract": _("the contract"),
        "people": _("the people"),
        "within": _("the deadline"),
        "pause": _("the pause point"),
        "sentences": _("the agreed sentence"),
        "clients": _("how many are called"),
        "list": _("who is called, on which number, in which language"),
    }


def _lists(old: list[Any], new: list[Any], where: str) -> Iterator[str]:
    before, after = {_name(each): each for each in old}, {_name(each): each for each in new}
    prefix = f"{where}, " if where else ""
    for name in before:
        if name not in after:
            yield _("{name}: taken out").format(name=f"{prefix}{name}")
    for name, each in after.items():
        if name not in before:
            yield _("{name}: added").format(name=f"{prefix}{name}")
        else:
            yield from _compare(before[name], each, f"{prefix}{name}")
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        yield _("{where}: the order").format(where=where or _("the whole"))


def _are_named(items: list[Any]) -> bool:
    return all(isinstance(each, Mapping) and any(key in each for key in _NAMED_BY) for each in items)


def _name(item: Mapping[str, Any]) -> str:
    return next(str(item[key]) for key in _NAMED_BY if key in item)


def _is_short(value: Any) -> bool:
    return value is None or (not isinstance(value, list | Mapping) and len(str(value)) <= _LONGEST)


def _said(value: Any) -> str:
    return _("nothing") if value is None else f'"{value}"'

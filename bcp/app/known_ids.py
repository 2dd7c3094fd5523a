"""Which of the ids that were typed name something of this office: the others may be anybody's name.

It looks at names of files and folders and for `step: ID` in the text of the YAML: no model is loaded for a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from bcp.office.find import FILE

_ROOMS = ("runbooks", "checks", "notices")
_KEYS = "runbook|check|step|phase|line|number|place|notice|channel|decision|answer"
_NUMBERED = re.compile(r"[fp]\d{1,4}")
"""Follow-ups and promises."""
_INCIDENT = re.compile(r"(?:drill-)?\d{4}-\d\d-\d\d-[a-z0-9-]+")


def known_ids(ids: Iterable[str], office: Path, state: Path | None) -> set[str]:
    """Those of `ids` that a file, a step, a check, an incident, a line, a number or a place of the office has."""
    named = cache(lambda: frozenset(_named(office)))

    def is_known(word: str) -> bool:
        return (
            word == "undo"
            or _NUMBERED.fullmatch(word) is not None
            or any(path.is_file() for room in _ROOMS for path in (office / room).glob(f"{word}.*"))
            or word in named()
        )

    def is_incident(word: str) -> bool:
        if state is None or not _INCIDENT.fullmatch(word):
            return False
        return (state / word).is_dir() or _has_journal(state, word)

    return {
        each
        for each in set(ids)
        if is_incident(each) or all(map(is_known, filter(None, re.split("[/.]", each))))
    }


def _has_journal(state: Path, word: str) -> bool:
    from bcp.store.condition import condition

    return bool(condition(state, word).ends)


def _named(office: Path) -> Iterable[str]:
    """Each id behind a key that gives something its name, or points to it."""
    pattern = re.compile(
        rf"(?:^|[\s{{,\-])(?:{_KEYS})\s*:\s*[\"']?([a-z0-9][\w-]*)[\"']?\s*(?=$|[,}}#])", re.MULTILINE
    )
    for path in (office / FILE, office / "channels.yaml", *(office / "runbooks").glob("*.yaml")):
        with suppress(OSError):
            yield from pattern.findall(path.read_text(encoding="utf-8", errors="replace"))

"""The activities that a runbook names: misspelt ones are mistakes, others that the office does not count are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bcp.action.base import Loc
from bcp.errors import Mistake
from bcp.runbook.load import LoadedRunbook
from bcp.yaml.near import did_you_mean
from bcp.yaml.source import YamlDocument


def misspelt(
    document: YamlDocument, loc: Loc, named: Iterable[str], known: Iterable[str]
) -> Iterator[Mistake]:
    """The names at `loc` that are nearly those of a known activity. A shipped plan may name others."""
    activities = list(known)
    for index, name in enumerate(named):
        near = did_you_mean(name, activities) if name not in activities else ""
        if near:
            yield document.mistake((*loc, index), f'there is no activity "{name}"', near)


def unknown_activities(loaded: LoadedRunbook, known: Iterable[str]) -> Iterator[Mistake]:
    """The activities that a plan says it is about and that bcp.yaml does not have, so that no clock could be shown."""
    activities = list(known)
    written = loaded.model.activities or []
    is_list = isinstance(loaded.document.data.get("activities"), list)
    for index, name in enumerate(written):
        if name not in activities:
            all_of_them = (
                f"activities: {', '.join(activities) or 'none yet'}; add it to bcp.yaml, or take it away here"
            )
            hint = did_you_mean(name, activities) or all_of_them
            at = ("activities", index) if is_list else ("activities",)
            yield loaded.document.mistake(at, f'there is no activity "{name}"', hint)

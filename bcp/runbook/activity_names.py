"""The activities that a runbook names: misspelt ones are mistakes, others that the office does not count are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bcp.action.base import Loc
from bcp.errors import Mistake
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

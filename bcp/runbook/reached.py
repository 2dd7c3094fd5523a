"""Reads one runbook of an office and those that it can lead to, however many others there are; what they point to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bcp.runbook.load import FOLDER, LoadedRunbook
from bcp.runbook.model import Runbook, Step
from bcp.runbook.plan import leads_to
from bcp.yaml.named import by_name
from bcp.yaml.source import Reader


def load_reached(office: Path, root: str, reader: Reader) -> dict[str, LoadedRunbook]:
    """`root` and every runbook that it can lead to, by id, in the order in which they are met.

    Mistakes in their files go to `reader`: also that two files have one name. A name that no file has is not in it.
    """
    files = by_name(office, FOLDER, "runbook", reader)
    found: dict[str, LoadedRunbook] = {}
    met: set[str] = set()
    todo = [root]
    while todo:
        name = todo.pop(0)
        if name not in met:
            met.add(name)
            found |= reader.folder(office, FOLDER, "runbook", Runbook, files.get(name, ()))
            todo.extend(leads_to(found[name].model) if name in found else ())
    return found


def points_to(runbook: Runbook) -> Iterator[tuple[str, str]]:
    """What a runbook names, by kind and name."""
    for _loc, act in runbook.acts():
        yield from ((ref.kind, ref.name) for ref in act.action.refs())
        if act.expect is not None:
            yield "check", act.expect
        if isinstance(act, Step) and act.only_if is not None and act.only_if.check is not None:
            yield "check", act.only_if.check
    for decision in runbook.decisions:
        yield from (("runbook", choice.runbook) for choice in decision.answers if choice.runbook)

"""The second way out of this office: what fails is looked at over it, too."""

from __future__ import annotations

import asyncio
from typing import Any

from bcp.check.model import Check
from bcp.check.network_path import Path, References
from bcp.check.path_look import look_at_path
from bcp.check.run import CheckLook, look_once
from bcp.check.way_out import second_ways
from bcp.probe.base import Probe, Remote, Shared, works


class SecondWay:
    """The first of the other ways out, used only if the internet is seen to be there over it."""

    def __init__(self, shared: Shared, references: References) -> None:
        self._shared, self._references = shared, references
        self._ways: asyncio.Task[list[str]] | None = None
        self._path: asyncio.Task[Path] | None = None
        self.via: str | None = None

    @property
    def tasks(self) -> list[asyncio.Task[Any]]:
        """What may still be under way."""
        return [task for task in (self._ways, self._path) if task]

    async def look(self, check: Check) -> CheckLook | None:
        """A look at `check` over it, and a second one where the first fails; None if there is no such way."""
        if self._ways is None:  # asked of the system once, however many things fail at once
            self._ways = asyncio.create_task(second_ways())
        ways = await asyncio.shield(self._ways)
        if not ways:
            return None
        if self._path is None:
            self._path = asyncio.create_task(look_at_path(self._shared, self._references, ways[0]))
        moved = moved_to(check, ways[0])
        looked = await look_once(moved, self._shared)
        if not works(looked.state):
            looked = await look_once(moved, self._shared)
        if (await self._path).culprit:
            return None
        self.via = ways[0]
        return looked


def moved_to(check: Check, via: str) -> Check:
    """The same check, its remote probes bound to another interface unless they name one themselves."""
    probes: list[Probe] = [
        probe.model_copy(update={"via": via}) if isinstance(probe, Remote) and probe.via is None else probe
        for probe in check.probes
    ]
    return check.model_copy(update={"probes": probes})

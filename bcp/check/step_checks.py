"""The checks of an office as a step looks at them, which may wait until one is up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from bcp.action import base as action
from bcp.check.model import Check
from bcp.check.run import CheckLook, look_once
from bcp.i18n import _
from bcp.probe.base import Shared, State

AGAIN = 1.0  # seconds between the looks of a step that waits for a check


class OfficeLooks:
    """The `look` of the protocol `Checks` of action/base.py."""

    def __init__(self, checks: Mapping[str, Check], shared: Shared) -> None:
        self._checks, self._shared = checks, shared

    def look(self, check: str, within: timedelta, wanted: action.State) -> action.Look:
        """Look at `check`, again and again until it is `wanted` or `within` has passed; the last look."""
        if check not in self._checks:
            return action.Look(
                "inconclusive", _("the office has no check “{name}” any more").format(name=check)
            )
        last = asyncio.run(self._until(self._checks[check], within.total_seconds(), wanted))
        if last.state == "warning":
            return action.Look("up", _("with a warning: {reason}").format(reason=last.reason))
        return action.Look(last.state, last.reason)

    async def _until(self, check: Check, within: float, wanted: action.State) -> CheckLook:
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while True:
            begun = loop.time()
            last = await look_once(check, self._shared)
            again = begun + AGAIN
            if _for_a_step(last.state) == wanted or max(again, loop.time()) >= end:
                return last
            await asyncio.sleep(max(0.0, again - loop.time()))


def _for_a_step(state: State) -> action.State:
    """A step knows no warnings: what works is up."""
    return "up" if state == "warning" else state

"""Looks once with each probe given as JSON, all at once, for a second; run inside the laboratory.

`looks.py '[{"tcp": {"host": "1.1.1.1", "port": 443}}]'`
"""

import asyncio
import json
import sys

from bcp.check.model import Check
from bcp.clock import SystemClock
from bcp.probe.base import Result, Shared


async def look(probes: list[object]) -> list[Result]:
    shared = Shared(SystemClock(), timeout=1.0, secret=lambda reference: reference.removeprefix("env:"))
    check = Check.model_validate({"check": "laboratory", "title": "Laboratory", "probes": probes})
    return await asyncio.gather(*(probe.look(shared) for probe in check.probes))


if __name__ == "__main__":
    found = asyncio.run(look(json.loads(sys.argv[1])))
    print(json.dumps([{"state": each.state, "reason": each.reason} for each in found]))

"""Diagnoses an office's trouble from inside the laboratory: `verdict.py OFFICE [TIMES [GOOD-DAY]]` prints what each of
so many diagnoses says as JSON, a line each. They run at the same time; GOOD-DAY is the file where good days are kept.
"""

import asyncio
import json
import sys
from pathlib import Path

from bcp.check.diagnose import Diagnosis, diagnose
from bcp.check.load import load
from bcp.check.picture import picture
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.yaml.source import Reader


async def diagnoses(office: Path, times: int, remembered: Path | None) -> list[Diagnosis]:
    reader = Reader()
    checks = {name: each.model for name, each in load(office, reader).items()}
    assert not reader.mistakes, reader.mistakes
    each = [diagnose(checks, Shared(SystemClock(), office, remembers=remembered)) for _ in range(times)]
    return await asyncio.gather(*each)


if __name__ == "__main__":
    file, *more = sys.argv[1:]
    times, remembered = int(more[0]) if more else 1, Path(more[1]) if more[1:] else None
    for found in asyncio.run(diagnoses(Path(file), times, remembered)):
        print(
            json.dumps(
                {
                    "verdict": found.verdict,
                    "runbook": found.runbook,
                    "second": found.second,
                    "seconds": found.seconds,
                    "layers": {layer.name: layer.state for layer in found.layers},
                    "words": {layer.name: layer.evidence for layer in found.layers},
                    "things": {thing.check: thing.words(found.second) for thing in found.things},
                    "picture": picture(found),
                }
            )
        )

"""Diagnoses an office's trouble from inside the laboratory: `verdict.py OFFICE` prints what it says as JSON."""

import asyncio
import json
import sys
from pathlib import Path

from bcp.check.diagnose import diagnose
from bcp.check.load import load
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.yaml.source import Reader

if __name__ == "__main__":
    office = Path(sys.argv[1])
    reader = Reader()
    checks = {name: each.model for name, each in load(office, reader).items()}
    assert not reader.mistakes, reader.mistakes
    found = asyncio.run(diagnose(checks, Shared(SystemClock(), office)))
    print(
        json.dumps(
            {
                "verdict": found.verdict,
                "runbook": found.runbook,
                "second": found.second,
                "seconds": found.seconds,
                "layers": {layer.name: layer.state for layer in found.layers},
                "words": {layer.name: layer.evidence for layer in found.layers},
                "things": {thing.check: thing.here.reason for thing in found.things},
            }
        )
    )

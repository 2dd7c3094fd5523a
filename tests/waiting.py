"""Waiting for what is to happen, with so much patience that a busy machine fails no test."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 60.0


def until(
    happened: Callable[[], object],
    limit: float = PATIENCE,
    why: Callable[[], str] = lambda: "it never happened",
) -> None:
    """Wait until `happened()` is true; the test fails with `why()` where it is not within `limit` seconds."""
    end = time.monotonic() + limit
    while not happened():
        assert time.monotonic() < end, why()
        time.sleep(0.02)

"""Small programs for a step or a check to start, the same on every system, each as the list that a YAML file has.

A code may hold no braces: these are for secrets and facts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

NAME = sys.executable  # as a message names such a program


def program(code: str, *arguments: str) -> str:
    """Python of its own with this code, started as fast as it can be."""
    return json.dumps([sys.executable, "-I", "-S", "-X", "utf8", "-c", code, *arguments], ensure_ascii=False)


def appends(word: str, file: Path | str, unless: Path | str | None = None) -> str:
    """Appends a line to `file`, and then fails with 1 where `unless` is there."""
    then = f"; import os; sys.exit(os.path.exists({str(unless)!r}))" if unless else ""
    return program(f"import sys; print({word!r}, file=open({str(file)!r}, 'a', encoding='utf-8')){then}")


SUCCEEDS = program("pass")
FAILS = program("raise SystemExit(1)")

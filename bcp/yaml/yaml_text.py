"""Writes YAML that is read back the same, whatever the texts in it hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_yaml(told: Mapping[str, Any]) -> str:
    """The mapping as YAML, in its own order, each text on one line."""
    import yaml

    made: str = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=100_000)
    return made

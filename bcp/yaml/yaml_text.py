"""Writes YAML that is read back the same, whatever the texts in it hold, also by readers of YAML 1.1 and 1.2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

# What YAML 1.2 reads as a number where 1.1, by which it is written, sees a text.
_NUMBER = re.compile(r"[-+]?(?:\.?\d[\d.]*(?:[eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+)")


def as_yaml(told: Mapping[str, Any]) -> str:
    """The mapping as YAML, in its own order, each text on one line."""
    import yaml

    made: str = yaml.dump(told, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=100_000)
    return made


@cache
def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Quotes what would be a number to others."""

    def text(dumper: Any, value: str) -> Any:
        style = "'" if _NUMBER.fullmatch(value) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return Dumper

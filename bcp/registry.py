"""A folder of kinds: the file `action/kinds/wait.py` is the kind `wait`, imported when it is first named."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

_NOT_KINDS = frozenset({"base"})


@cache
def kinds(package: str) -> tuple[str, ...]:
    """The names of all kinds in `package` (`bcp.action.kinds`), sorted; nothing is imported but the package."""
    room = importlib.import_module(package)
    return tuple(
        sorted(
            found.name.replace("_", "-")
            for found in pkgutil.iter_modules(room.__path__)
            if found.name not in _NOT_KINDS and not found.name.startswith("_")
        )
    )


@cache
def kind(package: str, name: str) -> type[Any]:
    """The class of the kind `name`: the module's `Kind`. Raises KeyError for a name that is no kind."""
    if name not in kinds(package):
        raise KeyError(name)
    module = importlib.import_module(f"{package}.{name.replace('-', '_')}")
    found: type[Any] = module.Kind
    return found


def kind_of(made: object) -> str:
    """The name of the kind that something is of: the opposite of `kind`."""
    return type(made).__module__.rpartition(".")[2].replace("_", "-")

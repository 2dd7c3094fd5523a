"""World: the one door through which actions reach what lies outside (programs, HTTP, later mail and files)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

_REFERENCE = re.compile(r"\{(?P<braced>(?:env|file|keyring):[^{}]+)\}|^(?P<bare>(?:env|file|keyring):.+)$")


@dataclass(frozen=True, slots=True)
class Program:
    """A program to run: its name and arguments, never a shell's string; the time-out in seconds."""

    arguments: tuple[str, ...]
    timeout: float


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended. `code` is None if it never began or was stopped at its time-out.

    `output` is bounded and has its secrets masked. `trouble` is a sentence where there is no code, or, in a
    rehearsal, where the program could not have been run. `rehearsed` says that nothing was really done.
    """

    code: int | None
    output: str = ""
    trouble: str = ""
    rehearsed: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; header values, the URL and texts in `json` may refer to secrets (`{env:NAME}`)."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `status` is None if nothing did; `sent` says whether the request may have arrived.

    `text` is bounded and has its secrets masked; `trouble` is a sentence as in `Ran`.
    """

    status: int | None
    text: str = ""
    trouble: str = ""
    sent: bool = True
    rehearsed: bool = False


class World(Protocol):
    """Everything outside that a step can reach."""

    def run(self, program: Program) -> Ran:
        """Run a program and wait for it; never raises for what the program does."""
        ...

    def request(self, request: Request) -> Answer:
        """Send an HTTP request; never raises for what the network does."""
        ...


def references(text: str) -> list[str]:
    """The secrets that `text` refers to: `env:NAME`, `file:PATH`, `keyring:NAME`."""
    return [found["braced"] or found["bare"] for found in _REFERENCE.finditer(text)]


def replace_references(text: str, values: Mapping[str, str]) -> str:
    """`text` with each reference replaced by its value from `values`."""
    return _REFERENCE.sub(lambda found: values[found["braced"] or found["bare"]], text)

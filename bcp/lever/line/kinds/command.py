"""command: a program of the office switches to the line, another one back; for routers and systems of all kinds.

Both must do no harm when they are run twice: after a crash in between they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from bcp.command_words import as_typed
from bcp.lever.line.base import Made, Saved, SwitchedElsewhere
from bcp.lever.line.program import run
from bcp.outside import Program, World
from bcp.secret_text import written
from bcp.yaml.types import Arguments, EnvName, SomeDuration, Text


class Command(SwitchedElsewhere):
    """Run a program that switches, and one that switches back."""

    unseen: ClassVar[tuple[str, str]] = (
        "this line has no interface of its own here, so it cannot be tested beside the one in use",
        "name it in bcp.yaml: way: {command: {interface: …}}; or switch for a moment: line test with --switch",
    )

    use: Arguments = Field(
        examples=['[ssh, router, "use lte"]'], description="the program that switches to this line"
    )
    back: Arguments = Field(
        examples=['[ssh, router, "use dsl"]'], description="the program that switches back"
    )
    timeout: SomeDuration = Field(default=timedelta(seconds=60), description="how long each of them may take")
    env: dict[EnvName, Text] = Field(
        default_factory=dict, description="what is added to the environment of both; the place for secrets"
    )
    stdin: Text | None = Field(default=None, description="what both read from their standard input")

    def describe(self) -> str:
        """The program with its arguments, secrets left as references."""
        return "Run: " + as_typed(self.use)

    def programs(self) -> tuple[str, ...]:
        """The two programs."""
        return self.use[0], self.back[0]

    def present(self, world: World) -> Saved:
        """Nothing that could be read; the program `back` knows how it was."""
        return {}

    def switch(self, world: World) -> str:
        """Run `use`."""
        run(world, self.use, given=self._program(self.use))
        return self.interface or ""

    def put_back(self, world: World, saved: Saved, made: Made) -> None:
        """Run `back`."""
        run(world, self.back, given=self._program(self.back))

    def _program(self, words: Sequence[str]) -> Program:
        env = {name: written(text) for name, text in self.env.items()}
        stdin = None if self.stdin is None else written(self.stdin)
        return Program(tuple(map(written, words)), self.timeout.total_seconds(), env, stdin)


Kind = Command

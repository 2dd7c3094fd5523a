"""command: a program with its arguments, never a line for a shell; its output is kept as evidence."""

from __future__ import annotations

import sys
from datetime import timedelta

from pydantic import Field

from bcp.action.base import Action, Deed, Done, Failed, Loc, Slip, Tools
from bcp.command_words import as_typed
from bcp.errors import InputError
from bcp.fact_template import fill
from bcp.i18n import _
from bcp.outside import Program
from bcp.program_words import advice, mistakes, program_words
from bcp.secret_text import Sendable, written
from bcp.yaml.types import Arguments, EnvName, SomeDuration, Text


class Command(Action):
    """Run a program."""

    is_program = True

    arguments: Arguments = Field(
        alias="run",
        examples=['["nmcli", "connection", "up", "lte"]'],
        description="the program and its arguments, never a line for a shell",
    )
    windows: Arguments | None = Field(default=None, description="instead of run on Windows")
    macos: Arguments | None = Field(default=None, description="instead of run on macOS")
    timeout: SomeDuration = Field(default=timedelta(seconds=30), description="how long it may take")
    ok: list[int] = Field(
        default_factory=lambda: [0],
        min_length=1,
        description="the exit statuses that are right; 0 where nothing is said",
    )
    repeatable: bool = Field(default=False, description="yes: a second time does no harm")
    env: dict[EnvName, Text] = Field(
        default_factory=dict,
        description="what is added to its environment; the place for secrets",
        examples=["{ROUTER_TOKEN: keyring:router}"],
    )
    stdin: Text | None = Field(
        default=None, description="what it reads from its standard input", examples=["keyring:router"]
    )

    def here(self) -> list[str]:
        """The arguments for the system that this runs on."""
        variants = {"win32": self.windows, "darwin": self.macos}
        return variants.get(sys.platform) or self.arguments

    def describe(self) -> str:
        """The program with its arguments, secrets left as references."""
        words = _("Run: {command}").format(command=as_typed(self.here()))
        given = [f"{name}={value}" for name, value in self.env.items()]
        given += [f"stdin: {self.stdin}"] if self.stdin is not None else []
        return f"{words} ({', '.join(given)})" if given else words

    def programs(self) -> tuple[tuple[Loc, list[str]], ...]:
        """The arguments of each system, with the field in which they are."""
        variants = (("run", self.arguments), ("windows", self.windows), ("macos", self.macos))
        return tuple(((key,), words) for key, words in variants if words)

    def texts(self) -> tuple[tuple[Loc, str], ...]:
        """All arguments of all systems, the environment and the standard input."""
        words = [((*at, index), text) for at, texts in self.programs() for index, text in enumerate(texts)]
        given: list[tuple[Loc, str]] = [(("env", name), text) for name, text in self.env.items()]
        given += [(("stdin",), self.stdin)] if self.stdin is not None else []
        return (*words, *given)

    def slips(self) -> tuple[Slip, ...]:
        """Facts where only an author's own words may be."""
        return tuple(
            Slip((*at, index), words, hint)
            for at, run in self.programs()
            for index, words, hint in mistakes(run)
        )

    def advice(self) -> tuple[Slip, ...]:
        """Secrets that others could read, and facts that could become options or commands."""
        return tuple(
            Slip((*at, index), words, hint)
            for at, run in self.programs()
            for index, words, hint in advice(run)
        )

    def is_repeatable(self) -> bool:
        """As its author says."""
        return self.repeatable

    def length(self) -> timedelta:
        """Its time-out."""
        return self.timeout

    def run(self, tools: Tools) -> Deed:
        """Run it once; an exit status outside `ok` is a failure."""
        try:
            arguments = program_words(self.here(), tools.facts)
        except InputError as error:
            return Failed(f"{error.message}. {error.hint}")
        env = {name: self._sent(text, tools) for name, text in self.env.items()}
        stdin = None if self.stdin is None else self._sent(self.stdin, tools)
        ran = tools.world.run(Program(arguments, self.timeout.total_seconds(), env, stdin, tools.born))
        evidence = {"program": list(self.here()), "code": ran.code, "output": ran.output}
        printed = ran.whole or ran.output
        if ran.rehearsed and not ran.trouble:
            return Done(note="rehearsed, not run", evidence=evidence)
        if ran.trouble:
            return Failed(ran.trouble, evidence, unsure=ran.began, printed=printed)
        if ran.code not in self.ok:
            why = f"{arguments[0]} ended with status {ran.code}{_last_words(ran.output)}"
            return Failed(why, evidence, printed=printed)
        return Done(evidence=evidence, printed=printed)

    def _sent(self, text: str, tools: Tools) -> Sendable:
        return written(text, lambda piece: fill(piece, tools.facts))


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f": {lines[-1][:200]}" if lines else ""


Kind = Command

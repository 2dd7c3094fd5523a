"""command: a program with its arguments, never a line for a shell; its output is kept as evidence."""

from __future__ import annotations

import sys
from datetime import timedelta

from pydantic import Field

from bcp.action.base import Action, Deed, Done, Failed, Loc, Tools
from bcp.command_words import as_typed
from bcp.fact_template import fill
from bcp.i18n import _
from bcp.outside import Program
from bcp.yaml.types import Arguments, SomeDuration


class Command(Action):
    """Run a program."""

    arguments: Arguments = Field(alias="run", examples=['["nmcli", "connection", "up", "lte"]'])
    windows: Arguments | None = None
    macos: Arguments | None = None
    timeout: SomeDuration = timedelta(seconds=30)
    ok: list[int] = Field(default_factory=lambda: [0], min_length=1)
    repeatable: bool = False

    def here(self) -> list[str]:
        """The arguments for the system that this runs on."""
        variants = {"win32": self.windows, "darwin": self.macos}
        return variants.get(sys.platform) or self.arguments

    def describe(self) -> str:
        """The program with its arguments, secrets left as references."""
        return _("Run: {command}").format(command=as_typed(self.here()))

    def texts(self) -> tuple[tuple[Loc, str], ...]:
        """All arguments of all systems."""
        variants = (("run", self.arguments), ("windows", self.windows or []), ("macos", self.macos or []))
        return tuple(((key, index), text) for key, texts in variants for index, text in enumerate(texts))

    def is_repeatable(self) -> bool:
        """As its author says."""
        return self.repeatable

    def length(self) -> timedelta:
        """Its time-out."""
        return self.timeout

    def run(self, tools: Tools) -> Deed:
        """Run it once; an exit status outside `ok` is a failure."""
        arguments = tuple(fill(text, tools.facts) for text in self.here())
        ran = tools.world.run(Program(arguments, self.timeout.total_seconds()))
        evidence = {"program": list(self.here()), "code": ran.code, "output": ran.output}
        if ran.rehearsed and not ran.trouble:
            return Done(note="rehearsed, not run", evidence=evidence)
        if ran.trouble:
            return Failed(ran.trouble, evidence, unsure=ran.began)
        if ran.code not in self.ok:
            return Failed(f"{arguments[0]} ended with status {ran.code}{_last_words(ran.output)}", evidence)
        return Done(evidence=evidence)


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f": {lines[-1][:200]}" if lines else ""


Kind = Command

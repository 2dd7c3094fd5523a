"""The help of a noun: each of its verbs with all that it says of itself, wrapped and never cut off."""

from typing import Any

from typer.core import TyperGroup


class Verbs(TyperGroup):
    """A noun with its verbs."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The first paragraph of each verb's help."""
        told = {name: (verb.help or "").partition("\n\n")[0] for name, verb in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl([(name, " ".join(words.split())) for name, words in told.items()])

"""The options that many commands share."""

from typing import Annotated

import typer

IncidentOption = Annotated[
    str | None, typer.Option("--incident", metavar="ID", help="Which one; without it the only open one.")
]
ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="PERSON", help="Who does it; else BCP_PERSON, else the login name."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print data for programs.")]


def kind_of(context: typer.Context) -> str:
    """`drill` under the noun drill, else `incident`: both nouns share their commands."""
    parent = context.parent
    return "drill" if parent is not None and parent.info_name == "drill" else "incident"

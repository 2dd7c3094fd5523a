"""The options that many commands share, and options that are declared once as the fields of a dataclass."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any, get_type_hints

import typer

from bcp.app.session import Session

IncidentOption = Annotated[
    str | None, typer.Option("--incident", metavar="ID", help="Which one; without it the only open one.")
]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="PERSON",
        help="Who does it; else BCP_PERSON, else you are asked, once. To be asked again: ask.",
    ),
]
AtOption = Annotated[str | None, typer.Option("--at", metavar="TIME", help="When it was, if earlier: 9:12.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print data for programs.")]

RefreshOption = Annotated[
    bool,
    typer.Option(
        "--refresh", help="Let browsers load the page again every minute: for a screen on the wall."
    ),
]


class OfficeContext(typer.Context):
    """What typer hands to every command; `obj` is what the command works with."""

    obj: Session


def kind_of(context: typer.Context) -> str:
    """`drill` under the noun drill, else `incident`: both nouns share their commands."""
    parent = context.parent
    return "drill" if parent is not None and parent.info_name == "drill" else "incident"


def grouped(group: type) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """A command with a parameter `asked` of the dataclass `group`: on the command line each field is an option.

    They stand where the parameter stood. A field has a default and says by `Annotated` what its option is called.
    """

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        hints = get_type_hints(group, include_extras=True)
        names = [field.name for field in fields(group)]
        options = [
            Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name])
            for field in fields(group)
            if field.default is not MISSING
        ]
        parameters: list[Parameter] = []
        for parameter in signature(command, eval_str=True).parameters.values():
            named = parameter.replace(kind=Parameter.KEYWORD_ONLY)
            parameters += options if parameter.annotation is group else [named]

        @wraps(command)
        def called(**given: Any) -> int:
            asked = group(**{name: given.pop(name) for name in names})
            return command(asked=asked, **given)

        del called.__wrapped__
        called.__signature__ = signature(called).replace(parameters=parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {each.name: each.annotation for each in parameters}
        return called

    return decorate

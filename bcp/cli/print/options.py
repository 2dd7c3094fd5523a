"""The options of everything that prints: paper, size of the letters, language, file, printer."""

from dataclasses import dataclass
from typing import Annotated

import typer

# Plain dataclasses: `bcp incident status` loads them, too, and a frozen one with slots takes twice the time to make.
_OUTPUT = "Ends in .pdf, .html or .txt; - is text on the screen."


@dataclass(eq=False, repr=False)
class PrintOptions:
    """What the command line says of how and where to print."""

    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=_OUTPUT)] = None
    paper: Annotated[str, typer.Option("--paper", metavar="a4|letter", help="The paper in the printer.")] = (
        "a4"
    )
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="en|pl|cs|el|de", help="The labels; else the office's language."),
    ] = None
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="PRINTER", help="Print it there; default is your usual printer."),
    ] = None


@dataclass(eq=False, repr=False)
class PageOptions(PrintOptions):
    """The same for what may be printed in larger letters."""

    text: Annotated[str, typer.Option("--text", metavar="normal|large", help="large is a fifth larger.")] = (
        "normal"
    )

"""The options of everything that prints: paper, size of the letters, language, file, printer."""

from typing import Annotated

import typer

PaperOption = Annotated[str, typer.Option("--paper", metavar="a4|letter", help="The paper in the printer.")]
TextOption = Annotated[str, typer.Option("--text", metavar="normal|large", help="large is a fifth larger.")]
LangOption = Annotated[
    str | None,
    typer.Option("--lang", metavar="en|pl|cs|el|de", help="The labels; else the office's language."),
]
OutOption = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Ends in .pdf, .html or .txt; - is text on the screen."
    ),
]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="PRINTER", help="Print it there; default is your usual printer.")
]

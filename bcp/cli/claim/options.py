"""The options of everything that is about a claim."""

from dataclasses import dataclass
from typing import Annotated

import typer

from bcp.app.claim.request import ClaimRequest

LangOption = Annotated[
    str | None, typer.Option("--lang", metavar="pl|en|de|cs", help="Else the language of the office.")
]
VerifiedOption = Annotated[
    bool, typer.Option("--i-verified", help="You read the law yourself, and an uncertain rule holds.")
]


@dataclass(frozen=True)
class ClaimOptions(ClaimRequest):
    """The request as it is typed on the command line."""

    line: Annotated[
        str | None,
        typer.Option("--line", metavar="LINE", help="The line of bcp.yaml; else the one with a fee."),
    ] = None
    event: Annotated[
        str,
        typer.Option("--event", help="outage, late-switch, late-porting, late-start or missed-appointment"),
    ] = "outage"
    began: Annotated[
        str | None,
        typer.Option("--began", metavar="DAY", help="The first failure; else what the incident knows."),
    ] = None
    reported: Annotated[
        str | None, typer.Option("--reported", metavar="DAY", help="When the provider received the report.")
    ] = None
    restored: Annotated[
        str | None, typer.Option("--restored", metavar="DAY", help="Since when it works again; else today.")
    ] = None
    agreed: Annotated[
        str | None, typer.Option("--agreed", metavar="DAY", help="The day agreed for a switch or a start.")
    ] = None
    bills: Annotated[
        str | None, typer.Option("--bills", metavar="AMOUNT", help="The sum of the last three bills.")
    ] = None
    appointments: Annotated[
        int, typer.Option("--appointments", metavar="COUNT", min=0, max=100, help="Appointments missed.")
    ] = 0
    numbers: Annotated[
        int, typer.Option("--numbers", metavar="COUNT", min=1, max=1000, help="Phone numbers concerned.")
    ] = 1

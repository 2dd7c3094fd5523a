"""The options that the verbs of `bcp notice` share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from bcp.app.notice.asked import NoticeRequest

NoticeArgument = Annotated[str, typer.Argument(metavar="NOTICE", help="Which one: line-down, update, …")]
AudienceArgument = Annotated[
    str, typer.Argument(metavar="AUDIENCE", help="A contact file or group, staff, all, told.")
]
ChannelsOption = Annotated[
    list[str] | None, typer.Option("--channel", metavar="NAME", help="The ways to try, in this order.")
]
DrillOption = Annotated[bool, typer.Option("--drill", help="In the open drill instead of the incident.")]


@dataclass(frozen=True, slots=True)
class SendOptions:
    """What the command line says of how a notice is to go out."""

    channel: ChannelsOption = None
    next_update: Annotated[
        str | None, typer.Option("--next-update", metavar="TIME", help="When you write next: 16:00.")
    ] = None
    overrule: Annotated[
        list[str] | None,
        typer.Option("--overrule", metavar="RULE=REASON", help="A rule that does not hold here."),
    ] = None
    renew: Annotated[
        bool | None,
        typer.Option(
            "--renew/--as-frozen",
            help="Letters that wait and are not true any more: write them anew, or send them as they are.",
        ),
    ] = None
    again: Annotated[bool, typer.Option("--again", help="A new sending, also to those who had this one.")] = (
        False
    )

    def request(self, notice: str, audience: str) -> NoticeRequest:
        """The same for a deed."""
        ways, overrule = self.channel or (), self.overrule or ()
        return NoticeRequest(notice, audience, ways, self.next_update, overrule, self.again)

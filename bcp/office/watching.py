"""Watching: whom the watch tells what it sees, by which ways, and who notices if it dies itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcp.yaml.keyed import OneKey
from bcp.yaml.types import ONE_OR_MORE, Arguments, Line, Model

AnyTell = Annotated[Model, OneKey("bcp.alert.kinds", "way to tell", "{mail: {to: [anna]}}")]


class Watching(Model):
    """How `bcp watch` tells people, and who notices if it dies itself."""

    tell: Annotated[list[AnyTell], ONE_OR_MORE] = Field(
        default=[],
        description="who is told and how, besides the screen of this computer",
        examples=["[{mail: {to: [anna, piotr]}}, {sms: {to: [anna], when: others-fail}}]"],
    )

    notify: Arguments | None = Field(
        default=None,
        description="a program that gets the news as its last argument",
        examples=['["notify-send", "bcp"]'],
    )
    # Text only: a slip in it keeps no watch from looking; validate names it, and the watch says so.
    alive: Line | None = Field(
        default=None,
        description="a dead man's page, fetched every minute",
        examples=["https://hc.example/ping/4711"],
    )

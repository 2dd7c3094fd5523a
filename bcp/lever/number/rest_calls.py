"""The requests of a `rest` way as an author writes them down: one that reads, and those that change something."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from bcp.lever.number.rest_words import Filling
from bcp.outside import Request
from bcp.yaml.shape import Shape
from bcp.yaml.source import json_value
from bcp.yaml.types import Model, Text

_ADDRESS = r"(?:https?://|\{[a-z][a-z0-9_]*\}/)\S"
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


def _address(value: Any) -> Any:
    said = str(value).strip()
    if not re.match(_ADDRESS, said):
        raise ValueError(f'expected an address that begins with https://, not "{said}"')
    return said


Address = Annotated[
    str, BeforeValidator(_address), Shape(rf"^\s*{_ADDRESS}", "an address that begins with https://")
]
Json = Annotated[Any, BeforeValidator(json_value)]


class RestCall(Model):
    """One request as an author writes it."""

    def request(self, filling: Filling) -> Request:
        """The request, filled in; the account adds what makes it ours."""
        raise TypeError(f"{type(self).__name__} asks nothing")


class RestReading(RestCall):
    """How what stands there is read."""

    method: Literal["GET", "POST"] = Field(default="GET", description="how it is asked")
    url: Address = Field(description="where it is sent")
    headers: dict[Text, Text] = Field(default_factory=dict, description="what it carries besides")
    at: str = Field(
        default="",
        description="a JSON pointer to what is kept and put back; nothing: the whole answer",
        examples=["/data/call_forwarding"],
    )
    but: list[Text] = Field(
        default_factory=list,
        description="pointers into what is kept to what the provider changes without us: not compared, not put back",
        examples=[["/updated_at"]],
    )
    nothing: list[int] = Field(
        default_factory=list, description="statuses that say that nothing is set", examples=[[404]]
    )

    def request(self, filling: Filling) -> Request:
        """Without a body."""
        headers = {name: filling.text(value) for name, value in self.headers.items()}
        return Request(self.method, filling.url(self.url), headers)


class RestChange(RestCall):
    """One request that changes something."""

    model_config = ConfigDict(serialize_by_alias=True)

    method: Method = Field(description="how it is sent")
    url: Address = Field(description="where it is sent")
    headers: dict[Text, Text] = Field(default_factory=dict, description="what it carries besides")
    body: Json = Field(default=None, alias="json", description="the body, sent as JSON")
    form: dict[Text, Text] | None = Field(default=None, description="the body, sent as a form")
    only_if: dict[Text, Json] = Field(
        default_factory=dict,
        description="sent only where what was before shows this: a pointer, and a value or several",
    )

    def request(self, filling: Filling) -> Request:
        """With what was filled in."""
        headers = {name: filling.text(value) for name, value in self.headers.items()}
        form = {name: filling.text(value) for name, value in (self.form or {}).items()}
        body = filling.json(self.body)
        return Request(self.method, filling.url(self.url), headers, body, form=form or None)

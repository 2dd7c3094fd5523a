"""OfficeNumber: a phone number that people know, and how its calls go elsewhere; Published: where it can be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bcp.yaml.keyed import OneKey
from bcp.yaml.types import Day, Id, Line, Model, Phone, Text, YesNoUnknown

NumberMethod = Literal["line-code", "mobile-code", "portal", "hotline", "api", "front-number", "unknown"]
AnyWay = Annotated[Model, OneKey("bcp.lever.number.kinds", "way", "{hotline: {}}")]

_METHODS = {"twilio": "api", "rest": "api", "portal": "portal", "hotline": "hotline"}
_CAN_BE_BOUGHT = ("twilio",)


class OfficeNumber(Model):
    """A phone number that people know, and how its calls can be sent elsewhere."""

    number: Id = Field(examples=["office"], description="a short name, unique in the office")
    title: Line | None = Field(default=None, description="what people call it")
    phone: Phone | None = Field(
        default=None, description="left out while it is still to be bought, or to be looked up"
    )
    line: Id | None = Field(default=None, description="the line that it hangs on")
    method: NumberMethod = Field(default="unknown", description="how its calls are forwarded")
    way: AnyWay | None = Field(
        default=None,
        description="who forwards its calls, and what that takes; without it the method says it",
        examples=["{hotline: {proof: the customer password}}"],
    )
    works_when_line_dead: YesNoUnknown = Field(
        default="unknown", description="whether its calls can be forwarded while its line is dead"
    )
    code_on: Line | None = Field(
        default=None,
        examples=["*21*NUMBER#"],
        description="the code that forwards, with NUMBER for the number",
    )
    code_off: Line | None = Field(default=None, examples=["#21#"], description="the code that ends it")
    tested: Day | None = Field(default=None, description="the day of the last test call")
    note: Text | None = Field(default=None, description="what else is to be known")

    @model_validator(mode="before")
    @classmethod
    def _what_the_way_says(cls, data: Any) -> Any:
        """The way says the method and the codes, too, so that nobody writes them twice."""
        way = data.get("way") if isinstance(data, Mapping) else None
        if not isinstance(way, Mapping) or len(way) != 1:
            return data
        name, told_fields = next(iter(way.items()))
        fields = told_fields if isinstance(told_fields, Mapping) else {}
        codes = {"code_on": fields.get("on"), "code_off": fields.get("off")} if name == "forward-code" else {}
        is_mobile = str(codes.get("code_on", "")).startswith("**")
        method = _METHODS.get(name) or ("mobile-code" if is_mobile else "line-code")
        known = {"method": method, **{key: code for key, code in codes.items() if code}}
        return {**(known if name in (*_METHODS, "forward-code") else {}), **data}

    @property
    def can_be_bought(self) -> bool:
        """Whether its provider sells numbers, so that one without a phone number is still to be bought."""
        return self.way is not None and type(self.way).__module__.rpartition(".")[2] in _CAN_BE_BOUGHT


class Published(Model):
    """A place where a number or an address of ours can be read, and who corrects it."""

    published: Id = Field(description="a short name, unique in the office", examples=["website-contact"])
    title: Line | None = Field(default=None, description="what people call it")
    url: Line | None = Field(default=None, description="where everybody can read it")
    shows: list[Line] = Field(
        default_factory=list, description="numbers of bcp.yaml, in usual times", examples=["[office]"]
    )
    who: Id | None = Field(default=None, description="the role that corrects it")
    how: Text | None = Field(default=None, description="the way there, and what to click")

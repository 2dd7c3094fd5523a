"""What editors are told of a scalar: the JSON Schema of all that our reader takes for it, in the reader's own words.

Our reader takes a scalar as it is written. An editor has read it before it looks at the schema: by YAML 1.1 or 1.2
`yes` may be true, `12:30` the number 750, a phone number a whole number. So a shape holds the pattern of the text, and
what such a text may have become.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

Became = Literal["boolean", "integer", "number"]

LONGEST_NAME = 40
"""Letters of the name of a step, a fact, a check."""

ID = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
FACT = r"[a-z][a-z0-9_]*"
ENV_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
# A share of the monthly fee, or an amount, for each day, perhaps after some unpaid ones.
COMPENSATION = (
    r"(?:(?P<share>\d{1,3}/[1-9]\d{0,2}|\d{1,3}%)|(?P<amount>\d{1,6}(?:\.\d\d?)?) (?P<currency>[A-Z]{3}))"
    r" per (?P<working>working )?day(?: after (?P<free>\d{1,2}) (?P<free_working>working )?days?)?"
)
MISWRITTEN_FACT = rf"\{{(?!fact:{FACT}\}})\s*fact\s*:\s*(?P<name>{FACT})\s*\}}"
"""A fact in a text that nothing would be filled into: `{fact: ticket}`, with a blank."""

WANTED_DURATION = "a duration such as 30s, 15m, 4h or 2d"
WANTED_LENGTH = "a duration longer than nothing, such as 30s, 15m, 4h or 2d"
WANTED_CLOCK = 'a time of day such as "14:00"'
WANTED_DIALLED = 'a number that can be dialled, such as "801 802 803" or "+48 22 600 00 01"'
WANTED_TERMS = (
    'the terms of the contract, such as "1/30 per day", "5 EUR per working day", or "10% per day after 2 days"'
)  # fmt: skip
WANTED_SECRET = "a reference, never the secret itself: env:NAME, file:PATH or keyring:NAME"
WANTED_ZONE = 'a time zone such as "Europe/Warsaw"'
WANTED_DATE = "a date such as 2026-11-26"
WANTED_LINE = "one line of text"
WANTED_HOST_AND_PORT = 'an address with its port, such as "1.1.1.1:443"'
WANTED_ID = "a short name in small letters, digits and dashes, such as call-provider"
WANTED_FACT = "a short name in small letters, digits and underscores, such as provider_ticket"
WANTED_ENV_NAME = "the name of a variable of the environment, such as ROUTER_TOKEN"

_KEPT = ("maxLength", "minLength", "maximum", "minimum")


@dataclass(frozen=True, eq=False)
class Shape:
    """What is put behind `Annotated[…]`: the pattern of the whole text, what is expected, what YAML may make of it.

    `more` are further keywords of the schema; the bounds of the field itself stay beside them.
    """

    pattern: str
    expected: str
    became: tuple[Became, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    def as_schema(self) -> JsonSchemaValue:
        """The JSON Schema. `errorMessage` is what the servers of editors show instead of a pattern."""
        return {
            "type": ["string", *self.became] if self.became else "string",
            "pattern": for_editors(self.pattern),
            "errorMessage": f"expected {self.expected}",
            **self.more,
        }

    def or_text(self, pattern: str, expected: str) -> Shape:
        """This shape, or a text that is wholly of `pattern`; `expected` names both."""
        both = rf"{self.pattern}|^\s*(?:{pattern})\s*$"
        return replace(self, pattern=both, expected=expected, became=(*self.became, "boolean"))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        within = handler(core)
        return self.as_schema() | {key: within[key] for key in _KEPT if key in within}


def for_editors(pattern: str) -> str:
    """A pattern of Python as one of ECMAScript, in which JSON Schema is written: groups lose their names."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def any_case(*words: str) -> str:
    """The pattern of words in small or capital letters, which ECMAScript cannot say with a flag inside."""
    spelled = (
        "".join(f"[{sign}{sign.upper()}]" if sign.isalpha() else sign for sign in word) for word in words
    )
    return "(?:" + "|".join(spelled) + ")"


def or_nothing(shown: Mapping[str, Any]) -> JsonSchemaValue:
    """The schema of the same, or nothing at all."""
    if "enum" in shown and "type" not in shown:
        return {**shown, "enum": [*shown["enum"], None]}
    if "type" in shown and "enum" not in shown and "$ref" not in shown:
        kinds = [shown["type"]] if isinstance(shown["type"], str) else shown["type"]
        return {**shown, "type": [*kinds, "null"]}
    return {"anyOf": [shown, {"type": "null"}]}


_NO_MISWRITTEN_FACT = rf"(?![\s\S]*{MISWRITTEN_FACT})"
_UNITS = "".join(rf"(?:\d+ *{any_case(unit)} *)?" for unit in "wdhms")
_NAME = r"[^\s!-,/:-@\[-^`{-~]+"
_ADDRESS_6 = r"[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*(?:%\S+)?"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_PAD = r"[\s\-./()]*"

TEXT = Shape(
    rf"^{_NO_MISWRITTEN_FACT}[\s\S]*\S",
    "text (a fact in it is written {fact:name}, without a blank)",
    ("number", "boolean"),
)
LINE = Shape(rf"^{_NO_MISWRITTEN_FACT}\s*\S[^\r\n]*\s*$", WANTED_LINE, ("number", "boolean"))
HOST = Shape(
    rf"^\s*(?:{_NAME}|{_ADDRESS_6})\s*$",
    'the name of a computer such as "www.example.com", or its address; a port is a field of its own',
    ("boolean",),
    {"examples": ["www.example.com"]},
)
HOST_AND_PORT = Shape(r"^\s*\S+:0*[1-9]\d{0,4}\s*$", WANTED_HOST_AND_PORT, (), {"examples": ["1.1.1.1:443"]})
ASKED_NAME = Shape(
    r"^\s*[^\s.]+(?:\.[^\s.]+)*\.?\s*$",
    "a name in DNS",
    ("number", "boolean"),
    {"examples": ["_sip._udp.example.com"]},
)
WEB_ADDRESS = Shape(
    rf"^\s*{any_case('http')}[sS]?://[^\s/?#@]+(?:[/?#]\S*)?\s*$",
    'a web address such as "https://www.example.com/"',
)
# `answer: no` is a name, too.
NAME = Shape(rf"^\s*{ID}\s*$", WANTED_ID, ("boolean",), {"maxLength": LONGEST_NAME})
FACT_NAME = Shape(rf"^\s*{FACT}\s*$", WANTED_FACT, ("boolean",), {"maxLength": LONGEST_NAME})
ENVIRONMENT = Shape(rf"^\s*{ENV_NAME}\s*$", WANTED_ENV_NAME, ("boolean",), {"maxLength": LONGEST_NAME})
DURATION = Shape(rf"^ *(?=\d){_UNITS}$", WANTED_DURATION, (), {"examples": ["30s", "15m", "4h", "2d"]})
LENGTH = Shape(rf"^ *(?=\d)(?=.*[1-9]){_UNITS}$", WANTED_LENGTH, (), {"examples": ["30s", "15m", "4h", "2d"]})
# By YAML 1.1 12:30 is a number of base 60; `1230` and `12.30` are numbers by both.
CLOCK = Shape(
    r"^\s*(?:[01]?\d|2[0-3])[:.]?[0-5]\d\s*$",
    WANTED_CLOCK,
    ("number",),
    {"minimum": 0, "maximum": 2359, "examples": ["14:00"]},
)
# By both +48226000001 is a whole number, by YAML 1.1 0041… one of base 8.
PHONE = Shape(
    rf"^{_PAD}(?:\+|0{_PAD}0){_PAD}[1-9](?:{_PAD}\d){{6,14}}{_PAD}$",
    'a phone number with its country code, such as "+48 22 600 00 01"',
    ("integer",),
    {"minimum": 10**6, "maximum": 10**15 - 1, "examples": ["+48226000001"]},
)
DIALLED = Shape(r"^\s*[+*#\d][\d\s*#()\-/.]{1,30}\s*$", WANTED_DIALLED, ("number",), {"minimum": 10})
MONEY = Shape(
    r"^\s*\d[\d\s.,]*[A-Za-z]{3}\s*$",
    'an amount with its currency, such as "199.00 PLN"',
    (),
    {"maxLength": 60, "examples": ["199.00 PLN"]},
)
TERMS = Shape(
    rf"^\s*{COMPENSATION}\s*$".replace(" ", r"\s+"), WANTED_TERMS, (), {"examples": ["1/30 per day"]}
)
SECRET = Shape(r"^\s*(?:env|file|keyring):[^\r\n]+", WANTED_SECRET, (), {"examples": ["env:SMS_TOKEN"]})
ZONE = Shape(r"^\s*[A-Za-z][\w+\-]*(?:/[\w+\-]+)*\s*$", WANTED_ZONE, (), {"examples": ["Europe/Warsaw"]})
YES_NO_UNKNOWN = Shape(
    rf"^\s*{any_case('yes', 'true', 'no', 'false', 'unknown')}\s*$",
    "yes, no or unknown",
    ("boolean",),
    {"examples": ["yes", "no", "unknown"]},
)
DAY = Shape(
    rf"^\s*\d{{4}}-(?:{_MONTH}-(?:0?[1-9]|[12]\d)|(?!0?2-){_MONTH}-30|(?:0?[13578]|1[02])-31)\s*$",
    WANTED_DATE,
    (),
    {"examples": ["2026-11-26"]},
)

ANY_TEXT = Shape(r"^[\s\S]*$", "text", ("number", "boolean"))
WHOLE_NUMBER = Shape(r"^\s*[+\-]?\d+(?:_\d+)*(?:\.0*)?\s*$", "a whole number", ("integer",))
ANY_NUMBER = Shape(r"^\s*[+\-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+\-]?\d+)?\s*$", "a number", ("number",))
YES = ("yes", "true", "on", "y", "t", "1")
NO = ("no", "false", "off", "n", "f", "0")
YES_OR_NO = Shape(
    f"^{any_case(*YES, *NO)}$", "yes or no", ("boolean", "integer"), {"minimum": 0, "maximum": 1}
)

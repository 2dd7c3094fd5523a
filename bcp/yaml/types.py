"""The field types of our YAML (duration, clock time, phone number, money, secret) and the base of its models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from bcp.host_name import ascii_name, host_name, web_address
from bcp.normalize import normal_money, normal_phone
from bcp.times import parse_clock, parse_duration, write_duration

# A share of the monthly fee, or an amount, for each day, perhaps after some unpaid ones.
COMPENSATION = (
    r"(?:(?P<share>\d{1,3}/[1-9]\d{0,2}|\d{1,3}%)|(?P<amount>\d{1,6}(?:\.\d\d?)?) (?P<currency>[A-Z]{3}))"
    r" per (?P<working>working )?day(?: after (?P<free>\d{1,2}) (?P<free_working>working )?days?)?"
)


_LONGEST_NAME = 40
_ID = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_FACT = r"[a-z][a-z0-9_]*"


class Model(BaseModel):
    """The base of everything read from YAML: unknown keys are mistakes, and nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def field_names(cls: type[BaseModel] = Model) -> Iterator[str]:
    """The names of all fields that may stand in a file of an office, as far as their classes are loaded."""
    for name, field in cls.model_fields.items():
        yield field.alias or name
    for below in cls.__subclasses__():
        yield from field_names(below)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected text")
    return value.strip()


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    try:
        return parse_duration(_text(value))
    except ValueError:
        raise ValueError("expected a duration such as 30s, 15m, 4h or 2d") from None


def _some_duration(value: object) -> timedelta:
    length = _duration(value)
    if not length:
        raise ValueError("expected a duration longer than nothing, such as 30s, 15m, 4h or 2d")
    return length


def _clock(value: object) -> time:
    if isinstance(value, time):
        return value
    try:
        return parse_clock(_text(value))
    except ValueError:
        raise ValueError('expected a time of day such as "14:00"') from None


def _phone(value: object) -> str:
    return normal_phone(_text(value))


def _dialled(value: object) -> str:
    said = _text(value)
    if not re.fullmatch(r"[+*#\d][\d\s*#()\-/.]{1,30}", said):
        raise ValueError('expected a number that can be dialled, such as "801 802 803" or "+48 22 600 00 01"')
    return said


def _money(value: object) -> str:
    return normal_money(_text(value))


def _compensation(value: object) -> str:
    said = " ".join(_text(value).split())
    if not re.fullmatch(COMPENSATION, said):
        raise ValueError(
            'expected the terms of the contract, such as "1/30 per day", "5 EUR per working day", '
            'or "10% per day after 2 days"'
        )
    return said


def _secret(value: object) -> str:
    said = _text(value)
    if not re.fullmatch(r"(env|file|keyring):.+", said):
        raise ValueError("expected a reference, never the secret itself: env:NAME, file:PATH or keyring:NAME")
    return said


def _zone(value: object) -> str:
    said = _text(value)
    try:
        ZoneInfo(said)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('expected a time zone such as "Europe/Warsaw"') from None
    return said


def _yes_no_unknown(value: object) -> str:
    said = _text(value).lower()
    answers = {"yes": "yes", "true": "yes", "no": "no", "false": "no", "unknown": "unknown"}
    if said not in answers:
        raise ValueError("expected yes, no or unknown")
    return answers[said]


def _date(value: object) -> str:
    try:
        return datetime.strptime(_text(value), "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise ValueError("expected a date such as 2026-11-26") from None


def _one_line(value: object) -> str:
    said = _text(value)
    if len(said.splitlines()) > 1:
        raise ValueError("expected one line of text")
    return said


def _host(value: object) -> str:
    return host_name(_one_line(value))


def _host_and_port(value: object) -> str:
    said = _one_line(value)
    host, _colon, port = said.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError('expected an address with its port, such as "1.1.1.1:443"')
    host_name(host.removeprefix("[").removesuffix("]"))
    return said


def _asked_name(value: object) -> str:
    said = _one_line(value)
    ascii_name(said)
    return said


def _web_address(value: object) -> str:
    said = _one_line(value)
    web_address(said)
    return said


def _shaped(pattern: str, expected: str) -> BeforeValidator:
    """Reads a text of at most 40 letters that is wholly of `pattern`; `expected` says so to a person."""

    def read(value: object) -> str:
        said = _text(value)
        if len(said) > _LONGEST_NAME or not re.fullmatch(pattern, said):
            raise ValueError(f'expected {expected}, not "{said[:60]}"')
        return said

    return BeforeValidator(read)


def phone_or(pattern: str, expected: str) -> BeforeValidator:
    """Reads a text that is wholly of `pattern`, or else a phone number in its one form; `expected` names both."""

    def read(value: object) -> str:
        said = str(value).strip()
        if re.fullmatch(pattern, said):
            return said
        try:
            return normal_phone(said)
        except ValueError:
            raise ValueError(f"expected {expected}") from None

    return BeforeValidator(read)


def _schema(**more: object) -> WithJsonSchema:
    """What editors are told of a text."""
    return WithJsonSchema({"type": "string", **more})


def _shape(pattern: str) -> WithJsonSchema:
    return _schema(pattern=f"^{pattern}$", maxLength=_LONGEST_NAME)


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _plain_texts(value: Any) -> Any:
    if not isinstance(value, list):
        raise ValueError('expected a list, such as ["ping", "-c", "1", "192.168.1.1"], never one string')
    return value


ONE_OR_MORE = BeforeValidator(_listed)
"""Behind `Annotated[list[…], …]`: one entry may be written without its brackets."""

Text = Annotated[str, BeforeValidator(_text), _schema(minLength=1)]
Line = Annotated[str, BeforeValidator(_one_line), _schema(minLength=1)]
Host = Annotated[str, BeforeValidator(_host), _schema(minLength=1, examples=["www.example.com"])]
"""A computer: its name, also with letters outside ASCII, or its address."""
HostAndPort = Annotated[str, BeforeValidator(_host_and_port), _schema(minLength=1, examples=["1.1.1.1:443"])]
AskedName = Annotated[
    str, BeforeValidator(_asked_name), _schema(minLength=1, examples=["_sip._udp.example.com"])
]
"""A name in DNS, which need not be that of a computer."""
WebAddress = Annotated[str, BeforeValidator(_web_address), _schema(minLength=1)]
Id = Annotated[
    str,
    _shaped(_ID, "a short name in small letters, digits and dashes, such as call-provider"),
    _shape(_ID),
]
FactName = Annotated[
    str,
    _shaped(_FACT, "a short name in small letters, digits and underscores, such as provider_ticket"),
    _shape(_FACT),
]
_AS_DURATION = PlainSerializer(write_duration, return_type=str)
_DURATION_SCHEMA = _schema(examples=["30s", "15m", "4h", "2d"])
Duration = Annotated[timedelta, BeforeValidator(_duration), _AS_DURATION, _DURATION_SCHEMA]
SomeDuration = Annotated[timedelta, BeforeValidator(_some_duration), _AS_DURATION, _DURATION_SCHEMA]
ClockTime = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda clock: f"{clock:%H:%M}", return_type=str),
    _schema(pattern=r"^\d{1,2}:\d{2}$", examples=["14:00"]),
]
Phone = Annotated[str, BeforeValidator(_phone), _schema(examples=["+48226000001"])]
Dialled = Annotated[str, BeforeValidator(_dialled), _schema()]
Money = Annotated[str, BeforeValidator(_money), _schema(examples=["199.00 PLN"])]
Compensation = Annotated[str, BeforeValidator(_compensation), _schema(examples=["1/30 per day"])]
Secret = Annotated[str, BeforeValidator(_secret), _schema(examples=["env:SMS_TOKEN"])]
Zone = Annotated[str, BeforeValidator(_zone), _schema(examples=["Europe/Warsaw"])]
YesNoUnknown = Annotated[
    str, BeforeValidator(_yes_no_unknown), WithJsonSchema({"enum": ["yes", "no", "unknown", True, False]})
]
Day = Annotated[str, BeforeValidator(_date), _schema(format="date")]
EnvName = Annotated[
    str,
    _shaped(r"[A-Za-z_][A-Za-z0-9_]*", "the name of a variable of the environment, such as ROUTER_TOKEN"),
    _shape(r"[A-Za-z_][A-Za-z0-9_]*"),
]
Arguments = Annotated[list[Text], Field(min_length=1), BeforeValidator(_plain_texts)]

"""The field types of our YAML (duration, clock time, phone number, money, secret) and the base of its models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from bcp.host_name import ascii_name, host_name, web_address
from bcp.normalize import normal_money, normal_phone
from bcp.times import parse_clock, parse_duration, said_in_words, write_clock, write_duration
from bcp.yaml import shape
from bcp.yaml.expected import HintedError
from bcp.yaml.one_or_more import OneOrMore


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
        raise HintedError("expected text", _quoted_fact(value))
    strange = re.search(shape.MISWRITTEN_FACT, value)
    if strange:
        raise HintedError(
            f'"{strange[0]}" is not filled in', f"write {{fact:{strange['name']}}}, without a blank"
        )
    return value.strip()


def _quoted_fact(value: object) -> str:
    """What to write where braces made a mapping of a fact: `{fact: ticket}`, or `{fact:ticket}` without quotes."""
    if not isinstance(value, dict) or len(value) != 1:
        return ""
    key, inner = next(iter(value.items()))
    name = str(key).removeprefix("fact:") if inner is None else str(inner) if key == "fact" else ""
    return f'put it in quotes, without a blank: "{{fact:{name}}}"' if re.fullmatch(shape.FACT, name) else ""


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    try:
        return parse_duration(_text(value))
    except ValueError:
        meant = said_in_words(str(value))
        hint = f"write {write_duration(meant)}" if meant else ""
        raise HintedError(f"expected {shape.WANTED_DURATION}", hint) from None


def _some_duration(value: object) -> timedelta:
    length = _duration(value)
    if not length:
        raise ValueError(f"expected {shape.WANTED_LENGTH}")
    return length


def _clock(value: object) -> time:
    if isinstance(value, time):
        return value
    try:
        return parse_clock(_text(value))
    except ValueError:
        raise ValueError(f"expected {shape.WANTED_CLOCK}") from None


def _phone(value: object) -> str:
    return normal_phone(_text(value))


def _dialled(value: object) -> str:
    said = _text(value)
    if not re.fullmatch(r"[+*#\d][\d\s*#()\-/.]{1,30}", said):
        raise ValueError(f"expected {shape.WANTED_DIALLED}")
    return said


def _money(value: object) -> str:
    return normal_money(_text(value))


def _compensation(value: object) -> str:
    said = " ".join(_text(value).split())
    if not re.fullmatch(shape.COMPENSATION, said):
        raise ValueError(f"expected {shape.WANTED_TERMS}")
    return said


def _secret(value: object) -> str:
    said = _text(value)
    if not re.fullmatch(r"(env|file|keyring):.+", said):
        raise ValueError(f"expected {shape.WANTED_SECRET}")
    return said


def _zone(value: object) -> str:
    said = _text(value)
    try:
        ZoneInfo(said)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"expected {shape.WANTED_ZONE}") from None
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
        raise ValueError(f"expected {shape.WANTED_DATE}") from None


def _one_line(value: object) -> str:
    said = _text(value)
    if len(said.splitlines()) > 1:
        raise ValueError(f"expected {shape.WANTED_LINE}")
    return said


def _host(value: object) -> str:
    return host_name(_one_line(value))


def _host_and_port(value: object) -> str:
    said = _one_line(value)
    host, _colon, port = said.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"expected {shape.WANTED_HOST_AND_PORT}")
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
        if len(said) > shape.LONGEST_NAME or not re.fullmatch(pattern, said):
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


def _plain_texts(value: Any) -> Any:
    if not isinstance(value, list):
        raise ValueError('expected a list, such as ["ping", "-c", "1", "192.168.1.1"], never one string')
    return value


ONE_OR_MORE = OneOrMore()
"""Behind `Annotated[list[…], …]`: one entry may be written without its brackets."""

Text = Annotated[str, BeforeValidator(_text), shape.TEXT]
Line = Annotated[str, BeforeValidator(_one_line), shape.LINE]
Host = Annotated[str, BeforeValidator(_host), shape.HOST]
"""A computer: its name, also with letters outside ASCII, or its address."""
HostAndPort = Annotated[str, BeforeValidator(_host_and_port), shape.HOST_AND_PORT]
AskedName = Annotated[str, BeforeValidator(_asked_name), shape.ASKED_NAME]
"""A name in DNS, which need not be that of a computer."""
WebAddress = Annotated[str, BeforeValidator(_web_address), shape.WEB_ADDRESS]
Id = Annotated[str, _shaped(shape.ID, shape.WANTED_ID), shape.NAME]
FactName = Annotated[str, _shaped(shape.FACT, shape.WANTED_FACT), shape.FACT_NAME]
EnvName = Annotated[str, _shaped(shape.ENV_NAME, shape.WANTED_ENV_NAME), shape.ENVIRONMENT]
_AS_DURATION = PlainSerializer(write_duration, return_type=str)
Duration = Annotated[timedelta, BeforeValidator(_duration), _AS_DURATION, shape.DURATION]
SomeDuration = Annotated[timedelta, BeforeValidator(_some_duration), _AS_DURATION, shape.LENGTH]
_AS_CLOCK = PlainSerializer(write_clock, return_type=str)
ClockTime = Annotated[time, BeforeValidator(_clock), _AS_CLOCK, shape.CLOCK]
Phone = Annotated[str, BeforeValidator(_phone), shape.PHONE]
Dialled = Annotated[str, BeforeValidator(_dialled), shape.DIALLED]
Money = Annotated[str, BeforeValidator(_money), shape.MONEY]
Compensation = Annotated[str, BeforeValidator(_compensation), shape.TERMS]
Secret = Annotated[str, BeforeValidator(_secret), shape.SECRET]
Zone = Annotated[str, BeforeValidator(_zone), shape.ZONE]
YesNoUnknown = Annotated[str, BeforeValidator(_yes_no_unknown), shape.YES_NO_UNKNOWN]
Day = Annotated[str, BeforeValidator(_date), shape.DAY]
Arguments = Annotated[list[Text], Field(min_length=1), BeforeValidator(_plain_texts)]

"""bcp.yaml: who we are, people, roles, lines, secrets by reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator, model_validator

from bcp.mask import KNOWN
from bcp.office.find import FILE
from bcp.office.internet import Internet
from bcp.office.line import OfficeLine
from bcp.office.number import OfficeNumber, Published
from bcp.office.place import OfficePlace
from bcp.office.watching import Watching
from bcp.yaml.keyed import fail, told
from bcp.yaml.shape import Shape
from bcp.yaml.source import Reader
from bcp.yaml.types import (
    Duration,
    Id,
    Line,
    Model,
    Money,
    Phone,
    Secret,
    SomeDuration,
    Text,
    WebAddress,
    Zone,
)


def _two_letters(value: Any, expected: str) -> str:
    said = str(value).strip()
    if not re.fullmatch("[A-Za-z]{2}", said):
        raise ValueError(f'expected {expected}, not "{value}"')
    return said


def _country(value: Any) -> str:
    return _two_letters(value, "a country in two letters, such as PL").upper()


def _language(value: Any) -> str:
    return _two_letters(value, "a language in two letters, such as en or pl").lower()


_TWO_LETTERS = r"^\s*[A-Za-z]{2}\s*$"
# To YAML 1.1 Norway is a no.
Country = Annotated[
    str, BeforeValidator(_country), Shape(_TWO_LETTERS, "a country in two letters, such as PL", ("boolean",))
]
Language = Annotated[
    str,
    BeforeValidator(_language),
    Shape(_TWO_LETTERS, "a language in two letters, such as en", ("boolean",)),
]


class Person(Model):
    """Somebody on the staff."""

    person: Id = Field(examples=["anna"], description="a short name, unique in the office")
    name: Line = Field(
        max_length=80, examples=["Anna Nowak"], description="first name and surname, as people know them"
    )
    phone: Phone | None = Field(
        default=None, description="the number that works when the office's line is dead"
    )
    email: Line | None = Field(default=None, description="where this person reads mail")
    language: Language | None = Field(default=None, description="the language of texts to this person")


class Role(Model):
    """A part to play; the owner plays it, else the first deputy who is there."""

    role: Id = Field(examples=["lead"], description="a short name, unique in the office")
    title: Line | None = Field(
        default=None, examples=["Leads the incident"], description="what the role is called"
    )
    owner: Id = Field(description="a person", examples=["anna"])
    deputies: list[Id] = Field(
        default_factory=list,
        examples=["[piotr, ewa]"],
        description="who plays it when the owner is away, in this order",
    )
    may_spend: Money | None = Field(default=None, description="how much money the role may spend on its own")


class Activity(Model):
    """What the office must be able to do. target: RTO, unbearable_after: MTPD, minimum: MBCO (ISO 22301)."""

    activity: Id = Field(examples=["phone"], description="a short name, unique in the office")
    target: SomeDuration = Field(description="by when it must run again (RTO)", examples=["4h"])
    unbearable_after: SomeDuration = Field(
        description="after how long it does lasting harm (MTPD)", examples=["3d"]
    )
    minimum: Text = Field(description="the least that will do (MBCO)", examples=["a human answers"])

    @model_validator(mode="after")
    def _target_comes_first(self) -> Activity:
        if self.target >= self.unbearable_after:
            words = "the target must be shorter than unbearable_after"
            fail(
                "Activity",
                [told(("target",), words, "aim to be back before it does lasting harm (RTO before MTPD)")],
            )
        return self


CustomerClass = Literal["consumer", "micro", "small", "larger"]


class TimestampAuthority(Model):
    """Who stamps exports with a time that others believe (RFC 3161)."""

    url: WebAddress = Field(examples=["https://stamps.example/tsr"], description="its address")
    root: Line = Field(description="its root certificate as PEM, in the office folder", examples=["tsa.pem"])


class Seals(Model):
    """To whom the head of an open incident is given away, so that its record cannot be written anew unseen.

    It is done when the incident begins, hourly while it is open, and when it is closed.
    """

    mail: list[Line] = Field(
        default_factory=list,
        description="mail addresses outside of the office",
        examples=["[lawyer@example.com]"],
    )
    stamp: bool = Field(default=True, description="also by the authority of `timestamp`, where one is named")

    @field_validator("mail")
    @classmethod
    def _are_addresses(cls, value: list[str]) -> list[str]:
        for text in value:
            if not re.fullmatch(r"[^\s@<>,;-][^\s@<>,;]*@[^\s@<>,;]+\.[^\s@<>,;]+", text):
                raise ValueError(f'expected a mail address, such as lawyer@example.com, not "{text}"')
        return value


class Office(Model):
    """One organisation's bcp.yaml."""

    name: Line = Field(
        max_length=80, examples=["Agencja Kropka"], description="the office, as clients know it"
    )
    language: Language = Field(default="en", description="the language of the office: en, pl, cs, de or el")
    country: Country = Field(
        description="the country in two letters: holidays, form of numbers, rules of contracts"
    )
    timezone: Zone = Field(description="the office's time zone", examples=["Europe/Warsaw"])
    address: Text | None = Field(default=None, description="where the office is, for paper and letters")
    customer_class: CustomerClass = Field(
        default="small", description="as what our providers must treat us; micro: fewer than ten people"
    )
    bank_account: Line | None = Field(default=None, description="where money back is to be paid")
    people: list[Person] = Field(min_length=1, description="the staff")
    roles: list[Role] = Field(min_length=1, description="the parts to play, and who plays them")
    lines: list[OfficeLine] = Field(
        default_factory=list, description="internet, phone, mobile, website: contracts and fault numbers"
    )
    activities: list[Activity] = Field(
        default_factory=list, description="what the office must be able to do, and by when it must run again"
    )
    numbers: list[OfficeNumber] = Field(
        default_factory=list, description="phone numbers, and how their calls go elsewhere"
    )
    published: list[Published] = Field(
        default_factory=list, description="where a number can be read, and who corrects it"
    )
    group: Line | None = Field(
        default=None,
        max_length=80,
        description="the group of this computer whose logins work here together; else all is its owner's alone",
        examples=["office"],
    )
    places: list[OfficePlace] = Field(
        default_factory=list, description="where the public reads of us, and how we write there"
    )
    secrets: dict[Id, Secret] = Field(
        default_factory=dict, description="names for secrets, each with where it is kept"
    )
    internet: Internet = Field(
        default_factory=Internet, description="what stands for the internet in a diagnosis"
    )
    watch: Watching = Field(default_factory=Watching, description="how `bcp watch` tells people")
    timestamp: TimestampAuthority | None = Field(default=None, description="who stamps exports with a time")
    seals: Seals = Field(
        default_factory=Seals, description="to whom the head of an open incident is given away"
    )
    remind_measures_after: Duration | None = Field(
        default=None, description="after how long people are reminded of what is still switched on"
    )
    long_outage: SomeDuration = Field(
        default=timedelta(days=14), description="how long we reckon it lasts once two promises were broken"
    )

    @model_validator(mode="after")
    def _names_fit_together(self) -> Office:
        errors = [*self._twice(), *self._unknown()]
        fail("Office", errors)
        return self

    def _twice(self) -> Iterator[Any]:
        for key, name_key in _KEYS.items():
            names = [str(getattr(each, name_key)) for each in getattr(self, key)]
            for index, name in enumerate(names):
                if name in names[:index]:
                    loc = (key, index, name_key)
                    yield told(loc, f'"{name}" is there twice in {key}', "give each its own name")

    def _unknown(self) -> Iterator[Any]:
        people = [person.person for person in self.people]
        roles = [role.role for role in self.roles]
        lines = [line.line for line in self.lines]
        for index, role in enumerate(self.roles):
            for loc, name in [
                (("owner",), role.owner),
                *((("deputies", n), d) for n, d in enumerate(role.deputies)),
            ]:
                if name not in people:
                    yield told(
                        ("roles", index, *loc),
                        f'"{name}" is nobody in people',
                        "people: " + ", ".join(people),
                    )
        for index, number in enumerate(self.numbers):
            if number.line is not None and number.line not in lines:
                yield told(
                    ("numbers", index, "line"), f'there is no line "{number.line}"', _list("lines", lines)
                )
        for index, place in enumerate(self.published):
            if place.who is not None and place.who not in roles:
                yield told(
                    ("published", index, "who"), f'there is no role "{place.who}"', _list("roles", roles)
                )

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    def role(self, name: str) -> Role | None:
        """The role called `name`."""
        return next((role for role in self.roles if role.role == name), None)

    def person(self, name: str) -> Person | None:
        """The person whose id, or whose whole name, is `name`."""
        wanted = name.strip().casefold()
        return next((who for who in self.people if wanted in (who.person, who.name.casefold())), None)


_KEYS = {
    "people": "person",
    "roles": "role",
    "lines": "line",
    "activities": "activity",
    "numbers": "number",
    "published": "published",
    "places": "place",
}


def _list(what: str, names: list[str]) -> str:
    return f"{what}: {', '.join(names)}" if names else f"bcp.yaml has no {what} yet"


def load(folder: Path, reader: Reader) -> Office | None:
    """The office of `folder`; its mistakes go to `reader`, and then there is none."""
    document = reader.document(folder / FILE, FILE)
    office = reader.model(document, Office) if document else None
    if office is not None:
        _be_silent_about(office)
    return office


def _be_silent_about(office: Office) -> None:
    """What is kept about the tool's own work names nobody of this office."""
    KNOWN.names(name for who in office.people for name in (who.name, who.email))
    KNOWN.phones(who.phone for who in office.people)
    KNOWN.typed(filter(None, (office.address, office.bank_account)))
    for line in office.lines:
        KNOWN.typed(filter(None, (line.contract, line.line_id, getattr(line.way, "wifi_password", None))))

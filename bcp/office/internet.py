"""What stands for the internet in a diagnosis, where an office says so."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from bcp.host_name import web_address
from bcp.office.proxy import SomeProxy
from bcp.yaml.shape import Shape, any_case
from bcp.yaml.types import Host, HostAndPort, Model, WebAddress

_RATE = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?) ?([kM])bit/s", re.IGNORECASE)


def _rate(value: Any) -> float:
    """Bits a second; read back as it was written."""
    if isinstance(value, float):
        return value
    found = _RATE.fullmatch(" ".join(value.split())) if isinstance(value, str) else None
    bits = float(found[1].replace(",", ".")) * (1e3 if found[2] in "kK" else 1e6) if found else 0
    if not bits:
        raise ValueError("expected a rate such as 500 kbit/s or 5 Mbit/s")
    return bits


def _foreign_sites(sites: list[str]) -> list[str]:
    for url in sites:
        if not url.startswith("https://"):
            raise ValueError(f'expected encrypted pages, such as "https://www.example.org/", not "{url}"')
    if sites and len({web_address(url).hostname for url in sites}) < 2:
        raise ValueError("expected two sites or more, of different operators: one alone may be down itself")
    return sites


ForeignSite = Annotated[
    WebAddress,
    Shape(r"^\s*https://[^\s/?#@]+(?:[/?#]\S*)?\s*$", 'encrypted pages, such as "https://www.example.org/"'),
]
Rate = Annotated[
    float,
    BeforeValidator(_rate),
    Shape(
        rf"^\s*\d{{1,6}}(?:[.,]\d{{1,3}})?\s*[kKmM]{any_case('bit/s')}\s*$",
        "a rate such as 500 kbit/s or 5 Mbit/s",
        (),
        {"examples": ["5 Mbit/s"]},
    ),
]


class Internet(Model):
    """What stands for "the internet" when a diagnosis asks whether it is there; by default well-known addresses."""

    addresses: list[HostAndPort] = Field(
        default_factory=list,
        description="addresses of different operators, with a port",
        examples=['["1.1.1.1:443"]'],
    )
    page: WebAddress | None = Field(
        default=None, description="a plain http page that answers 204 and nothing else"
    )
    names: list[Host] = Field(
        default_factory=list, description="names that exist", examples=["[example.org]"]
    )
    sites: Annotated[list[ForeignSite], AfterValidator(_foreign_sites)] = Field(
        default_factory=list,
        json_schema_extra={"anyOf": [{"minItems": 2}, {"maxItems": 0}]},
        description="foreign sites over https with more than 8 kB, which fail together only if the line does",
        examples=['["https://www.example.org/", "https://www.example.net/"]'],
    )
    slow_below: Rate | None = Field(
        default=None,
        description="below which rate the line is too slow to work with; 1 Mbit/s where nothing is said",
        examples=["5 Mbit/s"],
    )
    proxy: SomeProxy | None = Field(
        default=None,
        description="the proxy through which web pages are fetched",
        examples=["http://proxy:3128"],
    )

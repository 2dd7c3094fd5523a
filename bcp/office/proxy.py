"""Proxy: the computer of an office through which its pages are fetched, because it lets nobody out directly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from bcp.host_name import ascii_name, is_address, web_address
from bcp.private_address import is_inside
from bcp.yaml import shape
from bcp.yaml.keyed import fail, told
from bcp.yaml.rules import OrShort, both_or_none
from bcp.yaml.types import Host, Line, Model, Secret, WebAddress


class Proxy(Model):
    """Where it is, what it wants to know of us, and which pages are fetched without it."""

    model_config = ConfigDict(json_schema_extra=both_or_none("user", "password"))

    url: WebAddress = Field(
        description="its address, with the port", examples=["http://proxy.office.example:3128"]
    )
    user: Line | None = Field(default=None, description="the name that it wants, if any")
    password: Secret | None = Field(
        default=None, description="where its password is kept", examples=["env:PROXY_PASSWORD"]
    )
    not_for: list[Host] = Field(
        default_factory=list,
        description="names that are reached without it, with all that is below them; addresses inside never need it",
        examples=["[office.example]"],
    )

    @model_validator(mode="after")
    def _can_be_used(self) -> Proxy:
        errors = []
        if web_address(self.url).scheme != "http":
            errors.append(
                told(("url",), "expected the address of a proxy such as http://proxy.office.example:3128")
            )
        if (self.user is None) != (self.password is None):
            missing = "password" if self.password is None else "user"
            errors.append(told((), f"a login needs user and password: {missing} is missing"))
        fail("Proxy", errors)
        return self

    @property
    def host(self) -> str:
        """Its name or address."""
        return str(web_address(self.url).hostname)

    @property
    def port(self) -> int:
        """Where it listens."""
        return web_address(self.url).port or 80

    @property
    def shown(self) -> str:
        """What people call it."""
        return f"{self.host}:{self.port}"

    def is_for(self, host: str) -> bool:
        """Whether pages of `host` come through it: not what is inside of the office's own network."""
        if is_address(host):
            return not is_inside(host) and host not in self.not_for
        name = ascii_name(host).removesuffix(".")
        if "." not in name or name.endswith((".local", ".localhost")):
            return False
        return not any(f".{name}".endswith(f".{ascii_name(each)}") for each in self.not_for)


def _whole(value: Any) -> Any:
    """For the address alone, too."""
    return value if isinstance(value, Mapping | Proxy) else {"url": value}


def _kind(value: Any) -> str:
    return "no" if value == "no" else "proxy"


SomeProxy = Annotated[Proxy, BeforeValidator(_whole), OrShort(shape.WEB_ADDRESS)]
"""A proxy, or its address alone."""
ProxyOrNo = Annotated[
    Annotated[Literal["no"], Tag("no")] | Annotated[SomeProxy, Tag("proxy")], Discriminator(_kind)
]
"""The same, or none although the office has one."""

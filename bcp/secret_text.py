"""SecretText: what an author wrote with secrets in it; they are looked up at the last moment, and only they.

A reference stands in the author's own text and nowhere else. `written()` finds it there first, and only then are
facts filled into the rest. What a fact holds is plain text from then on, whatever it looks like: a `str` that reaches
the World is never read as a reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

_REFERENCE = re.compile(r"\{(?P<braced>(?:env|file|keyring):[^{}]+)\}|^(?P<bare>(?:env|file|keyring):.+)$")


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a secret is: `env:NAME`, `file:PATH` or `keyring:NAME`; never the secret."""

    name: str


@dataclass(frozen=True, slots=True)
class SecretText:
    """Plain pieces, which mean nothing but themselves, and references between them."""

    parts: tuple[str | Reference, ...]

    def references(self) -> list[str]:
        """The secrets that it refers to."""
        return [part.name for part in self.parts if isinstance(part, Reference)]

    def revealed(self, value: Callable[[str], str]) -> str:
        """The text with its secrets; `value` gives one for its reference."""
        return "".join(value(part.name) if isinstance(part, Reference) else part for part in self.parts)

    def __str__(self) -> str:
        """The text with references in place of its secrets."""
        return self.revealed(lambda name: f"{{{name}}}")


Sendable = str | SecretText
"""What goes out: a text that is sent as it is, or one with secrets in it."""


def written(text: str, fill: Callable[[str], str] = str) -> Sendable:
    """What an author wrote, ready to go out: its references are found, then `fill` changes all that is none.

    A text is a reference as a whole (`env:NAME`), or holds some in braces (`Bearer {env:NAME}`).
    """
    parts: list[str | Reference] = []
    end = 0
    for found in _REFERENCE.finditer(text):
        parts += [fill(text[end : found.start()]), Reference(found["braced"] or found["bare"])]
        end = found.end()
    return SecretText((*parts, fill(text[end:]))) if parts else fill(text)


def with_secret(reference: str, before: str = "") -> SecretText:
    """A text that ends in a secret, such as `Bearer …`."""
    return SecretText((before, Reference(reference)))


def references(text: str) -> list[str]:
    """The secrets to which a text of an author refers."""
    found = written(text)
    return found.references() if isinstance(found, SecretText) else []


def in_url(text: str) -> str:
    """The text as a piece of an address, which it can neither end nor lead elsewhere (RFC 3986, 2.1)."""
    return quote(text, safe="")


def leaves(value: Any) -> Iterator[Sendable]:
    """Each text in a value of JSON."""
    if isinstance(value, str | SecretText):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from leaves(each)


def each_leaf(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value of JSON with each of its texts changed; its keys stay."""
    if isinstance(value, str | SecretText):
        return change(value)
    if isinstance(value, Mapping):
        return {key: each_leaf(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [each_leaf(each, change) for each in value]
    return value

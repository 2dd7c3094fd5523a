"""Mentions of facts in texts: `{fact:name}` is filled in when the text is used."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MENTION = re.compile(r"\{fact:([^{}]*)\}")


def mentions(text: str) -> list[str]:
    """The names of the facts that `text` mentions as `{fact:name}`."""
    return _MENTION.findall(text)


def fill(text: str, facts: Mapping[str, str], blank: str = "______") -> str:
    """`text` with each `{fact:name}` replaced by its value; one that is not known yet becomes `blank`."""
    return _MENTION.sub(lambda found: facts.get(found[1], blank), text)

"""The sign at the door: visitors learn that we are here, how to reach us, and when there is news."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bcp.normalize import say_phone
from bcp.office.model import Office
from bcp.page.blocks import Block, Document, EndBlock, Field, Form, Poster
from bcp.page.labels import Labels
from bcp.page.proof import proof

_ELSEWHERE = "en"


def door_content(office: Office) -> dict[str, Any]:
    """What the sign says: our name and the mobile numbers that live when the line is dead."""
    alive = [number.phone for number in office.numbers if number.phone and number.method == "mobile-code"]
    return {"document": "door", "id": "door", "office": {"name": office.name}, "phones": alive}


def door_sign(content: Mapping[str, Any], words: Labels) -> Document:
    """The sign in the office's language, and below it in English for guests from elsewhere."""
    blocks = tuple(_blocks(content, words))
    return Document(content["id"], words("door_title"), words.language, proof(content, words), blocks)


def _blocks(content: Mapping[str, Any], words: Labels) -> Iterator[Block]:
    phones = "\n".join(say_phone(number) for number in content["phones"]) or "________________"
    for each in [words] if words.language == _ELSEWHERE else [words, Labels(_ELSEWHERE)]:
        yield Poster(f"{each('door_title')}.", f"{each('door_text')}\n{each('door_call')}")
        yield Poster(phones, "")
    fields = (Field(words("door_news"), "clock"), Field(words("door_back"), "clock"))
    yield Form(fields)
    yield EndBlock(content["office"]["name"])

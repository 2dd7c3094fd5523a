"""The phone card: how the calls of each of our numbers are sent elsewhere, and whether that works on a dead line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bcp.office import Office
from bcp.page.blocks import Block, Code, Codes, Document, End, Field, Form, Heading, Text
from bcp.page.phone import dial, say_phone
from bcp.page.proof import proof
from bcp.page.words import Words

_PLACEHOLDER = "NUMBER"
_BY_CODE = ("line-code", "mobile-code")


def phonecard_content(office: Office) -> dict[str, Any]:
    """What the card says: the numbers of bcp.yaml, and where their lines can be reported."""
    lines = {line.line: line for line in office.lines}
    return {
        "document": "phone-card",
        "id": "phone-card",
        "office": {"name": office.name},
        "numbers": [
            {
                **number.model_dump(mode="json", exclude={"number"}),
                "title": number.number,
                "provider": lines[number.line].provider if number.line else None,
                "support": lines[number.line].support if number.line else None,
            }
            for number in office.numbers
        ],
    }


def phone_card(content: Mapping[str, Any], words: Words) -> Document:
    """One page: each number with its codes as text and as QR codes."""
    blocks = tuple(_blocks(content, words))
    return Document(content["id"], words("phone_card"), words.language, proof(content, words), blocks)


def _blocks(content: Mapping[str, Any], words: Words) -> Iterator[Block]:
    yield Heading(words("phone_card"), level=1)
    yield Form((Field("", "line"),), words("phone_card_note"))
    if any(_PLACEHOLDER in (number["code_on"] or "") for number in content["numbers"]):
        yield Text(words("code_number"))
    for number in content["numbers"]:
        yield Codes(say_phone(number["phone"]), "\n".join(_note(number, words)), tuple(_codes(number, words)))
    yield Text(words("test_call"))
    yield End(words("end"))


def _note(number: Mapping[str, Any], words: Words) -> Iterator[str]:
    yield words(f"works_dead_{number['works_when_line_dead']}")
    yield words(f"method_{number['method']}")
    if number["note"]:
        yield number["note"]
    support = (
        f"{number['provider'] or ''} {words('support')} {number['support']}" if number["support"] else ""
    )
    day = number["tested"]
    tested = words("tested", date=words.date(date.fromisoformat(day))) if day else words("never_tested")
    yield " · ".join(part for part in (support.strip(), tested) if part)


def _codes(number: Mapping[str, Any], words: Words) -> Iterator[Code]:
    """The codes; only one that is complete, and dialled on a telephone, becomes a QR code."""
    for label in ("code_on", "code_off"):
        code = number[label]
        if code:
            scans = number["method"] == "mobile-code" and _PLACEHOLDER not in code
            yield Code(words(label), code, dial(code) if scans else "")

"""The phone card: how the calls of each of our numbers are sent elsewhere, and whether that works on a dead line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bcp.normalize import say_phone
from bcp.office.model import Office
from bcp.page.blocks import Block, Code, Codes, Document, EndBlock, Field, Form, Heading, TextBlock
from bcp.page.labels import Labels
from bcp.page.phone import dial
from bcp.page.proof import proof

_PLACEHOLDER = "NUMBER"
_MOST_TARGETS = 2


def phonecard_content(office: Office) -> dict[str, Any]:
    """What the card says: the numbers of bcp.yaml, and where their lines can be reported."""
    lines = {line.line: line for line in office.lines}
    return {
        "document": "phone-card",
        "id": "phone-card",
        "office": {"name": office.name},
        "targets": _targets(office),
        "numbers": [
            {
                **number.model_dump(mode="json", exclude={"number", "way", "title"}),
                "title": number.number,
                "provider": lines[number.line].provider if number.line else None,
                "support": lines[number.line].support if number.line else None,
            }
            for number in office.numbers
            if number.phone
        ],
    }


def _targets(office: Office) -> list[dict[str, str]]:
    """Whose mobile phones a stand-by phone can be sent to at once: the first role's owner and first deputy."""
    role = office.roles[0]
    people = [office.person(name) for name in [role.owner, *role.deputies][:_MOST_TARGETS]]
    return [{"name": who.name, "phone": who.phone} for who in people if who is not None and who.phone]


def phone_card(content: Mapping[str, Any], words: Labels) -> Document:
    """One page: each number with its codes as text and as QR codes."""
    blocks = tuple(_blocks(content, words))
    return Document(content["id"], words("phone_card"), words.language, proof(content, words), blocks)


def _blocks(content: Mapping[str, Any], words: Labels) -> Iterator[Block]:
    yield Heading(words("phone_card"), level=1)
    yield Form((Field("", "line"),), words("phone_card_note"))
    if any(_PLACEHOLDER in (number["code_on"] or "") for number in content["numbers"]):
        yield TextBlock(words("code_number"))
    for number in content["numbers"]:
        works = words(f"works_dead_{number['works_when_line_dead']}")
        yield Codes(
            f"{say_phone(number['phone'])} · {works}",
            "\n".join(_note(number, words)),
            tuple(_codes(number, content["targets"], words)),
        )
    yield TextBlock(words("test_call"))
    yield EndBlock(words("end"))


def _note(number: Mapping[str, Any], words: Labels) -> Iterator[str]:
    yield words(f"method_{number['method']}")
    if number["note"]:
        yield number["note"]
    support = (
        f"{number['provider'] or ''} {words('support')} {number['support']}" if number["support"] else ""
    )
    day = number["tested"]
    tested = words("tested", date=words.date(date.fromisoformat(day))) if day else words("never_tested")
    yield " · ".join(part for part in (support.strip(), tested) if part)


def _codes(number: Mapping[str, Any], targets: Sequence[Mapping[str, str]], words: Labels) -> Iterator[Code]:
    """The codes in words; a QR code for those that a mobile phone can dial as they stand."""
    mobile = number["method"] == "mobile-code"
    on, off = number["code_on"], number["code_off"]
    if on:
        yield Code(words("code_on"), on)
    if off:
        yield Code(words("code_off"), off, dial(off) if mobile else "")
    if mobile and on and _PLACEHOLDER in on:
        for target in targets:
            title = f"{words('code_on')}: {target['name']}"
            code = on.replace(_PLACEHOLDER, target["phone"].replace(" ", ""))
            yield Code(title, code, dial(code))

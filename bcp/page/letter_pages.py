"""Letters to print and to carry: each on a page of its own, with nothing on it but what the client is to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.normalize import say_phone
from bcp.notice.campaign.by_hand import ToTell
from bcp.page.blocks import Block, Document, Heading, Proof, TextBlock
from bcp.page.labels import Labels, languages
from bcp.visible import visible


def letters(people: Sequence[ToTell], office: str, made: datetime, zone: ZoneInfo) -> Iterator[Document]:
    """The letters of `people`, dated in the language of each. They have no hash: a client could do nothing with it."""
    for one in people:
        words = Labels(one.text.language if one.text.language in languages() else "en")
        head = Proof(office, words.date(made.astimezone(zone).date()), "")
        yield Document(f"letter-{one.code}", office, words.language, head, tuple(_blocks(one)))


def _blocks(one: ToTell) -> Iterator[Block]:
    contact = one.contact
    reach = contact.email or (say_phone(contact.rings) if contact.rings else "")
    yield TextBlock("\n".join(part for part in (visible(contact.called), reach, one.code) if part))
    yield Heading(visible(one.text.subject), level=1)
    for part in one.text.body.split("\n\n"):
        yield TextBlock(visible(part))

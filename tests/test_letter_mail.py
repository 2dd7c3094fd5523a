"""A letter as it is on the wire: one line a paragraph once it is read, and no header of a mailing list."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from bcp.contact.model import Contact
from bcp.notice.channel.letter import as_mail
from bcp.notice.text.merge import LetterText

PARAGRAPHS = {
    "en": "our line is out of order since the early morning, and we are working over mobile internet; ",
    "pl": "nasze łącze nie działa od wczesnego rana – pracujemy przez internet komórkowy; ",
    "cs": "naše linka od časného rána nefunguje, pracujeme přes mobilní internet; ",
    "el": "η γραμμή μας δεν λειτουργεί από νωρίς το πρωί και εργαζόμαστε με κινητό ίντερνετ· ",
    "de": "unser Anschluss ist seit dem frühen Morgen gestört, wir arbeiten über mobile Daten; ",
}


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_a_phone_reads_each_paragraph_as_one_line_and_no_list_sent_the_letter(language: str) -> None:
    paragraph = (PARAGRAPHS[language] * 8).strip()
    body = f"Jan Nowak\n\n{paragraph}\n\n{paragraph}\n\nAnna"
    reader = Contact("a", "Firm", "Jan Nowak", email="jan@example.com")
    raw = as_mail(reader, LetterText(language, "Line", body), ("Agencja Kropka", "biuro@example.com"))
    assert all(len(line) <= 78 for line in raw.splitlines())
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Content-Transfer-Encoding"] in ("quoted-printable", "base64")
    assert mail.get_content_type() == "text/plain" and mail.get_content_charset() == "utf-8"
    read = mail.get_payload(decode=True)
    assert isinstance(read, bytes)
    assert read.decode().replace("\r\n", "\n") == f"{body}\n"
    assert mail["List-ID"] is None and mail["Precedence"] is None
    assert mail["List-Unsubscribe"] == "<mailto:biuro@example.com?subject=unsubscribe>"

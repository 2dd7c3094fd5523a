"""A letter as it is on the wire: one line a paragraph once it is read, and no header of a mailing list."""

from __future__ import annotations

import random
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

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


def as_read(value: str) -> str:
    """A header as mail programs decode it (RFC 2047): blanks between two encoded words are none of it."""
    return str(make_header(decode_header(value)))


def test_no_blank_of_a_name_or_a_subject_is_lost_where_a_header_is_folded() -> None:
    chance = random.Random(17)
    words = ["tak", "można", "się", "z", "nami", "skontaktować", "łącze", "Agencja", "–", "Żółć", "12"]
    words += ["internet", "Παπαδόπουλος"]
    wrong = []
    for _ in range(300):
        subject, name, office = (" ".join(chance.choices(words, k=chance.randint(1, 14))) for _ in range(3))
        reader = Contact("a", "Firm", name, email="jan@example.com")
        raw = as_mail(reader, LetterText("pl", subject, "x"), (office, "biuro@example.com"))
        mail = message_from_bytes(raw)
        read = [as_read(mail["Subject"]), *(parseaddr(as_read(mail[each]))[0] for each in ("To", "From"))]
        if read != [subject, name, office] or max(map(len, raw.splitlines())) > 78:
            wrong.append((read, subject, name, office))
    assert wrong == []

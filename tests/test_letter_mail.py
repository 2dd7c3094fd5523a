"""A letter as it is on the wire: one line a paragraph once it is read, and no header of a mailing list."""

from __future__ import annotations

import random
from email import message_from_bytes, policy
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

import pytest

from bcp.contact.model import Contact
from bcp.errors import InputError
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


def by_library_alone(contact: Contact, text: LetterText, sender: tuple[str, str]) -> bytes:
    """The letter as the standard library makes it, header by header; without its Message-ID."""
    headers = {
        "Reply-To": sender[1],
        "Content-Language": text.language,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "List-Unsubscribe": f"<mailto:{sender[1]}?subject=unsubscribe>",
    }
    plain = b"".join(SMTP.fold_binary(*SMTP.header_store_parse(*each)) for each in headers.items())
    body = EmailMessage(policy=SMTP)
    body.set_content(f"{text.body}\n", cte="base64" if text.language == "el" else "quoted-printable")
    to = mailbox("To", contact.person or contact.name, contact.email or "")
    return mailbox("From", *sender) + plain + to + subject_of(text.subject) + body.as_bytes()


def mailbox(header: str, name: str, address: str) -> bytes:
    parsed = SMTP.header_store_parse(header, Address(name, addr_spec=address))[1]
    if name.isascii():
        return SMTP.fold_binary(header, parsed)
    folded = Header(name, "utf-8", header_name=header).encode(linesep="\r\n")
    return f"{header}: {folded}\r\n <{address}>\r\n".encode()


def subject_of(subject: str) -> bytes:
    if subject.isascii():
        return SMTP.fold_binary(*SMTP.header_store_parse("Subject", subject))
    return f"Subject: {Header(subject, 'utf-8', header_name='Subject').encode(linesep=chr(13) + chr(10))}\r\n".encode()


LETTERS = "abz 09.,-'\"()\\=_?\t\n\r\x0b\x0c\x1c\x85\u2028ąśżλΩ–€😀"


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_a_letter_has_the_same_bytes_as_the_standard_library_gives_it(language: str) -> None:
    chance = random.Random(language)

    def some(letters: str, least: int, most: int) -> str:
        return "".join(chance.choices(letters, k=chance.randint(least, most)))

    wrong = []
    for _ in range(300):
        body = some(LETTERS, 0, 500) + chance.choice(("", "\n", " ", "x" * 200))
        name = chance.choice((some("abcĄż -", 1, 40).strip() or "x", some("abc .-'(),@\"", 1, 90)))
        address = f"{some('abc0_+-', 1, 12)}@{chance.choice(('example.com', 'a-b.x9.example', 'x' * 40 + '.example'))}"
        reader, sender = Contact("a", "Firm", name, email=address), ("Agencja Łódź", "biuro@example.com")
        text = LetterText(language, some("abc ąż–", 1, 90).strip() or "x", body)
        raw = as_mail(reader, text, sender)
        lines = raw.splitlines(keepends=True)
        rest = b"".join(line for line in lines if not line.startswith(b"Message-ID: "))
        if rest != by_library_alone(reader, text, sender):
            wrong.append((body, name, address, text.subject))
    assert wrong == []


@pytest.mark.parametrize("name", ["Jan\r\nBcc: x@example.com", "Jan\rNowak", "Jan\nNowak"])
def test_a_name_with_a_line_break_in_it_is_in_no_header(name: str) -> None:
    reader = Contact("a", "Firm", name, email="jan@example.com")
    with pytest.raises(InputError, match="no header of a mail can hold"):
        as_mail(reader, LetterText("pl", "x", "x"), ("Kropka", "biuro@example.com"))

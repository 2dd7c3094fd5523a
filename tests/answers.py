"""Draws answers to letters as an office gets them: people, bounces of eight kinds, programs, and what nobody can read.

Each is drawn from a seed, and says what it is. The shapes are those that the servers and programs named here write.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

OFFICE = "office@example.com"


@dataclass(frozen=True)
class Letter:
    """A letter that went out: its Message-ID, to whom, and the whole of it."""

    id: str
    to: str
    content: bytes


@dataclass(frozen=True)
class Answer:
    """A mail that comes in; `what` it is: a person, a bounce, late, automatic and so on; `kind` is who drew it."""

    what: str
    kind: str
    raw: bytes


@dataclass(frozen=True)
class Language:
    thanks: str
    subject: str
    away: str
    away_text: str
    left: str
    moved: str
    out: str
    encodings: tuple[str, ...]


LANGUAGES = {
    "en": Language(
        "Thank you, please call me.", "Our line", "Automatic reply", "I am out of the office until Monday.",
        "I no longer work here.", "I have a new e-mail address.", "remove me", ("utf-8",),
    ),
    "pl": Language(
        "Dziękuję, proszę o telefon. Żółw.", "Nasze łącze", "Odpowiedź automatyczna", "Jestem na urlopie do środy.",
        "Od 1 maja już nie pracuję w tej firmie.", "Mam nowy adres e-mail.", "Proszę o wypisanie",
        ("utf-8", "cp1250", "iso8859_2"),
    ),
    "cs": Language(
        "Děkuji, zavolejte prosím. Šťastný.", "Naše linka nefunguje", "Automatická odpověď",
        "Do pátku nejsem v kanceláři.", "Už zde nepracuji.", "Mám novou e-mailovou adresu.", "Odhlásit",
        ("utf-8", "cp1250", "iso8859_2"),
    ),
    "de": Language(
        "Danke, bitte rufen Sie an. Grüße.", "Störung der Leitung", "Automatische Antwort",
        "Ich bin bis Freitag nicht im Büro.", "Ich bin nicht mehr im Unternehmen.", "Meine neue Adresse lautet anders.",
        "Bitte abmelden", ("utf-8", "cp1252"),
    ),
    "el": Language(
        "Ευχαριστώ, τηλεφωνήστε μου.", "Η γραμμή μας", "Αυτόματη απάντηση", "Λείπω μέχρι την Παρασκευή.",
        "Δεν εργάζομαι πλέον στην εταιρεία.", "Έχω νέα διεύθυνση.", "Διαγραφή", ("utf-8", "cp1253", "iso8859_7"),
    ),
}  # fmt: skip


@dataclass
class Draw:
    """What one answer is drawn with."""

    random: Random
    letter: Letter
    number: int

    def __post_init__(self) -> None:
        self.language = LANGUAGES[self.random.choice(list(LANGUAGES))]

    @property
    def own_id(self) -> str:
        return f"<m{self.number}.{self.random.randrange(10**9)}@client.example>"

    def head(self, subject: str, more: str = "", path: str | None = None, sender: str = "") -> str:
        """The headers of an answer of the contact; the subject as an encoded word or as UTF-8."""
        to = self.letter.to
        path = to if path is None else path
        named = f"In-Reply-To: {self.letter.id}\r\nReferences: {self.letter.id}\r\n"
        return (
            f"Return-Path: <{path}>\r\nReceived: from x (x [192.0.2.1]) by y with ESMTPS id 5.1.1x; now\r\n"
            f"From: {sender or f'Client <{to}>'}\r\nTo: {OFFICE}\r\nSubject: {subject}\r\nMessage-ID: {self.own_id}\r\n"
            f"{named}{more}"
        )

    def daemon(self, subject: str, more: str = "", who: str = "MAILER-DAEMON@mx.example.net") -> str:
        path = self.random.choice(("Return-Path: <>\r\n", "Return-Path: <>\r\n", ""))
        return (
            f"{path}From: {who}\r\nTo: {OFFICE}\r\nSubject: {subject}\r\nMessage-ID: {self.own_id}\r\n{more}"
        )

    def returned(self, whole: bool = True) -> str:
        """The letter as a bounce has it, or its headers."""
        text = self.letter.content.decode("ascii", "replace")
        return text if whole else text.partition("\r\n\r\n")[0] + "\r\n"

    def refusal(self) -> tuple[str, str]:
        """A status and its reason."""
        return self.random.choice(
            [
                ("5.1.1", f"550 5.1.1 <{self.letter.to}>: Recipient address rejected: User unknown"),
                ("5.2.2", "552 5.2.2 The email account that you tried to reach is over quota"),
                ("5.7.1", "554 5.7.1 Message rejected as spam"),
                ("5.4.4", "Host or domain name not found. Name service error"),
            ]
        )

    def report(self, kind: str = "rfc822", status: str = "", reason: str = "", action: str = "failed") -> str:
        return (
            "Reporting-MTA: dns; mx.example.net\r\nArrival-Date: Thu, 26 Nov 2026 08:00:00 +0100\r\n\r\n"
            f"Final-Recipient: {kind}; {self.letter.to}\r\nAction: {action}\r\nStatus: {status}\r\n"
            f"Remote-MTA: dns; x.example.net\r\nDiagnostic-Code: smtp; {reason}\r\n"
        )


def _word(text: str, how: str = "b") -> str:
    if how == "q":
        coded = quopri.encodestring(text.encode(), header=True).decode().replace("\n", "").replace("=\r", "")
        return f"=?utf-8?Q?{coded}?="
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def _text(text: str) -> str:
    return f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"


def _lines64(raw: bytes) -> str:
    return base64.encodebytes(raw).decode().replace("\n", "\r\n")


def _parts(kind: str, *parts: str) -> str:
    body = "".join(f"--=_b\r\n{part}\r\n" for part in parts)
    return f'MIME-Version: 1.0\r\nContent-Type: {kind}; boundary="=_b"\r\n\r\n{body}--=_b--\r\n'


_DSN = "multipart/report; report-type=delivery-status"


def qmail(draw: Draw) -> str:
    why = draw.random.choice(("Sorry, no mailbox here by that name. (#5.1.1)", "user is over quota (#5.2.2)"))
    return draw.daemon("failure notice") + (
        "\r\nHi. This is the qmail-send program at qm.example.net.\r\nI'm afraid I wasn't able to deliver your"
        " message to the following addresses.\r\nThis is a permanent error; I've given up. Sorry it failed.\r\n\r\n"
        f"<{draw.letter.to}>:\r\n{why}\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
        f"Return-Path: <{OFFICE}>\r\n{draw.returned()}"
    )


def exim(draw: Draw) -> str:
    _status, reason = draw.refusal()
    more = f"X-Failed-Recipients: {draw.letter.to}\r\nAuto-Submitted: auto-replied\r\n"
    return draw.daemon("Mail delivery failed: returning message to sender", more) + _text(
        "This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be"
        " delivered to one or more of its\r\nrecipients. This is a permanent error. The following address(es) failed:"
        f"\r\n\r\n  {draw.letter.to}\r\n    host mx.example.net [192.0.2.7]\r\n    SMTP error from remote mail server"
        f" after RCPT TO:<{draw.letter.to}>:\r\n    {reason}\r\n\r\n------ This is a copy of the message, including all"
        f" the headers. ------\r\n\r\n{draw.returned()}"
    )


def exchange(draw: Draw) -> str:
    who = "postmaster@firm.example.net" if draw.random.random() < 0.5 else (
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@firm.example.net>"
    )  # fmt: skip
    why = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
    page = (
        f"<html><body><p>Delivery has failed to these recipients or groups:</p><p>{draw.letter.to}</p>"
        f"<p>Remote Server returned '{why}'</p><p>Original message headers:</p><pre>Message-ID:"
        f" &lt;{draw.letter.id.strip('<>')}&gt;</pre></body></html>"
    )
    html = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    html += _lines64(page.encode())
    subject = draw.random.choice(
        ("Undeliverable: Our line", "Nedoručitelné: Linka", "Niedostarczone: Nasze łącze")
    )
    if draw.random.random() < 0.4:  # without a report, as old versions write
        return draw.daemon(_word(subject), who=who) + _parts("multipart/mixed", html)
    report = f"Content-Type: message/delivery-status\r\n\r\n{draw.report('rfc822', '5.1.10', why)}"
    whole = f"Content-Type: message/rfc822\r\n\r\n{draw.returned()}"
    return draw.daemon(_word(subject), "X-MS-Exchange-Message-Is-Ndr: \r\n", who) + _parts(
        _DSN, html, report, whole
    )


def postfix(draw: Draw) -> str:
    status, reason = draw.refusal()
    said = (
        f"Content-Description: Notification\r\nContent-Type: text/plain\r\n\r\n<{draw.letter.to}>: {reason}"
    )
    report = f"Content-Type: message/delivery-status\r\n\r\n{draw.report('rfc822', status, reason)}"
    head = f"Content-Type: text/rfc822-headers\r\n\r\nReturn-Path: <{OFFICE}>\r\n{draw.returned(whole=False)}"
    more = "Auto-Submitted: auto-replied\r\n"
    return draw.daemon("Undelivered Mail Returned to Sender", more) + _parts(_DSN, said, report, head)


def ses(draw: Draw) -> str:
    status, reason = draw.refusal()
    said = "Content-Type: text/plain\r\n\r\nAn error occurred while trying to deliver the mail"
    report = f"Content-Type: message/delivery-status\r\n\r\n{draw.report('RFC822', status, reason)}"
    packed = _lines64(draw.letter.content)
    whole = f"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{packed}"
    who = "MAILER-DAEMON@eu-central-1.amazonses.com"
    return draw.daemon("Delivery Status Notification (Failure)", who=who) + _parts(_DSN, said, report, whole)


def gmail(draw: Draw) -> str:
    status, reason = draw.refusal()
    more = f"X-Failed-Recipients: {draw.letter.to}\r\nAuto-Submitted: auto-replied\r\nReferences: {draw.letter.id}\r\n"
    text = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    text += f"** Address not found **\r\n\r\nYour message wasn=E2=80=99t delivered to {draw.letter.to}\r\n{reason}"
    inner = _parts("multipart/alternative", text).replace("=_b", "=_c")
    report = f"Content-Type: message/delivery-status\r\n\r\n{draw.report('rfc822', status, reason)}"
    who = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
    return draw.daemon("Delivery Status Notification (Failure)", more, who) + _parts(_DSN, inner, report)


def rfc3464(draw: Draw) -> str:
    """Its parts forwarded within a part, all in base64."""
    status, reason = draw.refusal()
    report = f"Content-Type: message/delivery-status\r\n\r\n{draw.report('rfc822', status, reason)}"
    head = f"Content-Type: text/rfc822-headers\r\n\r\n{draw.returned(whole=False)}"
    inner = f"Subject: Returned mail\r\n{_parts(_DSN, report, head)}".encode()
    packed = f"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n{_lines64(inner)}"
    return draw.daemon("Returned mail: see transcript for details") + _parts("multipart/mixed", packed)


def rfc6533(draw: Draw) -> str:
    status, reason = draw.refusal()
    report = draw.report("utf-8", status, reason)
    said = f"Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{report}"
    head = f"Content-Type: message/global-headers\r\n\r\nSubject: Łącze\r\n{draw.returned(whole=False)}"
    return draw.daemon(_word("Zustellung fehlgeschlagen")) + _parts(_DSN, said, head)


def late(draw: Draw) -> str:
    if draw.random.random() < 0.5:
        report = draw.report("rfc822", "4.4.1", "connect to mx.example.net: timed out", "delayed")
        parts = (
            f"Content-Type: message/delivery-status\r\n\r\n{report}",
            f"Content-Type: message/rfc822\r\n\r\n{draw.returned()}",
        )
        return draw.daemon("Delayed Mail (still being retried)") + _parts(_DSN, *parts)
    return draw.daemon("Warning: message 1abcDE-0001 delayed 24 hours") + _text(
        "This message was created automatically by mail delivery software.\r\nA message that you sent has not yet"
        f" been delivered to one or more of its recipients after more than 24 hours.\r\n\r\n  {draw.letter.to}\r\n"
        f"    Delay reason: 450 4.2.0 greylisted\r\n\r\nNo action is required.\r\n\r\n{draw.returned(False)}"
    )


def hint(draw: Draw) -> str:
    report = draw.report("rfc822", "5.1.1", "550 5.1.1 no such user")
    return draw.daemon("Undelivered Mail") + _parts(
        _DSN, f"Content-Type: message/delivery-status\r\n\r\n{report}"
    )


def person(draw: Draw) -> bytes:
    """Somebody writes, from a program, a phone, a list; in whatever encoding."""
    said = draw.language
    subject = f"Re: {said.subject}"
    encoding = draw.random.choice(said.encodings)
    more = draw.random.choice(
        (
            "",
            "Precedence: list\r\nList-ID: <office.client.example>\r\nMailing-list: list office@client.example\r\n",
            "Precedence: bulk\r\nX-Google-Group-Id: 123\r\nList-Unsubscribe: <mailto:x@y.example>\r\n",
            "Auto-Submitted: no\r\nX-Mailer: Apple Mail\r\n",
        )
    )
    quoted = draw.returned().replace("\r\n", "\r\n> ")
    text = draw.random.choice(
        (
            said.thanks,
            f"{said.thanks}\r\n\r\nOn Thursday our office wrote:\r\n> {quoted}",
            f"{said.left} {said.thanks}",
            f"Do not unsubscribe me, please! {said.thanks}",
        )
    )
    shape = draw.random.choice(("raw", "word", "broken", "page"))
    body = (
        f"Content-Type: text/plain; charset={encoding}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    )
    if shape == "page":
        page = f"<html><body><p>{text}</p></body></html>"
        body = f"Content-Type: text/html; charset={encoding}\r\n\r\n{page}\r\n"
    if shape == "word":
        subject = _word(subject, draw.random.choice("bq"))
    if shape == "broken":
        whole = base64.b64encode(subject.encode()).decode().rstrip("=")
        subject = f"=?UTF-8?b?{whole[:8]}?= =?utf-8?B?{whole[8:]}?=x"
    return (draw.head(subject, more) + body).encode(encoding, "replace")


def away(draw: Draw) -> str:
    said = draw.language
    subject = _word(f"{said.away}: {said.subject}")
    shape = draw.random.randrange(4)
    if shape == 0:  # Exchange
        return draw.head(subject, "X-Auto-Response-Suppress: All\r\nX-MS-Has-Attach:\r\n") + _text(
            said.away_text
        )
    if shape == 1:  # sieve: RFC 5230
        more = "Auto-Submitted: auto-replied (vacation)\r\nPrecedence: bulk\r\n"
        return draw.head(_word(f"Auto: {said.subject}"), more, path="") + _text(said.away_text)
    if shape == 2:  # Gmail
        return draw.head(_word(f"Re: {said.subject}"), "X-Autoreply: yes\r\nPrecedence: bulk\r\n") + _text(
            said.away_text
        )
    return draw.head(subject) + _text(said.away_text)


def look(draw: Draw) -> str:
    said, shape = draw.language, draw.random.randrange(4)
    if shape == 0:
        return draw.head(_word(f"{said.away}: x"), "Auto-Submitted: auto-replied\r\n") + _text(
            f"{said.left} Anna."
        )
    if shape == 1:
        return draw.head(_word(f"{said.away}: x")) + _text(f"{said.away_text} {said.moved}")
    if shape == 2:
        text = "Please click on the link below to confirm that you are a person: https://x.example/1"
        return draw.head("Re: [Boxbe] waiting", "Auto-Submitted: auto-generated\r\n", path="") + _text(text)
    disposition = draw.random.choice(("displayed", "deleted"))
    report = (
        "Content-Type: message/disposition-notification\r\n\r\nReporting-UA: Outlook\r\n"
        f"Final-Recipient: rfc822; {draw.letter.to}\r\nOriginal-Message-ID: {draw.letter.id}\r\n"
        f"Disposition: manual-action/MDN-sent-manually; {disposition}\r\n"
    )
    text = "Content-Type: text/plain\r\n\r\nYour message was read."
    kind = "multipart/report; report-type=disposition-notification"
    return draw.head("Read: Our line", path=draw.random.choice(("", draw.letter.to))) + _parts(
        kind, text, report
    )


def opt_out(draw: Draw) -> str:
    head = draw.head("unsubscribe").replace("In-Reply-To", "X-Was").replace("References", "X-Refs")
    return head + _text(draw.random.choice(("", "This message was automatically generated by Gmail.")))


def request(draw: Draw) -> str:
    return draw.head(_word(f"Re: {draw.language.subject}")) + _text(f"{draw.language.out}.")


def strange(draw: Draw) -> bytes:
    to = draw.letter.to
    levels = "".join(f"Content-Type: multipart/report; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(300))
    return draw.random.choice(
        (
            f"From: {to}\r\nSubject: deep\r\n{levels}".encode(),
            f"From: {to}\r\nSubject: x\r\n".encode() + b"X-A: b\r\n" * 3000 + b"\r\nx",
            f"From: {to}\r\nSubject: long\r\nX-Long: {'(' * 400_000}\r\n\r\nx".encode(),
            f"From: {to}\r\nSubject: folded\r\n".encode() + b" x\r\n" * 2500 + b"\r\n",
        )
    )


def other(draw: Draw) -> bytes:
    return (
        draw.random.choice(
            (
                b"From: news@shop.example\r\nSubject: Sale\r\nList-Unsubscribe: <mailto:x@y>\r\n\r\nbuy\r\n",
                b"\0\xff\xfe\0" * 100,
                b"From: \xff<x@y.example>\r\nSubject: =?x?q?=FF\r\n\r\n\0\0",
                b"From: a@spam.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                + b"--b\r\n\r\nx\r\n" * 20_000,
            )
        )
        + str(draw.number).encode()
    )


BOUNCES: tuple[Callable[[Draw], str], ...] = (qmail, exim, exchange, postfix, ses, gmail, rfc3464, rfc6533)
_PLAN: tuple[tuple[str, int, tuple[Callable[[Draw], str | bytes], ...]], ...] = (
    ("person", 16, (person,)),
    ("bounce", 16, BOUNCES),
    ("automatic", 8, (away,)),
    ("look", 7, (look,)),
    ("late", 2, (late,)),
    ("hint", 2, (hint,)),
    ("opt-out", 2, (opt_out,)),
    ("request", 2, (request,)),
    ("strange", 3, (strange,)),
    ("other", 2, (other,)),
)
COUNT = sum(count for _what, count, _makers in _PLAN)


def answers(letters: list[Letter], seed: int) -> list[Answer]:
    """One answer to each of the letters, of which there are `COUNT`, in any order."""
    random = Random(seed)
    made = list(_made(letters, random))
    random.shuffle(made)
    return made


def _made(letters: list[Letter], random: Random) -> Iterator[Answer]:
    kinds = ((what, makers[n % len(makers)]) for what, count, makers in _PLAN for n in range(count))
    for number, ((what, make), letter) in enumerate(zip(kinds, letters, strict=True)):
        raw = make(Draw(random, letter, number))
        yield Answer(what, make.__name__, raw if isinstance(raw, bytes) else raw.encode())

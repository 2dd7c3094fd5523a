"""What each answer to a letter is taken for: sixty drawn ones, and the shapes of servers one by one."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from random import Random

import pytest

from bcp.notice.campaign.post import Post
from bcp.notice.campaign.standing import standings
from bcp.notice.inbox import phrases
from bcp.notice.inbox.headers import Headers, unworded
from bcp.notice.inbox.opt_out import own_words, wish
from bcp.notice.inbox.phrases import begins, holds, is_alone
from bcp.notice.inbox.reading import Received, read
from bcp.notice.inbox.unpack import words_of
from bcp.store.board import StoredBoard
from tests import answers
from tests.answering import answered
from tests.answers import BOUNCES, Draw, Letter
from tests.posts import affair, clients, deliver, office, order, post_room, state_of
from tests.test_inbox import CHANNELS, FIRST, INBOX, ONE, World, bounce, post_in, reply, sent

LETTER = Letter(
    "<0123456789abcdef0123456789abcdef@example.com>",
    "jan0@example.com",
    b"From: Kropka <office@example.com>\r\nTo: Jan <jan0@example.com>\r\nSubject: x\r\n"
    b"Message-ID: <0123456789abcdef0123456789abcdef@example.com>\r\n\r\nHello, on 5.1.26 we write again.\r\n",
)


def test_of_sixty_mixed_answers_each_is_taken_for_what_it_is(tmp_path: Path) -> None:
    wrong = [one for one in answered(tmp_path / "office", 17) if not one.is_right]
    assert not wrong, [(one.answer.what, one.answer.kind, one.found) for one in wrong]


@pytest.mark.parametrize("make", BOUNCES, ids=lambda make: make.__name__)
def test_a_bounce_is_read_whatever_its_server_writes(make: Callable[[Draw], str]) -> None:
    for seed in range(12):
        found = read(make(Draw(Random(seed), LETTER, seed)).encode())
        assert isinstance(found, Received) and LETTER.id in found.returns
        (said,) = found.bounces
        assert said.recipient == LETTER.to and not said.delayed
        is_named = re.fullmatch(r"[45]\.\d{1,3}\.\d{1,3}", said.status)
        assert is_named or "Host or domain name not found" in said.reason, said
        assert said.reason


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Warning: could not send message", "THIS IS A WARNING MESSAGE ONLY\nIt could not be delivered for 4 hours"),
        ("Varování", "Zprávu se zatím nepodařilo doručit. Pokusy budou pokračovat."),
        ("Προειδοποίηση", "Το μήνυμα δεν παραδόθηκε ακόμη. Ο διακομιστής συνεχίζει τις προσπάθειες."),
        ("Informacja", "Wiadomość nie została jeszcze dostarczona."),
        ("Warning: message delayed", "It has not yet been delivered. If it failed, it comes back.\n(Exim 4.94.2)"),
    ],
)  # fmt: skip
def test_a_server_that_goes_on_trying_did_not_give_up_in_whatever_language(subject: str, words: str) -> None:
    raw = f"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: {subject}\n\n{words}\n\nMessage-ID: {LETTER.id}\n"
    (said,) = read(raw.encode()).bounces  # type: ignore[union-attr]
    assert said.delayed and not said.status


@pytest.mark.parametrize("copied", ["office@example.com", "jan0@example.com"])
def test_a_copy_that_comes_back_fails_no_client(tmp_path: Path, copied: str) -> None:
    office(tmp_path, None, clients(2), CHANNELS.replace("a_minute", "copy: yes, a_minute") + INBOX)
    post = post_room(tmp_path)
    post.freeze(post.prepare(affair(), order()))
    deliver(post, FIRST, World(tmp_path, []))
    report = bounce("5.2.2").replace("jan0@example.com", copied)
    done, _world = taken(post, report)
    is_theirs = copied == "jan0@example.com"
    assert done.bounces == is_theirs and bool(done.strange) != is_theirs
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == ("unreachable" if is_theirs else "told")


@pytest.mark.parametrize("packed", [str, lambda text: base64.encodebytes(text.encode()).decode()])
@pytest.mark.parametrize(
    ("disposition", "why"),
    [("deleted", "without being read"), ("displayed", "opened"), ("processed", "does not say")],
)
def test_a_receipt_says_of_a_letter_what_it_says_however_it_is_packed(
    packed, disposition: str, why: str
) -> None:  # type: ignore[no-untyped-def]
    part = packed(f"Disposition: automatic-action/MDN-sent-automatically;\n {disposition}\n")
    raw = f"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\n{part}\n--b--\n"
    assert why in read(raw.encode()).why


def test_the_words_of_the_letter_that_is_returned_are_no_status_of_it() -> None:
    raw = answers.qmail(Draw(Random(1), LETTER, 1)).replace(" (#5.1.1)", "").replace(" (#5.2.2)", "")
    (said,) = read(raw.encode()).bounces  # type: ignore[union-attr]
    assert said.status in ("5.1.1", "5.2.2") and "5.1.26" not in said.reason


def test_a_late_letter_is_no_bounce_however_it_is_said() -> None:
    for seed in range(6):
        (said,) = read(answers.late(Draw(Random(seed), LETTER, seed)).encode()).bounces  # type: ignore[union-attr]
        assert said.delayed and not said.hard


@pytest.mark.parametrize(
    "written", ["utf-8; żaneta@łoś.example", r"utf-8-addr-xtext; \x{17C}aneta@\x{142}o\x{15B}.example"]
)
def test_an_international_address_of_a_report_is_read(written: str) -> None:
    said = f"Final-Recipient: {written}\nAction: failed\nStatus: 5.1.1\n"
    report = f"Content-Type: message/global-delivery-status\n\n{said}"
    raw = f"Return-Path: <>\nContent-Type: multipart/report; boundary=b\n\n--b\n{report}\n--b--\n"
    (found,) = read(raw.encode()).bounces  # type: ignore[union-attr]
    assert found.recipient == "żaneta@łoś.example"


def taken(post: Post, *mails: str | bytes):  # type: ignore[no-untyped-def]
    world = World(post.folder, list(mails))  # type: ignore[arg-type]
    return post_in(post, world).fetch(), world


PERSON = reply(more="Return-Path: <jan0@example.com>\n")
AWAY = "Return-Path: <>\nAuto-Submitted: auto-replied (vacation)\n"


@pytest.mark.parametrize(
    ("mail", "what"),
    [
        (PERSON, "person"),
        (PERSON.replace("Re: Nasze", "Re: Automatic reply:"), "person"),
        (PERSON.replace("Re: Nasze =?utf-8?b?xYLEhWN6ZQ==?=", "Nieobecność w piątek"), "person"),
        (PERSON.replace("Re: Nasze =?utf-8?b?xYLEhWN6ZQ==?=", "Nieobecność"), "automatic"),
        (PERSON.replace("Re: Nasze =?utf-8?b?xYLEhWN6ZQ==?=", "Nejsem v kanceláři, volejte na mobil"), "look"),
        (reply(more=AWAY), "automatic"),
        # A colleague's mailbox answers, with nobody to be answered: no bounce.
        (reply(more=AWAY).replace("jan0@example.com", "other@example.com"), "automatic"),
        (reply(more=AWAY.replace(" (vacation)", "")).replace("jan0@example.com", "other@example.com"), "automatic"),
        (reply(more="Return-Path: <>\n"), "automatic"),
        (reply(more=AWAY).replace("Thank you!", "I have left the company. Write to anna@example.com"), "look"),
        (PERSON.replace("Thank you!", "I have left the company. Write to anna@example.com"), "person"),
        (reply(more="X-Auto-Response-Suppress: All\n"), "look"),
        # No Return-Path is kept by some servers, and these are people.
        (reply().replace("Jan Nowak <jan0@", "Postmaster Praha <jan@"), "person"),
        (reply().replace("Jan Nowak <jan0@", "Mail System Ltd <jan0@"), "person"),
        (reply().replace("Jan Nowak <jan0@", "Admin <postmaster@"), "person"),
        (reply().replace("Jan Nowak <jan0", "Shop <no-reply"), "look"),
    ],
)  # fmt: skip
def test_a_person_is_never_hidden_and_a_program_never_in_the_way(
    tmp_path: Path, mail: str, what: str
) -> None:
    post = sent(tmp_path)
    done, _world = taken(post, mail)
    found = {"person": done.replies, "look": done.look, "automatic": done.automatic - done.look}
    assert (found.pop(what), sum(found.values()), done.bounces) == (1, 0, 0)
    assert [one.kind for one in StoredBoard(state_of(tmp_path)).replies()] == (
        [what] if what != "automatic" else []
    )
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "told"


SUBJECTS = """\
Automatic reply: x|Out of Office AutoReply: x|[Auto-Reply] x|Auto Re: x|Automated response: x|OOO: x|OOO
Automatische Antwort: x|Abwesenheitsnotiz|Automatische Abwesenheitsnotiz|Abwesend: x|Auto-Antwort: x|Außer Haus: x
Odpowiedź automatyczna: x|Odpowiedz automatyczna: x|Automatyczna odpowiedź: x|Autoodpowiedź: x|Poza biurem: x
AUTO: Jan Nowak is out of the office|Automatyczne potwierdzenie otrzymania|Automatische Empfangsbestätigung
Automatická odpověď: x|Mimo kancelář: x|Automaticky generovaná odpověď|Αυτόματη απάντηση: x|Εκτός γραφείου: x
"""
OF_PEOPLE = """\
Re: Our line|Nieobecność w piątek na spotkaniu|Urlaub im Büro Linz?|Automatic door is broken|Out of paper
RE: Automatic reply: x|Auto: Versicherung|OOO Romashka - invoice|I'm away from Monday, call me before
Dovolená 2027 - nabídka|Auto für Anna|Απουσία σήματος|Away game tickets|Fwd: Out of office
"""
LEFT = """\
I no longer work at Firma.|Jan has left the company.|This mailbox is no longer monitored.|My email has changed to a@b.cd
Nie pracuję już w tej firmie.|Z dniem 1 maja nie jestem już zatrudniony.|Przeszedłem na emeryturę.|I have retired.
Herr Nowak ist im Ruhestand.|Diese Adresse ist stillgelegt|Tento e-mail byl zrušen|Έχω συνταξιοδοτηθεί.
Pan Jan nie pracuje już u nas|Mój nowy adres e-mail to a@b.cd|Ten adres jest nieaktywny
Již zde nepracuji|Pan Novák už u nas nepracuje|Tato adresa již není používána|Moje nová e-mailová adresa je a@b.cd
Ich arbeite nicht mehr bei Firma|Herr Müller hat das Unternehmen verlassen.|Diese E-Mail-Adresse ist nicht mehr gültig
Δεν εργάζομαι πλέον εδώ|Έχει αποχωρήσει από την εταιρεία|Η νέα μου διεύθυνση είναι a@b.cd
"""
IS_THERE = """\
I am out of the office until Monday. In urgent cases write to a@b.cd|I am not working on Fridays|Nie pracuję w piątki
Jestem na urlopie. W pilnych sprawach proszę pisać na adres a@b.cd|Do pátku nejsem v kanceláři. Pište na adresu a@b.cd
Ich bin derzeit nicht erreichbar. In dringenden Fällen schreiben Sie an a@b.cd|Λείπω. Γράψτε στη διεύθυνση a@b.cd
"""


def each(rows: str) -> list[str]:
    return [text for row in rows.splitlines() for text in row.split("|")]


def test_the_subjects_of_programs_and_the_words_of_who_left_are_known_in_five_languages() -> None:
    known = [text for text in each(SUBJECTS + OF_PEOPLE) if _says_automatic(text)]
    assert known == each(SUBJECTS)
    assert [text for text in each(LEFT + IS_THERE) if holds(phrases.LEFT, text)] == each(LEFT)


def _says_automatic(subject: str) -> bool:
    return begins(phrases.AUTOMATIC_SUBJECTS, subject) or is_alone(phrases.ABSENT, subject)


def test_a_bounce_under_the_id_by_which_the_provider_took_the_letter_is_one_of_it(tmp_path: Path) -> None:
    office(tmp_path, None, clients(2), CHANNELS + INBOX)
    post = post_room(tmp_path)
    post.freeze(post.prepare(affair(), order()))
    world = World(tmp_path, [])
    name = "0102018f2c7c4f4e-1b2c3d4e-5f60-7182-93a4-00000000000{count}-000000"
    world.says = f"Ok {name} by server-1234567890.example.com"
    deliver(post, FIRST, world)
    name = f"<{name.format(count=2)}@eu-central-1.amazonses.com>"
    letter = Letter(name, "jan1@example.com", f"Message-ID: {name}\r\n\r\nHello\r\n".encode())
    host = letter.id.replace(name, "<server-1234567890.example.com@example.net>")
    raw = answers.ses(Draw(Random(3), letter, 1)).replace("MAILER-DAEMON@", f"{host} MAILER-DAEMON@")
    assert taken(post, raw)[0].bounces == 1
    assert {row.key.contact: row.state for row in post.ledger.rows(FIRST)} == {
        ONE.contact: "sent", "firma-1-jan-nowak-1": "failed",
    }  # fmt: skip


def test_a_copy_of_our_letter_proves_that_the_server_took_it_and_is_no_reply(tmp_path: Path) -> None:
    post = sent(tmp_path)
    post.ledger._database.write("UPDATE letters SET state = 'unknown'", [()])  # type: ignore[attr-defined]
    done, _world = taken(post, post.ledger.content(ONE))
    assert (done.copies, done.replies, done.others) == (1, 0, 0)
    found = standings(post.ledger.rows(FIRST))
    assert found[ONE.contact] == ("told", "a copy of it came into our own mailbox")
    assert found["firma-1-jan-nowak-1"][0] == "unknown"
    assert not StoredBoard(state_of(tmp_path)).replies()
    # A program or a person that has our id in place of one of its own is no copy.
    (_kept, other) = (row.key for row in post.ledger.rows(FIRST))
    name = next(name for name, key in post.ledger.message_ids(FIRST).items() if key == other)
    mail = f"From: Jan <jan1@example.com>\nSubject: Re: x\nMessage-ID: {name}\n\nThanks\n"
    done, _world = taken(post, "From: unread\n\n", mail)
    assert (done.copies, done.replies) == (0, 1)
    returned = f"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: failed\nMessage-ID: {name}\n\n550 5.1.1 no\n"
    assert taken(post, *["From: x\n\n"] * 2, returned)[0].bounces == 1


ASKS = "Return-Path: <{0}>\nFrom: Jan <{0}>\nSubject: {1}\nMessage-ID: <u@client.example>\n{2}\n{3}\n"


def test_who_unsubscribes_gets_no_more_letters_and_one_answer_in_the_language_of_the_contact(
    tmp_path: Path,
) -> None:
    post = sent(tmp_path)
    mails = [
        ASKS.format("Jan0@Example.com", "Unsubscribe", "", "jan1@example.com"),
        ASKS.format("jan0@example.com", "unsubscribe", "X: y\n", "").replace("<u@", "<v@"),
        ASKS.format("stranger@example.com", "unsubscribe", "", "jan1@example.com").replace("<u@", "<w@"),
    ]
    done, world = taken(post, *mails)
    assert [one.address.lower() for one in done.opted_out] == ["jan0@example.com"] * 2
    assert (done.replies, done.others, list(post.ledger.suppressed())) == (0, 1, ["jan0@example.com"])
    (answer,) = (message_from_bytes(raw, policy=policy.default) for raw in world.mailed)
    assert answer["To"].lower() == "jan0@example.com" and answer["Auto-Submitted"] == "auto-replied"
    assert answer["Subject"] == "Nie będziemy już wysyłać powiadomień"
    assert "jan0@example.com" in answer.get_content().lower()
    assert answer["In-Reply-To"] in ("<u@client.example>", "<v@client.example>")
    again, world = taken(post, *mails)
    assert (again.opted_out, world.mailed) == ([], [])
    board = StoredBoard(state_of(tmp_path))
    assert board.take_back("JAN0@example.com") and not board.take_back("jan0@example.com")
    incoming = post_in(post, World(tmp_path, mails))  # type: ignore[arg-type]
    incoming.world.box.counted = 2  # type: ignore[attr-defined]
    assert (incoming.fetch().opted_out, list(post.ledger.suppressed())) == ([], []), (
        "read anew, not done anew"
    )
    later = World(tmp_path, [])
    later.box.messages = {9: mails[0].replace("<u@", "<x@").encode()}
    (done_again,) = post_in(post, later).fetch().opted_out
    assert not done_again.unanswered and len(later.mailed) == 1, "a person took it back in between"


def test_what_waits_still_for_an_address_that_opts_out_does_not_go_out(tmp_path: Path) -> None:
    post = sent(tmp_path)
    second = post.prepare(affair(), order("update"))
    post.freeze(second)
    taken(post, ASKS.format("jan0@example.com", "unsubscribe", "", ""))
    states = {row.address: row.state for row in post.ledger.rows(second.campaign.id)}
    assert states == {"jan0@example.com": "cancelled", "jan1@example.com": "queued"}


def test_of_two_at_one_mailbox_the_one_who_was_written_to_is_meant(tmp_path: Path) -> None:
    rows = "name,person,email,language\nA,Jan,jan0@example.com,pl\nB,Eva,jan0@example.com,de\n"
    office(tmp_path, None, rows, CHANNELS + INBOX)
    post = post_room(tmp_path)
    post.freeze(post.prepare(affair(), order()))
    deliver(post, FIRST, World(tmp_path, []))
    hello = "From: jan0@example.com\nSubject: hello\n\nHi\n"
    done, _world = taken(post, hello, ASKS.format("jan0@example.com", "unsubscribe", "", ""))
    assert [one.name for one in done.opted_out] == ["A (Jan)"]
    assert [one.contact for one in StoredBoard(state_of(tmp_path)).replies()] == ["A (Jan)"]


@pytest.mark.parametrize("automatic", ["Auto-Submitted: auto-generated\n", "X-Auto-Response-Suppress: All\n"])
def test_a_program_that_unsubscribes_is_obeyed_and_not_answered(tmp_path: Path, automatic: str) -> None:
    post = sent(tmp_path)
    done, world = taken(post, ASKS.format("jan0@example.com", "unsubscribe", automatic, ""))
    assert [one.unanswered for one in done.opted_out] == ["a program wrote it"]
    assert (list(post.ledger.suppressed()), world.mailed) == (["jan0@example.com"], [])


@pytest.mark.parametrize(
    ("subject", "text", "asked"),
    [
        ("unsubscribe", "Please call me.", "unsubscribe"),
        ("Re: UNSUBSCRIBE!", "", "unsubscribe"),
        ("Re: Our line", "Unsubscribe\n\nOn Monday we wrote:\n> Our line", "unsubscribe"),
        ("Re: Our line", "unsubscribe\n--\nJan Nowak\nFirma", "unsubscribe"),
        ("Re: Our line", "Proszę o wypisanie", "request"),
        ("Re: Our line", "Odhlásit.\n\nOdesláno z iPhonu", "request"),
        ("Abmelden", "", "request"),
        ("Διαγραφή", "", "request"),
        ("Re: Our line", "Unsubscribe me from this list, you know who I am", "request"),
        ("Re: Our line", "Proszę o usunięcie z listy mailingowej", "request"),
        ("Re: Our line", "Již mi nic neposílejte.", "request"),
        ("Re: Our line", "Bitte aus dem Verteiler nehmen", "request"),
        ("Re: Our line", "How do I unsubscribe?", ""),
        ("Re: Our line", "Do not unsubscribe me!", ""),
        ("Re: Our line", "> unsubscribe", ""),
        ("", "", ""),
    ],
)
def test_what_a_mail_asks_for_is_what_stands_alone_in_it(subject: str, text: str, asked: str) -> None:
    assert wish(subject, text) == asked


def test_what_is_quoted_and_the_signature_are_not_what_somebody_says() -> None:
    said = "Tak, proszę\n\nW dniu 26.11.2026 o 08:00 Kropka pisze:\n> unsubscribe"
    assert own_words(said) == "Tak, proszę"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("=?utf-8?B?TmFzemUgxYI=?= =?utf-8?B?xIVjemU=?=", "Nasze łącze"),
        ("=?utf-8?B?TmFzemUgxYLE?= =?utf-8?B?hWN6ZQ==?=", "Nasze łącze"),
        ("=?UTF-8?b?TmFzemUgxYLEhWN6ZQ?=", "Nasze łącze"),
        ("=?utf-8?Q?Nasze =C5=82=C4=85cze?=", "Nasze łącze"),
        ("Re:=?utf-8?q?Nasze_=C5=82=C4=85cze?=!", "Re:Nasze łącze!"),
        ("=?utf-8*pl?Q?=C5=82?=", "ł"),
        ("=?utf-8?Q?Nasze_=C5=82=C4=85cze", "Nasze łącze"),
        ("=?windows-1250?Q?=B3=B9cze?=", "łącze"),
        ("=?x-unknown?Q?=B3=B9cze?=", "łącze"),
        ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        ("2 =? 3", "2 =? 3"),
    ],
)
def test_encoded_words_are_read_also_where_they_are_broken(written: str, read_as: str) -> None:
    assert unworded(written, "PL") == read_as


@pytest.mark.parametrize("country", ["PL", "CZ", "DE", "GR"])
@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        ("Odpowiedź: łącze, żółw", ("utf-8", "cp1250", "iso8859_2")),
        ("Děkuji, šťastný kůň", ("utf-8", "cp1250", "iso8859_2")),
        ("Grüße aus Köln", ("utf-8", "cp1252")),
        ("Απάντηση: η γραμμή", ("utf-8", "cp1253", "iso8859_7")),
    ],
)
def test_raw_letters_in_headers_are_read_in_the_encoding_that_fits(
    country: str, text: str, encodings: tuple[str, ...]
) -> None:
    for encoding in encodings:
        raw = (
            b"From: "
            + text.partition(":")[0].encode(encoding)
            + b" <a@b.example>\r\nSubject: "
            + text.encode(encoding)
        )
        headers = Headers(raw + b"\r\n\r\n", country)
        assert (headers.shown("Subject"), headers.address()) == (text, "a@b.example"), encoding


def test_of_a_page_the_words_are_read_and_no_script_also_where_it_never_ends() -> None:
    page = (
        b"Content-Type: text/html\r\n\r\n<style>p</style><p>Thank<br>you</p><script>x</SCRIPT> all<script>y"
    )
    assert words_of(page).split() == ["Thank", "you", "all"]


def test_the_name_of_a_sender_cannot_bring_another_address_in() -> None:
    headers = Headers(b"From: =?utf-8?q?Boss_=3Cboss=40x.example=3E?= <thief@y.example>\r\n\r\n")
    assert headers.address() == "thief@y.example"
    two = Headers(b"From: a@x.example, b@y.example\r\n\r\n")
    assert two.only_address() == "" and two.address() == "a@x.example"

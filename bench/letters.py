"""Letters: 1,000 personalised ones in five languages, through the outbox, against bare smtplib building the same.

Both talk to the same small SMTP sink on the loopback in a process of its own, over one connection, at 0 ms,
without TLS and login (these cost the same in both). Bare smtplib renders the same notice, builds the same mail and
calls `sendmail`; ours freezes all letters first, then sends each with two commits flushed to the disk. CPU is that
of this process (getrusage), rendering and freezing included. They run in turns; the medians are compared, since a disk
that others use too holds up a single run for seconds. What a ledger costs at least is measured beside: bare smtplib
with one commit a letter (it sends one twice after kill -9), and with two, before and after, as ours has them.
Beside them mailmerge and Apprise send the same texts, rendered before: neither keeps a ledger.
"""

from __future__ import annotations

import multiprocessing
import resource
import smtplib
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from types import SimpleNamespace

from measure import told

from bcp.clock import SystemClock
from bcp.contact.load import load as load_contacts
from bcp.contact.model import Contact
from bcp.files import IncidentFiles
from bcp.notice.campaign.outbox import message_id
from bcp.notice.campaign.post import LetterContext, Post, SendingRequest
from bcp.notice.campaign.send import Delivery
from bcp.notice.campaign.watching import Unwatched
from bcp.notice.channel.channels import Ways
from bcp.notice.channel.kinds.smtp import Smtp
from bcp.notice.text.load import load_files
from bcp.notice.text.merge import LetterText, Merger
from bcp.office.model import Office
from bcp.outside import MailEnvelope, MailResult
from bcp.store.database import Database
from bcp.store.outbox import Outbox
from bcp.world.mail import Mailer
from bcp.world.secret import Secrets
from bcp.yaml.source import Reader

COUNT, TURNS, HOLD = 1000, 5, 1.33
LANGUAGES = ("pl", "en", "cs", "el", "de")
SENDER = "biuro@kropka.example"
TEMPLATE = "TO: {{email}}\nSUBJECT: {{subject}}\nFROM: Kropka <%s>\n\n{{body}}\n"
Letter = tuple[str, LetterText]
_LEDGER = "INSERT INTO ledger VALUES (?, ?) ON CONFLICT (contact) DO UPDATE SET state = excluded.state"


def sink(port: multiprocessing.Queue[int]) -> None:
    """Takes every letter and says 250."""
    listener = socket.create_server(("127.0.0.1", 0))
    port.put(listener.getsockname()[1])
    while True:
        connection, _address = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        file = connection.makefile("rb")
        connection.sendall(b"220 sink\r\n")
        while line := file.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                while file.readline() != b".\r\n":
                    pass
            connection.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                break
        connection.close()


def office_in(folder: Path, port: int) -> Post:
    """An office with the shipped notices and 1,000 contacts."""
    rows = "\n".join(f"Firma {n},Jan Nowak {n},jan{n}@example.com,{LANGUAGES[n % 5]}" for n in range(COUNT))
    (folder / "contacts").mkdir()
    (folder / "contacts" / "clients.csv").write_text(f"name,person,email,language\n{rows}\n", "utf-8")
    told = {
        "name": "Kropka",
        "country": "PL",
        "timezone": "Europe/Warsaw",
        "people": [{"person": "anna", "name": "Anna Nowak", "phone": "+48600000101"}],
        "roles": [{"role": "lead", "owner": "anna"}],
    }
    office = Office.model_validate(told)
    reader = Reader()
    notices = load_files(sorted((Path(__file__).parent.parent / "notices").glob("line-down.*.md")), reader)
    reader.finish()
    way = Smtp.model_validate({"host": "127.0.0.1", "port": port, "from": SENDER, "a_minute": 0})
    contacts = load_contacts(folder, "PL")
    return Post(
        folder,
        lambda _incident: IncidentFiles(folder),
        office,
        contacts,
        notices,
        Ways({"mail": way}),
        Outbox(folder),
        SystemClock(),
    )


def ours(port: int) -> tuple[float, float]:
    """Seconds and CPU seconds of planning, freezing and sending."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        post = office_in(folder, port)
        began, cpu = time.perf_counter(), spent()
        affair = LetterContext("incident", datetime.now(UTC), {}, "anna")
        prepared = post.prepare(affair, SendingRequest("line-down", "clients"))
        assert post.freeze(prepared) == COUNT
        frozen = time.perf_counter()
        mailer = Mailer(Secrets(folder, {}))

        def mail(parcel: MailEnvelope, before_body: Callable[[], None]) -> MailResult:
            """The sink speaks no TLS, and a real channel cannot be set so."""
            return mailer.mail(replace(parcel, server=replace(parcel.server, security="none")), before_body)

        world = SimpleNamespace(mail=mail)
        # The pause behind the first five is for people.
        clock = SimpleNamespace(now=post.clock.now, monotonic=time.monotonic, sleep=lambda _seconds: None)
        run = Delivery(
            post.ledger,
            prepared.campaign,
            post.ways.channels,
            world,
            clock,
            Unwatched(),
            "Europe/Warsaw",
            IncidentFiles(folder),
        )  # type: ignore[arg-type]
        assert run.run().why == "done"
        mailer.close()
        ours.sending = COUNT / (time.perf_counter() - frozen)  # type: ignore[attr-defined]
        return time.perf_counter() - began, spent() - cpu


def bare(port: int, flushes: int = 0) -> tuple[float, float]:
    """Seconds and CPU seconds of rendering and sending with smtplib alone, and with a ledger of the barest kind.

    With one flush a letter it only says afterwards what was sent: killed behind the dot, it sends that letter twice.
    With two it says before and after. That is the least that a sender costs which knows after kill -9 whom it told.
    """
    with tempfile.TemporaryDirectory() as name:
        post = office_in(Path(name), port)
        database = Database(Path(name))
        with database.writing() as connection:
            connection.execute("CREATE TABLE ledger (contact TEXT PRIMARY KEY, state TEXT NOT NULL)")
        affair = LetterContext("incident", datetime.now(UTC), {}, "anna")
        began, cpu = time.perf_counter(), spent()
        setting = post.setting(affair, None)
        versions = post.notices["line-down"].versions
        mergers = {language: Merger(version, setting) for language, version in versions.items()}
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            for contact in post.contacts.all:
                text = mergers[contact.language or "en"].text(contact)
                if flushes == 2:
                    database.write(_LEDGER, [(contact.id, "in-flight")])
                smtp.sendmail(SENDER, [contact.email or ""], plain_mail(contact, text).as_bytes())
                if flushes:
                    database.write(_LEDGER, [(contact.id, "sent")])
        return time.perf_counter() - began, spent() - cpu


def others_beside(port: int) -> dict[str, tuple[float, float]]:
    """Letters a second and CPU seconds for 1,000 of mailmerge and Apprise; Apprise sends some only, for it is slow."""
    with tempfile.TemporaryDirectory() as folder:
        post = office_in(Path(folder), port)
        setting = post.setting(LetterContext("incident", datetime.now(UTC), {}, "anna"), None)
        versions = post.notices["line-down"].versions
        mergers = {language: Merger(version, setting) for language, version in versions.items()}
        letters = [(one.email or "", mergers[one.language or "en"].text(one)) for one in post.contacts.all]
    found = {}
    for name, send, count in (("mailmerge", with_mailmerge, COUNT), ("Apprise", with_apprise, COUNT // 10)):
        send(port, SENDER, letters[:1])
        cpu = spent()
        seconds = send(port, SENDER, letters[:count])
        found[name] = (count / seconds, (spent() - cpu) * COUNT / count)
    return found


def with_mailmerge(port: int, sender: str, letters: Sequence[Letter]) -> float:
    """Seconds; a template filled in with our texts, a connection a letter, as `mailmerge` does."""
    from mailmerge.sendmail_client import SendmailClient
    from mailmerge.template_message import TemplateMessage

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "template.txt").write_text(TEMPLATE % sender, "utf-8")
        (folder / "server.conf").write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n", "utf-8")
        template, client = TemplateMessage(folder / "template.txt"), SendmailClient(folder / "server.conf")
        began = time.perf_counter()
        for address, text in letters:
            context = {"email": address, "subject": text.subject, "body": text.body}
            client.sendmail(*template.render(context))
        return time.perf_counter() - began


def with_apprise(port: int, sender: str, letters: Sequence[Letter]) -> float:
    """Seconds; an address of Apprise a letter, for each letter is another one."""
    import apprise

    began = time.perf_counter()
    for address, text in letters:
        one = apprise.Apprise()
        assert one.add(f"mailto://127.0.0.1:{port}?from={sender}&to={address}&mode=insecure")
        assert one.notify(title=text.subject, body=text.body, body_format=apprise.NotifyFormat.TEXT)
    return time.perf_counter() - began


def plain_mail(contact: Contact, text: LetterText) -> EmailMessage:
    """The same letter, as anybody would build it with the standard library."""
    letter = EmailMessage(policy=SMTP)
    letter["Date"] = datetime.now(UTC)
    letter["From"] = Address("Kropka", addr_spec=SENDER)
    letter["To"] = Address(contact.person, addr_spec=contact.email or "")
    letter["Subject"] = text.subject
    letter["Reply-To"] = SENDER
    letter["Message-ID"] = message_id("kropka.example")
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    letter["List-Unsubscribe"] = f"<mailto:{SENDER}?subject=unsubscribe>"
    letter.set_content(text.body + "\n", cte="quoted-printable" if text.language != "el" else "base64")
    letter["Content-Language"] = text.language
    return letter


def disk() -> float:
    """Seconds that the flushes alone take: two commits of one small row a letter, in SQLite as the store opens it."""
    with tempfile.TemporaryDirectory() as name:
        database = Database(Path(name))
        with database.writing() as connection:
            connection.execute("CREATE TABLE flushed (number INTEGER)")
        began = time.perf_counter()
        for number in range(2 * COUNT):
            with database.writing() as connection:
                connection.execute("INSERT INTO flushed VALUES (?)", (number,))
        return time.perf_counter() - began


def spent() -> float:
    """CPU seconds of this process until now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Measure and print; 1 where the hold is not held."""
    queue: multiprocessing.Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=sink, args=(queue,), daemon=True)
    process.start()
    port = queue.get()
    turns = [(bare(port), bare(port, 1), bare(port, 2), ours(port)) for _ in range(TURNS)]
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    beside = others_beside(port)
    process.terminate()
    seconds = [statistics.median(turn[side][0] for turn in turns) for side in range(4)]
    cpu = [statistics.median(turn[side][1] for turn in turns) for side in range(4)]
    print(__doc__.strip(), "\n")
    for side, name in enumerate(("bare smtplib", "  + 1 commit", "  + 2 commits", "outbox")):
        print(f"{name:<14}{COUNT / seconds[side]:6.0f} letters/s  {cpu[side]:.2f} s CPU")
    print(f"              {ours.sending:6.0f} letters/s while sending, all frozen before")  # type: ignore[attr-defined]
    held = told("outbox against bare smtplib, CPU", cpu[3] / cpu[0], HOLD)
    print(f"                       {seconds[3] / seconds[0]:5.2f} by time")
    print(
        f"against 2 commits      {cpu[3] / cpu[2]:5.2f} by CPU  {seconds[3] / seconds[2]:5.2f} by time   (the floor)"
    )
    print(f"this disk: 2,000 flushes alone take {disk():.1f} s")
    for name, (rate, cost) in beside.items():
        print(f"{name:<13} {rate:6.0f} letters/s  {cost:.2f} s CPU for 1,000")
    print(f"memory        {rss:6.0f} MiB at most")
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())

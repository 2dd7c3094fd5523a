"""The mailbox: all that came since the incident began, in one run, and no more than a message in memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from measure import ROOT

from bcp.app.session import Session
from bcp.incident.journal import open_incidents
from bcp.notice.campaign.outbox import Campaign, Key, LetterDraft
from bcp.store.board import StoredBoard
from bcp.store.outbox import Outbox
from growing.incidents import long_one
from growing.judge import Holds
from growing.subject import Subject

sys.path.insert(0, str(ROOT))

from tests.imapd import PASSWORD, USER, imapd

MEGABYTE = 1_000_000
_PASSWORD = "imap-password"
_LETTER = (
    "From: Kropka <office@kropka.example>\r\nMessage-ID: <{number}-of-ours@kropka.example>\r\n"
    "Subject: Our line\r\n\r\nDear client"
)


def _message(number: int, letter: str, size: int) -> bytes:
    """What a client answers to a letter, the first one last; so large."""
    at = format_datetime(datetime.now(UTC) - timedelta(seconds=number))
    head = (
        f"From: Jan Nowak <jan{number}@example.com>\r\nTo: office@kropka.example\r\nSubject: Re: Our line\r\n"
        f"Date: {at}\r\nMessage-ID: <m{number}@client.example>\r\nIn-Reply-To: {letter}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    line = b"When does it work again? We wait for our shop.\r\n"
    return head.encode() + line * max(1, size // len(line))


def office(folder: Path, messages: int) -> None:
    """An office with an open incident, and as many letters that were sent as there are answers to come."""
    long_one(folder, 5)
    (folder / _PASSWORD).write_text(PASSWORD)
    began = datetime.now(UTC) - timedelta(hours=2)
    (stream,) = open_incidents(Session(str(folder)).log, "incident")
    campaign = Campaign(
        stream, "line-down", 1, "status", "clients", "anna", began, began + timedelta(days=30)
    )
    drafts = (
        LetterDraft(
            Key(campaign.id, f"c{number}", "mail"),
            0,
            f"Jan Nowak {number}",
            f"jan{number}@example.com",
            "en",
            _LETTER.format(number=number).encode(),
            "sent",
        )
        for number in range(messages)
    )
    outbox = Outbox(folder / "incidents")
    outbox.freeze(campaign, drafts)
    outbox.close()


def _letters(folder: Path) -> list[str]:
    """The ids of the letters that were sent."""
    outbox = Outbox(folder / "incidents")
    found = [name for campaign in outbox.all_campaigns() for name in outbox.message_ids(campaign.id)]
    outbox.close()
    return found


def _with_mailbox(size: int) -> Callable[[Path, int], AbstractContextManager[None]]:
    """A mailbox whose messages are so large."""

    @contextmanager
    def beside(folder: Path, messages: int) -> Iterator[None]:
        mails = [_message(number, letter, size) for number, letter in enumerate(_letters(folder)[:messages])]
        with imapd(folder, mails) as served:
            told = (
                "channels: [{channel: paper, file: {}}]\n"
                f"inbox: {{host: localhost, port: {served.port}, user: {USER}, password: 'file:{_PASSWORD}', "
                f"authority: {served.authority}}}\n"
            )
            (folder / "channels.yaml").write_text(told)
            yield

    return beside


def _all_came(folder: Path, messages: int) -> str:
    board = StoredBoard(folder / "incidents")
    found = len(list(board.replies()))
    board.close()
    return "" if found == messages else f"{found} came in one run"


SUBJECTS = tuple(
    Subject(
        name,
        sizes,
        office,
        lambda _folder: ["inbox", "fetch"],
        Holds("linear", memory=80),
        quick,
        is_once=True,
        beside=_with_mailbox(size),
        after=_all_came,
        runs=2,
    )
    for name, size, sizes, quick in (
        ("inbox, many messages", 200, (200, 600, 2000), (50, 100, 200)),
        ("inbox, messages of 5 MB", 5 * MEGABYTE, (6, 20, 60), (3, 6, 12)),
    )
)

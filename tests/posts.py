"""What the tests of sending have in common: an office with contacts, notices and channels, and its post room."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bcp.clock import Clock
from bcp.contact.load import load as load_contacts
from bcp.files import IncidentFiles
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import LetterRow
from bcp.notice.campaign.post import LetterContext, Post, SendingRequest
from bcp.notice.campaign.send import Delivery, Ended
from bcp.notice.channel.base import Handed
from bcp.notice.channel.channels import load as load_channels
from bcp.notice.text.load import load as load_notices
from bcp.office.model import load as load_office
from bcp.outside import World
from bcp.store.outbox import Outbox
from bcp.world.real import Real
from bcp.world.secret import Secrets
from bcp.yaml.source import Reader
from tests.frozen import START, FrozenClock
from tests.smtpd import PASSWORD, USER, Smtpd

ROOT = Path(__file__).parent.parent
INCIDENT = "2026-11-26-internet-outage"
OFFICE = """\
name: Agencja Kropka
language: en
country: PL
timezone: Europe/Warsaw
people:
  - {person: anna, name: Anna Nowak, phone: "+48600000101", email: anna@example.com, language: pl}
roles: [{role: lead, owner: anna}]
"""
LANGUAGES = ("pl", "en", "cs", "el", "de")


class Silent:
    """Watches and keeps what it saw; `stop_after` letters it asks to stop."""

    def __init__(self, stop_after: int = 0, seen: Callable[[LetterRow, Handed], None] | None = None) -> None:
        self.count = 0
        self.fates: list[str] = []
        self.pauses: list[str] = []
        self.stop_after = stop_after
        self.seen = seen

    def handed(self, row: LetterRow, handed: Handed) -> None:
        self.count += 1
        self.fates.append(handed.fate)
        if self.seen:
            self.seen(row, handed)

    def pausing(self, seconds: float, why: str) -> None:
        self.pauses.append(why)

    def wants_stop(self) -> bool:
        return bool(self.stop_after) and self.count >= self.stop_after


def clients(count: int, **columns: str) -> str:
    rows = ["name,person,email,language,preferred_channel,mobile"]
    for n in range(count):
        rows.append(f"Firma {n},Jan Nowak {n},jan{n}@example.com,{LANGUAGES[n % 5]},,")
    return "\n".join(rows) + "\n"


def office(folder: Path, smtpd: Smtpd | None, contacts: str, channels: str = "") -> Path:
    (folder / "contacts").mkdir(parents=True, exist_ok=True)
    (folder / "contacts" / "clients.csv").write_text(contacts)
    (folder / "bcp.yaml").write_text(OFFICE)
    if not (folder / "notices").exists():
        shutil.copytree(ROOT / "notices", folder / "notices")
    mail = (
        f"  - channel: mail\n    smtp: {{host: localhost, port: {smtpd.port}, user: {USER}, password: env:MAIL,"
        f' from: "Agencja Kropka <{USER}>", authority: {smtpd.authority}, a_minute: 0}}\n'
        if smtpd
        else ""
    )
    if mail or channels:
        (folder / "channels.yaml").write_text("channels:\n" + mail + channels)
    return folder


def state_of(folder: Path) -> Path:
    return folder / "incidents"


def post_room(folder: Path, clock: Clock | None = None) -> Post:
    reader = Reader()
    found = load_office(folder, reader)
    notices = load_notices(folder, reader)
    ways = load_channels(folder, reader)
    reader.finish()
    assert found is not None
    state = state_of(folder)
    contacts = load_contacts(folder, found.country)
    return Post(
        folder,
        lambda incident: IncidentFiles(state / incident),
        found,
        contacts,
        notices,
        ways,
        Outbox(state),
        clock or FrozenClock(),
    )


def affair(**facts: str) -> LetterContext:
    return LetterContext(INCIDENT, START, facts, "anna")


def letters_of(post: Post, by: str = "anna", **facts: str) -> IncidentLetters:
    return IncidentLetters(post, LetterContext(INCIDENT, START, facts, by), real_world(post.folder))


def order(
    notice: str = "line-down", audience: str = "clients", *channels: str, **more: object
) -> SendingRequest:
    return SendingRequest(notice, audience, tuple(channels), **more)  # type: ignore[arg-type]


def real_world(folder: Path) -> Real:
    return Real(Secrets(folder, {"MAIL": PASSWORD, "SMS": "sms-secret"}))


def deliver(
    post: Post, campaign: str, world: World, watcher: Silent | None = None, patience: timedelta = timedelta(0)
) -> Ended:
    found = next(one for one in post.ledger.campaigns(INCIDENT) if one.id == campaign)
    run = Delivery(
        post.ledger,
        found,
        post.ways.channels,
        world,
        post.clock,
        watcher or Silent(),
        post.office.timezone,
        post.files(INCIDENT).below("letters"),
        patience,
    )
    return run.run()


def states(post: Post, campaign: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in post.ledger.rows(campaign):
        counts[row.state] = counts.get(row.state, 0) + 1
    return counts

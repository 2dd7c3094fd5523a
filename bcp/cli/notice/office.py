"""Wires the post room: contacts, notices, channels and the outbox of this office, for one incident or for none."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from bcp.app.session import Session
from bcp.cli.terminal.output import err, say
from bcp.contact.load import load as load_contacts
from bcp.contact.model import Contacts
from bcp.errors import InputError, SourceError
from bcp.i18n import _
from bcp.incident.journal import Book
from bcp.incident.state import Incident
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import Row
from bcp.notice.campaign.post import Affair, Post
from bcp.notice.campaign.send import Ended
from bcp.notice.channel.base import Handed
from bcp.notice.channel.channels import load as load_channels
from bcp.notice.text.load import load as load_notices
from bcp.notice.text.merge import facts_of
from bcp.notice.text.model import Notice
from bcp.notice.text.quoted import Doubted
from bcp.office.model import Office
from bcp.office.model import load as load_office
from bcp.outside import World
from bcp.promise.model import not_believed
from bcp.times import say_duration
from bcp.yaml.source import Reader

NO_INCIDENT = "no-incident"


def office_of(session: Session) -> Office:
    """The office. Raises SourceError with every mistake of bcp.yaml."""
    reader = Reader()
    office = load_office(session.folder, reader)
    if office is None:
        raise SourceError(reader.mistakes)
    return office


def contacts_of(session: Session, office: Office) -> Contacts:
    """The contacts, with what is wrong in their files."""
    return load_contacts(session.folder, office.country)


def post_of(session: Session) -> Post:
    """The post room. Raises SourceError for mistakes in bcp.yaml, notices and channels.

    A bad cell in a contact file stops nothing: it is told, and everybody else gets his letter.
    """
    from bcp.store.outbox import Outbox

    reader = Reader()
    office = load_office(session.folder, reader)
    notices = load_notices(session.folder, reader)
    ways = load_channels(session.folder, reader)
    reader.finish()
    assert office is not None
    contacts = contacts_of(session, office)
    if contacts.mistakes:
        say(
            f"{len(contacts.mistakes)} cells of the contact files cannot be read: bcp contact check", "yellow"
        )
    return Post(
        session.folder,
        session.stores.files,
        office,
        contacts,
        notices,
        ways,
        session.stores.of(Outbox),
        session.clock,
    )


def affair_of(incident: Incident, by: str) -> Affair:
    """What the letters of an incident are about. A provider that broke two promises is not believed any more."""
    doubted = tuple(
        Doubted(each.provider, each.due, each.said)
        for each in not_believed(incident.promises.values())
        if not each.kept
    )
    return Affair(incident.id, incident.opened_at, dict(incident.facts), by, incident.drill, doubted=doubted)


def peace(session: Session, notice: Notice, by: str) -> Affair:
    """What a notice is about while nothing is wrong: each fact is an example that says so.

    Its marks are letters that a text message has, so that it is as long as it will be.
    """
    facts = {name: f"<{name}>" for version in notice.versions.values() for name in facts_of(version)}
    return Affair(NO_INCIDENT, session.clock.now(), facts, by)


def letters_of(session: Session, book: Book, by: str, watcher: Watch | None = None) -> IncidentLetters:
    """The letters of an incident; those of a drill stay here."""
    affair = affair_of(book.incident, by)
    return IncidentLetters(post_of(session), affair, world_of(session, affair.drill), watcher or Watch())


def world_of(session: Session, drill: bool) -> World:
    """The way out, or the rehearsal of it."""
    if drill:
        from bcp.world.rehearsal import Rehearsal

        return Rehearsal(session.folder, session.environ)
    from bcp.world.real import Real
    from bcp.world.secret import Secrets

    return Real(Secrets(session.folder, session.environ))


class Watch:
    """Shows a sending on the terminal; the first Ctrl-C stops it behind the present letter."""

    def __init__(self, total: int = 0, clock: Any = None) -> None:
        self._total = total
        self._clock = clock
        self._began = clock.monotonic() if clock else 0.0
        self._count = 0
        self._stop = False
        self._before: Any = None

    def __enter__(self) -> Watch:
        self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def handed(self, row: Row, handed: Handed) -> None:
        """One line a letter; on a terminal one line for all, with the rate and the time left."""
        self._count += 1
        if handed.fate != "sent":
            say(f"  {row.name}: {handed.fate}: {handed.reply}", "yellow")
        if err.is_terminal and self._clock:
            passed = max(0.001, self._clock.monotonic() - self._began)
            rate = self._count / passed
            left = max(0, self._total - self._count) / rate
            bar = "█" * (20 * self._count // max(1, self._total))
            err.file.write(
                f"\r  {bar:<20} {self._count}/{self._total}  {rate * 60:.0f}/min  {left:.0f} s left "
            )
            err.file.flush()

    def pausing(self, seconds: float, why: str) -> None:
        """Say it, so that nobody thinks it hangs."""
        words = _("pause of {time}: {why} (Ctrl-C stops)")
        say("\n  " + words.format(time=say_duration(timedelta(seconds=seconds)), why=why))

    def wants_stop(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._stop

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        if self._stop:
            raise KeyboardInterrupt
        self._stop = True


class WatchedLetters(IncidentLetters):
    """The letters of a step with somebody at the screen: he sees how far it is, and stops it behind a letter."""

    def deliver(self, campaign: str, patience: timedelta = timedelta(seconds=90)) -> Ended:
        """Send what waits, on the screen."""
        with Watch(self.waiting(campaign), self.post.clock) as watch:
            self.watcher = watch
            return super().deliver(campaign, patience)


def moment_of(session: Session, office: Office, typed: str | None) -> datetime | None:
    """A moment that was typed. Raises InputError for what is none, or is over."""
    from bcp.times import parse_moment

    if typed is None:
        return None
    now = session.clock.now()
    try:
        found = parse_moment(typed, now, office.zone)
    except (ValueError, OverflowError):
        raise InputError(
            f'"{typed}" is no date and time', 'such as: --next-update "2026-11-26 16:00"'
        ) from None
    if found <= now:
        raise InputError(f'"{typed}" is over', 'name the day as well: --next-update "2026-11-27 09:00"')
    return found


def overruled_of(texts: list[str] | None) -> Mapping[str, str]:
    """`RULE=reason` pairs. Raises InputError for one without a reason."""
    found = {}
    for text in texts or []:
        rule, _equals, reason = text.partition("=")
        if not reason.strip():
            raise InputError(
                f'overruling "{rule}" needs a reason', f'--overrule "{rule}=why it does not hold here"'
            )
        found[rule.strip()] = reason.strip()
    return found

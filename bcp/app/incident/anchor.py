"""Gives the head of an open incident away: to a time stamp authority and by mail, where the office set that up.

What somebody else has of the record cannot be written anew by whoever holds this computer. It is done at the beginning,
hourly while the incident is open, and at its end, and never keeps anybody from anything: a beginning waits for nobody,
and what fails is tried again by the watch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.errors import BcpError, InputError
from bcp.i18n import _
from bcp.incident.evidence.anchors import GIVEN, GivenHead, How, stamped_text
from bcp.incident.evidence.verify import LEAST
from bcp.incident.state import Incident
from bcp.office.model import Office
from bcp.outside import MailEnvelope
from bcp.store.anchors import AnchorFiles
from bcp.store.heads import CopyFound
from bcp.yaml.source import Reader

_LOG = logging.getLogger(__name__)
EVERY = timedelta(hours=1)
AGAIN = timedelta(minutes=10)
"""After it could not be given away."""
_WITHIN = 8.0
_AT_END = 1.5
"""Seconds: so long a command that is over waits for what it gave away at its beginning."""


@contextmanager
def given_away(session: Session, office: Office, incident: Incident) -> Iterator[None]:
    """Meanwhile the head of an incident that begins is given away; nobody waits for that before the end."""
    if incident.drill:
        yield
        return
    files(session).add(_given(session, incident, "kept"))
    ways = _ways(session, office, incident)
    if not ways:
        yield
        return
    thread = Thread(target=lambda: _give(session, incident, ways), daemon=True, name=f"head of {incident.id}")
    thread.start()
    try:
        yield
    finally:
        thread.join(_AT_END)


def give_at_end(session: Session, incident: Incident) -> None:
    """The head of an incident that was closed; where it could not be given away that is remarked."""
    if incident.drill:
        return
    files(session).add(_given(session, incident, "kept"))
    for why in _give(session, incident, _ways_of_office(session, incident)):
        words = _("The head of the record was not given away: {why}. Do it by hand: mail or print {head}")
        session.remark(words.format(why=why, head=incident.head.hash))


def give_if_due(session: Session, incident: Incident) -> None:
    """The head of an open incident, where an hour is over since it was given away, or ten minutes since it failed.

    That of a copy, which is not the record that goes on, is given to nobody.
    """
    if incident.drill:
        return
    try:
        session.stores.refuse_copy(incident.id)
    except CopyFound:
        return
    now = session.clock.now()
    known = [given for _path, given in files(session).all(incident.id)]
    if any(
        given.at > now - (AGAIN if given.how == "tried" else EVERY) for given in known if given.how != "kept"
    ):
        return
    is_kept = any(given.at > now - EVERY for given in known)
    if not is_kept:
        files(session).add(_given(session, incident, "kept"))
    if not any(given.head == incident.head.hash and given.how in GIVEN for given in known):
        _give(session, incident, _ways_of_office(session, incident))


def files(session: Session) -> AnchorFiles:
    """Where heads are kept."""
    return AnchorFiles(session.stores.folder, session.environ)


Way = tuple[How, str, Callable[[], bytes]]
"""How a head is given away, to whom, and the deed; it returns the answer that is kept."""


def _ways_of_office(session: Session, incident: Incident) -> list[Way]:
    try:
        return _ways(session, office_of(session), incident)
    except BcpError:
        return []


def _ways(session: Session, office: Office, incident: Incident) -> list[Way]:
    """What the office set up; all that it needs is settled now."""
    ways: list[Way] = []
    given = _given(session, incident, "kept")
    if office.timestamp is not None and office.seals.stamp:
        url, root = office.timestamp.url, session.folder / office.timestamp.root
        ways.append(("stamp", url, lambda: _stamp(url, root, given.head)))
    return [*ways, *(("mail", to, _mailed(session, office, given, to)) for to in office.seals.mail)]


def _give(session: Session, incident: Incident, ways: list[Way]) -> list[str]:
    """Give the head away by each way; why some did not work."""
    given, into, failed = _given(session, incident, "kept"), files(session), []
    for how, to, give in ways:
        try:
            with session.progress.task(_("Giving the head of the record away")):
                answer = give()
        except BcpError as error:
            _LOG.warning("the head of %s was not given away (%s)", given.incident, how)
            failed.append(error.message)
            into.add(given._replace(how="tried", to=error.message, at=session.clock.now()))
        else:
            into.add(given._replace(how=how, to=to, at=session.clock.now()), answer)
    return failed


def _given(session: Session, incident: Incident, how: How, to: str = "") -> GivenHead:
    return GivenHead(incident.id, incident.head.seq, incident.head.hash, session.clock.now(), how, to)


def _stamp(url: str, root: Path, head: str) -> bytes:
    from bcp.world.timestamp import stamped

    answer, _at = stamped(stamped_text(head), url, root, _WITHIN)
    return answer


def _mailed(session: Session, office: Office, given: GivenHead, to: str) -> Callable[[], bytes]:
    def give() -> bytes:
        from bcp.notice.channel.channels import load as load_channels
        from bcp.notice.channel.kinds.smtp import Smtp

        reader = Reader()
        channel = next(
            (way for way in load_channels(session.folder, reader).channels.values() if isinstance(way, Smtp)),
            None,
        )
        reader.finish()
        if channel is None:
            raise InputError(_("no channel sends mail"), _("add one to channels.yaml"))
        envelope = MailEnvelope(
            channel.server, channel.address, to, _letter(office, channel.sender, given, to)
        )
        mailed = world_of(session).mail(envelope, lambda: None)
        if not mailed.accepted:
            raise InputError(mailed.reply or mailed.trouble, _("try the channel: bcp notice test"))
        return b""

    return give


def _letter(office: Office, sender: str, given: GivenHead, to: str) -> bytes:
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime, make_msgid, parseaddr

    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = sender, to
    letter["Subject"] = f"{given.incident} #{given.event} {given.head[:LEAST]}"
    letter["Date"] = format_datetime(given.at.astimezone(ZoneInfo(office.timezone)))
    letter["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    words = _(
        "This is the head of the record of {incident} at event {event}:\n\n    {head}\n\n"
        "Keep this mail. With it you can see later whether anything up to here was changed:\n\n"
        "    bcp incident verify --export FOLDER --head {head}\n"
    )
    letter.set_content(words.format(incident=given.incident, event=given.event, head=given.head))
    return letter.as_bytes()

"""Carries messages to one recipient: over the usual line, and where nobody answers there, over the stand-by line."""

from __future__ import annotations

import logging

from bcp.alert.base import AlertTry
from bcp.alert.message import AlertMessage
from bcp.app.alert.recipients import AlertRecipient, context_of
from bcp.app.session import Session
from bcp.check.troubles import of_duty
from bcp.errors import BcpError
from bcp.i18n import _
from bcp.office.model import Office
from bcp.traced import message_of, place_of
from bcp.world.secret import Secrets
from bcp.world.urgent import Urgent

_LOG = logging.getLogger(__name__)


class Carrier:
    """What it takes to try one recipient. It is used by one thread."""

    def __init__(self, session: Session, office: Office, recipient: AlertRecipient) -> None:
        """Raises InputError where the office is not ours to run programs of."""
        session.insist_on_our_office()
        self.recipient = recipient
        self._session, self._office = session, office
        self._worlds: dict[str | None, Urgent] = {}
        self._lines: list[str | None] = [None]
        self._is_asked = False

    def carry(self, message: AlertMessage) -> AlertTry:
        """Try it once by each line, until one carries it. Never raises for what is outside."""
        tried = self._by(self._lines[0], message)
        if tried.fate == "taken" or not (tried.no_line and self.recipient.way.is_far):
            return tried
        for line in self._other_lines():
            over = self._by(line, message)
            if over.fate == "taken":
                # What follows goes the same way at once.
                self._lines = [line, *(each for each in self._lines if each != line)]
                return AlertTry("taken", _("over {line}").format(line=line or _("the usual line")))
        return tried

    def close(self) -> None:
        """Take leave of whom we talked to."""
        for world in self._worlds.values():
            world.hang_up()

    def _by(self, line: str | None, message: AlertMessage) -> AlertTry:
        if line not in self._worlds:
            secrets = Secrets(self._session.folder, self._session.environ)
            self._worlds[line] = Urgent(secrets, line)
        context = context_of(self._session, self._office, self._session.clock.now())
        try:
            return self.recipient.way.send(message, self.recipient.to, context, self._worlds[line])
        except BcpError as error:
            return AlertTry("refused", f"{error.message}: {error.hint}")
        except OSError as error:
            return AlertTry("not-now", error.strerror or str(error), no_line=True)
        except Exception as error:  # noqa: BLE001 - a bug of ours, and it is tried later, not at once for ever
            way = self.recipient.name.partition(" ")[0]
            _LOG.error("an alert by %s: %s: %s", way, place_of(error), message_of(error))
            return AlertTry("not-now", of_duty(error))

    def _other_lines(self) -> list[str | None]:
        """Those besides the first; this computer is asked once."""
        if not self._is_asked:
            from bcp.probe.second_line import other_lines

            self._is_asked = True
            self._lines += other_lines(_own_lines(self._office))
        return self._lines[1:]


def _own_lines(office: Office) -> list[str]:
    """The interfaces of this computer over which the lines of bcp.yaml lead out."""
    named = (getattr(line.way, "interface", None) for line in office.lines)
    return [each for each in named if each]

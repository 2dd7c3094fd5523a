"""`contact forget`: a person is taken out of contacts, letters and files, after somebody said so by its id.

What cannot be done now (the store is in use, a file is open elsewhere) is kept as a request and tried again: by the
same command, by every other one at its end, and by a watch.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bcp.app.contact.forget_files import sweep
from bcp.app.contact.forget_request import FILE, ForgetRequest, ForgetRequests
from bcp.app.notice.office import contacts_of
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.app.support_parts import crashes_of, logs_of
from bcp.contact import audience, freshness, imported
from bcp.contact.forget import take_out
from bcp.contact.model import Contact
from bcp.contact.traces import Traces, written_on
from bcp.errors import BcpError, InputError, PersonNeeded
from bcp.files import in_words
from bcp.i18n import _
from bcp.incident.journal import Busy
from bcp.mask import Mask
from bcp.office.model import Office
from bcp.store.forget import EventAt, Forgetting
from bcp.store.logfile import overwrite

_LOG = logging.getLogger(__name__)
_PATIENCE = 1.0
_NO_PATIENCE = 0.0
"""Seconds for which another writer is waited for: a command that has something else to do does not wait."""


@dataclass
class Forgotten:
    """Who is forgotten, and what became of it.

    `file` is the contact file that the row went out of, where there was one; `not_yet` are the reasons why something
    is to be tried again; `events`, `naming` and `unseen` name what was not reached.
    """

    contact: Contact
    file: Path | None = None
    letters: int = 0
    files: int = 0
    events: list[EventAt] = field(default_factory=list)
    naming: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    not_yet: list[str] = field(default_factory=list)
    in_other_letters: int = 0


def forget_contact(session: Session, name: str, confirm: Callable[[Contact], str]) -> Forgotten:
    """Forget the contact that is meant. `confirm` gives the id that was typed for it.

    Raises PersonNeeded where that is another one, InputError for a name that fits nobody, or several.
    """
    office = office_of(session)
    contacts = contacts_of(session, office).all
    requests = ForgetRequests(session.stores.folder)
    request = _meant(session, name, contacts, requests.all(), office)
    contact = request.contact
    if confirm(contact) != contact.id:
        raise PersonNeeded(
            _("nobody was forgotten"), _("say it with its id: --confirm {id}").format(id=contact.id)
        )
    # First of all, so that what is cut off from here on is taken up again.
    requests.keep(request)
    done = Forgotten(contact)
    try:
        done.file = _out_of_files(session, office, contact)
    except BcpError:
        requests.done(request)
        raise
    _finish(session, office, request, done, _PATIENCE)
    return done


def _out_of_files(session: Session, office: Office, contact: Contact) -> Path | None:
    """Take its rows out, one by one: behind the first another one may say the same. The last file; None for none."""
    path = None
    while mine := [each for each in contacts_of(session, office).all if each.id == contact.id]:
        path = take_out(session.folder, mine[0])
    return path


def go_on_forgetting(session: Session) -> list[Forgotten]:
    """Try again to forget those for whom it was asked; who is forgotten now. It waits for nobody, and never raises."""
    found: list[Forgotten] = []
    try:
        requests = ForgetRequests(session.stores.folder).all()
        office = office_of(session) if requests else None
        for request in requests:
            done = Forgotten(request.contact)
            assert office is not None
            _finish(session, office, request, done, _NO_PATIENCE)
            if not done.not_yet:
                found.append(done)
    except (BcpError, OSError) as error:
        _LOG.info("somebody is not forgotten yet: %s", type(error).__name__)
    return found


def _meant(
    session: Session, name: str, contacts: Sequence[Contact], waiting: Sequence[ForgetRequest], office: Office
) -> ForgetRequest:
    """Who is meant: a contact, one who is being forgotten, else somebody whom only letters know.

    Raises InputError where it fits nobody, or several.
    """
    known = _known_from_letters(session)
    waits = {one.contact.id: one for one in waiting}
    own = {each.id for each in contacts}
    found = [*contacts, *(one.contact for name, one in waits.items() if name not in own)]
    ids = {each.id for each in found} | {person.person for person in office.people}
    strangers = [_stranger(one, names) for one, names in known.items() if one not in ids]
    try:
        contact = audience.one(name, found)
    except InputError:
        if not strangers:
            raise
        contact = audience.one(name, [*found, *strangers])
    before = waits[contact.id].also if contact.id in waits else ()
    also = (*before, *known.get(contact.id, ()), *_on_letters(session, contact.id))
    return ForgetRequest(contact, tuple(dict.fromkeys(each for each in also if each and each != contact.id)))


def _stranger(id_: str, names: Sequence[str]) -> Contact:
    """Whom only letters know: a list shows `the firm (the person)`."""
    called = next(filter(None, names), id_)
    parts = re.fullmatch(r"(.{1,300}) \((.{1,300})\)", called)
    return Contact(id=id_, name=parts[1] if parts else called, person=parts[2] if parts else "")


def _known_from_letters(session: Session) -> dict[str, list[str]]:
    """By the id of a contact, the names and addresses that its letters have; nothing where the store cannot be read."""
    known: dict[str, list[str]] = {}
    try:
        for one in session.stores.of(Forgetting).correspondents():
            known.setdefault(one.contact, []).extend((one.name, one.address))
    except BcpError:
        _LOG.info("the letters cannot be read now")
    return known


def _on_letters(session: Session, contact: str) -> list[str]:
    try:
        return [said for raw in session.stores.of(Forgetting).letters(contact) for said in written_on(raw)]
    except BcpError:
        return []


def _finish(
    session: Session, office: Office, request: ForgetRequest, done: Forgotten, patience: float
) -> None:
    """All that comes after the contact file; what fails is said in `done`, and the request stays.

    1. The confirmation, the letters and their bytes in the database; while letters are being sent, nothing.
    2. The log and the crash files.
    3. The files: letters, call lists, pages; every other one is looked through.
    4. The request itself.
    """
    others = [each for each in contacts_of(session, office).all if each.id != request.contact.id]
    traces = Traces(request.contact, [*others, *audience.staff(office)], request.also)
    store = Forgetting(session.stores.database(patience))
    try:
        freshness.forget(session.folder, request.contact)
        imported.forget(session.folder, request.contact)
        with session.stores.alone("sending"), session.progress.task(_("Looking through the letters")):
            done.letters += store.forget(request.contact.id, traces.stand_in, _opted_out(request.contact))
            store.wipe()
        with session.progress.task(_("Looking through the records")):
            done.events = list(store.events(traces.stand_in))
        with session.progress.task(_("Looking through the letters")):
            done.in_other_letters = store.letters_naming(traces.stand_in_bytes)
    except Busy:
        done.not_yet.append(_("letters are being sent"))
        return
    except BcpError as error:
        done.not_yet.append(error.message)
        return
    finally:
        store.close()
    done.not_yet += _out_of_logs(session, request)
    own = frozenset({session.stores.folder / FILE})
    swept = sweep(session.folder, session.stores.folder, traces, own, progress=session.progress)
    done.files, done.naming, done.unseen = swept.mended, swept.naming, swept.unseen
    done.not_yet += swept.failed
    if not done.not_yet:
        ForgetRequests(session.stores.folder).done(request)


def _opted_out(contact: Contact) -> tuple[str, ...]:
    """The addresses at which somebody does not want to be written to, whoever brings them in again."""
    return tuple(filter(None, (contact.email, contact.mobile))) if contact.opted_out else ()


def _out_of_logs(session: Session, request: ForgetRequest) -> Iterable[str]:
    """Nobody should stand there; a library, or a version that knew less, may have named somebody all the same."""
    contact = request.contact
    mask = Mask()
    mask.names((contact.name, contact.person, contact.email, *request.also))
    mask.typed((contact.id,))
    mask.phones((contact.phone, contact.mobile))
    state = session.stores.folder
    for file in (*logs_of(state), *crashes_of(state, session.folder)):
        try:
            overwrite(file, mask)
        except OSError as error:
            yield f"{file.name}: {in_words(error)}"

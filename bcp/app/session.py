"""Here, and only here, addresses become objects: the office folder, its store, its worlds, the person who acts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from bcp.app import lead, logs
from bcp.app.actor import login, named
from bcp.app.circumstances import here
from bcp.app.stores import Stores
from bcp.app.who import AGAIN, Asker, KnownPeople, NobodyToAsk
from bcp.chain import proven
from bcp.clock import Clock, SystemClock
from bcp.command_words import as_typed
from bcp.errors import ChainBroken, InputError
from bcp.event import Log
from bcp.fact import Place
from bcp.files import in_words
from bcp.i18n import _, speak, speak_as_set
from bcp.incident.journal import STARTED, IncidentJournal, of_kind, open_incidents
from bcp.incident.journal_text import TextDifference
from bcp.incident.state import Incident, StepState
from bcp.office.find import FILE, STATE, find, language, let_group_in
from bcp.person import unknown
from bcp.private import login_name, owner_elsewhere
from bcp.progress import UNWATCHED, Screen


def _unheard(remark: str) -> None:
    """Nobody listens to remarks."""


def _environ() -> Mapping[str, str]:
    """The environment of this process, as it is now. Windows' own knows a name whether in capitals or not."""
    return os.environ if sys.platform == "win32" else dict(os.environ)


@dataclass
class Session:
    """What one command works with; everything is made when it is first needed."""

    asked_office: str | None = None
    environ: Mapping[str, str] = field(default_factory=_environ)
    clock: Clock = field(default_factory=SystemClock)
    remark: Callable[[str], None] = _unheard
    """Takes what is worth knowing on the way and no part of the result: a slip in some other file."""
    who: Asker = field(default_factory=NobodyToAsk)
    """Asks who sits there, where nothing else says who acts."""
    progress: Screen = UNWATCHED
    """Shows what takes long to whoever sits there; another thread (`again`) has nobody."""
    has_read: dict[str, object] = field(default_factory=dict)
    """What this command has read, by the hash of the files: a step of an incident asks for it several times."""
    _was_asked: bool = False

    @cached_property
    def folder(self) -> Path:
        """The office folder; from now on its language is spoken."""
        speak_as_set(self.environ)
        is_named = self.asked_office or self.environ.get("BCP_OFFICE")
        folder = find(Path() if is_named else here(), self.asked_office, self.environ)
        speak(language(folder) or "en")
        let_group_in(folder)
        logs.office(folder, self.environ)
        return folder

    @cached_property
    def stores(self) -> Stores:
        """What is kept on this computer. Raises StoreError where its folder is no place for it."""
        from bcp.store.place import outside_folder, state_folder

        folder = state_folder(self.folder, self.environ)
        if not folder.is_relative_to(self.folder):
            let_group_in(self.folder, folder)
        logs.state(folder)
        return Stores(folder, self.clock, self.remark, outside_folder(self.environ))

    def insist_on_our_office(self) -> None:
        """Before its programs are run: it belongs to this login or to root, or its user named it.

        Whoever stands in a folder of somebody else would run what that one wrote into it, with his own rights.
        Raises InputError.
        """
        if self.asked_office or self.environ.get("BCP_OFFICE"):
            return
        file = self.folder / FILE
        # Without it the plans are those that were kept: then whose they are decides.
        for path in (self.folder, file if file.exists() else self.folder / STATE):
            owner = owner_elsewhere(path)
            if owner is not None:
                words = _("{path} belongs to {login}, who decides which programs are run here")
                raise InputError(
                    words.format(path=path, login=login_name(owner)),
                    _("if you trust that, name the office: {command}").format(
                        command=as_typed(("bcp", "--office", str(self.folder), "incident", "status"))
                    ),
                )

    def with_stores(self, stores: Stores) -> Session:
        """The same office and person, with these stores: for a drill or a dry run."""
        session = replace(self)
        session.stores = stores
        return session

    def again(self) -> Session:
        """The same office with stores of its own, for another thread.

        Its language stays as it is spoken: the file may be gone or half written by now, and all threads speak one.
        """
        session = Session(str(self.folder), self.environ, self.clock, self.remark)
        session.folder = self.folder
        return session

    @property
    def log(self) -> Log:
        """The journals."""
        return self.stores.log

    def book(self, asked: str | None, kind: str) -> IncidentJournal:
        """The incident `asked` for, else the only open one. Raises InputError that lists them."""
        book = IncidentJournal(self.log, asked or self.only_open(kind))
        self.leads(book.incident)
        if book.incident.kind != kind:
            raise InputError(
                f"{book.incident.id} is {'a drill' if book.incident.drill else 'an incident'}",
                f"use: bcp {'drill' if book.incident.drill else 'incident'} status",
            )
        speak(book.incident.plan.office.language)
        return book

    def only_open(self, kind: str) -> str:
        """The id of the only open incident (or drill)."""
        found = open_incidents(self.log, kind)
        if len(found) == 1:
            return found[0]
        if not found:
            hint = _("begin one: bcp {kind} start")
            if of_kind(self.log.streams(STARTED), kind):
                hint = _(
                    "begin one: bcp {kind} start   or name a closed one with --incident; they are in: bcp {kind} list"
                )
            none = _("No drill is open.") if kind == "drill" else _("No incident is open.")
            raise InputError(none, hint.format(kind=kind))
        many = (
            _("several drills are open: {ids}") if kind == "drill" else _("several incidents are open: {ids}")
        )
        raise InputError(
            many.format(ids=", ".join(found)), _("name one: --incident {id}").format(id=found[-1])
        )

    def open_or_last(self, kind: str) -> str:
        """The id of the only open incident (or drill); where none is open, of the last one, to be read."""
        every = of_kind(self.log.streams(STARTED), kind)
        return every[-1] if every and not open_incidents(self.log, kind) else self.only_open(kind)

    def lead_on(self, incident: Incident, *more: str) -> list[str]:
        """The commands that lead on from here, and `more`; where several are open each names the one it means."""
        from bcp.incident.view import commands_after

        commands = [*commands_after(incident), *more]
        if self.is_half_typed(incident):
            commands.append(f"bcp {'drill' if incident.drill else 'incident'} record")
        if incident.closed_at is not None:
            return commands
        return [self.meant(incident, command) for command in commands]

    def leads(self, incident: Incident) -> None:
        """From now on the commands in hints mean this incident."""
        lead.means(incident, lambda: self._is_only_open(incident))

    def meant(self, incident: Incident, command: str) -> str:
        """`command`, with the name of its incident unless that is the only open one."""
        is_of_notice = incident.drill and command.startswith("bcp notice")
        is_found = not is_of_notice and self._is_only_open(incident)
        return command if is_found else f"{command} --incident {incident.id}"

    def _is_only_open(self, incident: Incident) -> bool:
        return incident.closed_at is None and len(open_incidents(self.log, incident.kind)) < 2

    def is_half_typed(self, incident: Incident) -> bool:
        """Whether lines of its sheet were typed from paper and are not in the journal yet."""
        return incident.closed_at is None and self.stores.paper_draft(incident.id).is_file()

    def place(self, incident: Incident) -> Place:
        """Where and when answers are given."""
        return Place(incident.plan.office.country, incident.zone, self.clock.now())

    def is_running(self, incident: Incident) -> Callable[[StepState], bool]:
        """Tells a step that is being carried out from one in doubt."""
        return lambda step: self.stores.holds.is_held(incident.id, step.id) or step.process.runs

    def person(self, asked: str | None, people: Mapping[str, str], option: str = "--by") -> str:
        """Who acts: `--by`, else BCP_PERSON, else whose login it is, else whoever sits there and is asked, once.

        Where that is not known it is what the record says then (`bcp.person.unknown`): a login is no person. `option`
        is the one that named the person. Raises InputError for one who is nobody here.
        """
        is_again = asked == AGAIN and AGAIN not in people and self.who.attended
        found = named(None if is_again else asked, people, self.environ, option)
        if found is not None and not is_again:
            return found
        return self._who_sits_there(people, is_again) or unknown(login(self.environ))

    def typist(self, doer: str | None, people: Mapping[str, str]) -> str:
        """Who writes down what the person named `doer` did: nobody is asked for that one besides."""
        if doer is None or doer == AGAIN:
            return self.person(None, people)
        known = named(None, people, self.environ, "--by")
        return known or self._kept(people) or unknown(login(self.environ))

    def _who_sits_there(self, people: Mapping[str, str], is_again: bool) -> str | None:
        if not self.who.attended:
            return None
        found = None if is_again else self._kept(people)
        if found is None and (is_again or not self._was_asked):
            self._was_asked = True
            found = self.who.ask(people)
        elif found is not None and not self._was_asked:
            self._was_asked = True
            words = _("Written down as {name}. Somebody else? --by NAME, or to be asked: --by {again}")
            self.remark(words.format(name=people[found], again=AGAIN))
        if found is not None:
            KnownPeople(self.stores.folder).keep(login(self.environ), found, self.clock.now())
        return found

    def _kept(self, people: Mapping[str, str]) -> str | None:
        if not self.who.attended:
            return None
        found = KnownPeople(self.stores.folder).find(login(self.environ), self.clock.now())
        return found if found in people else None

    def mend_record(self, stream: str) -> TextDifference | None:
        """Bring journal.txt in step with the journal; how it differed.

        Where it cannot be written that is remarked and stands in nobody's way: the journal itself is safe. Where the
        journal does not hold it is left alone: it may tell what the journal lost.
        """
        try:
            return self.stores.record.rebuild([*proven(self.log.rows(stream))])
        except ChainBroken as error:
            words = _("{what}; journal.txt was left as it is: {hint}")
            self.remark(words.format(what=error.message, hint=error.hint))
        except OSError as error:
            why = in_words(error).lower()
            self.remark(_("journal.txt cannot be brought up to date: {why}").format(why=why))
        return None

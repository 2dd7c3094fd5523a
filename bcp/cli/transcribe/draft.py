"""A sheet that is typed at a terminal: begun, or gone on with from what was typed before; nobody else types it then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bcp.app.session import Session
from bcp.cli.terminal.guide import read_line
from bcp.cli.terminal.output import say, show_next
from bcp.cli.transcribe.sub_sheets import all_leads, title_below
from bcp.cli.transcribe.transcript import Paper, sheet_of
from bcp.errors import InputError
from bcp.event import Entry
from bcp.i18n import _
from bcp.incident.journal import STARTED, Busy, of_kind
from bcp.incident.state import Incident
from bcp.times import local
from bcp.transcript.draft import Draft, Typed, drafts_without_incident, load

_HOLD = "_paper"
"""What is held while a sheet is typed; no step is called so."""
_ANEW = ("new", "n", "nowy", "nowa", "neu", "nové", "νέο")


class Interrupted(Exception):
    """The person stopped, or the input ended; what was typed is kept, and they were told so."""


@contextmanager
def at_desk(session: Session, stream: str, again: str) -> Iterator[None]:
    """Type the sheet of `stream` as the only one; `again` is the command that goes on where it was interrupted."""
    try:
        with session.stores.holds.hold(stream, _HOLD):
            yield
    except Busy:
        raise InputError(
            "somebody is entering this sheet right now",
            f"wait until that has ended, or stop it there (Ctrl-C): nothing that was typed is lost. Then: {again}",
        ) from None
    except KeyboardInterrupt:
        say()
        say(_("Interrupted. What you typed is kept; it is not in the journal yet."), "bold")
        show_next((again,))
        raise Interrupted from None


def open_paper(session: Session, incident: Incident, by: str, begun: Draft) -> Paper:
    """The sheet to be typed: as it was left, if the person wants to go on from there; else `begun`."""
    old = _found(begun.path)
    if old is None or not old.count:
        return _begun(session, incident, by, begun)
    if _fits(old, incident) and _wants(old, incident):
        old.runbook, old.started = begun.runbook, begun.started
        return _gone_on(Paper(incident, by, session.clock.now(), session.place(incident), old))
    say(_("What was typed before is kept: {path}").format(path=old.set_aside()))
    return _begun(session, incident, by, begun)


def finish(paper: Paper) -> None:
    """All of it is in the journal: remove the draft. Lines that were not taken up again are kept aside."""
    draft = paper.draft
    assert draft is not None
    if paper.pending:
        say(
            _("Not written, for their answers are missing: {lines}").format(
                lines=", ".join(
                    f"{paper.numbers[name]}  {typed.text}" for name, typed in paper.pending.items()
                )
            ),
            "yellow",
        )
        say(_("What was typed before is kept: {path}").format(path=draft.set_aside()))
    draft.remove()


def _begun(session: Session, incident: Incident, by: str, begun: Draft) -> Paper:
    begun.below = begun.below or _which_sheet(incident)
    return Paper(incident, by, session.clock.now(), session.place(incident), begun)


def _which_sheet(incident: Incident) -> str:
    """Where other runbooks were entered, the sheet that is typed; nothing for that of the incident with all of them."""
    found = all_leads(incident)
    if not found:
        return ""
    say(_("Which sheet do you hold?"), "bold")
    say(f"  1  {incident.title}")
    for number, name in enumerate(found, 2):
        say(f"  {number}  {title_below(incident, name)}")
    while True:
        typed = read_line(
            _("Its number   [Enter] the first, or the copy of this incident with all steps") + "\n> "
        )
        if typed is None:
            raise KeyboardInterrupt
        if typed in ("", "1"):
            return ""
        if typed.isdecimal() and 2 <= int(typed) <= len(found) + 1:
            return found[int(typed) - 2]


def left_of(session: Session, kind: str, runbook: str | None = None) -> Draft | None:
    """The last draft written of an incident (or drill) that lived on paper only, of that runbook if one is named."""
    known = {each.path.parent.name: each for each in drafts_without_incident(session.stores.paper_drafts())}
    names = set(of_kind(known, kind)) - set(session.log.streams(STARTED))
    found = [known[name] for name in names if runbook in (None, known[name].runbook)]
    return max(found, key=lambda draft: draft.path.stat().st_mtime, default=None)


def begun_with(first: Entry, stream: str, session: Session) -> Draft:
    """An empty draft of an incident that lived on paper only."""
    assert first.at is not None
    return Draft(session.stores.paper_draft(stream), str(first.data["runbook"]), first.at.isoformat())


def again_from_nothing(draft: Draft, kind: str) -> str:
    """The command that goes on with such a draft, which knows its T0."""
    return f"bcp {kind} record --runbook {draft.runbook}"


def _found(path: Path) -> Draft | None:
    """The draft that lies there; one that cannot be read is left where it is under another name."""
    try:
        return load(path)
    except (OSError, ValueError) as error:
        aside = Draft(path).set_aside()
        say(_("A draft cannot be read ({why}); it is kept: {path}").format(why=error, path=aside), "yellow")
        return None


def _fits(draft: Draft, incident: Incident) -> bool:
    """Whether the incident has the sheet that the draft is of."""
    below = f"{draft.below}/" if draft.below else ""
    return any(step.id.startswith(below) for step in incident.every_step())


def _wants(draft: Draft, incident: Incident) -> bool:
    saved = local(datetime.fromtimestamp(draft.path.stat().st_mtime, incident.zone), incident.zone)
    who = ", ".join(dict.fromkeys(incident.name_of(typed.typist) for typed in _typed(draft)))
    words = _("Lines of this sheet that were typed before and are not written yet: {count} ({who}, {time})")
    say(words.format(count=draft.count, who=who, time=saved), "bold")
    typed = read_line(_("[Enter] go on from there   [new] begin anew; what was typed is kept aside") + "\n> ")
    if typed is None:
        raise KeyboardInterrupt
    return typed.lower() not in _ANEW


def _typed(draft: Draft) -> Iterator[Typed]:
    yield from draft.lines.values()
    yield from (typed for _table, typed in draft.rows)


def _gone_on(paper: Paper) -> Paper:
    """Read every line of the draft as it was typed; what cannot be taken any more is shown, to be typed again."""
    draft = paper.draft
    assert draft is not None
    strange = []
    for name, typed in list(draft.lines.items()):
        try:
            step = paper.incident[name]
            paper.lines[name] = paper.read(step, typed.text, typed.facts, lambda _fact: "", typed.typist)
        except (InputError, KeyError) as error:
            strange.append(_again(f"{paper.numbers.get(name, name)}  {typed.text}", error))
            if name in paper.numbers:
                paper.pending[name] = typed
            continue
        if typed.sheet and sheet_of(step):
            paper.enter(step)
    rows, draft.rows = draft.rows, []
    for table, typed in rows:
        try:
            paper.rows.append(paper.read_row(table, typed.text, typed.typist))
        except (InputError, KeyError) as error:
            strange.append(_again(f"{table}  {typed.text}", error))
            continue
        draft.rows.append((table, typed))
    if strange:
        draft.set_aside()
        paper.keep()
    for line in strange:
        say(line, "yellow")
    return paper


def _again(typed: str, error: InputError | KeyError) -> str:
    why = error.message if isinstance(error, InputError) else _("the sheet has it no more")
    return _("Look at this line again: {line} ({why})").format(line=typed, why=why)

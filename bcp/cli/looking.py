"""`check run`: one pass, what it found kept and told; the same telling serves `watch`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import cast

from bcp.check.diagnose import Diagnosis, picture
from bcp.check.load import load as load_checks
from bcp.check.model import Check
from bcp.check.once import Pass, look
from bcp.check.path import References
from bcp.check.round import Outcome
from bcp.check.span import Span, gap_for
from bcp.cli.beginning import begin_auto
from bcp.cli.console import say, show, show_json
from bcp.cli.wiring import Session
from bcp.errors import Exit, InputError, SourceError
from bcp.event import NOTHING, Entry, Head, unseal
from bcp.incident.book import FLIPPED, Book, Busy, open_incidents
from bcp.office import Office
from bcp.office import load as load_office
from bcp.probe.base import Shared, State
from bcp.reading.near import did_you_mean
from bcp.source import Reader
from bcp.store.spans import StoredSpans
from bcp.times import local
from bcp.tongue import _, speak
from bcp.world.secret import Secrets

STREAM = "checks"
_LOG = logging.getLogger(__name__)


def office_and_checks(session: Session) -> tuple[Office, dict[str, Check]]:
    """The office and its checks. Raises SourceError with every mistake in them."""
    reader = Reader()
    office = load_office(session.folder, reader)
    checks = {name: loaded.check for name, loaded in load_checks(session.folder, reader).items()}
    if office is None or reader.mistakes:
        raise SourceError(reader.mistakes)
    speak(office.language)
    return office, checks


def shared_for(session: Session) -> Shared:
    """What the probes of a pass have in common."""
    secrets = Secrets(session.folder, session.environ)
    return Shared(session.clock, session.folder, secret=secrets.value)


def references_of(office: Office) -> References:
    """What stands for the internet: what the office says, else well-known addresses."""
    said, standard = office.internet, References()
    addresses = tuple(
        (host, int(port)) for host, _colon, port in (text.rpartition(":") for text in said.addresses)
    )
    return References(
        addresses=addresses or standard.addresses,
        quorum=min(standard.quorum, len(addresses or standard.addresses)),
        page=said.page or standard.page,
        names=tuple(said.names) or standard.names,
    )


def chosen(names: Sequence[str], checks: Collection[str]) -> list[str]:
    """The checks named, or all. Raises InputError for a name that is none."""
    for name in names:
        if name not in checks:
            hint = did_you_mean(name, checks) or "checks: " + ", ".join(checks)
            raise InputError(f'there is no check "{name}"', hint)
    return list(names) or list(checks)


def run(session: Session, names: Sequence[str], verbose: bool, as_json: bool) -> int:
    """One pass; silent unless something flipped. The exit status: 7 while something is not up."""
    office, checks = office_and_checks(session)
    due = chosen(names, checks)
    try:
        with looking_alone(session):
            spans = session.stores.of(StoredSpans)
            held = {name: span for name, span in spans.held().items() if name in checks}
            found = look(
                checks,
                held,
                due,
                shared=shared_for(session),
                zone=office.zone,
                references=references_of(office),
            )
            # Told first: a full disk keeps nothing, and people must hear of the outage all the same.
            if as_json:
                show_json(as_data(found))
            else:
                tell(session, office, checks, found, verbose)
            sys.stdout.flush()
            # Flips before spans: cut short in between, the next pass finds the change anew and the flip written.
            write_flips(session, office, checks, found)
            spans.note([(outcome.seen, gap_for(checks[outcome.check].every)) for outcome in found.outcomes])
            spans.flush()
    except Busy:
        say(_("Another pass is under way; this one was left out.")) if verbose else None
        return Exit.OK
    begin_auto(session, office, checks)
    is_bad = any(outcome.state in ("down", "inconclusive") for outcome in found.outcomes)
    return Exit.CHECK_DOWN if is_bad else Exit.OK


def looking_alone(session: Session) -> AbstractContextManager[None]:
    """One pass at a time on this machine; the lock of a pass that was killed is free again. Raises Busy."""
    return session.stores.alone("looks")


def write_flips(session: Session, office: Office, checks: Mapping[str, Check], found: Pass) -> None:
    """Every change of state is an event: in the stream of the checks, and in each open incident; once in each."""
    if not found.news:
        return
    for outcome in found.news:
        _LOG.info("check %s: %s, was %s", outcome.check, outcome.state, outcome.before or "not known")
    by = session.person(None, {who.person: {"name": who.name} for who in office.people})
    verdict = {"verdict": found.diagnosis.verdict} if found.diagnosis is not None else {}
    entries = [
        Entry(
            FLIPPED,
            by,
            {
                "check": outcome.check,
                "title": checks[outcome.check].title,
                "before": outcome.before or "",
                "state": outcome.state,
                "reason": outcome.reason,
                **verdict,
            },
            at=outcome.since,
            how="watch",
        )
        for outcome in found.news
    ]
    for stream in open_incidents(session.log, "incident"):
        Book(session.log, stream).write(
            lambda incident: _fresh(entries, {name: flip.state for name, flip in incident.flips.items()})
        )
    _append_to_checks(session, entries)  # last: by this stream a watch knows what is written down everywhere


def _append_to_checks(session: Session, entries: Sequence[Entry]) -> None:
    """Write events to the stream of the checks; who looks, looks alone, so nobody writes in between."""
    head, last = _last_said(session)
    fresh = _fresh(entries, last)
    if fresh:
        session.stores.levers.append(STREAM, head, fresh)


def _last_said(session: Session) -> tuple[Head, dict[str, str]]:
    """The end of the stream of the checks, and the state that was last written down of each."""
    head = NOTHING
    last: dict[str, str] = {}
    # A journal of its own, for it belongs to no incident and has no journal.txt.
    for row in session.stores.levers.rows(STREAM):
        head = Head(row.seq, row.hash)
        said = unseal(row).data
        last[said["check"]] = said["state"]
    return head, last


def untold(session: Session, held: Mapping[str, Span]) -> list[Outcome]:
    """What was seen last and never written down as a change: the watch that saw it did not live to tell.

    A watch keeps what it sees at once, and tells it with a diagnosis, which takes seconds. `held` are the last spans.
    """
    _head, last = _last_said(session)
    return [
        Outcome(name, span.state, cast("State | None", last.get(name)), span.reason, span.first, span.last)
        for name, span in held.items()
        if span.state != "unobserved" and span.state != last.get(name, "up")
    ]


def _fresh(entries: Sequence[Entry], last: Mapping[str, str]) -> list[Entry]:
    """Those that say something new where `last` is what was last said of each check."""
    return [entry for entry in entries if last.get(entry.data["check"]) != entry.data["state"]]


def tell(session: Session, office: Office, checks: Mapping[str, Check], found: Pass, verbose: bool) -> None:
    """News to stdout, which cron mails; with `verbose` all states."""
    for outcome in found.outcomes if verbose else found.news:
        since = local(outcome.since, office.zone)
        was = (
            _(" (was {before})").format(before=outcome.before)
            if outcome.before not in (None, outcome.state)
            else ""
        )
        words = _("{since}  {title}: {state}{was}: {reason}")
        show(
            words.format(
                since=since,
                title=checks[outcome.check].title,
                state=outcome.state.upper(),
                was=was,
                reason=outcome.reason,
            )
        )
    if found.diagnosis is not None:
        show_diagnosis(found.diagnosis)
        if found.diagnosis.verdict == "ok" and any(each.state == "down" for each in found.news):
            show(_("  so it is not our line: look at that thing itself"))
    for line in what_next(session, checks, found):
        show(line, "bold")
    for outcome in found.news:
        if outcome.state == "up":
            for stream in open_incidents(session.log, "incident"):
                show(_("Look whether it is over: bcp incident status --incident {id}").format(id=stream))


def what_next(session: Session, checks: Mapping[str, Check], found: Pass) -> list[str]:
    """The one command to type for what went down, unless the office lets it begin by itself.

    Where its runbook is open already, how to go on there: what was begun is not begun again.
    """
    suggested = [found.diagnosis.runbook] if found.diagnosis is not None and found.diagnosis.runbook else []
    down = [checks[outcome.check] for outcome in found.news if outcome.state == "down"]
    alone = {check.runbook for check in down if check.start == "auto"}
    names = dict.fromkeys(name for name in (*suggested, *(check.runbook for check in down)) if name)
    under_way = _under_way(session) if names else {}
    lines = []
    for name in names:
        if name in under_way:
            words = _("{runbook} is open already in {id}; go on: bcp incident resume --incident {id}")
            lines.append(words.format(runbook=name, id=under_way[name]))
        elif name not in alone:
            lines.append(_("To begin: {command}").format(command=f"bcp incident start {name}"))
    return lines


def how_to_go_on(session: Session, runbook: str) -> str:
    """The command that begins a runbook, or goes on where it is open already."""
    stream = _under_way(session).get(runbook)
    return f"bcp incident resume --incident {stream}" if stream else f"bcp incident start {runbook}"


def _under_way(session: Session) -> dict[str, str]:
    """Each runbook that an open incident is in, also one that a step or a decision led to; in which incident."""
    found: dict[str, str] = {}
    for stream in open_incidents(session.log, "incident"):
        incident = Book(session.log, stream).incident
        for name in (incident.runbook, *(phase.runbook for phase in incident.phases)):
            found.setdefault(name, stream)
    return found


_MOST_THINGS = 20


def show_diagnosis(found: Diagnosis) -> None:
    """The way from here to there, as a layman reads it, and the verdict."""
    marks = {
        "ok": "✔",
        "up": "✔",
        "broken": "✘",
        "down": "✘",
        "degraded": "~",
        "unknown": "?",
        "inconclusive": "?",
    }
    show()
    rows = picture(found)
    path, things = rows[: len(found.layers)], rows[len(found.layers) :]
    # What answers comes last: of five hundred things those that matter must be among the few that are shown.
    things.sort(key=lambda row: (row[0] != "down", row[0] == "up"))
    for state, name, seen in (*path, *things[:_MOST_THINGS]):
        show(f"  {marks[state]} {name}: {seen}")
    if len(things) > _MOST_THINGS:
        show("  " + _("… and {count} more").format(count=len(things) - _MOST_THINGS))
    show(_("  verdict: {verdict}").format(verdict=found.verdict), "bold")


def as_data(found: Pass) -> dict[str, object]:
    """The pass for programs: `{checks: [{check, state, before, reason, since, news}], verdict, runbook}`."""
    return {
        "checks": [_outcome(outcome) for outcome in found.outcomes],
        "verdict": found.diagnosis.verdict if found.diagnosis is not None else None,
        "runbook": found.diagnosis.runbook if found.diagnosis is not None else None,
    }


def _outcome(outcome: Outcome) -> dict[str, object]:
    from bcp.event import stamp

    return {
        "check": outcome.check,
        "state": outcome.state,
        "before": outcome.before,
        "reason": outcome.reason,
        "since": stamp(outcome.since),
        "news": outcome.is_news,
    }

"""Walks the chain of each journal, compares it with heads that were given away and with its journal.txt; it only reads.

What is damaged, older or forged may be the only witness, so nothing is mended here: a journal.txt that goes further
than the journal, or says something else, is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from bcp.app.incident.anchor import files
from bcp.app.incident.kept_heads import kept_heads, receipts
from bcp.app.incident.summaries import contradicts
from bcp.app.session import Session
from bcp.chain import proven
from bcp.errors import ChainBroken, InputError, StoreError, TooNew
from bcp.event import Event, Row
from bcp.files import in_words
from bcp.i18n import _
from bcp.incident.evidence.proof import Anchor, highest, last_line
from bcp.incident.evidence.verify import LEAST, bare_head
from bcp.incident.journal import PEN_ENDED, STARTED, of_kind
from bcp.incident.journal_text import TextDifference
from bcp.incident.state import Incident
from bcp.incident.text import noun
from bcp.progress import Progress, counted
from bcp.store.heads import Remembered
from bcp.store.integrity import Integrity

_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class JournalProof:
    """What was found of a journal: the number of its events up to where it holds, and the head there.

    `anchored_at` is the number of the last event that a head from outside stands for; None where none does. `findings`
    are what does not hold, a sentence each; `remarks` what is no fault. `whole` says that there is no finding.
    `last_line` says what is proven, and what not.
    """

    id: str
    whole: bool
    events: int
    head: str
    anchored: bool
    anchored_at: int | None
    findings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    last_line: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """The proofs of the journals that were asked for; `findings` are what belongs to none of them alone."""

    proofs: tuple[JournalProof, ...]
    findings: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found that does not hold."""
        return not self.findings and all(proof.whole for proof in self.proofs)


def verify(
    session: Session, streams: Sequence[str], kind: str, head: str | None = None, root: Path | None = None
) -> Verification:
    """Prove these journals of a kind, as far as each of them holds; time stamps of heads by the certificate `root`.

    With `head`, an anchor from outside, it is a finding that no journal holds that hash. Raises InputError where it
    is none, or that of another journal.
    """
    refuse_missing_root(root)
    # Before the journals are read: another command may go on writing them meanwhile.
    outside = _Outside(anchor_of(head), root, session.stores.remembered(), set())
    findings = _damage(session)
    words, count = _("Checking the records"), len(streams)
    several = counted(session.progress, words, streams, count, name=str) if count > 1 else streams
    proofs = tuple(_prove(session, stream, kind, outside) for stream in several)
    if outside.head and not outside.held:
        _refuse_head_of_another(session, outside.head, streams)
        which = f"the journal of {proofs[0].id} does not hold" if len(proofs) == 1 else "no journal holds"
        why = "its end was cut off or written anew since that head was printed"
        findings.append(f"{which} the head {head}: {why}")
    return Verification(proofs, tuple(findings))


def anchor_of(head: str | None) -> str:
    """The hash that was asked for, bare. Raises InputError for what is none, or too short to mean one event alone."""
    bare = bare_head(head or "")
    if head is not None and not bare:
        words = _('"{head}" is no head: at least {count} of the digits 0 to 9 and a to f are needed')
        hint = _(
            "copy it from a sheet, a report, a mail, a stamp or the manifest of an export; groups are fine"
        )
        raise InputError(words.format(head=head, count=LEAST), hint)
    return bare


def refuse_missing(file: Path | None, hint: str) -> None:
    """Raises InputError where a file is named and is none."""
    if file is not None and not file.is_file():
        raise InputError(_("there is no file {file}").format(file=file), hint)


def refuse_missing_root(root: Path | None) -> None:
    """The same of an authority's root certificate."""
    hint = _("give the authority's root certificate as a file: it begins with -----BEGIN CERTIFICATE-----")
    refuse_missing(root, hint)


def _damage(session: Session) -> list[str]:
    try:
        with session.progress.task(_("Checking the file of the store")):
            faults = session.stores.of(Integrity).faults()
    except StoreError as error:
        return [error.message]
    return [_("the file of the store is damaged: {what}").format(what=fault) for fault in faults]


def with_missing(session: Session, found: Verification, kind: str) -> Verification:
    """`found`, of all journals of a kind, and what this computer wrote into the store that is not in it any more."""
    gone = session.stores.remembered().missing(session.log.streams(STARTED))
    return replace(found, findings=(*found.findings, *(gone[stream] for stream in of_kind(gone, kind))))


def _refuse_head_of_another(session: Session, head: str, but: Sequence[str]) -> None:
    """Raises InputError where the head is that of another journal of the store: nothing was cut off then."""
    for stream in session.log.streams(STARTED):
        try:
            if stream in but or not any(row.hash.startswith(head) for row in session.log.rows(stream)):
                continue
        except StoreError:
            continue
        its_kind = "drill" if stream.startswith("drill-") else "incident"
        command = f"bcp {its_kind} verify --incident {stream} --head {head}"
        words, hint = _("this is a head of {id}"), _("check that: {command}")
        raise InputError(words.format(id=stream), hint.format(command=command))


class _Outside(NamedTuple):
    """What comes from elsewhere: a head, a certificate that stamps are believed by, and what this login remembers;
    which journals hold the head."""

    head: str
    root: Path | None
    remembered: Remembered
    held: set[str]


def _prove(session: Session, stream: str, kind: str, outside: _Outside) -> JournalProof:
    findings: list[str] = []
    kept_before = list(files(session).all(stream))
    rows, incident = _as_far_as_it_is_read(session, stream, kind, findings)
    is_read = not findings
    events = _as_far_as_it_holds(rows, findings, session.progress)
    remarks: list[str] = []
    anchors: list[Anchor] = []
    not_covered = [_of_the_store()]
    if events:
        with session.progress.task(_("Comparing journal.txt")):
            _look_at_text(session, events, findings, remarks)
        if incident is not None and incident.head.hash == events[-1].hash:
            _look_at_summary(session, incident, findings)
        paper = receipts(session, events)
        findings += paper.faults
        not_covered += [_("the receipt {file} (it is not there)").format(file=each) for each in paper.missing]
        # Also behind the first event that does not hold: what stands there as it was written is not gone.
        hashes = [str(row.hash) for row in rows]
        kept = kept_heads(session, kept_before, hashes, outside.root)
        if is_read:
            remembered = outside.remembered
            findings += remembered.contradictions(stream, hashes, events[-1].kind == PEN_ENDED)
            remarks += remembered.goes_on(stream, hashes)
        anchors += (anchor for anchor in kept.anchors if anchor.event <= len(events))
        findings += kept.faults
        remarks += [_("given away: {what}").format(what=each) for each in kept.given.values()]
        head = outside.head
        if at := next((event.seq for event in events if head and event.hash.startswith(head)), 0):
            outside.held.add(stream)
            when = kept.given.get(at)
            words = _("the head that you gave ({when})") if when else _("the head that you gave")
            anchors.append(Anchor(at, words.format(when=when)))
    anchored_at = highest(anchors) or None
    last = last_line(len(findings), len(events), anchors, not_covered)
    found, told = tuple(findings), tuple(remarks)
    end = events[-1].hash if events else ""
    return JournalProof(stream, not findings, len(events), end, bool(anchors), anchored_at, found, told, last)


def _of_the_store() -> str:
    """What the head of a journal in the store does not stand for, before an export writes the hashes down."""
    return _("letters, checks and what was switched, as the store holds them now (an export covers them)")


def _as_far_as_it_is_read(
    session: Session, stream: str, kind: str, findings: list[str]
) -> tuple[list[Row], Incident | None]:
    """The rows of a journal, and what they add up to; what keeps it from being read on is a finding."""
    rows: list[Row] = []
    incident = None
    try:
        with session.progress.task(_("Reading the record")) as task:
            incident = session.book(stream, kind).incident
            for row in session.log.rows(stream):
                rows.append(row)
                task.advance()
    except StoreError as error:
        findings.append(error.message)
    return rows, incident


def _as_far_as_it_holds(rows: Sequence[Row], findings: list[str], progress: Progress) -> list[Event]:
    """The events up to the first that does not hold, which is a finding."""
    events = []
    try:
        for event in counted(progress, _("Checking the entries"), proven(rows), len(rows)):
            events.append(event)
    except ChainBroken as error:
        findings.append(error.message)
    return events


def _look_at_text(session: Session, events: Sequence[Event], findings: list[str], remarks: list[str]) -> None:
    """Compare journal.txt with what holds of the journal, line by line."""
    try:
        found = session.stores.record.compare(events)
    except OSError as error:
        remarks.append(_("journal.txt was not looked at: {why}").format(why=in_words(error).lower()))
        return
    except TooNew:
        remarks.append(_("journal.txt was not looked at: the journal is of a newer version of bcp"))
        return
    if found.is_finding:
        findings.append(_difference(found))
        findings += [_("only in journal.txt: {line}").format(line=line) for line in found.more[:_MOST_LINES]]
        if len(found.more) > _MOST_LINES:
            findings.append(_("and {count} more lines").format(count=len(found.more) - _MOST_LINES))
    elif found:
        words = _("journal.txt lacks the last lines, from #{number} on; to complete it: bcp incident resume")
        remarks.append(words.format(number=found.missing[0]))


def _look_at_summary(session: Session, incident: Incident, findings: list[str]) -> None:
    """Compare what is kept of it for the list with what the journal says; one of before is no finding: it is unused."""
    with suppress(StoreError):
        if contradicts(session, incident):
            words = _("the list shows something else of it than the log says; to correct the list: {command}")
            command = f"bcp {noun(incident)} resume --incident {incident.id}"
            findings.append(words.format(command=command))


def _difference(found: TextDifference) -> str:
    file = found.path
    if found.is_mixed:
        return _("{file}: its lines stand in another order than the journal").format(file=file)
    if not found.more:
        numbers = ", ".join(f"#{number}" for number in found.missing[:_MOST_LINES])
        return _("{file}: lines are missing that the journal has: {numbers}").format(
            file=file, numbers=numbers
        )
    if not found.missing:
        return _(
            "{file}: it says more than the journal; the journal may be an older copy, or damaged"
        ).format(file=file)
    return _("{file}: it says something else than the journal, from #{number} on").format(
        file=file, number=found.missing[0]
    )

"""Checks an export from anywhere with our own code: its files, its chain, and the stamps and signatures beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bcp.app.incident.export import SIGN_WITHIN
from bcp.app.incident.verify import anchor_of, refuse_missing, refuse_missing_root
from bcp.app.session import Session
from bcp.app.watched_world import WatchedWorld
from bcp.errors import ChainBroken, InputError
from bcp.event import stamp as as_text
from bcp.files import in_words
from bcp.i18n import _
from bcp.incident.evidence import verify
from bcp.incident.evidence.anchors import FOLDER, stamped_text
from bcp.incident.evidence.export import SUMS
from bcp.incident.evidence.proof import Anchor, highest, last_line
from bcp.outside import Program, Ran
from bcp.world.real import Real
from bcp.world.secret import Secrets

_CLOCKS_APART = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Which folder is checked; the `head` that was given away, the `root` certificate of an authority (PEM), and the
    `signers` that are believed, as ssh-keygen reads them; the `incident` that it is to be the record of."""

    folder: Path
    head: str | None = None
    root: Path | None = None
    signers: Path | None = None
    incident: str | None = None


@dataclass(frozen=True, slots=True)
class ExportProof:
    """What was found: the faults, what is not covered (each with why), the anchors, and all of it in one line.

    `kind` is incident or drill.
    """

    folder: str
    events: int
    head: str
    faults: list[str]
    not_covered: dict[str, str]
    anchors: list[Anchor]
    last_line: str
    kind: str = "incident"

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts anything, and all that should prove something does."""
        return not self.faults


def verify_export(session: Session, request: CheckRequest) -> ExportProof:
    """Look at all of it. Raises InputError where it is no export, or a head or a file for the check is none."""
    head = anchor_of(request.head)
    folder = request.folder
    refuse_missing_root(request.root)
    refuse_missing(request.signers, _signers_hint())
    try:
        with session.progress.task(_("Checking the export")):
            found = verify.examine(folder)
        # A journal that is broken has no end that anything could be the anchor of.
        anchors = [] if found.chain.faults else [*_anchors(session, request, found, head)]
    except OSError as error:
        raise InputError(
            _("{folder} is no whole export: {why}").format(folder=folder, why=in_words(error)),
            _("unpack a zip first; else give the folder of: bcp incident export"),
        ) from None
    if any(anchor.is_of_files for anchor in anchors) and not found.is_masked:
        # What is not there no list of hashes stands for.
        there = [name for name in found.uncovered if (folder / name).is_file()]
        for name in there:
            del found.uncovered[name]
    hashes = found.chain.hashes
    last = last_line(len(found.faults), len(hashes), anchors, _not_covered(found, anchors))
    return ExportProof(
        str(folder),
        len(hashes),
        hashes[-1] if hashes else "",
        found.faults,
        found.uncovered,
        anchors,
        last,
        verify.kind_of(found.chain),
    )


def _not_covered(found: verify.Examined, anchors: Sequence[Anchor]) -> list[str]:
    late = 0 < highest(anchors) < found.covered_at
    files = [_("all files beside the journal (their hashes came after that anchor)")] if late else []
    return [*files, *map(verify.shown, found.uncovered)]


def _anchors(session: Session, request: CheckRequest, found: verify.Examined, head: str) -> Iterator[Anchor]:
    """Everything that was given away and is there; what cannot be checked is a fault of `found`."""
    chain, end = found.chain, len(found.chain.hashes)
    if head:
        at = verify.anchored_at(chain, head)
        if at:
            yield Anchor(at, _("the head that you gave"))
        else:
            words = _("no event has the head {head}: the journal was cut off or written anew")
            found.faults.append(words.format(head=head))
    checks: dict[str, Callable[[], str]] = {
        f"{SUMS}.tsr": lambda: _stamp(request, f"{SUMS}.tsr", (request.folder / SUMS).read_bytes()).words,
        f"{SUMS}.sig": lambda: _signature(session, request),
    }
    for name, check in checks.items():
        if (request.folder / name).is_file():
            try:
                yield Anchor(end, check(), is_of_files=True, is_dated=name.endswith(".tsr"))
            except ValueError as error:
                found.faults.append(f"{name}: {error}")
    stamps = sorted((request.folder / FOLDER).glob("*.tsr"))
    found.faults.extend(_what_is_not_there(request, found, bool(stamps)))
    for path in stamps:
        name = f"{FOLDER}/{path.name}"
        number = int(path.stem) if path.stem.isdecimal() else 0
        try:
            if not 0 < number <= end or not chain.hashes[number - 1]:
                raise ValueError(_("there is no such event"))
            yield _stamped_event(request, found, number, name)
        except ValueError as error:
            found.faults.append(f"{name}: {error}")


def _what_is_not_there(request: CheckRequest, found: verify.Examined, has_stamps: bool) -> Iterator[str]:
    """What whoever checks this folder expects of it and does not find: it may have been taken away."""
    stream = found.chain.events[0].get("stream") if found.chain.events else None
    if request.incident is not None and stream != request.incident:
        yield _("this is the record of {other}, not of {id}").format(other=stream, id=request.incident)
    if request.root is not None and not has_stamps and not (request.folder / f"{SUMS}.tsr").is_file():
        yield _("no stamp lies there that could be checked with {file}").format(file=request.root)
    if request.signers is not None and not (request.folder / f"{SUMS}.sig").is_file():
        yield _("no signature lies there that could be checked with {file}").format(file=request.signers)


def _signers_hint() -> str:
    return _("one line a signer: name, a space, and the public key (man ssh-keygen, ALLOWED SIGNERS)")


def _stamped_event(request: CheckRequest, found: verify.Examined, number: int, name: str) -> Anchor:
    """The anchor of a stamped head. An event that says it was written after that has a time that is not so."""
    stamp = _stamp(request, name, stamped_text(found.chain.hashes[number - 1]))
    told = found.chain.events[number - 1].get("recorded_at")
    if isinstance(told, str) and told > as_text(stamp.at + _CLOCKS_APART):
        words = _(
            "event {event} says that it was written at {told}, and it was stamped before: a clock was wrong"
        )
        found.uncovered[_("the times")] = words.format(event=number, told=told)
    return Anchor(number, stamp.words, is_dated=True)


class _Stamp(NamedTuple):
    """When an authority stamped something, and that in words."""

    at: datetime
    words: str


def _stamp(request: CheckRequest, name: str, data: bytes) -> _Stamp:
    """How a stamp anchors. Raises ValueError where it does not, or cannot be checked."""
    from bcp.world.timestamp import stamp_time

    if request.root is None:
        raise ValueError(
            _("this stamp was not checked: give the authority's root certificate with --root PEM")
        )
    try:
        at = stamp_time(data, (request.folder / name).read_bytes(), request.root)
    except ValueError as error:
        raise ValueError(_("this stamp proves nothing: {why}").format(why=error)) from None
    return _Stamp(at, _("a time stamp of {time}").format(time=f"{at:%Y-%m-%d %H:%M:%S} UTC"))


def _signature(session: Session, request: CheckRequest) -> str:
    """Who signed. Raises ValueError where nobody who is believed did, or it cannot be checked."""
    if request.signers is None:
        raise ValueError(_("this signature was not checked: give the allowed signers with --signers FILE"))
    sums = (request.folder / SUMS).read_text(encoding="utf-8", errors="surrogateescape")
    common = ("-n", "bcp", "-f", str(request.signers), "-s", str(request.folder / f"{SUMS}.sig"))
    # Not through an office: whoever checks an export need not have one.
    world = WatchedWorld(Real(Secrets(Path(), session.environ)), session.progress)
    found = world.run(Program(("ssh-keygen", "-Y", "find-principals", *common), SIGN_WITHIN))
    who = found.output.strip().splitlines()[0].strip() if found.code == 0 and found.output.strip() else ""
    if not who:
        raise ValueError(_("this signature is of nobody in the signers' file: {why}").format(why=_why(found)))
    ran = world.run(Program(("ssh-keygen", "-Y", "verify", "-I", who, *common), SIGN_WITHIN, stdin=sums))
    if ran.code != 0:
        raise ValueError(_("this signature does not fit: {why}").format(why=_why(ran)))
    return _("a signature of {who} (it does not say when)").format(who=verify.shown(who))


def _why(ran: Ran) -> str:
    return verify.shown(((ran.trouble or ran.output).strip().splitlines() or [_("no reason")])[-1])


def refuse_broken(proof: ExportProof) -> None:
    """Raises ChainBroken where something does not hold."""
    if not proof.holds:
        words = _("the export {folder} does not hold: faults: {count}").format(
            folder=proof.folder, count=len(proof.faults)
        )
        hint = _("ask whoever gave it to you for another copy, and run no program that lies in it")
        raise ChainBroken(words, hint)

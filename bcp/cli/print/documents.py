"""What the verbs of `bcp print` do: documents are made, written or sent to a printer, and paper is looked up."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bcp.app.load_office import office_for
from bcp.app.session import Session
from bcp.cli.print.cache import file_of, following, hashes, kept
from bcp.cli.print.options import Asked, AskedPages
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit, InputError, StoreError
from bcp.i18n import _, speak
from bcp.page.age import Age, age, aged
from bcp.page.blocks import Document
from bcp.page.cache import Ready, asked, fingerprint
from bcp.page.catalog import Shelf, Wanted
from bcp.page.copies import Copies, Copy
from bcp.page.labels import Words
from bcp.page.pdf import PAPERS, SIZES, as_json
from bcp.times import local

_ALONE = ("phone-card", "door", "calls")
_OF_INCIDENT = ("incident", "call-list")
_SUFFIXES = (".pdf", ".html", ".txt")


@dataclass(frozen=True, slots=True)
class Order:
    """What one command asks to be printed."""

    kind: str
    runbooks: tuple[str, ...]
    role: str
    output: str | None
    paper: str
    text: str
    language: str | None
    printer: str | None

    @classmethod
    def of(cls, asked: Asked, kind: str, names: tuple[str, ...] = (), role: str = "") -> Order:
        """What the command line asks for. Raises InputError for a paper or a text size that there is not."""
        text = asked.text if isinstance(asked, AskedPages) else "normal"
        return cls(kind, names, role, asked.output, asked.paper, text, asked.lang, asked.to)

    def __post_init__(self) -> None:
        """Raises InputError for a paper or a text size that there is not."""
        _check_choice("--paper", self.paper, list(PAPERS))
        _check_choice("--text", self.text, list(SIZES))


def carry_out(session: Session, order: Order) -> int:
    """Make the documents and put them where they were asked for."""
    from_ = _fingerprint(session.folder)
    shelf = shelf_of(session, () if order.kind == "calls" else order.runbooks)
    words = Words(order.language or shelf.whole.office.language)
    names = list(shelf.whole.runbooks if order.kind == "calls" else order.runbooks or shelf.whole.runbooks)
    wanted = _wanted(shelf, order, names)
    with_contacts = any(each.kind == "calls" for each in wanted)
    shelf.check([] if order.kind in _ALONE else names, order.paper, order.text, with_contacts)
    contents = [shelf.content(each) for each in wanted]
    is_pack = order.kind == "pack"
    documents = shelf.pack(words) if is_pack else [shelf.document(each, words) for each in wanted]
    is_kept = _keep(Copies(session.folder), contents)
    if not is_kept or shelf.whole.slips or with_contacts:
        from_ = ""  # what names clients lies nowhere but in their files: they can be forgotten
    return put(session, documents, words, order, (from_, contents))


def _fingerprint(office: Path) -> str:
    """What the pages are made from; nothing where a file cannot be read: then they are not kept for the next time."""
    try:
        return fingerprint(office)
    except OSError:
        return ""


Origin = tuple[str, Sequence[Mapping[str, Any]]]
"""The fingerprint of the files that documents come from (else nothing), and the content of each document."""


def put(
    session: Session, documents: Sequence[Document], words: Words, order: Order, origin: Origin = ("", ())
) -> int:
    """Write `documents` into the file that was asked for, or show them, or send them to a printer.

    What comes from files with a fingerprint is kept for the next time.
    """
    if order.output == "-":
        from bcp.page.text import write

        sys.stdout.write(write(documents, words))
        return Exit.OK
    path = Path(order.output or file_of(documents[0]))
    if path.suffix.lower() not in _SUFFIXES:
        raise InputError(f"{path} names no kind of file", f"let it end in one of: {', '.join(_SUFFIXES)}")
    if order.printer and path.suffix.lower() != ".pdf":
        raise InputError("only a PDF can be sent to a printer", "leave -o out, or let it end in .pdf")
    if path.suffix.lower() == ".pdf":
        _write_pdf(session, path, documents, words, order, origin)
    else:
        _write(path, _made(path, documents, words))
    say(str(path), "green")
    for text, _style in hashes(documents):
        say(text)
    if order.printer:
        _print(session, path, order.printer)
    if order.kind not in _OF_INCIDENT:
        show_next(following(documents))
    return Exit.OK


def _write_pdf(
    session: Session, path: Path, documents: Sequence[Document], words: Words, order: Order, origin: Origin
) -> None:
    """Set the pages; the same command line on the same files finds them ready the next time."""
    from bcp.page.typeset import typeset

    told = as_json(documents, words, order.paper, order.text)
    _write(path, typeset(told, documents[0].title))
    from_, contents = origin
    if from_ and not order.printer and sys.argv[1:2] == ["print"]:
        wanted, output = asked(sys.argv[1:])
        file = str(path) if output is None else None
        Ready(session.folder).keep(wanted, from_, kept(documents, contents, told, file))


def shelf_of(session: Session, runbooks: Sequence[str]) -> Shelf:
    """The shelf of the office; mistakes stop only where they concern one of `runbooks`."""
    whole = office_for(session, runbooks[0] if len(runbooks) == 1 else None)
    speak(whole.office.language)
    shelf = Shelf(whole)
    for name in runbooks:
        shelf.loaded(name)
    return shelf


def verify(session: Session, hash_: str, as_json: bool) -> int:
    """Say how the page with that hash stands today."""
    shelf = shelf_of(session, ())
    told = age(hash_, shelf, Copies(session.folder), _today(session, shelf))
    if as_json:
        show_json(_age_as_json(told))
    else:
        for line in _say_age(told, shelf):
            show(line)
        if told.state != "current":
            show_next((f"bcp print {_again(told)}", "bcp print copies list"))
    return Exit.OK if told.state == "current" else Exit.DUE


def outdated(session: Session, as_json: bool) -> int:
    """List the copies that hang somewhere and are not current any more."""
    shelf = shelf_of(session, ())
    found = aged(shelf, Copies(session.folder), _today(session, shelf))
    if as_json:
        show_json([{"name": copy.name, "place": copy.place, **_age_as_json(told)} for copy, told in found])
    else:
        for copy, told in found:
            show(f"{copy.name} ({copy.place}), given out on {copy.given_out}:", "bold")
            for line in _say_age(told, shelf):
                show(f"    {line}")
        if found:
            show_next(("bcp print RUNBOOK", "bcp print copies collect NAME"))
        else:
            say(_("Every copy that is noted is current."), "green")
    return Exit.DUE if found else Exit.OK


def add(session: Session, hash_: str, name: str, place: str) -> int:
    """Note where a copy hangs; its hash must be one that was printed here."""
    shelf, copies = shelf_of(session, ()), Copies(session.folder)
    today = _today(session, shelf)
    told = age(hash_, shelf, copies, today)
    copies.add(Copy(name, place, told.hash, today.isoformat()))
    say(f"{name}: {told.about} {told.hash}, {place}", "green")
    if told.state != "current":
        say(_("This page is not current: print a new one."), "yellow")
    show_next(("bcp print copies list", "bcp print outdated"))
    return Exit.OK


def _wanted(shelf: Shelf, order: Order, names: Sequence[str]) -> list[Wanted]:
    """The documents that are asked for; of a pack, its front and everything that lies in it."""
    if order.kind == "pack":
        return [Wanted("pack"), *shelf.packed()]
    if order.kind == "calls":
        notice, audience, *_more = (*order.runbooks, "", "")
        return [Wanted("calls", notice, audience)]
    about = names if order.kind in ("runbook", "role", "wallet") else [""]
    if order.role and not order.runbooks:
        about = shelf.with_role(order.role)
    if not about:
        raise InputError("this office has no runbook to print", "copy one into runbooks/, then: bcp validate")
    return [Wanted(order.kind, name, order.role) for name in about]


def _keep(copies: Copies, contents: Sequence[Mapping[str, Any]]) -> bool:
    """Remember what is printed; whether that could be done: a folder that cannot be written stops no print."""
    try:
        for content in contents:
            copies.keep(content)
    except StoreError as error:
        say(
            _("The page is printed, but not remembered for verify: {why}").format(why=error.message), "yellow"
        )
        return False
    return True


def _made(path: Path, documents: Sequence[Document], words: Words) -> bytes:
    from bcp.page import html, text

    writer = html.write if path.suffix.lower() == ".html" else text.write
    return writer(documents, words).encode()


def _write(path: Path, made: bytes) -> None:
    try:
        path.write_bytes(made)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}",
            "name another file with -o, in a folder that you may write to",
        ) from None


def _print(session: Session, path: Path, printer: str) -> None:
    from bcp.page.printer import send
    from bcp.world.real import Real
    from bcp.world.secret import Secrets

    world = Real(Secrets(session.folder, session.environ))
    say(send(path.resolve(), printer, world, session.clock), "green")


def _today(session: Session, shelf: Shelf) -> date:
    return session.clock.now().astimezone(shelf.whole.office.zone).date()


def _again(told: Age) -> str:
    return told.about.replace(", role ", " --role ")


def _say_age(told: Age, shelf: Shelf) -> list[str]:
    since = local(told.since, shelf.whole.office.zone) if told.since else ""
    said = {
        "current": _("{about}: current."),
        "expired": _("{about}: nothing changed, but its review is overdue."),
        "withdrawn": _("{about}: does not exist any more."),
        "outdated": _("{about}: outdated since {since}; the current one is {now}. What changed:"),
    }[told.state]
    return [
        said.format(about=told.about, since=since, now=told.now),
        *(f"  - {change}" for change in told.changed),
    ]


def _age_as_json(told: Age) -> dict[str, Any]:
    return {
        "hash": told.hash,
        "about": told.about,
        "state": told.state,
        "since": told.since.isoformat(timespec="seconds") if told.since else None,
        "changed": list(told.changed),
        "now": told.now,
    }


def _check_choice(option: str, given: str, choices: Sequence[str]) -> None:
    if given not in choices:
        raise InputError(f'{option}: "{given}" is not known', f"choose one of: {', '.join(choices)}")

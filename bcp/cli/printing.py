"""What the verbs of `bcp print` do: documents are made, written or sent to a printer, and paper is looked up."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bcp.cli.console import say, show, show_json, show_next
from bcp.cli.reading import office_for
from bcp.cli.wiring import Session
from bcp.errors import Exit, InputError
from bcp.page.age import Age, age, aged
from bcp.page.blocks import Document
from bcp.page.copies import Copies, Copy
from bcp.page.pdf import PAPERS, SIZES
from bcp.page.shelf import Shelf, Wanted, pages
from bcp.page.words import Words
from bcp.times import local
from bcp.tongue import _, speak

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

    def __post_init__(self) -> None:
        """Raises InputError for a paper or a text size that there is not."""
        _check_choice("--paper", self.paper, list(PAPERS))
        _check_choice("--text", self.text, list(SIZES))


def carry_out(session: Session, order: Order) -> int:
    """Make the documents and put them where they were asked for."""
    shelf = shelf_of(session, order.runbooks)
    words = Words(order.language or shelf.whole.office.language)
    names = list(order.runbooks or shelf.whole.runbooks)
    shelf.check([] if order.kind in ("phone-card", "door") else names, order.paper, order.text)
    documents = _documents(shelf, order, names, words, Copies(session.folder))
    return put(session, documents, words, order)


def put(session: Session, documents: Sequence[Document], words: Words, order: Order) -> int:
    """Write `documents` into the file that was asked for, or show them, or send them to a printer."""
    if order.output == "-":
        from bcp.page.text import write

        sys.stdout.write(write(documents, words))
        return Exit.OK
    path = Path(order.output or f"{documents[0].id}-{documents[0].proof.hash}.pdf")
    if path.suffix.lower() not in _SUFFIXES:
        raise InputError(f"{path} names no kind of file", f"let it end in one of: {', '.join(_SUFFIXES)}")
    if order.printer and path.suffix.lower() != ".pdf":
        raise InputError("only a PDF can be sent to a printer", "leave -o out, or let it end in .pdf")
    _write(path, _made(path, documents, words, order))
    say(str(path), "green")
    for document in documents:
        say(f"    {document.proof.hash}  {document.title}")
    if order.printer:
        _print(session, path, order.printer)
    if order.kind != "incident":
        show_next((f"bcp print copies add {documents[0].proof.hash} NAME PLACE", "bcp print outdated"))
    return Exit.OK


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


def _documents(
    shelf: Shelf, order: Order, names: Sequence[str], words: Words, copies: Copies
) -> list[Document]:
    if order.kind == "pack":
        for each in (Wanted("pack"), *shelf.packed()):
            copies.keep(shelf.content(each))
        return shelf.pack(words)
    about = names if order.kind in ("runbook", "role", "wallet") else [""]
    contents = [shelf.content(Wanted(order.kind, name, order.role)) for name in about]
    if not contents:
        raise InputError("this office has no runbook to print", "copy one into runbooks/, then: bcp validate")
    for content in contents:
        copies.keep(content)
    return [pages(content, words) for content in contents]


def _made(path: Path, documents: Sequence[Document], words: Words, order: Order) -> bytes:
    from bcp.page import html, pdf, text

    if path.suffix.lower() == ".pdf":
        return pdf.write(documents, words, order.paper, order.text)
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

"""Prints where paper was written to, and how copies stand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bcp.app.data import data_of
from bcp.app.print.copies import Outdated
from bcp.app.print.documents import Printed, PrintRequest, send_to_printer
from bcp.app.print.documents import put as put_documents
from bcp.app.session import Session
from bcp.cli.print.options import PageOptions, PrintOptions
from bcp.cli.terminal.output import (
    next_lines,
    say,
    show,
    show_mistakes,
    show_next,
    show_text,
)
from bcp.errors import Exit, SourceError
from bcp.i18n import _
from bcp.page.age import Age
from bcp.page.blocks import Document
from bcp.page.labels import Labels
from bcp.times import local

Styled = tuple[str, str]
"""A line of talk, and its style."""
_OF_INCIDENT = ("incident", "call-list")


def request_of(asked: PrintOptions, kind: str, names: Sequence[str] = (), role: str = "") -> PrintRequest:
    """What the command line asks for. Raises InputError for a paper or a text size that there is not."""
    text = asked.text if isinstance(asked, PageOptions) else "normal"
    typed = tuple(sys.argv[1:]) if sys.argv[1:2] == ["print"] else ()
    return PrintRequest(
        kind, tuple(names), role, asked.output, asked.paper, text, asked.lang, asked.to, typed
    )


def put(session: Session, documents: Sequence[Document], words: Labels, request: PrintRequest) -> int:
    """Write documents that are made already, and say where."""
    printed = put_documents(session, documents, words, request)
    return show_printed(session, printed, request)


def show_printed(session: Session, printed: Printed, request: PrintRequest) -> int:
    """Say where it was written to, or print its text; then it goes to the printer that was asked for."""
    if printed.path is None:
        show_text(printed.text)
        return _kept_back(printed)
    say(str(printed.path), "green")
    _show_remarks(printed)
    for text, _style in _hashes(printed.documents):
        say(text)
    if request.printer:
        say(send_to_printer(session, printed.path, request.printer), "green")
    if request.kind not in _OF_INCIDENT:
        show_next(_following(printed.documents))
    return _kept_back(printed)


def _show_remarks(printed: Printed) -> None:
    """What looks otherwise on paper than it was meant, one remark for each place."""
    show_mistakes(SourceError(printed.remarks))
    for words in printed.boxes:
        say(words, "yellow")


def _kept_back(printed: Printed) -> int:
    """Name what is not in it; the exit status."""
    if not printed.kept_back:
        return Exit.OK
    say(_("These could not be printed, all others were:"), "bold red")
    show_mistakes(SourceError(printed.kept_back))
    return Exit.INPUT


def lines_below(documents: Sequence[Document]) -> list[Styled]:
    """What is said below the name of a file with these documents."""
    return [*_hashes(documents), *((line, "bold") for line in next_lines(_following(documents)))]


def _hashes(documents: Sequence[Document]) -> list[Styled]:
    return [(f"    {document.proof.hash}  {document.title}", "") for document in documents]


def _following(documents: Sequence[Document]) -> tuple[str, ...]:
    return f"bcp print copies add {documents[0].proof.hash} NAME PLACE", "bcp print outdated"


def show_age(age: Age, zone: ZoneInfo) -> None:
    """How a page stands, what changed, and how to print it anew."""
    for line in _age_lines(age, zone):
        show(line)
    if age.state != "current":
        again = age.about.replace(", role ", " --role ")
        show_next((f"bcp print {again}", "bcp print copies list"))


def age_as_data(age: Age) -> dict[str, Any]:
    """The same for programs: `{hash, about, state, since, changed, now}`."""
    since = age.since.isoformat(timespec="seconds") if age.since else None
    return {**data_of(age), "since": since}


def show_outdated(found: Sequence[Outdated]) -> None:
    """The copies that are to be replaced."""
    for each in found:
        show(f"{each.copy.name} ({each.copy.place}), given out on {each.copy.given_out}:", "bold")
        for line in _age_lines(each.age, each.zone):
            show(f"    {line}")
    if found:
        show_next(("bcp print RUNBOOK", "bcp print copies collect NAME"))
    else:
        say(_("Every copy that is noted is current."), "green")


def _age_lines(age: Age, zone: ZoneInfo) -> list[str]:
    since = local(age.since, zone) if age.since else ""
    sentences = {
        "current": _("{about}: current."),
        "expired": _("{about}: nothing changed, but its review is overdue."),
        "withdrawn": _("{about}: does not exist any more."),
        "outdated": _("{about}: outdated since {since}; the current one is {now}. What changed:"),
    }
    return [
        sentences[age.state].format(about=age.about, since=since, now=age.now),
        *(f"  - {change}" for change in age.changed),
    ]

"""Makes what an office prints: sheets, cards, lists and the pack; writes it, or sends it to a printer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bcp.app.print.cache import Lines, entry, file_of, fingerprint_of
from bcp.app.print.printable import printable_sheets
from bcp.app.session import Session
from bcp.errors import InputError, Mistake, SourceError, StoreError
from bcp.files import in_words, whole
from bcp.i18n import _
from bcp.page.blocks import Document
from bcp.page.cache import Ready, asked
from bcp.page.catalog import Catalog, Wanted
from bcp.page.copies import Copies
from bcp.page.labels import Labels
from bcp.page.letters import said_of
from bcp.page.pdf import PAPERS, SIZES, as_json, strange_in

_OF_PLANS = ("runbook", "role", "wallet")
_ALONE = ("phone-card", "door", "calls")
_SUFFIXES = (".pdf", ".html", ".txt")


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """What is to be printed, and how.

    `runbooks` are their names (of a call list its notice and audience); `output` is a file, `-` for text; `typed` is
    the command line, where the same one finds the page ready the next time.
    """

    kind: str
    runbooks: tuple[str, ...]
    role: str
    output: str | None
    paper: str
    text: str
    language: str | None
    printer: str | None
    typed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises InputError for a paper or a text size that there is not."""
        _check_choice("--paper", self.paper, list(PAPERS))
        _check_choice("--text", self.text, list(SIZES))


@dataclass(frozen=True, slots=True)
class Printed:
    """What was made: the file that it was written to, else its text.

    `remarks` are places that look otherwise on paper than they were meant, `boxes` the same of what has no place;
    `kept_back` are the mistakes for which something that was asked for is not in it.
    """

    documents: Sequence[Document]
    path: Path | None
    text: str = ""
    remarks: Sequence[Mistake] = ()
    boxes: Sequence[str] = ()
    kept_back: Sequence[Mistake] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where documents come from: the fingerprint of the files, the content of each, what is said of them.

    `remarks` and `kept_back` as in `Printed`.
    """

    fingerprint: str
    contents: Sequence[Mapping[str, Any]]
    lines: Lines
    remarks: Sequence[Mistake] = ()
    kept_back: Sequence[Mistake] = ()


def print_documents(session: Session, request: PrintRequest, lines: Lines) -> Printed:
    """Make the documents and write them. `lines` are kept for the next time (see `app/print/cache`).

    Raises SourceError for mistakes in all that is printed, InputError for what there is not, or for a file that cannot
    be written.
    """
    fingerprint = fingerprint_of(session)
    sheets = printable_sheets(session, () if request.kind in _ALONE else request.runbooks)
    if request.kind in _OF_PLANS and sheets.mistakes and not sheets.names:
        raise SourceError(sheets.mistakes)
    catalog = sheets.catalog
    words = Labels(request.language or catalog.whole.office.language)
    wanted = _wanted(catalog, request, list(sheets.names))
    with_contacts = any(each.kind == "calls" for each in wanted)
    is_alone = request.kind in _ALONE
    names = [] if is_alone else list(sheets.names)
    remarks = catalog.remarks(names, request.paper, request.text, with_contacts)
    contents = [catalog.content(each) for each in wanted]
    is_pack = request.kind == "pack"
    documents = catalog.pack(words) if is_pack else [catalog.document(each, words) for each in wanted]
    is_registered = _register(session, contents)
    if not is_registered or catalog.whole.slips or with_contacts or remarks:
        fingerprint = ""  # what names clients lies nowhere but in their files: they can be forgotten
    kept_back = () if is_alone else sheets.mistakes
    source = Source(fingerprint, contents, lines, remarks, kept_back)
    return put(session, documents, words, request, source)


def put(
    session: Session,
    documents: Sequence[Document],
    words: Labels,
    request: PrintRequest,
    source: Source | None = None,
) -> Printed:
    """Write `documents` into the file that was asked for, or make their text.

    What comes from files with a fingerprint is kept for the next time. Raises InputError for a file that cannot be
    written, or is of no kind that there is.
    """
    kept_back = source.kept_back if source else ()
    if request.output == "-":
        from bcp.page.text import write

        return Printed(documents, None, write(documents, words), kept_back=kept_back)
    path = Path(request.output or file_of(documents[0]))
    if path.suffix.lower() not in _SUFFIXES:
        raise InputError(f"{path} names no kind of file", f"let it end in one of: {', '.join(_SUFFIXES)}")
    if request.printer and path.suffix.lower() != ".pdf":
        raise InputError("only a PDF can be sent to a printer", "leave -o out, or let it end in .pdf")
    if path.suffix.lower() != ".pdf":
        _write(path, _made(path, documents, words))
        return Printed(documents, path, kept_back=kept_back)
    remarks = source.remarks if source else ()
    boxes = () if remarks else boxes_in(documents)
    printed = Printed(documents, path, "", remarks, boxes, kept_back)
    from bcp.page.typeset import typeset

    layout = as_json(documents, words, request.paper, request.text)
    _write(path, typeset(layout, documents[0].title, session.progress))
    is_clean = not (printed.boxes or kept_back)
    if source is not None and source.fingerprint and is_clean and not request.printer and request.typed:
        _keep_ready(session, printed, layout, request, source)
    return printed


def send_to_printer(session: Session, path: Path, printer: str) -> str:
    """Send a PDF there; what is to be said of it. Raises InputError where that does not work."""
    from bcp.app.worlds import world_of
    from bcp.page.printer import send

    return send(path.resolve(), printer, world_of(session), session.clock)


def boxes_in(documents: Sequence[Document]) -> list[str]:
    """What paper cannot show of documents whose texts have no place in a file: one sentence each."""
    found = ((each.title, strange_in(each)) for each in documents)
    return [f"{title}: {said_of(signs)}" for title, signs in found if signs]


def remark_boxes(session: Session, documents: Sequence[Document]) -> None:
    """Let a person know what a PDF of these documents cannot show."""
    for words in boxes_in(documents):
        session.remark(words)


def _keep_ready(
    session: Session, printed: Printed, layout: str, request: PrintRequest, source: Source
) -> None:
    """The same command line on the same files finds its pages ready the next time."""
    wanted, output = asked(request.typed)
    file = str(printed.path) if output is None else None
    kept = entry(printed.documents, source.contents, layout, file, source.lines)
    Ready(session.folder).keep(wanted, source.fingerprint, kept)


def _wanted(catalog: Catalog, request: PrintRequest, names: Sequence[str]) -> list[Wanted]:
    """The documents that are asked for; of a pack, its front and everything that lies in it."""
    if request.kind == "pack":
        return [Wanted("pack"), *catalog.packed()]
    if request.kind == "calls":
        notice, audience, *_more = (*request.runbooks, "", "")
        return [Wanted("calls", notice, audience)]
    about = names if request.kind in _OF_PLANS else [""]
    if request.role and not request.runbooks:
        about = catalog.with_role(request.role)
    if not about:
        raise InputError("this office has no runbook to print", "copy one into runbooks/, then: bcp validate")
    return [Wanted(request.kind, name, request.role) for name in about]


def _register(session: Session, contents: Sequence[Mapping[str, Any]]) -> bool:
    """Remember what is printed; whether that could be done: a folder that cannot be written stops no print."""
    copies = Copies(session.folder)
    try:
        for content in contents:
            copies.keep(content)
    except StoreError as error:
        words = _("The page is printed, but not remembered for verify: {why}")
        session.remark(words.format(why=error.message))
        return False
    return True


def _made(path: Path, documents: Sequence[Document], words: Labels) -> bytes:
    from bcp.page import html, text

    writer = html.write if path.suffix.lower() == ".html" else text.write
    return writer(documents, words).encode()


def _write(path: Path, made: bytes) -> None:
    try:
        with whole(path) as file:
            file.write(made)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {in_words(error)}",
            "name another file with -o, in a folder that you may write to",
        ) from None


def _check_choice(option: str, given: str, choices: Sequence[str]) -> None:
    if given not in choices:
        raise InputError(f'{option}: "{given}" is not known', f"choose one of: {', '.join(choices)}")

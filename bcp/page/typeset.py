"""Sets pages with typst: declares PDF/UA-1, and refuses a letter that the font lacks."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from bcp.errors import InputError
from bcp.progress import UNWATCHED, Progress

_HERE = Path(__file__).parent
TEMPLATE = _HERE / "sheet.typ"
FONTS = _HERE / "fonts"
_NEEDED = 300 * 1024 * 1024
"""Bytes of addresses that setting a page takes, with Python and all that is loaded."""
_NOT_JOINED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the joining fails with where typst writes a PDF in another way than it knows."""
_LOG = logging.getLogger(__name__)
CUT = '{"cut": true'
"""How the layout of a document begins that is set in several runs."""
_ARENA_MAX = -8
"""The number of that setting in malloc.h."""
_AGE = 11
"""typst forgets what it set when so many more runs did not need it."""


class SetBefore(Protocol):
    """Pages that were set before."""

    def find(self, layout: str) -> bytes | None:
        """The pages of a layout, if they are there."""
        ...

    def keep(self, layout: str, made: bytes) -> None:
        """Keep the pages of a layout for the next time."""
        ...


def typeset(layout: str, title: str, progress: Progress = UNWATCHED, kept: SetBefore | None = None) -> bytes:
    """The PDF of a layout (`bcp.page.pdf.as_json`); the same input gives the same bytes.

    In `kept` pages without a number are looked for, and left for the next time, where there is more than one run.
    What cannot be joined is set in one run, whatever memory that takes: on the worst day a sheet must come out.
    Raises InputError for what cannot be set: nothing is ever left out or cut off silently.
    """
    _refuse_little_memory()
    layouts = layout.split("\n")
    if len(layouts) == 1 and not layout.startswith(CUT):
        return Run(layout, title).pdf()
    from bcp.page.apart import set_apart

    try:
        return set_apart(layouts, title, progress, kept)
    except _NOT_JOINED as error:
        _LOG.info("the pages cannot be joined, and are set in one run: %s", type(error).__name__)
    return Run(_in_one(layouts), title).pdf()


def _in_one(layouts: Sequence[str]) -> str:
    """One layout of all documents of several ones."""
    every = [json.loads(layout) for layout in layouts]
    documents = [document for told in every for document in told["documents"]]
    codes = {code: picture for told in every for code, picture in told["codes"].items()}
    return json.dumps({**every[0], "documents": documents, "codes": codes}, ensure_ascii=False)


class Run:
    """One run of typst: pages are laid out once, whatever is asked of them."""

    def __init__(self, layout: str, title: str, place: str = "", fonts: Any = None) -> None:
        """`place` says where its pages are in a longer file (see `sheet.typ`); `fonts` as `fonts()` finds them."""
        import typst

        self._title = title
        inputs = {"data": layout, "place": place} if place else {"data": layout}
        self._compiler = typst.Compiler(
            TEMPLATE, root=_HERE, font_paths=fonts or find_fonts(), sys_inputs=inputs
        )

    def pdf(self) -> bytes:
        """Its pages. Raises InputError for what cannot be set."""
        import typst

        try:
            made, warnings = self._compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as error:
            raise InputError(f"{self._title}: the page cannot be set: {error.message}") from None
        if warnings:
            raise InputError(f"{self._title}: the page cannot be set: {warnings[0].message}")
        assert isinstance(made, bytes)
        return made

    def laid(self) -> dict[str, Any]:
        """What it learnt for other runs (see `sheet.typ`). Raises InputError for what cannot be set."""
        try:
            found: dict[str, Any] = json.loads(self._compiler.query("<laid>", field="value", one=True))
        except RuntimeError:
            self.pdf()  # tells why
            raise
        return found


def find_fonts() -> Any:
    """The fonts that pages are set in, opened once for any number of runs."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def share_one_heap() -> None:
    """Let all threads use one heap: glibc gives each its own, and what was let go of in one serves no other.

    To be called before the first run; a pack of a hundred sheets takes a fifth to a third less memory then.
    """
    if sys.platform == "linux":
        import ctypes

        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other libraries of C have no such heaps
        if mallopt is not None:
            mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Give the system back what was let go of: glibc keeps it, and what is set next does not fit into its gaps."""
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def forget() -> None:
    """Let typst forget the pages that it set: it keeps them for the next runs, each as large as a sheet."""
    import typst

    nothing = typst.Compiler(root=_HERE, font_paths=typst.Fonts(False, False, []))
    for _time in range(_AGE):
        nothing.compile(b"", format="svg")
    give_back()


def _refuse_little_memory() -> None:
    """Raises MemoryError where a limit leaves too little: the library would end the whole process without a word."""
    if sys.platform != "win32":
        import resource

        most, _hard = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY and most < _NEEDED:
            raise MemoryError

"""Sets pages with typst: declares PDF/UA-1, and refuses a letter that the font lacks."""

from __future__ import annotations

import sys
from pathlib import Path

from bcp.errors import InputError

_HERE = Path(__file__).parent
TEMPLATE = _HERE / "sheet.typ"
FONTS = _HERE / "fonts"
_NEEDED = 300 * 1024 * 1024
"""Bytes of addresses that setting a page takes, with Python and all that is loaded."""


def typeset(data: str, title: str) -> bytes:
    """The PDF of what the template is told (`bcp.page.pdf.told` as JSON); the same input gives the same bytes.

    Raises InputError for what cannot be set: nothing is ever left out or cut off silently.
    """
    _refuse_little_memory()
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    compiler = typst.Compiler(TEMPLATE, root=_HERE, font_paths=fonts, sys_inputs={"data": data})
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        raise InputError(f"{title}: the page cannot be set: {error.message}") from None
    if warnings:
        raise InputError(f"{title}: the page cannot be set: {warnings[0].message}")
    assert isinstance(made, bytes)
    return made


def _refuse_little_memory() -> None:
    """Raises MemoryError where a limit leaves too little: the library would end the whole process without a word."""
    if sys.platform != "win32":
        import resource

        most, _hard = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY and most < _NEEDED:
            raise MemoryError

"""`bcp print …` once more from the very same files: only the page is set anew, and nothing else is imported.

Whatever is not exactly as it was then goes the long way through the parser, and is told and refused there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bcp.errors import BcpError
from bcp.folder import find
from bcp.page.ready import Ready

_STYLES = {"": "{}", "bold": "\033[1m{}\033[0m", "green": "\033[32m{}\033[0m"}


def print_again(arguments: Sequence[str]) -> bool:
    """Print what this command line printed before; False, with nothing done, where something differs since then."""
    if arguments[:1] != ["print"]:
        return False
    try:
        office = find(Path.cwd(), None, os.environ)
        kept = Ready(office).find(arguments)
        if kept is None or not all((office / name).is_file() for name in kept["prints"]):
            return False
        from bcp.page.typeset import typeset

        Path(kept["file"]).write_bytes(typeset(kept["told"], kept["title"]))
    except (BcpError, OSError):
        return False
    for text, style in kept["said"]:
        sys.stderr.write(_styled(text, style) + "\n")
    return True


def _styled(text: str, style: str) -> str:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown")
    return text if plain or not sys.stderr.isatty() else _STYLES[style].format(text)

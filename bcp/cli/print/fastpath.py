"""`bcp print …` from files whose sheets are ready: only the page is set, and nothing else is imported.

Whatever is not exactly as it was then goes the long way through the parser, and is told and refused there.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bcp.errors import BcpError
from bcp.files import put
from bcp.office.find import find, let_group_in
from bcp.page.cache import Ready, asked
from bcp.progress import UNWATCHED, Progress

_STYLES = {"": "{}", "bold": "\033[1m{}\033[0m", "green": "\033[32m{}\033[0m"}


def print_again(arguments: Sequence[str]) -> bool:
    """Print what is ready for this command line; False, with nothing done, where something differs since then."""
    if arguments[:1] != ["print"] or "--" in arguments:
        return False
    wanted, output = asked(arguments)
    try:
        office = find(Path.cwd(), None, os.environ)
        let_group_in(office)
        ready = Ready(office)
        kept = ready.find(wanted)
        if kept is None:
            return False
        path = Path(kept["file"] if output is None else output)
        if path.suffix.lower() != ".pdf":
            return False
        from bcp.page.typeset import typeset

        made = typeset(kept["told"], kept["title"], _progress(kept["told"]))
        ready.register(kept)
        put(path, made)
    except (BcpError, OSError, MemoryError, UnicodeError):
        return False
    for text, style in [(str(path), "green"), *kept["said"]]:
        sys.stderr.write(_styled(text, style) + "\n")
    return True


def _progress(layout: str) -> Progress:
    """What shows that many pages are being set; one sheet is there at once, and must not wait for a bar."""
    if "\n" not in layout:
        return UNWATCHED
    from bcp.cli.terminal.progress import at_terminal
    from bcp.i18n import speak

    speak(json.loads(layout.partition("\n")[0])["language"])
    return at_terminal()


def _styled(text: str, style: str) -> str:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown")
    return text if plain or not sys.stderr.isatty() else _STYLES[style].format(text)

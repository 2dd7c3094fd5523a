"""How a bug of ours is told: a sentence that says whose fault it is, where it was kept, and how to go on."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import ParamSpec

from bcp.app import crash, lead
from bcp.errors import BcpError, Exit
from bcp.i18n import _
from bcp.traced import folded, place_of

P = ParamSpec("P")

_LOG = logging.getLogger(__name__)


def tell_bug(error: BaseException) -> int:
    """Keep what helps to find it, and tell the person. Never raises; the exit status."""
    kept = crash.keep(error)
    _LOG.critical("a bug of ours at %s, kept: %s", kept.place, kept.file.name if kept.file else "no")
    head = _("This is a bug of ours, not a mistake of yours. What was shown as written is safe.")
    go_on = _("go on by hand from the printed sheet")
    # Whatever reads an incident whose events cannot be folded stumbles over the same event.
    if lead.is_going_on() and not folded(error):
        go_on = lead.fitting(_("go on by hand from the printed sheet, or try: bcp incident resume"))
    _say(head, _what_to_do(kept, go_on))
    return Exit.BUG


def guarded(do: Callable[P, None], told: set[str]) -> Callable[P, None]:
    """`do`, done in the background: a bug in it is kept, told once for each place, and ends nothing beside it."""

    @wraps(do)
    def carefully(*given: P.args, **named: P.kwargs) -> None:
        try:
            do(*given, **named)
        except (BcpError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours must not end what goes on beside it
            tell_bug_beside(error, told)

    return carefully


def tell_bug_beside(error: BaseException, told: set[str]) -> None:
    """The same for something that goes on in the background; `told` are the places that were told before."""
    place = place_of(error)
    if place in told:
        _LOG.error("again a bug of ours at %s", place)
        return
    told.add(place)
    kept = crash.keep(error)
    name = kept.file.name if kept.file else "no"
    _LOG.critical("a bug of ours beside the watch at %s, kept: %s", place, name)
    head = _("Something that the watch does failed: a bug of ours. The watch goes on.")
    _say(head, _what_to_do(kept, _("look at it yourself until that is mended: bcp check status")))


def _what_to_do(kept: crash.Kept, go_on: str) -> list[str]:
    if kept.file is None:
        words = _("what went wrong could not be kept in a file; it happened at {place}")
        return [f"{words.format(place=kept.place)}; {go_on}"]
    return [
        _("what went wrong was kept in {path}").format(path=kept.file) + f"; {go_on}",
        _("for whoever helps you; look into it before you send it: bcp support"),
    ]


def _say(head: str, hints: Sequence[str]) -> None:
    try:
        from bcp.cli.terminal.output import say

        say(head, "bold red")
        for hint in hints:
            say(f"  → {hint}")
    except Exception:  # noqa: BLE001 - the sentence must come, also without colours
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write("\n".join([head, *hints, ""]))

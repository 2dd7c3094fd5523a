"""Shows how a time was understood that was said as people say it, and asks whether that is right."""

from __future__ import annotations

from bcp.cli.terminal.output import is_attended, say
from bcp.i18n import _


def agrees_on(typed: str, understood: str) -> bool:
    """Whether the person agrees that what was `typed` means `understood`; where nobody is there it is only shown."""
    say(_('"{text}" is understood as {time}').format(text=typed, time=understood), "bold")
    if not is_attended():
        return True
    from bcp.cli.terminal.keyboard import agrees  # heavy, and most commands ask for no time

    return agrees(_("Is that right? [Enter] yes   [n] no"), on_enter=True)

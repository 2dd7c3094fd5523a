"""What is said where somebody names a runbook that there is not."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bcp.errors import InputError
from bcp.i18n import _
from bcp.runbook.load import FOLDER, LoadedRunbook
from bcp.yaml.near import did_you_mean


def no_such(runbook: str, names: Collection[str], loaded: Iterable[LoadedRunbook] = ()) -> InputError:
    """That there is no such one, with what may be meant: also the one in the file of that name, if it is `loaded`."""
    words = _("{file} holds the runbook {name}")
    files = (f"{FOLDER}/{runbook}.yaml", f"{FOLDER}/{runbook}.yml")
    held = (
        words.format(file=each.document.shown, name=each.model.runbook)
        for each in loaded
        if each.document.shown in files
    )
    hint = next(held, "") or did_you_mean(runbook, names)
    hint = hint or _("runbooks: {names}").format(names=", ".join(names) or "–")
    return InputError(_('there is no runbook "{name}"').format(name=runbook), hint)

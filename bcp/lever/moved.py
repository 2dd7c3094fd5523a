"""A lever that is another thing outside than when an incident set something at it that is still there."""

from __future__ import annotations

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.stack import StepKey


def moved(words: str, key: StepKey) -> StepFailed:
    """Nothing is set before that is ended: in one stack, the first thing would be left as it is for ever."""
    ends = f"undo {key.step}" if key.step else "close"
    hint = _("do this step by hand, or end the other first: {command}")
    return StepFailed(words, hint.format(command=f"bcp incident {ends} --incident {key.incident}"))

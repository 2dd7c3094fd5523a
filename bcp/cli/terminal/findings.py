"""What the lint says of a draft: first what has to be mended before it can be sent, then advice."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.cli.terminal.output import say, show_mistakes
from bcp.errors import SourceError
from bcp.i18n import _
from bcp.notice.lint.rule import LintFinding


def show_findings(found: Sequence[LintFinding]) -> None:
    """Each with its place and what to do."""
    open_ones = [finding.mistake for finding in found if not finding.advice]
    if open_ones:
        say(_("Mend this before it is sent:"), "bold red")
        show_mistakes(SourceError(open_ones))
    advice = [finding.mistake for finding in found if finding.advice]
    if advice:
        say(_("This stops no sending, and would be truer in another way:"), "yellow")
        show_mistakes(SourceError(advice))

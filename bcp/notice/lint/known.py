"""What was found in the template of a notice, by the hash of all that it depends on: most notices are as they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

from bcp.errors import Mistake
from bcp.i18n import _
from bcp.notice.lint.rule import LintFinding
from bcp.notice.text.model import Version

_known: dict[str, list[LintFinding]] = {}


def said_of(version: Version, look: Callable[[Version], list[LintFinding]]) -> Sequence[LintFinding]:
    """What `look` finds in a template, which it is asked once: it is made of its file alone, and of what we speak."""
    document = version.document
    spoken = _('did you mean "{word}"?')
    depends = f"{spoken}\0{document.shown}\0{version.language}\0{document.text}"
    mark = sha256(depends.encode("utf-8", "surrogatepass")).hexdigest()
    if mark not in _known:
        _known[mark] = look(version)
    return _known[mark]


def recall_findings(known: Mapping[str, Any]) -> None:
    """Believe what `findings` said in an earlier command."""
    for mark, told in known.items():
        with suppress(TypeError, ValueError):
            _known[mark] = [
                LintFinding(rule, Mistake(*mistake), reason, advice) for rule, mistake, reason, advice in told
            ]


def findings() -> dict[str, Any]:
    """What was found in each template, as JSON may hold it. No contact was looked at for it."""
    return {
        mark: [[one.rule, [*one.mistake], one.reason, one.advice] for one in said]
        for mark, said in _known.items()
    }

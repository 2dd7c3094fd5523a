"""The words a person reads in an incident, in the office's language; the source text is English."""

from __future__ import annotations

import gettext
from pathlib import Path

_FOLDER = Path(__file__).parent / "locale"
_catalogue = gettext.NullTranslations()


def speak(language: str) -> None:
    """From now on `_` answers in `language` (`pl`); a text that is not translated stays English."""
    global _catalogue  # noqa: PLW0603 - one process speaks one language, chosen once at the start
    _catalogue = gettext.translation("bcp", _FOLDER, [language], fallback=True)


def _(text: str) -> str:
    """`text` in the chosen language."""
    return _catalogue.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a text that goes with `count`."""
    return _catalogue.ngettext(one, many, count)

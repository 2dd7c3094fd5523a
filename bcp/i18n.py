"""The words a person reads in an incident, in the office's language; the source text is English.

The report is translated into more languages than the screens: `locale/report/cs.json` holds its texts alone, so that
no screen speaks two languages at once.
"""

from __future__ import annotations

import gettext
import json
from collections.abc import Mapping
from pathlib import Path

_FOLDER = Path(__file__).parent / "locale"
_catalogue = gettext.NullTranslations()


def speak(language: str) -> None:
    """From now on `_` answers in `language` (`pl`); a text that is not translated stays English."""
    global _catalogue  # noqa: PLW0603 - one process speaks one language, chosen once at the start
    _catalogue = gettext.translation("bcp", _FOLDER, [language], fallback=True)


def speak_as_set(environ: Mapping[str, str]) -> None:
    """Until an office is found: the language of the computer (`LANG=pl_PL.UTF-8`), as far as there are texts in it."""
    speak((environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or "en")[:2])


class _Labels(gettext.NullTranslations):
    """Texts with their translations, as a catalogue."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def gettext(self, message: str) -> str:
        """The translation, else the text itself."""
        return self._texts.get(message, message)


def speak_in_report(language: str) -> None:
    """From now on `_` answers in `language` where the text belongs to a report."""
    global _catalogue  # noqa: PLW0603 - as in `speak`
    path = _FOLDER / "report" / f"{language}.json"
    if path.is_file():
        _catalogue = _Labels(json.loads(path.read_text(encoding="utf-8")))
    else:
        speak(language)


def _(text: str) -> str:
    """`text` in the chosen language."""
    return _catalogue.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a text that goes with `count`."""
    return _catalogue.ngettext(one, many, count)

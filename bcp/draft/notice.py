"""The first drafts of a notice: each says what a letter must say, in a language that contacts read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from bcp.i18n import _

_TEMPLATES = Path(__file__).with_name("notices")
NEUTRAL: Mapping[str, Mapping[str, str]] = {
    "down": {
        "en": "Not everything runs as usual at our office.",
        "pl": "Nie wszystko działa u nas jak zwykle.",
        "de": "Bei uns läuft gerade nicht alles wie gewohnt.",
        "cs": "U nás teď nefunguje všechno jako obvykle.",
        "el": "Στο γραφείο μας δεν λειτουργούν όλα όπως συνήθως.",
    },
    "update": {
        "en": "The trouble at our office is not over yet.",
        "pl": "Kłopot w naszym biurze jeszcze trwa.",
        "de": "Die Störung in unserem Büro ist noch nicht vorbei.",
        "cs": "Potíže v naší kanceláři ještě neskončily.",
        "el": "Το πρόβλημα στο γραφείο μας δεν έχει λυθεί ακόμα.",
    },
    "all-clear": {
        "en": "Everything at our office runs as usual again.",
        "pl": "Znowu wszystko działa u nas jak zwykle.",
        "de": "Bei uns läuft wieder alles wie gewohnt.",
        "cs": "U nás zase všechno funguje jako obvykle.",
        "el": "Στο γραφείο μας όλα λειτουργούν ξανά όπως συνήθως.",
    },
}
"""What is true of any trouble: by the kind of the notice, in each language that there are drafts in."""
_LONGEST = 90


def notice_file(name: str, language: str) -> str:
    """The file of a notice in one language."""
    return f"notices/{name}.{language}.md"


def notice_text(kind: str, language: str, sentence: str = "") -> str:
    """A notice of this kind; `sentence` says what has happened, else it says only that something has."""
    said = sentence or NEUTRAL[kind][language]
    template = Template((_TEMPLATES / f"{kind}.{language}.md").read_text(encoding="utf-8"))
    return template.substitute(sentence=said, subject=said.rstrip("."))


def read_sentence(typed: str) -> str:
    """One sentence for clients as it was typed, with its full stop. Raises ValueError for what is none."""
    said = " ".join(typed.split())
    if len(said) > _LONGEST:
        raise ValueError(_("expected one short sentence, of at most {count} letters").format(count=_LONGEST))
    if re.search(r"[{}<>#]|:\s", said) or not said.isprintable():
        raise ValueError(_("expected plain words, without brackets, marks or colons"))
    return said if not said or said.endswith((".", "!", "?")) else f"{said}."

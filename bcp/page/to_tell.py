"""Writes those who are told by hand as one HTML page for any phone: no server, no other file, and no script needed.

What is ticked is written together, at the end, into one line that a person types at the office's computer. The style
sheet alone does that, where a phone forbids scripts; the small script also keeps the ticks when the page is closed.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bcp.contact.model import HAND_WAYS
from bcp.normalize import say_phone
from bcp.notice.campaign.by_hand import ToTell
from bcp.notice.campaign.calls import RESULTS
from bcp.page.labels import Labels
from bcp.visible import visible

_HERE = Path(__file__).parent
_SPOKEN = ("en", "pl", "cs", "el", "de")
_MOST_BY_STYLE = 100
"""With more clients the line is put together by the script: a browser would take seconds for each tick."""
_COMMAND = "bcp notice called"
_RESULT_LABELS = {
    "told": "called_told",
    "sent": "called_sent",
    "no-answer": "called_no_answer",
    "wrong-number": "called_wrong",
}


@dataclass(frozen=True, slots=True)
class HandPage:
    """What the page is about; `title` is the subject of the notice, `made` the moment as of which it is true."""

    incident: str
    drill: bool
    office: str
    title: str
    made: datetime
    zone: ZoneInfo
    people: Sequence[ToTell]


def write(page: HandPage, words: Labels) -> str:
    """The page, in the language of `words`; what is said to a client is in the client's language."""
    script = (_HERE / "to_tell.js").read_text(encoding="utf-8").strip()
    text: str = _template().render(
        page=page,
        words=words,
        made=words.moment(page.made, page.zone),
        stamp=page.made.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        results=tuple(RESULTS),
        result_word=lambda result: words(_RESULT_LABELS[result]),
        way=lambda link: HAND_WAYS.get(link.way) or words(f"way_{link.way}"),
        say=lambda one: words(f"say_{_language(one)}" if _language(one) in _SPOKEN else "say"),
        language=_language,
        shown=lambda link: say_phone(link.shown).replace(" ", "\u00a0"),
        visible=visible,
        by_style=page.people if len(page.people) <= _MOST_BY_STYLE else (),
        command=_COMMAND,
        script=script,
        allowed=b64encode(sha256(script.encode()).digest()).decode(),
    )
    return text


def _language(one: ToTell) -> str:
    return one.contact.language or ""


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("to_tell.html")

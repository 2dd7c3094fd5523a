"""Writes our status page: one HTML file that needs no other, a feed (Atom, RFC 4287) and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bcp.lever.place.status_page import DATA, FEED, INDEX, MARK, StatusPage, Update
from bcp.page.labels import Labels

_STATUS = uuid5(NAMESPACE_URL, "urn:bcp:status")
NAMES: Mapping[str, str] = {
    "en": "English",
    "pl": "Polski",
    "cs": "Čeština",
    "el": "Ελληνικά",
    "de": "Deutsch",
}


def files(page: StatusPage) -> dict[str, bytes]:
    """The files by name: `index.html`, `feed.xml`, `status.json`."""
    values = _values(page)
    return {
        FEED: _template("status.xml").render(values).encode(),
        DATA: (json.dumps(_data(page), ensure_ascii=False, indent=1) + "\n").encode(),
        INDEX: _template("status.html").render(values).encode(),
    }


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _values(page: StatusPage) -> dict[str, Any]:
    return {
        "page": page,
        "mark": MARK,
        "feed": FEED,
        "data": DATA,
        "names": NAMES,
        "languages": [(language, Labels(language)) for language in page.languages],
        "stamp": _stamp,
        "told": _told,
        "when": lambda words, at: words.moment(at, page.zone),
        "feed_id": _feed_id(page),
        "entry_id": lambda update: _entry_id(page, update),
        "newest": page.updates[0].at if page.updates else page.now,
        "texts": lambda update: _texts(page, update),
    }


def _feed_id(page: StatusPage) -> str:
    """What no other feed has, and this one for ever: its address, else a name that comes of what it told first."""
    return page.url or f"urn:uuid:{uuid5(_STATUS, page.origin)}"


def _entry_id(page: StatusPage, update: Update) -> str:
    """By it a reader knows an update that he has already."""
    return (
        f"{page.url}#u{update.id}" if page.url else f"urn:uuid:{uuid5(_STATUS, f'{page.origin} {update.id}')}"
    )


def _told(update: Update, language: str) -> Any:
    """What an update says in a language; nothing where it has no words of its own."""
    return next((one for one in update.said if one.language == language), None)


def _texts(page: StatusPage, update: Update) -> list[tuple[str, str]]:
    """Title and text in each language of the page; an update without words says that all is well again."""
    texts = [_told(update, language) for language in page.languages]
    said = [(one.title, one.text) for one in texts if one is not None]
    return said or [(Labels(language)("status_over"), "") for language in page.languages]


def _stamp(at: datetime) -> str:
    """`2026-11-26T07:50:00Z` (RFC 3339)."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _data(page: StatusPage) -> dict[str, Any]:
    return {
        "office": page.office,
        "state": "ok" if page.is_well else "disrupted",
        "as_of": _stamp(page.now),
        "updates": [_update(update) for update in page.updates],
    }


def _update(update: Update) -> dict[str, Any]:
    return {
        "id": update.id,
        "at": _stamp(update.at),
        "kind": update.kind,
        "number": update.number.dial if update.number else None,
        "texts": {one.language: {"title": one.title, "text": one.text} for one in update.said},
    }

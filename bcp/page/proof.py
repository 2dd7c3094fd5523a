"""What every page says about its version: title, version, reviewed, valid until, and the hash of the content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bcp.page.blocks import Proof
from bcp.page.content import version_hash
from bcp.page.labels import Labels


def valid_until(content: Mapping[str, Any]) -> date | None:
    """The last day on which the content counts as reviewed; None where it names none."""
    if not content.get("reviewed") or not content.get("valid_for"):
        return None
    return date.fromisoformat(content["reviewed"]) + timedelta(seconds=content["valid_for"])


def proof(content: Mapping[str, Any], words: Labels) -> Proof:
    """The proof of a document that says `content`."""
    until = valid_until(content)
    parts = [
        words("version", version=content["version"]) if content.get("version") else "",
        _reviewed(content, words),
        words("valid_until", date=words.date(until)) if until else "",
    ]
    said = " · ".join(part for part in parts if part)
    return Proof(content["office"]["name"], said, version_hash(content))


def _reviewed(content: Mapping[str, Any], words: Labels) -> str:
    """When it was reviewed; a card that is made of bcp.yaml alone has no such day."""
    if "reviewed" not in content:
        return ""
    day = content["reviewed"]
    return words("reviewed", date=words.date(date.fromisoformat(day))) if day else words("never_reviewed")

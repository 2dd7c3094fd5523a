"""Events as somebody forges them who knows the format: opened, changed, and sealed anew."""

from __future__ import annotations

import json
from typing import Any

from bcp.event import FORMAT, content_of, digest
from bcp.incident.evidence.export import body_of

_WITHHELD = ("salt", "by", "recorded_by", "data", "line")


def opened(line: str | bytes) -> dict[str, Any]:
    """What a line of an export's journal.jsonl tells of its event."""
    return content_of(body_of(json.loads(line)))


def sealed(event: Any) -> tuple[str, str]:
    """The text of an event and its hash; of what is no event, a text and a hash that go together."""
    if not isinstance(event, dict) or event.get("format") != FORMAT:
        text = json.dumps(event)
        return text, digest(text)
    content = json.dumps({key: event[key] for key in _WITHHELD if key in event})
    rest = {key: value for key, value in event.items() if key not in _WITHHELD}
    header = json.dumps({**rest, "sealed": digest(content)})
    return f"{header}\n{content}", digest(header)


def line_of(text: str, hash_: str) -> str:
    """The line of an export for an event with this text."""
    body, newline, content = text.partition("\n")
    told = {"hash": hash_, "body": body, **({"content": content} if newline else {})}
    return json.dumps(told, ensure_ascii=False)


def chained(events: list[Any]) -> bytes:
    """A journal.jsonl of these events, each behind the one before."""
    lines, last = [], None
    for event in events:
        if last is not None and isinstance(event, dict):
            event["prev"] = last
        text, last = sealed(event)
        lines.append(line_of(text, last))
    return "".join(line + "\n" for line in lines).encode()

"""Looks at the letters in a file from elsewhere before any of them is kept: each value is what its column holds."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bcp.event import moment
from bcp.notice.campaign.outbox import STATES

_LARGEST = 2**63 - 1


def looked_at(packed: object, incident: str) -> dict[str, list[list[Any]]]:
    """The campaigns and letters in `packed`, which all are those of `incident`.

    A campaign of an older bcp has no next update. Raises ValueError for anything that this bcp would not have written.
    """
    if not isinstance(packed, Mapping):
        raise ValueError("it is no list of campaigns and letters")
    campaigns = [_row([*each, ""][: len(_CAMPAIGN)], _CAMPAIGN) for each in _rows(packed, "campaigns")]
    letters = [_row(each, _LETTER) for each in _rows(packed, "letters")]
    for each in campaigns:
        if each[0] != f"{each[1]}/{each[2]}/{each[3]}" or each[1] != incident:
            raise ValueError(f"{each[0]} is no campaign of {incident}")
    ids = {each[0] for each in campaigns}
    if stray := [each[0] for each in letters if each[0] not in ids]:
        raise ValueError(f"there are letters of {stray[0]}, which is not there")
    return {"campaigns": campaigns, "letters": letters}


def _rows(packed: Mapping[str, Any], key: str) -> Sequence[Sequence[Any]]:
    rows = packed.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ValueError(f"it holds no {key}")
    return rows


def _row(values: Sequence[Any], columns: Sequence[Callable[[Any], bool]]) -> list[Any]:
    if len(values) != len(columns):
        raise ValueError(f"a row has {len(values)} values, not {len(columns)}")
    for value, holds in zip(values, columns, strict=True):
        if not holds(value):
            raise ValueError(f"{value!r:.40} is not what stands there")
    return list(values)


def _text(value: Any) -> bool:
    # Half a surrogate pair is text in JSON and cannot be kept.
    return isinstance(value, str) and value.encode("utf-8", "ignore").decode() == value


def _number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST


def _state(value: Any) -> bool:
    return isinstance(value, str) and value in STATES


def _at(value: Any) -> bool:
    return isinstance(value, str) and moment(value).tzinfo is not None


def _at_or_not_yet(value: Any) -> bool:
    return value == "" or _at(value)


def _code(value: Any) -> bool:
    return value is None or _number(value)


def _reasons(value: Any) -> bool:
    told = json.loads(value) if isinstance(value, str) else None
    return isinstance(told, dict) and all(isinstance(reason, str) for reason in told.values())


def _content(value: Any) -> bool:
    return isinstance(value, str) and base64.b64decode(value, validate=True) is not None


_CAMPAIGN = (_text, _text, _text, _number, _text, _text, _text, _at, _at, _reasons, _text, _at_or_not_yet)
_LETTER = (
    _text, _text, _text, _number, _text, _text, _text, _state, _text, _number, _at_or_not_yet, _code, _text, _text,
    _at_or_not_yet, _at_or_not_yet, _content,
)  # fmt: skip

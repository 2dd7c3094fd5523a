"""Who is being forgotten: kept until it is done, so that what was cut off, or refused, is taken up again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from bcp.contact.model import Contact
from bcp.files import write_whole

FILE = "forget.json"
"""In the state folder."""


@dataclass(frozen=True, slots=True)
class ForgetRequest:
    """A contact as it was in its file, and `also` the names, addresses and numbers that older letters have."""

    contact: Contact
    also: tuple[str, ...] = ()


def waits(state: Path) -> bool:
    """Whether somebody is to be forgotten still; `state` is the folder of the store."""
    return (state / FILE).exists()


class ForgetRequests:
    """The requests that are not done yet."""

    def __init__(self, state: Path) -> None:
        """`state` is the folder of the store."""
        self._file = state / FILE

    def all(self) -> list[ForgetRequest]:
        """Those that wait; one that cannot be read names nobody any more."""
        try:
            told = json.loads(self._file.read_text("utf-8"))
            return [_read(one) for one in told]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return []

    def keep(self, request: ForgetRequest) -> None:
        """Keep a request, in place of an earlier one for the same contact. Raises StoreError."""
        self._write([*self._without(request), request])

    def done(self, request: ForgetRequest) -> None:
        """It is done: nothing of it stays. Raises StoreError."""
        self._write(self._without(request))

    def _without(self, request: ForgetRequest) -> list[ForgetRequest]:
        return [one for one in self.all() if one.contact.id != request.contact.id]

    def _write(self, requests: Iterable[ForgetRequest]) -> None:
        told = [{"contact": asdict(one.contact), "also": list(one.also)} for one in requests]
        if told:
            write_whole(self._file, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        else:
            self._file.unlink(missing_ok=True)


def _read(told: Any) -> ForgetRequest:
    names = {each.name for each in fields(Contact)}
    values = {name: value for name, value in told["contact"].items() if name in names}
    values["groups"] = tuple(values.get("groups", ()))
    return ForgetRequest(Contact(**values), tuple(map(str, told["also"])))

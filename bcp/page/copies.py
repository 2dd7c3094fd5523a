"""The register of paper: what each printed hash said, and where each copy hangs. Plain JSON in the office folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from bcp.command_words import as_typed
from bcp.errors import InputError, StoreError
from bcp.files import in_words, put
from bcp.page.content import DIGITS, bare_digits, version_hash
from bcp.private import make_folder, tighten

FOLDER = "prints"
_REGISTER = "copies.json"
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Copy:
    """One sheet of paper that hangs somewhere; `collected` is the day on which it was taken down."""

    name: str
    place: str
    hash: str
    given_out: str
    collected: str = ""


class Print(NamedTuple):
    """What was printed (see `bcp.page.content`), and its whole hash."""

    hash: str
    content: Mapping[str, Any]


def register_text(data: object) -> str:
    """How the register writes what it keeps."""
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class Copies:
    """The register of one office folder."""

    def __init__(self, office: Path) -> None:
        """`office` is its folder; nothing is made before something is kept."""
        self.folder = office / FOLDER

    def keep(self, content: Mapping[str, Any]) -> None:
        """Remember what was printed, so that the hash can be looked up. Raises StoreError where it cannot be kept."""
        path = self.folder / f"{version_hash(content)}.json"
        if not path.exists():
            self._write(path, content)

    def content(self, hash_: str) -> Print | None:
        """What was printed under the hash that begins with `hash_`; None where it is not known.

        Raises InputError where it is too short or fits several.
        """
        wanted = bare_digits(hash_)
        if len(wanted) < _SHORTEST or any(letter not in "0123456789abcdef" for letter in wanted):
            raise InputError(
                f'"{hash_}" is no hash of a printed page',
                f"type the {DIGITS} digits at the foot of the page, behind SHA-256",
            )
        found = sorted(self.folder.glob(f"{wanted[:DIGITS]}*.json"))
        if len(found) > 1:
            raise InputError(f"several prints begin with {wanted}", "type more of the digits")
        return Print(found[0].stem, self._read(found[0])) if found else None

    def all(self) -> list[Copy]:
        """Every copy ever given out, oldest first."""
        path = self.folder / _REGISTER
        if not path.exists():
            return []
        try:
            return [Copy(**each) for each in self._read(path)]
        except TypeError:
            raise StoreError(f"{path} is not a register of copies", "put it back from a backup") from None

    def hanging(self) -> Iterator[Copy]:
        """The copies that are still out there."""
        return (copy for copy in self.all() if not copy.collected)

    def add(self, copy: Copy) -> None:
        """Note a copy. Raises InputError where one of that name hangs already."""
        if any(each.name == copy.name for each in self.hanging()):
            raise InputError(
                f'a copy called "{copy.name}" hangs already',
                f"take it down first: bcp print copies collect {as_typed((copy.name,))}",
            )
        self._save([*self.all(), copy])

    def collect(self, name: str, day: str) -> None:
        """Note that a copy was taken down on a day (`2026-11-26`). Raises InputError where none of that name hangs."""
        found = [copy for copy in self.hanging() if copy.name == name]
        if not found:
            names = ", ".join(copy.name for copy in self.hanging()) or "none"
            raise InputError(f'no copy called "{name}" hangs anywhere', f"copies: {names}")
        self._save([replace(copy, collected=day) if copy == found[0] else copy for copy in self.all()])

    def _save(self, copies: list[Copy]) -> None:
        self._write(self.folder / _REGISTER, [asdict(copy) for copy in copies])

    def _write(self, path: Path, data: object) -> None:
        text = register_text(data)
        try:
            make_folder(self.folder)
            tighten(self.folder)
            put(path, text.encode())
        except OSError as error:
            raise StoreError(
                f"{path} cannot be written: {in_words(error)}",
                "let somebody write who may, or free some room",
            ) from None

    def _read(self, path: Path) -> Any:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise StoreError(
                f"{path} cannot be read", "put it back from a backup, or print the page again"
            ) from None

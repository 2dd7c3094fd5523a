"""The text by which the computer itself starts a watch, or a pass now and then, for the one whose office it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bcp.app.session import Session
from bcp.check.service_files import ServiceOwner, goes_to, write_unit
from bcp.private import owner_of


class ServiceText(NamedTuple):
    """The text, and where it goes."""

    text: str
    goes_to: str


def service_of(session: Session, kind: str, program: Sequence[str]) -> ServiceText:
    """`kind` is one of `WRITERS`, `program` how bcp is called. Raises InputError for another kind."""
    found = owner_of(session.folder)
    owner = ServiceOwner(*found) if found is not None else None
    moved = session.environ.get("BCP_STATE", "")
    state = str(Path(moved).expanduser().resolve()) if moved else ""
    return ServiceText(write_unit(kind, program, session.folder, owner, state), goes_to(kind, owner))

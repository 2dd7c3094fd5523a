"""Where the printed sheets of a plan hang, as the register of paper knows it; no file of the office is read."""

from __future__ import annotations

from pathlib import Path

from bcp.page.copies import Copies, Copy

_OF_A_PLAN = ("runbook", "role", "wallet")
_OF_ALL = "pack"


def sheets_of(office: Path, runbook: str) -> list[Copy]:
    """The copies of a plan, or of the pack that holds it, which nobody has taken down. Raises StoreError."""
    copies = Copies(office)
    found = []
    for copy in copies.hanging():
        known = copies.content(copy.hash)
        if known is None:
            continue
        kind, about = known.content.get("document"), known.content.get("id")
        if kind == _OF_ALL or (kind in _OF_A_PLAN and about == runbook):
            found.append(copy)
    return found

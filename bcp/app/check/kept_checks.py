"""The checks of an office as whoever looks last read them without a mistake: a slip must blind nobody at a new start.

They are kept apart from the plans (`last_valid.py`), which are kept only where no runbook has a mistake either.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from bcp.app.kept_texts import KeptReader, find_texts, keep_texts
from bcp.app.session import Session
from bcp.check.load import load as load_checks
from bcp.check.model import Check
from bcp.errors import StoreError
from bcp.event import moment
from bcp.office.model import Office
from bcp.office.model import load as load_office

FILE = "checks-as-of-last.json"


class KeptChecks(NamedTuple):
    """An office and its checks, and when they were kept."""

    at: datetime
    office: Office
    checks: dict[str, Check]


def keep(session: Session, texts: Mapping[str, str]) -> None:
    """Keep the texts of an office and its checks that were read without a mistake."""
    with suppress(StoreError):
        keep_texts(session, FILE, {"files": dict(texts)}, makes_folder=True)


def find(session: Session) -> KeptChecks | None:
    """Those kept last, by whoever looks or with the plans; None where none are."""
    from bcp.app import last_valid

    plans, told = last_valid.find(session), find_texts(session, FILE)
    found = []
    if plans is not None:
        checks = {name: loaded.model for name, loaded in plans.whole.checks.items()}
        found.append(KeptChecks(plans.at, plans.whole.office, checks))
    if told is not None:
        reader = KeptReader(told["files"])
        office = load_office(session.folder, reader)
        checks = {name: loaded.model for name, loaded in load_checks(session.folder, reader).items()}
        if office is not None and not reader.mistakes:  # a later bcp may read them differently
            found.append(KeptChecks(moment(told["at"]), office, checks))
    return max(found, key=lambda each: each.at, default=None)

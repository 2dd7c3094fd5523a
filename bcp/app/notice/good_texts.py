"""What is in the texts of notices, kept for the next command by the hash of each: to take them apart takes long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bcp.app.derived import find_derived, keep_derived
from bcp.app.session import Session
from bcp.notice.lint.known import findings, recall_findings
from bcp.notice.text.placeholders import good_texts, recall

FILE = "notices-examined.json"
LINTED = "notices-linted.json"
_MOST = 5000
"""Texts that are remembered; beyond that it begins anew, since most of them stand in no file any more."""


@contextmanager
def recalled(session: Session, *, keeps: bool = True, makes_folder: bool = False) -> Iterator[None]:
    """Notices that are read in the block are taken apart only where nobody did before.

    With `keeps` false nothing is kept for the next time, nor is it in a dry run.
    """
    known = find_derived(session, FILE)
    recall(known)
    yield
    found = good_texts()
    if keeps and found.keys() != known.keys():
        keep_derived(session, FILE, found if len(found) <= _MOST else {}, makes_folder=makes_folder)


@contextmanager
def linted(session: Session, *, keeps: bool = True, makes_folder: bool = False) -> Iterator[None]:
    """What the rules say of a template is looked for in the block, and after it, only where nobody did before."""
    known = find_derived(session, LINTED)
    recall_findings(known)
    yield
    found = findings()
    if keeps and found.keys() != known.keys():
        keep_derived(session, LINTED, found if len(found) <= _MOST else {}, makes_folder=makes_folder)

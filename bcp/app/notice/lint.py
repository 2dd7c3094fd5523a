"""`notice list, lint`: the approved texts, and what speaks against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bcp.app.notice.files import hash_of_files
from bcp.app.notice.good_texts import linted
from bcp.app.notice.kept_review import keep_clean
from bcp.app.notice.office import peace, post_of
from bcp.app.session import Session
from bcp.notice.lint.rule import LintFinding
from bcp.notice.text.model import Notice
from bcp.notice.text.sentence import subject


class ListedNotice(NamedTuple):
    """A notice, and its subject as it reads while nothing is wrong."""

    notice: Notice
    subject: str


def notices_of(session: Session) -> list[ListedNotice]:
    """All notices of the office. Raises SourceError for mistakes in them."""
    post = post_of(session)
    return [ListedNotice(one, subject(one, post.office)) for one in post.notices.values()]


@dataclass(frozen=True, slots=True)
class NoticeReview:
    """How many notices were read, and what speaks against them."""

    count: int
    findings: list[LintFinding]

    @property
    def is_bad(self) -> bool:
        """Whether any of it would stop a sending."""
        return not all(finding.advice for finding in self.findings)


def read_notices(session: Session, notice: str | None) -> NoticeReview:
    """Read one notice, or all, against the rules. Raises InputError for one that there is not."""
    hash_ = hash_of_files(session.folder)
    with linted(session, makes_folder=True):
        post = post_of(session)
        chosen = [post.notice(notice)] if notice else list(post.notices.values())
        findings = [found for one in chosen for found in post.read(peace(session, one, ""), one.id)]
    # What is remarked is to be remarked again: mistakes in contacts, an office as it was before a slip.
    if not findings and not post.contacts.mistakes and hash_ in session.has_read:
        keep_clean(session, notice, hash_=hash_, count=len(chosen), zone=post.office.timezone)
    return NoticeReview(len(chosen), findings)

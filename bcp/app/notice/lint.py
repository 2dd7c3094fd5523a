"""`notice list, lint`: the approved texts, and what speaks against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bcp.app.notice.files import hash_of_files
from bcp.app.notice.good_texts import linted
from bcp.app.notice.kept_review import keep_clean
from bcp.app.notice.office import peace, post_of
from bcp.app.session import Session
from bcp.contact.audience import staff
from bcp.contact.model import Contact
from bcp.i18n import _
from bcp.notice.campaign.post import Post
from bcp.notice.campaign.specimen import specimens
from bcp.notice.lint.findings import in_notice
from bcp.notice.lint.rule import LintFinding
from bcp.notice.text.model import Notice
from bcp.notice.text.sentence import subject
from bcp.runbook.load import LoadedRunbook
from bcp.validate import OfficeConfig


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


def named_by_plans(runbooks: Iterable[LoadedRunbook]) -> set[str]:
    """The names of the notices that the steps of these plans name."""
    acts = (act for loaded in runbooks for _loc, act in loaded.model.acts())
    return {ref.name for act in acts for ref in act.action.refs() if ref.kind == "notice"}


def notices_of_plans(whole: OfficeConfig) -> list[Notice]:
    """The notices that a step of a plan names and that can be read, by their names."""
    named = named_by_plans(whole.runbooks.values())
    return [whole.notices[name] for name in sorted(named & whole.notices.keys())]


def lint_of_plans(session: Session, whole: OfficeConfig) -> Iterator[LintFinding]:
    """What `notice lint` says of the notices that plans name; of what is only advice the first of each kind a file.

    Each is read as the contacts would read it whose names and addresses are the hardest: all of them would take long.
    """
    from bcp.store.outbox import Outbox

    outbox = session.stores.of(Outbox)
    readers = _hardest((*whole.contacts.all, *staff(whole.office)))
    post = Post(
        session.folder,
        session.stores.files,
        whole.office,
        whole.contacts,
        whole.notices,
        whole.ways,
        outbox,
        session.clock,
    )
    notices = notices_of_plans(whole)
    with session.progress.task(_("Reading the notices of the plans"), len(notices)) as task:
        for notice in notices:
            seen: set[tuple[str, str]] = set()
            setting = post.setting(peace(session, notice, ""), None)
            for found in in_notice(notice, readers, setting, whole.ways.channels):
                kind = (found.rule, found.mistake.file)
                if not found.advice or kind not in seen:
                    seen.add(kind)
                    yield found
            task.advance(name=notice.id)


def _hardest(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Of each language the contacts whose letters are most likely to look wrong."""
    readers: dict[str | None, list[Contact]] = defaultdict(list)
    for contact in contacts:
        readers[contact.language].append(contact)
    return tuple(each for some in readers.values() for each in specimens(some))

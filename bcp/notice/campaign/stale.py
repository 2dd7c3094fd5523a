"""Letters that wait and are not true any more: what was frozen, beside what would be written now.

What was approved is what is sent, so nothing here changes a letter: a person chooses, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import ndiff
from email import message_from_bytes
from email.policy import default

from bcp.i18n import _
from bcp.notice.campaign.ledger import Ledger
from bcp.notice.campaign.outbox import (
    RESERVE,
    TOUCHED,
    Key,
    LetterDraft,
    LetterRow,
    waits,
    without_id,
)
from bcp.notice.campaign.plan_words import some_of
from bcp.notice.campaign.post import Post, Prepared
from bcp.notice.campaign.renewable import may_be_renewed
from bcp.notice.campaign.standing import standings


@dataclass(frozen=True, slots=True)
class Stale:
    """What became untrue since the letters were frozen.

    `texts` letters have other words, of which `was` and `now` are the first; `moved` are those whose address was
    corrected, `gone` those who are not to be told any more or not this way. `mended` could not be reached and can be
    tried now: that is no question. `told` got the old words.
    """

    texts: int = 0
    was: str = ""
    now: str = ""
    moved: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    told: int = 0

    @property
    def asks(self) -> bool:
        """Whether a person has to choose."""
        return bool(self.texts or self.moved or self.gone)

    def describe(self) -> list[str]:
        """It in lines."""
        lines = []
        if self.texts:
            words = _("{count} letters that wait do not say what would be written now:")
            lines += [words.format(count=self.texts), f"  − {self.was}", f"  + {self.now}"]
        for names, words in (
            (self.moved, _("the address was corrected since: {names}")),
            (self.gone, _("not among those who are to be told this way any more: {names}")),
            (self.mended, _("could not be reached and can be tried now: {names}")),
        ):
            if names:
                lines.append(words.format(names=some_of(names)))
        if self.told:
            words = _("{count} were told the old words: they need a notice of their own: {command}")
            lines.append(words.format(count=self.told, command="bcp notice plan update told"))
        return lines


def stale(post: Post, prepared: Prepared) -> Stale:
    """What became untrue in a sending that goes on; nothing where it begins."""
    if prepared.is_new:
        return Stale()
    rows = {row.key: row for row in post.ledger.rows(prepared.campaign.id)}
    stuck = {name for name, (standing, _why) in standings(rows.values()).items() if standing == "unreachable"}
    told = {key.contact for key, row in rows.items() if row.state in TOUCHED}
    found = _Found()
    written: set[Key] = set()
    for draft in post.drafts(prepared, what=_("Comparing the letters that wait")):
        row = rows.get(draft.key)
        written.add(draft.key)
        if draft.key.contact in stuck:
            found.mended += [draft.name] if _can_be_tried(row, draft) else []
        elif row is not None and draft.key.contact not in told:
            found.compare(row, draft, post.ledger)
    waiting = [row for row in rows.values() if waits(row)]
    return Stale(
        found.texts,
        *found.first,
        _once(found.moved),
        _once(row.name for row in waiting if row.key not in written),
        _once(found.mended),
        len(told) if found.texts and found.texts >= len(waiting) else 0,
    )


@dataclass
class _Found:
    """What was seen so far; of the letters only the first that differs is kept."""

    texts: int = 0
    first: tuple[str, str] = ("", "")
    moved: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)

    def compare(self, row: LetterRow, draft: LetterDraft, ledger: Ledger) -> None:
        """Look at a letter that is not out, beside what would be written now."""
        if not _is_same(row, draft):
            self.moved += [row.name] if may_be_renewed(row, draft) else []
        elif waits(row) or row.reason == RESERVE:
            frozen = ledger.content(row.key)
            if without_id(frozen) != without_id(draft.content):
                self.texts += 1
                self.first = self.first if any(self.first) else _difference(frozen, draft.content)


def _is_same(row: LetterRow, draft: LetterDraft) -> bool:
    return row.address.casefold() == draft.address.casefold()


def _can_be_tried(row: LetterRow | None, draft: LetterDraft) -> bool:
    return not draft.why_not and (row is None or may_be_renewed(row, draft))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _difference(was: bytes, now: bytes) -> tuple[str, str]:
    """The first line that is another one, before and after; one that is only there or only gone is empty beside."""
    lines = [
        line
        for line in ndiff(letter_lines(was), letter_lines(now))
        if line[:2] in ("- ", "+ ") and line[2:].strip()
    ]
    gone = next((line[2:].strip() for line in lines if line[0] == "-"), "")
    come = next((line[2:].strip() for line in lines if line[0] == "+"), "")
    return gone, come


def letter_lines(content: bytes) -> list[str]:
    """The words of a letter, of whatever kind; behind those of a mail are its heads."""
    if not content.startswith(b"From: "):
        return content.decode(errors="replace").splitlines()
    mail = message_from_bytes(content, policy=default)
    body = mail.get_body(("plain",))
    heads = [f"{name}: {mail[name]}" for name in ("To", "From", "Reply-To", "Subject")]
    return [*(body.get_content().splitlines() if body else ()), *heads]

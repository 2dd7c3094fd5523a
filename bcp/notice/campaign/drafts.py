"""Writes the letters of a campaign as they are frozen: one a contact and way, the further ways in reserve."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bcp.contact.model import Contact
from bcp.notice.campaign.outbox import (
    NONE,
    OPTED_OUT,
    RESERVE,
    SAME_ADDRESS,
    TOLD_BEFORE,
    Key,
    LetterDraft,
    State,
)
from bcp.notice.campaign.plan import LetterRoute, Planned
from bcp.notice.channel.base import Channel
from bcp.notice.text.merge import LetterText, Merger


@dataclass(frozen=True)
class Writer:
    """Writes letters. `otherwise` is the language of a room, `us` our name and where we read mail."""

    mergers: Mapping[str, Merger]
    channels: Mapping[str, Channel]
    otherwise: str
    us: tuple[str, str]

    def drafts(self, campaign: str, one: Planned, but: Collection[Key] = ()) -> Iterator[LetterDraft]:
        """The letters of a contact, without those that are kept already."""
        if not one.why_not:
            yield from self._ways(campaign, one, but)
            return
        key = Key(campaign, one.contact.id, NONE)
        state: State = "suppressed" if one.why_not in (OPTED_OUT, TOLD_BEFORE) else "failed"
        yield LetterDraft(key, 0, one.contact.called, "", one.language, b"", state, one.why_not)

    def _ways(self, campaign: str, one: Planned, but: Collection[Key]) -> Iterator[LetterDraft]:
        personal: LetterText | None = None
        for rank, way in enumerate(one.ways):
            key = Key(campaign, one.contact.id, way.channel)
            if key in but:
                continue
            personal = personal or self.mergers[one.language].text(one.contact)
            text = self._to_all() if self._is_room(way) else personal
            content = self.channels[way.channel].content(key, one.contact, text, self.us)
            waits = RESERVE if rank else f"{SAME_ADDRESS}{one.same_as}" if one.same_as else ""
            state: State = "suppressed" if waits else "queued"
            yield LetterDraft(
                key, rank, one.contact.called, way.address, text.language, content, state, waits
            )

    def _is_room(self, way: LetterRoute) -> bool:
        return self.channels[way.channel].is_room(way.address)

    def _to_all(self) -> LetterText:
        """What is said where several people read it: it greets all of us."""
        return self.mergers[self.otherwise].text(Contact("", self.us[0]))

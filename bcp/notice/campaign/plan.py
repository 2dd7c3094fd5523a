"""The plan of a sending, before anything is written: who is told by which way, who is not, how long it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from bcp.contact.model import HAND_WAYS, Contact
from bcp.notice.campaign.links import mobile_of
from bcp.notice.campaign.outbox import BY_HAND, NO_WAY, OPTED_OUT, TOLD_BEFORE, why_suppressed
from bcp.notice.channel.base import Channel
from bcp.yaml.near import pick

Ground = Literal["pace", "server", "files"]
"""What is known of how long it takes: the provider's pace; only that a server takes them; that files are written."""
_A_FILE = timedelta(milliseconds=5)
"""Written, and flushed to the disk with the two entries that say so."""
_A_LETTER = timedelta(seconds=0.3)
"""A server that sets no limit, at its usual speed."""


@dataclass(frozen=True, slots=True)
class LetterRoute:
    """A channel by which a contact can be told, and the address there."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A contact with its ways in the order in which they are tried; `same_as` has the first one's mailbox.

    `in_room` says that the first way leads into a chat that several people read.
    """

    contact: Contact
    language: str
    ways: tuple[LetterRoute, ...] = ()
    why_not: str = ""
    same_as: str = ""
    in_room: bool = False


@dataclass(frozen=True, slots=True)
class SendingPlan:
    """Everybody in the audience, and what will happen with each."""

    planned: tuple[Planned, ...]
    lengths: Mapping[Ground, timedelta] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    """What a letter costs more of what a provider allows than itself, in sentences."""

    @property
    def letters(self) -> list[Planned]:
        """Those who get a letter."""
        return [one for one in self.planned if one.ways and not one.same_as and not one.why_not]

    @property
    def shared(self) -> list[Planned]:
        """Those whose mailbox gets one letter, written to somebody else."""
        return [one for one in self.planned if one.same_as]

    @property
    def left_out(self) -> list[Planned]:
        """Those who get nothing, each with the reason."""
        return [one for one in self.planned if one.why_not]

    def counts(self) -> dict[tuple[str, str], int]:
        """Letters by channel and language."""
        return dict(sorted(Counter((one.ways[0].channel, one.language) for one in self.letters).items()))

    @property
    def length(self) -> timedelta:
        """How long the sending takes, one channel after the other."""
        return sum(self.lengths.values(), timedelta())


def plan(
    contacts: Iterable[Contact],
    channels: Mapping[str, Channel],
    asked: Sequence[str],
    languages: tuple[Collection[str], str],
    left_out: tuple[Mapping[str, str], Collection[str]] = ({}, ()),
) -> SendingPlan:
    """Plan a sending by the channels that are `asked` for (all, if none), in their order.

    `languages` are those of the notice and the one for contacts who read none of them. `left_out` are the
    suppressed addresses with their reasons, and the contacts who were told before. A contact's own preference
    comes first. Raises InputError for a channel that is not there.
    """
    names = [_known(name, channels) for name in asked] or list(channels)
    planner = _Planner({name: channels[name] for name in names}, languages, *left_out)
    planned = [planner.plan(contact) for contact in contacts]
    counts = Counter(one.ways[0].channel for one in planned if one.ways and not one.same_as)
    lengths: dict[Ground, timedelta] = {}
    for name, count in counts.items():
        ground, length = _length(channels[name], count)
        lengths[ground] = lengths.get(ground, timedelta()) + length
    costs = tuple(filter(None, (channels[name].cost() for name in counts)))
    return SendingPlan(tuple(planned), lengths, tuple(_limits(channels, counts)), costs)


def _known(name: str, channels: Mapping[str, Channel]) -> str:
    by_medium = [known for known, channel in channels.items() if channel.medium == name]
    if name not in channels and by_medium:
        return by_medium[0]
    pick(name, channels, "channel")
    return name


@dataclass
class _Planner:
    channels: Mapping[str, Channel]
    languages: tuple[Collection[str], str]
    suppressed: Mapping[str, str]
    told_before: Collection[str]
    taken: dict[LetterRoute, Contact] = field(default_factory=dict)

    def plan(self, contact: Contact) -> Planned:
        written, otherwise = self.languages
        language = contact.language if contact.language and contact.language in written else otherwise
        if contact.opted_out:
            return Planned(contact, language, why_not=OPTED_OUT)
        if contact.id in self.told_before:
            return Planned(contact, language, why_not=TOLD_BEFORE)
        if way := self.by_hand(contact):
            return Planned(contact, language, why_not=f"{BY_HAND}{way}")
        ways, refused = self.ways(contact)
        if not ways:
            return Planned(contact, language, why_not=refused or NO_WAY)
        first = self.taken.setdefault(LetterRoute(ways[0].channel, ways[0].address.casefold()), contact)
        in_room = self.channels[ways[0].channel].is_room(ways[0].address)
        same_as = "" if first is contact else first.id
        return Planned(contact, language, tuple(ways), same_as=same_as, in_room=in_room)

    def by_hand(self, contact: Contact) -> str:
        """The name of the way that the contact prefers where only a person can write there; nothing for another."""
        way = HAND_WAYS.get(contact.preferred_channel or "")
        number = mobile_of(contact) if way else None
        return way if way and number and not why_suppressed(number, self.suppressed) else ""

    def ways(self, contact: Contact) -> tuple[list[LetterRoute], str]:
        """The ways to a contact, the preferred one first, and why an address was left out."""
        ways, refused = [], ""
        for name in sorted(
            self.channels, key=lambda name: self.channels[name].medium != contact.preferred_channel
        ):
            address = self.channels[name].reaches(contact)
            why = why_suppressed(address, self.suppressed) if address else ""
            if why:
                refused = why if why == OPTED_OUT else f"{address}: {why}"
            elif address:
                ways.append(LetterRoute(name, address))
        return ways, refused


def _length(channel: Channel, count: int) -> tuple[Ground, timedelta]:
    if channel.medium == "file":
        return "files", count * _A_FILE
    a_minute = channel.pace().a_minute
    return ("pace", timedelta(minutes=count / a_minute)) if a_minute else ("server", count * _A_LETTER)


def _limits(channels: Mapping[str, Channel], counts: Mapping[str, int]) -> Iterable[str]:
    for name, count in counts.items():
        a_day = channels[name].pace().a_day
        if a_day and count > a_day:
            yield f"{name}: {count} letters are {count - a_day} more than the provider lets through in a day ({a_day})"

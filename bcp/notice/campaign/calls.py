"""The phone tree: who calls whom, with the agreed sentence in the client's language and a box to tick."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.contact.model import HAND_WAYS, Contact
from bcp.normalize import say_phone
from bcp.times import local

RESULTS: Mapping[str, tuple[str, str]] = {
    "told": ("sent", "told by phone"),
    "sent": ("sent", "a message was sent by hand"),
    "no-answer": ("deferred", "nobody answered the phone"),
    "wrong-number": ("failed", "the phone number is wrong"),
}
"""What a caller may report: the state of the row, and the words."""


_BOXES = "[ ] told  [ ] no answer  [ ] wrong number"


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call, and what to say to him; `code` is what is typed to report on it."""

    contact: Contact
    number: str
    say: str
    before: str = ""
    code: str = ""


def share(calls: Sequence[Call], callers: Sequence[str]) -> dict[str, list[Call]]:
    """The calls split among the callers, each language with one caller as far as that is fair.

    Calls of one language stand together, so that a caller reads one sentence and not five.
    """
    ordered = sorted(calls, key=lambda call: (call.contact.language or "", not call.contact.running_project))
    size, extra = divmod(len(ordered), len(callers))
    shares: dict[str, list[Call]] = {}
    start = 0
    for index, caller in enumerate(callers):
        end = start + size + (1 if index < extra else 0)
        shares[caller] = ordered[start:end]
        start = end
    return shares


def written(shares: Mapping[str, Sequence[Call]], title: str, now: datetime, zone: ZoneInfo) -> str:
    """The call list as a text to print or to read from a screen."""
    if not any(shares.values()):
        return f"{title}\n{local(now, zone)}\n\nNobody is left to be called.\n"
    lines = [title, local(now, zone), "", "Tick what came of each call, then report it:"]
    lines += [*(f"  bcp notice called NAME {result}" for result in ("told", "no-answer", "wrong-number"))]
    lines += ["or all at once, by the codes:", "  bcp notice called A3=told B1=no-answer", ""]
    for caller, calls in shares.items():
        if not calls:
            continue
        lines += [f"=== {caller}: {len(calls)} calls", ""]
        said = ""
        for call in calls:
            if call.say != said:
                said = call.say
                lines += [f'Say: "{said}"', ""]
            lines += _one(call)
    return "\n".join(lines) + "\n"


def without(text: str, is_of: Callable[[str], bool]) -> str:
    """A list that was written, without the calls and the sentences that `is_of` somebody; callers' counts are right."""
    kept: list[str] = []
    is_out = False
    for line in text.split("\n"):
        if line.startswith((_BOXES, "Say: ", "=== ")):
            is_out = not line.startswith("=== ") and is_of(line)
        if not is_out:
            kept.append(line)
    heads = [index for index, line in enumerate(kept) if line.startswith("=== ")]
    for index, end in zip(heads, [*heads[1:], len(kept)], strict=True):
        caller = kept[index].rpartition(":")[0]
        kept[index] = f"{caller}: {sum(line.startswith(_BOXES) for line in kept[index:end])} calls"
    return "\n".join(kept)


def _one(call: Call) -> list[str]:
    code = f"{call.code}   " if call.code else ""
    head = f"{_BOXES}   {code}{say_phone(call.number)}   {call.contact.called}"
    way = HAND_WAYS.get(call.contact.preferred_channel or "", "")
    note = " · ".join(part for part in (f"prefers {way}" if way else "", call.before) if part)
    return [head, *([f"      {note}"] if note else []), ""]

"""An office whose sixty letters are answered by what `tests.answers` draws, and for what each answer was taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bcp.notice.inbox.post_in import PostIn
from bcp.notice.inbox.sorted import Sorted
from bcp.store.board import StoredBoard
from tests.answers import COUNT, Answer, Letter, answers
from tests.posts import INCIDENT, affair, clients, deliver, office, order, post_room, state_of
from tests.test_inbox import CHANNELS, FIRST, INBOX, World


@dataclass(frozen=True)
class Answered:
    """An answer, and for what it was taken."""

    answer: Answer
    found: str

    @property
    def is_right(self) -> bool:
        return self.answer.what == self.found


def answered(folder: Path, seed: int) -> list[Answered]:
    """What became of each answer that this seed draws."""
    folder.mkdir(parents=True)
    office(folder, None, clients(COUNT), CHANNELS + INBOX)
    post = post_room(folder)
    post.freeze(post.prepare(affair(), order()))
    deliver(post, FIRST, World(folder, []))
    rows = {row.key: row for row in post.ledger.rows(FIRST)}
    letters = [
        Letter(name, rows[key].address, post.ledger.content(key))
        for name, key in post.ledger.message_ids(FIRST).items()
    ]
    world, board = World(folder, []), StoredBoard(state_of(folder))
    incoming = PostIn(post, board, world, list(post.ledger.campaigns(INCIDENT)))
    found = []
    # One by one, so that each is known by what it added.
    for number, one in enumerate(answers(letters, seed), 1):
        world.box.messages = {number: one.raw}
        found.append(Answered(one, taken_for(incoming.fetch())))
    return found


def taken_for(done: Sorted) -> str:
    """For what a single mail was taken."""
    counts = {
        "bounce": done.bounces,
        "late": done.late,
        "person": done.replies,
        "look": done.look,
        "automatic": done.automatic - done.look,
        "request": done.requests,
        "opt-out": len(done.opted_out),
        "hint": len(done.unproven),
        "strange": len(done.left_aside),
        "other": done.others,
        "copy": done.copies,
    }
    return " and ".join(what for what, count in counts.items() if count) or "nothing"

"""The tree of failures, each with a hint what to do next, and the exit statuses.

    BcpError
    ├── InputError             2   usage, an unknown name, a file that cannot be read
    │   └── SourceError        2   every mistake of every file, each with its place
    ├── StoreError             3   the store: locked, full, damaged, in the wrong place
    │   ├── Conflict           3   somebody else wrote first: reread, refold, retry
    │   ├── Locked             3   another program holds it: it may be free in a moment
    │   ├── ChainBroken        3   the journal was changed
    │   └── TooNew             3   the journal was written by a newer version
    ├── StepFailed             4   an automatic step failed; its evidence is in the journal
    │   ├── Unreachable        4   nothing answers where it had to be done
    │   └── Unsure             4   it may have taken effect all the same
    ├── NotDelivered           5   a letter could not be delivered
    ├── SomethingDue           8   a decision, a promise, an old measure
    └── PersonNeeded           9   the next step is a gate and nobody is there to answer

Anything else that reaches the top is a bug of ours (status 1). A check that is down or inconclusive is a result and
no failure (status 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import NamedTuple


class Exit(IntEnum):
    """The exit statuses of every command."""

    OK = 0
    BUG = 1
    INPUT = 2
    STORE = 3
    STEP_FAILED = 4
    NOT_DELIVERED = 5
    CHECK_DOWN = 7
    DUE = 8
    PERSON_NEEDED = 9
    INTERRUPTED = 130

    @property
    def words(self) -> str:
        """What it means, for whoever reads a log; nothing where all is well."""
        return _MEANS.get(self, "")


_MEANS = {
    Exit.BUG: "a bug of ours",
    Exit.INPUT: "it cannot be done as it was put",
    Exit.STORE: "the store cannot be used",
    Exit.STEP_FAILED: "a step failed",
    Exit.NOT_DELIVERED: "something was not delivered",
    Exit.CHECK_DOWN: "a check is down",
    Exit.DUE: "something is due",
    Exit.PERSON_NEEDED: "waiting for a person",
    Exit.INTERRUPTED: "interrupted",
}


class BcpError(Exception):
    """A failure that is told to a person: one sentence, and what to do next; `more` is told behind it, never logged."""

    exit = Exit.BUG

    def __init__(self, message: str, hint: str = "", more: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.more = more


class InputError(BcpError):
    """What was asked for cannot be done as it was put."""

    exit = Exit.INPUT


class Mistake(NamedTuple):
    """One mistake in a file: its place (line and column from 1), the sentence, the hint, the line itself."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    text: str = ""

    def __str__(self) -> str:
        """`file:line:column: message`, as editors and people read it."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class SourceError(InputError):
    """All mistakes found in all files that were read; `given` if that is a file that the command named."""

    def __init__(self, mistakes: Sequence[Mistake], given: bool = False) -> None:
        self.mistakes = sorted(set(mistakes))
        self.given = given
        self.own_words = False
        count = len(self.mistakes)
        super().__init__(
            f"{count} mistake{'' if count == 1 else 's'} in the files of this office",
            "correct the lines named above, then run: bcp validate",
        )

    def told_as(self, message: str, hint: str) -> None:
        """From now on these words stand below the mistakes."""
        self.message, self.hint, self.own_words = message, hint, True


class StoreError(BcpError):
    """The store cannot be used; what was written before stays readable."""

    exit = Exit.STORE


class Conflict(StoreError):
    """The stream grew since it was read; reread, refold and try again."""


class Locked(StoreError):
    """Another program holds it; in a moment it may be free."""


class ChainBroken(StoreError):
    """The hash chain does not hold: an event was changed, removed, inserted or swapped."""


class TooNew(StoreError):
    """A newer version wrote it, and this one cannot go on with it."""


class StepFailed(BcpError):
    """An automatic step failed; it waits with its evidence."""

    exit = Exit.STEP_FAILED


class Unreachable(StepFailed):
    """Nothing answers where it had to be done: that may itself be what is down."""


class Unsure(StepFailed):
    """It may have taken effect all the same, or in part: only looking tells, so it is not repeated without a look."""


def taken_back(error: BcpError, trouble: str, undone: str) -> StepFailed:
    """What is raised for a deed that failed: `undone` says that it was taken back; `trouble` that this failed, too."""
    return (Unsure if trouble else StepFailed)(f"{error.message}; {trouble or undone}", error.hint)


@contextmanager
def read_back(lost: Unsure | None) -> Iterator[None]:
    """What is read behind a write whose answer was `lost`; where that fails, too, nobody knows: raises Unsure then."""
    try:
        yield
    except StepFailed as error:
        if lost is None:
            raise
        raise Unsure(f"{lost.message}; {error.message}", error.hint) from None


class NotDelivered(BcpError):
    """A letter could not be delivered."""

    exit = Exit.NOT_DELIVERED


class SomethingDue(BcpError):
    """A decision, a promise or an old measure wants an answer first."""

    exit = Exit.DUE


class PersonNeeded(BcpError):
    """The next step is a gate and nobody is there to answer."""

    exit = Exit.PERSON_NEEDED

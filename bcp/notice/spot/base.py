"""TextSpot: a place where a person puts the text of a notice by hand. One file a place; `Kind` is its class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import ClassVar


class TextSpot(ABC):
    """A place with its name, as it is typed: `facebook`.

    `RANK` orders the list: where most clients look comes first. `CHECKED` is the day as of which `where` and `LIMIT`
    are true, by `SOURCE`; None where no menu of others is in it. `LIMIT` is the most letters that the place takes,
    `AT_A_GLANCE` how many are seen before somebody asks for more. `PARTS` are the texts of a notice that fit, the best
    first. A place with `TOGETHER` holds all languages in one text; of the others each is put there by itself.
    """

    RANK: ClassVar[int]
    CHECKED: ClassVar[date | None] = None
    SOURCE: ClassVar[str] = ""
    LIMIT: ClassVar[int | None] = None
    AT_A_GLANCE: ClassVar[int | None] = None
    PARTS: ClassVar[Sequence[str]] = ("paste", "sms")
    TOGETHER: ClassVar[bool] = True

    def __init__(self, name: str) -> None:
        """It is called `name`."""
        self.name = name

    @abstractmethod
    def title(self) -> str:
        """What people call it, in a few words."""

    @abstractmethod
    def where(self) -> Sequence[str]:
        """Where to click, a line a step."""

    @abstractmethod
    def down(self) -> Sequence[str]:
        """How the text is taken down again."""

    def refuses(self, sentence: str) -> str:
        """Why a sentence cannot stand there; nothing where it can."""
        return ""

    def shaped(self, text: str, part: str) -> str:
        """The text as it is written there; `part` is the text of the notice that it was made of."""
        return text

    def hint(self, part: str) -> str:
        """What is to be known of a text that was made of this part of the notice; nothing where all is well."""
        return ""

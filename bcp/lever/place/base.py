"""PlaceDriver: how we read and write at a place on the web; whole or not at all, and never over what others wrote.

A kind is one file in `kinds/`. Its fields are the YAML below `way:` of a place in bcp.yaml. Each deed goes through
the World and raises StepFailed with a sentence.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, Field, PrivateAttr

from bcp.clock import Clock
from bcp.errors import StepFailed
from bcp.host_name import host_name
from bcp.i18n import _
from bcp.outside import World
from bcp.yaml.types import Line, Model

BY_HAND = "do it by hand as the step says, and mend the way of this place in bcp.yaml later"
Takes = Literal["files", "news", "hand"]


def _host(text: str) -> str:
    if "/" in text:
        name = text.partition("://")[2] or text
        raise ValueError(f'write the name of the server alone: "{name.partition("/")[0]}", not "{text}"')
    return host_name(text)


HostName = Annotated[Line, AfterValidator(_host)]
"""A server by its name or its address, without a scheme or a folder."""


class Untried(str):
    """A sentence of a trial about what it could not try: nobody knows that yet, and the trial is no success."""

    __slots__ = ()


class Changed(StepFailed):
    """Somebody else wrote there since we read it; nothing was overwritten."""


class OffTheSite(StepFailed):
    """The page is there, and the public does not read it."""


class Advice(NamedTuple):
    """What works and could be safer: the field of the way, the sentence, and what to write instead."""

    field: str
    words: str
    hint: str


@dataclass(frozen=True, slots=True)
class PlaceEnv:
    """What a way works with: the one door out, the clock, and the folder that relative paths start from."""

    world: World
    clock: Clock
    office: Path
    witness: Callable[[str], Sequence[str]] = lambda _twin: ()
    """A trial calls it with the name of a twin while the public could read that; what was seen, in sentences."""

    @property
    def own_name(self) -> str:
        """A short name for what this office puts somewhere for a while: another one at the same site has another."""
        seed = f"{platform.node()}\0{self.office.resolve()}"
        return sha256(seed.encode(errors="surrogateescape")).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class PageCopy:
    """A page as it stands at the place; `mark` is the server's own mark of this version (an ETag), where it has one."""

    content: bytes
    mark: str = ""


class PlaceDriver(Model):
    """How we read and write at a place."""

    takes: ClassVar[frozenset[Takes]] = frozenset({"files"})
    """What can be put there: files of ours, news of ours; `hand`: a person does it. A page can be changed by all."""

    _url: str = PrivateAttr(default="")

    def shown_at(self, url: str) -> None:
        """Told once, while bcp.yaml is read: where the public reads what is written here."""
        self._url = url

    def describe(self) -> str:
        """Where it leads, secrets left as references."""
        raise TypeError(f"{type(self).__name__} has no words")

    def programs(self) -> tuple[str, ...]:
        """The programs that it needs, so that a rehearsal can tell whether they are here."""
        return ()

    def secrets(self) -> tuple[str, ...]:
        """The references to secrets that it needs."""
        return ()

    def advice(self) -> Sequence[Advice]:
        """What would work and could be safer; `bcp validate` says it."""
        return ()

    def fetch(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """The page; None where the place has no such page. Raises StepFailed where that cannot be known."""
        raise TypeError(f"{type(self).__name__} reads nothing")

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Put `content` there if it is still as it `was`; readers never see a half of it.

        Raises Changed where it is not any more, Unsure where only reading tells what happened, StepFailed where
        nothing was changed.
        """
        raise TypeError(f"{type(self).__name__} writes nothing")

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """What shows that we could write there: all that `store` does, done to a twin beside the page.

        Nothing that the public reads is changed, and nothing stays. A sentence about what could not be tried is an
        Untried. Raises StepFailed where it fails, as it would on the day.
        """
        raise TypeError(f"{type(self).__name__} cannot be tried out")

    def is_shown(self) -> bool:
        """Whether the public reads the page on a quiet day, too: a maintenance page shows only while it is there."""
        return True

    def same(self, was: bytes, now: bytes) -> bool:
        """Whether the whole page `now` is what was meant, but for what such a server changes without harm."""
        return was == now

    def refuse_harm(self, reach: PlaceEnv, page: str) -> None:
        """Raises StepFailed where this account or server would change what others wrote in the page."""

    def refuse_unread(self, reach: PlaceEnv, page: str) -> None:
        """Raises OffTheSite where the public does not read this page, and no look from outside need show it."""

    def revisions(self, reach: PlaceEnv, page: str) -> str:
        """Where the site itself keeps older versions of the page, as a sentence; nothing where it keeps none."""
        return ""


@dataclass(frozen=True, slots=True)
class News:
    """A piece of news as it stands at the place; `slug` is its name there, `id` and `link` are the place's own."""

    slug: str
    title: str
    html: str
    id: str = ""
    link: str = ""


class NewsWay(PlaceDriver):
    """A way that takes news of ours besides."""

    takes: ClassVar[frozenset[Takes]] = frozenset({"news"})

    news: bool = Field(default=True, description="whether the notice is posted as news, too")

    def find_news(self, reach: PlaceEnv, slug: str) -> News | None:
        """The news with that slug, seen by the public or not; None where there are none."""
        raise TypeError(f"{type(self).__name__} finds no news")

    def put_news(self, reach: PlaceEnv, was: News | None, news: News) -> None:
        """Post news, or change those that stand there. Raises as `store` does."""
        raise TypeError(f"{type(self).__name__} posts no news")

    def drop_news(self, reach: PlaceEnv, was: News) -> None:
        """Take news away, so that a person could bring them back. Raises as `store` does."""
        raise TypeError(f"{type(self).__name__} drops no news")


def insist(now: PageCopy | None, was: PageCopy | None, page: str) -> None:
    """Raises Changed unless the page is as it was when it was read."""
    if (now.content if now else None) != (was.content if was else None):
        raise changed(page)


def changed(page: str) -> Changed:
    """Somebody else wrote there meanwhile."""
    return Changed(
        _("somebody else changed {page} while we were at it; nothing was overwritten").format(page=page),
        "try again: it is read anew, and the other change is kept",
    )

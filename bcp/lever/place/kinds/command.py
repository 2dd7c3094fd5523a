"""command: a program of the office reads a page and writes it; for rsync, FTP, git and everything else.

`{file}` in its arguments is a file of this computer: `read` puts the page there, `write` takes it from there. `{page}`
is the name of the page. What `write` does must be whole or not at all (upload beside, then rename). With `remove`, a
program that takes a page away, a trial can write a twin beside the page; without it only reading is tried.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from bcp.command_words import as_typed
from bcp.errors import StepFailed, Unreachable, Unsure
from bcp.i18n import _
from bcp.lever.place.base import BY_HAND, PageCopy, PlaceDriver, PlaceEnv, Untried, insist
from bcp.lever.place.beside import beside, trial_content
from bcp.outside import Program, Ran
from bcp.private import publish
from bcp.secret_text import written
from bcp.yaml.types import Arguments, EnvName, SomeDuration, Text


class Command(PlaceDriver):
    """Run a program that fetches a page, and one that puts it in place."""

    read: Arguments = Field(
        examples=['[scp, "www:site/{page}", "{file}"]'],
        description="the program that fetches the page into {file}",
    )
    write: Arguments = Field(
        examples=['[./put-page, "{file}", "{page}"]'], description="the program that puts {file} there"
    )
    remove: Arguments | None = Field(
        default=None,
        description="a program that takes a page away: only with it can a trial write",
        examples=['[ssh, www, rm, "site/{page}"]'],
    )
    missing: list[int] = Field(
        default_factory=list, description="the statuses of `read` that mean: there is no such page"
    )
    timeout: SomeDuration = Field(default=timedelta(seconds=60), description="how long each of them may take")
    env: dict[EnvName, Text] = Field(
        default_factory=dict, description="what is added to the environment of both; the place for secrets"
    )
    stdin: Text | None = Field(default=None, description="what both read from their standard input")

    def describe(self) -> str:
        """The program that writes, secrets left as references."""
        return "Run: " + as_typed(self.write)

    def programs(self) -> tuple[str, ...]:
        """The programs."""
        return tuple(dict.fromkeys((self.read[0], self.write[0], *(self.remove or ())[:1])))

    def fetch(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """Run `read`, and take what it put into the file."""
        with tempfile.TemporaryDirectory(prefix="bcp-") as folder:
            file = Path(folder) / "page"
            ran = self._run(reach, self.read, page, file)
            if ran.code in self.missing:
                return None
            if ran.trouble or ran.code:
                raise Unreachable(_said(self.read, ran), BY_HAND)
            if not file.exists():
                words = _("{program} ended well, but wrote no page").format(program=self.read[0])
                raise StepFailed(words, 'in bcp.yaml, let `read` write to "{file}"')
            return PageCopy(file.read_bytes())

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Look once more, then run `write`."""
        insist(self.fetch(reach, page), was, page)
        self._put(reach, page, content)

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Write a twin beside the page, write over it, read it back, take it away; without `remove`, read alone."""
        here = None if page is None else self.fetch(reach, page)
        if self.remove is None:
            words = _(
                "{read} reads; nothing was written, for bcp.yaml names no program that takes a page away"
            )
            return [Untried(words.format(read=self.read[0]))]
        page = page or "index.html"
        twin = beside(page, reach, b"twin")
        new = trial_content(page, len(here.content) if here else 0)
        try:
            self._put(reach, twin, trial_content(page))
            self._put(reach, twin, new)
            kept = self.fetch(reach, twin)
            if kept is None or kept.content != new:
                words = _("{program} ended well, but what it wrote is not what is read there")
                raise StepFailed(words.format(program=self.write[0]), BY_HAND)
            seen = reach.witness(twin)
        except StepFailed:
            self._take_away(reach, self.remove, twin)
            raise
        ran = self._take_away(reach, self.remove, twin)
        if ran.trouble or ran.code:
            raise StepFailed(_said(self.remove, ran), BY_HAND)
        words = _("{program} can write a file, write over it, and it is read back and taken away")
        return [words.format(program=self.write[0]), *seen]

    def _put(self, reach: PlaceEnv, page: str, content: bytes) -> None:
        with tempfile.TemporaryDirectory(prefix="bcp-") as folder:
            file = Path(folder) / "page"
            file.write_bytes(content)
            publish(file)
            ran = self._run(reach, self.write, page, file)
            if ran.trouble and not ran.began:
                raise StepFailed(ran.trouble, BY_HAND)
            if ran.trouble or ran.code:
                raise Unsure(_said(self.write, ran), BY_HAND)

    def _take_away(self, reach: PlaceEnv, remove: Arguments, page: str) -> Ran:
        with tempfile.TemporaryDirectory(prefix="bcp-") as folder:
            return self._run(reach, remove, page, Path(folder) / "page")

    def _run(self, reach: PlaceEnv, arguments: Sequence[str], page: str, file: Path) -> Ran:
        filled = (
            written(word, lambda piece: piece.replace("{page}", page).replace("{file}", str(file)))
            for word in arguments
        )
        env = {name: written(text) for name, text in self.env.items()}
        stdin = None if self.stdin is None else written(self.stdin)
        return reach.world.run(Program(tuple(filled), self.timeout.total_seconds(), env, stdin))


def _said(arguments: Sequence[str], ran: Ran) -> str:
    ended = _("{program} ended with status {status}").format(program=as_typed(arguments), status=ran.code)
    said = ran.trouble or ended
    return f"{said} ({ran.last_line})" if ran.last_line else said


Kind = Command

"""command: a program of the office reads a page and writes it; for rsync, FTP, git and everything else.

`{file}` in its arguments is a file of this computer: `read` puts the page there, `write` takes it from there. `{page}`
is the name of the page. What `write` does must be whole or not at all (upload beside, then rename).
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
from bcp.lever.place.base import BY_HAND, PageCopy, PlaceDriver, PlaceEnv, insist
from bcp.outside import Program, Ran
from bcp.private import publish
from bcp.secret_text import written
from bcp.yaml.types import Arguments, EnvName, SomeDuration, Text


class Command(PlaceDriver):
    """Run a program that fetches a page, and one that puts it in place."""

    read: Arguments = Field(examples=['[scp, "www:site/{page}", "{file}"]'])
    write: Arguments = Field(examples=['[./put-page, "{file}", "{page}"]'])
    missing: list[int] = Field(
        default_factory=list, description="the statuses of `read` that mean: there is no such page"
    )
    timeout: SomeDuration = timedelta(seconds=60)
    env: dict[EnvName, Text] = Field(
        default_factory=dict, description="what is added to the environment of both; the place for secrets"
    )
    stdin: Text | None = Field(default=None, description="what both read from their standard input")

    def describe(self) -> str:
        """The program that writes, secrets left as references."""
        return "Run: " + as_typed(self.write)

    def programs(self) -> tuple[str, ...]:
        """The two programs."""
        return self.read[0], self.write[0]

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
        with tempfile.TemporaryDirectory(prefix="bcp-") as folder:
            file = Path(folder) / "page"
            file.write_bytes(content)
            publish(file)
            ran = self._run(reach, self.write, page, file)
            if ran.trouble and not ran.began:
                raise StepFailed(ran.trouble, BY_HAND)
            if ran.trouble or ran.code:
                raise Unsure(_said(self.write, ran), BY_HAND)

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Only reading can be tried: what `write` would do nobody knows but its author."""
        if page is not None:
            self.fetch(reach, page)
        return [f"{self.read[0]} reads; whether {self.write[0]} may write shows only when it is run"]

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

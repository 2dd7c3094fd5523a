"""sftp: files on a server that is reached by SSH, with the system's own `sftp`: its keys, its agent, its known hosts.

OpenSSH's sftp(1): `-b` reads commands from a file and ends at the first that fails (a leading `-` lets one fail), exit
status 1; status 255 means that there was no connection. Its `rename` goes over an existing file in one step.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from bcp.errors import StepFailed, Unreachable, Unsure
from bcp.i18n import _
from bcp.lever.place.base import (
    BESIDE,
    BY_HAND,
    TRIAL,
    TRIAL_CONTENT,
    PageCopy,
    PlaceDriver,
    PlaceEnv,
    insist,
)
from bcp.outside import Program, Ran
from bcp.private import publish
from bcp.yaml.types import Line, SomeDuration

_NO_CONNECTION = 255


class Sftp(PlaceDriver):
    """Put files there."""

    host: Line = Field(
        description="the server, or its name in your ssh configuration", examples=["www.kropka.example"]
    )
    folder: Line = Field(description="the folder of the site there", examples=["/var/www/html"])
    user: Line | None = Field(default=None, examples=["kropka"])
    port: int | None = Field(default=None, ge=1, le=65535)
    key: Line | None = Field(
        default=None,
        description="the file of the private key, if ssh does not find it itself",
        examples=["~/.ssh/web"],
    )
    known_hosts: Line | None = Field(default=None, description="a file of known hosts besides ssh's own")
    timeout: SomeDuration = timedelta(seconds=60)

    def describe(self) -> str:
        """Which folder of which server, as whom."""
        return f"Write to {self._target()}:{self.folder} (SFTP)"

    def programs(self) -> tuple[str, ...]:
        """OpenSSH's client."""
        return ("sftp",)

    def fetch(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """Get the file."""
        with tempfile.TemporaryDirectory(prefix="bcp-") as folder:
            file = Path(folder) / "page"
            ran = self._run(
                reach, folder, f"cd {_quoted(self.folder)}", f"get {_quoted(page)} {_quoted(file)}"
            )
            if ran.code == 0:
                return PageCopy(file.read_bytes())
            if ran.code is not None and not file.exists() and _is_missing(ran, page):
                return None
            # A transfer that was cut short leaves a half behind: that is never taken for the page.
            raise StepFailed(_said(ran), BY_HAND)

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Put it beside, look once more, rename it over the old one."""
        beside = page + BESIDE
        with tempfile.TemporaryDirectory(prefix="bcp-") as folder:
            file = Path(folder) / "page"
            file.write_bytes(content)
            publish(file)
            self._put(reach, folder, file, beside)
            try:
                insist(self.fetch(reach, page), was, page)
            except StepFailed:
                self._sweep(reach, folder, beside)
                raise
            try:
                self._do(reach, folder, f"rename {_quoted(beside)} {_quoted(page)}")
            except Unreachable as error:
                raise Unsure(error.message, error.hint) from None
            except StepFailed as error:
                self._sweep(reach, folder, beside)  # a rename that is still to come would find nothing
                raise Unsure(error.message, error.hint) from None

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Put a small file of another name, rename it, take it away."""
        with tempfile.TemporaryDirectory(prefix="bcp-") as folder:
            file = Path(folder) / "page"
            file.write_bytes(TRIAL_CONTENT)
            publish(file)
            self._put(reach, folder, file, TRIAL + BESIDE)
            self._do(reach, folder, f"rename {TRIAL + BESIDE} {TRIAL}", f"rm {TRIAL}")
            link = page is not None and self._is_link(reach, folder, page)
        # sftp(1) does not tell where a link leads, and its rename takes the place of the link itself.
        words = _(
            "{page} is a link there and would become a file: name the file that it leads to in bcp.yaml"
        )
        return [
            f"a file can be put to {self._target()}:{self.folder}, renamed and taken away",
            *([words.format(page=page)] if link else []),
        ]

    def _is_link(self, reach: PlaceEnv, folder: str, page: str) -> bool:
        """By the list of its folder: asked about itself, a link is followed."""
        there, _slash, name = page.rpartition("/")
        ran = self._run(reach, folder, f"cd {_quoted(self.folder)}", f"ls -la {_quoted(there or '.')}")
        own = re.compile(rf"l[rwx-]{{9}}.* (?:.*/)?{re.escape(name)}\s*")
        return any(own.fullmatch(line) for line in ran.output.splitlines())

    def _put(self, reach: PlaceEnv, folder: str, file: Path, beside: str) -> None:
        """What is put beside hurts nobody, whatever becomes of it; a half of it is taken away again."""
        ran = self._run(reach, folder, f"cd {_quoted(self.folder)}", f"put {_quoted(file)} {_quoted(beside)}")
        if ran.code == 0:
            return
        self._sweep(reach, folder, beside)
        is_full = "write remote" in ran.output
        said = _said(ran) + (_(" (is the disk of the server full?)") if is_full else "")
        raise StepFailed(_("{why}; nothing was changed").format(why=said), BY_HAND)

    def _sweep(self, reach: PlaceEnv, folder: str, beside: str) -> None:
        """Take away what lies beside, if that can be done: why it lies there is the news, not that it stayed."""
        with suppress(StepFailed):
            self._run(reach, folder, f"cd {_quoted(self.folder)}", f"-rm {_quoted(beside)}")

    def _do(self, reach: PlaceEnv, folder: str, *commands: str) -> None:
        ran = self._run(reach, folder, f"cd {_quoted(self.folder)}", *commands)
        if ran.code is None or ran.code:
            raise StepFailed(_said(ran), BY_HAND)

    def _run(self, reach: PlaceEnv, folder: str, *commands: str) -> Ran:
        """Raises StepFailed where the host is not the one it was, Unreachable where there is no connection."""
        batch = Path(folder) / "batch"
        batch.write_text("\n".join(commands) + "\n", encoding="utf-8")
        arguments = ("sftp", "-b", str(batch), *self._options(reach), self._target())
        ran = reach.world.run(Program(arguments, self.timeout.total_seconds()))
        if ran.trouble and not ran.began:
            raise StepFailed(ran.trouble, BY_HAND)
        if ran.code == _NO_CONNECTION:
            raise _no_connection(self._target(), ran)
        return ran

    def _options(self, reach: PlaceEnv) -> list[str]:
        said = ("BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=10", "LogLevel=ERROR")
        options = [f"-o{each}" for each in said]
        if self.port:
            options.append(f"-oPort={self.port}")
        if self.key:
            options += ["-i", str(reach.office / Path(self.key).expanduser()), "-oIdentitiesOnly=yes"]
        if self.known_hosts:
            options.append(f"-oUserKnownHostsFile={reach.office / Path(self.known_hosts).expanduser()}")
        return options

    def _target(self) -> str:
        return f"{self.user}@{self.host}" if self.user else self.host


def _no_connection(target: str, ran: Ran) -> StepFailed:
    if "IDENTIFICATION HAS CHANGED" in ran.output:
        words = _("{target} is not the server that it was: its host key has changed, so nothing was sent")
        hint = "ask the host whether the key is new; if it is: ssh-keygen -R HOST, and connect by hand"
    elif "Host key verification failed" in ran.output:
        words = _("{target} is a server that this computer does not know yet, so nothing was sent")
        hint = f"compare its key with the host's and connect once by hand: sftp {target}"
    elif "Permission denied" in ran.output:
        words = _("{target} does not let us in: the key is not known there any more, or not here")
        hint = f"try it by hand: sftp {target}"
    else:
        words = _("{target} cannot be reached: {why}")
        return Unreachable(words.format(target=target, why=_last(ran)), BY_HAND)
    return StepFailed(words.format(target=target), hint)


def _is_missing(ran: Ran, page: str) -> bool:
    """Whether the page itself is what is not there; a folder that is not there is a mistake, not a new page."""
    lines = (line for line in ran.output.splitlines() if "not found" in line or "No such file" in line)
    return any(page.rpartition("/")[2] in line for line in lines)


def _said(ran: Ran) -> str:
    return ran.trouble or f"sftp: {_last(ran)}"


def _last(ran: Ran) -> str:
    lines = [line.strip() for line in ran.output.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("sftp>", "Connection closed"))]
    return (told or lines or [f"it ended with status {ran.code}"])[-1][:200]


def _quoted(text: str | Path) -> str:
    """A word of sftp's own language: in double quotes, with these and the backslash escaped."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


Kind = Sftp

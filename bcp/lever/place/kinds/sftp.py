"""sftp: files on a server that is reached by SSH, with the system's own `sftp`: its keys, its agent, its known hosts.

OpenSSH's sftp(1): `-b` reads commands from a file and ends at the first that fails (a leading `-` lets one fail), exit
status 1; status 255 means that there was no connection. Its `rename` goes over an existing file in one step where the
server has `posix-rename@openssh.com`; where it has not, a trial fails as the day would.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from bcp.errors import StepFailed, Unreachable, Unsure
from bcp.host_name import ascii_name
from bcp.i18n import _
from bcp.lever.place.base import BY_HAND, HostName, PageCopy, PlaceEnv, insist
from bcp.lever.place.beside import OLDER, beside, folder_of, left_like, trial_content
from bcp.lever.place.file_way import FileWay
from bcp.lever.place.listing import Listed, difference, in_letters, is_a_link, listed, number_of, shuts_out
from bcp.lever.place.ssh import Door, not_let_in
from bcp.outside import Program, Ran
from bcp.private import publish, published_mode
from bcp.yaml.types import Line, SomeDuration

_NO_CONNECTION = 255
_ALWAYS = ("BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=10", "LogLevel=ERROR")


class Sftp(FileWay):
    """Put files there."""

    host: HostName = Field(
        description="the server, or its name in your ssh configuration", examples=["www.kropka.example"]
    )
    folder: Line = Field(description="the folder of the site there", examples=["/var/www/html"])
    user: Line | None = Field(default=None, examples=["kropka"], description="who signs in")
    port: int | None = Field(default=None, ge=1, le=65535, description="its port, if not 22")
    key: Line | None = Field(
        default=None,
        description="the file of the private key, if ssh does not find it itself",
        examples=["~/.ssh/web"],
    )
    known_hosts: Line | None = Field(default=None, description="a file of known hosts besides ssh's own")
    timeout: SomeDuration = Field(default=timedelta(seconds=60), description="how long it may take")

    def describe(self) -> str:
        """Which folder of which server, as whom."""
        return f"Write to {self._target()}:{self.folder} (SFTP)"

    def programs(self) -> tuple[str, ...]:
        """OpenSSH's client."""
        return ("sftp",)

    def get(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """Get the file."""
        with self._working(reach) as work:
            return work.page(page)

    def put_over(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Put it beside, look once more, rename it over the old one."""
        waits = beside(page, reach)
        with self._working(reach) as work:
            there = work.put({waits: content}, page, is_new=was is None)
            try:
                work.ready(waits, content, there)
                insist(work.page(page), was, page)
            except StepFailed:
                work.sweep(waits)
                raise
            try:
                work.do(f"rename {_quoted(waits)} {_quoted(page)}")
            except Unreachable as error:
                raise Unsure(error.message, error.hint) from None
            except StepFailed as error:
                work.sweep(waits)  # a rename that is still to come would find nothing
                raise Unsure(error.message, error.hint) from None

    def take_away(self, reach: PlaceEnv, page: str) -> None:
        """Remove the file."""
        with self._working(reach) as work:
            work.do(f"rm {_quoted(page)}")

    def try_files(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Put two files beside the page, rename the one over the other as it is done to the page, take it away."""
        is_named, page = page is not None, page or "index.html"
        twin, waits = beside(page, reach), beside(page, reach)
        with self._working(reach) as work:
            here = work.page(page)
            new = trial_content(page, len(here.content) if here else 0)
            files = {twin: trial_content(page), waits: new}
            there = work.put(files, page, is_new=here is None)
            try:
                now = work.ready(waits, new, there)
                work.over(waits, twin)
                seen = reach.witness(twin)
                ended = work.insist_on(twin, new, after=(f"rm {_quoted(twin)}", _folder_list(page)))
            except StepFailed:
                work.sweep(twin, waits)
                raise
        is_link = is_named and any(
            one.kind == "l" for one in listed(ended.whole or ended.output) if _is(one, page)
        )
        changes = difference(page, there, now) if there and now else ""
        where = f"{self._target()}:{self.folder.rstrip('/')}/{folder_of(page)}".removesuffix("/.")
        return [
            _("a file can be put to {where}, renamed over another and taken away").format(where=where),
            *seen,
            *([changes] if changes else []),
            # sftp(1) does not tell where a link leads, and its rename takes the place of the link itself.
            *([is_a_link(page)] if is_link else []),
        ]

    @contextmanager
    def _working(self, reach: PlaceEnv) -> Iterator[_Work]:
        with tempfile.TemporaryDirectory(prefix="bcp-") as folder:
            yield _Work(self._door(reach), self.folder, self.timeout.total_seconds(), reach, Path(folder))

    def _door(self, reach: PlaceEnv) -> Door:
        key, known = (
            str(reach.office / Path(file).expanduser()) if file else None
            for file in (self.key, self.known_hosts)
        )
        return Door(self._target(), ascii_name(self.host), self.port, key, known)

    def _target(self) -> str:
        host = ascii_name(self.host)
        return f"{self.user}@{host}" if self.user else host


@dataclass(frozen=True, slots=True)
class _Work:
    """A few batches of commands in the folder of a site; `local` is a folder of ours for what goes and comes."""

    door: Door
    folder: str
    timeout: float
    reach: PlaceEnv
    local: Path

    def page(self, page: str) -> PageCopy | None:
        """A page; None where the folder has none of that name."""
        file = self.local / "got"
        file.unlink(missing_ok=True)
        ran = self.run(f"get {_quoted(page)} {_quoted(file)}")
        if ran.code == 0:
            return PageCopy(file.read_bytes())
        if ran.code is not None and not file.exists() and _is_missing(ran, page):
            return None
        # A transfer that was cut short leaves a half behind: that is never taken for the page.
        raise StepFailed(self._said(ran), BY_HAND)

    def put(self, files: Mapping[str, bytes], page: str, *, is_new: bool) -> Listed | None:
        """Put files beside a page, and take away what was left there; what is listed of the page.

        They hurt nobody; a half of one is taken away again.
        """
        first, last = left_like(page, self.reach)
        commands = [
            f"-rm {_quoted(first)}*{_quoted(last)}",
            f"-rm {_quoted(page + OLDER)}",
            f"-ls -la {_quoted(page)}",
        ]
        for number, (name, content) in enumerate(files.items()):
            file = self.local / f"put{number}"
            file.write_bytes(content)
            if is_new:
                publish(file)
            commands.append(f"put {_quoted(file)} {_quoted(name)}")
        ran = self.run(*commands)
        if ran.code == 0:
            return _one(ran, page)
        self.sweep(*files)
        full = _(" (is the disk of the server full?)") if "write remote" in ran.output else ""
        raise StepFailed(_("{why}; nothing was changed").format(why=self._said(ran) + full), BY_HAND)

    def ready(self, name: str, content: bytes, there: Listed | None) -> Listed | None:
        """Give what was put the rights of the page, and see that it is whole; what is listed of it then.

        Raises StepFailed where the public could not read it in the place of the page.
        """
        rights = [f"-chmod {there.mode if there else published_mode():o} {_quoted(name)}"]
        if there is not None:
            for command, owner, is_group in (("chgrp", there.group, True), ("chown", there.owner, False)):
                number = number_of(owner, group=is_group)
                rights = [*([] if number is None else [f"-{command} {number} {_quoted(name)}"]), *rights]
        now = _one(self.insist_on(name, content, *rights, f"-ls -la {_quoted(name)}"), name)
        if there is not None and now is not None and shuts_out(there, now):
            words = _(
                "the page has the rights {was}, and ours would have {now}: the web server could not read it; "
                "nothing was changed"
            )
            hint = "let the host add this user to that group, or set the group bit of the folder (chmod g+s)"
            raise StepFailed(words.format(was=there.said(), now=now.said()), hint)
        return now

    def insist_on(self, name: str, content: bytes, *before: str, after: Sequence[str] = ()) -> Ran:
        """Raises StepFailed where a file there does not hold this, or one of the commands around fails."""
        file = self.local / "check"
        ran = self.do(*before, f"get {_quoted(name)} {_quoted(file)}", *after)
        kept = file.read_bytes()
        if kept != content:
            words = _("the server kept only {count} of {all} bytes").format(count=len(kept), all=len(content))
            hint = "ask the host how large a file may be"
            raise StepFailed(_("{why}; nothing was changed").format(why=words), hint)
        return ran

    def over(self, waits: str, twin: str) -> None:
        """Rename one file over another. Raises StepFailed where the server does not do that."""
        ran = self.run(f"rename {_quoted(waits)} {_quoted(twin)}")
        if ran.code:
            words = _("the server renames no file over another one, so a page cannot be replaced whole")
            hint = "ask the host for another way, such as ftp or webdav"
            raise StepFailed(f"{words} ({self._said(ran)})", hint)

    def sweep(self, *names: str) -> None:
        """Take files away, if that can be done: why they are there is the news, not that they stayed."""
        with suppress(StepFailed):
            self.run(*(f"-rm {_quoted(name)}" for name in names))

    def do(self, *commands: str) -> Ran:
        """What these commands said. Raises StepFailed where one of them fails."""
        ran = self.run(*commands)
        if ran.code is None or ran.code:
            raise StepFailed(self._said(ran), BY_HAND)
        return ran

    def run(self, *commands: str) -> Ran:
        """Raises StepFailed where we are not let in, Unreachable where there is no connection."""
        batch = self.local / "batch"
        batch.write_text("\n".join((f"cd {_quoted(self.folder)}", *commands, "")), encoding="utf-8")
        options = [*(f"-o{each}" for each in _ALWAYS), *self.door.options()]
        ran = self.reach.world.run(
            Program(("sftp", "-b", str(batch), *options, self.door.target), self.timeout)
        )
        if ran.trouble and not ran.began:
            raise StepFailed(ran.trouble, BY_HAND)
        if ran.code == _NO_CONNECTION:
            raise not_let_in(self.door, ran, self.reach)
        return replace(ran, output=in_letters(ran.output), whole=in_letters(ran.whole))

    def _said(self, ran: Ran) -> str:
        """Why the last command failed, in our words where they are known."""
        said = _last(ran)
        if re.search(r"dest open|remote open|open for write|remote rename", said) and _REFUSED.search(said):
            words = _("{target} may not write into {folder}")
            return words.format(target=self.door.target, folder=self.folder) + f" (sftp: {said})"
        if said.startswith(("Can't change directory", "Couldn't canonicalize", "stat remote")):
            return (
                _("there is no folder {folder} at the server").format(folder=self.folder) + f" (sftp: {said})"
            )
        return ran.trouble or f"sftp: {said}"


_REFUSED = re.compile(r"permission denied|write.protect|read-only", re.IGNORECASE)


def _folder_list(page: str) -> str:
    """The command that tells a link from a file: asked about itself, a link is followed."""
    return f"-ls -la {_quoted(folder_of(page))}"


def _one(ran: Ran, page: str) -> Listed | None:
    return next((one for one in listed(ran.output) if _is(one, page)), None)


def _is(one: Listed, page: str) -> bool:
    return one.name == page.rpartition("/")[2]


def _is_missing(ran: Ran, page: str) -> bool:
    """Whether the page itself is what is not there; a folder that is not there is a mistake, not a new page."""
    # `File "NAME" not found.` is cut at its end where the name is long.
    lines = (line for line in ran.output.splitlines() if line.startswith('File "') or "No such file" in line)
    return any(page.rpartition("/")[2] in line for line in lines)


def _last(ran: Ran) -> str:
    lines = [line.strip() for line in ran.output.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("sftp>", "Connection closed"))]
    return (told or lines or [f"it ended with status {ran.code}"])[-1][:200]


def _quoted(text: str | Path) -> str:
    """A word of sftp's own language: in double quotes, with these and the backslash escaped."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    escaped = f"./{escaped}" if escaped.startswith("-") else escaped  # it would be taken for an option
    return f'"{escaped}"'


Kind = Sftp

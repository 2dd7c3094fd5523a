"""The tests on Windows' Python, in the laboratory of `tools/windows_lab.py`: the built wheel, away from the checkout.

    python tools/windows_tests.py [what pytest is given instead of the tests that are at home there]

Where the laboratory cannot be had it says so loudly and ends well; in CI (`CI=true`) it ends with a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from windows_lab import ROOT, Laboratory, laboratory, missing, windows_path

# Not the laboratory of network namespaces; not the pages, which programs of Linux read and draw; and nothing that only
# reads the code, which is the same on every system.
_USUAL = ("--ignore", "tests/lab", "--ignore", "tests/page", "-m", "not lint")


def environment(folder: Path) -> dict[str, str]:
    """What the tests get: our wheel, UTF-8, and a place for what they write, each as Windows calls it."""
    names = {"WINETEMP": "temp", "WINETMP": "temp", "PYTHONPATH": "site"}
    paths = {name: windows_path(folder / part) for name, part in names.items()}
    return {**paths, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}


def furnish(folder: Path) -> None:
    """The wheel below `site`; below `away` all that a source package has, but for `bcp` itself."""
    for name in ("temp", "away"):
        (folder / name).mkdir()
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, stdin=subprocess.DEVNULL)
    wheel = next(folder.glob("bcp_office-*.whl"))
    shutil.unpack_archive(wheel, folder / "site", "zip")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for name in ("pyproject.toml", *settings["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]):
        there, here = ROOT / name, folder / "away" / name
        if there.is_dir() and name != "bcp":
            shutil.copytree(there, here, ignore=shutil.ignore_patterns("__pycache__"))
        elif there.is_file():
            shutil.copy(there, here)


def run(lab: Laboratory, arguments: list[str]) -> int:
    """Pytest with as many workers as there are processors; its exit status."""
    with tempfile.TemporaryDirectory(prefix="bcp-windows-") as name, lab.own_prefix() as prefix:
        folder = Path(name)
        furnish(folder)
        compiled = ("-m", "compileall", "-q", "-j", "0", windows_path(folder / "site"))
        lab.run(lab.python, *compiled, prefix=prefix)
        pytest = ("-m", "pytest", "-p", "no:cacheprovider", "-n", str(os.cpu_count() or 1), *arguments)
        return lab.run(lab.python, *pytest, prefix=prefix, cwd=folder / "away", **environment(folder))


def main() -> int:
    """Run them, or say why not."""
    if lacks := missing():
        print(f"NO WINDOWS LABORATORY, the tests on Windows are left out: {'; '.join(lacks)}")
        return 1 if os.environ.get("CI") else 0
    return run(laboratory(), sys.argv[1:] or [*_USUAL])


if __name__ == "__main__":
    sys.exit(main())

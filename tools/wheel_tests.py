"""Builds the wheel, installs it into an environment of its own, and runs the core tests from another folder.

The libraries are those of the environment that runs this: they were installed from the lock a moment ago, and to do
so again proves nothing. They are only lent: what that environment has of `bcp` itself stays out of sight, and `pip
check` sees that they are all that the wheel asks for.

That is the newer end of each range in pyproject.toml. With `--lowest` it is the older one: the oldest versions that
the ranges of the wheel allow are laid over the lent ones first, all extras with them.
"""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
WHERE = "import bcp, pathlib; print(pathlib.Path(bcp.__file__).parents[1])"


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run it, or end with its status."""
    print("+", *command, flush=True)
    done = subprocess.run([str(part) for part in command], cwd=cwd, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def new_environment(folder: Path) -> Path:
    """The interpreter of an environment that has the libraries of this one, and no `bcp` yet."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    # A line in a .pth file lends a folder, but reads no .pth file in it: the one there leads to the checkout.
    lent = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([python, "-c", lent], text=True).strip())
    (packages / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return python


def lay_lowest(python: Path, folder: Path) -> None:
    """Install the oldest versions that pyproject.toml allows over those that are lent; say which."""
    uv = Path(sys.executable).with_name("uv")
    listed = folder / "lowest.txt"
    extras = [word for extra in ("keyring", "chat") for word in ("--extra", extra)]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    how = ("--resolution", "lowest-direct", "--python-version", version, "--no-header", "--no-annotate")
    run(uv, "pip", "compile", "--quiet", *how, *extras, "--output-file", listed, "pyproject.toml")
    run(uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--reinstall", "-r", listed)
    print(listed.read_text(encoding="utf-8"), flush=True)


def main() -> None:
    """Build, install, try."""
    is_lowest = "--lowest" in sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="bcp-wheel-") as name:
        folder = Path(name)
        pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
        run(*pip, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", folder, ROOT)
        wheel = next(folder.glob("bcp_office-*.whl"))
        python = new_environment(folder / "venv")
        theirs = (*pip, "--python", python)
        if is_lowest:
            lay_lowest(python, folder)
        run(*theirs, "install", "--no-deps", "--ignore-installed", wheel)
        if not is_lowest:  # what tries it may ask for newer ones than the wheel does
            run(*theirs, "check")
        for each in ("tests", "tools", "docs"):
            shutil.copytree(ROOT / each, folder / "away" / each, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder / "away" / "pyproject.toml")
        where = subprocess.check_output([python, "-c", WHERE], cwd=folder / "away", text=True).strip()
        assert where.startswith(str(folder)), f"the tests would try {where} and not the wheel"
        run(python, "-m", "bcp", "demo", cwd=folder / "away")
        run(python, "-m", "pytest", "-n", "2", "-m", "core", "-p", "no:cacheprovider", cwd=folder / "away")


if __name__ == "__main__":
    main()

"""Builds the wheel, installs it into a fresh environment, and runs the core tests from another folder."""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run it, or end with its status."""
    print("+", *command, flush=True)
    done = subprocess.run([str(part) for part in command], cwd=cwd, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Build, install, try."""
    with tempfile.TemporaryDirectory(prefix="bcp-wheel-") as name:
        folder = Path(name)
        pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
        run(*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT)
        wheel = next(folder.glob("bcp_office-*.whl"))
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        theirs = (python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
        run(*theirs, "--require-hashes", "-r", ROOT / "requirements-dev.lock")
        run(*theirs, "--no-deps", wheel)
        for each in ("tests", "tools", "docs"):
            shutil.copytree(ROOT / each, folder / "away" / each, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder / "away" / "pyproject.toml")
        run(python, "-m", "bcp", "demo", cwd=folder / "away")
        run(python, "-m", "pytest", "-n", "2", "-m", "core", "-p", "no:cacheprovider", cwd=folder / "away")


if __name__ == "__main__":
    main()

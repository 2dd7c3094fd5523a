"""Installs the Debian packages of a list that are missing; says so loudly where it cannot.

python tools/debian_packages.py [tests/apt-packages.txt]
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

LIST = Path(__file__).parent.parent / "tests" / "apt-packages.txt"


def wanted(packages: Path) -> list[str]:
    """The packages of the list, comments left out."""
    lines = (line.partition("#")[0].strip() for line in packages.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def is_installed(package: str) -> bool:
    """Whether dpkg has it."""
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() == "install ok installed"


def main(packages: Path) -> int:
    """Install what is missing; 0 also where it cannot be installed, for then the tests say so."""
    if not shutil.which("apt-get"):
        print("NOT DEBIAN: tests that need its packages will be left out, each loudly")
        return 0
    missing = [package for package in wanted(packages) if not is_installed(package)]
    if not missing:
        return 0
    if os.geteuid() != 0:
        print(f"NOT ROOT: tests that need these packages will be left out, each loudly: {' '.join(missing)}")
        return 0
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"installing Debian packages: {' '.join(missing)}", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet, stdin=subprocess.DEVNULL)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    subprocess.run(command, check=True, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else LIST))

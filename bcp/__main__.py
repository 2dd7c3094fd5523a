"""The command `bcp`, and `python -m bcp`."""

import gc
import sys

from bcp.cli.again import print_again
from bcp.cli.plain import print_anything


def run() -> None:
    """The entry point of the command."""
    # A command makes much and throws little away: looking for cycles every 700 objects is a tenth of its time.
    gc.set_threshold(100_000)
    print_anything()
    if print_again(sys.argv[1:]):
        sys.exit(0)
    from bcp.cli.main import run as run_all

    run_all()


if __name__ == "__main__":
    run()

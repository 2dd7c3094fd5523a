"""`python -m bcp`."""

from bcp.cli.main import run

run()

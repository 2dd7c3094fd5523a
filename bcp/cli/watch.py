"""`bcp watch`: looks at the checks for as long as it lives; and the lines that let a system start it."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.console import say, show
from bcp.cli.wiring import Session
from bcp.errors import Exit, InputError
from bcp.tongue import _

app = typer.Typer()

METRICS_EVERY = timedelta(seconds=15)


@app.command()
def watch(
    context: typer.Context,
    metrics: Annotated[
        Path | None,
        typer.Option("--metrics", metavar="FILE", help="Keep OpenMetrics text in FILE, for node_exporter."),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            "--print", metavar="systemd|cron|windows", help="Print what starts it by itself, and end."
        ),
    ] = None,
) -> int:
    """Look at the checks when they are due, tell people what changed, and begin what may begin by itself."""
    from bcp.cli import watching

    session: Session = context.obj
    if unit is not None:
        if unit not in UNITS:
            raise InputError(f'there is no "{unit}" to print', "print one of: " + ", ".join(UNITS))
        show(UNITS[unit](_program(), session.folder).rstrip("\n"))
        return Exit.OK
    say(_("Watching {folder}; Ctrl-C ends it, and nothing is lost.").format(folder=session.folder))
    return watching.watch(session, metrics)


def _program() -> str:
    """The command as it was called, with its whole path."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{sys.executable} -m bcp"
    return str(called.resolve())


def systemd(program: str, folder: Path) -> str:
    """A unit for systemd: restarted when it dies, ended by SIGTERM."""
    return f"""\
# Put this into /etc/systemd/system/bcp-watch.service, then: systemctl enable --now bcp-watch
[Unit]
Description=bcp watches the office in {folder}
After=network.target

[Service]
ExecStart={program} --office "{folder}" watch
Restart=on-failure
RestartSec=10

[Install]
WantedBy=multi-user.target
"""


def cron(program: str, folder: Path) -> str:
    """A line for a crontab: cron mails what is printed, and only news is printed."""
    return f"""\
# Put this into the crontab of the person who looks after it (crontab -e). Only news is mailed.
*/5 * * * * {program} --office "{folder}" check run
"""


def windows(program: str, folder: Path) -> str:
    """A command for the Windows task scheduler."""
    return f"""\
rem Type this once into a command prompt. It was not run here: see the task in the task scheduler afterwards.
schtasks /Create /TN "bcp check run" /SC MINUTE /MO 5 /TR "{program} --office \\"{folder}\\" check run" /F
"""


UNITS = {"systemd": systemd, "cron": cron, "windows": windows}

"""`bcp demo`: a whole outage in half a minute, for real: a line dies, the levers move, the record is proved."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.terminal.output import err, remark, say, show, show_next
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.office.find import FILE

RUNBOOK = "demo-outage"
PLAYED = {
    "report": {
        "provider_ticket": "INC-4711",
        "provider_agent": "Mr Kowal",
        "provider_cause": "a digger has cut the cable",
        "provider_promised": "a technician comes",
        "provider_promise": "in 3 hours",
    },
    # The person types how many letters wait: as many as the sample has clients who did not opt out.
    "clients": {"letters": "18"},
    "all-clear": {"letters": "18"},
    "staff": {"outcome": "done"},
    "debrief": {"outcome": "done", "note": "the LTE router lay where the sheet says"},
}


app = typer.Typer()


@app.command()
def demo(
    folder: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help="Keep the office here; else in a temporary folder."),
    ] = None,
) -> int:
    """Play a whole outage on a sample office: nothing outside this computer is touched."""
    from bcp.app.incident.close import CloseRequest, close
    from bcp.app.incident.start import StartRequest, start
    from bcp.app.incident.verify import verify
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal
    from bcp.cli.incident.show import show_proofs
    from bcp.cli.incident.show import status as show_status
    from bcp.incident.script import Answers

    office = folder or Path(tempfile.mkdtemp(prefix="bcp-demo-")) / "agencja-kropka"
    _chapter(1, _("A sample office is made: an agency of nine people"))
    line = _make(office)
    session = Session(str(office), remark=remark)
    answers = Answers.model_validate(PLAYED)
    try:
        line("main", "up")
        _chapter(2, _("It is a quiet morning; then the line dies"))
        line("main", "down")
        _chapter(3, _("The incident is begun, and its steps are carried out"))
        began = start(session, StartRequest("incident", RUNBOOK, "anna", answers), AtTerminal())
        outcome.of_walk(session, began)
        _chapter(4, _("What `bcp incident status` shows: the office works on mobile internet"))
        book = session.book(None, "incident")
        running, lead_on = session.is_running(book.incident), session.lead_on(book.incident)
        show_status(book.incident, session.clock.now(), running, lead_on)
        _chapter(5, _("What the public reads, and what the clients were sent"))
        _show_told(office, book.incident.id)
        _chapter(
            6,
            _(
                "The line is back: what was switched on is switched off, and exactly those who were told hear it"
            ),
        )
        line("mobile", "down")
        request = CloseRequest("anna", answers=answers)
        status = outcome.of_closing(session, book, request, close(session, book, request, AtTerminal()))
    finally:
        for name in ("main", "mobile"):
            line(name, "down")
    _chapter(7, _("The record: what happened, in plain words"))
    for text in session.stores.record.path(book.incident.id).read_text(encoding="utf-8").splitlines():
        show(text)
    _chapter(8, _("The proof: nothing in it was changed"))
    show_proofs(verify(session, [book.incident.id], "incident"), as_json=False)
    _chapter(9, _("Where everything lies"))
    for path in (session.stores.record.path(book.incident.id), session.stores.file, office / "bcp.yaml"):
        show(f"  {path}")
    show_next((f"cd {office}", "bcp runbook list", "bcp drill start internet-outage"))
    return status


def _chapter(number: int, title: str) -> None:
    say()
    err.rule(f"{number}  {title}", align="left", style="bold cyan")


def _make(office: Path) -> _Line:
    """The sample office, with a check and a runbook that know the demonstration's line."""
    from bcp.office import starter

    line = _Line(office / ".demo")
    sample = starter.sample_office()
    changed = _on_this_computer(sample[FILE], line)
    starter.write({**sample, FILE: changed, **_demo_files(line)}, office)
    say(_("The office lies in {path}").format(path=office))
    return line


def _on_this_computer(text: str, line: _Line) -> str:
    """The sample's bcp.yaml: its mobile line is a program here, and its website is seen on the loopback."""
    program = [sys.executable, str(line.script), str(line.lab)]
    use, back = json.dumps([*program, "mobile", "up"]), json.dumps([*program, "main", "up"])
    way = f"    way: {{command: {{use: {use}, back: {back}}}}}\n"
    text = re.sub(r"    way:\n      by-hand:\n(?:        .*\n)+", lambda _found: way, text, count=1)
    shown = f"http://127.0.0.1:{line.port}"
    text = text.replace(
        "    page: kontakt.html\n", f"    url: {shown}/website/kontakt.html\n    page: kontakt.html\n"
    )
    return text.replace(
        "    kind: status-page\n", f"    url: {shown}/status/index.html\n    kind: status-page\n"
    )


def _show_told(office: Path, incident: str) -> None:
    """The lines of the website that are ours, and one of the letters."""
    from email import message_from_bytes, policy
    from html import unescape

    for text in (office / "website" / "kontakt.html").read_text(encoding="utf-8").splitlines():
        if "bcp:" in text:
            show("  " + " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split()))
    letters = sorted((office / "incidents" / incident / "letters").glob("*.eml"))
    show()
    show("  " + _("{count} letters; one of them:").format(count=len(letters)))
    letter = message_from_bytes(letters[0].read_bytes(), policy=policy.default)
    show(f"  {letter['To']}")
    for text in letter.get_content().splitlines()[:8]:
        show(f"  {text}")


class _Line:
    """The line to the internet, played by a program of its own."""

    def __init__(self, lab: Path) -> None:
        from bcp.office import starter
        from bcp.world.real import Real
        from bcp.world.secret import Secrets

        self.script = starter.shipped() / "demo" / "line.py"
        self.lab = lab
        self._world = Real(Secrets(lab, {}))
        lab.mkdir(parents=True, exist_ok=True)
        self("any", "port")

    @property
    def port(self) -> str:
        """The port at which it answers."""
        return (self.lab / "port").read_text(encoding="utf-8")

    def __call__(self, name: str, deed: str) -> None:
        """Put a line up or down."""
        from bcp.outside import Program

        ran = self._world.run(Program((sys.executable, str(self.script), str(self.lab), name, deed), 20.0))
        if ran.code != 0:
            raise StepFailed(f"the demonstration's line could not be put {deed}: {ran.trouble or ran.output}")
        if ran.output.strip() and "not up" not in ran.output:
            say(f"  ({ran.output.strip()})")


def _demo_files(line: _Line) -> dict[str, str]:
    from bcp.office import starter

    values = {
        "port": line.port,
        "python": sys.executable.replace("\\", "/"),
        "line": line.script.as_posix(),
        "lab": line.lab.as_posix(),
    }
    root = starter.shipped() / "demo"
    return {
        path.relative_to(root).as_posix(): Template(path.read_text(encoding="utf-8")).safe_substitute(values)
        for path in sorted(root.rglob("*.yaml"))
    }

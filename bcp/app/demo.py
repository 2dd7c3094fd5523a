"""The office of the demonstration, its line to the internet, and what it told the public."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import NamedTuple

from bcp.errors import StepFailed
from bcp.incident.script import Answers
from bcp.office import starter
from bcp.office.find import FILE
from bcp.private import make_folder
from bcp.progress import UNWATCHED, Progress

RUNBOOK = "demo-outage"
_PLAYED = {
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
"""What the person of the demonstration says of each step."""
_LETTER_LINES = 8


def answers() -> Answers:
    """Who plays the person of the demonstration."""
    return Answers.model_validate(_PLAYED)


class DemoLine:
    """The line to the internet, played by a program of its own."""

    def __init__(self, lab: Path, say: Callable[[str], None], progress: Progress = UNWATCHED) -> None:
        """`lab` is the folder in which it lives; `say` is told what it answers."""
        from bcp.app.watched_world import WatchedWorld
        from bcp.world.real import Real
        from bcp.world.secret import Secrets

        self.script = starter.shipped() / "demo" / "line.py"
        self.lab = lab
        self._say = say
        self._world = WatchedWorld(Real(Secrets(lab, {})), progress)
        make_folder(lab)
        self("any", "port")

    @property
    def port(self) -> str:
        """The port at which it answers."""
        return (self.lab / "port").read_text(encoding="utf-8")

    def __call__(self, name: str, deed: str) -> None:
        """Put a line up or down. Raises StepFailed where that does not succeed."""
        from bcp.outside import Program

        ran = self._world.run(Program((sys.executable, str(self.script), str(self.lab), name, deed), 20.0))
        if ran.code != 0:
            raise StepFailed(f"the demonstration's line could not be put {deed}: {ran.trouble or ran.output}")
        if ran.output.strip() and "not up" not in ran.output:
            self._say(f"  ({ran.output.strip()})")


def make(office: Path, say: Callable[[str], None], progress: Progress = UNWATCHED) -> DemoLine:
    """The sample office, with a check and a runbook that know the demonstration's line; that line."""
    line = DemoLine(office / ".demo", say, progress)
    sample = starter.sample_office()
    changed = _on_this_computer(sample[FILE], line)
    starter.write({**sample, FILE: changed, **_demo_files(line)}, office)
    return line


class ToldOutside(NamedTuple):
    """What the website says for us, how many letters there are, and to whom one goes with its first lines."""

    website: list[str]
    letters: int
    to: str
    letter: list[str]


def told_outside(office: Path, incident: str) -> ToldOutside:
    """What the public reads, and what clients were sent."""
    from email import message_from_bytes, policy
    from html import unescape

    page = (office / "website" / "kontakt.html").read_text(encoding="utf-8").splitlines()
    ours = [" ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split()) for text in page if "bcp:" in text]
    letters = sorted((office / "incidents" / incident / "letters").glob("*.eml"))
    letter = message_from_bytes(letters[0].read_bytes(), policy=policy.default)
    return ToldOutside(ours, len(letters), letter["To"], letter.get_content().splitlines()[:_LETTER_LINES])


def _on_this_computer(text: str, line: DemoLine) -> str:
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


def _demo_files(line: DemoLine) -> dict[str, str]:
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

"""A person who is never slow: carries an incident out in the office of the laboratory, answering as one who looks.

`clerk.py OFFICE RUNBOOK STATE-URL` begins it and walks to its end; with `close` behind it, takes all back and closes
it. Exit 1 where a step did not succeed.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.request

from bcp.app.incident.chosen import StartRequest
from bcp.app.incident.find import open_book
from bcp.app.incident.run import walk
from bcp.app.incident.start import start
from bcp.app.session import Session
from bcp.cli.incident import outcome
from bcp.cli.incident.at_terminal import AtTerminal
from bcp.fact import Fact
from bcp.incident import standdown
from bcp.incident.operator import KeyPressed
from bcp.incident.step_view import StepView


class Clerk:
    """Types the number of letters that is asked for, and the digits that the stand-in's voice says."""

    attended = True

    def __init__(self, state: str) -> None:
        self._state = state

    def tell(self, text: str) -> None:
        print(text, file=sys.stderr)

    def choose(self, view: StepView) -> KeyPressed:
        if view.mood == "do":
            return KeyPressed("do")
        print(f"{view.id}: {view.why}", file=sys.stderr)
        return KeyPressed("pause")

    def ask(self, fact: Fact) -> str | None:
        if fact.name == "letters":
            return re.findall(r"\d+", fact.ask)[0]
        if fact.name == "digits":
            with urllib.request.urlopen(self._state) as answer:
                return str(json.load(answer)["digits"])
        return fact.values[0] if fact.values else f"answer to {fact.name}"


def main(office: str, runbook: str, state: str, verb: str = "start") -> int:
    session = Session(office)
    if verb == "close":
        return close(session, runbook, state)
    request = StartRequest("incident", runbook, "anna")
    outcome.of_walk(session, start(session, request, AtTerminal(leads=False)))
    book = open_book(session, runbook, "incident")
    assert book is not None
    stop = walk(session, book, Clerk(state), "anna").run()
    return 0 if stop.why == "carried-out" else 1


def close(session: Session, runbook: str, state: str) -> int:
    book = open_book(session, runbook, "incident")
    assert book is not None
    standdown.begin(book, "anna", "terminal")
    stop = walk(session, book, Clerk(state), "anna").run()
    if stop.why != "carried-out":
        return 1
    standdown.finish(book, "anna", "terminal")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

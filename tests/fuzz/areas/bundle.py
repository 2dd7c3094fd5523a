"""An incident that comes from another computer: the archive's bytes, its members, events with a chain made anew."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from random import Random

from bcp.incident.evidence import export
from tests.forged import chained, opened
from tests.fuzz import mutate
from tests.fuzz.area import Area, Input, some
from tests.fuzz.oracle import command

_NAMES = (
    "a/../../x",
    "/x",
    "..",
    "attachments/..",
    "A" * 400,
    "",
    "con",
    "a\\b",
    "\x1b[2J",
    "runbooks/\u202ex.yaml",
)


class Bundle(Area):
    """A hand-over archive that is taken over into an office without incidents. What it says is never carried out."""

    name = "bundle"

    def prepare(self) -> None:
        """Hand one over."""
        self.new_office()
        command(self.office, "incident", "start", "power-outage")
        command(self.office, "incident", "note", "Zażółć gęślą jaźń")
        command(self.office, "incident", "hand-over", str(self.folder / "whole.zip"))
        self.whole = (self.folder / "whole.zip").read_bytes()
        with zipfile.ZipFile(io.BytesIO(self.whole)) as archive:
            self.members = {name: archive.read(name) for name in archive.namelist() if name != export.SUMS}
        shutil.rmtree(self.office / "incidents")

    def make(self, random: Random) -> Input:
        """Bytes of the archive or of a member, names, or events that somebody sealed anew."""
        members = dict(self.members)
        match random.randrange(6):
            case 0:
                return Input("zip", mutate.of_bytes(random, self.whole))
            case 1:
                name = random.choice(sorted(members))
                members[name] = mutate.of_bytes(random, members[name], list(members.values()))
            case 2:
                name = random.choice(sorted(members))
                members[random.choice((*_NAMES, name + "x"))] = members.pop(name)
            case 3:
                name = random.choice([name for name in sorted(members) if name.endswith(".json")])
                members[name] = json.dumps(mutate.of_tree(random, json.loads(members[name]))).encode()
            case _:
                members["journal.jsonl"] = self._sealed(random, members["journal.jsonl"])
        return Input("zip", _packed(members))

    def _sealed(self, random: Random, lines: bytes) -> bytes:
        """The events with one of them changed, sealed as by somebody who knows the format."""
        events = [opened(line) for line in lines.splitlines()]
        at = random.randrange(len(events))
        changed = mutate.of_tree(random, events[at], events)
        events[at] = changed
        if random.random() < 0.2:
            events.insert(at, changed)
        return chained(events)

    def try_(self, given: Input, thoroughly: bool) -> None:
        """Take it over, and look at what was taken."""
        file = self.folder / "given.zip"
        file.write_bytes(given.data)
        try:
            asked = command(self.office, "incident", "take-over", str(file))
            if read := re.search(r"--accept (\w+)", asked.stderr):  # somebody has read the list and agrees
                command(self.office, "incident", "take-over", str(file), "--accept", read[1])
            shown = [
                *(("incident", "list"), ("incident", "status"), ("incident", "log"), ("incident", "verify")),
                *(("incident", "report"), ("notice", "status"), ("line", "status"), ("decision", "list")),
                *(("promise", "list"), ("cost", "list"), ("followup", "list"), ("incident", "note", "x")),
            ]
            if (self.office / "incidents" / "bcp.sqlite3").exists():
                for arguments in some(shown, given, thoroughly):
                    command(self.office, *arguments)
        finally:
            shutil.rmtree(self.office / "incidents", ignore_errors=True)


def _packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**members, export.SUMS: export.sums(members)}.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()

"""The files that people write: plans, checks, the office, notices. Only commands that read; none does what they say."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import yaml

from tests.fuzz import mutate
from tests.fuzz.area import Area, Input, some
from tests.fuzz.oracle import command

_ROOT = Path(__file__).parents[3]
_PLACES = {"runbook": "runbooks", "check": "checks", "notice": "notices", "office": ".", "channels": "."}
_CHANNELS = b"""channels:
  - channel: mail
    smtp: {host: localhost, port: 25, user: o, password: "env:MAIL", from: "Office <o@example.com>"}
inbox: {host: localhost, user: o, password: "env:MAIL"}
"""


class Yaml(Area):
    """An office with one file that is not as it was. The kind says which."""

    name = "yaml"

    def prepare(self) -> None:
        """The shipped files are what is changed."""
        self.new_office()
        self.seeds = {
            **dict.fromkeys((_ROOT / "runbooks").glob("*.yaml"), "runbook"),
            **dict.fromkeys((self.office / "checks").glob("*.yaml"), "check"),
            **dict.fromkeys((_ROOT / "notices").glob("*.en.md"), "notice"),
            self.office / "bcp.yaml": "office",
        }
        self.texts = [(kind, path.read_bytes()) for path, kind in sorted(self.seeds.items())]
        self.texts.append(("channels", _CHANNELS))
        trees = [
            (kind, yaml.safe_load(re.sub(rb"\?(?=[,}])", b"", text)))
            for kind, text in self.texts
            if kind != "notice"
        ]
        self.trees = {kind: [tree for k, tree in trees if k == kind] for kind, _ in trees}

    def make(self, random: Random) -> Input:
        """Bytes, or the structure, of one of the files."""
        kind = random.choice(list(_PLACES))
        if kind == "notice" or random.random() < 0.4:
            text = random.choice([text for k, text in self.texts if k == kind])
            return Input(kind, mutate.of_bytes(random, text, [text for _, text in self.texts]))
        every = [tree for trees in self.trees.values() for tree in trees]
        tree = mutate.of_tree(random, random.choice(self.trees[kind]), every)
        text = yaml.safe_dump(
            tree, allow_unicode=random.random() < 0.5, default_flow_style=random.random() < 0.3
        )
        return Input(kind, text.encode("utf-8", "surrogatepass")[: mutate.MOST_BYTES])

    def try_(self, given: Input, thoroughly: bool) -> None:
        """All that reads such a file."""
        name = {"office": "bcp.yaml", "channels": "channels.yaml", "notice": "line-down.en.md"}.get(
            given.kind
        )
        place = self.office / _PLACES[given.kind] / (name or "internet-outage.yaml")
        before = place.read_bytes() if place.exists() else None
        commands = {
            "runbook": [("validate",), ("runbook", "list"), ("runbook", "show", "internet-outage")],
            "check": [("validate",), ("check", "list"), ("check", "status"), ("check", "metrics")],
            "notice": [
                ("validate",),
                ("notice", "lint"),
                ("notice", "preview", "line-down"),
                ("notice", "list"),
            ],
            "office": [
                *(
                    ("validate",),
                    ("contact", "check"),
                    ("number", "list"),
                    ("line", "list"),
                    ("place", "list"),
                ),
                *(
                    ("incident", "status"),
                    ("runbook", "show", "internet-outage"),
                    ("incident", "list"),
                    ("check", "status"),
                ),
            ],
            "channels": [("validate",), ("notice", "list"), ("notice", "lint")],
        }[given.kind]
        place.write_bytes(given.data)
        try:
            for arguments in some(commands, given, thoroughly):
                command(self.office, *arguments)
        finally:
            place.unlink() if before is None else place.write_bytes(before)

"""No key is a crash: whatever an office leaves out, each command that reads its files works or says what is missing.

Each key of the sample and of a new office is taken away everywhere, alone; then random sets of them, here and there.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
import yaml

from bcp.errors import Exit
from bcp.office import starter
from bcp.office.model import Office
from bcp.yaml.source import Reader, parse
from tests.offices import bcp
from tests.test_starter import KROPKA

KeyPath = tuple[str, ...]
"""Where a key is: `("lines", "2", "support")`; "*" for every entry of a list."""

SETS = int(os.environ.get("BCP_KEY_SETS", "1"))
"""How many random sets are tried with all commands, and three times as many on paper; BCP_KEY_SEED draws others."""
SEED = os.environ.get("BCP_KEY_SEED", "14")
CHANNELS = """\
channels:
  - channel: mail
    smtp: {host: 127.0.0.1, port: 9, security: tls, user: office, password: "env:MAIL", from: "Office <o@x.example>"}
    per_minute: 20
  - channel: files
    file: {folder: letters}
inbox: {host: 127.0.0.1, user: office, password: "env:MAIL"}
"""
CONTACTS = starter.sample_office()["contacts/clients.csv"]
PAPER = "validate", "print wallet internet-outage -o -"
"""The first reads every key and measures what goes on paper."""
COMMANDS = """\
validate
print pack -o -
print outdated
runbook show internet-outage
contact list
contact check
contact verify Halina
notice lint
notice preview line-down clients
notice plan line-down clients
notice test files --to a@b.example
inbox list
line list
line status
number list
number check
number published
place list
place status
place preview website line-down
check list
check status
incident start internet-outage --dry-run
incident start internet-outage
incident note Something
incident amend --fact verdict=isp-down
incident step done lights
incident status
incident print -o -
promise add --from P --by tomorrow Back
decision list
cost add 20 Taxi
claim show
claim calculate
claim letter
claim dossier
incident report -o -
incident log
incident close
support
drill start phone-outage
drill status
""".splitlines()
OFFICES = {
    "sample": starter.sample_office()["bcp.yaml"],
    "new": starter.plain_office(replace(KROPKA, fault_number=""))["bcp.yaml"],
}


def keys(text: str, together: bool) -> list[KeyPath]:
    """The place of each key; `together`: once for all entries of a list."""

    def below(node: yaml.Node | None, path: KeyPath) -> Iterator[KeyPath]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield (*path, key.value)
                yield from below(value, (*path, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                yield from below(value, (*path, "*" if together else str(number)))

    return list(dict.fromkeys(below(_composed(text), ())))


def without(text: str, gone: set[KeyPath]) -> str:
    """The YAML without these keys, all else as it was written."""

    def cut(node: yaml.Node | None, paths: set[KeyPath]) -> None:
        below: list[tuple[yaml.Node | None, set[str]]] = []
        if isinstance(node, yaml.MappingNode):
            node.value = [(key, value) for key, value in node.value if (key.value,) not in paths]
            below = [(value, {key.value}) for key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            below = [(value, {str(number), "*"}) for number, value in enumerate(node.value)]
        for value, names in below:
            cut(value, {path[1:] for path in paths if path[0] in names and len(path) > 1})

    node = _composed(text)
    cut(node, gone)
    # In C where there is one: in Python it takes longer than what is tested with it.
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.serialize(node, Dumper=dumper, allow_unicode=True))


def _composed(text: str) -> yaml.Node | None:
    return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def is_valid(text: str) -> bool:
    reader = Reader()
    reader.model(parse(text, "bcp.yaml"), Office)
    return not reader.mistakes


@cache
def optional(text: str) -> tuple[KeyPath, ...]:
    """The keys of all entries that an office may do without, alone."""
    return tuple(path for path in keys(text, together=True) if is_valid(without(text, {path})))


def crashes(office: Path, commands: Iterable[str]) -> list[str]:
    """What the commands came to that may not be: a bug, or a refusal that names no file and no next step."""
    found = []
    for command in commands:
        told = bcp(office, *command.split())
        if told.returncode == Exit.BUG or "Traceback" in told.stderr:
            found.append(f"bcp {command}: {told.stderr.strip()[-400:]}")
        if command == "validate" and told.returncode == Exit.INPUT and ":" not in told.stderr:
            found.append(f"bcp {command}: says no place: {told.stderr.strip()[-400:]}")
    return found


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with all that the sample has."""
    starter.write({**starter.sample_office(), "channels.yaml": CHANNELS}, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", OFFICES)
def test_each_key_may_be_away_alone(office: Path, name: str) -> None:
    text = OFFICES[name]
    # What both offices have is taken away from the richer one.
    tried = optional(OFFICES["sample"]) if name != "sample" else ()
    found = []
    for path in (path for path in optional(text) if path not in tried):
        (office / "bcp.yaml").write_text(without(text, {path}), encoding="utf-8")
        found += [f"without {'.'.join(path)}: {each}" for each in crashes(office, PAPER[:1])]
    assert not found, "\n\n".join(found)


def thinned(office: Path, random: Random) -> str:
    """Takes a random set of keys and columns away that may be; says which of bcp.yaml."""
    share = random.choice((0.1, 0.4, 0.8))
    text = random.choice([*OFFICES.values()])

    def some(paths: Iterable[KeyPath]) -> set[KeyPath]:
        return {path for path in paths if random.random() < share}

    needed = set(keys(text, together=True)) - set(optional(text))
    gone = some(path for path in keys(text, together=False) if len(path) > 1 and starred(path) not in needed)
    (office / "bcp.yaml").write_text(without(text, gone), encoding="utf-8")
    channels = without(CHANNELS, some(keys(CHANNELS, together=False)))
    (office / "channels.yaml").write_text(channels, encoding="utf-8")
    rows = [*csv.reader(io.StringIO(CONTACTS))]
    kept = [column for column in range(len(rows[0])) if random.random() > share]
    lines = "".join(",".join(row[column] for column in kept) + "\n" for row in rows)
    (office / "contacts" / "clients.csv").write_text(lines, encoding="utf-8")
    return f"without {sorted('.'.join(path) for path in gone)}"


@pytest.mark.parametrize("number", range(SETS))
def test_any_set_of_keys_may_be_away_and_no_command_crashes(office: Path, number: int) -> None:
    told = thinned(office, Random(f"{SEED} {number}"))
    found = crashes(office, COMMANDS)
    assert not found, "\n\n".join([told, *found])


def test_any_set_of_keys_may_be_away_on_paper(office: Path) -> None:
    found = []
    for number in range(3 * SETS):
        told = thinned(office, Random(f"{SEED} paper {number}"))
        found += [f"{told}: {each}" for each in crashes(office, PAPER)]
    assert not found, "\n\n".join(found)


def starred(path: KeyPath) -> KeyPath:
    """The same key of any entry."""
    return tuple("*" if part.isdecimal() else part for part in path)


def test_a_line_with_a_provider_but_no_title_and_no_number_for_faults_is_printed(office: Path) -> None:
    text = OFFICES["sample"]
    gone: set[KeyPath] = {("lines", "*", "title"), ("lines", "*", "support")}
    (office / "bcp.yaml").write_text(without(text, gone), encoding="utf-8")
    wallet = bcp(office, "print", "wallet", "internet-outage", "-o", "-")
    assert wallet.returncode == Exit.OK
    assert "Światłowód Wisła" in wallet.stdout
    pack = bcp(office, "print", "pack", "-o", "-")
    assert pack.returncode == Exit.OK
    assert "Światłowód Wisła" in pack.stdout

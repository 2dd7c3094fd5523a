"""The schemas for editors: they take what our reader takes, and refuse what it refuses, by YAML 1.1 and 1.2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError, create_model

from bcp.action.kinds.number import Somebody
from bcp.action.kinds.published import Shown
from bcp.check.model import AnyProbe, Check, ConfirmRule, Hours, Need, WeekdayName
from bcp.notice.channel.channels import ChannelsFile, NamedChannel
from bcp.office import starter
from bcp.office.internet import Rate
from bcp.office.model import Country, Office
from bcp.office.proxy import ProxyOrNo
from bcp.probe.kinds.disk import Room
from bcp.runbook.model import AnyChoice, Runbook, Step
from bcp.yaml import types
from bcp.yaml.source import parse
from bcp.yaml.types import Model
from bcp.yaml.yaml_text import as_yaml
from tests.badfiles import files
from tests.schemas import READINGS, complaints, validator
from tests.test_docs import MODELS, NAMES, bcp, blocks

CHECKOUT = Path(__file__).parent.parent
FILES: Mapping[str, type[BaseModel]] = {"runbook": Runbook, "check": Check, "office": Office}
BOTH = pytest.mark.parametrize("version", READINGS)
EACH = pytest.mark.parametrize("model", [*FILES.values(), ChannelsFile], ids=lambda each: each.__name__)

CROSS = "it points to something in another file, or elsewhere in this one"
TWICE = "the same name is there twice"
COMPARED = "two values are compared"
WORLD = "only this computer's list of time zones knows"
SILENT = {
    "runbook/a-check-that-is-not-there": CROSS,
    "runbook/a-condition-that-can-never-hold": CROSS,
    "runbook/a-decision-that-is-there-twice": TWICE,
    "runbook/a-decision-that-starts-no-runbook": CROSS,
    "runbook/a-decision-whose-default-is-no-answer": CROSS,
    "runbook/a-channel-that-is-not-there": CROSS,
    "runbook/a-fact-asked-for-twice": TWICE,
    "runbook/a-fact-before-it-is-set": CROSS,
    "runbook/a-fact-in-a-command-before-it-is-set": CROSS,
    "runbook/a-fact-in-a-text-before-it-is-set": CROSS,
    "runbook/a-fact-that-is-never-set": CROSS,
    "runbook/a-line-that-is-not-there": CROSS,
    "runbook/a-look-at-a-check-that-is-not-there": CROSS,
    "runbook/a-role-that-nobody-holds": CROSS,
    "runbook/a-runbook-that-enters-itself": CROSS,
    "runbook/a-runbook-that-is-not-there": CROSS,
    "runbook/a-step-of-the-stand-down-that-is-there-twice": TWICE,
    "runbook/a-step-that-is-there-twice": TWICE,
    "runbook/an-owner-that-is-no-role": CROSS,
    "check/a-check-that-depends-on-itself": CROSS,
    "check/a-check-that-depends-on-nothing-known": CROSS,
    "check/a-runbook-that-is-not-there": CROSS,
    "check/hours-of-no-length": COMPARED,
    "check/more-needed-than-there-are": COMPARED,
    "office/a-deputy-who-is-nobody": CROSS,
    "office/a-number-on-a-line-that-is-not-there": CROSS,
    "office/a-person-who-is-there-twice": TWICE,
    "office/a-place-that-nobody-corrects": CROSS,
    "office/a-target-behind-what-is-unbearable": COMPARED,
    "office/a-time-zone-that-does-not-exist": WORLD,
    "office/an-owner-who-is-nobody": CROSS,
}
"""Bad files about which an editor says nothing, and why it cannot."""


def shipped() -> Iterator[tuple[Path, type[BaseModel]]]:
    """The YAML files that come with the tool, as far as an office has such files."""
    for folder in ("", "sample", "demo"):
        for kind in ("runbook", "check"):
            yield from (
                (path, FILES[kind]) for path in sorted((CHECKOUT / folder / f"{kind}s").glob("*.yaml"))
            )
    yield CHECKOUT / "sample" / "bcp.yaml", Office


def told(path: Path, model: type[BaseModel], version: str) -> list[str]:
    data = READINGS[version](path.read_text(encoding="utf-8"))
    return [f"{path.name}: {each}" for each in complaints(validator(model), data)]


@BOTH
def test_each_shipped_file_is_right_for_an_editor_and_says_the_same_to_it(version: str) -> None:
    found, wrong = list(shipped()), []
    for path, model in found:
        text = path.read_text(encoding="utf-8")
        data = READINGS[version](text)
        wrong += [f"{path.name}: {each}" for each in complaints(validator(model), data)]
        if _sentences(data) != _sentences(parse(text, path.name).data):
            wrong.append(f"{path.name}: its texts are others to an editor")
    assert len(found) > 13 and wrong == []


def _sentences(data: Any) -> list[str]:
    """The texts that people read: one word may be something else to an editor, such as yes."""
    if isinstance(data, dict):
        return [text for each in data.values() for text in _sentences(each)]
    if isinstance(data, list):
        return [text for each in data for text in _sentences(each)]
    return [str(data)] if isinstance(data, str) and " " in data else []


@pytest.mark.parametrize("sample", [[], ["--sample"]], ids=["plain", "sample"])
def test_each_file_of_a_new_office_is_right_by_the_schema_that_its_first_line_names(
    tmp_path: Path, sample: list[str]
) -> None:
    made = bcp(tmp_path, "init", ".", "--yes", *sample)
    assert made.returncode == 0, made.stderr
    known = {path.name for path, _model in shipped() if path.parent.parent == CHECKOUT}
    found: list[str] = []
    for path in [tmp_path / "bcp.yaml", *(tmp_path / "runbooks").iterdir(), *(tmp_path / "checks").iterdir()]:
        text = path.read_text(encoding="utf-8")
        if path.name in known:  # as it is shipped: the test above
            continue
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
        assert named, path
        judge = Draft202012Validator(json.loads((path.parent / named[1]).read_text(encoding="utf-8")))
        found += [each for read in READINGS.values() for each in complaints(judge, read(text))]
    assert found == []


@BOTH
def test_a_new_office_is_right_for_an_editor_in_each_country(version: str) -> None:
    """Norway, too, which is a no by YAML 1.1."""
    wrong: list[str] = []
    for country, home in starter.HOMES.items():
        answers = starter.NewOfficeAnswers("On: the #1 office?", country, home.language, home.timezone)
        data = READINGS[version](starter.plain_office(answers)["bcp.yaml"])
        wrong += [f"{country}: {each}" for each in complaints(validator(Office), data)]
    assert wrong == []


@pytest.mark.lint
@BOTH
def test_each_yaml_example_of_the_docs_is_right_for_an_editor(version: str) -> None:
    found: list[str] = []
    seen = 0
    for page in NAMES:
        for words, inside in blocks(page):
            model = MODELS.get(words.removeprefix("yaml ")) if words.startswith("yaml") else None
            if model is None or words == "yaml answers":
                continue
            seen += 1
            data = READINGS[version](inside)
            judge = validator(_holding(model)) if model is AnyProbe else validator(model)
            found += [
                f"{page}, {words}: {each}"
                for each in complaints(judge, {"it": data} if model is AnyProbe else data)
            ]
    assert seen > 50 and found == []


@BOTH
def test_each_bad_file_is_wrong_for_an_editor_but_those_that_it_cannot_know(version: str) -> None:
    silent = {
        f"{kind}/{path.stem}"
        for kind, model in FILES.items()
        for path in files(kind)
        if not told(path, model, version)
    }
    assert silent == SILENT.keys()


def test_the_commands_print_the_schemas_that_a_new_office_has(tmp_path: Path) -> None:
    bcp(tmp_path, "init", "office", "--yes")
    for noun in ("runbook", "check"):
        printed = json.loads(bcp(tmp_path, noun, "schema").stdout)
        assert printed == json.loads((tmp_path / "office" / ".schema" / f"{noun}.json").read_text("utf-8"))


# One scalar


@cache
def _holding(kind: Any) -> type[BaseModel]:
    """A model with one field of this type."""
    return create_model("Holding", __base__=Model, it=(kind, ...))


class Taken(NamedTuple):
    """Texts as they stand in a file behind a key: which are taken, and which are not."""

    kind: Any
    yes: list[str]
    no: list[str]


SCALARS = [
    Taken(
        types.Text,
        ["a text", "12", "1.5", "yes", "2026-11-26", "'{fact:a}'", "|\n  A\n  B"],
        ["''", "", "[a]"],
    ),
    Taken(
        types.Line, ["a line", "12:30", "no", ">\n  A\n  B"], ["|\n  A\n  B", "", "{a: b}", '"say {fact: a}"']
    ),
    Taken(types.Id, ["a", "call-2", "no", "on", "' a '"], ["A", "a b", "-a", "12", "", f"a{'b' * 40}"]),
    Taken(types.FactName, ["a_b", "yes", "'a '"], ["a-b", "A", "1"]),
    Taken(types.EnvName, ["ROUTER_TOKEN", "_x", "' A'"], ["A-B", "1A"]),
    Taken(
        types.Duration, ["30s", "1h30m", "1h 30m", "0s", "2D", "1w"], ["30", "5 minutes", "PT15M", "", "1.5h"]
    ),
    Taken(types.SomeDuration, ["30s", "10m"], ["0s", "0h0m", "-5m"]),
    Taken(
        types.ClockTime,
        ["14:00", '"7:05"', "07:05", "0912", "1230", "12.30"],
        ['"25:00"', "12:60", "noon", "12"],
    ),
    Taken(
        types.Phone,
        ["+48226000001", "+48 22 600-00-01", "0041 44 668 18 00", "0041446681800"],
        ["600 000 101", "+48"],
    ),
    Taken(types.Dialled, ["801 802 803", "112", '"*21#"', "+48 22 600 00 01"], ["call us", "1", "a1"]),
    Taken(types.Money, ["199.00 PLN", "5 eur", "1 234,50 PLN"], ["199", "PLN", "5 zlotys", "5.00"]),
    Taken(
        types.Compensation,
        ["1/30 per day", "5 EUR per working day", "10% per day after 2 days"],
        ["5", "much"],
    ),
    Taken(types.Secret, ["env:TOKEN", "keyring:router", "file:a/b"], ["hunter2", '"env:"', "12"]),
    Taken(types.Zone, ["Europe/Warsaw", "UTC"], ["Central Europe", "12"]),
    Taken(types.YesNoUnknown, ["yes", "No", "unknown", "true"], ["maybe", "1"]),
    Taken(
        types.Day,
        ["2026-11-26", "2026-1-5", '"2026-11-26"'],
        ["2026-02-30", "2026-13-01", "26.11.2026", "2026"],
    ),
    Taken(
        types.Host,
        ["www.example.com", "10.0.0.1", '"::1"', "żółw.pl"],
        ["https://a.b", "a.b:80", "a b", "a/b"],
    ),
    Taken(types.HostAndPort, ["1.1.1.1:443", '"[::1]:53"'], ["1.1.1.1", "a:0", "a:b"]),
    Taken(
        types.WebAddress,
        ["https://a.b/c?d", "http://a.b:80"],
        ["ftp://a.b", "a.b", "https://u:p@a.b/", "https://"],
    ),
    Taken(types.Arguments, ["[ping, -c, 1]"], ["ping -c 1", "[]", "{a: b}"]),
    Taken(bool, ["yes", "no", "on", "Off", "true", "False", '"yes"', "1", "0"], ["perhaps", "2", "", "ja"]),
    Taken(int, ["5", '"5"', "1_000", "-3"], ["five", "1.5", "[5]", ""]),
    Taken(float, ["5", "1.5", '"1.5"', "1e3"], ["much", "1,5"]),
    Taken(Need, ["all", "Any", "2", '"2"'], ["0", "most", "1.5"]),
    Taken(
        ConfirmRule,
        ["3 looks in 4s", "1 look in 1s", "3 of 5 Looks in 10s"],
        ["often", "0 looks in 4s", "21 looks in 4s"],
    ),
    Taken(WeekdayName, ["mon", "Sunday", "SAT"], ["1", "day"]),
    Taken(Rate, ["5 Mbit/s", "500kbit/s"], ["fast", "5"]),
    Taken(Room, ["10 %", "5 GB", "500mb"], ["5", "much"]),
    Taken(Country, ["PL", "no", "NO"], ["Poland", "1"]),
    Taken(Somebody, ["role:lead", '"{fact:number}"', "+48226000001"], ["Anna", '"role:"', "600"]),
    Taken(Shown, ["standby", '"{fact:number}"', "+48226000001"], ["Stand by", "600"]),
    Taken(
        ProxyOrNo, ["no", "http://proxy:3128", "{url: http://proxy:3128}"], ["maybe", "{}", "{url: proxy}"]
    ),
    Taken(
        AnyChoice, ["stay", "no", "{answer: stay}", "{answer: a, runbook: b}"], ["Stay here", "{}", "[stay]"]
    ),
    Taken(
        types.Annotated[list[types.Id], types.ONE_OR_MORE],
        ["a", "[a, b]", "no", "[]"],
        ["A", "[A]", "", "{a: b}"],
    ),
]
UNSEEN = {("1.1", "12:60"), ("1.1", "12"), ("1.2", "12"), ("1.1", "25:00")}
"""Times that are none, and became a number that a time may become, too."""


@BOTH
@pytest.mark.parametrize("scalar", SCALARS)
def test_an_editor_takes_of_a_type_what_our_reader_takes(version: str, scalar: Taken) -> None:
    model = _holding(scalar.kind)
    judge = validator(model)
    wrong: list[str] = []
    for text, is_right in [(each, True) for each in scalar.yes] + [(each, False) for each in scalar.no]:
        behind = f"it: {text}\n"
        assert _is_read(model, behind) == is_right, f"our reader: {text}"
        if scalar.kind is types.ClockTime and (version, text) in UNSEEN:
            continue
        if (not complaints(judge, READINGS[version](behind))) != is_right:
            wrong.append(text)
    assert wrong == []


STEP = "{{step: a, title: A, by_hand: Do., {0}}}"
TOGETHER = [
    Taken(
        Step,
        [
            STEP.format(each)
            for each in (
                "manual: ",
                "diagnose: {}",
                "manual: {}, auto: no",
                "diagnose: {}, auto: yes",
                "manual: {}, only_if: {check: internet, is: [up, down]}",
                "manual: {}, only_if: {fact: verdict, is: isp-down}",
                "wait: {for: 10m}",
                'wait: {until: "14:00"}',
                "number: {activate: office, forward_to: role:lead}",
                "number: {deactivate: office}",
                "published: {show: standby, instead_of: office}",
                "published: {restore: office}",
                "publish: {place: website, notice: line-down}",
                "publish: {place: website, take_back: yes}",
                "ask: {questions: [{fact: a, ask: A, type: choice, choices: [b, c]}]}",
                "ask: {questions: [{fact: a, ask: A, type: datetime, ahead: yes}]}",
            )
        ],
        [
            STEP.format(each)
            for each in (
                "who: lead",
                "ask: ",
                "manual: {}, diagnose: {}",
                "manual: {}, auto: yes",
                "manual: {}, only_if: {check: internet, fact: a, is: up}",
                "manual: {}, only_if: {is: up}",
                "wait: {}",
                'wait: {for: 10m, until: "14:00"}',
                "number: {}",
                "number: {deactivate: office, forward_to: role:lead}",
                "published: {restore: office, show: standby}",
                "publish: {place: website}",
                "publish: {place: website, notice: line-down, take_back: yes}",
                "ask: {questions: [{fact: a, ask: A, type: choice, choices: [b]}]}",
                "ask: {questions: [{fact: a, ask: A, choices: [b, c]}]}",
                "ask: {questions: [{fact: a, ask: A, ahead: yes}]}",
            )
        ],
    ),
    Taken(
        AnyProbe,
        [
            "{heartbeat: {file: last, within: 26h}}",
            "{sip: {host: a.example, user: b, password: env:C}}",
            "{link: }",
            "{tcp: {host: [a.example, b.example], port: 443}}",
            "{http: {url: https://a.example/, status: [200, 204], proxy: no}}",
        ],
        [
            "{heartbeat: {file: last, url: https://a.example/, within: 26h}}",
            "{heartbeat: {file: last}}",
            "{sip: {host: a.example, user: b}}",
            "{smtp: {host: a.example, password: env:C}}",
            "{tcp: }",
            "{}",
            "{ping: {host: a.example}, link: {}}",
            "{http: {url: https://a.example/, status: 99}}",
        ],
    ),
    Taken(
        NamedChannel,
        [
            "{channel: mail, smtp: {preset: google, from: A <a@b.example>, password: keyring:mail}}",
            "{channel: mail, smtp: {host: a.example, from: a@b.example, a_day: 500}}",
            "{channel: post, file: }",
        ],
        [
            "{channel: mail, smtp: {from: A <a@b.example>}}",
            "{channel: mail, smtp: {host: a.example, from: nobody}}",
            "{channel: mail, smtp: {host: a.example, from: a@b.example, password: hunter2}}",
            "{channel: mail}",
            "{smtp: {host: a.example, from: a@b.example}}",
        ],
    ),
    Taken(
        Hours,
        ['{from: "22:00", to: "6:00"}', '{days: sat, from: "22:00", to: "6:00"}'],
        ['{days: [sat], "on": 2026-12-24, from: "22:00", to: "6:00"}', '{from: "22:00"}'],
    ),
]


@BOTH
@pytest.mark.parametrize("taken", TOGETHER, ids=["step", "probe", "channel", "hours"])
def test_an_editor_knows_which_keys_go_together(version: str, taken: Taken) -> None:
    model = _holding(taken.kind)
    for text, is_right in [(each, True) for each in taken.yes] + [(each, False) for each in taken.no]:
        behind = f"it: {text}\n"
        assert _is_read(model, behind) == is_right, f"our reader: {text}"
        assert (not complaints(validator(model), READINGS[version](behind))) == is_right, text


def _is_read(model: type[BaseModel], text: str) -> bool:
    try:
        model.model_validate(parse(text, "it").data)
    except ValidationError:
        return False
    return True


# What stands in the schemas


def _parts(shown: Any) -> Iterator[dict[str, Any]]:
    if isinstance(shown, dict):
        yield shown
        for key, value in shown.items():
            if key not in ("default", "examples", "enum", "const"):
                yield from _parts(value)
    elif isinstance(shown, list):
        for each in shown:
            yield from _parts(each)


@EACH
def test_each_default_and_each_example_is_right_by_its_own_schema(model: type[BaseModel]) -> None:
    judge = validator(model)
    seen, wrong = 0, []
    for part in _parts(judge.schema):
        for value in [*part.get("examples", []), *([part["default"]] if "default" in part else [])]:
            if isinstance(part.get("examples"), dict):  # a field of this name
                continue
            seen += 1
            wrong += complaints(judge.evolve(schema={**part, "$defs": judge.schema["$defs"]}), value)
    assert seen > 20 and wrong == []


def test_a_default_is_said_as_a_file_says_it() -> None:
    check = validator(Check).schema["properties"]
    assert check["every"]["default"] == "1m"
    assert check["confirm"]["default"] == "3 looks in 4s"
    assert (
        validator(Runbook).schema["$defs"]["Step"]["properties"]["check"]["properties"]["within"]["default"]
        == "2m"
    )


@EACH
def test_an_editor_explains_each_key(model: type[BaseModel]) -> None:
    of_a_rule = {"not", "type", "const", "enum", "pattern", "errorMessage", "maximum", "minimum"}
    shown = validator(model).schema
    silent = [
        name
        for part in _parts(shown)
        if "additionalProperties" in part and isinstance(part.get("properties"), dict)
        for name, each in part["properties"].items()
        if "description" not in each and "$ref" not in each and not set(each) <= of_a_rule
    ]
    assert silent == []


@EACH
def test_the_patterns_are_those_of_ecmascript(model: type[BaseModel]) -> None:
    patterns = {
        part["pattern"] for part in _parts(validator(model).schema) if isinstance(part.get("pattern"), str)
    }
    of_python = [each for each in patterns if re.search(r"\(\?[P<#aiLmsux(]|\\[AZ]|[*+?}]\+", each)]
    assert len(patterns) > 5 and of_python == []


# What we write


@BOTH
def test_what_we_write_is_read_the_same_by_everybody(version: str) -> None:
    texts = [
        "12:30",
        "yes",
        "0o17",
        "1e3",
        "~",
        "0041446681800",
        "a: b",
        "{fact:a}?",
        "- x",
        "2026-11-26",
        "żółw",
        "#a",
        "",
    ]
    written = as_yaml({"texts": texts, "inside": {"no": "on"}})
    assert READINGS[version](written) == {"texts": texts, "inside": {"no": "on"}}
    assert parse(written, "it").data == {"texts": texts, "inside": {"no": "on"}}


# The files themselves


def _all_shipped() -> list[Path]:
    folders = ("runbooks", "checks", "sample", "demo", "bcp")
    # A template: what is made of it is looked at with the files of a new office.
    return [
        path
        for folder in folders
        for path in sorted((CHECKOUT / folder).rglob("*.yaml"))
        if path.name != "starter.yaml"
    ]


@pytest.mark.lint
def test_all_shipped_yaml_passes_the_relaxed_rules_of_yamllint(tmp_path: Path) -> None:
    from yamllint import linter
    from yamllint.config import YamlLintConfig

    bcp(tmp_path, "init", ".", "--yes")
    relaxed = YamlLintConfig("extends: relaxed\nrules: {line-length: disable}")
    found: list[str] = []
    for path in [*_all_shipped(), tmp_path / "bcp.yaml"]:
        text = path.read_text(encoding="utf-8")
        assert yaml.safe_load(text)
        found += [f"{path}:{each.line}:{each.column}: {each.desc}" for each in linter.run(text, relaxed)]
    assert found == []

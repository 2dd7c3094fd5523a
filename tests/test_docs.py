"""What the documents say is so: commands, keys, examples, links and the session in the README."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter
from typer import Context

from bcp.action.kinds.ask import Question
from bcp.check.model import AnyProbe, Check, Hours
from bcp.incident.script import Answers
from bcp.notice.channel.channels import ChannelsFile
from bcp.office import starter
from bcp.office.internet import Internet
from bcp.office.line import OfficeLine
from bcp.office.model import Office
from bcp.office.place import OfficePlace
from bcp.office.watching import Watching
from bcp.registry import kind, kinds
from bcp.runbook.model import Choice, Condition, Decision, Phase, Runbook, Step, Undo
from bcp.validate import load
from bcp.yaml.source import Reader, parse
from tests import quick, transcript
from tests.test_rooms import LEVEL
from tools import docs

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
MODELS: dict[str, Any] = {
    "channels": ChannelsFile,
    "runbook": Runbook,
    "step": Step,
    "decision": Decision,
    "check": Check,
    "probe": AnyProbe,
    "office": Office,
    "place": OfficePlace,
    "line": OfficeLine,
    "internet": Internet,
    "watch": Watching,
    "answers": Answers,
}
KINDS = [("bcp.action.kinds", name) for name in kinds("bcp.action.kinds")] + [
    ("bcp.probe.kinds", name) for name in kinds("bcp.probe.kinds")
]
COMMANDS = list(docs.walk())


@cache
def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a page: the words behind the fence, and what is inside."""
    for found in re.finditer(r"^( *)```([^\n]*)\n(.*?)^\1```$", text(page), re.DOTALL | re.MULTILINE):
        yield found[2].strip(), found[3]


def section(page: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", text(page), re.MULTILINE)
    assert found, f"{page} has no heading “{heading}”"
    lines, is_code = [], False
    for line in text(page)[found.end() :].splitlines():
        is_code ^= line.startswith("```")
        if not is_code and re.match(rf"#{{1,{len(found[1])}}} ", line):
            break
        lines.append(line)
    return "\n".join(lines)


def rows(part: str) -> set[str]:
    """All words in backticks in the first cells of the tables of a section."""
    cells = re.findall(r"^\| ([^|]+) \|", part, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


def keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


# Commands


@pytest.mark.lint
@pytest.mark.parametrize(("line", "context"), COMMANDS, ids=[line for line, _ in COMMANDS])
def test_each_command_and_each_of_its_options_says_what_it_does(line: str, context: Context) -> None:
    assert context.command.help, f"{line} has no help"
    for name, words in docs.records(context):
        assert re.sub(r"\[.*\]", "", words).strip(), f"{line}: {name} has no help"


@pytest.mark.lint
def test_the_help_of_a_noun_never_cuts_off_what_a_verb_says() -> None:
    for line, context in COMMANDS:
        verbs = context.command.get_help(context).partition("Commands:\n")[2]
        assert "..." not in verbs, f"{line} --help"


@pytest.mark.lint
def test_the_page_of_commands_is_current() -> None:
    assert docs.PAGE.read_text(encoding="utf-8") == docs.page(), "run: make docs"


def test_only_bcp_itself_installs_completion() -> None:
    with_it = [line for line, context in COMMANDS if "completion" in str(docs.records(context))]
    assert with_it == ["bcp"]


@pytest.mark.lint
def test_the_exit_statuses_are_told_alike_wherever_they_stand() -> None:
    told = {
        page: set(re.findall(r"^\| (\d+) \|", text(page), re.MULTILINE))
        for page in ("README.md", "docs/office-admin.md", "docs/commands.md")
    }
    from bcp.errors import Exit

    assert all(numbers == {str(int(status)) for status in Exit} for numbers in told.values()), told


@pytest.mark.core
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("bcp inc", {"incident"}),
        ("bcp incident st", {"start", "status", "step"}),
        ("bcp incident close --l", {"--leave"}),
        ("bcp drill start --ans", {"--answers"}),
    ],
)
def test_the_shell_completes_commands_and_options(typed: str, offered: set[str]) -> None:
    environ = {**os.environ, "_BCP_COMPLETE": "complete_bash", "COMP_WORDS": typed}
    environ["COMP_CWORD"] = str(len(typed.split()) - 1)
    done = subprocess.run(
        [sys.executable, "-m", "bcp"], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert set(done.stdout.split()) == offered, done.stderr


def typed(page: str) -> Iterator[str]:
    """Every command that a page tells somebody to type, in a sentence or on a line of its own."""
    yield from re.findall(r"`(bcp [^`]+)`", " ".join(text(page).split()))
    yield from re.findall(
        r"^ *(?:\$ )?(bcp .+)$", "\n".join(inside for _words, inside in blocks(page)), re.MULTILINE
    )


@pytest.mark.lint
@pytest.mark.parametrize("page", NAMES)
def test_each_command_that_a_page_names_is_one_with_its_options(page: str) -> None:
    known = {line: {part.strip() for name, _ in docs.records(context) for part in re.split("[, ]", name)}
             for line, context in COMMANDS}  # fmt: skip
    for command in typed(page):
        words = shlex.split(command.partition("|")[0])
        line = "bcp"
        while len(words) > line.count(" ") + 1 and f"{line} {words[line.count(' ') + 1]}" in known:
            line = f"{line} {words[line.count(' ') + 1]}"
        verb = words[line.count(" ") + 1 : line.count(" ") + 2]
        is_noun = any(other.startswith(f"{line} ") for other in known)
        assert not is_noun or not verb or re.match(r"-|…|\[|[A-Z]+$", verb[0]), f"{page}: {command}"
        for option in (word.partition("=")[0] for word in words if word.startswith("-")):
            assert option in {*known[line], *known["bcp"], "--help"}, f"{page}: {command}: {option}"


# Keys and kinds


@pytest.mark.lint
@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("Runbook", Runbook),
        ("Phase", Phase),
        ("Step", Step),
        ("only_if", Condition),
        ("Decision", Decision),
        ("Checks", Check),
        ("Rehearsing", Answers),
    ],
)
def test_each_key_of_a_runbook_and_a_check_is_explained(heading: str, model: type[BaseModel]) -> None:
    assert rows(section("docs/runbooks.md", heading)) == keys(model)


@pytest.mark.lint
def test_keys_without_a_table_of_their_own_are_explained_where_they_are_used() -> None:
    for heading, model in (("Decision", Choice), ("Undo", Undo), ("Checks", Hours)):
        said = set(re.findall(r"`([^`\n]+)`", section("docs/runbooks.md", heading)))
        assert keys(model) <= said, keys(model) - said


@pytest.mark.lint
@pytest.mark.parametrize(("package", "name"), KINDS)
def test_each_kind_is_explained_with_each_of_its_fields_and_an_example(package: str, name: str) -> None:
    is_action = package == "bcp.action.kinds"
    part = section("docs/runbooks.md", f"`{name}`" if is_action else f"`{name}` probe")
    fields = keys(kind(package, name)) - (set() if is_action else {"timeout", "via"})
    asked = keys(Question) if name == "ask" else set()
    assert rows(part) == fields | asked
    assert f"```yaml {'step' if is_action else 'probe'}" in part


@pytest.mark.lint
def test_each_part_of_the_office_file_is_explained() -> None:
    said = rows(section("docs/office-admin.md", "Set up, on a quiet day"))
    assert keys(Office) <= said, keys(Office) - said


@pytest.mark.lint
def test_each_key_of_the_guided_screen_is_explained() -> None:
    words = (ROOT / "bcp" / "cli" / "terminal" / "step_screen.py").read_text(encoding="utf-8")
    keys_ = set(
        re.findall(
            r"""^ +"(\w+)": _\(""", words.partition("def show_help")[2].partition("def ")[0], re.MULTILINE
        )
    )
    told = section("docs/office-admin.md", "The day it happens").partition("A wrong answer")[0]
    assert keys_ == (rows(told) | {"Enter"}) - {"?"} and len(keys_) > 8


@pytest.mark.lint
def test_each_setting_of_the_environment_is_listed() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bcp").rglob("*.py"))
    used = set(re.findall(r"""["'\s](BCP_[A-Z]+)\b""", said))
    assert rows(section("docs/commands.md", "Settings in the environment")) == used | {"NO_COLOR"}


# Examples

YAML = [
    pytest.param(words, inside, id=f"{page}-{number}")
    for page in NAMES
    for number, (words, inside) in enumerate(blocks(page))
    if words.startswith("yaml")
]
JSON = [
    pytest.param(words.removeprefix("json "), json.loads(inside), id=words)
    for page in NAMES
    for words, inside in blocks(page)
    if words.startswith("json bcp ")
]


@pytest.mark.lint
@pytest.mark.parametrize(("words", "inside"), YAML)
def test_each_yaml_example_is_read_without_a_mistake(words: str, inside: str, tmp_path: Path) -> None:
    model = MODELS[words.removeprefix("yaml ")]
    if model is AnyProbe:
        TypeAdapter(AnyProbe).validate_python(parse(inside, "example").data)
        return
    file = tmp_path / "example.yaml"
    file.write_text(inside, encoding="utf-8")
    reader = Reader()
    document = reader.document(file, "example.yaml")
    assert document is not None and not reader.mistakes, reader.mistakes
    if model is Answers:
        from bcp.incident.script import load_answers

        assert load_answers(file).default
        return
    reader.model(document, model)
    assert not reader.mistakes, "\n".join(map(str, reader.mistakes))


def test_the_whole_runbook_of_the_docs_holds_in_the_sample_office(tmp_path: Path) -> None:
    starter.write(starter.sample_office(), tmp_path)
    for name, inside in written_out("Example: our payment terminal is dead").items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(inside, encoding="utf-8")
    examples = [inside for words, inside in blocks("docs/runbooks.md") if words == "yaml runbook"]
    assert examples
    for example in examples:
        name = re.search(r"^runbook: (\S+)", example, re.MULTILINE)
        assert name
        (tmp_path / "runbooks" / f"{name[1]}.yaml").write_text(example, encoding="utf-8")
    assert load(tmp_path).runbooks.keys() >= {"water-in-the-cellar", "payment-terminal"}


def written_out(heading: str) -> dict[str, str]:
    """The files that a section of the page on runbooks shows whole, by their names: "`checks/x.yaml`:" and a block."""
    found = re.findall(
        r"`(\w+/[\w.-]+)`:\n\n```[^\n]*\n(.*?)^```$", section("docs/runbooks.md", heading), re.S | re.M
    )
    return dict(found)


def test_the_worked_example_is_played_as_the_page_says(tmp_path: Path) -> None:
    starter.write(starter.sample_office(), tmp_path)
    files = written_out("Example: our payment terminal is dead")
    assert sorted(name.partition("/")[0] for name in files) == [
        "answers", "checks", "contacts", "notices", "notices", "runbooks",
    ]  # fmt: skip
    for name, inside in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(inside, encoding="utf-8")
    plan = parse(files["runbooks/payment-terminal.yaml"], "plan").data
    assert sum(len(phase["steps"]) for phase in plan["phases"]) == 8
    part = section("docs/runbooks.md", "Example: our payment terminal is dead")
    (told,) = re.findall(r"^```\n(bcp .*?)^```$", part, re.DOTALL | re.MULTILINE)
    shown = {line: bcp(tmp_path, *shlex.split(line)[1:]) for line in told.splitlines()}
    for line, done in shown.items():
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    assert "0 findings" in shown["bcp notice lint payment-terminal"].stderr
    dry = shown["bcp incident start payment-terminal --dry-run"].stdout
    for words in (
        "switching back: Put the mobile terminal back into the drawer",
        "rent: Cards still cannot be read. Do we rent a second terminal for a week?",
        "lead: 2 h after the start",
        "The phases end after 4 h: within the target of 4 h.",
    ):
        assert words in dry
    record = next((tmp_path / "incidents").glob("drill-*/journal.txt")).read_text(encoding="utf-8")
    assert "ticket = T-1042" in record and "DRILL closed" in record
    letters = [path.name for path in (tmp_path / "incidents").rglob("*.eml")]
    assert any("rogal" in name for name in letters) and any("bakery" in name for name in letters)


def test_the_answers_of_the_docs_play_a_drill_from_its_start_to_its_end(tmp_path: Path) -> None:
    starter.write(starter.sample_office(), tmp_path)
    found = re.search(r"^```yaml answers\n(.*?)^```$", section("docs/runbooks.md", "Rehearsing"), re.S | re.M)
    assert found
    (tmp_path / "answers.yaml").write_text(found[1], encoding="utf-8")
    for verb in (["start", "internet-outage"], ["close"]):
        done = bcp(tmp_path, "drill", *verb, "--answers", "answers.yaml")
        assert done.returncode == 0 and "failed" not in done.stderr, done.stderr
    record = next((tmp_path / "incidents").glob("drill-*/journal.txt")).read_text(encoding="utf-8")
    assert "provider_ticket = INC-4711" in record and "DRILL closed" in record


FREE = ("facts", "data", "spent", "mitigation", "hours", "loss", "outages", "mistakes")
PLAYED = """
incident start phone-outage
incident step skipped hear --note "as we saw" --by anna
incident step done pause-ads --by anna
incident amend --fact provider_ticket=INC-4711
promise add "The line works again" --from Netia --by 23:59
cost add "120 PLN" "SIM cards"
followup add "Buy a second SIM card" --owner piotr --due "in 2 weeks"
check run
""".strip().splitlines()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A sample office in the midst of an incident, with a mistake in one file; its checks look at this computer."""
    folder = tmp_path_factory.mktemp("docs") / "kropka"
    starter.write(starter.sample_office(), folder)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for name in ("internet", "website"):
            check = f"check: {name}\ntitle: A look\nprobes: [{{tcp: {{host: 127.0.0.1, port: {port}}}}}]\n"
            (folder / "checks" / f"{name}.yaml").write_text(check, encoding="utf-8")
        for line in PLAYED:
            done = bcp(folder, *shlex.split(line))
            assert done.returncode in (0, 9), done.stderr
        (folder / "runbooks" / "wrong.yaml").write_text("runbook: wrong\ntitel: Wrong\n", encoding="utf-8")
        yield folder


def bcp(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return quick.run(arguments, folder, os.environ, subprocess.DEVNULL, timeout=60)


def shape(data: Any, free: bool = False) -> Any:
    """The keys of some JSON; what `FREE` hold is free, and an empty list says nothing of what may be in it."""
    if free:
        return ""
    if isinstance(data, dict):
        return {key: shape(value, key in FREE) for key, value in data.items()}
    return [shape(data[0])] if isinstance(data, list) and data and isinstance(data[0], dict) else ""


@pytest.mark.parametrize(("command", "example"), JSON)
def test_each_json_example_has_the_keys_that_the_command_prints(
    command: str, example: Any, office: Path
) -> None:
    done = bcp(office, *command.split()[1:])
    assert shape(json.loads(done.stdout)) == shape(example), done.stderr


@pytest.mark.lint
def test_each_command_that_prints_json_says_what() -> None:
    for line, context in COMMANDS:
        if "--json" in [name for name, _words in docs.records(context)] and not line.startswith("bcp drill "):
            shown = re.compile(rf"{re.escape(line)} (?:[A-Z]+ )*--json")
            assert shown.search(" ".join(text("docs/json.md").split())), (
                f"docs/json.md says nothing of: {line} --json"
            )


# Pages


def test_the_session_in_the_readme_is_what_the_tool_really_shows() -> None:
    (page,) = [inside for words, inside in blocks("README.md") if words == "console"]
    with tempfile.TemporaryDirectory(prefix="bcp-") as folder:  # a short path, which no terminal wraps
        shown = transcript.play(page, Path(folder))
    assert not (difference := transcript.difference(page, shown)), difference


@pytest.mark.lint
@pytest.mark.parametrize("page", NAMES)
def test_links_lead_to_pages_and_headings_that_are_there(page: str) -> None:
    plain = re.sub(r"^```.*?^```$", "", text(page), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", plain):
        if target.startswith("https://"):
            continue
        path, _hash, anchor = target.partition("#")
        goal = (ROOT / page).parent / path if path else ROOT / page
        assert goal.exists(), f"{page}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", goal.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {anchor_of(heading) for heading in headings}, f"{page}: {target}"


def anchor_of(heading: str) -> str:
    """The name that a heading gets on a page: small letters, no marks, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_examples_of_the_page_on_security_can_be_pasted(tmp_path: Path) -> None:
    for folder, name in (("o", "init"), ("o/office", "start")):
        (tmp_path / folder).mkdir(exist_ok=True)
        arguments = {"init": ["init", "--sample", "office"], "start": ["incident", "start", "power-outage"]}[
            name
        ]
        assert pasted(["bcp", *arguments], tmp_path / folder).returncode in (0, 9)
    lines = [
        line.split()
        for words, inside in blocks("docs/security.md")
        if words == "sh"
        for line in inside.splitlines()
    ]
    assert len(lines) >= 4
    for words in lines:
        done = pasted(words, tmp_path / "o" / "office")
        assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"


def pasted(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "BCP_PERSON": "anna", "PYTHONUTF8": "1"}
    if words[0] == "bcp":
        return quick.run(words[1:], folder, environ, subprocess.DEVNULL, timeout=60)
    words = [sys.executable, *words[1:]]
    return subprocess.run(words, cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.lint
@pytest.mark.parametrize("page", NAMES)
def test_a_page_names_no_package_index_and_no_folder_of_one_machine(page: str) -> None:
    for foreign in (r"pypi", r"pythonhosted", r"index-url", r"(?<![\w.])/(?:work|root|tmp|home/(?!anna/))"):
        assert not re.search(foreign, text(page), re.IGNORECASE), f"{page}: {foreign}"


@pytest.mark.lint
@pytest.mark.parametrize("page", NAMES)
def test_a_page_can_be_read_in_any_editor(page: str) -> None:
    long = [
        line
        for line in re.sub(r"^```.*?^```$", "", text(page), flags=re.DOTALL | re.MULTILINE).splitlines()
        if len(line) > 120 and not line.startswith("|")
    ]
    assert not long


@pytest.mark.lint
def test_the_map_of_rooms_is_that_of_the_house() -> None:
    told = re.findall(r"`(\w+)(?:\.py|/)`", section("CONTRIBUTING.md", "The rooms").split("Kinds are in")[0])
    assert sorted(told) == sorted(set(LEVEL) - {"__main__"})
    domain = told[told.index("errors") :]
    assert [LEVEL[name] for name in domain] == sorted(LEVEL[name] for name in domain)

"""The floors of the house: a room imports rooms on lower floors only, and each library has its rooms.

Each rule is one test over all modules; where it does not hold, the test names every place, with its line.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

import pytest

import bcp

pytestmark = pytest.mark.lint

HOUSE = Path(bcp.__file__).parent

# The rings, from the inside out: a room imports what stands on lines above its own, none beside it. The files of the
# first line are the ground, and may import each other.
RINGS = (
    "errors clock i18n person normalize host_name bald yes_no times progress fact_template verdict event chain stream"
    " frozen registry files outside markup mask mask_shape"
    " secret_text program_words spelled version traced encoding table fact printed system_error command_words"
    " process_tree running_process"
    " visible private private_address revealed ftp_files",
    # the domain
    "yaml",
    "office",
    "probe action contact",
    "office_programs runbook check notice lever mirror promise cost claim draft",
    "incident alert",
    "transcript validate",
    # the adapters
    "store world page",
    # the deeds
    "app",
    # the shells, and what starts them
    "cli",
    "__main__",
)
LEVEL = {name: level for level, line in enumerate(RINGS) for name in line.split()}
GROUND = RINGS[0].split()
ADAPTERS = ("store", "world")

# A library or a name, and the places that may use it: a folder with its slash, or one file.
ONLY_IN = {
    "typer": ["cli/"],
    "click": [],
    "rich": ["cli/"],
    "sqlite3": ["store/"],
    "yaml": ["yaml/"],
    "pydantic": [
        *["yaml/", "office/", "probe/", "action/", "contact/model.py", "runbook/model.py", "check/model.py"],
        *["notice/", "alert/", "lever/", "promise/", "cost/", "claim/", "incident/script.py"],
    ],
    "pydantic_core": ["yaml/"],
    "subprocess": ["world/"],
    "smtplib": ["world/"],
    "imaplib": ["world/"],
    "ftplib": ["world/"],
    "apprise": ["world/"],
    "keyring": ["world/"],
    "rfc3161_client": ["world/timestamp.py"],
    "holidays": ["claim/days.py"],
    "requests": [],
    "urllib.request": ["world/reach.py"],
    "http.client": [],
    "httpcore": ["world/urgent.py"],
    "httpx": ["world/", "probe/", "mirror/fetched.py"],
    "h11": ["probe/"],
    "idna": ["host_name.py"],
    "socket": ["world/", "probe/"],
    "asyncio": ["probe/", "check/"],
    "apscheduler": ["check/schedule.py"],
    "dns": ["probe/"],
    "jinja2": ["notice/", "page/"],
    "phonenumbers": ["fact.py", "normalize.py", "contact/", "lever/number/", "page/", "notice/"],
    "typst": ["page/"],
    "segno": ["page/", "lever/line/kinds/by_hand.py"],
    "bs4": ["mirror/"],
    "tinycss2": ["mirror/"],
    "webencodings": ["probe/page_text.py"],
    "filelock": ["store/"],
    "multiprocessing": [],
    # Archives from elsewhere have one reader; the others only write, or look for a name that is to be forgotten.
    "zipfile": [
        "incident/evidence/archive_files.py",
        "app/incident/handover.py",
        "app/contact/forget_files.py",
        "app/support.py",
        "files.py",
    ],
    "tarfile": [],
}
CALLS_ONLY_IN = {
    "datetime.now": ["clock.py"],
    "datetime.utcnow": [],
    "datetime.today": [],
    "date.today": [],
    "time.sleep": ["clock.py"],
    "time.time": [],
    "os.system": [],
    "os.popen": ["store/place.py"],
    "os._exit": ["cli/watch.py"],
    "asyncio.create_subprocess_shell": [],
}


Place = tuple[int, str]  # a line of a module, and what is wrong there


def modules() -> list[str]:
    return sorted(path.relative_to(HOUSE).as_posix() for path in HOUSE.rglob("*.py"))


@cache
def text(module: str) -> str:
    return (HOUSE / module).read_text(encoding="utf-8")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(text(module))


def room(module: str) -> str:
    """`action` for action/wait.py, `errors` for errors.py."""
    return PurePosixPath(module).with_suffix("").parts[0]


@cache
def nodes(module: str) -> list[ast.AST]:
    return list(ast.walk(tree(module)))


@cache
def imports(module: str) -> list[tuple[int, str]]:
    """Everything that is imported, inside functions too: `bcp.fact`, `bcp.action.base`, `socket`; with its line."""
    found = []
    for node in nodes(module):
        if isinstance(node, ast.Import):
            found += [(node.lineno, each.name) for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [
                (node.lineno, f"{'.' * node.level}{node.module or ''}.{each.name}") for each in node.names
            ]
    return found


def stands_in(module: str, places: list[str]) -> bool:
    return any(module == place or (place.endswith("/") and module.startswith(place)) for place in places)


def is_of(name: str, library: str) -> bool:
    return name == library or name.startswith(library + ".")


def assert_everywhere(rule: Callable[[str], Iterator[Place]], among: str = "") -> None:
    """No module whose path begins with `among` has a place that breaks the rule; else all of them are told."""
    looked_at = [module for module in modules() if module.startswith(among)]
    assert looked_at
    broken = [f"bcp/{module}:{line}: {what}" for module in looked_at for line, what in rule(module)]
    if broken:
        pytest.fail("\n".join(broken), pytrace=False)


def test_imports_point_inwards() -> None:
    def rule(module: str) -> Iterator[Place]:
        own = room(module)
        for line, name in imports(module):
            if name.startswith("."):
                yield line, "a relative import"
            if own == "__init__" or not name.startswith("bcp.") or (other := name.split(".")[1]) == own:
                continue
            if not LEVEL[other] < LEVEL[own] and not {own, other} <= set(GROUND):
                yield line, f"imports {other}"

    assert_everywhere(rule)


def test_every_room_stands_on_a_line_and_every_line_names_rooms_that_are_there() -> None:
    assert {room(module) for module in modules()} - {"__init__"} == set(LEVEL)


def test_a_shell_reaches_the_store_and_the_world_through_deeds_only() -> None:
    def rule(module: str) -> Iterator[Place]:
        for line, name in imports(module):
            if name.startswith(tuple(f"bcp.{adapter}." for adapter in ADAPTERS)):
                yield line, f"imports {name}"

    assert_everywhere(rule, among="cli/")


def test_nobody_imports_what_is_private_to_another_folder() -> None:
    """A leading underscore: a module for its own folder, a name for its own module and its neighbours."""

    def rule(module: str) -> Iterator[Place]:
        own = ["bcp", *PurePosixPath(module).parent.parts]
        for line, name in imports(module):
            *path, last = name.split(".")
            is_module = (HOUSE.parent / "/".join([*path, last])).with_suffix(".py").is_file()
            folder = path if is_module else path[:-1]
            private = [part for part in [*path, last] if part.startswith("_") and part != "_"]
            if path[:1] == ["bcp"] and private and folder != own:
                yield line, f"imports {name}"

    assert_everywhere(rule)


def test_each_library_is_used_in_its_rooms_only() -> None:
    def rule(module: str) -> Iterator[Place]:
        for line, name in imports(module):
            for library, places in ONLY_IN.items():
                if is_of(name, library) and not stands_in(module, places):
                    yield line, f"imports {name}"

    assert_everywhere(rule)


def test_the_time_is_asked_of_a_clock_and_programs_are_run_by_the_world() -> None:
    def rule(module: str) -> Iterator[Place]:
        for node in nodes(module):
            if isinstance(node, ast.Attribute):
                called = ".".join(ast.unparse(node).split(".")[-2:])
                if not stands_in(module, CALLS_ONLY_IN.get(called, [module])):
                    yield node.lineno, called
            if isinstance(node, ast.ImportFrom) and node.module == "time" and module != "clock.py":
                yield node.lineno, "from time import …"

    assert_everywhere(rule)


def test_an_action_has_no_way_out_but_the_world_that_it_is_handed() -> None:
    allowed = {
        "__future__", "collections", "dataclasses", "datetime", "typing", "zoneinfo", "shlex", "sys", "re",
        "pydantic",
    }  # fmt: skip

    def rule(module: str) -> Iterator[Place]:
        for line, name in imports(module):
            place = name.split(".")[1] if name.startswith("bcp.") else None
            is_ours = place in {*GROUND, "yaml", "action"} - {"files"}
            if not (is_ours if place else name.split(".")[0] in allowed):
                yield line, f"imports {name}"
        for node in nodes(module):
            if isinstance(node, ast.Name):
                ways = {"open", "exec", "eval", "compile", "__import__", "input", "print"}
                if node.id in ways:
                    yield node.lineno, node.id
            if isinstance(node, ast.Attribute):
                ways = {
                    "open",
                    "write_text",
                    "write_bytes",
                    "unlink",
                    "modules",
                    "__builtins__",
                    "__globals__",
                }
                if node.attr in ways:
                    yield node.lineno, node.attr

    assert_everywhere(rule, among="action/")


def test_what_the_actions_stand_on_has_no_way_out_either() -> None:
    ways = ["subprocess", "socket", "smtplib", "imaplib", "httpx", "urllib.request", "http", "ssl"]
    foundations = ["outside.py", "world/rehearsal.py", "fact_template.py", "yaml/types.py", "registry.py"]
    assert set(foundations) <= set(modules())

    def rule(module: str) -> Iterator[Place]:
        if module not in foundations:
            return
        for line, name in imports(module):
            is_world = name.split(".")[:2] == ["bcp", "world"] and not name.startswith("bcp.outside.")
            if is_world or any(is_of(name, way) for way in ways):
                yield line, f"imports {name}"

    assert_everywhere(rule)


def test_a_module_says_what_it_is_for_and_an_init_says_nothing() -> None:
    def rule(module: str) -> Iterator[Place]:
        if module.endswith("__init__.py"):
            if tree(module).body:
                yield 1, "is not empty"
        elif not ast.get_docstring(tree(module)):
            yield 1, "has no docstring"

    assert_everywhere(rule)


def test_no_module_hides_an_import_of_ours_behind_type_checking() -> None:
    def rule(module: str) -> Iterator[Place]:
        for node in nodes(module):
            if isinstance(node, ast.Name | ast.Attribute) and "TYPE_CHECKING" in ast.unparse(node):
                yield node.lineno, "TYPE_CHECKING"

    assert_everywhere(rule)


def test_no_two_modules_need_each_other_to_be_loaded() -> None:
    """In whatever order modules are loaded, it works: the tests load them in another one than the command."""
    needed = {module: set(loaded_with(module)) for module in modules()}
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        pytest.fail(f"these go round in a circle: {' <- '.join(error.args[1])}", pytrace=False)


def loaded_with(module: str) -> Iterator[str]:
    """The modules of ours that are loaded while this one is."""
    for node in tree(module).body:
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{each.name}" for each in node.names] + [str(node.module)]
        else:
            continue
        for name in names:
            path = "/".join(name.split(".")[1:]) + ".py"
            if name.startswith("bcp.") and (HOUSE / path).is_file():
                yield path


_MORE_LINES = {"incident/evidence/verify.py": 490}
"""A stranger carries it about and runs it alone: it has to be one file."""


def test_a_module_can_be_read_in_one_sitting() -> None:
    def rule(module: str) -> Iterator[Place]:
        most = _MORE_LINES.get(module, 300)
        if (lines := len(text(module).splitlines())) > most:
            yield most + 1, f"has {lines} lines"
        for node in nodes(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                if (long := node.end_lineno - node.lineno + 1) > 40:
                    yield node.lineno, f"{node.name} has {long} lines"

    assert_everywhere(rule)


def test_a_deed_that_has_a_session_is_handed_no_progress_besides() -> None:
    def rule(module: str) -> Iterator[Place]:
        for node in nodes(module):
            if isinstance(node, ast.FunctionDef):
                names = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
                if {"session", "progress"} <= names:
                    yield node.lineno, f"{node.name} has session.progress"

    assert_everywhere(rule)


def test_one_noun_is_one_class() -> None:
    """Two public classes with one name are two nouns; kinds may share one, for their room makes it plain."""
    found: dict[str, list[str]] = {}
    for module in modules():
        if "/kinds/" not in module:
            for node in tree(module).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found.setdefault(node.name, []).append(f"bcp/{module}:{node.lineno}: {node.name}")
    twice = [place for places in found.values() if len(places) > 1 for place in places]
    assert not twice, "\n".join(twice)


def test_nothing_is_left_for_later() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplementedError", "pytest")

    def rule(module: str) -> Iterator[Place]:
        for number, line in enumerate(text(module).splitlines(), start=1):
            for word in words:
                if word in line:
                    yield number, f"says {word}"

    assert_everywhere(rule)

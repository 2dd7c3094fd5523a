"""The floors of the house: a room imports rooms on lower floors only, and each library has its rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

import bcp

HOUSE = Path(bcp.__file__).parent

# A file in the ground floor may import the files before it; `reading` is one room among them.
GROUND = [
    *[
        "mask",
        "traced",
        "version",
        "errors",
        "clock",
        "tongue",
        "written",
        "times",
        "mention",
        "verdict",
        "event",
        "registry",
        "folder",
        "atomic",
    ],
    *[
        "fields",
        "fact",
        "reading",
        "keyed",
        "source",
        "office_line",
        "office_number",
        "office_place",
        "office",
    ],
    "starter",
]
FLOORS = {
    **dict.fromkeys(["probe", "world"], 2),
    **dict.fromkeys(["action", "contact"], 3),
    **dict.fromkeys(
        ["runbook", "check", "notice", "line", "number", "place", "mirror", "promise", "cost", "claim"], 4
    ),
    **dict.fromkeys(["incident", "validate"], 5),
    **dict.fromkeys(["store", "page"], 6),
    "app": 7,
    "web": 7,
    "cli": 8,
    "__main__": 9,
}

# A library or a name, and the places that may use it: a folder with its slash, or one file.
ONLY_IN = {
    "typer": ["cli/"],
    "click": [],
    "rich": ["cli/"],
    "sqlite3": ["store/"],
    "yaml": ["source.py", "reading/"],
    "pydantic": [
        "fields.py",
        "keyed.py",
        "source.py",
        "reading/",
        "office_line.py",
        "office_number.py",
        "office_place.py",
        "office.py",
        "probe/",
        "action/",
        "contact/model.py",
        "runbook/model.py",
        "check/model.py",
        "notice/",
        "line/",
        "number/",
        "place/",
        "promise/",
        "cost/",
        "claim/",
        "incident/player.py",
        "cli/init.py",
    ],
    "pydantic_core": ["keyed.py", "reading/", "check/model.py"],
    "subprocess": ["world/"],
    "smtplib": ["world/"],
    "imaplib": ["world/"],
    "apprise": ["world/"],
    "keyring": ["world/"],
    "rfc3161_client": ["world/timestamp.py"],
    "holidays": ["claim/days.py"],
    "requests": [],
    "urllib.request": [],
    "http.client": [],
    "httpx": ["world/", "probe/"],
    "h11": ["probe/"],
    "socket": ["world/", "probe/"],
    "asyncio": ["probe/", "check/"],
    "apscheduler": ["check/watch.py"],
    "dns": ["probe/"],
    "jinja2": ["notice/", "page/", "web/"],
    "phonenumbers": ["fact.py", "written.py", "contact/", "number/", "page/", "notice/"],
    "typst": ["page/"],
    "segno": ["page/", "line/by_hand.py"],
    "bs4": ["mirror/"],
    "tinycss2": ["mirror/"],
    "filelock": ["store/", "cli/looking.py"],
    "multiprocessing": [],
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


def modules() -> list[str]:
    return sorted(path.relative_to(HOUSE).as_posix() for path in HOUSE.rglob("*.py"))


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((HOUSE / module).read_text(encoding="utf-8"))


def room(module: str) -> str:
    """`action` for action/wait.py, `errors` for errors.py."""
    return PurePosixPath(module).with_suffix("").parts[0]


def imports(module: str) -> Iterator[str]:
    """Everything that is imported, inside functions too: `bcp.fact`, `bcp.action.base`, `socket`."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: a relative import"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def rooms_of(module: str) -> set[str]:
    return {name.split(".")[1] for name in imports(module) if name.startswith("bcp.")}


def stands_in(module: str, places: list[str]) -> bool:
    return any(module == place or (place.endswith("/") and module.startswith(place)) for place in places)


def is_of(name: str, library: str) -> bool:
    return name == library or name.startswith(library + ".")


@pytest.mark.parametrize("module", modules())
def test_a_room_imports_only_rooms_on_lower_floors(module: str) -> None:
    own = room(module)
    if own == "__init__":
        return
    for other in rooms_of(module) - {own}:
        if own in GROUND:
            assert other in GROUND[: GROUND.index(own)], f"{module} imports {other}, which is not before it"
        else:
            assert other in GROUND or FLOORS[other] < FLOORS[own], f"{module} imports {other}"


def test_every_room_has_a_floor() -> None:
    assert {room(module) for module in modules()} - {"__init__"} <= {*GROUND, *FLOORS}


@pytest.mark.parametrize("module", modules())
def test_each_library_is_used_in_its_rooms_only(module: str) -> None:
    for name in imports(module):
        for library, places in ONLY_IN.items():
            assert not is_of(name, library) or stands_in(module, places), f"{module} imports {name}"


@pytest.mark.parametrize("module", modules())
def test_the_time_is_asked_of_a_clock_and_programs_are_run_by_the_world(module: str) -> None:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute):
            called = ".".join(ast.unparse(node).split(".")[-2:])
            assert stands_in(module, CALLS_ONLY_IN.get(called, [module])), f"{module}:{node.lineno}: {called}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            assert module == "clock.py", f"{module}:{node.lineno}: from time import …"


@pytest.mark.parametrize("module", [each for each in modules() if each.startswith("action/")])
def test_an_action_has_no_way_out_but_the_world_that_it_is_handed(module: str) -> None:
    allowed = {
        "__future__", "collections", "dataclasses", "datetime", "typing", "zoneinfo", "shlex", "sys", "re",
        "pydantic",
    }  # fmt: skip
    for name in imports(module):
        if name.startswith("bcp."):
            place = name.split(".")[1]
            assert place in GROUND or place == "action" or name.startswith("bcp.world.base."), name
        else:
            assert name.split(".")[0] in allowed, f"{module} imports {name}"
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Name):
            ways = {"open", "exec", "eval", "compile", "__import__", "input", "print"}
            assert node.id not in ways, f"{module}:{node.lineno}: {node.id}"
        if isinstance(node, ast.Attribute):
            ways = {"open", "write_text", "write_bytes", "unlink", "modules", "__builtins__", "__globals__"}
            assert node.attr not in ways, f"{module}:{node.lineno}: {node.attr}"


def test_what_the_actions_stand_on_has_no_way_out_either() -> None:
    for module in ("world/base.py", "world/rehearsal.py", "mention.py", "fields.py", "registry.py"):
        for name in imports(module):
            ways = ["subprocess", "socket", "smtplib", "imaplib", "httpx", "urllib.request", "http", "ssl"]
            assert not any(is_of(name, way) for way in ways), f"{module} imports {name}"
            assert name.split(".")[:2] != ["bcp", "world"] or name.startswith("bcp.world.base."), name


@pytest.mark.parametrize("module", modules())
def test_a_module_says_what_it_is_for_and_an_init_says_nothing(module: str) -> None:
    if module.endswith("__init__.py"):
        assert not tree(module).body, f"{module} is not empty"
    else:
        assert ast.get_docstring(tree(module)), f"{module} has no docstring"


@pytest.mark.parametrize("module", modules())
def test_no_module_hides_an_import_of_ours_behind_type_checking(module: str) -> None:
    assert not any(
        isinstance(node, ast.Name | ast.Attribute) and "TYPE_CHECKING" in ast.unparse(node)
        for node in ast.walk(tree(module))
    )


@pytest.mark.parametrize("module", modules())
def test_a_module_can_be_read_in_one_sitting(module: str) -> None:
    assert len((HOUSE / module).read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            long = node.end_lineno - node.lineno + 1
            assert long <= 60, f"{module}: {node.name} has {long} lines"


@pytest.mark.parametrize("module", modules())
def test_nothing_is_left_for_later(module: str) -> None:
    text = (HOUSE / module).read_text(encoding="utf-8")
    for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplementedError", "pytest"):
        assert word not in text, f"{module} says {word}"

"""Every command of ours that a text tells somebody to type, wherever the text is, and what is wrong with it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tools import docs, messages

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "bcp"
FILLED = "NAME"
"""What stands for a value that is only known when the text is shown."""

_WRITTEN = (".yaml", ".md", ".typ", ".html", ".xml", ".json", ".txt")
_FOLDERS = ("bcp", "runbooks", "checks", "notices", "sample", "demo")
_BEGINS = re.compile(
    r"(?P<before>^|[`\"'(→|:] ?|\b(?:or|and|then|type|run|with|lub|i)\b:? *|  )bcp (?P<rest>[^\n]*)"
)
_NAMED = re.compile(r"\bbcp (?P<rest>(?:NOUNS)\b[^\n]*)")
_WORD = re.compile(r""" ?((?:[^\s"'`“”„]|"[^"]*"|'[^']*')+)""")
_SENTENCE_ENDS = re.compile(r"[.,;:?!)\]]+$")


class Text(NamedTuple):
    """A text for people, and where it is written: `bcp/app/inbox.py:72`."""

    place: str
    words: str


class Hint(NamedTuple):
    """A command in a text: its words without `bcp`."""

    place: str
    words: list[str]

    def __str__(self) -> str:
        return f"{self.place}: bcp {' '.join(self.words)}"


@cache
def texts() -> tuple[Text, ...]:
    """All texts: of the source, of the translations, of the files that are shipped, of the pages. Read once."""
    return tuple(_texts())


def _texts() -> Iterator[Text]:
    for path in sorted(HOUSE.rglob("*.py")):
        yield from in_source(path)
    for path in messages.translations():
        for each in messages.read(path):
            for words in each.string if isinstance(each.string, tuple) else (each.string,):
                yield Text(f"{_name(path)}: {each.id!r:.60}", words)
    for folder in _FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in _WRITTEN:
                yield from _lines(path)
    for path in sorted({*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")} - {docs.PAGE}):
        yield from in_page(path)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _lines(path: Path) -> Iterator[Text]:
    if path.suffix == ".json":
        for key, value in _pairs(json.loads(path.read_text(encoding="utf-8"))):
            yield Text(f"{_name(path)}: {key!r:.60}", value)
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        yield Text(f"{_name(path)}:{number}", line)


def _pairs(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for name, each in data.items():
            yield from _pairs(each, name)
    elif isinstance(data, list):
        for each in data:
            yield from _pairs(each, key)
    elif isinstance(data, str):
        yield key, data


def in_page(path: Path) -> Iterator[Text]:
    """Of a page what is marked as code: in a sentence, or on a line of its own."""
    is_code = False
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif is_code and re.match(r" *(?:\$ )?bcp ", line):
            yield Text(
                f"{_name(path)}:{number}", "`" + line.strip().removeprefix("$ ").partition(" | ")[0] + "`"
            )
    plain = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)
    for found in re.findall(r"`(bcp [^`]+)`", " ".join(plain.split())):
        yield Text(_name(path), f"`{found}`")


def in_source(path: Path) -> Iterator[Text]:
    """Each text of a module as it is shown, values filled in; of what is told to engineers only the marked code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner: set[int] = set()
    for node in ast.walk(tree):  # the outer ones come first
        if id(node) in inner:
            continue
        words = _shown(node)
        if words is None:
            continue
        inner.update(id(each) for each in ast.walk(node) if each is not node)
        place = f"{_name(path)}:{getattr(node, 'lineno', 0)}"
        if id(node) in _docstrings(tree):
            for marked in re.findall(r"`(bcp [^`]+)`", " ".join(words.split())):
                yield Text(place, f"`{marked}`")
        else:
            yield Text(place, words)


@cache
def _docstrings(tree: ast.Module) -> set[int]:
    """The texts that stand alone: of modules, classes, functions, and below a name."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _shown(node: ast.AST) -> str | None:
    """The text of an expression of texts; None of any other."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = [_shown(part) if isinstance(part, ast.Constant) else FILLED for part in node.values]
        return "".join(part or "" for part in parts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _shown(node.left), _shown(node.right)
        if left is None and right is None:
            return None
        return (left if left is not None else FILLED) + (right if right is not None else FILLED)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
        return _shown(node.args[0])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _shown(node.func.value)
    return None


def hints(text: Text) -> Iterator[Hint]:
    """The commands in a text."""
    words = re.sub(r"\{[^{}]*\}|%s", FILLED, text.words)
    seen = set()
    nouns = _NAMED.pattern.replace("NOUNS", "|".join(_tree()))
    for found in [*_BEGINS.finditer(words), *re.finditer(nouns, words)]:
        at = found.start("rest")
        if at not in seen:
            seen.add(at)
            yield Hint(text.place, list(_words(found["rest"])))


def tails(text: Text) -> Iterator[str]:
    """What stands behind the commands in a text, in the same line, and is neither apart from them nor the end of code.

    Three blanks are what tells a command from a remark on it (`bcp.command_words.lines_of`).
    """
    words = re.sub(r"\{[^{}]*\}|%s", FILLED, text.words)
    nouns = _NAMED.pattern.replace("NOUNS", "|".join(_tree()))
    for found in [*_BEGINS.finditer(words), *re.finditer(nouns, words)]:
        at, rest = 0, found["rest"]
        while word := _WORD.match(rest, at):
            bare = _SENTENCE_ENDS.sub("", word[1]) if word[1][-1] not in "\"'" else word[1]
            at = word.start(1) + len(bare)
            if bare != word[1]:
                break
        tail = rest[at:].rstrip()
        is_code = words[: found.start("rest")].count("`") % 2 == 1
        if tail and not tail.startswith("   ") and not is_code:
            yield f"bcp {rest}"


def _words(rest: str) -> Iterator[str]:
    """The words of a command, up to where the sentence goes on or ends; a shell would read `|` with them."""
    at = 0
    while found := _WORD.match(rest, at):
        word = found[1]
        if word.startswith("(") or word == "→":
            return
        bare = _SENTENCE_ENDS.sub("", word) if word[-1] not in "\"'" else word
        if bare:
            yield bare.replace('"', "").replace("'", "")
        if bare != word:
            return
        at = found.end()


@cache
def _tree() -> dict[str, Any]:
    """The commands below `bcp`, by their names, each with its context; "" is the command itself."""
    found: dict[str, Any] = {}
    for line, context in docs.walk():
        here = found
        for name in line.split()[1:]:
            here = here.setdefault(name, {})
        here[""] = context
    return {name: each for name, each in found.items() if name}


@cache
def _root() -> Any:
    return next(docs.walk())[1]


def wrong(hint: Hint) -> str | None:
    """Why this command would be refused, or is none that can be copied; None where it would not."""
    if any("|" in word for word in hint.words):
        return "a shell would take | for a pipe"
    if len(hint.words) > 1 and hint.words[0] == FILLED:
        reasons = [_refused([noun, *hint.words[1:]]) for noun in _tree()]
        return None if None in reasons else reasons[0]
    return _refused(hint.words)


def _refused(typed: list[str]) -> str | None:
    here, line = {**_tree(), "": _root()}, "bcp"
    words = _common_left_out(typed)
    while words and isinstance(here.get(words[0]), dict):
        line += f" {words[0]}"
        here = here[words.pop(0)]
    command = here[""].command
    verbs = [name for name in here if name]
    if verbs:
        return _wrong_verb(line, words, verbs, command)
    return _wrong_words(here[""], words)


def _common_left_out(words: list[str]) -> list[str]:
    rest, take = [], iter(words)
    for word in take:
        if word == "--office":
            next(take, None)
        elif word not in ("-v",) and not word.startswith("--office="):
            rest.append(word)
    return rest


def _wrong_verb(line: str, words: list[str], verbs: list[str], command: Any) -> str | None:
    if not words or is_filled(words[0]) or words[0] in ("--help", "-h", "--version"):
        return None
    if words[0].startswith("-"):
        return None if words[0] in _options(command) else f"{line} has no option {words[0]}"
    # A noun may be named alone, a plan's name stands for `print sheet`.
    return f"{line} has no verb {words[0]}" if line != "bcp print" else None


def _options(command: Any) -> dict[str, Any]:
    return {
        name: param
        for param in command.params
        if param.param_type_name == "option"
        for name in (*param.opts, *param.secondary_opts)
    }


def is_filled(word: str) -> bool:
    """Whether a word stands for another one: `NAME`, `FILE`, `…`."""
    return re.fullmatch(r"[A-Z][A-Z_]*(?:[=…|-].*)?|.*NAME.*|.*…", word) is not None


def _wrong_words(context: Any, words: list[str]) -> str | None:
    command = context.command
    options, given = _options(command), []
    named: set[str] = set()
    take = iter(words)
    for word in take:
        name, sign, _value = word.partition("=")
        if word.startswith("-") and len(word) > 1:
            if name in ("--help", "-h"):
                return None
            if name not in options:
                return f"{context.command_path} has no option {name}"
            named.add(options[name].name)
            if not options[name].is_flag and not sign and next(take, None) is None:
                return f"{name} lacks its value"
        else:
            given.append(word)
    return _wrong_count(command, given) or _lacking(command, named, bool(words))


def _wrong_count(command: Any, given: list[str]) -> str | None:
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    most = None if any(param.nargs == -1 for param in arguments) else len(arguments)
    least = sum(param.required for param in arguments)
    if given and given[-1].endswith("…"):
        least = 0  # the rest is up to who types it
    if most is not None and len(given) > most:
        return f"too many words: {' '.join(given[most:])}"
    return f"too few words: {len(given)} of {least}" if given and len(given) < least else None


def _lacking(command: Any, named: set[str], is_call: bool) -> str | None:
    """What must be given. A command that is only named, without any word behind it, is no line to type."""
    lacking = [param for param in command.params if param.param_type_name == "option" and param.required]
    missing = [param.opts[0] for param in lacking if param.name not in named]
    return f"{missing[0]} is needed" if is_call and missing else None

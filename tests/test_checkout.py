"""A clone alone is enough: nothing that tests, benches or tools read lies outside the checkout."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("tests", "bench", "tools")
BESIDE = re.compile(r"(\.\./)+shared\b|/(home|root|work|Users)/[\w.-]+/.*\.(json|ya?ml|csv|py|md)$")
"""A folder beside the checkout, or a file in somebody's home."""


def sources() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


class Height:
    """How many folders above its own file a path of a module stands, where that can be told from the text."""

    def __init__(self, module: ast.Module) -> None:
        self.names: dict[str, int] = {}
        for node in module.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                height = self.of(node.value)
                if height is not None:
                    self.names[node.targets[0].id] = height

    def of(self, node: ast.expr) -> int | None:
        """0 for the file itself, 1 for its folder; a name below takes one off; None for any other expression."""
        match node:
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Call(func=ast.Name(id="Path"), args=[ast.Name(id="__file__")]):
                return 0
            case ast.Call(func=ast.Attribute(value=inner, attr="resolve" | "absolute")):
                return self.of(inner)
            case ast.Attribute(value=inner, attr="parent"):
                return self._above(inner, 1)
            case ast.Subscript(
                value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(number))
            ):
                return self._above(inner, number + 1)
            case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=str(below))):
                return self._above(left, sum(-1 if part != ".." else 1 for part in below.split("/")))
        return None

    def _above(self, node: ast.expr, folders: int) -> int | None:
        height = self.of(node)
        return None if height is None else height + folders


def reaching_out(text: str, depth: int) -> list[int]:
    """The lines of a source with a path above the checkout, whose file lies `depth` folders below its top."""
    module = ast.parse(text)
    height = Height(module)
    return sorted(
        {
            node.lineno
            for node in ast.walk(module)
            if isinstance(node, ast.expr)
            and ((height.of(node) or 0) > depth or (isinstance(node, ast.Constant) and is_beside(node.value)))
        }
    )


def is_beside(value: object) -> bool:
    return isinstance(value, str) and BESIDE.match(value) is not None


def test_no_test_bench_or_tool_reaches_outside_the_checkout() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        for line in reaching_out(path.read_text(encoding="utf-8"), len(path.relative_to(ROOT).parts))
    ]
    assert not found, "\n".join(found)


def test_what_reaches_outside_is_seen() -> None:
    climbs = 'HERE = Path(__file__).resolve().parent\nDATA = HERE.parent.parent / "shared" / "data.json"\n'
    assert reaching_out(climbs, 2) == [2]
    assert reaching_out('SHIPPED = Path(__file__).parents[1] / "checks"\n', 2) == []
    assert reaching_out("SHIPPED = Path(__file__).parents[2]\n", 2) == [1]
    assert reaching_out('open("/home/anna/case.yaml")\n', 2) == [1]

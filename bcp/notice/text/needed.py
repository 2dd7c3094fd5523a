"""What a template cannot be filled in without: the names that it writes and does not ask for before."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

_NOTHING: frozenset[str] = frozenset()


def needed_in(node: nodes.Node, known: frozenset[str] = _NOTHING) -> Iterator[tuple[str, int]]:
    """Each name that is written where nothing says that it is `known`, as `facts.x` or `since`, and its line."""
    if isinstance(node, nodes.If):
        yield from _in_branches(node, known)
    elif isinstance(node, nodes.CondExpr):
        yield from needed_in(node.expr1, known | _asked(node.test))
        if node.expr2 is not None:
            yield from needed_in(node.expr2, known)
    elif isinstance(node, nodes.Filter) and node.name == "default":
        return
    elif name := _name(node):
        if name not in known:
            yield name, node.lineno
    else:
        for child in node.iter_child_nodes():
            yield from needed_in(child, known)


def _in_branches(node: nodes.If, known: frozenset[str]) -> Iterator[tuple[str, int]]:
    """What stands in an `if`: its question needs nothing, and where it is answered with yes, its names are known."""
    for each in node.body:
        yield from needed_in(each, known | _asked(node.test))
    otherwise = known
    if isinstance(node.test, nodes.Not) and not node.elif_:
        otherwise = known | _asked(node.test.node)
    for each in (*node.elif_, *node.else_):
        yield from needed_in(each, otherwise)


def _asked(test: nodes.Node) -> frozenset[str]:
    """The names that are known where a question is answered with yes."""
    if isinstance(test, nodes.And):
        return _asked(test.left) | _asked(test.right)
    if isinstance(test, nodes.Or):
        return _asked(test.left) & _asked(test.right)
    if isinstance(test, nodes.Test) and test.name == "defined":
        return _asked(test.node)
    if isinstance(test, nodes.Compare) and [each.op for each in test.ops] == ["eq"]:
        return _asked(test.expr)
    name = _name(test)
    return frozenset({name}) if name else _NOTHING


def _name(node: nodes.Node) -> str:
    """`facts.x` or `since`; nothing for what is no name."""
    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return ""

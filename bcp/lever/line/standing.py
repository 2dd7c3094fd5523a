"""Whether the office still goes out over the line that it was switched to, and whether nothing of that is left over."""

from __future__ import annotations

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.line.context import LineContext
from bcp.lever.line.switch import line_of
from bcp.lever.stack import TRIAL
from bcp.lever.standing import Standing


def line_stands(lines: LineContext) -> Standing:
    """A look at the line of the uppermost layer; where there is none, at what earlier ones may have left."""
    stack = lines.ledger.way_out()
    if stack.top is None:
        return _left_over(lines)
    name = line_of(stack.top)
    if stack.top.key == TRIAL:
        words = _("the office was switched to {line} for a trial, and not put back")
        return Standing("left", words.format(line=name), f"bcp line test {name} --switch")
    try:
        trouble = lines.way(name).stands(lines.world, stack.made.get(name) or {})
    except StepFailed as failed:
        return Standing("unknown", failed.message)
    if not trouble:
        return Standing("stands", _("the office goes out over {line}").format(line=name))
    words = _("the office does not go out over {line} as it was set: {why}")
    return Standing(
        "gone", words.format(line=name, why=trouble), _("switch to {line} again").format(line=name)
    )


def _left_over(lines: LineContext) -> Standing:
    made: dict[str, list[dict[str, object]]] = {}
    for data in (event.data for event in lines.ledger.events() if event.kind == "line.stood"):
        for name, ours in data["made"].items():
            made.setdefault(name, []).append(ours)
    found = []
    for name, ours in made.items():
        if name in lines.lines and lines.lines[name].way is not None:
            try:
                found += lines.way(name).leftovers(lines.world, ours)
            except StepFailed as failed:
                return Standing("unknown", failed.message)
    if not found:
        return Standing("clear", _("nothing of an earlier switch is left"))
    return Standing("left", "; ".join(found), found[0])

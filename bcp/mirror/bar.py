"""The bar with the date of a copy: it has a strip of its own above the page, and all of the page begins below it.

What is in the flow of the page, and what stands absolutely in it, is pushed down by a border of the root element. What
is fixed to the window is not: in style sheets each `top` is lengthened by `--bcp-top`, which each rule that says
`position` sets along with it. So it is right wherever the two stand, and whichever rule wins. The bar scrolls away with
the page; what is fixed moves up by as much, where a browser knows scroll-driven animations, and stays else. A part that
is as tall as the window is as much shorter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bcp.mirror.css import quoted

_NOW, _TOP, _HEIGHT = "--bcp-now", "--bcp-top", "--bcp-bar"
_OFFSETS = {_TOP: f"var({_TOP},0px)", _HEIGHT: f"var({_HEIGHT},0px)"}
_POSITIONS = {
    "fixed": f"var({_NOW},0px)",
    **dict.fromkeys(("absolute", "relative", "static", "sticky", "-webkit-sticky"), "0px"),
}
_SIDES = {"top": 1, "inset-block-start": 1, "inset-block": 2, "inset": 4}
"""What says how far from its upper edge something stands, and how many sides of a box it may name in all."""
_SUMS = ("calc", "min", "max", "clamp")
_TALL = ("vh", "dvh", "svh", "lvh")
_AS_TALL_AS_HALF = 50
_LEFT_ALONE = ("property", "font-face", "page", "counter-style")


def sheet_below(tokens: list[Any]) -> list[Any]:
    """A style sheet for a page that begins below the bar."""
    at = ""
    for token in tokens:
        if token.type == "at-keyword":
            at = token.lower_value
        elif token.type == "{} block":
            if at not in _LEFT_ALONE:
                token.content = block_below(token.content)
            at = ""
        elif token.type == "literal" and token.value == ";":
            at = ""
    return tokens


def block_below(tokens: list[Any]) -> list[Any]:
    """What is between two braces, or in an attribute `style`: declarations, and rules within this one."""
    parts = list(_parts(tokens))
    is_fixed = any(
        name == "position" and _idents(part[at:]) & {"fixed"} for part, name, at in map(_declared, parts)
    )
    made: list[Any] = []
    for part, name, at in map(_declared, parts):
        if not name:
            made += sheet_below(part)
            continue
        value = [_shorter(token) for token in part[at:]]
        if name in _SIDES:
            value = _lowered(value, _SIDES[name])
        elif name == "height" and is_fixed:
            value = [
                _tokens(f"calc(100% - {_OFFSETS[_TOP]})")[0] if _is_whole(token) else token for token in value
            ]
        made += [*part[:at], *value]
        if name == "position":
            made += _set_along(part[at:])
    return made


def style_of_bar(words: str) -> str:
    """The style sheet that shows the bar, with these words; it belongs into each page."""
    return _STYLE.replace("WORDS", quoted(words).replace("<", r"\3c "))


def _parts(tokens: list[Any]) -> Iterator[list[Any]]:
    """Declarations with their semicolon, and rules with their block."""
    part: list[Any] = []
    for token in tokens:
        part.append(token)
        if token.type == "{} block" or (token.type == "literal" and token.value == ";"):
            yield part
            part = []
    if part:
        yield part


def _declared(part: list[Any]) -> tuple[list[Any], str, int]:
    """The part, the name of what it declares, in small letters, and where its value begins; no name for a rule."""
    told = [at for at, token in enumerate(part) if token.type not in ("whitespace", "comment")]
    if len(told) < 2 or part[-1].type == "{} block":
        return part, "", 0
    name, colon = part[told[0]], part[told[1]]
    is_one = name.type == "ident" and colon.type == "literal" and colon.value == ":"
    return (part, name.lower_value, told[1] + 1) if is_one else (part, "", 0)


def _set_along(value: list[Any]) -> list[Any]:
    """What is declared beside a position: how much lower such an element begins."""
    words = _idents(value)
    lower = next((_POSITIONS[word] for word in words if word in _POSITIONS), None)
    if lower is None:
        return []
    ended = any(token.type == "literal" and token.value == ";" for token in value)
    return _tokens(f"{'' if ended else ';'}{_TOP}:{lower}{'!important' if 'important' in words else ''};")


def _lowered(value: list[Any], sides: int) -> list[Any]:
    """The value of `top`, or of what names several sides, with the first one lengthened."""
    told = [at for at, token in enumerate(value) if token.type not in ("whitespace", "comment")]
    ends = next((at for at in told if value[at].type == "literal"), len(value))
    told = [at for at in told if at < ends]
    lower = _further(value[told[0]]) if 0 < len(told) <= sides else None
    if lower is None:
        return value
    said: list[str] = [value[at].serialize() for at in told]
    # A side that is not named is as the one across; of one word all are.
    said = [*said, said[1]] if len(said) == 3 else (said * sides)[:sides]
    return [*_tokens(" ".join([lower, *said[1:]])), *value[ends:]]


def _further(token: Any) -> str | None:
    """A distance from the upper edge, and the bar; None for what is no distance, or perhaps none (`var()`)."""
    if token.type == "percentage":
        return f"calc({token.serialize()} + {1 - token.value / 100:g} * {_OFFSETS[_TOP]})"
    if token.type == "number" and token.value == 0:
        return f"calc(0px + {_OFFSETS[_TOP]})"
    if token.type == "dimension" or (token.type == "function" and token.lower_name in _SUMS):
        return f"calc({token.serialize()} + {_OFFSETS[_TOP]})"
    return None


def _shorter(token: Any) -> Any:
    """The token; a height of half the window or more without its share of the bar."""
    if token.type == "function":
        token.arguments = [_shorter(each) for each in token.arguments]
    elif token.type == "() block":
        token.content = [_shorter(each) for each in token.content]
    elif token.type == "dimension" and token.lower_unit in _TALL and abs(token.value) >= _AS_TALL_AS_HALF:
        return _tokens(f"calc({token.serialize()} - {token.value / 100:g} * {_OFFSETS[_HEIGHT]})")[0]
    return token


def _is_whole(token: Any) -> bool:
    return bool(token.type == "percentage" and token.value == 100)


def _idents(tokens: list[Any]) -> set[str]:
    return {token.lower_value for token in tokens if token.type == "ident"}


def _tokens(text: str) -> list[Any]:
    import tinycss2

    return list(tinycss2.parse_component_value_list(text))


_STYLE = r"""
@property --bcp-top { syntax: "\3c length>"; inherits: false; initial-value: 0px }
@property --bcp-now { syntax: "\3c length>"; inherits: true; initial-value: 0px }
@keyframes bcp-up { from { --bcp-now: var(--bcp-bar) } to { --bcp-now: 0px } }
:root::before {
  all: initial !important; content: WORDS !important; display: flex !important; box-sizing: border-box !important;
  align-items: center !important; justify-content: center !important; overflow: hidden !important;
  padding: 4px 12px !important; background: #fff3c4 !important; color: #1a1a1a !important;
  border-bottom: 2px solid #8a6d00 !important; font: 14px/1.3 sans-serif !important; text-align: center !important;
  overflow-wrap: anywhere !important;
}
@media screen {
  :root {
    --bcp-bar: 34px; --bcp-now: var(--bcp-bar); position: relative; box-sizing: border-box !important;
    min-height: 100vh; border-top: var(--bcp-bar) solid transparent !important;
  }
  :root::before {
    position: absolute !important; z-index: 2147483647 !important; left: 0 !important; right: 0 !important;
    top: calc(0px - var(--bcp-bar)) !important; height: var(--bcp-bar) !important;
  }
  @supports (animation-timeline: scroll()) {
    :root { animation: bcp-up linear both; animation-timeline: scroll(root); animation-range: 0px var(--bcp-bar) }
  }
}
@media screen and (max-width: 1000px) { :root { --bcp-bar: 50px } }
@media screen and (max-width: 520px) { :root { --bcp-bar: 86px } }
"""

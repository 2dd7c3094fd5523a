"""Finds what a style sheet needs and points it to the copy; fonts are put into it, as browsers on disk want them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal

Need = Literal["css", "image", "font", "media"]
Keep = Callable[[str, Need], str | None]
"""Told the address and the kind of a thing, keeps it; gives the address in the copy, or None where there is none."""

NOTHING = "data:,"
_AS_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
"""What in a page would begin a tag: within a drawing a style sheet is no text for browsers."""
_SETS = ("image-set", "-webkit-image-set", "image", "src")
"""Functions in which a plain string is an address."""
_OLD_FONTS = (".eot", ".svg")
_CHARSET = re.compile(r'\A@charset "[^"]*";')


LayOut = Callable[[list[Any]], list[Any]]
"""Changes the tokens of a sheet, or of a block of one, otherwise."""


def adapt_css(text: str, keep: Keep, lay_out: LayOut | None = None) -> str:
    """The style sheet with every address replaced; `keep` resolves them against the place of the sheet."""
    import tinycss2

    try:
        tokens = tinycss2.parse_component_value_list(text)
        # Signs of comments in pages for browsers of the last century, which may hide what comes before or after them.
        tokens = [each for each in tokens if not (each.type == "literal" and each.value in ("<!--", "-->"))]
        _adapt(tokens, keep, in_font=False)
        tokens = lay_out(tokens) if lay_out is not None else tokens
        return _AS_MARKUP.sub(r"\\3c ", str(tinycss2.serialize(tokens)))
    except RecursionError:
        # A thousand brackets in each other are no sheet that a browser would follow.
        return ""


def _adapt(tokens: Iterable[Any], keep: Keep, in_font: bool) -> None:
    """Replace the addresses among `tokens` and below them."""
    at, font_is_in = "", False
    for token in tokens:
        if token.type == "at-keyword":
            at = token.lower_value
        elif token.type == "{} block":
            _adapt(token.content, keep, at == "font-face")
            at = ""
        elif token.type == "literal" and token.value == ";":
            at = ""
        address = _address(token, at)
        if address is not None:
            need: Need = "font" if in_font else "css" if at == "import" else "image"
            kept = None if font_is_in else _kept(address, need, keep)
            font_is_in = font_is_in or (in_font and kept is not None)
            _replace(token, kept or NOTHING)
        elif token.type == "function":
            _adapt(token.arguments, keep, in_font)
            if token.lower_name in _SETS:
                for each in token.arguments:
                    if each.type == "string":
                        each.representation = quoted(keep(str(each.value), "image") or NOTHING)


def sheet_text(body: bytes, charset: str | None) -> str:
    """A style sheet as text, read as its server, its own first rule or UTF-8 says; without that rule."""
    import tinycss2

    text = str(tinycss2.bytes.decode_stylesheet_bytes(body, protocol_encoding=charset)[0])
    return _CHARSET.sub("", text)


def _address(token: Any, at: str) -> str | None:
    if at == "namespace":  # it is a name, and nothing lies there
        return None
    if token.type == "url" or (token.type == "string" and at == "import"):
        return str(token.value)
    if token.type == "function" and token.lower_name == "url":
        return next((str(each.value) for each in token.arguments if each.type == "string"), None)
    return None


def _kept(address: str, need: Need, keep: Keep) -> str | None:
    if need == "font" and address.partition("?")[0].partition("#")[0].lower().endswith(_OLD_FONTS):
        return None
    return keep(address, need)


def _replace(token: Any, address: str) -> None:
    text = quoted(address)
    if token.type == "function":
        string = next(each for each in token.arguments if each.type == "string")
        string.representation = text
    else:
        token.representation = f"url({text})" if token.type == "url" else text


def quoted(address: str) -> str:
    """A text as a string of a style sheet."""
    return '"' + re.sub(r'[\\"\x00-\x1f]', lambda found: f"\\{ord(found[0]):x} ", address) + '"'

"""Pictures of a page: the largest of several sizes, and those that a script would put in only when they are seen.

Pages load pictures late ("lazy"): where the picture belongs stands an empty one, and its address in an attribute that
only the page's own script reads. There are some dozen such scripts; the attributes are those of lazysizes, vanilla
LazyLoad, lozad, the plugins of WordPress (WP Rocket, Smush, Jetpack, a3, Autoptimize, LiteSpeed, NitroPack), Slick.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from bcp.mirror.css import Keep, quoted
from bcp.mirror.parsed import attribute_text as _text

_LATE = (
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "data-original",
    "data-orig-src",
    "data-ll-src",
    "nitro-lazy-src",
)
_LATE_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set", "data-ll-srcset", "nitro-lazy-srcset")
_LATE_SIZES = ("data-sizes", "data-lazy-sizes")
_LATE_BACKGROUNDS = ("data-bg", "data-background", "data-background-image", "data-bg-image", "data-lazy-background",
                     "data-back", "nitro-lazy-bg")  # fmt: skip
_LATE_BACKGROUND_SETS = ("data-bgset", "data-bg-set")
_WAITING = frozenset({"lazyload", "lazyloading"})
"""Classes of pictures that are hidden until their script has been at work."""
_MOST_TRIED = 3
# Possessive, all of them: strangers write this, and nothing is gone through twice.
_NEXT = re.compile(r"[\s,]*+(\S++)")
_WORDS = re.compile(r"((?:[^,(]|\([^)]*+\)?)*+),?")
_DESCRIPTOR = re.compile(r"(\d+(?:\.\d+)?)([wx])")


class Candidate(NamedTuple):
    """One size of a picture: its address, and its width or density as it was written (`800w`, `2x`, nothing)."""

    address: str
    descriptor: str = ""


def candidates(srcset: str) -> list[Candidate]:
    """The sizes of a picture, the largest first; as the HTML standard reads them, an address may hold commas."""
    found, at = [], 0
    while (next_one := _NEXT.match(srcset, at)) is not None:
        at = next_one.end()
        address, words = next_one[1].rstrip(","), None
        if not next_one[1].endswith(","):
            words = _WORDS.match(srcset, at)
            at = words.end() if words is not None else at
        found.append(Candidate(address, words[1].strip() if words is not None else ""))
    return sorted(found, key=_size, reverse=True)


def late_addresses(tag: Any) -> list[str]:
    """What a script would put into this tag as its `src` or `srcset`, the largest first."""
    sets = [each.address for name in _LATE_SETS for each in candidates(_text(tag, name))]
    return sets + [address for name in _LATE if _is_address(address := _text(tag, name).strip())]


def show_late_ones(soup: Any, absolute: Callable[[str], str | None]) -> None:
    """Put in what scripts would; what the page says twice, for browsers without scripts as well, is left once."""
    late = {absolute(each) for tag in soup.find_all(True) for each in late_addresses(tag)
            if not tag.find_parent("noscript")}  # fmt: skip
    for tag in soup.select("noscript img, noscript iframe"):
        if absolute(_text(tag, "src")) in late - {None}:
            tag.decompose()
    for tag in soup.find_all(class_=True):
        classes = _text(tag, "class").split()
        if _WAITING & set(classes):
            tag["class"] = " ".join([*(each for each in classes if each not in _WAITING), "lazyloaded"])
    for tag in soup.find_all(["video", "audio", "source"]):
        media = next((each for each in late_addresses(tag)), "")
        if media and tag.find_parent("picture") is None:
            tag["src"] = media
            _forget(tag, _LATE)
    for tag in soup.find_all("video", attrs={"data-poster": True}):
        tag["poster"] = tag.attrs.pop("data-poster")
    for tag in soup.find_all(True):
        for style in _late_background(tag):
            # A rule that hides it until the script has been at work is overruled.
            _add_style(tag, f"background-image:{style}!important")


def keep_pictures(soup: Any, keep: Keep) -> None:
    """Let every picture point to the largest of its sizes that could be kept; `keep` gives its address in the copy."""
    for tag in soup.select("picture source"):
        _keep_source(tag, keep)
    for tag in soup.find_all("img"):
        is_late = any(name in tag.attrs for name in (*_LATE, *_LATE_SETS))
        _keep_picture(tag, keep, "" if is_late else "100vw")
        if is_late:
            _add_style(tag, "opacity:1!important")


def _size(each: Candidate) -> tuple[bool, float]:
    found = _DESCRIPTOR.search(each.descriptor)
    return (found[2] == "w", float(found[1])) if found else (False, 1.0)


def _is_address(text: str) -> bool:
    """Whether it is an address, and not `true` or a colour, which other scripts have in attributes of these names."""
    return ("/" in text or "." in text) and not re.match(r"#|[a-z-]+\(", text) and " " not in text


def _sizes_of(tag: Any) -> list[Candidate]:
    """All that a picture may show, what is best first; what is there before the script is often an empty one."""
    late = [each for name in _LATE_SETS for each in candidates(_text(tag, name))]
    late += [Candidate(said) for name in _LATE if _is_address(said := _text(tag, name).strip())]
    return [
        *late,
        *candidates(_text(tag, "srcset")),
        *([Candidate(_text(tag, "src"))] if _text(tag, "src") else []),
    ]


def _best(sizes: list[Candidate], keep: Keep) -> Candidate | None:
    """The first one that can be kept, with its address in the copy."""
    tried: dict[str, Candidate] = {}
    for each in sizes:
        tried.setdefault(each.address, each)
    every = list(tried.values())
    for each in [*every[:_MOST_TRIED], *every[_MOST_TRIED:][-1:]]:
        kept = keep(each.address, "image")
        if kept is not None:
            return Candidate(kept, each.descriptor)
    return None


def _keep_picture(tag: Any, keep: Keep, usual_width: str) -> None:
    best = _best(_sizes_of(tag), keep)
    sizes = next((_text(tag, name) for name in ("sizes", *_LATE_SIZES) if _text(tag, name)), "")
    _forget(tag, ("src", "srcset", "sizes", "loading", *_LATE, *_LATE_SETS, *_LATE_SIZES))
    if best is None:
        return
    tag["src"] = best.address
    _set_size(tag, best, usual_width if sizes.strip() in ("", "auto") else sizes)


def _keep_source(tag: Any, keep: Keep) -> None:
    """Of each part of a picture that is for one width of the window the first form, which a browser would take."""
    sizes = [each for name in (*_LATE_SETS, "srcset") for each in candidates(_text(tag, name))]
    media = _text(tag, "media").strip()
    is_second = any(_text(each, "media").strip() == media for each in tag.find_previous_siblings("source"))
    best = None if is_second else _best(sizes, keep)
    if best is None:
        tag.decompose()
        return
    width = _text(tag, "sizes") or "100vw"
    _forget(tag, ("src", "sizes", *_LATE, *_LATE_SETS, *_LATE_SIZES))
    tag["srcset"] = best.address
    _set_size(tag, best, width)


def _set_size(tag: Any, best: Candidate, width: str) -> None:
    """Let it be as large on the screen as it would have been: a picture of 2000 points may be half a window wide.

    Without a word how wide it is to be, which its script would have found out, it is as large as its points or its
    style sheet make it.
    """
    found = _DESCRIPTOR.search(best.descriptor)
    if found is None or best.address.startswith("data:") or (found[2] == "w" and not width):
        return
    tag["srcset"] = f"{best.address} {found[0]}"
    if found[2] == "w":
        tag["sizes"] = width


def _late_background(tag: Any) -> Iterator[str]:
    """The background that a script would give this tag, as a value in a style sheet."""
    for name in [each for each in _LATE_BACKGROUNDS if each in tag.attrs]:
        text = _text(tag, name).strip()
        is_style = re.search(r"(url|image-set)\(", text, re.IGNORECASE) is not None
        if is_style or _is_address(text):
            del tag[name]
            yield text if is_style else f"url({quoted(text)})"
    for name in [each for each in _LATE_BACKGROUND_SETS if each in tag.attrs]:
        for each in candidates(_text(tag, name))[:1]:
            yield f"url({quoted(each.address)})"
        del tag[name]


def _forget(tag: Any, names: Iterable[str]) -> None:
    for name in names:
        del tag[name]


def _add_style(tag: Any, style: str) -> None:
    tag["style"] = "; ".join(each for each in (_text(tag, "style").rstrip("; \n"), style) if each)

"""The bookmarks of a joined PDF: those of each part, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bcp.page.pdf_objects import PdfObjects
from bcp.page.pdf_part import Bookmark, Part
from bcp.page.pdf_values import Value, moved, reference_to, written


@dataclass
class OutlineItem:
    """A bookmark as the joined file has it: its title, where it leads, and the ones below it."""

    title: bytes
    target: bytes
    below: list[OutlineItem]


def entries_of(part: Part, move: Callable[[int], int]) -> list[OutlineItem]:
    """The bookmarks of a part; `move` says where its objects are in the joined file."""
    return list(_entries(part.bookmarks, move))


def put_outline(entries: Sequence[OutlineItem], objects: PdfObjects) -> int:
    """Put all bookmarks; the number of what they hang on, 0 where there are none."""
    if not entries:
        return 0
    root = objects.take()
    first, last = _put(entries, root, objects)
    said = b"<</Type/Outlines/First %s/Last %s/Count %d>>"
    objects.put(root, said % (reference_to(first), reference_to(last), len(entries)))
    return root


def _entries(found: Sequence[Bookmark], move: Callable[[int], int]) -> Iterator[OutlineItem]:
    for each in found:
        yield OutlineItem(
            written(each.title), moved(written(each.target), move), list(_entries(each.below, move))
        )


def _put(entries: Sequence[OutlineItem], above: int, objects: PdfObjects) -> tuple[int, int]:
    """Put bookmarks that are beside each other; the numbers of the first and the last one. They are closed."""
    numbers = [objects.take() for _entry in entries]
    for index, (number, entry) in enumerate(zip(numbers, entries, strict=True)):
        told: dict[bytes, Value] = {b"/Title": entry.title, b"/Dest": entry.target}
        told |= {b"/Parent": reference_to(above)}
        told |= {b"/Prev": reference_to(numbers[index - 1])} if index else {}
        told |= {b"/Next": reference_to(numbers[index + 1])} if number != numbers[-1] else {}
        if entry.below:
            first, last = _put(entry.below, number, objects)
            told |= {b"/First": reference_to(first), b"/Last": reference_to(last)}
            told |= {b"/Count": b"-%d" % len(entry.below)}
        objects.put(number, written(told))
    return numbers[0], numbers[-1]

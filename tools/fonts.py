"""Makes the two bundled fonts out of the full Noto Sans, and the list of the letters that they have.

    python tools/fonts.py /usr/share/fonts/truetype/noto      (Debian: fonts-noto-core)

Kept are the Latin, Greek and Cyrillic alphabets with punctuation and currencies: what names and
addresses in European offices are written with.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent.parent / "bcp" / "page" / "fonts"
FACES = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")
KEPT = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),  # Latin-1, Latin Extended A and B
    *range(0x2B0, 0x300),  # modifier letters
    *range(0x300, 0x370),  # combining marks
    *range(0x370, 0x400),  # Greek
    *range(0x400, 0x530),  # Cyrillic
    *range(0x1E00, 0x2000),  # Latin Extended Additional, Greek Extended
    *range(0x2000, 0x2070),  # punctuation
    *range(0x2070, 0x20D0),  # superscripts, subscripts, currencies
    *range(0x2100, 0x2190),  # letter-like signs
    0x2212,
]


def main() -> None:
    """Subset each face and write the ranges that all of them have."""
    common: set[int] | None = None
    for name in FACES:
        letters = _subset(Path(sys.argv[1]) / name, FOLDER / name)
        common = letters if common is None else common & letters
    lines = [f"{first:04X}-{last:04X}" for first, last in _ranges(sorted(common or ()))]
    (FOLDER / "letters.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


def _subset(source: Path, target: Path) -> set[int]:
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = ["ccmp", "kern", "locl", "mark", "mkmk"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    maker = subset.Subsetter(options)
    maker.populate(unicodes=KEPT)
    maker.subset(font)
    font.save(target)
    return set(font.getBestCmap())


def _ranges(letters: Iterable[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for letter in letters:
        if ranges and ranges[-1][1] == letter - 1:
            ranges[-1] = (ranges[-1][0], letter)
        else:
            ranges.append((letter, letter))
    return ranges


if __name__ == "__main__":
    main()

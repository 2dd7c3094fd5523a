"""Makes the bundled fonts out of the full Noto Sans fonts, and the list of the letters that they have.

    python tools/fonts.py /usr/share/fonts/truetype/noto      (Debian: fonts-noto-core)

Kept are the Latin, Greek and Cyrillic alphabets with punctuation and currencies: what names and addresses in European
offices are written with. Names of people come in more scripts: Arabic (with the letters of Persian and Urdu) and
Hebrew have small fonts of their own. For any other letter there is the box, which both faces have.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent.parent / "bcp" / "page" / "fonts"
WEIGHTS = ("Regular", "Bold")
LATIN = [
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
    0x2212,  # minus
    0x25CC,  # the dotted circle, below a mark without its letter
]
ARABIC = [
    *range(0x600, 0x6D6),  # Arabic, Persian, Urdu
    *range(0x6EE, 0x700),
    0x25CC,
]
HEBREW = [*range(0x591, 0x600), 0x25CC]
BOX = 0x25A1
KEPT = {
    "NotoSans": LATIN,
    "NotoSansArabic": ARABIC,
    "NotoSansHebrew": HEBREW,
    "NotoSansSymbols": [*range(0x2190, 0x2195)],  # arrows
    "NotoSansSymbols2": [BOX, *map(ord, "\u260e\u2610\u2611\u26a0\u2709\u2713\u2717")],
}
"""The box, arrows, and the few signs that people put into a plan."""
_FEATURES = ("ccmp", "kern", "locl", "mark", "mkmk", "isol", "init", "medi", "fina", "rlig")
"""How letters are set beside others: their shape, and where their marks stand."""


def main() -> None:
    """Subset each font in the weights that there are, and write the ranges of letters that there are in each."""
    every: set[int] = set()
    for name, kept in KEPT.items():
        sources = [Path(sys.argv[1]) / f"{name}-{weight}.ttf" for weight in WEIGHTS]
        faces = [_subset(source, FOLDER / source.name, kept) for source in sources if source.exists()]
        every |= set.intersection(*faces)
    lines = [f"{first:04X}-{last:04X}" for first, last in _ranges(sorted(every))]
    (FOLDER / "letters.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


def _subset(source: Path, target: Path, kept: Iterable[int]) -> set[int]:
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = list(_FEATURES)
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    maker = subset.Subsetter(options)
    maker.populate(unicodes=kept)
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

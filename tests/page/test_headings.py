"""The headings of every HTML page that we make: it begins with the first level, and none is left out on the way down.

That is a rule of HTML (html.spec.whatwg.org, "Headings and outlines") which the validator of the W3C asks: who hears a
page goes from heading to heading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from bcp.lever.place.status_page import INDEX
from bcp.page import checks, html, status
from bcp.page.catalog import Wanted
from bcp.page.labels import Labels
from tests.offices import bcp, stage
from tests.page import test_check_page, test_status_page, test_to_tell
from tests.page.paper import sample_office, shelf_of
from tests.page.test_sheet import DECISION, PHASES
from tests.test_claim_papers import DAYS, with_spendings

HEADINGS = {f"h{level}": level for level in range(1, 7)}


class _Levels(HTMLParser):
    """The levels of the headings of a page, in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[int] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in HEADINGS:
            self.found.append(HEADINGS[tag])


def sheets(folder: Path) -> Iterator[tuple[str, str]]:
    """Every document of the sample office, each alone and all of the pack in one file."""
    shelf, words = shelf_of(sample_office(folder)), Labels("en")
    for wanted in shelf.everything():
        if wanted.kind == "pack":
            continue
        yield str(wanted), html.write([shelf.document(wanted, words)], words)
    yield "the whole pack", html.write(shelf.pack(words), words)


def of_an_incident(folder: Path) -> Iterator[tuple[str, str]]:
    """The copy of an open incident, and its report."""
    staged = stage(folder / "staged", PHASES, more=DECISION)
    for name, words in (("copy", ("print",)), ("report", ("report", "--people"))):
        file = folder / f"{name}.html"
        done = bcp(staged.office, "incident", *words, "-o", str(file))
        assert done.returncode == 0, done.stderr
        yield name, file.read_text(encoding="utf-8")


def dossier(folder: Path) -> str:
    """The papers of a claim."""
    made = bcp(with_spendings(folder).office, "claim", "dossier", "-o", str(folder / "papers"), *DAYS)
    assert made.returncode == 0, made.stderr
    return (folder / "papers" / "dossier.html").read_text(encoding="utf-8")


def every_page(folder: Path) -> Mapping[str, str]:
    updates = test_status_page.UPDATES
    return {
        **dict(sheets(folder / "office")),
        **dict(of_an_incident(folder)),
        "dossier": dossier(folder / "claim"),
        "checks": checks.write(test_check_page.overview()).text,
        "no checks": checks.write(test_check_page.overview(never=[])).text,
        "status": status.files(test_status_page.page(*updates))[INDEX].decode(),
        "status, nothing told": status.files(test_status_page.page())[INDEX].decode(),
        "to tell": test_to_tell.page(),
        "nobody to tell": test_to_tell.page(some=[]),
    }


@pytest.mark.timeout(120)
def test_no_page_leaves_out_a_level_of_its_headings(tmp_path: Path) -> None:
    found = {name: _Levels(page).found for name, page in every_page(tmp_path).items()}
    assert {str(Wanted("phone-card")), "copy", "report", "checks", "the whole pack"} <= set(found)
    wrong = {
        name: levels
        for name, levels in found.items()
        if any(after > before + 1 for before, after in pairwise([0, *levels]))
    }
    assert not wrong
    assert [name for name, levels in found.items() if not levels] == [str(Wanted("door"))], (
        "a poster has none"
    )


def test_a_level_that_is_left_out_is_found() -> None:
    assert _Levels("<h1>A</h1><p>x<h3 class='a'>B</h3><H2>C</H2>").found == [1, 3, 2]

"""Paper that is set in several runs and joined: page numbers, bookmarks and tags are those of one file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pdfua import validate

from bcp.page.blocks import (
    Column,
    Contents,
    Document,
    EndBlock,
    EntryBlock,
    Heading,
    Proof,
    TableBlock,
    TextBlock,
)
from bcp.page.catalog import Catalog, Wanted
from bcp.page.kept_runs import KeptRuns
from bcp.page.labels import Labels
from bcp.page.pdf import as_json, write
from bcp.page.pdf_part import Part
from bcp.page.pdf_values import moved, read, written
from bcp.page.runs import MOST_ENTRIES, MOST_ROWS
from bcp.page.typeset import typeset
from bcp.progress import Task
from tests.offices import office_in, runbook
from tests.page.offices import office_with_people, steps
from tests.page.paper import Sheet, check_with_qpdf, footer, shelf_of, squash
from tests.page.paper import read as read_pages

PLANS = 12
FORWARD, BACK = "plan-02", "plan-11"
LEADS = {FORWARD: "plan-09", BACK: "plan-03"}
DECISION = (
    "decisions:\n  - {{decision: longer, question: Will it last?, who: lead, at: 30m, default: stay, answers:"
    " [{{answer: move, runbook: {other}}}, {{answer: stay}}]}}"
)
WORDS = Labels("en")


def office_with_plans(folder: Path) -> Path:
    """An office with twelve plans, of which two lead to another one: one further on in the pack, one before."""
    plans = {}
    for number in range(1, PLANS + 1):
        name = f"plan-{number:02}"
        more = DECISION.format(other=LEADS[name]) if name in LEADS else ""
        text = runbook(steps(3 + number, title=f"Call (about {number} 0 R) the provider"), name, more)
        plans[name] = text.replace("title: The line is dead", f"title: Plan {number:02} (of {PLANS})")
    return office_in(folder, **plans)


class Joined:
    """A finished file, as a reader of pages, of tags and of bookmarks sees it."""

    def __init__(self, made: bytes, folder: Path) -> None:
        self.made = made
        self.pages: list[Sheet] = read_pages(made, folder)
        self.pdf = pikepdf.open(BytesIO(made))

    def saying(self, text: str) -> list[int]:
        """The pages that say this, counted from 1."""
        return [index for index, page in enumerate(self.pages, 1) if squash(text) in page.squashed]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return shelf_of(office_with_plans(tmp_path_factory.mktemp("office")))


@pytest.fixture(scope="module")
def documents(shelf: Catalog) -> list[Document]:
    return shelf.pack(WORDS)


@pytest.fixture(scope="module")
def pack(documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Joined:
    return Joined(write(documents, WORDS), tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Joined:
    """A sheet with more contacts than its first page holds, and a log in three pieces with some entries of pages."""
    office = office_with_people(tmp_path_factory.mktemp("many"), 30)
    document = shelf_of(office).document(Wanted("runbook", "outage"), WORDS)
    rows = tuple(
        (f"{n:05}", ENTRY * (60 if n % 97 == 0 else 1) + f" {n:05}.", "Anna") for n in range(ENTRIES)
    )
    log = TableBlock((Column("Time", 2), Column("What", 9), Column("Who", 3)), rows, empty=5)
    *blocks, end = document.blocks
    made = write([document._replace(blocks=(*blocks, Heading("Everything"), log, end))], WORDS)
    return Joined(made, tmp_path_factory.mktemp("long"))


ENTRY = "A client called and asked. "
ENTRIES = 2 * MOST_ENTRIES + 150


@pytest.fixture(params=["pack", "long"])
def joined(request: pytest.FixtureRequest) -> Joined:
    found: Joined = request.getfixturevalue(request.param)
    return found


def test_an_independent_reader_finds_nothing_against_pdf_ua_in_what_is_joined(
    joined: Joined, tmp_path: Path
) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(joined.made)
    assert [str(finding) for finding in validate(path).findings] == []
    assert "No syntax or stream encoding errors" in check_with_qpdf(joined.made, tmp_path)


def test_each_page_has_its_number_and_says_how_many_there_are(joined: Joined) -> None:
    found = [re.findall(footer("en"), page.text) for page in joined.pages]
    assert found == [[(str(number), str(len(found)))] for number in range(1, len(found) + 1)]


def test_each_number_is_at_the_height_at_which_it_is_on_a_sheet_or_card_that_is_set_alone(
    pack: Joined, documents: list[Document], tmp_path: Path
) -> None:
    for document in (documents[1], documents[-1]):
        alone = read_pages(write([document], WORDS), tmp_path)[0]
        joined = pack.pages[pack.saying(document.proof.hash)[-1] - 1]
        places = [next(word for word in page.words[::-1] if word.text == "Page") for page in (alone, joined)]
        assert places[0].top == pytest.approx(places[1].top, abs=0.1)


def test_the_contents_name_the_page_on_which_each_document_begins(
    pack: Joined, documents: list[Document]
) -> None:
    (entries,) = (block.entries for block in documents[0].blocks if isinstance(block, Contents))
    told = dict(re.findall(r"SHA-256 (\w+)\s+page (\d+)", " ".join(page.text for page in pack.pages[:2])))
    assert len(told) == len(entries) == len(documents) - 1
    front = pack.saying(documents[0].proof.hash)
    for document in documents[1:]:
        assert int(told[document.proof.hash]) == min(set(pack.saying(document.proof.hash)) - set(front))


@pytest.mark.parametrize("name", LEADS)
def test_an_answer_names_the_page_of_the_sheet_that_it_leads_to(pack: Joined, name: str) -> None:
    asked = [page for page in pack.saying("Will it last?") if titled(name) in pack.pages[page - 1].text]
    text = pack.pages[asked[0] - 1].text.partition("Will it last?")[2]
    found = re.search(rf"{re.escape(titled(LEADS[name]))}[^\n]*?,\s+page (\d+)", text)
    assert found, text
    page = pack.pages[int(found[1]) - 1]
    assert titled(LEADS[name]) in page.text and "Phase 1" in page.text


def titled(name: str) -> str:
    return f"Plan {name[-2:]} (of {PLANS})"


def test_each_document_has_a_bookmark_to_its_first_page_with_its_parts_below(
    pack: Joined, documents: list[Document]
) -> None:
    numbers = {page.obj.objgen: number for number, page in enumerate(pack.pdf.pages, 1)}
    with pack.pdf.open_outline() as outline:
        found = {item.title: numbers[item.destination[0].objgen] for item in outline.root}
        parts = [child.title for child in outline.root[5].children]
    front = pack.saying(documents[0].proof.hash)
    for document in documents[1:]:
        title = next((block.text for block in document.blocks if isinstance(block, Heading)), "")
        if title in found:
            assert found.pop(title) == min(set(pack.saying(document.proof.hash)) - set(front))
    assert found == {documents[0].blocks[0][0]: 1} and parts[:3] == ["Roles", "Contacts", "Phase 1"]


def test_a_log_in_pieces_is_below_one_title(long: Joined) -> None:
    with long.pdf.open_outline() as outline:
        (title,) = outline.root
        assert title.title == "The line is dead" and title.children[-2].title == "Everything"
    heads = [str(each.S) for each in elements(long.pdf.Root.StructTreeRoot) if str(each.S).startswith("/H")]
    assert heads[0] == "/H1" and heads.count("/H1") == 1 and heads.count("/H2") > 5


def test_every_entry_of_a_log_is_there_once_and_in_its_order(long: Joined) -> None:
    text = " ".join(page.text for page in long.pages)
    assert re.findall(r"asked\. (\d{5})\.", " ".join(text.split())) == [f"{n:05}" for n in range(ENTRIES)]


def test_a_log_leaves_no_gap_where_it_was_cut(long: Joined) -> None:
    """All pages between its first and its last are filled down to their foot, but for one entry at the most."""
    pages = [page for page in long.pages if page.text.count("A client called") > 10][1:-1]
    assert len(pages) > 20
    for page in pages:
        lowest = max(word.bottom for word in page.words if word.text in ("called", "asked.", "client"))
        assert lowest > page.height * 0.85, page.text


def test_contacts_that_the_first_page_cannot_hold_are_at_the_end_of_the_last_piece(long: Joined) -> None:
    text = " ".join(" ".join(page.text for page in long.pages).split())
    assert {f"+48 600 000 {n:03}" for n in range(1, 31)} <= set(re.findall(r"\+48 600 00\d \d{3}", text))
    (page,) = re.findall(r"page (\d+)", long.pages[0].text)
    assert "Person 30" in " ".join(each.text for each in long.pages[int(page) - 1 :])
    assert "Person 30" not in long.pages[int(page) - 2].text


def test_whatever_is_marked_on_a_page_leads_to_an_element_of_that_page(joined: Joined) -> None:
    root = joined.pdf.Root.StructTreeRoot
    numbers = list(root.ParentTree.Nums)
    by_page = {int(numbers[index]): numbers[index + 1] for index in range(0, len(numbers), 2)}
    assert list(by_page) == sorted(by_page) and int(root.ParentTreeNextKey) == len(by_page)
    reached = {each.objgen for each in elements(root)}
    keys = [int(page.obj.StructParents) for page in joined.pdf.pages]
    assert len(set(keys)) == len(keys) and set(keys) <= by_page.keys()
    for page, key in zip(joined.pdf.pages, keys, strict=True):
        marked = [each for each in by_page[key] if isinstance(each, pikepdf.Dictionary)]
        assert marked
        for each in marked:
            assert each.objgen in reached
            assert each.get("/Pg", page.obj).objgen == page.obj.objgen or is_in_pieces(each, page)


def is_in_pieces(element: pikepdf.Dictionary, page: pikepdf.Page) -> bool:
    """Whether a part of an element that begins on another page is on this one."""
    kids = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
    return any(isinstance(kid, pikepdf.Dictionary) and kid.get("/Pg") == page.obj for kid in kids)


def test_every_element_knows_what_it_is_in(joined: Joined) -> None:
    root = joined.pdf.Root.StructTreeRoot
    (document,) = root.K
    assert document.S == "/Document" and document.P.objgen == root.objgen
    for each in elements(root):
        for kid in children(each):
            assert kid.P.objgen == each.objgen


def test_each_cell_names_a_head_of_its_own_table(joined: Joined) -> None:
    names = list(joined.pdf.Root.StructTreeRoot.IDTree.Names)
    known = {str(names[index]): names[index + 1] for index in range(0, len(names), 2)}
    assert list(map(str, names[::2])) == sorted(known), "in order, and each once"
    tables = [each for each in elements(joined.pdf.Root.StructTreeRoot) if each.S == "/Table"]
    assert len(tables) > 5
    every = set()
    for table in tables:
        inside = list(elements(table))
        own = {str(each.ID) for each in inside if "/ID" in each}
        told = [attribute for each in inside for attribute in each.get("/A", [])]
        named = {str(head) for attribute in told for head in attribute.get("/Headers", [])}
        assert named <= own <= known.keys()
        assert not named & every, "those of another table"
        every |= named
    assert len(every) > 5


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element below `node`, in the order in which it is read."""
    for child in children(node):
        yield child
        yield from elements(child)


def children(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    kids = node.get("/K", [])
    for child in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child


def test_a_sheet_of_the_pack_says_what_it_says_alone(
    pack: Joined, documents: list[Document], tmp_path: Path
) -> None:
    numbers = re.compile(footer("en"))
    alone = read_pages(write([documents[5]], WORDS), tmp_path)
    first = next(page for page in pack.saying(documents[5].proof.hash) if page > 2)
    for one, other in zip(alone, pack.pages[first - 1 :], strict=False):
        assert squash(numbers.sub("", one.text)) == squash(numbers.sub("", other.text))


def test_the_same_pack_gives_the_same_bytes_and_says_of_itself_what_is_true(
    pack: Joined, documents: list[Document]
) -> None:
    assert write(documents, WORDS) == pack.made
    about = pack.pdf.Root.Metadata.read_bytes().decode()
    assert f"<xmpTPg:NPages>{len(pack.pages)}<" in about and "<pdfuaid:part>1<" in about
    assert pack.pdf.trailer.ID[0] == pack.pdf.trailer.ID[1]
    assert bytes(pack.pdf.trailer.ID[0]).hex() in about
    assert str(pack.pdf.docinfo["/Title"]) == documents[0].title and str(pack.pdf.Root.Lang) == "en"


def letters(count: int) -> list[Document]:
    """Letters to clients: no hash, and no number on their pages."""
    proof = Proof("Office", "today", "")
    blocks = [(Heading(f"Letter {n}", level=1), TextBlock("Dear"), EndBlock("")) for n in range(count)]
    return [Document(f"letter-{n}", "Office", "en", proof, each) for n, each in enumerate(blocks)]


def test_letters_that_say_the_same_are_not_set_again(tmp_path: Path) -> None:
    every = letters(150)
    kept = KeptRuns(tmp_path / "set")
    assert write(every, WORDS, kept=kept) == write(every, WORDS)
    before = {path.name: path.stat().st_mtime_ns for path in kept.folder.iterdir()}
    assert len(before) > 2
    again = KeptRuns(kept.folder)
    fewer = [letter for letter in every if letter.id != "letter-77"]
    assert write(fewer, WORDS, kept=again) == write(fewer, WORDS)
    again.drop_others()
    after = {path.name: path.stat().st_mtime_ns for path in kept.folder.iterdir()}
    assert len(before.items() & after.items()) == len(before) - 1 and len(after) == len(before)


def test_pages_that_were_kept_and_are_damaged_are_set_again(tmp_path: Path) -> None:
    every = letters(100)
    made = write(every, WORDS, kept=KeptRuns(tmp_path / "set"))
    for path in (tmp_path / "set").iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    assert write(every, WORDS, kept=KeptRuns(tmp_path / "set")) == made


def test_a_table_is_a_log_only_where_it_is_long() -> None:
    rows = tuple((str(n), "What") for n in range(MOST_ROWS + 1))
    for count, kind in ((MOST_ROWS, '"kind": "table"'), (MOST_ROWS + 1, '"kind": "log"')):
        table = TableBlock((Column("No."), Column("What", 5)), rows[:count])
        document = Document("d", "D", "en", Proof("O", "", "123"), (Heading("D", level=1), table))
        assert kind in as_json([document], WORDS, "a4", "normal")


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (b"[1 0 R(1 0 R)2 0 R]", b"[101 0 R(1 0 R)102 0 R]"),
        (rb"<</A(a \) 7 0 R)/B 7 0 R>>", rb"<</A(a \) 7 0 R)/B 107 0 R>>"),
        (rb"[(\\) 7 0 R((in 8 0 R) pairs)9 0 R]", rb"[(\\) 107 0 R((in 8 0 R) pairs)109 0 R]"),
        (b"<</C[<12AB> true -1.5 /N]/D<</E()>>>>", b"<</C[<12AB> true -1.5 /N]/D<</E()>>>>"),
    ],
)
def test_what_only_looks_like_a_reference_is_left_as_it_is(text: bytes, changed: bytes) -> None:
    assert moved(text, lambda number: number + 100) == changed
    assert read(written(read(text))) == read(text)


def test_a_pdf_with_something_that_cannot_be_joined_is_refused(documents: list[Document]) -> None:
    made = typeset(as_json([documents[-2]], WORDS, "a4", "normal"), "x")
    assert Part(made).pages and b"/Lang(en)" in made
    with pytest.raises(ValueError, match="/Many"):
        Part(made.replace(b"/Lang(en)", b"/Many(en)"))


class ByAnotherWriter:
    """Finds each page as another program would have written it, which the joining does not know."""

    def find(self, layout: str) -> bytes | None:
        made = BytesIO()
        with pikepdf.open(BytesIO(typeset(layout, "x"))) as pdf:
            pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return made.getvalue()

    def keep(self, layout: str, made: bytes) -> None:
        pass


def test_what_cannot_be_joined_is_set_in_one_run_all_the_same(
    documents: list[Document], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = tuple((f"{n:04}", ENTRY) for n in range(MOST_ENTRIES + 50))
    table = TableBlock((Column("No."), Column("What", 5)), rows)
    log = Document("d", "D", "en", Proof("O", "", "123"), (Heading("D", level=1), table, EndBlock("")))
    with caplog.at_level("INFO"):
        made = write([*documents, log, *letters(3)], WORDS, kept=ByAnotherWriter())
    assert [each.message for each in caplog.records] == [
        "the pages cannot be joined, and are set in one run: ValueError"
    ]
    joined = Joined(made, tmp_path)
    test_an_independent_reader_finds_nothing_against_pdf_ua_in_what_is_joined(joined, tmp_path)
    found = [re.findall(footer("en"), page.text) for page in joined.pages[:-3]]
    assert found == [[(str(number), str(len(joined.pages)))] for number in range(1, len(found) + 1)]
    test_the_contents_name_the_page_on_which_each_document_begins(joined, documents)
    for name in LEADS:
        test_an_answer_names_the_page_of_the_sheet_that_it_leads_to(joined, name)
    text = " ".join(page.text for page in joined.pages)
    assert re.findall(r"^(\d{4})\b", text, re.MULTILINE) == [f"{n:04}" for n in range(len(rows))]
    assert re.findall(r"Letter \d", text) == ["Letter 0", "Letter 1", "Letter 2"]


class Counted:
    """Watches one loop, and finds nothing that was kept."""

    def __init__(self) -> None:
        self.total: int | None = 0
        self.done = 0
        self.names: list[str] = []
        self.looked_for: list[str] = []

    @contextmanager
    def task(self, what: str, total: int | None = None) -> Iterator[Task]:
        self.total = total
        yield self

    def advance(self, by: int = 1, name: str = "") -> None:
        self.done += by
        self.names.append(name)

    def find(self, layout: str) -> bytes | None:
        self.looked_for.append(layout)
        return None

    def keep(self, layout: str, made: bytes) -> None:
        pass


def test_a_bar_ends_at_its_end_and_names_each_sheet(documents: list[Document]) -> None:
    seen = Counted()
    write(documents, WORDS, progress=seen)
    assert seen.done == seen.total and {each.title for each in documents[:-1]} >= set(seen.names) - {""}
    rows = tuple((str(n), "What") for n in range(2 * MOST_ENTRIES))
    table = TableBlock((Column("No."), Column("What", 5)), rows)
    log = Document("d", "D", "en", Proof("O", "", "123"), (Heading("D", level=1), table, EndBlock("")))
    seen = Counted()
    write([log], WORDS, progress=seen)
    assert seen.done == seen.total == 2 * MOST_ENTRIES and len(seen.names) > 2


def test_numbers_that_move_the_contents_are_set_once_more_and_are_right(tmp_path: Path) -> None:
    """With the numbers of a guess some titles take two lines, and the contents two pages; with the real ones, one."""
    again = 0
    for length in range(113, 119, 2):
        entries = tuple(EntryBlock("i" * length + f" {n}", "SHA-256 0", f"letter-{n}") for n in range(30))
        blocks = (Heading("Pack", level=1), Contents(entries), EndBlock(""))
        front = Document("front", "Front", "en", Proof("Office", "", "123"), blocks)
        seen = Counted()
        every = [front, *letters(30)]
        made = Joined(write(every, WORDS, kept=seen), tmp_path)
        again += len(seen.looked_for) > len(set(seen.looked_for))
        text = " ".join(page.text for page in made.pages if "Page" in page.text)
        told = [int(page) for page in re.findall(r"page (\d+)", text)]
        assert told == [made.saying(f"Letter {n}")[0] for n in range(30)]
    assert again

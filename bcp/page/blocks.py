"""What a printed document is made of: plain tuples that know nothing of paper, browsers or terminals."""

from __future__ import annotations

from typing import Literal, NamedTuple

Border = Literal["solid", "dashed", "dotted"]
Writing = Literal["clock", "date", "line"]


class Heading(NamedTuple):
    """A title within the document; `note` is the small line below it."""

    text: str
    note: str = ""
    level: int = 2


class TextBlock(NamedTuple):
    """A paragraph; line breaks in it are kept."""

    text: str


class Box(NamedTuple):
    """A framed text with a title: its frame carries the meaning, never a colour."""

    title: str
    text: str
    border: Border = "solid"


class Beside(NamedTuple):
    """Boxes that stand beside each other."""

    boxes: tuple[Box, ...]


class Field(NamedTuple):
    """A place to write something: a clock time, a date, or words on a line."""

    label: str
    writing: Writing = "line"
    value: str = ""


class Form(NamedTuple):
    """A framed row of fields; `title` and `text` stand in front of them."""

    fields: tuple[Field, ...]
    title: str = ""
    text: str = ""
    border: Border = "solid"


class Column(NamedTuple):
    """One column of a table: its title and its share of the width."""

    title: str
    share: int = 1


class TableBlock(NamedTuple):
    """Rows of plain cells, then `empty` rows to write in; `badges` means that the first cells are badges."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    empty: int = 0
    badges: bool = False


class ContactBlock(NamedTuple):
    """Whom to reach: the number is large; `code` is what the QR code holds (`tel:+48…`)."""

    who: str
    note: str
    phone: str
    code: str = ""


class ContactsBlock(NamedTuple):
    """Contacts with their QR codes; those that do not fit on page 1 go to the end under `more`."""

    title: str
    contacts: tuple[ContactBlock, ...]
    more: str


class Blank(NamedTuple):
    """Something that a step asks for: a line to write on, or choices to tick, or the answer itself."""

    label: str
    choices: tuple[str, ...] = ()
    value: str = ""


class MarkBlock(NamedTuple):
    """What became of a step: the words for its outcome, when, and whose initials or name."""

    outcome: str
    time: str
    by: str
    ticked: bool


class Tick(NamedTuple):
    """One step: a box to tick, what to do, the wanted result, the deadline, time and initials."""

    anchor: str
    number: str
    badge: str
    title: str
    by_hand: str
    warning: str = ""
    condition: str = ""
    about: str = ""
    result: str = ""
    blanks: tuple[Blank, ...] = ()
    deadline: str = ""
    mark: MarkBlock | None = None


class AnswerBlock(NamedTuple):
    """One answer to a decision and where it leads: the step `anchor` of this document, or of the sheet `sheet`."""

    answer: str
    text: str
    anchor: str = ""
    sheet: str = ""
    ticked: bool = False


class DecisionBlock(NamedTuple):
    """A question with a deadline, its answers, and what holds when nobody answers; `mark` once it is answered."""

    anchor: str
    number: str
    badge: str
    question: str
    answers: tuple[AnswerBlock, ...]
    default: str
    deadline: str = ""
    mark: MarkBlock | None = None


class Steps(NamedTuple):
    """The steps of a phase, the decisions that fall into it, and the pause point at its end."""

    rows: tuple[Tick | DecisionBlock, ...]
    pause: Form | None = None


class PictureBlock(NamedTuple):
    """A drawing as SVG, across the page; `alt` says in words what it shows."""

    svg: str
    alt: str


class Lines(NamedTuple):
    """Empty lines to write on."""

    number: int


class Break(NamedTuple):
    """What follows begins on a new page."""


class Poster(NamedTuple):
    """Words for the door, to be read from three metres; `note` is smaller."""

    text: str
    note: str = ""


class Code(NamedTuple):
    """Something to dial: the code in large letters and as a QR code."""

    title: str
    text: str
    code: str = ""


class Codes(NamedTuple):
    """Codes beside each other, under the name of what they are for."""

    title: str
    note: str
    codes: tuple[Code, ...]


class Face(NamedTuple):
    """One face of the folded card."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()
    text: str = ""


class Card(NamedTuple):
    """A card of credit-card size, folded twice: four faces."""

    faces: tuple[Face, Face, Face, Face]
    fold: str


class CallBlock(NamedTuple):
    """Somebody to call; `note` is the small line below the name, `code` what the QR code beside the number holds."""

    phone: str
    who: str
    note: str = ""
    code: str = ""


class Calls(NamedTuple):
    """Calls in which one sentence is said: it stands above them on every page; below each result is a box to tick."""

    title: str
    sentence: str
    results: tuple[str, ...]
    time: str
    calls: tuple[CallBlock, ...]


class EntryBlock(NamedTuple):
    """One line of the contents: a document of the pack."""

    title: str
    note: str
    document: str


class Contents(NamedTuple):
    """The documents of a pack with the page on which each begins."""

    entries: tuple[EntryBlock, ...]


class EndBlock(NamedTuple):
    """The end mark."""

    text: str


Block = (
    Heading
    | TextBlock
    | Box
    | Beside
    | Form
    | TableBlock
    | ContactsBlock
    | Steps
    | PictureBlock
    | Lines
    | Break
    | Poster
    | Codes
    | Card
    | Calls
    | Contents
    | EndBlock
)


class Proof(NamedTuple):
    """What each page says about its version: the words, and the 12 digits of the content's hash."""

    left: str
    right: str
    hash: str


class Document(NamedTuple):
    """One document: its running head and foot, and its blocks. `id` is unique within a pack."""

    id: str
    title: str
    language: str
    proof: Proof
    blocks: tuple[Block, ...]

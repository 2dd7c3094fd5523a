"""What a printed document is made of: plain frozen data that knows nothing of paper, browsers or terminals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Border = Literal["solid", "dashed", "dotted"]
Writing = Literal["clock", "date", "line"]


@dataclass(frozen=True)
class Heading:
    """A title within the document; `note` is the small line below it."""

    text: str
    note: str = ""
    level: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph; line breaks in it are kept."""

    text: str


@dataclass(frozen=True)
class Box:
    """A framed text with a title: its frame carries the meaning, never a colour."""

    title: str
    text: str
    border: Border = "solid"


@dataclass(frozen=True)
class Beside:
    """Boxes that stand beside each other."""

    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Field:
    """A place to write something: a clock time, a date, or words on a line."""

    label: str
    writing: Writing = "line"
    value: str = ""


@dataclass(frozen=True)
class Form:
    """A framed row of fields; `title` and `text` stand in front of them."""

    fields: tuple[Field, ...]
    title: str = ""
    text: str = ""
    border: Border = "solid"


@dataclass(frozen=True)
class Column:
    """One column of a table: its title and its share of the width."""

    title: str
    share: int = 1


@dataclass(frozen=True)
class Table:
    """Rows of plain cells, then `empty` rows to write in; `badges` means that the first cells are badges."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    empty: int = 0
    badges: bool = False


@dataclass(frozen=True)
class Contact:
    """Whom to reach: the number is large; `code` is what the QR code holds (`tel:+48…`)."""

    who: str
    note: str
    phone: str
    code: str = ""


@dataclass(frozen=True)
class Contacts:
    """Contacts with their QR codes; those that do not fit on page 1 go to the end under `more`."""

    title: str
    contacts: tuple[Contact, ...]
    more: str


@dataclass(frozen=True)
class Blank:
    """Something that a step asks for: a line to write on, or choices to tick, or the answer itself."""

    label: str
    choices: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Mark:
    """What became of a step: the words for its outcome, when, and whose initials or name."""

    outcome: str
    time: str
    by: str
    ticked: bool


@dataclass(frozen=True)
class Tick:
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
    mark: Mark | None = None


@dataclass(frozen=True)
class Answer:
    """One answer to a decision and where it leads: the step `anchor` of this document, or of the sheet `sheet`."""

    answer: str
    text: str
    anchor: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Decision:
    """A question with a deadline, its answers, and what holds when nobody answers."""

    anchor: str
    number: str
    badge: str
    question: str
    answers: tuple[Answer, ...]
    default: str
    deadline: str = ""


@dataclass(frozen=True)
class Steps:
    """The steps of a phase, the decisions that fall into it, and the pause point at its end."""

    rows: tuple[Tick | Decision, ...]
    pause: Form | None = None


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, across the page; `alt` says in words what it shows."""

    svg: str
    alt: str


@dataclass(frozen=True)
class Lines:
    """Empty lines to write on."""

    count: int


@dataclass(frozen=True)
class Break:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Poster:
    """Words for the door, to be read from three metres; `note` is smaller."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Code:
    """Something to dial: the code in large letters and as a QR code."""

    title: str
    text: str
    code: str = ""


@dataclass(frozen=True)
class Codes:
    """Codes beside each other, under the name of what they are for."""

    title: str
    note: str
    codes: tuple[Code, ...]


@dataclass(frozen=True)
class Face:
    """One face of the folded card."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Card:
    """A card of credit-card size, folded twice: four faces."""

    faces: tuple[Face, Face, Face, Face]
    fold: str


@dataclass(frozen=True)
class Entry:
    """One line of the contents: a document of the pack."""

    title: str
    note: str
    document: str


@dataclass(frozen=True)
class Contents:
    """The documents of a pack with the page on which each begins."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class End:
    """The end mark."""

    text: str


Block = (
    Heading
    | Text
    | Box
    | Beside
    | Form
    | Table
    | Contacts
    | Steps
    | Picture
    | Lines
    | Break
    | Poster
    | Codes
    | Card
    | Contents
    | End
)


@dataclass(frozen=True)
class Proof:
    """What each page says about its version: the words, and the 12 digits of the content's hash."""

    left: str
    right: str
    hash: str


@dataclass(frozen=True)
class Document:
    """One document: its running head and foot, and its blocks. `id` is unique within a pack."""

    id: str
    title: str
    language: str
    proof: Proof
    blocks: tuple[Block, ...]

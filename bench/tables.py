"""Small tables: 500 of 1, 2, 5 and 20 contacts, in five languages, as offices' programs save them; drawn from a seed.

Each is imported as the command does it (`app/contact/import_.py`), written as a contact file, and read back: whoever
came out otherwise than he went in, without a question and without a refusal, is silently wrong. Three of four offices
are of the country of the table; the others are Polish, and have a table from elsewhere. A table in which a cell holds
the delimiter without quotes has to be refused. Beside the encodings of Windows there are those of Macs, of DOS and of
Linux before Unicode, each as often as they: in life they are rare, so this is harder than life.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from measure import told

from bcp.app.contact.import_ import columns_of
from bcp.app.session import Session
from bcp.contact.bring import written
from bcp.contact.load import load
from bcp.errors import InputError, SourceError

COUNT, SEED, MOST_ASKED = 500, 17, 10.0

OFFICE = """
name: Biuro
country: {country}
language: {language}
timezone: Europe/Warsaw
people:
  - {{person: anna, name: Anna Nowak, phone: "+48600000101"}}
roles:
  - {{role: lead, owner: anna}}
"""


class Home(NamedTuple):
    """A language, its country, and how its offices write: first and last names, firms, encodings, numbers, headers."""

    language: str
    country: str
    first: str
    last: str
    firms: str
    pages: tuple[str, ...]
    number: str
    heads: tuple[tuple[str, ...], ...]


FULL, APART, BARE = range(3)
"""Which of the headers a table has; one of `BARE` has names and addresses only, and nothing else tells its letters."""


# The headers: name, person, e-mail, telephone, mobile; then first name, last name, firm and the same; then the least.
HOMES = (
    Home(
        "pl", "PL", "Małgorzata Paweł Łukasz Anna Zdzisław Grażyna Jan Bożena Sławomir Ewa Józef Kamil Święcisława",
        "Żuraw Gąska Świerczyński Nowak Wójtowicz Źrebiec Błaszczyk Lis Pędziwiatr Kuźma Łęcka Maj Sójka Ćwiklińska",
        "Piekarnia Pod Dębem|Żaglownia Śniardwy|Kwiaty Róża|HURTOWNIA MIĘS ŁĄCZKA|Auto-Serwis Kos"
        "|Zakład Pogrzebowy Cień|Gabinet Źródło sp. j.|Drukarnia Słowo|Pralnia Pianka|Młyn Gaździna|Okna i Drzwi Jodła",
        ("cp1250", "iso8859_2", "cp852", "mac_latin2"), "+48 60# ### ###",
        (("Nazwa", "Osoba kontaktowa", "E-mail", "Telefon", "Tel. kom."),
         ("Imię", "Nazwisko", "Firma", "Adres e-mail", "Telefon (praca)", "Telefon komórkowy"),
         ("firma", "mail")),
    ),
    Home(
        "cs", "CZ", "Jiří Zdeňka Tomáš Markéta Ondřej Eva Lubomír Růžena Petr Šárka Vojtěch Alžběta Jan Květoslava",
        "Hřebíček Sýkora Vaňková Novotný Křivánek Pražák Ježek Procházková Šimek Bureš Tůma Dvořáková Kos Zvěřina",
        "Řeznictví U Jelena|Účetnictví Hvězda s.r.o.|Květiny Lípa|AUTODOPRAVA ŘÍHA|Pekárna Rohlík|Truhlářství Javor"
        "|Zubní ordinace Úsměv|Železářství Kladívko|Knihkupectví Můj svět|Čalounictví Křeslo",
        ("cp1250", "iso8859_2", "cp852", "mac_latin2"), "+420 603 ### ###",
        (("Název", "Kontaktní osoba", "E-mail", "Telefon", "Mobil"),
         ("Jméno", "Příjmení", "Společnost", "E-mailová adresa", "Telefon do práce", "Mobilní telefon"),
         ("firma", "e-mail")),
    ),
    Home(
        "el", "GR", "Γιώργος Άννα Ελένη Κώστας Δημήτρης Σοφία Παναγιώτης Μαρία Ηλίας Όλγα Νίκος Χρυσούλα Βασίλης",
        "Παππάς Δημητρίου Αντωνίου Μακρής Ζαφειρίου Κυριακίδης Τσαλίκης Λάσκαρης Ξενάκη Ψαράς Φωτίου Θεοδωράκης",
        "Φούρνος Η Γωνιά|Λογιστικό Γραφείο Άλφα|ΑΦΟΙ ΜΑΚΡΗ Ο.Ε.|Ταβέρνα Ο Πλάτανος|Ωδείο Αθηνών|Φαρμακείο Υγεία"
        "|Ξενοδοχείο Ήλιος Α.Ε.|Συνεργείο Λάμψη|Βιβλιοπωλείο Σελίδα|Έπιπλα Δρυς Ε.Π.Ε.",
        ("cp1253", "iso8859_7", "cp737", "mac_greek"), "+30 694# ### ###",
        (("Επωνυμία", "Υπεύθυνος", "E-mail", "Τηλέφωνο", "Κινητό"),
         ("Όνομα", "Επώνυμο", "Εταιρεία", "Διεύθυνση e-mail", "Τηλέφωνο εργασίας", "Κινητό τηλέφωνο"),
         ("name", "email")),
    ),
    Home(
        "de", "DE", "Jürgen Käthe Björn Anna Günter Jörg Sabine Thomas Heike Bärbel Wolfgang Uwe Ömer Rüdiger",
        "Müller Schäfer Weiß Höfer Bauer Krüger Zöllner Böttcher Schmidt Lützow Jäger Groß Übelacker Vogt Thönnes",
        "Bäckerei Krümel|Gärtnerei Grünschnabel|Straßenbau Höll GmbH|Café Süß|Metzgerei Vogt|Schlüsseldienst Blitz"
        "|Ärztehaus am Markt|KÜCHENSTUDIO KÖNIG|Möbel Esche|Steuerbüro Rößner",
        ("cp1252", "cp1250", "iso8859_15", "cp850"), "+49 151 ########",
        (("Firma", "Ansprechpartner", "E-Mail", "Telefon", "Handy"),
         ("Vorname", "Nachname", "Firma", "E-Mail-Adresse", "Telefon (geschäftlich)", "Mobiltelefon"),
         ("Firma", "E-Mail")),
    ),
    Home(
        "en", "GB", "James Zoë Oliver Siobhán Emma Harry Renée Chloë Thomas Grace André Lucy Seán George",
        "Smith Brontë O’Neill Taylor Jones Fitzgerald Müller Wright D’Arcy Hughes Walker Núñez Baker Löwe",
        "Café Corner Ltd|Miller & Sons|The “Blue” Door|Fiancée Bridal|Dunmore Garage|Crème Bakery|Jalapeño Grill"
        "|Harbour Dental|Smith’s Books|Northfield Nursery",
        ("cp1252", "iso8859_15", "cp850"), "+44 79## 1## ###",
        (("Company", "Contact person", "E-mail", "Phone", "Mobile"),
         ("First Name", "Last Name", "Company", "E-mail Address", "Business Phone", "Mobile Phone"),
         ("name", "email")),
    ),
)  # fmt: skip
UNICODE = ("utf-8", "utf-8-sig", "utf-16")
TITLES = {
    "pl": "Lista klientów 2026",
    "cs": "Seznam zákazníků",
    "el": "Πελάτες 2026",
    "de": "Kunden für 2026",
}
SHAPES = (
    "sep",
    "title",
    "blank",
    "trailing",
    "header-again",
    "quoted",
    "two-numbers",
    "line-break",
    "note",
    "stray",
)


class Person(NamedTuple):
    """A contact as it went in, and as it has to come out."""

    name: str
    person: str
    email: str
    phone: str
    mobile: str


@dataclass(frozen=True)
class Made:
    """A table and what it holds; `is_broken` where it has to be refused. `country` and `language` are the office's."""

    raw: bytes
    people: tuple[Person, ...]
    country: str
    language: str
    encoding: str
    kind: str
    is_broken: bool


def made(count: int, seed: int) -> Iterator[Made]:
    """So many tables of a seed."""
    draw = random.Random(seed)
    while count:
        try:
            yield _table(draw)
        except UnicodeEncodeError:  # a letter that this encoding lacks: nobody has such a table
            continue
        count -= 1


def _table(draw: random.Random) -> Made:
    home = draw.choice(HOMES)
    here = home if draw.random() < 0.75 else HOMES[0]
    encoding = draw.choice((*UNICODE, *home.pages))
    shapes = set(draw.sample(SHAPES, draw.choice((0, 0, 1, 1, 2, 3))))
    layout = draw.choice((FULL, FULL, APART, APART, BARE))
    people = _people(home, draw, draw.choice((1, 2, 5, 20)), layout)
    delimiter = draw.choice(",;\t")
    rows = [list(home.heads[layout]), *(_cells(each, layout) for each in people)]
    lines = [_line(row, delimiter, shapes) for row in _shaped(rows, shapes, home, draw)]
    is_broken = "stray" in shapes
    if is_broken:
        row = draw.choice(rows[1:])
        row[2 if layout == APART else 0] += f"{delimiter} s.r.o."
        lines.append(delimiter.join(row))
    if "sep" in shapes:
        lines.insert(0, f"sep={delimiter}")
    end = draw.choice(("\r\n", "\n"))
    kind = " ".join([str(len(people)), home.language, encoding, *sorted(shapes)])
    raw = (end.join(lines) + end).encode(encoding)
    return Made(raw, tuple(people), here.country, here.language, encoding, kind, is_broken)


def _people(home: Home, draw: random.Random, count: int, layout: int) -> list[Person]:
    found: dict[tuple[str, str], Person] = {}
    while len(found) < count:
        person = f"{draw.choice(home.first.split())} {draw.choice(home.last.split())}"
        is_firm = layout == FULL or draw.random() < 0.5
        name = draw.choice(home.firms.split("|")) if is_firm else person
        email = f"{draw.choice(('info', 'biuro', 'x'))}{len(found)}@example.com"
        if layout == BARE:
            found[name, ""] = Person(name, "", email, "", "")
            continue
        phone, mobile = (
            "".join(str(draw.randrange(10)) if one == "#" else one for one in home.number) for _each in "ab"
        )
        found[name, person] = Person(name, person, email, phone, mobile)
    return list(found.values())


def _cells(one: Person, layout: int) -> list[str]:
    if layout == BARE:
        return [one.name, one.email]
    firm = "" if one.name == one.person else one.name
    names = [*one.person.split(" ", 1), firm] if layout == APART else [one.name, one.person]
    return [*names, one.email, one.phone, one.mobile]


def _shaped(rows: list[list[str]], shapes: set[str], home: Home, draw: random.Random) -> list[list[str]]:
    """The rows with what people and programs add to them."""
    width = len(rows[0])
    shaped = [list(row) for row in rows]
    if "two-numbers" in shapes and width > 2:
        shaped[-1][-1] += f"{draw.choice((', ', ' / ', '; '))}{shaped[-1][-2]}"
    if "line-break" in shapes:
        place = 2 if width == 6 else 0
        shaped[-1][place] = shaped[-1][place].replace(" ", "\n", 1)
    if "note" in shapes:
        shaped = [
            [*row, "Info" if row is shaped[0] else draw.choice(("", "VIP; ok", "1,5"))] for row in shaped
        ]
    if "trailing" in shapes:
        shaped = [[*row, "", ""] for row in shaped]
    if "header-again" in shapes:
        shaped.insert(draw.randrange(1, len(shaped) + 1), shaped[0])
    if "blank" in shapes:
        shaped.insert(draw.randrange(1, len(shaped) + 1), [""] * width)
    if "title" in shapes:
        shaped = [[TITLES.get(home.language, "Clients, 2026"), *[""] * (width - 1)], [""] * width, *shaped]
    return shaped


def _line(row: Sequence[str], delimiter: str, shapes: set[str]) -> str:
    def cell(text: str) -> str:
        is_needed = any(sign in text for sign in (delimiter, '"', "\n"))
        return '"' + text.replace('"', '""') + '"' if is_needed or ("quoted" in shapes and text) else text

    return delimiter.join(map(cell, row))


class Outcome(NamedTuple):
    """What became of a table: right, asked, refused or wrong; `words` say more."""

    became: str
    words: str = ""


def outcome(table: Made, folder: Path) -> Outcome:
    """Import a table into a new office in this folder, and read its contacts back."""
    (folder / "contacts").mkdir(parents=True)
    (folder / "bcp.yaml").write_text(OFFICE.format(country=table.country, language=table.language))
    file = folder / "crm.csv"
    file.write_bytes(table.raw)
    try:
        columns = columns_of(Session(str(folder)), file, "clients", [])
        if columns.rivals:
            shown = [each.examples() for each in (columns, *columns.rivals)]
            is_there = any(
                _is_right(table, each.brought().rows, folder) for each in (columns, *columns.rivals)
            )
            return Outcome("asked" if is_there else "asked in vain", repr(shown))
        rows = columns.brought().rows
    except (InputError, SourceError) as error:
        mistakes = [str(each) for each in getattr(error, "mistakes", [])]
        return Outcome("right" if table.is_broken else "refused", " ".join([str(error), *mistakes]))
    if _is_right(table, rows, folder):
        return Outcome("right")
    return Outcome("wrong", repr(rows[:3]))


def _is_right(table: Made, rows: Sequence[dict[str, str]], folder: Path) -> bool:
    (folder / "contacts" / "clients.csv").write_bytes(written(rows).encode("utf-8-sig"))
    got = [
        Person(one.name, one.person, one.email or "", one.phone or "", one.mobile or "")
        for one in load(folder, table.country).all
    ]
    wanted = [each._replace(phone=_digits(each.phone), mobile=_digits(each.mobile)) for each in table.people]
    return not table.is_broken and got == wanted


def _digits(number: str) -> str:
    return number.replace(" ", "")


def main(count: int = COUNT, seed: int = SEED) -> int:
    """Print how many became what, and each that is wrong; 0 if the numbers hold."""
    became: Counter[str] = Counter()
    began = time.process_time()
    for table in made(count, seed):
        with tempfile.TemporaryDirectory() as folder:
            found = outcome(table, Path(folder) / "office")
        became[found.became] += 1
        if found.became not in ("right", "asked"):
            print(f"{found.became}: {table.kind}: {found.words}")
    print(
        f"{count} tables of seed {seed}, {(time.process_time() - began) / count * 1000:.0f} ms each: {dict(became)}"
    )
    asked = became["asked"] + became["asked in vain"]
    held = [
        told("silently wrong", became["wrong"], 0, ""),
        told("asked which letters are right", 100 * asked / count, MOST_ASKED, "%"),
        told("asked without the right letters among the answers", became["asked in vain"], 0, ""),
        told("refused although nothing is wrong with it", became["refused"], 0, ""),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

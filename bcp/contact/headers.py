"""Which column of a foreign spreadsheet is which of ours: by what stands over it, else by what stands in it.

The words are those of spreadsheets in five languages and of the exports of Outlook and of Google's contacts:
https://support.microsoft.com/office/3883c6c4-2ea7-42bd-a4a7-2ef9ad6e9ed6
https://support.google.com/contacts/answer/1069522
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from bcp.bald import bald
from bcp.contact.cell import bare
from bcp.table import Table

PARTS = ("first_name", "middle_name", "last_name", "last_name_first")
"""Parts of the person, which a foreign table may have in columns of their own; the last is a surname with what follows
it, as in `Nowak Jan`.
"""
SEVERAL = ("email", "phone", "mobile")
"""What may stand in several columns: the first that is filled is taken."""

_HEADERS: Mapping[str, str] = {
    "name": "name|company|company name|firm|client|client name|customer|customer name|organisation|organization"
    "|organization name|organization - name|account name|business name"
    "|nazwa|firma|klient|kontrahent|nazwa firmy|nazwa klienta|nazwa kontrahenta|nazwa skrócona|firma/nazwa|odbiorca"
    "|nazev|název|název firmy|společnost|zákazník|klient|obchodní firma|odběratel"
    "|kunde|kundenname|unternehmen|firmenname|firma/name|geschäftspartner"
    "|επωνυμία|εταιρεία|εταιρία|πελάτης|επωνυμία πελάτη|επωνυμία εταιρείας|όνομα πελάτη",
    "person": "person|contact|contact person|contact name|full name|osoba|osoba kontaktowa|imię i nazwisko|kontakt"
    "|imię nazwisko|kontaktní osoba|jméno|jméno a příjmení|jméno příjmení|ansprechpartner|ansprechpartnerin"
    "|kontaktperson|vor- und nachname|vorname nachname|vorname und nachname"
    "|υπεύθυνος|ονοματεπώνυμο|όνομα|όνομα επώνυμο|όνομα και επώνυμο|υπεύθυνος επικοινωνίας|επαφή",
    "first_name": "first name|given name|forename|firstname|imię|křestní jméno|vorname|rufname|prénom|μικρό όνομα",
    "middle_name": "middle name|additional name|drugie imię|další jméno|prostřední jméno|weitere vornamen|πατρώνυμο"
    "|μεσαίο όνομα",
    "last_name": "last name|surname|family name|lastname|nazwisko|příjmení|nachname|familienname|zuname"
    "|επώνυμο|επίθετο",
    "last_name_first": "nazwisko i imię|nazwisko imię|příjmení a jméno|příjmení jméno|name, vorname|nachname, vorname"
    "|nachname vorname|last name, first name|επώνυμο και όνομα|επώνυμο όνομα|επώνυμο, όνομα",
    "salutation": "salutation|title|form|name prefix|courtesy title|zwrot|zwrot grzecznościowy|tytuł|oslovení|titul"
    "|anrede|titel|briefanrede|προσφώνηση|τίτλος",
    "email": "email|e-mail|mail|e-mail address|email address|mail address|adres e-mail|adres email|adres poczty"
    "|poczta|poczta elektroniczna|adres poczty elektronicznej|e-mailová adresa|mailová adresa|e-mail adresa"
    "|elektronická pošta|e-mail-adresse|emailadresse|mailadresse|mail-adresse"
    "|ηλεκτρονική διεύθυνση|διεύθυνση email|διεύθυνση e-mail|διεύθυνση ηλεκτρονικού ταχυδρομείου|ηλ ταχυδρομείο"
    "|ηλεκτρονικό ταχυδρομείο|e-mail praca|e-mail służbowy|email work|e-mail geschäftlich",
    "phone": "phone|telephone|tel|phone number|telephone number|office phone|business phone|work phone"
    "|company phone|company main phone|primary phone|main phone|home phone|home telephone|telefon|telefon stacjonarny"
    "|nr telefonu|nr tel|numer telefonu|tel stacjonarny|telefon praca|telefon służbowy|telefon biurowy|telefon domowy"
    "|telefon firmowy|telefon kontaktowy|telefon główny|pevná linka|telefonní číslo|tel číslo|telefon do práce"
    "|telefon zaměstnání|telefon do zaměstnání|festnetz|telefonnummer|rufnummer|telefon geschäftlich|telefon privat"
    "|telefon firma|tel-nr|τηλέφωνο|τηλ|σταθερό|σταθερό τηλέφωνο|τηλέφωνο εργασίας|τηλέφωνα|τηλέφωνο επικοινωνίας",
    "mobile": "mobile|cell|mobile phone|cell phone|mobile number|cellphone|mobile telephone|komórka|telefon komórkowy"
    "|komórkowy|tel kom|tel komórkowy|nr komórki|telefon komórka|numer komórkowy|komórka praca"
    "|mobil|mobilní telefon|mobilní|mobilní číslo|telefon mobilní|handy|mobiltelefon|handynummer|mobilnummer|mobilfunk"
    "|telefon mobil|κινητό|κινητό τηλέφωνο|κιν",
    "language": "language|lang|język|jazyk|sprache|γλώσσα",
    "groups": "groups|group|category|categories|tags|labels|group membership|grupa|grupy|kategoria|kategorie|etykiety"
    "|skupina|skupiny|štítky|gruppe|gruppen|kategorien|ομάδα|ομάδες|κατηγορία|κατηγορίες",
    "running_project": "running project|project|active|projekt|aktywny|projekt w toku|bieżący projekt"
    "|běžící projekt|laufendes projekt|έργο",
    "preferred_channel": "preferred channel|channel|preferred contact|kanał|preferowany kanał|kanál|kanal",
    "opted_out": "opted out|opt-out|unsubscribed|do not contact|rezygnacja|nie kontaktować|odhlášen",
}
# What else stands in such tables: it makes a row that of the headers, and no number in it is one of a telephone.
_OTHERS = (
    "id|no|number|lp|l p|nr|numer|nr klienta|poř č|číslo|kundennummer|kundennr|αα|α/α|κωδικός|code|kod|symbol"
    "|nip|regon|pesel|krs|vat|vat id|vat no|tax id|ičo|dič|ič|ust-id|ustid|steuernummer|hrb|αφμ|δου|gemi|γεμη"
    "|address|street|city|town|zip|zip code|postal code|post code|country|state|adres|ulica|miasto|miejscowość"
    "|kod pocztowy|kraj|województwo|adresa|ulice|město|obec|psč|země|straße|strasse|ort|stadt|plz|land|adresse"
    "|anschrift|διεύθυνση|οδός|πόλη|τκ|τ κ|χώρα|περιοχή"
    "|notes|note|comment|comments|remarks|uwagi|notatki|opis|poznámka|poznámky|bemerkung|bemerkungen|notiz|notizen"
    "|παρατηρήσεις|σημειώσεις|σχόλια|fax|faks|φαξ|www|website|web page|strona www|webseite|ιστοσελίδα"
    "|job title|department|position|stanowisko|dział|funkce|pozice|oddělení|position|abteilung|θέση|τμήμα"
    "|birthday|date|data|datum|ημερομηνία|suffix|name suffix|sufiks|přípona|nickname|iban|konto|account|bank"
    "|rachunek|účet|status|stav|kategorie|saldo|balance|amount|kwota"
)


def _plain(text: str) -> str:
    """Without capitals, accents, dots and what nobody sees: capitals in Greek have no accents, either."""
    return re.sub(r"[\s_:*.]+", " ", bald(bare(text))).strip()


_WORDS = {_plain(word): column for column, words in _HEADERS.items() for word in words.split("|")}
_KNOWN = frozenset(_WORDS) | frozenset(map(_plain, _OTHERS.split("|")))

# One word means the first name where another column is the last name, and the last name where one is the first.
_FIRST_BESIDE_LAST = tuple(map(_plain, ("name", "jméno", "όνομα", "imiona")))
_LAST_BESIDE_FIRST = ("name",)
# A title may be that of a job; it is how somebody is addressed where such words stand below it.
_TITLES = tuple(map(_plain, ("title", "tytuł", "titul", "titel", "τίτλος")))
_ALONE = {"last_name": "person", "first_name": "person"}

_LONGEST = 300
"""Letters of a cell that are looked at; no address and no number is longer."""
_LOOKED_AT = 50
_DATE = re.compile(r"\d{4}[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./]\d{2,4}")
_NUMBER = re.compile(r"[+()\d][\d\s()\-./]{6,}")
_BY_VALUE: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch),
    ("phone", lambda value: _NUMBER.fullmatch(value) and not _DATE.fullmatch(value)),
    ("language", re.compile(r"(?i)pl|en|cs|el|de|sk|fr|it").fullmatch),
)
_FORM = re.compile(
    r"(?:mr|mrs|ms|miss|mx|dr|prof|sir|herrn?|frau|fr|hr|pan|pani|państwo|pán|paní|slečna|p|sz p|szanowny pan"
    r"|szanowna pani|vážený pane|vážená paní|dipl-ing|mgr|inż|ing|bc|judr|mudr|phdr|κ|κος|κα|κύριος|κυρία|δρ"
    r"|sehr geehrter? \w+)",
    re.I,
)


def headers_of(table: Table) -> list[str]:
    """What stands over each column, each differently: a second one of a name is numbered, one of no name is placed."""
    found: list[str] = []
    for place, one in enumerate(table.header, 1):
        text = " ".join(bare(one.text).split()) or f"(column {place})"
        count = sum(other == text or other.startswith(f"{text} (") for other in found)
        found.append(f"{text} ({count + 1})" if count and text in found else text)
    return found


def is_heading(text: str) -> bool:
    """Whether this is known to stand over columns."""
    return any(form in _KNOWN for form in _forms(text))


def guess(table: Table) -> dict[str, str | None]:
    """What each column seems to be, by its header: one of ours, one of `PARTS`, or None. `SEVERAL` may come again."""
    found: dict[str, str | None] = {}
    headers = headers_of(table)
    for place, header in enumerate(headers):
        column = _by_words(header, headers, _values(table, place))
        found[header] = column if column in SEVERAL or column not in found.values() else None
    for place, header in enumerate(headers):
        if found[header] is None and not is_heading(header):
            column = _by_value(_values(table, place))
            found[header] = column if column not in found.values() else None
    parts = {column for column in found.values() if column in ("first_name", "last_name")}
    if len(parts) == 1 and "person" not in found.values():
        found = {header: _ALONE.get(column or "", column) for header, column in found.items()}
    return found


def _forms(header: str) -> list[str]:
    """The words of a header in the forms in which they may be known: whole, without numbers, without a bracket."""
    word = _plain(header)
    without = re.sub(r" ?- value$", "", re.sub(r"\s*\d+\b", "", word)).strip()
    opened = re.sub(r"[()\[\]]", " ", without)
    closed = re.sub(r"[(\[].*?[)\]]", " ", without)
    each = [word, word.replace(" ", "-"), without, *(" ".join(text.split()) for text in (opened, closed))]
    return list(dict.fromkeys(form for form in each if form))


def _by_words(header: str, headers: Sequence[str], values: Sequence[str]) -> str | None:
    column = next((_WORDS[form] for form in _forms(header) if form in _WORDS), None)
    others = {_WORDS.get(form) for other in headers if other != header for form in _forms(other)}
    word = _plain(header)
    if word == "name" and {"first_name", "last_name"} <= others:
        # Google's older exports have the whole name besides, and the firm in a column of its own.
        return "person" if "name" in others else "name"
    if word in _FIRST_BESIDE_LAST and "last_name" in others:
        return "first_name"
    if word in _LAST_BESIDE_FIRST and "first_name" in others:
        return "last_name"
    if word in _TITLES and not all(map(_is_form, values)):
        return None
    by_value = _by_value(values)
    # What is called a contact may be the address of one.
    return by_value if column in ("person", "name") and by_value in SEVERAL else column


def _is_form(value: str) -> bool:
    return bool(_FORM.match(value.replace(".", "").strip()))


def _values(table: Table, place: int) -> list[str]:
    texts = (bare(row[place].text).strip()[:_LONGEST] for row in table.rows[:_LOOKED_AT] if place < len(row))
    return [text for text in texts if text]


def _by_value(values: Sequence[str]) -> str | None:
    for column, fits in _BY_VALUE:
        if values and sum(1 for value in values if fits(value)) * 10 >= len(values) * 8:
            return column
    return None

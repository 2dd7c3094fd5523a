"""Reading one cell of a contact file: an address without DNS, a phone number of the country, yes or no."""

from __future__ import annotations

import re
import unicodedata

from bcp.contact.model import PREFERABLE
from bcp.visible import is_harmless
from bcp.yes_no import read_yes_no

_MEDIUM = {
    "email": "email", "e-mail": "email", "mail": "email",
    "sms": "sms", "text": "sms", "mobile": "sms",
    "call": "call", "phone": "call", "telefon": "call",
    "whatsapp": "whatsapp", "whats app": "whatsapp", "viber": "viber",
}  # fmt: skip
_CUT = re.compile(r"[;,|]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_LONGEST = 300
_LONGEST_CELL = 4000
_LINE_END = re.compile(r"\r\n|\r|\n")
_JOINING = frozenset("\u200c\u200d" + "".join(map(chr, range(0xFE00, 0xFE10))))
"""Joiners and the selectors of a form: parts of words in some scripts, and of emoji."""
_LOST = re.compile(r"^#[^\W\d]+(?:/[^\W\d]+|[!?])?$|\ufffd|\w\?+\w|(?<!\w)\?+[^\W\d]")
_TROUBLE = ("Cc", "Cs", "Zl", "Zp")


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before a leading = + - @ or tab.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if _FORMULA.match(text) else text


def as_written(text: str) -> str:
    """The cell that `harmless` made harmless."""
    return text[1:] if _ESCAPED.match(text) else text


def bare(text: str) -> str:
    """The cell with blanks for blanks of any width, without what nobody sees: zero width, marks of direction, BOMs.

    Word processors, chats and web pages leave such marks in what is copied out of them.
    """
    if text.isascii():
        return text.replace("\t", " ")
    kept = (_seen(letter) for letter in text)
    return "".join(" " if letter == "\t" else letter for letter in kept)


def without_hidden(text: str) -> str:
    """The same for words: joiners and selectors stay where a script or an emoji is made with them."""
    if text.isascii():
        return text.replace("\t", " ")
    found = []
    for index, letter in enumerate(text):
        is_part = letter in _JOINING and index and is_harmless(text, index) and not _is_ours(text[index - 1])
        found.append(letter if is_part else _seen(letter))
    return "".join(" " if letter == "\t" else letter for letter in found)


def _seen(letter: str) -> str:
    """The letter, a blank for one of another width, nothing for one that nobody sees. Control characters stay."""
    category = unicodedata.category(letter)
    if category == "Zs":
        return " "
    if letter in _JOINING or (category not in _TROUBLE and not is_harmless(letter, 0)):
        return ""
    return letter


def _is_ours(letter: str) -> bool:
    return unicodedata.name(letter, "").partition(" ")[0] in ("", "LATIN", "GREEK", "CYRILLIC", "DIGIT")


def one_line(text: str, delimiter: str = "", *, several: bool = False) -> str:
    """The text of a cell with blanks for its line breaks; line breaks stay where a cell may hold `several` entries.

    Raises ValueError for an endless cell, and for lines that may be rows of others: a quote that nobody closes
    swallows the rows behind it, and they must not be gone without a word.
    """
    lines = _LINE_END.split(text.strip())
    rest = "".join(lines[1:])
    if len(lines) > 1 and ((delimiter and delimiter in rest) or (not several and "@" in rest) or '"' in rest):
        raise ValueError(
            "expected one line of plain text, without line breaks or control characters:"
            f" the quotes of this cell hold {len(lines)} lines, so look whether they hold rows of others"
        )
    if len(text) > _LONGEST_CELL:
        raise ValueError(f"expected at most {_LONGEST_CELL} letters, not {len(text)}")
    return ("\n" if several else " ").join(lines) if len(lines) > 1 else text


def has_lost_letters(text: str) -> bool:
    """Whether letters were lost when these words were saved in an encoding that has not all of them, as in `?ukasz`.

    Or the whole cell, where a spreadsheet shows an error: `#N/A`, `#ARG!`.
    """
    return bool(_LOST.search(text))


def words(text: str) -> str:
    """One line of plain text. Raises ValueError for line breaks, control characters and endless names."""
    said = " ".join(part for part in without_hidden(text).strip().split(" ") if part)
    if not said.isprintable() and any(unicodedata.category(letter) in _TROUBLE for letter in said):
        raise ValueError("expected one line of plain text, without line breaks or control characters")
    if len(said) > _LONGEST:
        raise ValueError(f"expected at most {_LONGEST} letters, not {len(said)}")
    return unicodedata.normalize("NFC", said)


def email(text: str) -> str:
    """The address in its one form. Raises ValueError with a sentence; no server is asked."""
    from email_validator import EmailNotValidError, validate_email

    said = text.strip()
    if said.isascii() and any(letter in said for letter in " ,;<>"):
        raise ValueError(f'expected one address such as "anna@example.com", not "{said[:60]}"')
    try:
        found = validate_email(
            said, check_deliverability=False, allow_smtputf8=False, allow_quoted_local=True
        )
    except EmailNotValidError as error:
        raise ValueError(f'"{said[:60]}" is no e-mail address: {error}') from None
    return found.ascii_email or found.normalized


def phone(text: str, country: str) -> str:
    """The number as E.164; one without a country code is of `country`. Raises ValueError with a sentence.

    A zero that is dialled inside a country only, as in `+48 (0)22` or `022`, is no part of the number.
    """
    import phonenumbers

    said = text.strip()
    if any(map(str.isalpha, said)):  # else letters are dialled as the digits of their keys
        raise ValueError(f'"{said[:40]}" is no phone number, such as +48 22 600 00 01')
    try:
        number = phonenumbers.parse(said, country)
    except phonenumbers.NumberParseException:
        raise ValueError(f'"{said[:40]}" is no phone number, such as +48 22 600 00 01') from None
    if number.italian_leading_zero and not phonenumbers.is_valid_number(number):
        inside = phonenumbers.PhoneNumber(number.country_code, number.national_number)
        number = inside if phonenumbers.is_valid_number(inside) else number
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f'"{said[:40]}" has too few or too many digits for a phone number')
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def yes_no(text: str) -> bool:
    """Yes or no in any of our languages; an empty cell is no. Raises ValueError for anything else."""
    if not bare(text).strip():
        return False
    read = read_yes_no(bare(text), ticks=True)
    if read is None:
        raise ValueError(f'expected yes or no, not "{text.strip()[:20]}"')
    return read


# As people of these countries write the name of a language into a spreadsheet.
_LANGUAGES = {
    name: code
    for code, names in {
        "pl": "polish|polski|polština|polsky|polnisch|πολωνικά",
        "en": "english|angielski|angličtina|anglicky|englisch|αγγλικά",
        "cs": "czech|czeski|čeština|česky|tschechisch|τσεχικά",
        "el": "greek|grecki|řečtina|řecky|griechisch|ελληνικά",
        "de": "german|niemiecki|němčina|německy|deutsch|γερμανικά",
    }.items()
    for name in names.split("|")
}


def language(text: str) -> str | None:
    """`pl`, also from `PL`, `pl-PL` or the language's own name. Raises ValueError for anything else."""
    said = bare(text).strip().lower().replace("_", "-")
    if not said or said in _LANGUAGES:
        return _LANGUAGES.get(said)
    if not re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", said):
        raise ValueError(f'expected two letters for a language, such as pl or en, not "{text.strip()[:20]}"')
    return said[:2]


def medium(text: str) -> str | None:
    """The preferred way to be told. Raises ValueError for what is none."""
    said = bare(text).strip().casefold()
    if not said:
        return None
    if said not in _MEDIUM:
        raise ValueError(f'expected one of {", ".join(PREFERABLE)}, not "{text.strip()[:20]}"')
    return _MEDIUM[said]


def groups(text: str) -> tuple[str, ...]:
    """The names of groups, separated by commas, semicolons or bars."""
    return tuple(
        dict.fromkeys(part.strip().casefold() for part in _CUT.split(without_hidden(text)) if part.strip())
    )

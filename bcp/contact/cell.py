"""Reading one cell of a contact file: an address without DNS, a phone number of the country, yes or no."""

from __future__ import annotations

import re
import unicodedata

from bcp.contact.model import PREFERABLE
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


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before a leading = + - @ or tab.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if _FORMULA.match(text) else text


def as_written(text: str) -> str:
    """The cell that `harmless` made harmless."""
    return text[1:] if _ESCAPED.match(text) else text


def one_line(text: str) -> str:
    """The text of a cell as it is. Raises ValueError for one of several lines, and for an endless one.

    A quote that nobody closes swallows the rows behind it: they must not be gone without a word.
    """
    count = len(_LINE_END.split(text.strip()))
    if count > 1:
        raise ValueError(
            "expected one line of plain text, without line breaks or control characters:"
            f" the quotes of this cell hold {count} lines, so look whether they hold rows of others"
        )
    if len(text) > _LONGEST_CELL:
        raise ValueError(f"expected at most {_LONGEST_CELL} letters, not {len(text)}")
    return text


def words(text: str) -> str:
    """One line of plain text. Raises ValueError for line breaks, control characters and endless names."""
    said = " ".join(part for part in text.strip().split(" ") if part)
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in said):
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
    """The number as E.164; one without a country code is of `country`. Raises ValueError with a sentence."""
    import phonenumbers

    said = text.strip()
    try:
        number = phonenumbers.parse(said, country)
    except phonenumbers.NumberParseException:
        raise ValueError(f'"{said[:40]}" is no phone number, such as +48 22 600 00 01') from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f'"{said[:40]}" has too few or too many digits for a phone number')
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def yes_no(text: str) -> bool:
    """Yes or no in any of our languages; an empty cell is no. Raises ValueError for anything else."""
    if not text.strip():
        return False
    read = read_yes_no(text, ticks=True)
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
    said = text.strip().lower().replace("_", "-")
    if not said or said in _LANGUAGES:
        return _LANGUAGES.get(said)
    if not re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", said):
        raise ValueError(f'expected two letters for a language, such as pl or en, not "{text.strip()[:20]}"')
    return said[:2]


def medium(text: str) -> str | None:
    """The preferred way to be told. Raises ValueError for what is none."""
    said = text.strip().casefold()
    if not said:
        return None
    if said not in _MEDIUM:
        raise ValueError(f'expected one of {", ".join(PREFERABLE)}, not "{text.strip()[:20]}"')
    return _MEDIUM[said]


def groups(text: str) -> tuple[str, ...]:
    """The names of groups, separated by commas, semicolons or bars."""
    return tuple(dict.fromkeys(part.strip().casefold() for part in _CUT.split(text) if part.strip()))

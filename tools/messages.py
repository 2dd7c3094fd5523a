"""Gathers the texts that a person reads in an incident for translators, and compiles their translations.

`bcp/locale/bcp.pot` holds every text; `bcp/locale/<language>/LC_MESSAGES/bcp.po` its translation, with an empty entry
for each new text; `bcp.mo` beside it is what the tool reads. `tests/test_messages.py` sees that all are current.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HOUSE = Path(__file__).parent.parent / "bcp"
LOCALE = HOUSE / "locale"
TEMPLATE = LOCALE / "bcp.pot"
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def template() -> Catalog:
    """Every text in the source that goes through `_` or `ngettext`."""
    catalog = Catalog(charset="utf-8")
    for _file, _line, text, _comments, context in extract_from_dir(HOUSE, [("**.py", "python")]):
        catalog.add(text, context=context)
    return catalog


def translations() -> list[Path]:
    """The translations that there are."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/bcp.po"))


def read(path: Path) -> Catalog:
    """One translation."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def brought_up_to_date(path: Path) -> Catalog:
    """A translation with all texts of the source and no others; no text is guessed from a similar one."""
    catalog = read(path)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def _written(catalog: Catalog) -> bytes:
    text = BytesIO()
    write_po(text, catalog, no_location=True, omit_header=True, sort_output=True, width=110)
    return text.getvalue()


def main() -> None:
    """Write them all."""
    LOCALE.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(_written(template()))
    for path in translations():
        catalog = brought_up_to_date(path)
        header = HEADER.format(language=catalog.locale, plurals=catalog.plural_forms)
        path.write_bytes(header.encode() + _written(catalog))
        # Without a date of its own the compiled file is the same whenever it is made.
        catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)


if __name__ == "__main__":
    main()

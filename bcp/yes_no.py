"""Yes and no as people type them in the languages of the tool; the only reader of them."""

from __future__ import annotations

from bcp.bald import bald

_YES = frozenset({"y", "yes", "true", "t", "1", "tak", "ja", "j", "ano", "a", "ναι", "ν"})
_NO = frozenset({"n", "no", "false", "0", "nie", "nein", "ne", "οχι", "ο"})
# What a table has besides: marks, and how spreadsheets of these languages show their TRUE and FALSE.
_TICKED = frozenset(
    {"x", "×", "х", "χ", "✓", "✔", "☑", "🗹", "✅", "1.0", "1,0", "1.00", "1,00", "nai"}
    | {"prawda", "wahr", "pravda", "αληθεσ", "αληθησ"}
)
_EMPTY = frozenset(
    {"-", "–", "—", "−", "☐", "□", "0.0", "0,0", "0.00", "0,00", "oxi", "ohi"}
    | {"fałsz", "falsz", "falsch", "nepravda", "ψευδεσ", "ψευδησ"}
)


def read_yes_no(text: str, *, ticks: bool = False) -> bool | None:
    """True for yes, False for no, in any of our languages, with or without capitals and accents; else None.

    With `ticks`, as in a table, a cross or a tick is a yes, a dash or an empty box is a no, and so are TRUE and FALSE
    as the spreadsheets of our languages write them.
    """
    said = bald(text.strip())
    if said in _YES or (ticks and said in _TICKED):
        return True
    if said in _NO or (ticks and said in _EMPTY):
        return False
    return None

"""Makes `bcp/encoding/letter_pairs.json` anew: how letters stand side by side in names and words of each language.

Run it where Faker is installed (`pip install faker`, MIT), which keeps lists of names, towns, trades and words of many
countries; only counts of pairs are kept of them, and of five languages the words with letters outside ASCII.
Run as `python tools/letter_pairs.py`; the same Faker gives the same file.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "bcp" / "encoding" / "letter_pairs.json"

# Those that are written alike are counted together, under the code of one of them.
COUNTRIES = {
    "pl": ["pl_PL"], "cs": ["cs_CZ"], "el": ["el_GR"], "de": ["de_DE", "de_AT", "de_CH"],
    "en": ["en_GB", "en_US", "en_IE"], "sk": ["sk_SK"], "fr": ["fr_FR"], "es": ["es_ES"], "it": ["it_IT"],
    "hu": ["hu_HU"], "ro": ["ro_RO"], "uk": ["uk_UA"], "ru": ["ru_RU", "bg_BG"], "nl": ["nl_NL"], "pt": ["pt_PT"],
    "tr": ["tr_TR"], "hr": ["hr_HR"], "sv": ["sv_SE", "da_DK", "no_NO", "fi_FI"], "lt": ["lt_LT", "lv_LV", "et_EE"],
}  # fmt: skip
KINDS = {"person": 4, "company": 2, "address": 2, "lorem": 1, "job": 1, "date_time": 1}
"""Where Faker keeps words, and how often each counts: a table of contacts holds names first of all."""
PAIRS = 60_000
"""What all pairs of a language count together, at most."""

# What stands over columns and behind the names of firms in tables; Faker knows little of it.
TABLE_WORDS = {
    "pl": """imię nazwisko język komórkowy służbowy bieżący miejscowość województwo grzecznościowy tytuł spółka źródło
        przedsiębiorstwo usługi księgowość zakład kontaktować dział drugie""",
    "cs": """jméno příjmení název společnost zákazník kontaktní mobilní pevná oslovení poznámka poznámky město psč
        odhlášen běžící kanál číslo účet účetní preferovaný oddělení další zaměstnání e-mailová""",
    "el": """όνομα επώνυμο επωνυμία εταιρεία εταιρία πελάτης πελάτες τηλέφωνο κινητό σταθερό γλώσσα ομάδα κατηγορία
        διεύθυνση υπεύθυνος ονοματεπώνυμο προσφώνηση έργο ηλεκτρονική ταχυδρομείου παρατηρήσεις σχόλια πόλη οδός αφμ
        δου περιοχή τίτλος κατάστημα γραφείο αφοί υιοί και κανάλι διαγραφή εργασίας επε ικε αβεε ατε""",
    "de": "straße größe geschäftlich geschäftspartner länder städte für über läuft mobilität",
    "en": "café crème naïve façade résumé zoë chloë siân seán renée andré josé beyoncé brontë noël ruairí niamh róisín",
}  # fmt: skip
SHORT = {
    "α": 30,
    "ε": 60,
    "ο": 20,
    "π": 15,
    "ι": 10,
    "κ": 15,
    "β": 8,
    "αε": 40,
    "οε": 20,
    "επε": 20,
    "ικε": 15,
    "εε": 10,
}
"""The legal forms of Greek firms, with their letters apart (Α.Ε.) or together, and how often each counts."""
FORMS = {"el": "α.ε. α.ε ο.ε. ο.ε ε.π.ε. ε.π.ε ε.ε. ε.ε ι.κ.ε. ι.κ.ε α.β.ε.ε. α.β.ε.ε α.τ.ε. μ.ι.κ.ε. δ.ε.η."}
INITIAL = 0.05
"""A first letter alone, as in "J. Novák", counts for so much of each name."""


def texts(found: object) -> Iterator[str]:
    """All texts in what Faker keeps."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        yield from texts(list(found.items()))
    elif isinstance(found, (list, tuple, set, frozenset)):
        for each in found:
            yield from texts(each)


def words_of(country: str, kind: str) -> dict[str, None]:
    """The words of one list, in the order in which they stand there."""
    try:
        provider: Any = importlib.import_module(f"faker.providers.{kind}.{country}").Provider
    except ImportError:
        return {}
    found: dict[str, None] = {}
    for name, value in vars(provider).items():
        if name.startswith("_") or "format" in name:
            continue
        for text in texts(value):
            if not re.search(r"\{\{|[%#]", text):
                words = re.findall(r"[^\W\d_]{2,20}", unicodedata.normalize("NFC", text).lower())
                found.update(dict.fromkeys(words))
    return found


def language(name: str) -> dict[str, object]:
    """What is kept of one language: `{"pairs": {"ab": count}, "words": "word word", "forms": "a.b."}`."""
    counts: Counter[str] = Counter()
    kept = set(TABLE_WORDS.get(name, "").split())
    for country in COUNTRIES[name]:
        worth: dict[str, float] = {}
        for kind, each in KINDS.items():
            for word in words_of(country, kind):
                worth[word] = max(worth.get(word, 0), each)
                is_person = kind == "person"
                counts.update({f" {word[0]}": INITIAL, f"{word[0]} ": INITIAL} if is_person else {})  # type: ignore[dict-item]
                is_town = name == "el" and kind == "address"  # nearly five thousand of them
                if name in TABLE_WORDS and name != "en" and not is_town and 2 < len(word) < 16:
                    kept.add(word)
        for word, each in [*worth.items(), *((short, 3 * n) for short, n in SHORT.items() if name == "el")]:
            for one, two in zip(f" {word}", f"{word} ", strict=True):
                counts[one + two] += each  # type: ignore[assignment]
    scale = min(1.0, PAIRS / sum(counts.values()))
    order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    pairs = {pair: round(count * scale) for pair, count in order if round(count * scale)}
    words = " ".join(sorted(word for word in kept if not word.isascii()))
    return {"pairs": pairs, "words": words, "forms": FORMS.get(name, "")}


def main() -> int:
    """Write the file."""
    lines = (
        f"{json.dumps(name)}: {json.dumps(language(name), ensure_ascii=False, separators=(',', ':'))}"
        for name in COUNTRIES
    )
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The labels of every language: the same keys, the same gaps, and CLDR's months, dates and clock times."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from babel import Locale

from bcp.page.fit import strange
from bcp.page.labels import FOLDER, Labels, languages

LOCALES = {"en": "en_GB"}


def labels(language: str) -> dict[str, object]:
    return json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))


def test_there_are_labels_in_five_languages() -> None:
    assert languages() == ("cs", "de", "el", "en", "pl")


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_has_the_same_keys_and_the_same_gaps(language: str) -> None:
    english, other = labels("en"), labels(language)
    assert list(other) == list(english)
    for key, text in english.items():
        if isinstance(text, str) and key not in ("date_form", "clock_form"):
            gaps = sorted(re.findall(r"\{(\w+)\}", text))
            assert sorted(re.findall(r"\{(\w+)\}", str(other[key]))) == gaps, key


@pytest.mark.parametrize("language", languages())
def test_no_label_is_left_in_english_or_empty(language: str) -> None:
    english, other = labels("en"), labels(language)
    same = {key for key in english if english[key] == other[key]} if language != "en" else set()
    assert same <= {
        "date_form",
        "clock_form",
        "way_email",
        "role",
        "roles",
        "date",
        "unit_min",
        "unit_h",
        "unit_d",
        "length_units",
        "percent_form",
        "pack_item",
    }
    assert all(other.values())


@pytest.mark.parametrize("language", languages())
def test_months_dates_and_clock_times_are_those_of_cldr(language: str) -> None:
    locale = Locale.parse(LOCALES.get(language, language))
    words, told = Labels(language), labels(language)
    assert told["months"] == [locale.months["format"]["wide"][month] for month in range(1, 13)]
    pattern = locale.date_formats["long"].pattern
    for month in range(1, 13):
        said = pattern.replace("MMMM", "%").replace("y", "2026").replace("d", "7")
        assert words.date(date(2026, month, 7)) == said.replace("%", locale.months["format"]["wide"][month])
    clock = locale.datetime_skeletons["Hm"].pattern.replace("HH", "07").replace("H", "7").replace("mm", "05")
    assert words.clock(datetime(2026, 1, 1, 7, 5, tzinfo=UTC)) == clock


@pytest.mark.parametrize("language", languages())
def test_the_font_has_every_letter_of_the_labels(language: str) -> None:
    assert strange(str(labels(language))) == []


@pytest.mark.parametrize(
    ("seconds", "said"), [(900, "T+15 min"), (5400, "T+90 min"), (14400, "T+4 h"), (172800, "T+2 d")]
)
def test_a_deadline_is_counted_from_the_start_in_the_largest_whole_unit(seconds: int, said: str) -> None:
    assert Labels("en").after_start(seconds) == said

"""The encodings in which offices' programs save tables, and which of them is common where."""

from __future__ import annotations

import codecs
import math
from collections.abc import Mapping

_CENTRAL = {"cp1250": 0.86, "iso8859_2": 0.06, "cp852": 0.05, "mac_latin2": 0.03}
_WEST = {"cp1252": 0.88, "iso8859_15": 0.03, "cp850": 0.05, "mac_roman": 0.04}
_GREEK = {"cp1253": 0.86, "iso8859_7": 0.06, "cp737": 0.04, "cp869": 0.01, "mac_greek": 0.03}
_CYRILLIC = {"cp1251": 0.95, "cp866": 0.05}
_TURKISH = {"cp1254": 1.0}
_BALTIC = {"cp1257": 1.0}

_OF_LANGUAGE: Mapping[str, Mapping[str, float]] = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr"), _CENTRAL),
    **dict.fromkeys(("de", "en", "fr", "es", "it", "nl", "pt", "sv"), _WEST),
    "el": _GREEK,
    **dict.fromkeys(("uk", "ru"), _CYRILLIC),
    "tr": _TURKISH,
    "lt": _BALTIC,
}
CODE_PAGES = tuple(dict.fromkeys(page for pages in _OF_LANGUAGE.values() for page in pages))

_COUNTRIES: Mapping[str, str] = {
    "PL": "pl", "CZ": "cs", "SK": "sk", "DE": "de", "AT": "de", "CH": "de", "LI": "de", "LU": "fr",
    "GR": "el", "CY": "el", "GB": "en", "IE": "en", "US": "en", "MT": "en", "FR": "fr", "BE": "fr", "NL": "nl",
    "ES": "es", "PT": "pt", "IT": "it", "HU": "hu", "RO": "ro", "HR": "hr", "SI": "hr", "RS": "hr",
    "UA": "uk", "BG": "ru", "TR": "tr", "SE": "sv", "DK": "sv", "NO": "sv", "FI": "sv",
    "LT": "lt", "LV": "lt", "EE": "lt",
}  # fmt: skip
_ALIKE = {"da": "sv", "no": "sv", "nb": "sv", "fi": "sv", "bg": "ru", "sl": "hr", "lv": "lt", "et": "lt"}


_UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
_MORE = ("iso8859_1", "iso8859_9", "iso8859_13", "cp437", "koi8-r", "koi8-u", "mac_roman")


def named(encoding: str) -> str:
    """An encoding that a person named, as Python calls it, or `utf-8+cp1252`; nothing where there is none such."""
    known = {codecs.lookup(page).name for page in (*CODE_PAGES, *_UNICODE, *_MORE)}
    each = []
    for part in encoding.split("+"):
        try:
            each.append(codecs.lookup(part.strip()).name)
        except (LookupError, ValueError):
            return ""
    return "+".join(each) if len(each) < 3 and known.issuperset(each) else ""


def language_of(code: str) -> str:
    """The language of ours for a code of ISO 639 (`pl`), or the one spoken in a country of ISO 3166 (`PL`)."""
    return _COUNTRIES.get(code, code) if code.isupper() else _ALIKE.get(code, code)


def likely(languages: Mapping[str, float]) -> dict[str, float]:
    """How likely each code page is before anything was read, by the share of each language: a logarithm."""
    shares = dict.fromkeys(CODE_PAGES, 0.0)
    for language, share in languages.items():
        for page, common in _OF_LANGUAGE[language].items():
            shares[page] += math.exp(share) * common
    return {page: math.log(share) for page, share in shares.items()}

"""Amounts as people type them ("120 PLN", "1 234,50 zł"), checked against the currencies that there are (ISO 4217)."""

from __future__ import annotations

from decimal import Decimal

from bcp.normalize import normal_money

LARGEST = Decimal(1_000_000_000)

_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL
LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP
PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND
TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
_SIGNS = {"zł": "PLN", "€": "EUR", "£": "GBP", "kč": "CZK", "$": "USD", "ft": "HUF"}


def read_amount(text: str) -> str:
    """The amount in its one form, `1234.50 PLN`. Raises ValueError with what is wrong."""
    said = text.strip()
    for sign, code in _SIGNS.items():
        if said.casefold().endswith(sign) or said.startswith(sign):
            said = said[: -len(sign)] if said.casefold().endswith(sign) else said[len(sign) :]
            said = f"{said.strip()} {code}"
            break
    amount, _blank, currency = normal_money(said).partition(" ")
    if currency not in CURRENCIES:
        raise ValueError(f'"{currency}" is no currency; expected one such as PLN, EUR, CZK or GBP')
    if not 0 < Decimal(amount) <= LARGEST:
        raise ValueError("expected more than nothing and at most a thousand million")
    return f"{amount} {currency}"

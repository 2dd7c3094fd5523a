"""Verdict: the one word that diagnosis says about what is wrong."""

from __future__ import annotations

from typing import Literal, get_args

Verdict = Literal[
    "ok",
    "degraded",
    "lan-down",
    "gateway-down",
    "isp-down",
    "portal",
    "dns-down",
    "site-down",
    "site-unreachable-here",
    "mail-down",
    "phone-down",
    "inconclusive",
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

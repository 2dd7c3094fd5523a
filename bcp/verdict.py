"""Verdict: the one word that diagnosis says about what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from bcp.i18n import _

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


def meanings() -> Mapping[str, str]:
    """What each verdict says to a person who has never heard the word."""
    return {
        "ok": _("everything works"),
        "degraded": _("it works, but slowly or with gaps"),
        "lan-down": _("our own cables, our own Wi-Fi or this computer"),
        "gateway-down": _("our router"),
        "isp-down": _("the provider's line"),
        "portal": _("every website shows a page of the provider's instead, such as a log-in"),
        "dns-down": _("only names: 1.1.1.1 opens, www.example.com does not"),
        "site-down": _("our website, for everybody"),
        "site-unreachable-here": _("our website, but only from here"),
        "mail-down": _("our mail"),
        "phone-down": _("our phone"),
        "inconclusive": _("it cannot be told"),
    }

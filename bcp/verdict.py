"""Verdict: the one word that diagnosis says about what is wrong, what it means, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from bcp.i18n import _

Verdict = Literal[
    "ok",
    "degraded",
    "too-slow",
    "lan-down",
    "gateway-down",
    "isp-down",
    "portal",
    "dns-down",
    "mtu",
    "clock-wrong",
    "vpn-down",
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
        "too-slow": _("the line works, but it is too slow to work with"),
        "lan-down": _("our own cables, our own Wi-Fi or this computer"),
        "gateway-down": _("our router"),
        "isp-down": _("the provider's line"),
        "portal": _("every website shows a page of the provider's instead, such as a log-in"),
        "dns-down": _("only names: 1.1.1.1 opens, www.example.com does not"),
        "mtu": _("small pages open, larger ones hang: big packets get lost"),
        "clock-wrong": _("the date and time of this computer"),
        "vpn-down": _("the VPN: everything goes into it, and nothing comes out"),
        "site-down": _("our website: it does not work, and others do"),
        "site-unreachable-here": _("our website, but only from here"),
        "mail-down": _("our mail"),
        "phone-down": _("our phone"),
        "inconclusive": _("it cannot be told"),
    }


def words_of(verdict: Verdict, thing: str | None) -> str:
    """The verdict as it ends a diagnosis: the word, what it means, and the title of the check that it is about."""
    words = _("verdict: {verdict}, {meaning} (“{thing}”)") if thing else _("verdict: {verdict}, {meaning}")
    return words.format(verdict=verdict, meaning=meanings()[verdict], thing=thing)


def causes() -> Mapping[Verdict, str]:
    """What is at fault, in so few words that a text message may begin with them."""
    return {
        "ok": "",
        "degraded": _("a line that loses packets"),
        "too-slow": _("a line that is too slow"),
        "lan-down": _("our network or this computer"),
        "gateway-down": _("our router"),
        "isp-down": _("the provider's line"),
        "portal": _("a login or payment page in the way"),
        "dns-down": _("names (DNS) do not work here"),
        "mtu": _("big packets get lost (MTU)"),
        "clock-wrong": _("the clock of this computer is wrong"),
        "vpn-down": _("the VPN"),
        "site-down": _("our website"),
        "site-unreachable-here": _("the way from here to our website"),
        "mail-down": _("our mail"),
        "phone-down": _("our phone"),
        "inconclusive": "",
    }


def next_steps() -> Mapping[Verdict, str]:
    """The one thing to do next for each verdict, as one would say it over the phone."""
    return {
        "ok": _("Nothing to do: everything answers."),
        "degraded": _("Put calls and large files on mobile internet, and tell the provider what gets lost."),
        "too-slow": _(
            "Look what uses the line (a backup, an update, a camera) and pause it. Still slow: tell the provider."
        ),
        "lan-down": _(
            "Push the network cable in firmly or join the Wi-Fi again. Then try a second computer."
        ),
        "gateway-down": _("Pull the router's plug, count to 60, plug it in again and wait five minutes."),
        "isp-down": _("Go over to mobile internet, and report the fault to the provider."),
        "portal": _(
            "Open a website in a browser and read what comes. Sign in there, or call the provider: is a bill unpaid?"
        ),
        "dns-down": _("Enter another name server in the router or in this computer, such as 9.9.9.9."),
        "mtu": _("Set the router's MTU to 1400 (or its MSS clamp on). Work over mobile internet meanwhile."),
        "clock-wrong": _(
            "Set date and time. Windows: Settings, Time & language, Sync now. Linux: sudo timedatectl set-ntp true"
        ),
        "vpn-down": _("Disconnect the VPN on this computer and try again. Then tell the people who run it."),
        "site-down": _("Call the company that runs the website, and read to them what is said above."),
        "site-unreachable-here": _(
            "Open the website over mobile internet. Others can open it, so it is the way there."
        ),
        "mail-down": _("Call the company that runs the mail, and read to them what is said above."),
        "phone-down": _("Call the phone provider from a mobile, and read to them what is said above."),
        "inconclusive": _(
            "Try the same on a mobile phone with its Wi-Fi off: that shows whether it is only here."
        ),
    }

"""What the controls say: whether something fails that is neither our website's fault nor that of a layer of the path.

1. Our clock, if it is a day wrong, or if certificates fail by their dates while it is wrong by less.
2. Somebody answers in the place of everybody: the same or a forged certificate, the same page.
3. Port 443 lets nothing through while unencrypted pages come.
4. Connections are made and nothing more comes: the size of the packets, where small ones bring it; else still the line.
5. The rate of the line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from bcp.check.clock_reading import ClockReading
from bcp.check.controls import Control, Controls, PlainAnswer
from bcp.i18n import _, ngettext
from bcp.times import say_duration
from bcp.verdict import Verdict


def blamed(controls: Controls, *, is_page_well: bool, is_lossy: bool) -> Verdict | None:
    """What the controls alone say is wrong; None where they blame nobody.

    `is_page_well`: the known page came unencrypted as it should; `is_lossy`: packets get lost, so that silence of some
    seconds means nothing.
    """
    if is_clock_wrong(controls):
        return "clock-wrong"
    if controls.works or controls.is_by_proxy:
        return None
    if is_wall(controls):
        return "portal"
    if controls.works is None:
        return None
    asked = {each.state for each in (*controls.sites, *controls.addresses) if each.state != "nameless"}
    if not is_page_well or (is_lossy and not asked <= {"late", "refused"}):
        return None
    # What answers beside sites that are stuck is a handshake, which is small.
    is_size = controls.is_small_enough is None and asked <= {"stuck", "works"} and "works" in asked
    if "stuck" in asked and (controls.is_small_enough or is_size):
        return "mtu"
    return "isp-down" if asked <= {"late", "refused", "cut", "stuck"} else None


def step_for_blocked(controls: Controls) -> str:
    """What to do where port 443 lets nothing through."""
    if any(each.state == "stuck" for each in controls.sites):
        return _("Go over to mobile internet. Type for more: bcp check diagnose")
    return _(
        "Go over to mobile internet. Ask who looks after the router or firewall, then the provider: port 443."
    )


def is_clock_wrong(controls: Controls) -> bool:
    """Whether our clock explains what fails."""
    clock = controls.clock
    dated = [each for each in (*controls.sites, *controls.addresses) if each.state == "dates"]
    if clock is None:
        return len(dated) > 1 and not controls.works
    return clock.is_wrong or (clock.is_told and bool(dated))


def is_wall(controls: Controls) -> bool:
    """Whether somebody answers in the place of everybody."""
    return not controls.works and (_is_same_certificate(controls) or _is_same_page(controls.plain))


def _is_same_certificate(controls: Controls) -> bool:
    """One certificate for two names, or all signed by the same stranger: where this computer trusts nobody at all, as
    some do, they are signed by several.
    """
    sites = [each for each in controls.sites if each.names is not None]
    strange = [each for each in (*controls.sites, *controls.addresses) if each.names and not each.is_trusted]
    signers = {each.names.issuer for each in strange if each.names}
    shown = Counter(each.fingerprint for each in sites)
    return (len(strange) > 1 and len(signers) == 1) or any(count > 1 for count in shown.values())


def _is_same_page(plain: Sequence[PlainAnswer]) -> bool:
    """Two sites at different addresses show one page, or send us to one place that is none of them."""
    hosts = {each.host for each in plain}
    shown = [(each, each.body.strip()) for each in plain if each.status == 200]
    sent = [(each, urlsplit(each.leads_to).hostname) for each in plain if 300 <= each.status <= 399]
    foreign = [(each, target) for each, target in sent if target and not _is_own(target, hosts)]
    return _is_one_for_two([each for each in shown if each[1]]) or _is_one_for_two(foreign)


def _is_own(target: str, hosts: set[str]) -> bool:
    return any(target.removeprefix("www.") == host.removeprefix("www.") for host in hosts)


def _is_one_for_two(pairs: Sequence[tuple[PlainAnswer, object]]) -> bool:
    by_answer: dict[object, set[tuple[str, str]]] = {}
    for each, answer in pairs:
        by_answer.setdefault(answer, set()).add((each.host, each.address))
    return any(
        len({host for host, _ in both}) > 1 and len({address for _, address in both}) > 1
        for both in by_answer.values()
    )


def is_too_slow(controls: Controls, slow_below: float) -> bool:
    """Whether the line carries fewer bits a second than can be worked with."""
    return controls.rate is not None and controls.rate * 8 < slow_below


def words_of_sites(controls: Controls) -> str:
    """What was seen of the foreign sites and of what was looked at in their place, in one line."""
    asked = [*controls.sites, *controls.addresses]
    working = [each for each in asked if each.state == "works"]
    by_words: dict[str, list[str]] = {}
    for each in asked:
        if each.state != "works" and not (working and each.state == "nameless"):
            by_words.setdefault(_failing(each), []).append(each.host)
    answer = ngettext("{hosts} answers", "{hosts} answer", len(working))
    told = [answer.format(hosts=", ".join(each.host for each in working))] if working else []
    told += [f"{', '.join(hosts)}: {words}" for words, hosts in by_words.items()]
    if controls.is_small_enough:
        told.append(_("with small packets they answer"))
    if controls.rate is not None:
        told.append(_("{rate} Mbit/s").format(rate=f"{controls.rate * 8 / 1e6:.1f}"))
    return "; ".join(told)


def _failing(control: Control) -> str:
    by_state = {
        "late": _("no connection over port 443"),
        "stuck": _("a connection, and then nothing more"),
        "nameless": _("no address is known"),
    }
    if control.names is not None:
        return _("the certificate of “{name}” is shown").format(name=control.names.words or "?")
    return by_state.get(control.state, control.words)


def words_of_clock(clock: ClockReading) -> str:
    """How wrong our clock is, and who says so."""
    how = _("{length} ahead") if clock.ahead.total_seconds() > 0 else _("{length} behind")
    words = ngettext(
        "this computer's clock is {how}: {sources} says that it is {their}",
        "this computer's clock is {how}: {sources} say that it is {their}",
        len(clock.sources),
    )
    return words.format(
        how=how.format(length=say_duration(abs(clock.ahead))),
        sources=", ".join(clock.sources),
        their=f"{clock.their:%Y-%m-%d %H:%M} UTC",
    )

"""Our own path to the internet: this computer, the office's router, the provider, a login page, names.

All layers are looked at at once. A layer that fails is broken only if those before it are well; what lies behind a
broken layer is unknown, for nobody could see it from here. What comes through proves all that it came through: a
router that answers nothing is well if the internet answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bcp.check.loss import is_lossy
from bcp.i18n import _
from bcp.probe.base import State
from bcp.probe.interfaces import Interface
from bcp.probe.name_settings import Server
from bcp.probe.public import ADDRESSES, PAGE, SITES, SLOW

LayerName = Literal["computer", "router", "tunnel", "provider", "portal", "names"]
LayerState = Literal["ok", "broken", "degraded", "unknown"]
ORDER: tuple[LayerName, ...] = ("computer", "router", "tunnel", "portal", "provider", "names")
"""The order in which a broken layer is blamed: a login page lets nothing through, so it comes before the provider.
`tunnel` (a VPN that takes all traffic) is there only where there is one."""


@dataclass(frozen=True, slots=True)
class References:
    """What stands for "the internet": addresses of different operators, a page with a known answer, names.

    `sites` are foreign websites, of different operators again, whose pages are larger than 8 kB: see `controls`. Below
    `slow_below` bits a second a line is too slow to work with.
    """

    addresses: tuple[tuple[str, int], ...] = tuple((each, 443) for each in ADDRESSES)
    quorum: int = 2  # so many of them must answer, of IPv4 or of IPv6
    page: str = PAGE
    names: tuple[str, ...] = ("connectivitycheck.gstatic.com", "captive.apple.com")
    sites: tuple[str, ...] = SITES
    slow_below: float = SLOW


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, how it is, and what was seen of it, in plain words."""

    name: LayerName
    state: LayerState
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerAnswer:
    """Whether something answered, and how it put it; `is_unclear` where this computer itself could not ask."""

    is_yes: bool
    words: str
    is_unclear: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen of all layers at once, before anything is concluded from it.

    `missing` is what this computer itself lacks; `loss` is how many of how many packets were lost, if counted;
    `untold` is why nobody can tell: this computer does not say what it lacks, or the office's proxy refuses us.
    `addresses` are those of IPv4 and `addresses_6` those of IPv6, each where this computer knows a way; `echo` is
    whether one of them answers to a ping; `name_servers` are those that were asked for `names`.
    """

    interface: Interface | None
    missing: str
    router: LayerAnswer
    names: LayerAnswer
    public_names: LayerAnswer
    page: tuple[State, str]
    addresses: tuple[LayerAnswer, ...] = ()
    loss: tuple[int, int] = (0, 0)
    untold: str = ""
    addresses_6: tuple[LayerAnswer, ...] = ()
    echo: bool = False
    name_servers: tuple[Server, ...] = ()
    is_late: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether any of the well-known addresses answered."""
        return any(each.is_yes for each in (*self.addresses, *self.addresses_6))


Family = Literal["IPv4", "IPv6"]


@dataclass(frozen=True, slots=True)
class Path:
    """The layers of our path over one interface.

    `untold` is why nobody can say which of them is broken, although nothing comes back from beyond them. `families` are
    those that this computer speaks and whether each reaches the internet; `tunnel` is the interface of a VPN that takes
    all traffic; `loses` is whether so many packets are lost that any single look may fail for that alone. `differs` is
    what is otherwise than on good days. `are_names_denied` where public name servers help no more than ours.
    """

    interface: Interface | None
    layers: tuple[Layer, ...]
    untold: str = ""
    families: tuple[tuple[Family, bool], ...] = ()
    tunnel: str = ""
    loses: bool = False
    differs: tuple[str, ...] = ()
    are_names_denied: bool = False

    @property
    def culprit(self) -> Layer | None:
        """The layer to blame, if one is broken."""
        by_name = {layer.name: layer for layer in self.layers}
        return next(
            (by_name[name] for name in ORDER if name in by_name and by_name[name].state == "broken"), None
        )

    @property
    def lost(self) -> frozenset[LayerName]:
        """The broken layer and those behind it, which nobody can reach from here."""
        if self.culprit:
            return frozenset(ORDER[ORDER.index(self.culprit.name) :])
        return frozenset(ORDER if self.untold else ())

    @property
    def is_degraded(self) -> bool:
        """Whether it works, but badly."""
        return not self.culprit and any(layer.state == "degraded" for layer in self.layers)


def cut_off(interface: Interface | None, missing: str) -> Path:
    """The path of a computer that itself lacks something, so that nothing can be seen from it."""
    rest = (
        Layer(name, "unknown", (_("nobody can see it from here"),)) for name in ORDER[1:] if name != "tunnel"
    )
    return Path(interface, (Layer("computer", "broken", (missing,)), *rest))


def judge(seen: Observed, references: References) -> Path:
    """The state of each layer, from what was seen of all of them."""
    if seen.missing:
        return cut_off(seen.interface, seen.missing)
    provider = _provider(seen, references.quorum)
    portal: dict[State, LayerState] = {"up": "ok", "down": "broken", "inconclusive": "unknown"}
    public = () if seen.names.is_yes else (_public(seen.public_names),)
    return Path(
        seen.interface,
        (
            _computer(seen),
            _router(seen),
            Layer("portal", portal[seen.page[0]], (seen.page[1],)),
            provider,
            Layer("names", _names_state(seen, provider.state), (seen.names.words, *public)),
        ),
        "" if _is_there(seen) else seen.untold,
        _families(seen),
        loses=is_lossy(*seen.loss),
        are_names_denied=not seen.names.is_yes and not seen.public_names.is_yes,
    )


def _computer(seen: Observed) -> Layer:
    if seen.interface is None:
        return Layer("computer", "unknown", (seen.untold,))
    return Layer("computer", "ok", (_("{name} is connected").format(name=seen.interface.name),))


def _router(seen: Observed) -> Layer:
    if seen.router.is_yes:
        other = _other_router(seen)
        if other and seen.interface:
            words = _(
                "the router {router} leads nowhere, but {other} on the same network reaches the internet: "
                "this computer was told to use the wrong router"
            )
            return Layer("router", "broken", (words.format(router=seen.interface.gateway, other=other),))
        return Layer("router", "ok", (seen.router.words,))
    if _is_there(seen):
        return Layer("router", "ok", (_("it does not answer itself, but what lies behind it does"),))
    return Layer("router", "unknown" if seen.untold else "broken", (seen.router.words,))


def _other_router(seen: Observed) -> str:
    """A name server on our own network that reaches the internet while the router we use lets nothing come back."""
    own = seen.interface
    if own is None or not own.gateway or seen.untold:
        return ""
    if _is_there(seen) or seen.public_names.is_yes or not seen.names.is_yes:
        return ""
    servers = [address.partition("%")[0] for address, _port in seen.name_servers]
    if not servers or own.gateway in servers or not all(own.reaches(each) for each in servers):
        return ""
    return servers[0]


def _is_there(seen: Observed) -> bool:
    """Whether anything at all came back from beyond the router, a login page included."""
    return seen.page[0] != "inconclusive" or seen.is_reached


def _families(seen: Observed) -> tuple[tuple[Family, bool], ...]:
    """Whether each family that this computer speaks reaches the internet."""
    both: tuple[tuple[Family, tuple[LayerAnswer, ...]], ...]
    both = (("IPv4", seen.addresses), ("IPv6", seen.addresses_6))
    return tuple((name, any(each.is_yes for each in answers)) for name, answers in both if answers)


def _provider(seen: Observed, quorum: int) -> Layer:
    enough = any(
        each and sum(one.is_yes for one in each) >= min(quorum, len(each))
        for each in (seen.addresses, seen.addresses_6)
    )
    is_halved = dict(_families(seen)) == {"IPv4": False, "IPv6": True} and not is_lossy(*seen.loss)
    state: LayerState
    if enough or seen.page[0] == "up":
        state = "degraded" if is_lossy(*seen.loss) or is_halved or seen.is_late else "ok"
    elif seen.is_reached:
        state = "degraded"
    else:
        is_blamed = seen.router.is_yes and seen.page[0] != "down" and not seen.untold
        state = "broken" if is_blamed else "unknown"
    return Layer("provider", state, tuple(dict.fromkeys(_provider_words(seen))))


def _provider_words(seen: Observed) -> list[str]:
    families = dict(_families(seen))
    told = []
    if families == {"IPv4": True, "IPv6": False} and not is_lossy(*seen.loss):
        told.append(
            _(
                "IPv6 does not work, IPv4 does: pages open, some of them late. "
                "Tell the provider, or switch IPv6 off in the router"
            )
        )
    if families == {"IPv4": False, "IPv6": True} and not is_lossy(*seen.loss):
        told.append(
            _("IPv4 does not work, IPv6 does: many large sites open, most others do not. Tell the provider")
        )
    for answers, words in (
        (seen.addresses, _("{answered} of {count} well-known addresses answer")),
        (seen.addresses_6, _("{answered} of {count} well-known addresses of IPv6 answer")),
    ):
        if answers:
            told.append(words.format(answered=sum(each.is_yes for each in answers), count=len(answers)))
    if seen.is_late:
        told.append(_("answers come, but late: the line is full or slow"))
    lost, sent = seen.loss
    if sent and seen.is_reached:
        told.append(_("{lost} of {sent} packets were lost").format(lost=lost, sent=sent))
    if seen.echo and not _is_there(seen):
        words = _(
            "pings are answered, but no new connection gets through: a table of connections is full, or a "
            "firewall is in the way, at the provider or in the router"
        )
        told.append(words)
    return [*told, *(each.words for each in (*seen.addresses, *seen.addresses_6) if not each.is_yes)]


def _names_state(seen: Observed, provider: LayerState) -> LayerState:
    if seen.names.is_yes or seen.page[0] == "up":
        return "ok"
    is_tellable = provider in ("ok", "degraded") and not seen.names.is_unclear and not seen.is_late
    return "broken" if is_tellable else "unknown"


def _public(answer: LayerAnswer) -> str:
    if answer.is_yes:
        return _("public name servers answer")
    return _("public name servers do not help either: {why}").format(why=answer.words)

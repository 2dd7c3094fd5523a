"""A thing of ours that is looked at, and what the looks at it say, beside those at what is not ours.

1. What fails under the address that this computer's name server gives, and works under the one that all others give, is
   no fault of its own: names are wrong here. A name that nobody knows is.
2. What fails over the second way, too, is down; what works there is unreachable from here.
3. What gave an answer of its own, and the wrong one, is down.
4. Else it is compared with the controls: what is refused, or fails once connected, is down if they work from the same
   computer over the same line. Where they fail as it does it is not ours, and where it is only silent nobody can tell
   without a second way: it may be the road to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from bcp.check.model import Check
from bcp.check.name_view import NameView
from bcp.check.run import CheckLook
from bcp.i18n import _
from bcp.probe.base import works
from bcp.verdict import Verdict

Service = Literal["website", "mail", "phone"]
OF_SERVICE: Mapping[Service, Verdict] = {"website": "site-down", "phone": "phone-down", "mail": "mail-down"}
_KINDS: Mapping[str, Service] = {
    "http": "website",
    "tls": "website",
    "smtp": "mail",
    "imap": "mail",
    "sip": "phone",
}
_PORTS: Mapping[int, Service] = {
    **dict.fromkeys((80, 443), "website"),
    **dict.fromkeys((25, 465, 587, 143, 993, 110, 995), "mail"),
    **dict.fromkeys((5060, 5061), "phone"),
}


def service_of(check: Check) -> Service | None:
    """What a check looks at: by the kinds of its probes, or by the ports of their connections.

    A certificate is that of a mail server where the port is one.
    """
    for probe in check.probes:
        kind = type(probe).__module__.rpartition(".")[2]
        by_port = _PORTS.get(getattr(probe, "port", None) or 0)
        is_mail = by_port == "mail" or getattr(probe, "starttls", None) in ("smtp", "imap", "pop3")
        found = "mail" if kind == "tls" and is_mail else _KINDS.get(kind) or by_port
        if found:
            return found
    return None


def is_unencrypted(check: Check) -> bool:
    """Whether a website is looked at over plain http, for which the controls over https say little."""
    return any(urlsplit(getattr(probe, "url", "")).scheme == "http" for probe in check.probes)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of ours that was looked at: from here and, where there is one, over a second way.

    `service` is nothing where it is neither website nor mail nor telephone. `views` is what others say of its names,
    `at_theirs` a look at the addresses that they give. `rests_on` are the checks without which it can tell nothing.
    `passes_line` says that it is beyond the office network. `halved` is said of one that answers over one family of
    addresses and not over the other.
    """

    check: str
    title: str
    service: Service | None
    here: CheckLook
    elsewhere: CheckLook | None = None
    views: tuple[NameView, ...] = ()
    at_theirs: CheckLook | None = None
    rests_on: tuple[str, ...] = ()
    is_plain: bool = False
    passes_line: bool = True
    halved: str = ""

    @property
    def verdict(self) -> Verdict:
        """What these looks say about it, given that our own path is well and no control was looked at."""
        return self.judged(None)

    def judged(self, works_elsewhere: bool | None) -> Verdict:
        """The same, given whether the controls work; None where that is not known."""
        if works(self.here.state):
            return "degraded" if self.halved else "ok"
        if self.is_misdirected:
            return "dns-down"
        if self.service is None:
            return "inconclusive"
        if self.elsewhere is not None and works(self.elsewhere.state):
            return "site-unreachable-here" if self.service == "website" else OF_SERVICE[self.service]
        return OF_SERVICE[self.service] if self._is_down(works_elsewhere) else "inconclusive"

    def is_explained_by(self, verdict: Verdict) -> bool:
        """Whether it fails because of what a diagnosis found elsewhere, so that nothing can be told of it."""
        failed = [result for result in self.here.results if not works(result.state)]
        if verdict == "clock-wrong":
            return any(result.failure == "dates" for result in failed)
        if verdict == "dns-down":
            return self.is_misdirected
        if verdict in ("isp-down", "mtu"):
            return self.passes_line and not any(result.reached for result in failed)
        return verdict == "portal" and self.passes_line

    @property
    def is_misdirected(self) -> bool:
        """Whether this computer is told a wrong address of it, and of nothing else."""
        return self.at_theirs is not None and works(self.at_theirs.state)

    def _is_down(self, works_elsewhere: bool | None) -> bool:
        if self.here.state != "down":
            return False
        failed = [result for result in self.here.results if not works(result.state)]
        if self.elsewhere is not None and self.elsewhere.state == "down":
            return True
        if any(result.reached for result in failed) or any(view.is_nowhere for view in self.views):
            return True
        if works_elsewhere is False:
            return False
        refused = any(result.failure == "refused" for result in failed)
        return refused or (
            works_elsewhere is True and any(result.stage == "conversation" for result in failed)
        )

    def words(self, second: str | None) -> str:
        """What was seen of it, in one line; `second` is the name of the second way."""
        told = "; ".join(filter(None, (self.here.reason, self.halved)))
        if self.elsewhere is not None and not self.is_misdirected:
            words = _("{here}; over {second}: {elsewhere}")
            told = words.format(here=told, second=second, elsewhere=self.elsewhere.reason)
        views = [
            view
            for view in self.views
            if view.is_nowhere or view.is_inside or (view.elsewhere and self.at_theirs)
        ]
        told = "; ".join([told, *(view.words for view in views)])
        if self.at_theirs is not None:
            words = _("{here}. There: {there}")
            told = words.format(here=told, there=self.at_theirs.reason)
        return told

"""Probe: one way of looking at one thing; it answers with a Result and never raises.

A kind is one file in this room (names with a leading underscore are tools). Its fields are the YAML,
`words()` is what every view says about it, and `see()` is the look itself: it may raise Trouble, OSError or
ValueError, and `look()` turns each of them, and a time-out, into a Result with a plain reason.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from bcp.clock import Clock
from bcp.errors import InputError
from bcp.i18n import _
from bcp.mask import KNOWN
from bcp.office.line import OfficeLine
from bcp.office.proxy import Proxy
from bcp.probe.failure import Failure, Stage, failure_of
from bcp.probe.names import Names
from bcp.probe.trouble import Trouble, explain, one_line
from bcp.secret_text import each_leaf
from bcp.yaml.types import Line, Model, SomeDuration

State = Literal["up", "warning", "down", "inconclusive"]


def works(state: str | None) -> bool:
    """Whether what is in `state` does its work: up, or up with a warning, which is told and is no outage."""
    return state in ("up", "warning")


@dataclass(frozen=True, slots=True)
class Result:
    """What one look gave: the state, a plain reason, the latency in seconds, and what was seen.

    `reached` says that the other side itself gave an answer in the language of its service, even if it was the wrong
    one: a connection, a refusal or a handshake may come from anything in between. Where it did not, `stage` says how
    far the look came, and `failure` how that ended.
    """

    state: State
    reason: str
    latency: float | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    reached: bool = False
    stage: Stage | None = None
    failure: Failure | None = None


def _no_secrets(reference: str) -> str:
    raise InputError(f"{reference} cannot be read here", "look from an office folder")


@dataclass(frozen=True)
class Shared:
    """What all probes of a run use together: clock, names, TLS, time-out, names of interfaces.

    `interfaces` maps an office's word (`mobile`) to an interface (`wwan0`); `secret` reads a reference such
    as `env:NAME`. Relative paths in probes are relative to `office`. `through` is the one interface that all
    looks pass, whatever they say themselves: a line is tested beside the one in use. `proxy` is the office's, if it
    lets nobody out directly. `line` gives a line of bcp.yaml by its name. `kept` is the folder for what is asked for
    rarely, such as until when a domain is registered, None where nothing is kept; `remembered` is the same for as
    long as this process looks.
    """

    clock: Clock
    office: Path = Path()
    timeout: float = 2.0
    names: Names = field(default_factory=Names)
    interfaces: Mapping[str, str] = field(default_factory=dict)
    secret: Callable[[str], str] = _no_secrets
    through: str | None = None
    remembers: Path | None = None
    proxy: Proxy | None = None
    line: Callable[[str], OfficeLine | None] = lambda name: None
    kept: Path | None = None
    remembered: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """The one TLS context that trusts what this computer trusts; made when first needed (20 ms)."""
        return ssl.create_default_context()

    @cached_property
    def _trusting(self) -> dict[Path, ssl.SSLContext]:
        return {}

    def tls_trusting(self, file: str | None) -> ssl.SSLContext:
        """The TLS context that trusts the certificates in `file` instead; the common one without a file."""
        if file is None:
            return self.tls
        path = self.office / file
        if path not in self._trusting:
            try:
                self._trusting[path] = ssl.create_default_context(cafile=path)
            except (OSError, ValueError):
                raise Trouble(
                    _("the certificates in {file} cannot be read").format(file=file), state="inconclusive"
                ) from None
        return self._trusting[path]

    def interface(self, via: str | None) -> str | None:
        """The interface that `via` means: an office's word for it, or its own name."""
        if self.through is not None:
            return self.through
        return None if via is None else self.interfaces.get(via, via)


@dataclass
class Attempt:
    """One look under way: what all share, the interface it is bound to, and what it is busy with.

    `reached` is set as soon as the other side has given an answer of its own; `stage` and `failure` tell how far the
    look came, and how it ended. `note` is what people want to know of a look that saw what it should.
    """

    shared: Shared
    via: str | None = None
    doing: str = ""
    reached: bool = False
    stage: Stage | None = None
    failure: Failure | None = None
    note: str = ""

    async def addresses(self, host: str) -> list[str]:
        """The addresses of `host` (itself, if it is one), asked for over the line this look is bound to."""
        self.doing = _("looking up the name {name}").format(name=host)
        self.stage = "name"
        found = await self.shared.names.addresses(host, self.via)
        self.stage = "connection"
        return found


class Probe(Model):
    """One way of looking at one thing."""

    timeout: SomeDuration | None = Field(
        default=None, description="how long one look may take; 2s where nothing is said", examples=["5s"]
    )

    silence: ClassVar[State] = "down"
    """What it means when no answer comes in time."""

    def describe(self) -> str:
        """One line: what is looked at, and what must be seen."""
        raise TypeError(f"{type(self).__name__} has no words")

    async def see(self, attempt: Attempt) -> Result:
        """Look once, without minding the time."""
        raise TypeError(f"{type(self).__name__} does not look")

    def targets(self) -> tuple[str, ...]:
        """The hosts that this looks at; none where it looks at this computer itself."""
        return ()

    def bound_to(self) -> str | None:
        """What `via:` says, for probes that have it."""
        return None

    async def look(self, shared: Shared) -> Result:
        """Look once, within the time-out. Never raises for what is out there."""
        limit = self.timeout.total_seconds() if self.timeout else shared.timeout
        began = shared.clock.monotonic()
        attempt = Attempt(shared, shared.interface(self.bound_to()))
        try:
            async with asyncio.timeout(limit):
                found = await self.see(attempt)
        except TimeoutError as error:
            found = Result(self.silence, _late(limit, attempt.doing))
            attempt.failure = failure_of(error)
        except Trouble as trouble:
            found = Result(trouble.state, trouble.reason, evidence=trouble.evidence)
        except InputError as error:
            # Its secret cannot be looked up: that says nothing of what is out there, and the other checks go on.
            found = Result("inconclusive", error.message)
        except (OSError, EOFError, ValueError) as error:
            why = explain(error, attempt.via)
            found = Result(why.state, why.reason)
            attempt.failure = failure_of(error)
        took = found.latency
        if took is None and works(found.state):
            took = shared.clock.monotonic() - began
        reason = f"{found.reason}; {attempt.note}" if attempt.note and works(found.state) else found.reason
        return replace(
            found,
            reason=one_line(KNOWN.without_secrets(reason)),
            latency=took,
            evidence=each_leaf(found.evidence, KNOWN.without_secrets),
            reached=attempt.reached or works(found.state),
            stage=attempt.stage,
            failure=attempt.failure,
        )


def _late(limit: float, doing: str) -> str:
    length = f"{limit:g} s"
    if not doing:
        return _("no answer within {length}").format(length=length)
    return _("no answer within {length} while {doing}").format(length=length, doing=doing)


class Remote(Probe):
    """A probe that looks at something over the network, perhaps over one line of several."""

    via: Line | None = Field(
        default=None,
        description="the network interface to look through; the computer's own choice where nothing is said",
        examples=["wwan0"],
    )

    def bound_to(self) -> str | None:
        """The interface to look through."""
        return self.via

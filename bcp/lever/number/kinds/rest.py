"""rest: a provider's interface on the web, written down: what stands there, how it is set, and how it is put back.

What was there is kept whole as JSON and written back; each change is read back, also where its answer was lost. The
requests that set something may be sent twice: they name the state that is wanted, whatever was before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from bcp.errors import StepFailed, Unsure, read_back
from bcp.i18n import _
from bcp.lever.number.base import (
    Evidence,
    NumberDriver,
    NumberFinding,
    NumberRequest,
    Saved,
    saved_by_another_way,
)
from bcp.lever.number.rest_api import BY_HAND, RestAccount
from bcp.lever.number.rest_calls import Json, RestChange, RestReading
from bcp.lever.number.rest_presets import PRESETS
from bcp.lever.number.rest_words import Filling, at, holds, is_pointer, same, unknown, without
from bcp.mask import KNOWN
from bcp.normalize import say_phone
from bcp.outside import Signing, World
from bcp.secret_text import leaves
from bcp.yaml.types import ONE_OR_MORE, Line, Model, Secret, Text

_KEPT = "kept"
_SHOWN = 300
_LOOKS, _PAUSE = 6, 2.0
"""How often it is read back where the provider said yes, and how many seconds lie between."""


class Login(Model):
    """A user and a password, for interfaces that take them (HTTP Basic)."""

    user: Line = Field(description="who signs in")
    password: Secret = Field(description="where the password is kept")


class Rest(NumberDriver):
    """A number at a provider with an interface on the web."""

    provider: Literal["sipgate", "telnyx", "zadarma"] | None = Field(
        default=None, description="one whose interface is known: then only names and the login are missing"
    )
    names: dict[Text, Line] = Field(
        default_factory=dict, description="words for the addresses, such as the provider's name for the line"
    )
    headers: dict[Text, Text] = Field(
        default_factory=dict,
        description="what each request carries; a secret by reference",
        examples=[{"Authorization": "Bearer {keyring:telnyx}"}],
    )
    login: Login | None = Field(default=None, description="user and password, for interfaces that take them")
    sign: Literal["zadarma"] | None = Field(default=None, description="how each request is signed")
    key: Secret | None = Field(default=None, description="for sign")
    secret: Secret | None = Field(default=None, description="for sign")
    success: dict[Text, Json] = Field(
        default_factory=dict, description="what each answer must show: a pointer, and its value"
    )
    read: RestReading | None = Field(default=None, description="how what is set is read")
    may_replace: dict[Text, Json] = Field(
        default_factory=dict, description="what may be there before; else nothing is changed"
    )
    set: Annotated[list[RestChange], ONE_OR_MORE] = Field(
        default_factory=list, description="{to} in it is whose phone takes the calls"
    )
    shows: dict[Text | Literal[""], Json] = Field(
        default_factory=dict, description="what is read back: a pointer into what is kept, and its value"
    )
    back: Annotated[list[RestChange], ONE_OR_MORE] = Field(
        default_factory=list, description="{before} in it is what was there"
    )
    off: Annotated[list[RestChange], ONE_OR_MORE] = Field(
        default_factory=list, description="instead of back, where nothing was set before"
    )

    @model_validator(mode="before")
    @classmethod
    def _with_preset(cls, data: Any) -> Any:
        """What a provider's name stands for; what is written besides it holds."""
        preset = PRESETS.get(str(data.get("provider"))) if isinstance(data, Mapping) else None
        if preset is None:
            return data
        named = data.get("names")
        names = {**preset["names"], **(named if isinstance(named, Mapping) else {})}
        return {**preset, **data, **({"names": names} if named is None or isinstance(named, Mapping) else {})}

    @model_validator(mode="after")
    def _is_whole(self) -> Rest:
        missing = [name for name in ("read", "set", "shows", "back") if not getattr(self, name)]
        if missing:
            raise ValueError(
                f"expected {', '.join(missing)} as well, or provider: sipgate, telnyx or zadarma"
            )
        if self.sign and not (self.key and self.secret):
            raise ValueError(
                "expected key and secret as well, each as a reference, because requests are signed"
            )
        for pointer in self._pointers():
            if not is_pointer(pointer):
                raise ValueError(f'expected a JSON pointer such as "/{pointer}", not "{pointer}"')
        if any(change.only_if or "{before" in change.model_dump_json() for change in self.set):
            raise ValueError(
                "expected only_if and {before} in back, not in set: what was before is not set anew"
            )
        told = self.model_dump(mode="json", exclude={"names", "login", "key", "secret"})
        strange = sorted({*unknown(told, self.names)})
        if strange:
            name = strange[0].strip("{}").partition(":")[0]
            raise ValueError(
                f"{strange[0]} stands for nothing: expected names: {{{name}: …}}, {{to}}, {{phone}}, {{before}} "
                "or a secret"
            )
        if not any("{to" in str(text) for text in leaves(self.shows)):
            raise ValueError("expected {to} in shows, so that it is read back where the calls go")
        return self

    def _pointers(self) -> Iterator[str]:
        yield from (
            *self.success,
            *self.may_replace,
            *self.shows,
            *([self.read.at, *self.read.but] if self.read else []),
        )
        yield from (pointer for change in (*self.set, *self.back, *self.off) for pointer in change.only_if)

    def describe(self, order: NumberRequest) -> Sequence[str]:
        """To whom."""
        said = _("Calls to {number} go to {whose} ({to}), through the provider's interface")
        return [order.fill(said)]

    def present(self, world: World, order: NumberRequest) -> Saved:
        """What stands there, whole. Raises StepFailed where nothing does, for then nothing could be put back."""
        kept = self._kept(world, order)
        if kept is None and not self.off:
            words = _("the provider's answer shows nothing at {pointer}, so nothing was changed")
            raise StepFailed(words.format(pointer=self.read.at if self.read else ""), BY_HAND)
        return {_KEPT: json.dumps(kept, ensure_ascii=False)}

    def is_same(self, saved: Saved, present: Saved) -> bool:
        """Whether both say the same."""
        kept = [json.loads(each[_KEPT]) for each in (saved, present) if _KEPT in each]
        return len(kept) == 2 and same(*kept)

    def is_ours(self, order: NumberRequest, present: Saved) -> bool | None:
        """Whether it shows what `forward` sets; None for what another way saved."""
        return self._shown(order, json.loads(present[_KEPT])) if _KEPT in present else None

    def forward(self, world: World, order: NumberRequest) -> Evidence:
        """Set it, and read it back. Raises StepFailed before any change where what is there could not be put back."""
        kept = self._kept(world, order)
        if not self._shown(order, kept):
            if not holds(kept, self.may_replace):
                words = _("something is set there that could not be put back, so nothing was changed: {what}")
                raise StepFailed(words.format(what=_brief(kept)), BY_HAND)
            kept = self._changed(world, order, self.set, None, lambda seen: self._shown(order, seen))
        return {"goes_to": order.to, "seen": _brief(kept)}

    def put_back(self, world: World, order: NumberRequest, saved: Saved) -> Evidence:
        """Write back what was there, and read that back."""
        if _KEPT not in saved:
            raise saved_by_another_way(order)
        before, kept = json.loads(saved[_KEPT]), self._kept(world, order)
        if not same(before, kept):
            changes = self.off if self.off and not before else self.back
            changes = [change for change in changes if holds(before, change.only_if)]
            kept = self._changed(world, order, changes, before, lambda seen: same(before, seen))
        return {"goes_to": self._target(order, kept), "seen": _brief(kept)}

    def rehearse(self, world: World, order: NumberRequest) -> None:
        """Whether the secrets are there."""
        assert self.read is not None
        trouble = self._account(world, order).missing(self.read)
        if trouble:
            raise StepFailed(trouble, "store the secret, then try again")

    def check(self, world: World, order: NumberRequest) -> list[NumberFinding]:
        """Whether the interface answers, and what stands there."""
        kept = json.loads(self.present(world, order)[_KEPT])
        if not holds(kept, self.may_replace):
            words = _("what is set there could not be put back, so it will not be forwarded: {what}")
            return [NumberFinding("bad", words.format(what=_brief(kept)))]
        target = self._target(order, kept)
        words = (
            _("the interface answers; its calls go to {where}").format(where=say_phone(target))
            if target
            else _("the interface answers; it shows: {what}").format(what=_brief(kept))
        )
        return [NumberFinding("fine", words), *self._unencrypted(order), *self._revealing(kept)]

    def _revealing(self, kept: Any) -> Iterator[NumberFinding]:
        said = json.dumps(kept, ensure_ascii=False)
        if KNOWN.without_secrets(said) != said:
            words = _(
                "the provider shows a secret of yours in what is kept: keep less of it (at: below read:)"
            )
            yield NumberFinding("bad", words)

    def _unencrypted(self, order: NumberRequest) -> Iterator[NumberFinding]:
        filling = Filling(order, self.names)
        for call in filter(None, (self.read, *self.set, *self.back, *self.off)):
            url = urlsplit(str(call.request(filling).url))
            if url.scheme == "http" and url.hostname not in ("127.0.0.1", "localhost", "::1"):
                words = _("the login would go to {host} unencrypted: write https:// in bcp.yaml")
                yield NumberFinding("bad", words.format(host=url.hostname))
                return

    def _account(self, world: World, order: NumberRequest, before: Any = None) -> RestAccount:
        login = (self.login.user, self.login.password) if self.login else None
        signed = Signing(self.sign, self.secret or "", self.key or "") if self.sign else None
        filling = Filling(order, self.names, before)
        return RestAccount(world, order.clock, filling, self.headers, login, signed, self.success)

    def _kept(self, world: World, order: NumberRequest) -> Any:
        assert self.read is not None
        found = self._account(world, order).read(self.read, tuple(self.read.nothing))
        return without(at(found, self.read.at), self.read.but)

    def _shown(self, order: NumberRequest, kept: Any) -> bool:
        return holds(kept, Filling(order, self.names).json(self.shows))

    def _target(self, order: NumberRequest, kept: Any) -> str:
        """Where its calls go if they are forwarded as this way does it, with a plus where that is known; or nothing."""
        found = next((at(kept, pointer) for pointer, each in self.shows.items() if "{to" in str(each)), None)
        if not isinstance(found, str) or not found:
            return ""
        likely = (f"+{found.removeprefix('+')}", found)
        return next((to for to in likely if self._shown(replace(order, to=to), kept)), "")

    def _changed(
        self,
        world: World,
        order: NumberRequest,
        changes: Sequence[RestChange],
        before: Any,
        is_so: Callable[[Any], bool],
    ) -> Any:
        """Change it until it is seen, twice at most; what is seen. One lost answer is no answer about the next.

        Some providers take a change and carry it out a little later.
        """
        account, lost = self._account(world, order, before), None
        for _try in range(2):
            for change in changes:
                try:
                    account.change(change)
                except Unsure as error:
                    lost = error
                    break
            for look in range(1 if lost else _LOOKS):
                if look:
                    order.clock.sleep(_PAUSE)
                with read_back(lost):
                    kept = self._kept(world, order)
                if is_so(kept):
                    break
            if is_so(kept) or lost is None:
                break
        if is_so(kept):
            return kept
        words = lost.message if lost else _("the provider took the change, but does not show it")
        raise StepFailed(_("{words}; it shows: {what}").format(words=words, what=_brief(kept)), BY_HAND)


def _brief(kept: Any) -> str:
    said = KNOWN.without_secrets(json.dumps(kept, ensure_ascii=False))
    return said if len(said) <= _SHOWN else said[:_SHOWN] + " …"


Kind = Rest

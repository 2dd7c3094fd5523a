"""Whether a number's calls still go where they were sent, and whether none are sent anywhere without an open layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.number.base import NumberRequest, Overruled
from bcp.lever.number.choice import has_way, way_of
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.older import CALLS
from bcp.lever.stack import TRIAL
from bcp.lever.standing import Standing
from bcp.normalize import say_phone
from bcp.outside import World


def number_stands(world: World, ledger: NumberJournal, order: NumberRequest) -> Standing:
    """A look at the provider; a number that a person forwards cannot be looked at."""
    name = order.number.number
    stack = ledger.stack(name)
    if not has_way(order.number):
        return Standing("unknown", order.fill(_("nobody wrote down how calls to {number} are forwarded")))
    top = stack.said(CALLS)
    try:
        now = way_of(order.number).present(world, order)
    except Overruled as overruled:
        if top is None:
            return Standing("unknown", overruled.message)
        said = order.fill(
            _("the calls of {number} do not go to {phone} any more"), phone=say_phone(top.put[CALLS]["to"])
        )
        return Standing("changed", f"{said}: {overruled.message}", overruled.hint)
    except StepFailed as failed:
        return Standing("unknown", failed.message)
    if top is not None and top.key == TRIAL:
        said = _("the calls of {number} were sent to {phone} for a trial, and not put back")
        words = order.fill(said, phone=say_phone(top.put[CALLS]["to"]))
        return Standing("left", words, f"bcp number test {name} --forward")
    if top is not None:
        return _forwarded(order, top.put[CALLS], stack.base.get(CALLS) or {}, now)
    for put in ledger.history(name).get(CALLS, ()):
        if _is_ours(order, put, now) and not _is_base(ledger, order, now):
            said = _("the calls of {number} still go to {phone}, although no incident needs that")
            words = order.fill(said, phone=say_phone(put["to"]))
            return Standing(
                "left", words, _("end the forwarding of {name} at the provider").format(name=name)
            )
    return Standing("clear", order.fill(_("nothing of ours is set for {number}")))


def _forwarded(
    order: NumberRequest, put: Mapping[str, Any], base: Mapping[str, Any], now: Mapping[str, Any]
) -> Standing:
    to = say_phone(put["to"])
    match _is_ours(order, put, now):
        case True:
            return Standing("stands", order.fill(_("the calls of {number} go to {phone}"), phone=to))
        case None:
            words = _("nobody can see from here where the calls of {number} go: call it")
            return Standing("unknown", order.fill(words))
    if now and way_of(order.number).is_same(base, now):
        words = _("the calls of {number} do not go to {phone} any more: the forwarding was ended")
        todo = _("forward {name} again, or find out who changed it").format(name=order.number.number)
        return Standing("gone", order.fill(words, phone=to), todo)
    words = _("the calls of {number} do not go to {phone} any more: somebody else changed that")
    return Standing("changed", order.fill(words, phone=to), _("find out who changed it"))


def _is_ours(order: NumberRequest, put: Mapping[str, Any], now: Mapping[str, Any]) -> bool | None:
    """Whether this is what a layer set; None where only a person can know it."""
    wanted = replace(order, to=str(put["to"]), whose=str(put["whose"]))
    return way_of(order.number).is_ours(wanted, now) if now else None


def _is_base(ledger: NumberJournal, order: NumberRequest, now: Mapping[str, Any]) -> bool:
    """Whether others had it so before one of our layers."""
    is_same = way_of(order.number).is_same
    befores = ledger.befores(order.number.number).get(CALLS, ())
    return any(isinstance(before, dict) and is_same(before, now) for before in befores)

"""Which way a number is forwarded: the one that bcp.yaml names, else what follows from its method."""

from __future__ import annotations

from collections.abc import Mapping

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.number.base import NumberDriver
from bcp.lever.number.kinds.forward_code import ForwardCode
from bcp.lever.number.kinds.hotline import Hotline
from bcp.lever.number.kinds.portal import Portal
from bcp.office.number import OfficeNumber

_BY_HAND = "do it by hand as the step says, and write into bcp.yaml how it is done: way: {hotline: {}}"
_BY_METHOD: Mapping[str, type[NumberDriver]] = {
    "line-code": ForwardCode,
    "mobile-code": ForwardCode,
    "portal": Portal,
    "hotline": Hotline,
}


def way_of(number: OfficeNumber) -> NumberDriver:
    """How its calls are forwarded. Raises StepFailed where nobody said."""
    if isinstance(number.way, NumberDriver):
        return number.way
    if number.method not in _BY_METHOD:
        words = _("nobody wrote down how calls to {number} are forwarded")
        raise StepFailed(words.format(number=number.number), _BY_HAND)
    return _BY_METHOD[number.method]()


def has_way(number: OfficeNumber) -> bool:
    """Whether somebody said how its calls are forwarded."""
    return isinstance(number.way, NumberDriver) or number.method in _BY_METHOD

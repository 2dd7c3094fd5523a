"""forward-code: a person dials a star code, and the network confirms it.

Mobile phones: 3GPP TS 22.030, Annex B (`**21*NUMBER#` registers, `##21#` erases, `*#21#` asks). Fixed lines have one
star less, with most providers (ETSI ETS 300 738). The code is dialled on the very line that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import Field, model_validator

from bcp.errors import StepFailed
from bcp.fact import Fact
from bcp.i18n import _
from bcp.lever.number.base import BEFORE, Hand, NumberFinding, NumberRequest, Saved, from_before
from bcp.lever.number.phone import dialled
from bcp.normalize import say_phone
from bcp.yaml.types import Line

_NUMBER = "NUMBER"
_CODE = re.compile(r"\*{1,2}(?P<service>\d{2,3})[*#]")
_NO_CODE = "write code_on and code_off of this number into bcp.yaml; until then ask the provider"


class ForwardCode(Hand):
    """Dial a code on the line itself."""

    on: Line | None = Field(
        default=None, description="the code, with NUMBER for the number", examples=["**21*NUMBER#"]
    )
    off: Line | None = Field(default=None, examples=["##21#"], description="the code that ends it")
    ask: Line | None = Field(
        default=None, description="the code that asks; else made from the first one", examples=["*#21#"]
    )

    @model_validator(mode="after")
    def _are_codes(self) -> ForwardCode:
        for code in filter(None, (self.on, self.off, self.ask)):
            if not re.fullmatch(r"[*#][*#\dA-Z]+", code.replace(" ", "")):
                raise ValueError(f'expected a code such as "**21*NUMBER#", not "{code}"')
        return self

    def describe(self, order: NumberRequest) -> Sequence[str]:
        """To whom, and whether the code is of any use on a dead line."""
        said = _("Calls to {number} go to {whose} ({to}), by a code that is dialled on {number} itself")
        dead = _("On a dead line the code cannot be dialled: then call the provider's fault number.")
        return [order.fill(said), *([dead] if order.number.works_when_line_dead != "yes" else [])]

    def hand(self, order: NumberRequest) -> str:
        """Ask, dial, listen."""
        on, _off = self._codes(order)
        asking = self._asking(on)
        first = (
            _("First dial {code}, and write down what it says.").format(code=asking)
            if asking
            else _("First find out whether the calls are forwarded already.")
        )
        code = self._filled(on, order, order.to)
        then = _("Then dial {code} and wait until it is confirmed, by a voice, a tone or on the display.")
        place = order.fill(_("On the telephone with the number {number}:"))
        return "\n".join((place, f"  {first}", f"  {then.format(code=code)}"))

    def hand_back(self, order: NumberRequest, saved: Saved) -> str:
        """Dial, ask; where something was set before, set that again."""
        on, off = self._codes(order)
        words = _("On the telephone with the number {number}, dial {code} and wait until it is confirmed.")
        lines = [order.fill(words, code=off)]
        if asking := self._asking(on):
            lines.append(_("Dial {code}: it must say that nothing is forwarded.").format(code=asking))
        if saved.get(BEFORE) and _NUMBER in on:
            was, again = (
                str(saved[BEFORE]),
                _("Then dial {code}, so that its calls go to {was} again, as before."),
            )
            lines.append(again.format(code=self._filled(on, order, was), was=say_phone(was)))
            return "\n".join(lines)
        return "\n".join(filter(None, (*lines, from_before(saved))))

    def asks(self, order: NumberRequest) -> tuple[Fact, ...]:
        """What was set before, and whether the network confirmed."""
        was, done = super().asks(order)
        return (was, Fact(done.name, _("Did the telephone confirm it?"), "yes-no"))

    def check(self, world: object, order: NumberRequest) -> list[NumberFinding]:
        """Whether there are codes, and whether they are of use on a dead line."""
        try:
            on, off = self._codes(order)
        except StepFailed as failed:
            return [NumberFinding("bad", failed.message)]
        found = [NumberFinding("fine", _("on: {on}   off: {off}").format(on=on, off=off))]
        if _NUMBER not in on:
            words = _("the code names no number: it forwards to what the provider has stored")
            found.append(NumberFinding("unknown", words))
        return found

    def _codes(self, order: NumberRequest) -> tuple[str, str]:
        on, off = self.on or order.number.code_on, self.off or order.number.code_off
        if not on or not off:
            words = _("nobody wrote down the codes of {number}")
            raise StepFailed(order.fill(words), _NO_CODE)
        return on, off

    def _filled(self, code: str, order: NumberRequest, to: str) -> str:
        return code.replace(_NUMBER, dialled(to, order.phone, order.number.method == "mobile-code"))

    def _asking(self, on: str) -> str:
        found = _CODE.match(on)
        return self.ask or (f"*#{found['service']}#" if found else "")


Kind = ForwardCode

"""published: all places where a number of ours can be read are gone through until each shows the right one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, model_validator

from bcp.action.base import Action, Deed, Done, Failed, Loc, Operator, Ref, Tools, says_yes
from bcp.action.kinds.number import OFFICE_NUMBER
from bcp.action.levers import PublishedLever, Spot
from bcp.fact import Fact
from bcp.fact_template import fill
from bcp.i18n import _
from bcp.yaml.keyed import fail, told
from bcp.yaml.rules import exactly_one, said, unsaid
from bcp.yaml.shape import FACT, ID, PHONE
from bcp.yaml.types import Id, phone_or

_NAMED = rf"\{{fact:{FACT}\}}|{ID}"
_EXPECTED = 'a number of bcp.yaml, "{fact:…}", or a phone number with its country code'
Shown = Annotated[str, phone_or(_NAMED, _EXPECTED), PHONE.or_text(_NAMED, _EXPECTED)]


class Published(Action):
    """Correct a number wherever it can be read, or put the usual one back."""

    model_config = ConfigDict(
        json_schema_extra=exactly_one("instead_of", "restore")
        | {"if": said("restore"), "then": unsaid("show")}
    )

    asks_person: ClassVar[bool] = True

    show: Shown | None = Field(
        default=None,
        description="what to show: a number of bcp.yaml, a fact, or a phone number; else the fact office_number",
        examples=["standby"],
    )
    instead_of: Id | None = Field(
        default=None, description="the number whose places are gone through", examples=["office"]
    )
    restore: Id | None = Field(
        default=None,
        description="the number whose places show what they show in usual times",
        examples=["office"],
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Published:
        if (self.instead_of is None) == (self.restore is None):
            example = "{show: standby, instead_of: office} or {restore: office}"
            fail("Published", [told((), "expected either instead_of or restore", example)])
        if self.restore is not None and self.show is not None:
            fail("Published", [told(("show",), "show belongs to instead_of", "what is usual is in bcp.yaml")])
        return self

    def describe(self) -> str:
        """What the places show afterwards."""
        if self.restore is not None:
            words = _('Make every published place of the number "{number}" show the usual numbers again')
            return words.format(number=self.restore)
        if not self.show:
            words = _('Make every published place show the number that is answered now instead of "{number}"')
            return words.format(number=self.instead_of)
        new = self.show if not self.show[0].isalpha() else f'"{self.show}"'
        words = _('Make every published place show {new} instead of the number "{number}"')
        return words.format(new=new, number=self.instead_of)

    def refs(self) -> tuple[Ref, ...]:
        """The numbers."""
        named = {"instead_of": self.instead_of, "restore": self.restore}
        if self.show is not None and self.show[0].isalpha():
            named["show"] = self.show
        return tuple(Ref("number", name, (key,)) for key, name in named.items() if name is not None)

    def texts(self) -> tuple[tuple[Loc, str], ...]:
        """The fact to show, which an earlier step must find out."""
        if self.restore is not None:
            return ()
        return ((("show",), self.show),) if self.show else ((("instead_of",), f"{{fact:{OFFICE_NUMBER}}}"),)

    def switches_on(self) -> str:
        """That the places of a number show another one."""
        return f"places of {self.instead_of}" if self.instead_of is not None else ""

    def switches_off(self) -> str:
        """That they do."""
        return f"places of {self.restore}" if self.restore is not None else ""

    def is_repeatable(self) -> bool:
        """What was confirmed is not asked for again."""
        return True

    def run(self, tools: Tools) -> Deed:
        """One place after the other: a page that can be fetched and is right needs nobody."""
        if tools.levers is None:
            return Failed(_("no place can be corrected from here"))
        register = tools.levers.published()
        spots = self._spots(register, tools)
        if spots is None:
            return Failed(_("it is not known which number is answered now: an earlier step must say it"))
        number = self.restore or self.instead_of or ""
        if not register.has_places(number):
            return _by_hand(number, tools.desk)
        how: dict[str, str] = {}
        for count, spot in enumerate(spots, 1):
            for line, words in enumerate(register.describe(spot)):
                tools.desk.tell(f"  {words}" if line else f"{count}/{len(spots)}  {words}")
            said = _corrected(register, spot, tools.desk)
            if said:
                register.confirmed(spot, said)
                how[spot.place] = said
        left = [spot.title for spot in spots if spot.place not in how]
        if left:
            words = _("{count} of {all} places are not corrected yet: {names}")
            return Failed(
                words.format(count=len(left), all=len(spots), names=", ".join(left)), {"corrected": how}
            )
        note = _("{count} places show it now").format(count=len(spots)) if spots else _("no place shows it")
        if register.rehearsed:
            note = _("rehearsed, nothing was changed")
        return Done(note, evidence={"corrected": how})

    def _spots(self, register: PublishedLever, tools: Tools) -> Sequence[Spot] | None:
        if self.restore is not None:
            return register.to_restore(self.restore)
        assert self.instead_of is not None
        said = fill(self.show or f"{{fact:{OFFICE_NUMBER}}}", tools.facts, blank="")
        show = register.phone(said)
        return register.to_show(show, self.instead_of) if show else None


def _by_hand(number: str, desk: Operator) -> Deed:
    """Where nobody listed the places, a person must know them."""
    words = _('bcp.yaml lists no place where the number "{number}" can be read: go through them by hand')
    desk.tell(words.format(number=number))
    if desk.ask(Fact("corrected", _("Is it corrected?"), "choice", ("done", "later"))) == "done":
        return Done(_("said by the person who looked"))
    return Failed(_("the places are not corrected yet"))


def _corrected(register: PublishedLever, spot: Spot, desk: Operator) -> str:
    """How it is known that the place is right, or nothing where it is put off."""
    seen = register.look(spot)
    if seen.state == "fine":
        desk.tell(f"  {seen.words}")
        return seen.words
    if seen.words:
        desk.tell(f"  {seen.words}")
    if desk.ask(Fact("corrected", _("Is it corrected?"), "choice", ("done", "later"))) != "done":
        return ""
    seen = register.look(spot)
    if seen.words:
        desk.tell(f"  {seen.words}")
    if seen.state == "fine":
        return seen.words
    said = _("said by the person who looked")
    if seen.state != "old":
        return said
    question = _("The page shows the old number still, perhaps for some minutes. Does it count as corrected?")
    return f"{said}; {seen.words}" if says_yes(desk, "still", question) else ""


Kind = Published

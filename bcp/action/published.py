"""published: all places where a number of ours can be read are gone through until each shows the right one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field, model_validator

from bcp.action._levers import PublishedLever, Spot
from bcp.action.base import Action, Deed, Desk, Done, Failed, Loc, Ref, Tools
from bcp.fact import Fact
from bcp.fields import Id
from bcp.keyed import fail, told
from bcp.tongue import _

_OFFICE_NUMBER = "office_number"


class Published(Action):
    """Correct a number wherever it can be read, or put the usual one back."""

    asks_person: ClassVar[bool] = True

    show: Id | None = Field(
        default=None,
        description="the number of bcp.yaml to show; else the fact office_number",
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

    def words(self) -> str:
        """What the places show afterwards."""
        if self.restore is not None:
            return f'Make every published place of the number "{self.restore}" show the usual numbers again'
        new = f'the number "{self.show}"' if self.show else "the number that is answered now"
        return f'Make every published place show {new} instead of the number "{self.instead_of}"'

    def refs(self) -> tuple[Ref, ...]:
        """The numbers."""
        named = {"show": self.show, "instead_of": self.instead_of, "restore": self.restore}
        return tuple(Ref("number", name, (key,)) for key, name in named.items() if name is not None)

    def texts(self) -> tuple[tuple[Loc, str], ...]:
        """Without `show` the number is a fact that an earlier step must have found out."""
        uses = self.restore is None and self.show is None
        return ((("instead_of",), f"{{fact:{_OFFICE_NUMBER}}}"),) if uses else ()

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
        how: dict[str, str] = {}
        for number, spot in enumerate(spots, 1):
            for line, words in enumerate(register.words(spot)):
                tools.desk.tell(f"  {words}" if line else f"{number}/{len(spots)}  {words}")
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
        show = register.phone(self.show) if self.show else tools.facts.get(_OFFICE_NUMBER, "")
        return register.to_show(show, self.instead_of) if show else None


def _corrected(register: PublishedLever, spot: Spot, desk: Desk) -> str:
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
    is_enough = desk.ask(Fact("still", question, "yes-no")) == "yes"
    return f"{said}; {seen.words}" if is_enough else ""


Kind = Published

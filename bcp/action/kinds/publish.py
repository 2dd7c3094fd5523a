"""publish: the public is told at a place on the web, and it is taken back; how we write there is said in bcp.yaml."""

from __future__ import annotations

from datetime import timedelta

from pydantic import ConfigDict, Field, model_validator

from bcp.action.base import Action, Deed, Done, Failed, Loc, Ref, Tools, says_yes, tell_lines
from bcp.action.levers import PlaceLever, Preview, Shown
from bcp.errors import InputError, Unreachable
from bcp.fact import Fact, Place, read_answer
from bcp.i18n import _
from bcp.yaml.keyed import fail, told
from bcp.yaml.rules import SAID_YES, Rule, said, unsaid
from bcp.yaml.types import Id, Line

_NOBODY = "none"


_PUT_OR_TAKEN: Rule = {
    "if": {"required": ["take_back"], "properties": {"take_back": SAID_YES}},
    "then": unsaid("notice", "contact_number"),
    "else": said("notice"),
}


class Publish(Action):
    """Tell the public at a place."""

    model_config = ConfigDict(json_schema_extra=_PUT_OR_TAKEN)

    place: Id = Field(description="a place of bcp.yaml", examples=["website"])
    notice: Id | None = Field(
        default=None, description="the notice whose text is put there", examples=["line-down"]
    )
    contact_number: Line | None = Field(
        default=None,
        description="the number to call, put into the contact section",
        examples=['"{fact:office_number}"'],
    )
    take_back: bool = Field(
        default=False, description="yes: what this incident put there is taken away again, as an undo does"
    )
    confirm: bool = Field(
        default=True,
        description="no: it is put there without a person having said yes to what it will look like",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Publish:
        if self.take_back and (self.notice or self.contact_number):
            words, hint = "take_back puts nothing there", "leave notice and contact_number out"
            fail("Publish", [told(("take_back",), words, hint)])
        if not self.take_back and self.notice is None:
            words, hint = "it is not said what to publish", "add notice: NAME, or take_back: yes in an undo"
            fail("Publish", [told((), words, hint)])
        return self

    def describe(self) -> str:
        """What is put where."""
        if self.take_back:
            return _('Take back what was put at "{place}"').format(place=self.place)
        if not self.contact_number:
            return _('Put the notice "{notice}" at "{place}"').format(notice=self.notice, place=self.place)
        words = _('Put the notice "{notice}" at "{place}", with the number {number}')
        return words.format(notice=self.notice, place=self.place, number=self.contact_number)

    def refs(self) -> tuple[Ref, ...]:
        """The place, and the notice."""
        notice = (Ref("notice", self.notice, ("notice",)),) if self.notice else ()
        return (Ref("place", self.place, ("place",)), *notice)

    def texts(self) -> tuple[tuple[Loc, str], ...]:
        """The number may be a fact."""
        return ((("contact_number",), self.contact_number),) if self.contact_number else ()

    def switches_on(self) -> str:
        """The text at the place."""
        return "" if self.take_back else f"place {self.place}"

    def switches_off(self) -> str:
        """The same text."""
        return f"place {self.place}" if self.take_back else ""

    def is_repeatable(self) -> bool:
        """What is there is read before each write, so nothing is put there twice."""
        return True

    def length(self) -> timedelta:
        """A slow server, and a look from outside."""
        return timedelta(minutes=1)

    def run(self, tools: Tools) -> Deed:
        """Fetch, show, ask, write, look. Where the place itself is down, the others are offered."""
        if tools.levers is None:
            return Failed(_("nothing can be published from here"))
        lever = tools.levers.place(self.place)
        if self.take_back:
            return self._taken_back(lever, tools)
        number = self._number(tools)
        try:
            return self._put(lever, number, tools)
        except Unreachable as error:
            return self._elsewhere(lever, number, tools, error)

    def _taken_back(self, lever: PlaceLever, tools: Tools) -> Deed:
        hand = lever.hand_back()
        if hand:
            tell_lines(tools.desk, hand)
            if not says_yes(tools.desk, "taken_back", _("Is that done?")):
                return Failed(_("it was not taken back by hand"))
        return _done(lever.take_back())

    def _put(self, lever: PlaceLever, number: str, tools: Tools) -> Deed:
        preview = lever.plan(str(self.notice), number)
        for line in preview.words:
            tools.desk.tell(line)
        if preview.page:
            tools.desk.tell(_("as a page, for the browser: {file}").format(file=preview.page))
        if preview.hand:
            tell_lines(tools.desk, preview.hand)
        if not self._is_wanted(preview, tools):
            return Failed(_("not confirmed, so nothing was published"))
        return _done(lever.publish())

    def _is_wanted(self, preview: Preview, tools: Tools) -> bool:
        if preview.rehearsed or not (self.confirm or preview.hand):
            return True
        question = _("Is that done?") if preview.hand else _("Publish it like that?")
        return says_yes(tools.desk, "published", question)

    def _elsewhere(self, lever: PlaceLever, number: str, tools: Tools, error: Unreachable) -> Deed:
        """Nothing answers there: offer the other places."""
        tools.desk.tell(error.message)
        for place in lever.published():
            tools.desk.tell(_("to be corrected by hand: {place}").format(place=place))
        others = tuple(lever.elsewhere())
        if not others or not self.confirm:
            hint = _("tell it elsewhere: {places}").format(places=", ".join(others) or _("by hand"))
            return Failed(error.message, {"hint": hint})
        question = _("Put it somewhere else instead?")
        chosen = tools.desk.ask(Fact("instead", question, "choice", (*others, _NOBODY)))
        if chosen in (None, _NOBODY):
            return Failed(error.message, {"hint": error.hint})
        deed = self._put(lever.instead(str(chosen)), number, tools)
        if isinstance(deed, Done):
            note = _("put at {other}, because {place} cannot be reached: {note}")
            said = note.format(other=chosen, place=self.place, note=deed.note)
            return Done(said, evidence={**deed.evidence, "instead_of": self.place, "why": error.message})
        return deed

    def _number(self, tools: Tools) -> str:
        """The number in its one form. Raises InputError where it is none, or not known yet."""
        if self.contact_number is None:
            return ""
        said = tools.number_in(self.contact_number)
        place = Place(tools.country, tools.zone, tools.clock.now())
        try:
            return read_answer(Fact("contact_number", type="phone"), said, place)
        except ValueError as error:
            raise InputError(str(error), "put it right: bcp incident amend --fact NAME=VALUE") from None


def _done(shown: Shown) -> Done:
    return Done(shown.note, evidence=shown.evidence)


Kind = Publish

"""The way back: a step that was answered is put before the person again, and what is said now corrects it."""

from __future__ import annotations

from bcp.fact import not_known_words
from bcp.i18n import _
from bcp.incident.answer import StepOutcome
from bcp.incident.beaten import who_said
from bcp.incident.correction import Plainly, follows, is_by_hand
from bcp.incident.events.note import NoteWritten
from bcp.incident.executor import Performer
from bcp.incident.operator import KeyPressed
from bcp.incident.state import Incident, StepState
from bcp.incident.step_view import step_before, step_view
from bcp.incident.text import title_of


class WayBack:
    """From the step on the screen to the one before it, and further back."""

    def __init__(self, hands: Performer) -> None:
        """`hands` write what is said."""
        self._hands = hands

    def go(self, step: StepState) -> bool:
        """Put the step before `step` to the person, until it is corrected or left as it is; false to pause.

        1. What others wrote meanwhile is taken in, so that what is shown is what is true.
        2. `back` goes one step further back; at the first one it stays.
        3. A step that was not done is done now. One that asks is asked again, with the answers that are known. Every
           other outcome takes the place of the one before; the same one again changes nothing.
        """
        before = step_before(self._incident, step)
        while before is not None:
            self._hands.book.refresh()
            now = self._hands.clock.now()
            why = _("You are back at this step: {said}").format(said=who_said(self._incident, before, now))
            choice = self._hands.guide.choose(step_view(self._incident, before, "back", now, why))
            if choice.key == "pause":
                return False
            if choice.key == "back":
                before = step_before(self._incident, before) or before
            elif choice.key == "decide":
                self._hands.decide(choice)
            elif choice.key == "note":
                note = NoteWritten(choice.text, before.id).entry(self._hands.by, how=self._hands.how)
                self._hands.book.write(lambda _incident, note=note: [note])  # type: ignore[misc]
            else:
                self._correct(before, choice)
                return True
        return True

    @property
    def _incident(self) -> Incident:
        return self._hands.book.incident

    def _correct(self, step: StepState, choice: KeyPressed) -> None:
        plan = Plainly(self._incident)
        if choice.key == "go-on" or (choice.key == "do" and step.outcome == "done"):
            self._hands.guide.tell(_("Nothing was changed."))
            return
        if choice.key == "do":
            self._hands.perform(step, step.tries, corrects=True)
        else:
            outcome = "done" if choice.key == "by-hand" else choice.key
            answer = StepOutcome(
                outcome,
                self._hands.by,
                choice.text or not_known_words(choice.unknown),
                choice.facts,
                by_hand=choice.key == "by-hand" and is_by_hand(step),
                how=self._hands.how,
                correct=True,
                unknown=choice.unknown,
            )
            written = self._hands.hear(step, answer)
            if written:
                self._hands.guide.tell(_("Corrected: {title}").format(title=title_of(self._incident, step)))
        for line in follows(self._incident, plan):
            self._hands.guide.tell(line)

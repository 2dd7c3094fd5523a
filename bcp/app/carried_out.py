"""What keeps plans that can be read from being carried out as they say, and what in them deserves a second look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bcp.action.kinds.notify import Notify
from bcp.action.kinds.publish import Publish
from bcp.app.notice.lint import lint_of_plans
from bcp.app.notice.on_the_day import stopped_then
from bcp.app.session import Session
from bcp.errors import Mistake
from bcp.incident.activity import ABOUT_ALL, own_facts
from bcp.notice.lint.findings import UNKNOWN
from bcp.notice.lint.on_the_day import FACTS_OF_COMMANDS
from bcp.notice.text.circumstance import facts_of_letters
from bcp.notice.text.placeholders import facts_asked, facts_of
from bcp.office.find import FILE
from bcp.runbook.activity_names import unknown_activities
from bcp.runbook.ended import never_ended, wrongly_ended
from bcp.runbook.fact_use import never_known, never_used, used_in
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.phase_times import impossible_times, past_target
from bcp.validate import OfficeConfig
from bcp.yaml.near import near_or_all
from bcp.yaml.source import Reader
from bcp.yaml.unread import ANY


@dataclass(frozen=True, slots=True)
class PlanReview:
    """What makes a plan impossible or untrue, and what is only advice; each with its place."""

    mistakes: list[Mistake] = field(default_factory=list)
    advice: list[Mistake] = field(default_factory=list)


def review(session: Session, whole: OfficeConfig) -> PlanReview:
    """All plans of the office, and the notices that their steps name."""
    found = PlanReview()
    used = _facts_used(whole)
    activities = [each.activity for each in whole.office.activities]
    for loaded in whole.runbooks.values():
        found.mistakes.extend(unknown_activities(loaded, activities))
        found.mistakes.extend(impossible_times(loaded, whole.runbooks))
        found.mistakes.extend(wrongly_ended(loaded))
        found.mistakes.extend(_unfit_letters(loaded, whole))
        found.advice.extend(past_target(loaded))
        found.advice.extend(never_ended(loaded))
        found.advice.extend(never_known(loaded, whole.runbooks))
        found.advice.extend(never_used(loaded, used) if used is not None else ())
    found.advice.extend(_unseen_lines(whole))
    found.mistakes.extend(stopped := stopped_then(whole))
    told = {each.file for each in stopped}
    for finding in lint_of_plans(session, whole):
        # That a letter cannot be written was told with the place of what nobody knows.
        if finding.rule != UNKNOWN or finding.mistake.file not in told:
            (found.advice if finding.advice else found.mistakes).append(finding.mistake)
    return found


def _facts_used(whole: OfficeConfig) -> set[str] | None:
    """The facts that a plan, a notice, a clock or a letter goes by; None where one of them cannot be read."""
    if any(kind in ("runbook", "notice") for kind, _name in whole.unusable):
        return None
    used = {*ABOUT_ALL, *FACTS_OF_COMMANDS, *facts_of_letters()}
    for activity in whole.office.activities:
        used |= own_facts(activity.activity)
    for loaded in whole.runbooks.values():
        used |= used_in(loaded.model)
    for notice in whole.notices.values():
        for version in notice.versions.values():
            used.update(facts_of(version), facts_asked(version))
    return used


def _unseen_lines(whole: OfficeConfig) -> Iterator[Mistake]:
    """The lines of bcp.yaml whose check nobody wrote, so that nobody would see them go down."""
    unread = [name for kind, name in whole.unusable if kind == "check"]
    named = [
        (index, line.check)
        for index, line in enumerate(whole.office.lines)
        if line.check is not None and line.check not in (*whole.checks, *unread)
    ]
    if not named or ANY in unread:
        return
    document = Reader().document(whole.folder / FILE, FILE)
    if document is None:
        return
    for index, name in named:
        hint = near_or_all(name, whole.checks, "checks")
        yield document.mistake(("lines", index, "check"), f'there is no check "{name}"', hint)


def _unfit_letters(loaded: LoadedRunbook, whole: OfficeConfig) -> Iterator[Mistake]:
    """The steps whose notice cannot go where they send it, because it lacks that text or that language."""
    for loc, act in loaded.model.acts():
        action = act.action
        if isinstance(action, Notify) and action.notice in whole.notices:
            yield from (
                loaded.document.mistake((*loc, act.kind, "channels", index), words, 'add sms: "…" to it')
                for index, words in _without_text(action, whole)
            )
        if isinstance(action, Publish) and action.notice in whole.notices and not action.take_back:
            words = _other_languages(action, whole)
            if words:
                hint = f"write notices/{action.notice}.LANGUAGE.md, or change languages: at the place in bcp.yaml"
                yield loaded.document.mistake((*loc, act.kind, "notice"), words, hint)


def _without_text(action: Notify, whole: OfficeConfig) -> Iterable[tuple[int, str]]:
    """The channels for text messages that it names, while its notice has no text message in some language."""
    versions = whole.notices[action.notice].versions.values()
    lacking = next((each.document.shown for each in versions if not each.front.sms), None)
    for index, name in enumerate(action.channels):
        way = whole.ways.channels.get(name)
        if lacking is not None and way is not None and way.medium == "sms":
            yield index, f'the channel "{name}" sends text messages, and {lacking} has none'


def _other_languages(action: Publish, whole: OfficeConfig) -> str:
    """Why no language of the notice is read at the place; nothing where one is, or may be in a file with a mistake."""
    place = next((each for each in whole.office.places if each.place == action.place), None)
    written = whole.notices[str(action.notice)].versions
    if place is None or not place.languages or ("notice", action.notice) in whole.unusable:
        return ""
    if any(language in written for language in place.languages):
        return ""
    wanted = ", ".join(place.languages)
    return f'the place "{action.place}" is read in {wanted}, and "{action.notice}" is written in {", ".join(written)}'

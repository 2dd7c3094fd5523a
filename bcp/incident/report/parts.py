"""The sections of a report, one function each: from the state of the incident to sentences and rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bcp.cost.model import KINDS, totals
from bcp.event import Event
from bcp.i18n import _
from bcp.incident.decision import DecisionState
from bcp.incident.decision_due import spent_so_far
from bcp.incident.due import own_estimate
from bcp.incident.events.followup import QUESTIONS
from bcp.incident.events.registry import read
from bcp.incident.events.step import StepSettled
from bcp.incident.journal_text import JournalWords, is_late
from bcp.incident.report.picture import Outage, Sending
from bcp.incident.report.section import Section
from bcp.incident.state import Incident
from bcp.incident.text import noun, title_of
from bcp.notice.campaign.standing import said_standing
from bcp.promise.model import broken_count
from bcp.promise.record import records
from bcp.times import local, local_day, say_duration


def measured(incident: Incident, outages: Sequence[Outage], looked: bool) -> Section:
    """The windows in which checks saw something down; time in which nobody looked stands apart."""
    note = _("Measured by this office's own checks. Time in which nobody looked is neither up nor down.")
    if not looked:
        return Section(_("Measured outages"), texts=(_("No check looked at anything in this time."),))
    rows = [
        (
            each.title,
            _("down") if each.state == "down" else _("nobody looked"),
            local(each.first, incident.zone),
            local(each.last, incident.zone),
            say_duration(each.last - each.first),
            each.reason,
        )
        for each in outages
    ]
    columns = (_("Check"), _("State"), _("From"), _("To"), _("Length"), _("Seen"))
    texts = () if rows else (_("Every check that looked saw everything up."),)
    return Section(_("Measured outages"), note, texts, columns, (2, 1, 2, 2, 1, 3), tuple(rows))


def decisions(incident: Incident, now: datetime) -> Section:
    """What was decided, by whom, and why; also what nobody decided."""
    rows = []
    for each in incident.decisions.values():
        said = each.answer or _unanswered(incident, each, now)
        by = _("by default") if each.by_default else incident.name_of(each.answered_by)
        at = local(each.answered_at, incident.zone) if each.answered_at else ""
        why = " | ".join(filter(None, [each.reason, each.override_reason]))
        due = local(each.due, incident.zone) if incident.counts(now) else _("not known")
        rows.append((each.question, due, said, f"{at} {by}".strip(), why))
    columns = (_("Question"), _("Due"), _("Answer"), _("When, who"), _("Why"))
    return Section(_("Decisions"), columns=columns, shares=(3, 2, 1, 2, 2), rows=tuple(rows))


def _unanswered(incident: Incident, decision: DecisionState, now: datetime) -> str:
    """How a question stands that nobody answered; one that was over before it was due was nobody's omission."""
    if not incident.counts(now):
        return _("open")
    broken, spent = broken_count(incident.promises.values()), spent_so_far(incident)
    if decision.why_due(incident.closed_at or now, broken, spent):
        return _("nobody decided")
    return _("over before it was due") if incident.closed_at is not None else _("open")


def promises(incident: Incident, now: datetime) -> Section:
    """What providers promised, and how each kept its promises."""
    state = {"open": _("open"), "due": _("due"), "kept": _("kept"), "broken": _("BROKEN")}
    rows = []
    for each in incident.promises.values():
        late = each.came_true_at - each.due if each.came_true_at and each.came_true_at > each.due else None
        end = state[each.state(incident.closed_at or now)]
        end += f", {_('{time} late').format(time=say_duration(late))}" if late else ""
        who = " · ".join(filter(None, [each.provider, each.said_by, each.ticket, each.channel]))
        rows.append(
            (
                each.id,
                local(each.made_at, incident.zone),
                who,
                each.what,
                local(each.due, incident.zone),
                " · ".join(filter(None, [end, each.note])),
            )
        )
    texts = [
        _("{provider}: {made} promises, {kept} kept, {broken} broken").format(
            provider=each.provider, made=each.made, kept=each.kept, broken=each.broken
        )
        for each in records([list(incident.promises.values())], now)
    ]
    own = own_estimate(incident, now)
    if own is not None:
        texts.append(
            _("Our own estimate took the place of the provider's dates: {time}").format(
                time=local(own, incident.zone)
            )
        )
    columns = (_("No."), _("Said"), _("Who"), _("What"), _("Promised for"), _("Kept?"))
    return Section(_("Promises"), "", tuple(texts), columns, (1, 2, 2, 3, 2, 2), tuple(rows))


def told(incident: Incident, sendings: Sequence[Sending]) -> Section:
    """Who was told when: numbers; names only where they were asked for."""
    rows = []
    people = []
    for each in sendings:
        counts = ", ".join(f"{count} {said_standing(standing)}" for standing, count in each.counts)
        rows.append((each.notice, local(each.at, incident.zone), incident.name_of(each.by), counts))
        people += [f"{each.notice}: {', '.join(each.people)}"] if each.people else []
    columns = (_("Notice"), _("When"), _("Sent by"), _("How many"))
    return Section(_("Who was told when"), "", tuple(people), columns, (2, 2, 2, 4), tuple(rows))


def measures(incident: Incident) -> Section:
    """What was switched on, and when it was switched off."""
    rows = []
    for measure in incident.measures():
        off = local(measure.undo.at, incident.zone) if not measure.on and measure.undo.at else ""
        left = (
            _("left in force: {reason}").format(reason=measure.left) if measure.left else _("still in force")
        )
        rows.append((title_of(incident, measure.step), local(measure.since, incident.zone), off or left))
    columns = (_("Measure"), _("On since"), _("Off since"))
    return Section(_("Measures"), columns=columns, shares=(3, 2, 2), rows=tuple(rows))


def costs(incident: Incident) -> Section:
    """What was spent, with receipts; consequential losses are kept apart."""
    kinds = {"mitigation": _("spent"), "hours": _("hours"), "loss": _("loss")}
    rows = [
        (
            each.id,
            each.amount,
            kinds[each.kind],
            each.what + (f" ({each.hours} h × {each.rate})" if each.hours else ""),
            f"{each.receipt.name}, SHA-256 {each.receipt.sha256[:12]}" if each.receipt else "",
        )
        for each in incident.costs.values()
        if not each.replaced_by
    ]
    texts = [
        f"{kinds[kind]}: {amount:.2f} {currency}"
        for kind in KINDS
        for currency, amount in totals(incident.costs.values(), [kind]).items()
    ]
    columns = (_("No."), _("Amount"), _("Kind"), _("What for"), _("Receipt"))
    return Section(_("Costs and losses"), "", tuple(texts), columns, (1, 2, 2, 4, 3), tuple(rows))


def deviations(incident: Incident, events: Sequence[Event]) -> Section:
    """Where what was done left the runbook: not done, done by hand, put in, corrected, put off."""
    outcomes = {
        "failed": _("failed"),
        "skipped": _("skipped"),
        "not-applicable": _("did not apply"),
        "deferred": _("put off"),
    }
    rows = []
    for step in incident.every_step():
        if step.outcome in outcomes:
            rows.append((title_of(incident, step), outcomes[step.outcome], step.note))
        elif step.by_hand:
            rows.append((title_of(incident, step), _("done by hand"), step.note))
        elif step.outcome is None and step.section == "main" and incident.closed_at is not None:
            rows.append((title_of(incident, step), _("not carried out"), ""))
        if step.amended:
            rows.append((title_of(incident, step), _("was put in during the incident"), ""))
    rows += [
        (each.title, _("answer corrected"), each.note)
        for each in map(read, events)
        if isinstance(each, StepSettled) and each.corrects
    ]
    columns = (_("Step"), _("What was different"), _("Why"))
    return Section(_("Deviations from the runbook"), columns=columns, shares=(3, 2, 3), rows=tuple(rows))


def review(incident: Incident) -> Section:
    """What people said afterwards; nobody is to blame."""
    rows = [
        (title(), each.text, incident.name_of(each.by))
        for about, title in QUESTIONS.items()
        for each in incident.reviews
        if each.about == about
    ]
    columns = (_("Question"), _("Answer"), _("Who"))
    return Section(_("Looking back"), columns=columns, shares=(2, 5, 2), rows=tuple(rows))


def follow_ups(incident: Incident, now: datetime) -> Section:
    """What is to be mended, by whom and when, and what became of it."""
    today = now.astimezone(incident.zone).date()
    rows = []
    for each in incident.follow_ups.values():
        state = _("done") if each.done_at else _("OVERDUE") if each.is_overdue(today) else _("open")
        rows.append((each.id, each.what, incident.name_of(each.owner), local_day(each.due), state))
    columns = (_("No."), _("What"), _("Who"), _("By"), _("State"))
    return Section(_("Follow-ups"), columns=columns, shares=(1, 5, 2, 2, 2), rows=tuple(rows))


def timeline(events: Sequence[Event]) -> Section:
    """Everything, in order; what came from paper or was written down later says so."""
    words = JournalWords(events[0])
    rows = []
    for event in events:
        marks = [_("from paper")] if event.how == "paper" else []
        if is_late(event):
            marks.append(_("written down {time}").format(time=local(event.recorded_at, words.zone)))
        when = "\n".join([local(event.at, words.zone), *marks])
        rows.append((str(event.seq), when, words.name(event.by), words.said(event)))
    columns = (_("No."), _("When"), _("Who"), _("What"))
    return Section(_("Timeline"), columns=columns, shares=(1, 4, 3, 11), rows=tuple(rows))


def evidence(incident: Incident, count: int) -> Section:
    """How anybody can check that this record is whole."""
    texts = (
        _("Each of the {count} entries vouches for all before it (SHA-256). The chain ends with:").format(
            count=count
        ),
        incident.head.hash,
        _("To check it: bcp {kind} verify --incident {id} --head {head}").format(
            kind=noun(incident), id=incident.id, head=incident.head.hash
        ),
        _(
            "What this proves, if somebody else has this report: nothing was changed, removed or put in later."
        ),
        _("It does not prove that what people wrote down is true."),
    )
    return Section(_("Evidence"), texts=texts)

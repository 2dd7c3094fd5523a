"""The first draft of a plan: real steps for any kind of trouble, in the office's language, for its author to go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bcp.draft.text import folded, head, item, moved, pair, pairs
from bcp.i18n import _
from bcp.times import say_duration, write_duration

_SOON, _NEXT = timedelta(minutes=15), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What an author said about a new plan.

    `line` is the line of bcp.yaml that is broken, whose provider hears of it by `reports`; `activity` is what stands
    still, and `activities` are those that the plan is about (None: nobody said). `audience` is told where it is not
    empty, and kept up to date where there is a notice for it (`has_update`). `watched` says that a check of this name
    is written.
    """

    name: str
    title: str
    when: str
    lead: str
    within: timedelta
    teller: str = ""
    activity: str = ""
    activities: Sequence[str] | None = None
    line: str = ""
    reports: bool = False
    audience: str = ""
    sentence: str = ""
    has_update: bool = False
    watched: bool = False

    @property
    def over(self) -> str:
        """The name of the notice that says that all is well again."""
        return f"{self.name}-over"

    @property
    def asks_at(self) -> timedelta:
        """When somebody has to decide whether to go on waiting."""
        return whole_minutes(self.within / 2)

    @property
    def boxes(self) -> tuple[timedelta, timedelta, timedelta]:
        """By when each phase is over."""
        return (
            min(_SOON, whole_minutes(self.within / 4)),
            min(_NEXT, whole_minutes(self.within / 2)),
            self.within,
        )


def whole_minutes(length: timedelta) -> timedelta:
    """A length without its seconds, one minute at least."""
    return timedelta(minutes=max(1, int(length.total_seconds() // 60)))


def plan_text(draft: PlanDraft) -> str:
    """The file `runbooks/NAME.yaml`."""
    remark = _(
        "A first draft. Read each step aloud, and write in the names, places and numbers of your office."
    )
    top = {
        "runbook": draft.name,
        "title": draft.title,
        "when": draft.when,
        "target": write_duration(draft.within),
        "owner": draft.lead,
        "activities": None if draft.activities is None else list(draft.activities),
        "stops": [draft.activity] if draft.activity else None,
    }
    lines = [*head("runbook", remark), *pairs(top), "phases:"]
    for box, steps in zip(draft.boxes, (_first(draft), _then(draft), _until_over(draft)), strict=True):
        named = {"phase": _("Within {time}").format(time=say_duration(box)), "within": write_duration(box)}
        phase = [*pairs(named), "steps:", *moved((line for step in steps for line in item(step)), 2)]
        lines += moved(item(phase), 2)
    lines += ["decisions:", *moved(item(_decision(draft)), 2)]
    lines += ["stand_down:", *moved((line for step in _afterwards(draft) for line in item(step)), 2)]
    return "\n".join(lines) + "\n"


def _step(name: str, title: str, by_hand: str, does: Mapping[str, Any], **more: Any) -> list[str]:
    """The lines of one step."""
    told = {"step": name, "title": title, **more, **does}
    return [*pairs(told), *folded("by_hand", by_hand)]


def _asks(*questions: Mapping[str, Any]) -> dict[str, Any]:
    return {"ask": {"questions": list(questions)}}


def _first(draft: PlanDraft) -> Iterator[list[str]]:
    """Make sure, and go on somehow."""
    yield _step(
        "confirm",
        _("Make sure what has happened"),
        _(
            "Go there and look for yourself. Try it once, and let a second person try it. Write down what you see, and "
            "since when. If all is well, stop here."
        ),
        _asks(
            {"fact": "down_since", "ask": _("Since when? (a time, such as 8:20)"), "type": "datetime"},
            {"fact": "seen", "ask": _("What do you see, in one sentence?")},
        ),
        result=_("We know what has happened, and since when"),
    )
    yield _step(
        "tell-staff",
        _("Tell everybody in the office"),
        _(
            "Go from desk to desk. Say what has happened, who leads, and what nobody should do for now. Call those who "
            "work elsewhere today."
        ),
        {"manual": {}},
        result=_("Everybody here knows, and knows who leads"),
    )
    yield _instead()


def _instead() -> list[str]:
    """Go on in another way, and how that is ended."""
    begin = _step(
        "instead",
        _("Put something else in its place"),
        _(
            "What can do this work for now: paper, another device, another room, another firm? Take the simplest, "
            "and try it once before anybody relies on it. Tell everybody how it is done."
        ),
        _asks({"fact": "instead", "ask": _("What do you use instead? (or: nothing)")}),
        result=_("The work goes on in another way"),
    )
    end = folded(
        "by_hand",
        _(
            "Do this only when the repaired thing has been tried and works. Bring over what was written down "
            "meanwhile. Put what you used back in its place: {fact:instead}."
        ),
    )
    back = {
        "title": _("End what was put in its place"),
        "manual": {},
        "result": _("Nobody uses the replacement any more"),
    }
    return [*begin, "undo:", *moved([*pairs(back), *end], 2)]


def _repair(draft: PlanDraft) -> list[str]:
    """Have it repaired: by the provider of the line, or by whoever the author names."""
    if draft.reports:
        return _step(
            "repair",
            _("Report the fault to the provider"),
            _(
                "Dial the provider's number for faults. Say: since {fact:down_since}, {fact:seen}. Ask for the ticket "
                "number, the name of the person, and by when it will work. Write down their own words."
            ),
            {"report-fault": {"line": draft.line}},
            result=_("Ticket, name and promise are written down"),
        )
    return _step(
        "repair",
        _("Call whoever can repair it"),
        _(
            "Write the name and the number of that firm into this step now. On the day say: since "
            "{fact:down_since}, {fact:seen}. Ask who comes, and by when it will work. Write down their own words."
        ),
        _asks(
            {"fact": "helper", "ask": _("Whom did you call?")},
            {"fact": "promised", "ask": _("What did they promise, in their own words? (or: nothing)")},
        ),
        line=draft.line or None,
        result=_("Name and promise are written down"),
    )


def _then(draft: PlanDraft) -> Iterator[list[str]]:
    """Have it repaired, and tell clients."""
    yield _repair(draft)
    if draft.audience:
        yield _step(
            "tell-clients",
            _("Tell clients by name"),
            _(
                "Take the printed list of clients. Call those first whom you expect today. Say: “{sentence} We are "
                "already working on it. You will hear from us again today.” Tick each name, with the time."
            ).replace("{sentence}", draft.sentence),
            {"notify": {"notice": draft.name, "audience": draft.audience}},
            who=draft.teller,
            sets={"clients_know": "yes"},
            result=_("Clients have heard it from us first"),
        )


def _until_over(draft: PlanDraft) -> Iterator[list[str]]:
    """Keep promises, ask again, and see that it works."""
    yield _step(
        "ask-again",
        _("Ask how far the repair is"),
        _(
            "Call at the promised time, not later. They said: {fact:promise}. Ask what has been done, and by when it "
            "will work now. Write down each new promise with its time."
        ).replace("{fact:promise}", "{fact:provider_promise}" if draft.reports else "{fact:promised}"),
        {"manual": {}},
        result=_("We know what they promise now"),
    )
    if draft.audience and draft.has_update:
        yield _step(
            "promised-news",
            _("Send clients the news that we promised"),
            _("Take the same list. Tell each ticked name how things stand, also where there is nothing new."),
            {"notify": {"notice": "update", "audience": "told"}},
            who=draft.teller,
            only_if={"fact": "clients_know", "is": ["yes"]},
            result=_("Everybody who was told has the news, on time"),
        )
    does = {"check": {"check": draft.name, "is": "up"}} if draft.watched else {"manual": {}}
    yield _step(
        "works",
        _("Try whether it works again"),
        _("Try it yourself, twice, ten minutes apart. Let a second person try it as well."),
        does,
        restores=[draft.activity] if draft.activity else None,
        result=_("It has worked twice, for two people"),
    )


def _decision(draft: PlanDraft) -> list[str]:
    told = {
        "decision": "go-on-waiting",
        "question": _("It is not over yet. Do we go on waiting, or do we get help from elsewhere?"),
        "who": draft.lead,
        "at": write_duration(draft.asks_at),
        "answers": [{"answer": "help-from-elsewhere"}, {"answer": "wait"}],
        "default": "help-from-elsewhere",
    }
    return pairs(told)


def _afterwards(draft: PlanDraft) -> Iterator[list[str]]:
    """What is done when all is over."""
    yield _step(
        "over",
        _("Write down since when it works again"),
        _("Take the time of the first try that worked. Bills and claims are counted from this time."),
        _asks(
            {
                "fact": "restored_at",
                "ask": _("Since when does it work again? (a time, such as 15:40)"),
                "type": "datetime",
            }
        ),
        result=_("The end has a time"),
    )
    if draft.audience:
        yield _step(
            "all-clear",
            _("Tell everybody whom we told that it is over"),
            _(
                "Take the same list, with the same ticks. Say since when it works again, and thank each of them."
            ),
            {"notify": {"notice": draft.over, "audience": "told"}},
            who=draft.teller,
            only_if={"fact": "clients_know", "is": ["yes"]},
            result=_("Exactly those who were told know that it is over"),
        )
    yield _step(
        "learn",
        _("Sit together for 15 minutes and agree what to change"),
        _(
            "Everybody who took part, within two days. It lasted from {fact:down_since} to {fact:restored_at}. What "
            "did we expect, what happened, what do we change? Correct this plan the same day, and print it again."
        ),
        _asks({"fact": "lesson", "ask": _("What do we change in this plan?")}),
        result=_("At most three changes, each with a name and a day"),
    )


def answers_text(draft: PlanDraft) -> str:
    """The file `answers/NAME.yaml`, which plays the person in a rehearsal of this plan."""
    remark = _("This file plays the person in a drill:")
    steps: dict[str, dict[str, str]] = {
        "confirm": {"down_since": "8:20", "seen": _("it does not react")},
        "instead": {"instead": _("paper")},
    }
    if not draft.reports:
        steps["repair"] = {"helper": _("the firm that looks after it"), "promised": _("somebody comes today")}
    command = f"# bcp drill start {draft.name} --answers answers/{draft.name}.yaml"
    lines = [*head("", remark), command, *pair("default", "done")]
    if draft.watched:
        lines += pairs({"checks": {draft.name: "up"}})
    return "\n".join([*lines, *pairs(steps)]) + "\n"

"""What did we promise, whom did we tell, what is switched on: it stands in the status of an incident."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bcp.lever.older import WAY_OUT
from bcp.notice.campaign.outbox import Campaign, Key, LetterDraft, Settled
from bcp.store.journal import Journal
from bcp.store.outbox import Outbox
from tests.frozen import FrozenClock
from tests.laid import lift, switched
from tests.offices import bcp, office_in, runbook
from tests.test_guided import Terminal

PHASES = """
  - phase: A
    within: 1h
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
      - step: mobile
        title: Put the office on mobile internet
        by_hand: Do.
        manual: {}
        undo: {title: Back, by_hand: Do., manual: {}}
"""
MANY = "\n".join(
    f"      - {{step: more{number}, title: 'Do the thing with the number {number}', by_hand: Do., manual: {{}}}}"
    for number in range(30)
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    office = office_in(tmp_path / "office", outage=runbook(PHASES + MANY))
    bcp(office, "incident", "start", "outage")
    return office


def stream(place: Path) -> str:
    return str(json.loads(bcp(place, "incident", "status", "--json").stdout)["id"])


def data(place: Path) -> dict[str, Any]:
    return dict(json.loads(bcp(place, "incident", "status", "--json").stdout))


def sent(
    place: Path, notice: str, kind: str = "down", audience: str = "clients", hours: int | None = 3
) -> None:
    """A sending to four contacts: one is told, one unknown, two wait, and one shares the letter of the first."""
    now = datetime.now(UTC)
    later = now + timedelta(hours=hours) if hours is not None else None
    one = Campaign(
        stream(place), notice, 1, kind, audience, "anna", now, now + timedelta(days=1), next_update=later
    )
    names = ("Ada", "Bob", "Cy", "Di")
    drafts = [
        LetterDraft(Key(one.id, name, "mail"), 0, name, f"{name}@example.com", "en", b"x") for name in names
    ]
    shared = LetterDraft(
        Key(one.id, "Ed", "mail"), 0, "Ed", "Ada@example.com", "en", b"x", "suppressed", "same address as Ada"
    )
    outbox = Outbox(place / "incidents")
    outbox.freeze(one, [*drafts, shared])
    for name, state in (("Ada", "sent"), ("Bob", "unknown")):
        outbox.claim(Key(one.id, name, "mail"), now)
        outbox.settle(Key(one.id, name, "mail"), Settled(state, now))  # type: ignore[arg-type]
    outbox.close()


def test_an_incident_that_owes_nothing_says_nothing_of_it(place: Path) -> None:
    told = data(place)
    assert (told["our_promises"], told["sendings"], told["levers"]) == ([], [], [])
    shown = bcp(place, "incident", "status").stdout
    assert not any(word in shown for word in ("PROMISED", "WE OWE", "TOLD", "SWITCHED"))


def test_what_providers_promised_stands_there_until_it_is_settled(place: Path) -> None:
    bcp(place, "promise", "add", "a technician comes", "--from", "Netia", "--by", "in 3 hours")
    assert "PROMISED  Netia: a technician comes, by " in bcp(place, "incident", "status").stdout
    bcp(place, "promise", "broken", "p1", "--note", "called off")
    assert "PROMISED" not in bcp(place, "incident", "status").stdout


def test_whom_we_told_is_counted_and_when_we_write_next_is_our_promise(place: Path) -> None:
    sent(place, "line-down")
    shown = bcp(place, "incident", "status").stdout
    assert "TOLD      line-down to clients: 2 told, 1 unknown, 2 waiting" in shown
    assert "WE OWE    the next news to clients by " in shown and "left)" in shown
    told = data(place)
    (sending,) = told["sendings"]
    assert sending["standings"] == {"told": 2, "unknown": 1, "waiting": 2}
    assert told["our_promises"] == [{"to": "clients", "due": sending["next_update"]}]


def test_an_all_clear_keeps_our_word_and_a_letter_to_others_does_not(place: Path) -> None:
    sent(place, "line-down")
    sent(place, "staff-answer", audience="staff", hours=None)
    assert [each["to"] for each in data(place)["our_promises"]] == ["clients"]
    sent(place, "all-clear", kind="all-clear", audience="told", hours=None)
    assert data(place)["our_promises"] == []


def test_a_promise_to_clients_that_no_letter_made_is_ours_as_well(place: Path) -> None:
    later = datetime.now(UTC) + timedelta(hours=2)
    bcp(place, "incident", "amend", "--fact", f"next_update={later.astimezone():%Y-%m-%d %H:%M}")
    assert "WE OWE    the next news to clients by " in bcp(place, "incident", "status").stdout


def test_what_a_ledger_knows_to_be_switched_is_shown_and_what_was_put_back_is_not(place: Path) -> None:
    log = Journal(place / "incidents", FrozenClock())
    lines = switched(log, stream(place), "mobile", {})
    switched(log, "another-incident", "other", {})
    shown = bcp(place, "incident", "status").stdout
    assert "SWITCHED  the office was switched to mobile (since " in shown and "other" not in shown
    assert [each["name"] for each in data(place)["levers"]] == ["mobile"]
    lift(lines, WAY_OUT, stream(place))
    assert data(place)["levers"] == []


def test_a_read_only_look_loads_no_post_room_where_nothing_was_sent(place: Path) -> None:
    from tests.test_startup import imported

    _status, modules = imported(place, "incident", "status")
    assert modules & {"bcp.store.outbox", "bcp.notice.campaign.standing", "bcp.lever.line.ledger"} == set()


@pytest.fixture
def sit(place: Path) -> Iterator[Callable[..., Terminal]]:
    terminals: list[Terminal] = []

    def begin(*arguments: str) -> Terminal:
        terminals.append(Terminal(place, *arguments, height=24))
        return terminals[-1]

    yield begin
    for each in terminals:
        each.child.close(force=True)


def test_on_a_low_screen_all_of_it_fits_and_the_steps_that_are_next_stay(
    place: Path, sit: Callable[..., Terminal]
) -> None:
    bcp(place, "promise", "add", "a technician comes", "--from", "Netia", "--by", "in 3 hours")
    bcp(place, "incident", "step", "done", "look")
    bcp(place, "incident", "step", "done", "mobile")
    sent(place, "line-down")
    person = sit("incident", "status")
    assert person.ends() == 0
    shown = str(person.child.before)
    assert len(shown.splitlines()) <= 24, shown
    assert "A · " in shown and "2 of 32 steps" in shown and "more0" in shown and "more9" not in shown
    for words in ("PROMISED", "WE OWE", "TOLD", "IN FORCE", "NEXT"):
        assert words in shown
    assert "more29" in bcp(place, "incident", "status").stdout, "all of it for whoever reads it elsewhere"

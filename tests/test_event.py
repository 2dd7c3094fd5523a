"""The chain of events, without a store: what is canonical, what a seal holds, what `checked` sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.chain import checked
from bcp.errors import ChainBroken, Exit
from bcp.event import NOTHING, Entry, Head, Row, canonical, moment, seal, stamp, unseal

NOW = datetime(2026, 11, 26, 6, 50, 0, 123456, tzinfo=UTC)
TEXT = st.text(max_size=30)
DATA = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | TEXT | st.lists(TEXT, max_size=3))


def chain(count: int, stream: str = "2026-11-26-internet-outage", word: str = "Ełk") -> list[Row]:
    rows = []
    head = NOTHING
    for number in range(count):
        event = seal(stream, head, Entry("step.done", "ann", {"step": f"{word} {number}"}), NOW)
        rows.append(Row(event.stream, event.seq, event.kind, event.body, event.hash))
        head = Head(event.seq, event.hash)
    return rows


def broken_at(rows: list[Row]) -> int:
    """How many rows are given out before the chain is found broken; -1 if it never is."""
    given_out = 0
    try:
        for _row in checked(rows):
            given_out += 1
    except ChainBroken:
        return given_out
    return -1


def test_the_same_data_has_one_text_whatever_the_order_of_its_keys() -> None:
    assert canonical({"b": 1, "a": "Zażółć"}) == '{"a":"Zażółć","b":1}' == canonical({"a": "Zażółć", "b": 1})


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"latency": float("nan")})


def test_half_a_surrogate_pair_is_written_as_a_replacement_character() -> None:
    from_a_terminal = b"caf\xe9".decode(errors="surrogateescape")
    assert canonical(from_a_terminal) == '"caf\ufffd"'
    assert canonical("\ud83d\ude00 \ud83d!") == '"😀 \ufffd!"'
    assert canonical({"\udc80": "é"}) == '{"\ufffd":"é"}'


@given(st.text(st.characters(exclude_categories=())))
def test_every_text_can_be_stored_hashed_and_read_again(text: str) -> None:
    event = seal("s", NOTHING, Entry("note", "ann", {"text": text}), NOW)
    assert broken_at([Row("s", 1, "note", event.body, event.hash)]) == -1
    assert event.body.encode().decode() == event.body


def test_stamps_are_utc_and_sort_as_time_does() -> None:
    warsaw = timezone(timedelta(hours=1))
    assert stamp(NOW) == stamp(NOW.astimezone(warsaw)) == "2026-11-26T06:50:00.123Z"
    assert stamp(NOW.replace(microsecond=0)) < stamp(NOW) < stamp(NOW + timedelta(days=40))
    assert stamp(moment(stamp(NOW))) == stamp(NOW)


def test_an_event_says_when_it_happened_and_when_it_was_written_down() -> None:
    earlier = NOW - timedelta(hours=2)
    entry = Entry("step.done", "eva", {"step": "calls"}, at=earlier, recorded_by="ann", how="paper")
    event = seal("s", NOTHING, entry, NOW)
    assert (stamp(event.at), stamp(event.recorded_at)) == (stamp(earlier), stamp(NOW))
    assert (event.by, event.recorded_by, event.how) == ("eva", "ann", "paper")


def test_who_did_it_also_wrote_it_down_unless_somebody_else_is_named() -> None:
    assert seal("s", NOTHING, Entry("note", "ann"), NOW).recorded_by == "ann"


@given(DATA)
def test_an_event_is_read_from_the_store_as_it_was_written(data: dict[str, Any]) -> None:
    event = seal("s", Head(6, "a" * 64), Entry("note", "ann", data), NOW)
    assert unseal(Row("s", 7, "note", event.body, event.hash)) == event
    assert event.data == data
    header, content = map(json.loads, event.body.split("\n"))
    assert event.as_json() == {**header, **content, "hash": event.hash}


def test_a_whole_chain_is_given_out_row_by_row() -> None:
    rows = chain(5)
    assert list(checked(rows)) == rows
    assert list(checked([])) == []


def texts_near(text: str) -> Iterator[str]:
    """Every text that differs in one byte: each bit turned, the byte removed, doubled, swapped with the next."""
    whole = text.encode()
    for index in range(len(whole)):
        before, byte, after = whole[:index], whole[index], whole[index + 1 :]
        near = [before + bytes([byte ^ 1 << bit]) + after for bit in range(8)]
        near += [before + after, before + bytes([byte, byte]) + after]
        if after and after[0] != byte:
            near.append(before + bytes([after[0], byte]) + after[1:])
        yield from (each.decode("utf-8", "backslashreplace") for each in near)


def test_every_changed_removed_inserted_and_swapped_byte_of_every_column_is_found_at_its_event() -> None:
    rows = chain(3, word="Ełk ☎ 𝄞")
    for number, row in enumerate(rows):
        for column in ("stream", "kind", "body", "hash"):
            for near in texts_near(getattr(row, column)):
                changed = [*rows[:number], row._replace(**{column: near}), *rows[number + 1 :]]
                assert broken_at(changed) == number, (column, near)
        for seq in {row.seq ^ 1 << bit for bit in range(62)} | {-row.seq}:
            assert broken_at([*rows[:number], row._replace(seq=seq), *rows[number + 1 :]]) == number, seq


def test_every_removal_insertion_and_swap_of_whole_events_is_found_but_a_cut_off_end() -> None:
    rows, foreign = chain(6), [*chain(6, stream="drill"), *chain(6, word="Olsztyn")]
    for first, second in combinations(range(7), 2):
        cut = [*rows[:first], *rows[second:]]
        assert broken_at(cut) == (-1 if second == 6 else first)
    for first, second in combinations(range(6), 2):
        swapped = list(rows)
        swapped[first], swapped[second] = rows[second], rows[first]
        assert broken_at(swapped) == first
    for place in range(7):
        for new in (*rows, *foreign):
            at = broken_at([*rows[:place], new, *rows[place:]])
            # What was put in holds in its place when it is the twin of the next (or, first of all, of the first).
            assert at in (place, place + 1), (place, new)


def test_a_removal_is_found_although_the_numbers_were_put_right() -> None:
    rows = chain(4)
    told = json.loads(rows[2].body.partition("\n")[0])
    told["seq"] = 2
    assert broken_at([rows[0], sealed_again(rows[2], told)]) == 1


def test_two_events_that_swapped_their_texts_are_found() -> None:
    rows = chain(4)
    one, other = rows[1], rows[2]
    rows[1] = one._replace(body=other.body, hash=other.hash)
    rows[2] = other._replace(body=one.body, hash=one.hash)
    assert broken_at(rows) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"stream": "other"},
        {"seq": 9},
        {"kind": "step.failed"},
        {"hash": "0" * 64},
        {"body": "[]"},
        {"body": None},
    ],
)
def test_a_changed_column_is_found(change: dict[str, Any]) -> None:
    rows = chain(3)
    rows[1] = rows[1]._replace(**change)
    assert broken_at(rows) == 1


def test_an_event_with_a_fitting_hash_of_its_own_breaks_the_one_after_it() -> None:
    rows = chain(3)
    told = json.loads(rows[1].body.partition("\n")[0])
    told["how"] = "paper"
    rows[1] = sealed_again(rows[1], told)
    assert broken_at(rows) == 2


def test_a_cut_off_end_cannot_be_seen_from_inside() -> None:
    assert broken_at(chain(5)[:3]) == -1


def test_a_broken_chain_is_told_with_the_stream_the_event_and_the_fault() -> None:
    rows = chain(3)
    rows[1] = rows[1]._replace(body=rows[1].body.replace("Ełk", "Elk"))
    with pytest.raises(ChainBroken) as found:
        list(checked(rows))
    assert found.value.message == (
        "the journal of 2026-11-26-internet-outage is broken at event 2: its text does not match its hash"
    )
    assert found.value.exit is Exit.STORE
    assert found.value.hint


@pytest.mark.parametrize("body", ["", "not json", "[]", "{}", '{"stream": 1}', None])
def test_a_text_that_is_no_event_is_told_also_where_the_chain_is_not_checked(body: Any) -> None:
    with pytest.raises(ChainBroken, match="broken at event 2: its text is not an event"):
        unseal(chain(2)[1]._replace(body=body))


def sealed_again(row: Row, told: dict[str, Any]) -> Row:
    """The row as a forger writes it: another header, and the hash that goes with it."""
    from bcp.event import digest

    header, content = canonical(told), row.body.partition("\n")[2]
    return row._replace(seq=told["seq"], body=f"{header}\n{content}", hash=digest(header))

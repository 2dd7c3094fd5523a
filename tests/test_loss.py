"""How many packets of a row were lost, and from when on that is a loss."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable

import pytest

from bcp.check.loss import LossRow, _Sent, is_lossy
from bcp.probe.handshake import Came, comes_back

TARGETS = (("192.0.2.1", 443), ("192.0.2.2", 443), ("192.0.2.3", 443))


@pytest.mark.parametrize(
    ("lost", "sent", "expected"),
    [
        (0, 0, False),
        (1, 2, False),  # one packet is no row
        (0, 125, False),
        (3, 125, False),
        (13, 280, False),
        (28, 280, True),
        (10, 40, True),
    ],
)
def test_a_share_that_nobody_minds_is_told_from_one_that_people_feel(
    lost: int, sent: int, expected: bool
) -> None:
    assert is_lossy(lost, sent) is expected


def counted(
    answer: Callable[[int, str], float | None], told: Callable[[int], Came] = lambda number: Came(True)
) -> LossRow:
    """A row whose packets take as long as `answer` says of their number and target, or never come back."""

    async def running() -> LossRow:
        numbers = iter(range(10_000))

        async def reach(target: tuple[str, int]) -> Came:
            number = next(numbers)
            took = answer(number, target[0])
            await (asyncio.sleep(took) if took is not None else asyncio.Event().wait())
            return told(number)

        row = LossRow(TARGETS, reach, asyncio.get_running_loop().time)
        await row.run()
        return row

    return asyncio.run(running())


def test_a_line_that_loses_nothing_is_cleared_by_the_first_hundred() -> None:
    row = counted(lambda number, target: 0.0)
    lost, sent = row.counted()
    assert (lost, row.is_losing, row.has_ended) == (0, False, False)
    assert 100 < sent < 300


def test_every_fifth_is_lost_and_comes_after_a_second() -> None:
    row = counted(
        lambda number, target: 1.0 if number % 5 == 0 else 0.0,
        lambda number: Came(True, number % 5 == 0, None if number % 5 == 0 else 0.01),
    )
    assert is_lossy(*row.counted()) and row.is_losing


def test_what_is_lost_twice_comes_after_two_seconds_and_has_waited_in_no_queue() -> None:
    row = counted(lambda number, target: (2.05 if number % 25 == 0 else 1.05) if number % 5 == 0 else 0.0)
    lost, sent = row.counted()
    assert lost > sent / 10 and is_lossy(lost, sent) and sent > 25


def test_a_row_that_has_counted_too_few_rules_no_lost_packet_out() -> None:
    row = LossRow(TARGETS, lambda target: comes_back("127.0.0.1", 9, None), lambda: 0.0)
    assert not row.is_losing, "a dead line is not looked at again"
    row._sent = [_Sent(TARGETS[0], -9.0, -9.0)]
    assert row.is_losing
    row._sent *= 100
    assert not row.is_losing


def test_a_target_that_never_answers_has_reasons_of_its_own() -> None:
    row = counted(lambda number, target: None if target == TARGETS[0][0] else 0.0)
    assert row.counted()[0] == 0


def test_what_waits_in_a_queue_is_not_lost() -> None:
    row = counted(lambda number, target: 1.5 if number < 40 and number % 2 else 0.0)
    lost, _sent = row.counted()
    assert lost == 0


def test_where_nothing_comes_back_at_all_the_row_is_given_up() -> None:
    row = counted(lambda number, target: None)
    assert (row.counted(), row.has_arrived, row.has_ended) == ((0, 0), False, False)


@pytest.mark.parametrize("is_repeated", [False, True])
def test_what_the_system_says_of_a_packet_counts_however_late_a_busy_computer_hears_of_it(
    is_repeated: bool,
) -> None:
    row = counted(
        lambda number, target: 0.95 if number % 4 == 0 else 0.0,
        lambda number: Came(True, is_repeated and number % 4 == 0, None if is_repeated else 0.01),
    )
    assert is_lossy(*row.counted()) is is_repeated


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says it so")
def test_linux_says_of_a_connection_whether_its_packet_was_sent_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        came = asyncio.run(comes_back("127.0.0.1", server.getsockname()[1], None))
    assert (came.is_there, came.is_repeated) == (True, False) and came.took is not None

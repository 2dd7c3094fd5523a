"""Costs: amounts as people type them, hours at a rate, sums that keep losses apart, and receipts."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from bcp.cost.model import Cost, Kind, of_hours, spent, totals
from bcp.cost.money import read_amount
from bcp.cost.receipt import MOST_BYTES, _content, keep
from bcp.errors import InputError
from tests.children import needs_pipes

AT = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("120 PLN", "120.00 PLN"),
        ("1 234,50 pln", "1234.50 PLN"),
        ("1.234,50 EUR", "1234.50 EUR"),
        ("120,5 zł", "120.50 PLN"),
        ("€ 12.99", "12.99 EUR"),
        ("200 Kč", "200.00 CZK"),
    ],
)
def test_an_amount_is_read_with_comma_or_point_and_its_currency(typed: str, amount: str) -> None:
    assert read_amount(typed) == amount


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("120", "with its currency"),
        ("12O PLN", "with its currency"),
        ("120 XYZ", '"XYZ" is no currency'),
        ("0 PLN", "more than nothing"),
        ("-5 PLN", "with its currency"),
        ("2000000000 PLN", "at most a thousand million"),
        ("", "with its currency"),
    ],
)
def test_an_amount_that_is_none_is_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_amount(typed)


def test_hours_cost_what_their_rate_says() -> None:
    assert of_hours("2,5", "100 PLN") == ("2.5", "250.00 PLN")
    for wrong in ("two", "0", "-1", "1e9", "NaN"):
        with pytest.raises(ValueError, match="hours"):
            of_hours(wrong, "100 PLN")


def cost(amount: str, kind: Kind) -> Cost:
    return Cost("c1", amount, "something", kind, AT, "anna")


def test_losses_are_kept_apart_from_what_was_spent() -> None:
    costs = [cost("120.00 PLN", "mitigation"), cost("250.00 PLN", "hours"), cost("9.00 EUR", "mitigation")]
    costs.append(cost("5000.00 PLN", "loss"))
    assert spent(costs) == {"PLN": Decimal(370), "EUR": Decimal(9)}
    assert totals(costs, ["loss"]) == {"PLN": Decimal(5000)}


def test_a_receipt_is_copied_with_its_hash_and_the_same_file_once(tmp_path: Path) -> None:
    scan = tmp_path / "Faktura żółta (1).pdf"
    scan.write_bytes(b"%PDF " + bytes(3_000_000))
    kept = keep(scan, tmp_path / "incident")
    assert kept.sha256 == sha256(scan.read_bytes()).hexdigest()
    assert kept.file == f"attachments/{kept.sha256[:12]}-Faktura-zota-1-.pdf"
    assert (tmp_path / "incident" / kept.file).read_bytes() == scan.read_bytes()
    assert keep(scan, tmp_path / "incident") == kept
    assert len(list((tmp_path / "incident" / "attachments").iterdir())) == 1


def test_what_is_no_receipt_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    huge, empty = tmp_path / "huge.pdf", tmp_path / "empty.pdf"
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    empty.touch()
    for path, sentence in [
        (huge, "200 MB; a receipt has at most 25 MB"),
        (empty, "is empty"),
        (tmp_path, "no ordinary file"),
        (tmp_path / "missing.pdf", "cannot be read"),
    ]:
        with pytest.raises(InputError, match=sentence) as caught:
            keep(path, tmp_path / "incident")
        assert caught.value.hint
    assert not (tmp_path / "incident").exists()


@needs_pipes
def test_what_has_no_end_is_no_receipt_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(InputError, match="no ordinary file"):
            keep(path, tmp_path / "incident")
    assert not (tmp_path / "incident").exists()


def test_a_file_that_grows_past_the_limit_while_it_is_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="grew while it was read"):
        _content(BytesIO(bytes(MOST_BYTES + 1)), Path("growing.pdf"))

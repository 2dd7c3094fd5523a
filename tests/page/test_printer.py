"""`--to PRINTER` against CUPS with an IPP printer behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.children import needs_root
from tests.offices import bcp
from tests.page.cups import Shop, print_shop
from tests.page.offices import office_with_steps
from tests.page.paper import read

pytestmark = needs_root


@pytest.fixture
def shop() -> Iterator[Shop]:
    with print_shop() as opened:
        yield opened


def test_a_sheet_comes_out_of_the_printer_and_after_a_jam_nobody_is_told_that_all_is_well(
    tmp_path: Path, shop: Shop
) -> None:
    office = office_with_steps(tmp_path, 2)
    ran = bcp(office, "print", "outage", "--to", "paper", **shop.environ)
    assert ran.returncode == 0, ran.stderr
    assert "Printed, says the print server: paper-1" in ran.stderr
    (made,) = shop.printed()
    assert "Call the provider" in read(made, tmp_path)[1].text

    assert bcp(office, "print", "outage", "--to", "default", **shop.environ).returncode == 5
    shop.jam()
    ran = bcp(office, "print", "outage", "--to", "paper", **shop.environ)
    if ran.returncode == 5:
        assert "the printer gave up paper-2" in ran.stderr and "canceled at printer" in ran.stderr
        assert "open the file and print it from there" in ran.stderr
    else:
        # `lpstat` does not tell every jam from a finished job (CUPS 2.4), so the person is always sent to look.
        assert "Look whether every page came out" in ran.stderr
    assert len(shop.printed()) == 1


def test_without_a_print_server_the_file_is_there_and_it_is_said_how_to_go_on(tmp_path: Path) -> None:
    office = office_with_steps(tmp_path, 1)
    ran = bcp(office, "print", "outage", "--to", "paper", CUPS_SERVER=str(tmp_path / "nobody"))
    assert ran.returncode == 5
    assert "Not printed" in ran.stderr
    (made,) = office.glob("outage-*.pdf")
    assert str(made) in ran.stderr.replace("\n", "")

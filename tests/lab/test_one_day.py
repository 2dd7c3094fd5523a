"""The day of the story with a handful of clients: every lever moves for real, over the other line, and is seen."""

from __future__ import annotations

from pathlib import Path

from tests.children import needs_root
from tests.lab.lab import Lab
from tests.lab.one_day import DEPUTY, LEAD, STAGES, play
from tests.places import NUMBER
from tests.servers import needs_nginx

CLIENTS = 4


@needs_root
@needs_nginx
def test_a_cut_line_is_answered_by_all_levers_over_the_other_one(lab: Lab, tmp_path: Path) -> None:
    day = play(lab, tmp_path, CLIENTS)
    assert day.outcomes == dict.fromkeys(list(STAGES)[1:], "done"), day.said
    assert day.way_out == "lte0"
    assert sorted(day.copies.values()) == [1] * CLIENTS
    assert LEAD.lstrip("+") in day.voice_url
    assert "+48732000001" in day.pages["kontakt.html"] and NUMBER not in day.pages["kontakt.html"]
    assert "We have a technical problem at our office" in day.pages["status/index.html"]
    assert list(day.seconds) == list(STAGES)
    before, both, second, after = day.overlap
    assert DEPUTY.lstrip("+") in both.voice_url and b"For now we answer on another phone number" in both.page
    # The first one closed takes away its own alone.
    assert (second.routes, second.voice_url, second.page) == (both.routes, both.voice_url, both.page)
    assert second.still_set and after == before and not after.still_set

"""A watch: what our own wrong clock explains is neither kept nor told as an outage of the website."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import trustme

from bcp.check.network_path import References
from bcp.check.wiring import WatchPlan
from bcp.probe.base import Shared
from bcp.store.spans import StoredSpans
from tests.test_controls import BIG, server_of, shared_of, talking
from tests.test_watch import ZONE, Desk, MovableClock, checks_of, play, wired
from tests.waiting import until
from tests.wire import page, web_server

CHECK = """
check: website
title: Our website
every: 1s
confirm: 2 looks in 0s
probes: [{{tls: {{host: one.test, port: {port}}}}}]
"""


def test_a_website_that_fails_because_of_our_clock_is_neither_kept_nor_told_as_down(tmp_path):
    authority, desk, spans = trustme.CA(), Desk(), StoredSpans(tmp_path / "state")
    now = datetime.now(UTC)
    certificate = server_of(authority, "one.test", "two.test", until=now - timedelta(days=3))
    told = format_datetime(now - timedelta(days=10), usegmt=True)
    known = web_server(lambda target: page(status="204 No Content", Date=told))
    with talking(certificate, BIG) as port, known as http:
        (tmp_path / "checks").mkdir()
        (tmp_path / "checks" / "website.yaml").write_text(CHECK.format(port=port))
        references = References(
            addresses=(("127.0.0.1", port),),
            quorum=1,
            page=f"http://127.0.0.1:{http}/",
            sites=(f"https://one.test:{port}/", f"https://two.test:{port}/"),
        )
        clock = shared_of(authority)
        shared = Shared(MovableClock(), timeout=1.0, names=clock.names)
        authority.configure_trust(shared.tls)
        plan = WatchPlan(checks_of(tmp_path), ZONE, None, references)
        play(
            wired(tmp_path, desk, load=lambda: plan, shared=shared, spans=spans),
            lambda: until(lambda: desk.news and spans.held()["website"].looks > 6),
        )
    assert desk.states() == [("website", "inconclusive")], "told once, however often it is looked at"
    assert "the date and time of this computer" in desk.news[0].reason
    assert {each.state for each in spans.history("website", now - timedelta(days=1))} == {"inconclusive"}
    assert not desk.bugs

"""Whatever takes long shows that it goes on: nothing that a person waits for is silent for two seconds."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.imapd import PASSWORD, imapd
from tests.offices import bcp, office_in, runbook
from tests.posts import clients
from tests.posts import office as office_with_mail
from tests.silence import LONGEST, Heard, heard
from tests.smtpd import Faults, running
from tests.test_inbox import addressed, reply, sent
from tests.test_strange_mailbox import with_inbox

SLOW = 1.1
"""Seconds that a slow server takes for an answer; a command here waits for two of them at least."""
REACTION = 0.75
"""Seconds behind which something is shown at the latest."""
PAGE = "<html><head><title>Bakery</title></head><body><a href='/b.html'>b</a></body></html>"


def insist(seen: Heard, *texts: str, at_least: float = LONGEST) -> Heard:
    """It worked for longer than it may be silent, said these texts meanwhile, and left no row behind.

    What is waited for takes its time; what is reckoned may be over sooner on a fast computer: `at_least` is less then,
    and it is the texts that say whether anything was shown.
    """
    silence, before = seen.longest
    assert seen.took > at_least, f"this is over too soon to show anything: {seen.took:.1f} s"
    assert silence < LONGEST, f"silent for {silence:.1f} s behind: {before!r}"
    missing = [text for text in texts if text not in seen.text]
    assert not missing, f"{missing} not in: {seen.text}"
    left = [line for line in seen.rows() if "░" in line or line.startswith("  Working")]
    assert not left, left
    return seen


def as_many_as_it_takes(give: Callable[[int], Heard], count: int, *texts: str) -> tuple[Heard, int]:
    """What a command says of `count` things, or of twice as many, until it says these texts or has had time to.

    What is reckoned is over sooner on a fast computer; with `{count}` in them the texts name how many there are.
    """
    while True:
        seen = give(count)
        said = [text.format(count=f"{count:,}") for text in texts]
        if seen.took > 3 * LONGEST or (seen.took > REACTION and all(text in seen.text for text in said)):
            return insist(seen, *said, at_least=REACTION), count
        count *= 2


def step(deed: str, more: str = "") -> str:
    return runbook(
        "  - phase: First\n    steps:\n"
        f"      - {{step: one, title: The long one, by_hand: Wait., {deed}}}\n{more}"
    )


def write_plans(place: Path, count: int) -> None:
    """So many plans besides, of a dozen steps each."""
    steps = "".join(
        f"      - {{step: s{n}, title: Call number {n}, by_hand: Call them., manual: {{}}}}\n"
        for n in range(12)
    )
    for number in range(count):
        text = runbook(f"  - phase: First\n    steps:\n{steps}", name=f"plan-{number}")
        (place / "runbooks" / f"plan-{number}.yaml").write_text(text)


@contextmanager
def slow_site(seconds: float) -> Iterator[str]:
    """A site that answers slowly."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(seconds)
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            with suppress(OSError):  # nobody waits any more
                self.wfile.write(PAGE.encode())

        do_POST = do_GET

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_a_program_that_says_nothing_is_found_out(tmp_path: Path) -> None:
    seen = heard(tmp_path, ["-c", "import time; time.sleep(2.4); print('done')"])
    assert seen.longest[0] >= LONGEST and "done" in seen.text


def test_a_copy_of_a_slow_site_names_the_page_that_it_waits_for(tmp_path: Path) -> None:
    with slow_site(SLOW) as url:
        seen = heard(office_in(tmp_path / "office"), ["place", "mirror", "add", url, "--name", "bakery"])
    insist(seen, "Copying bakery", "/b.html")
    assert seen.status == 0


def test_a_step_that_runs_a_long_program_shows_its_title_and_the_program(tmp_path: Path) -> None:
    deed = f"command: {{run: [{sys.executable}, -c, 'import time; time.sleep(2.6)'], timeout: 20s}}"
    seen = heard(office_in(tmp_path, outage=step(deed)), ["incident", "start", "outage"], {"> ": ""})
    insist(seen, "The long one", "Running python")
    assert seen.status == 0


def test_a_step_that_waits_counts_the_seconds_down(tmp_path: Path) -> None:
    first, second = {"[Enter]": "", "It waits until": ""}, step("wait: {for: 3s}")
    seen = heard(office_in(tmp_path, outage=second), ["incident", "start", "outage"], first)
    insist(seen, "Waiting until", "2 s left")


def test_a_step_that_looks_until_a_check_is_up_says_for_how_long(tmp_path: Path) -> None:
    place = office_in(tmp_path, outage=step("check: {check: internet, within: 3s}"))
    insist(
        heard(place, ["incident", "start", "outage"], {"[Enter]": "", "> ": "p"}), "The long one", "s left"
    )


def test_a_request_to_a_slow_server_says_for_whom_it_waits(tmp_path: Path) -> None:
    with slow_site(2.6) as url:
        place = office_in(tmp_path, outage=step(f"http: {{method: GET, url: '{url}'}}"))
        insist(heard(place, ["incident", "start", "outage"], {"[Enter]": ""}), "Waiting for 127.0.0.1")


def test_a_slow_mail_server_is_named_while_it_is_waited_for(tmp_path: Path) -> None:
    with running(tmp_path, Faults(latency=0.45)) as server:
        place = office_with_mail(tmp_path, server, "name,email,language\nA,a@example.com,en\n")
        seen = heard(
            place, ["notice", "test", "line-down"], environ={"MAIL": "secret", "BCP_OFFICE": str(place)}
        )
    insist(seen, "Waiting for localhost")


def test_a_slow_mailbox_is_read_in_sight_and_its_server_is_named(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    place = sent(tmp_path / "office").folder
    with imapd(tmp_path, [addressed(place, reply(n)).encode() for n in range(1, 4)]) as box:
        box.latency = 0.3
        with_inbox(place, box.port, box.authority)
        seen = heard(place, ["inbox", "fetch"], environ={"BOX": PASSWORD, "BCP_OFFICE": str(place)})
    insist(seen, "Waiting for localhost", "Reading the mailbox", "/3")
    assert seen.status == 0


def test_letters_that_are_handed_over_are_counted(tmp_path: Path) -> None:
    def export(count: int) -> Heard:
        place = office_in(tmp_path / str(count), outage=step("manual: {}"))
        office_with_mail(place, None, clients(count), "  - channel: paper\n    file: {}\n")
        assert bcp(place, "incident", "start", "outage", "--by", "anna").returncode == 9
        return heard(place, ["notice", "export", "line-down", "clients"])

    seen, _count = as_many_as_it_takes(export, 300, "Handing the letters over", "/{count}")
    assert seen.status == 0


def test_an_import_of_many_rows_says_what_it_does(tmp_path: Path) -> None:
    def bring(count: int) -> Heard:
        rows = (
            f"Firma {n};Jan K{n};22 600 {n % 90 + 10} {n % 80 + 10};jan{n}@firma{n}.pl;pl"
            for n in range(count)
        )
        (tmp_path / "many.csv").write_text("\n".join(["Firma;Osoba;Telefon;E-mail;Język", *rows]))
        place = office_in(tmp_path / str(count))
        return heard(place, ["contact", "import", "../many.csv", "--yes", "--into", "many"])

    seen, _count = as_many_as_it_takes(bring, 6_000, "Reading many.csv")
    assert seen.status == 0


def test_plans_that_are_read_for_the_first_time_are_counted(tmp_path: Path) -> None:
    def validate(count: int) -> Heard:
        place = office_in(tmp_path / str(count), outage=step("manual: {}"))
        write_plans(place, count - 1)
        return heard(place, ["validate"])

    seen, _count = as_many_as_it_takes(validate, 400, "Reading runbooks/", "/{count}")
    assert seen.status == 0


def test_a_pack_of_many_plans_says_which_sheet_it_sets(tmp_path: Path) -> None:
    def pack(count: int) -> Heard:
        place = office_in(tmp_path / str(count), outage=step("manual: {}"))
        write_plans(place, count)
        return heard(place, ["print", "pack"])

    seen, _count = as_many_as_it_takes(pack, 12, "Preparing the pages", "The line is dead")
    assert seen.status == 0


def test_a_store_that_another_program_holds_is_waited_for_in_sight(tmp_path: Path) -> None:
    place = office_in(tmp_path, outage=step("manual: {}"))
    assert bcp(place, "incident", "start", "outage", "--by", "anna").returncode == 9
    other = sqlite3.connect(
        place / "incidents" / "bcp.sqlite3", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    ending = threading.Timer(3.0, other.rollback)
    ending.start()
    try:
        seen = heard(place, ["incident", "note", "Netia called back."])
    finally:
        ending.join()
        other.close()
    insist(seen, "Working")
    assert seen.status == 0


def test_checks_whose_servers_are_slow_are_looked_at_in_sight(tmp_path: Path) -> None:
    place = office_in(tmp_path)
    with slow_site(2.6) as url:
        probe = f"probes:\n  - http: {{url: '{url}'}}\n"
        check = f"check: site\ntitle: The site\nevery: 1m\nconfirm: 2 looks in 2s\n{probe}"
        (place / "checks" / "internet.yaml").write_text(check)
        seen = insist(heard(place, ["check", "run"]), "DOWN")
    assert seen.status == 7


def test_a_watch_says_that_it_looks_before_it_has_seen_anything(tmp_path: Path) -> None:
    with slow_site(2.6) as url:
        place = office_in(tmp_path)
        check = f"check: site\ntitle: The site\nprobes:\n  - http: {{url: '{url}'}}\n"
        (place / "checks" / "internet.yaml").write_text(check)
        seen = heard(place, ["watch"], interrupt_at="for the first time now: 1.")
    assert seen.status in (0, 130) and seen.longest[0] < LONGEST, seen.text


def test_ctrl_c_while_a_bar_stands_leaves_a_clean_row_and_says_what_to_do(tmp_path: Path) -> None:
    with slow_site(SLOW) as url:
        place = office_in(tmp_path / "office")
        seen = heard(place, ["place", "mirror", "add", url, "--name", "bakery"], interrupt_at="/b.html")
    assert seen.status == 130
    assert not any("Copying bakery" in row for row in seen.rows())
    assert any(row.startswith("Interrupted.") or "Interrupted." in row for row in seen.rows())


def test_what_is_no_terminal_gets_no_bar_also_where_colours_are_forced(tmp_path: Path) -> None:
    with slow_site(0.5) as url:
        place = office_in(tmp_path / "office")
        said = bcp(place, "place", "mirror", "add", url, "--name", "bakery", FORCE_COLOR="1")
    assert said.returncode == 0 and "\r" not in said.stderr + said.stdout and "/b.html" not in said.stderr

"""What is published is looked at as a stranger does: through the other line, while the usual one is dead."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.lab import PATH, Lab
from tests.places import PAGE, PHASES, SHOWN, office_with

SERVER = """
import functools, http.server, socketserver, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = socketserver.ThreadingTCPServer(("0.0.0.0", 8088), handler, bind_and_activate=False)
server.allow_reuse_address = True
server.server_bind(); server.server_activate()
print("ready", flush=True)
server.serve_forever()
"""


@pytest.fixture
def web(lab: Lab, tmp_path: Path) -> Iterator[Path]:
    """The folder of a website on the internet of the laboratory."""
    folder = tmp_path / "www"
    folder.mkdir()
    (folder / "kontakt.html").write_text(PAGE, encoding="utf-8")
    server = lab.popen(
        [sys.executable, "-c", SERVER, folder], "inet", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert server.stdout is not None and server.stdout.readline() == "ready\n"
    yield folder
    lab.signal(server, 9)
    server.wait(10)
    server.stdout.close()
    lab.heal()


@pytest.mark.parametrize(("via", "is_seen"), [(", via: lte0", True), ("", False)])
def test_a_page_is_seen_through_the_other_line_while_the_usual_one_is_dead(
    lab: Lab, web: Path, tmp_path: Path, via: str, is_seen: bool
) -> None:
    place = (
        f"  - {{place: website, url: 'http://9.9.9.9:8088/kontakt.html', page: kontakt.html{via}, "
        f"way: {{folder: {{path: {web}}}}}}}\n"
    )
    office = office_with(tmp_path / "office", place, PHASES.replace("PLACE", "website"))
    lab.fault("reject")
    command = ["env", f"PATH={PATH}", sys.executable, "-m", "bcp", "--office", office]
    done = lab.run([*command, "incident", "start", "outage"], timeout=100)
    assert SHOWN in (web / "kontakt.html").read_text("utf-8")
    log = json.loads(lab.run([*command, "incident", "log", "--json"], check=True).stdout)
    if is_seen:
        assert done.returncode == 0 and "through lte0" in log[-1]["data"]["note"], done.stderr
    else:
        assert done.returncode == 4 and "it could not be seen at" in done.stderr, done.stderr

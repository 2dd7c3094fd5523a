"""A copy is shown by a server of ours to this computer alone, until somebody ends it."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.world.copy_server import CopyServer
from tests.children import ends_another_process, needs_links, needs_pipes
from tests.offices import bcp, office_in, runbook
from tests.test_mirror import CALL
from tests.waiting import until
from tests.web_pages import web


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mirror") / "copy"
    folder.mkdir()
    (folder.parent / "secret.html").write_text("secret")
    for name in (
        "index.html",
        "a-1.css",
        "film-1.mp4",
        "drawing-1.svg",
        "odd-1.bin",
        ".hidden",
        "with space.txt",
    ):
        (folder / name).write_bytes(b"0123456789")
    (folder / "deep").mkdir()
    (folder / "deep" / "x.html").write_text("deep")
    return folder


@pytest.fixture(scope="module")
def served(copy: Path) -> Iterator[CopyServer]:
    with CopyServer(lambda: copy) as server:
        threading.Thread(target=server._server.serve_forever, daemon=True).start()
        yield server
        server._server.shutdown()


def asked(
    server: CopyServer, path: str = "/", method: str = "GET", host: str | None = None, **headers: str
) -> tuple[int, str, bytes]:
    """The status, the type and the body of an answer."""
    port = server._server.port
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.putrequest(method, path, skip_host=True)
        if host != "":
            line.putheader("Host", host or f"127.0.0.1:{port}")
        for name, value in headers.items():
            line.putheader(name, value)
        line.endheaders()
        answer = line.getresponse()
        return answer.status, answer.getheader("Content-Type", ""), answer.read()
    finally:
        line.close()


def test_the_files_of_a_copy_are_shown_with_their_types_and_in_parts(served: CopyServer) -> None:
    whole = b"0123456789"
    assert asked(served) == (200, "text/html; charset=utf-8", whole)
    assert asked(served, "/index.html?x=1") == (200, "text/html; charset=utf-8", whole)
    assert asked(served, "/a-1.css") == (200, "text/css; charset=utf-8", whole)
    assert asked(served, "/drawing-1.svg")[1] == "image/svg+xml"
    assert asked(served, "/odd-1.bin")[1] == "application/octet-stream"
    assert asked(served, "/film-1.mp4", "HEAD") == (200, "video/mp4", b"")
    for part, body in (("2-4", b"234"), ("7-", b"789"), ("-2", b"89"), ("8-99", b"89"), ("0-0", b"0")):
        assert asked(served, "/film-1.mp4", Range=f"bytes={part}") == (206, "video/mp4", body), part
    for part in ("bytes=5-2", "bytes=99-", "bytes=-", "lines=1-2", "bytes=0-1,3-4"):
        assert asked(served, "/film-1.mp4", Range=part) == (200, "video/mp4", whole), part


@pytest.mark.parametrize(
    "path",
    ["/../secret.html", "/..%2fsecret.html", "/%2e%2e/secret.html", "//secret.html", "/deep/x.html", "/deep",
     "/.hidden", "/..", "/.", "/a-1.css/", "/A%00", "/with%20space.txt", "/C:/Windows/win.ini", "/C:",
     "/..%5csecret.html",
     "/index.html::$DATA", "http://other.example/../secret.html", "/not-there.html"],
)  # fmt: skip
def test_what_is_no_file_of_the_copy_is_not_there(served: CopyServer, path: str) -> None:
    status, _kind, body = asked(served, path)
    assert status == 404 and b"secret" not in body and b"0123" not in body


@needs_links
@needs_pipes
def test_neither_a_link_nor_a_pipe_is_followed(served: CopyServer, copy: Path) -> None:
    (copy / "link.html").symlink_to(copy.parent / "secret.html")
    os.mkfifo(copy / "pipe.html")
    assert asked(served, "/link.html")[0] == 404 and asked(served, "/pipe.html")[0] == 404


def test_a_drawing_that_is_opened_as_a_page_may_run_nothing_either(served: CopyServer) -> None:
    for path in ("/", "/drawing-1.svg"):
        line = http.client.HTTPConnection("127.0.0.1", served._server.port, timeout=20)
        line.request("GET", path)
        policy = line.getresponse().headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        line.close()


def test_only_a_browser_that_asks_for_this_computer_is_answered(served: CopyServer) -> None:
    port = served._server.port
    assert served.address == f"http://127.0.0.1:{port}/"
    assert served._server.socket.getsockname()[0] == "127.0.0.1"
    assert asked(served, host=f"localhost:{port}")[0] == 200
    for host in (
        "",
        "shop.test",
        f"shop.test:{port}",
        "127.0.0.1",
        f"127.0.0.1:{port + 1}",
        f"127.0.0.1:{port}.",
    ):
        status, _kind, body = asked(served, host=host)
        assert status == 421 and b"0123" not in body, host
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "CONNECT"):
        assert asked(served, "/index.html", method)[0] == 501, method


def test_a_copy_that_is_fetched_anew_meanwhile_is_shown_from_where_it_is(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name)
    where = [tmp_path / "one"]
    with CopyServer(lambda: where[0]) as server:
        threading.Thread(target=server._server.serve_forever, daemon=True).start()
        assert asked(server)[2] == b"one"
        where[0] = tmp_path / "two"
        assert asked(server)[2] == b"two"
        server._server.shutdown()


# It stands for the browser of a person: what it is told to open it writes down, with what comes from there.
BROWSER = """import pathlib, sys, urllib.request
page = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[2]).read()
pathlib.Path(sys.argv[1]).write_bytes(sys.argv[2].encode() + b"\\n" + page)
"""


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with a copy."""
    office = office_in(tmp_path_factory.mktemp("office"), outage=runbook(CALL))
    with web("127.0.0.1", {"/": (200, "text/html", "<h1>Bread</h1>")}) as site:
        added = bcp(office, "place", "mirror", "add", f"http://127.0.0.1:{site.port}/", "--name", "bakery")
    assert added.returncode == 0, added.stderr
    return office


def _opening(office: Path, browser: str, talk: Path) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "BROWSER": browser}
    with talk.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "bcp", "place", "mirror", "open"], cwd=office, env=environ, stdout=file,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )  # fmt: skip


@ends_another_process
def test_open_shows_the_copy_from_this_computer_until_ctrl_c_and_ends_well(
    bakery: Path, tmp_path: Path
) -> None:
    program, seen, talk = tmp_path / "browser.py", tmp_path / "seen", tmp_path / "talk"
    program.write_text(BROWSER)
    python, *files = (each.as_posix() for each in (Path(sys.executable), program, seen))
    opening = _opening(bakery, f"{python} {' '.join(files)} %s", talk)
    until(lambda: seen.exists() and b"Bread" in seen.read_bytes(), why=lambda: talk.read_text())
    address, page = seen.read_bytes().split(b"\n", 1)
    assert address.startswith(b"http://127.0.0.1:") and b"Bread" in page
    assert opening.poll() is None, "it is shown for as long as somebody looks"
    opening.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
    status = opening.wait(60)
    said = talk.read_text(encoding="utf-8")
    if sys.platform != "win32":  # there no program can press Ctrl-C for another one, only break it off
        assert status == 0 and "The copy is not shown any more." in said, said
    assert address.decode() in said.split() and "Ctrl-C" in said and "Traceback" not in said
    assert "old." in said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows always has a browser, and no SIGTERM")
def test_where_there_is_no_browser_the_address_is_said_and_sigterm_ends_it_well(
    bakery: Path, tmp_path: Path
) -> None:
    talk = tmp_path / "talk"
    opening = _opening(bakery, f"{shutil.which('false')} %s", talk)
    until(lambda: "open that address in one yourself" in talk.read_text(), why=lambda: talk.read_text())
    opening.send_signal(signal.SIGTERM)
    assert opening.wait(60) == 0, talk.read_text()


def test_only_say_prints_the_file_and_ends(bakery: Path) -> None:
    said = bcp(bakery, "place", "mirror", "open", "--only-say")
    assert said.returncode == 0 and Path(said.stdout.strip()) == bakery / "mirrors/bakery/copy/index.html"

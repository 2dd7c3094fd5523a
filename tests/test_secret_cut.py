"""What is left of a secret where a text was cut off goes as well: of an output, an answer, a server's greeting."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from bcp.clock import SystemClock
from bcp.mask import KNOWN, Mask
from bcp.outside import Program, Request
from bcp.probe.base import Shared
from bcp.probe.kinds.command import Command
from bcp.probe.kinds.imap import Kind as Imap
from bcp.world.real import Real
from bcp.world.secret import Secrets

SECRET = 'hün "ter" 2/+&Zażółć-Wq9'
PLAIN = "Wq9-zebra-Kettle-42"
KEPT = 16 * 1024
FORMS = {
    "as it is": SECRET,
    "json": json.dumps(SECRET)[1:-1],
    "json in json": json.dumps(json.dumps(SECRET)[1:-1])[1:-1],
    "a url": quote(SECRET, safe=""),
    "each letter in a url": "".join(f"%{byte:02X}" for byte in SECRET.encode()),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "wrapped": SECRET[:7] + "\r\n    " + SECRET[7:14] + "\n" + SECRET[14:],
    "hexadecimal": SECRET.encode().hex(),
}


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    KNOWN.forget()


@pytest.mark.parametrize("form", FORMS)
def test_of_a_secret_that_is_cut_nothing_stays_on_either_side_wherever_it_is_cut(form: str) -> None:
    mask = Mask()
    mask.secret(SECRET)
    written = FORMS[form]
    for at in range(1, len(written)):
        # Of a letter of base64 that belongs to two letters, and of an escape, one sign may stay.
        head = mask.without_secrets(f"PASSWORD is\t{written[:at]}", cut_behind=True)
        assert len(head.removeprefix("PASSWORD is\t").replace("•••", "")) <= 1, (head, at)
        tail = mask.without_secrets(f"{written[at:]}\tand more", cut_before=True)
        assert len(tail.removesuffix("\tand more").replace("•••", "")) <= 3, (tail, at)


def test_a_text_that_is_cut_beside_no_secret_stays_as_it_is() -> None:
    mask = Mask()
    text = "! Wq9 is all of it, Wq9 !"
    assert mask.without_secrets(text, True, True) == text
    mask.secret("Wq9zebra")
    assert mask.without_secrets(text, True, True) == text
    assert mask.without_secrets("Wq9 and Wq", False, False) == "Wq9 and Wq"


def prints(code: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", f"import sys; sys.stdout.write({code})")


@pytest.mark.parametrize("kept", [1, 9, len(PLAIN) - 1])
def test_an_output_is_cut_in_the_midst_of_a_secret_and_holds_no_part_of_it(tmp_path: Path, kept: int) -> None:
    """Its beginning ends the first part that is kept, and its end begins the last part."""
    secrets = Secrets(tmp_path, {"A": PLAIN})
    secrets.value("env:A")
    code = f"'x' * {KEPT - kept} + {PLAIN!r} + '-' * 9999 + {PLAIN!r} + 'y' * {KEPT - len(PLAIN) + kept}"
    ran = Real(secrets).run(Program(prints(code), 20.0))
    assert "bytes left out" in ran.output
    assert not [at for at in range(len(PLAIN)) for part in [PLAIN[at : at + 3]] if part in ran.output]
    assert ran.output.count("•••") == 2
    assert ran.output.startswith("x" * (KEPT - kept))


def test_a_check_that_prints_more_than_is_kept_of_it_tells_no_part_of_a_secret(tmp_path: Path) -> None:
    Secrets(tmp_path, {"A": PLAIN}).value("env:A")
    shared = Shared(SystemClock(), tmp_path, timeout=20)
    probe = Command(run=list(prints(f"('x' * 16382 + chr(10)) * 4 + 'aa' + {PLAIN!r} * 9")))
    result = asyncio.run(probe.look(shared))
    assert "Wq9" not in result.reason + str(result.evidence)
    first = asyncio.run(Command(run=list(prints(f"'x' * 190 + {PLAIN!r}"))).look(shared))
    assert first.reason.startswith("x" * 190) and "Wq" not in first.reason


class _Long(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * 95 + PLAIN.encode() + b"y" * 50)

    def log_message(self, *_args: object) -> None:
        pass


def test_an_answer_that_is_cut_in_the_midst_of_a_secret_tells_no_part_of_it(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {"A": PLAIN})
    secrets.value("env:A")
    with HTTPServer(("127.0.0.1", 0), _Long) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        answer = Real(secrets).request(Request("GET", f"http://127.0.0.1:{server.server_port}/", most=100))
    assert answer.cut and answer.text == "x" * 95 + "•••"


def test_what_a_mail_server_says_back_is_masked_before_it_is_made_short(tmp_path: Path) -> None:
    Secrets(tmp_path, {"A": PLAIN}).value("env:A")
    said = Imap(host="mail.example.com").said(f"{'x' * 110} {PLAIN}")
    assert said.endswith("•••") and "Wq" not in said

"""Secrets are references in an author's text alone; facts are data: no reference, no option, no code."""

from __future__ import annotations

import base64
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from bcp.errors import InputError
from bcp.fact_template import fill
from bcp.mask import Mask
from bcp.outside import Program, Request
from bcp.program_words import advice, mistakes, program_words
from bcp.secret_text import SecretText, each_leaf, with_secret, written
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.offices import bcp, office_in, runbook

SECRET = 'hün "ter" 2/+&x'
FORMS = {
    "as it is": SECRET,
    "json": json.dumps(SECRET),
    "json in json": json.dumps(json.dumps({"a": SECRET})),
    "a url": quote(SECRET, safe=""),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 in a text": base64.b64encode(f"SECRET IS {SECRET}\n".encode()).decode(),
    "wrapped base64": base64.encodebytes(b"z" * 70 + SECRET.encode() + b"y" * 50).decode(),
    "wrapped base64 in json": json.dumps(base64.encodebytes(b"z" * 50 + SECRET.encode()).decode()),
    "wrapped": SECRET[:5] + "\r\n    " + SECRET[5:],
    "coloured": f"\x1b[1;31m{SECRET[:6]}\x1b[0m{SECRET[6:]}",
    "coloured, and its escapes taken out": f"[1;31m{SECRET[:6]}[0m{SECRET[6:]}",
    "quoted and wrapped": "> " + SECRET[:5] + "\n> " + SECRET[5:],
}


@pytest.mark.parametrize("value", ["{env:TOKEN}", "env:TOKEN", "{file:/etc/passwd}", "{fact:other}"])
def test_what_a_fact_holds_is_never_read_as_a_reference(value: str) -> None:
    facts = {"x": value, "other": "no"}
    assert written("{fact:x}", lambda text: fill(text, facts)) == value
    found = written("{env:A}: {fact:x}", lambda text: fill(text, facts))
    assert isinstance(found, SecretText)
    assert found.references() == ["env:A"]
    assert each_leaf({"a": [value]}, str) == {"a": [value]}


def test_a_fact_that_would_be_an_option_is_refused() -> None:
    with pytest.raises(InputError, match='"host" begins with a sign of options') as refused:
        program_words(["ssh", "{fact:host}", "uptime"], {"host": "-oProxyCommand=id>out"})
    assert "bcp incident amend --fact host=VALUE" in str(refused.value.hint)
    for words in (["ssh", "--", "{fact:host}"], ["x", "--host={fact:host}"]):
        assert str(program_words(words, {"host": "-x"})[-1]).endswith("-x")
    with pytest.raises(InputError, match="which program"):
        program_words(["{fact:host}"], {"host": "ls"})


def test_a_fact_in_a_line_for_a_shell_is_refused_where_it_could_be_a_command() -> None:
    words = ["sh", "-c", "echo {fact:ticket}"]
    assert program_words(words, {"ticket": "AB-12"})[-1] == "echo AB-12"
    with pytest.raises(InputError, match="commands"):
        program_words(words, {"ticket": "1; id"})


@pytest.mark.parametrize(
    "line",
    [
        "bash -lc FACT",
        "env sh -c FACT",
        "/usr/bin/env -i A=b bash -ec FACT",
        "env -S FACT",
        "sudo -u office sh -c FACT",
        "busybox sh -c FACT",
        "timeout 5 sudo dash -c FACT",
        "cmd /c FACT",
        "cmd.exe /c echo FACT",
        "powershell -NoProfile -Command FACT",
        "pwsh -Command Write-Host FACT",
        "python3 -c FACT",
        "perl -e FACT",
        "su office -c FACT",
        "ssh host FACT",
        "ssh -p 22 -i key office@host echo FACT",
        "docker exec box sh -c FACT",
        "kubectl exec box -- sh -c FACT",
        "proxychains bash -c FACT",
        "sh -c -e FACT",
        "bash -c -- FACT",
        "mksh -c FACT",
        "pypy3 -c FACT",
        "deno eval FACT",
        "osascript -e FACT",
        "psql -c FACT",
        "powershell -Comm FACT",
        "sshpass -e ssh -- host FACT",
        "plink host FACT",
        "awk FACT",
        "sed s/x/FACT/",
        "make X=FACT",
        "watch FACT",
    ],
)
def test_a_fact_is_seen_inside_of_commands_whoever_starts_the_shell(line: str) -> None:
    words = [word.replace("FACT", "echo {fact:ticket}") for word in line.split()]
    with pytest.raises(InputError, match="would take for commands"):
        program_words(words, {"ticket": "1; rm -r x"})
    assert "could be taken for a command" in str(list(advice(words)))
    assert program_words(words, {"ticket": "INC-4711"})


@pytest.mark.parametrize(
    "line", ["sh -c 'echo' sh FACT", "grep sh -c FACT", "env echo FACT", "ssh FACT", "python3 tool.py FACT"]
)
def test_a_fact_that_no_shell_reads_may_hold_anything(line: str) -> None:
    words = [word.replace("FACT", "={fact:ticket}") for word in line.split()]
    assert program_words(words, {"ticket": "1; rm -r x"})


@pytest.mark.parametrize(
    "line", ["sudo -- ssh FACT", "env -- ssh FACT uptime", "kubectl exec box -- ssh FACT", "cp -- a FACT"]
)
def test_two_dashes_protect_only_what_stands_directly_behind_them(line: str) -> None:
    words = [word.replace("FACT", "{fact:host}") for word in line.split()]
    with pytest.raises(InputError, match='"host" begins with a sign of options'):
        program_words(words, {"host": "-oProxyCommand=id>out"})
    assert "could be taken for an option" in str(list(advice(words)))
    both = ["sudo", "cp", "--", "{fact:host}", "{fact:host}"]
    assert program_words(both, {"host": "-x"})[-2:] == ("-x", "-x")


def test_a_fact_in_a_line_for_a_shell_cannot_be_an_option_there() -> None:
    with pytest.raises(InputError, match="commands"):
        program_words(["sh", "-c", "ssh {fact:host}"], {"host": "x -oProxyCommand=id"})


@pytest.mark.parametrize("line", ["sudo FACT", "sudo -- FACT", "env A=b FACT", "sh -c FACT", "bash -lc FACT"])
def test_a_fact_is_not_the_program_that_another_one_starts(line: str) -> None:
    with pytest.raises(InputError, match="which program"):
        program_words([word.replace("FACT", "{fact:x}") for word in line.split()], {"x": "reboot"})


@pytest.mark.parametrize(
    "line", ["curl -d {fact:x} http://h", "curl -F a={fact:x} http://h", "curl {fact:x}"]
)
@pytest.mark.parametrize("value", ["@/etc/passwd", "</etc/passwd"])
def test_a_fact_is_no_file_that_curl_would_send(line: str, value: str) -> None:
    with pytest.raises(InputError, match="name of a file"):
        program_words(line.split(), {"x": value})
    assert program_words(line.split(), {"x": "INC-4711"})


def test_a_fact_is_no_file_that_curl_would_fetch() -> None:
    with pytest.raises(InputError, match="name of a file"):
        program_words(["curl", "{fact:x}"], {"x": "File:///etc/passwd"})


def test_authors_are_told_of_secrets_options_and_code() -> None:
    assert [index for index, *_rest in advice(["ssh", "{fact:host}", "env:TOKEN"])] == [1, 2]
    assert not list(advice(["ssh", "--", "{fact:host}"]))
    assert [index for index, *_rest in mistakes(["{fact:x}", "{env:A}", "file:{fact:x}"])] == [0, 2]


def test_a_program_gets_its_secrets_by_environment_and_standard_input(tmp_path: Path) -> None:
    script = "import os, sys; print(len(os.environ['TOKEN']), len(sys.stdin.buffer.read().decode()))"
    program = Program(
        (sys.executable, "-c", script), 20.0, {"TOKEN": with_secret("env:A")}, with_secret("env:A")
    )
    ran = Real(Secrets(tmp_path, {"A": "hunter22"})).run(program)
    assert ran.output.split() == ["8", "8"]


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_masked_however_it_is_written(form: str) -> None:
    mask = Mask()
    mask.secret(SECRET)
    shown = mask.without_secrets(f"before {FORMS[form]} behind")
    assert shown.startswith("before ")
    assert shown.endswith(" behind")
    assert "•••" in shown
    assert "ter" not in shown
    assert mask.without_secrets("nothing of that") == "nothing of that"


def test_each_longer_line_of_a_secret_is_masked_alone() -> None:
    mask = Mask()
    mask.secret("BEGIN THE KEY\nabcdefghijklmnop\nEND")
    assert mask.without_secrets("x abcdefghijklmnop y") == "x ••• y"


class _Seen(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen = (self.path, self.headers["X-Token"])  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


def test_a_secret_is_encoded_in_a_url_and_works_in_a_header(tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), _Seen) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/?t={{env:A}}"
        headers = {"X-Token": with_secret("env:A", "Bearer ")}
        answer = Real(Secrets(tmp_path, {"A": SECRET})).request(Request("GET", written(url), headers))
        path, header = server.seen  # type: ignore[attr-defined]
    assert answer.status == 200
    assert path == f"/?t={quote(SECRET, safe='')}"
    assert header.encode("latin-1").decode() == f"Bearer {SECRET}"


def test_a_secret_that_no_header_can_hold_is_refused_without_a_letter_of_it(tmp_path: Path) -> None:
    request = Request("GET", "http://127.0.0.1:9/", {"X-Token": with_secret("env:A")})
    answer = Real(Secrets(tmp_path, {"A": "geheim\nzwei"})).request(request)
    assert not answer.sent
    assert "X-Token" in answer.trouble
    assert "geheim" not in answer.trouble


def test_a_file_of_a_secret_that_is_no_text_is_refused_without_a_byte_of_it(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"abc\xf3")
    with pytest.raises(InputError, match="no text in UTF-8") as refused:
        Secrets(tmp_path, {}).value("file:key")
    assert "f3" not in str(refused.value)


def test_what_would_be_safer_is_in_the_json_of_validate_too(tmp_path: Path) -> None:
    phases = """\
  - phase: Now
    steps:
      - step: send
        title: Send it
        command: {run: [curl, -H, "env:TOKEN", "https://example.com"]}
        by_hand: Send it.
"""
    said = bcp(office_in(tmp_path, outage=runbook(phases)), "validate", "--json")
    (remark,) = json.loads(said.stdout)["remarks"]
    assert said.returncode == 0 and "ps shows it" in remark["message"] and remark["line"]


CHANNELS = """
channels:
  - channel: mail
    smtp: {from: office@example.com, host: mail.example.com, user: office, password: "LINE"}
"""
PLACES = """
  - line: lte
    way:
      command: {use: [switch, on], back: [switch, --token, "keyring:router"]}
places:
  - place: site
    page: index.html
    way: {command: {read: [get, "Bearer {env:SITE}", "{file}"], write: [put, "{file}"]}}
watch: {notify: ["PYTHON", "--password=Hunter2x"]}
"""
CHECKS = """
check: load
title: The load
every: 5m
probes:
  - command: {run: [check_load, -w, "5"], windows: [check.exe, "file:token"]}
"""


def test_secrets_among_arguments_are_told_of_wherever_an_office_starts_programs(tmp_path: Path) -> None:
    office = office_in(tmp_path)
    (office / "bcp.yaml").write_text(
        (office / "bcp.yaml").read_text()
        + PLACES.removeprefix("\n").replace("PYTHON", Path(sys.executable).as_posix())
    )
    (office / "checks" / "load.yaml").write_text(CHECKS)
    said = bcp(office, "validate", "--json")
    found = json.loads(said.stdout)
    assert not found["mistakes"] and said.returncode == 0
    places = [(each["file"], each["line"]) for each in found["remarks"]]
    assert places == [("bcp.yaml", 14), ("bcp.yaml", 18), ("bcp.yaml", 19), ("checks/load.yaml", 6)]
    *others, of_a_check = [each["message"] for each in found["remarks"]]
    assert all("ps shows it" in each for each in others) and "no reference is looked up" in of_a_check
    assert "ps shows it" in bcp(office, "validate").stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("command:vault read --token env:TOKEN", "no reference is looked up"),
        ("command:vault read --token=Hunter2x", "ps shows it"),
        ("command:pass show mail | head -1", "no shell reads"),
    ],
)
def test_a_command_that_prints_a_secret_is_looked_at_in_channels(
    tmp_path: Path, line: str, words: str
) -> None:
    office = office_in(tmp_path)
    (office / "channels.yaml").write_text(CHANNELS.replace("LINE", line))
    (remark,) = json.loads(bcp(office, "validate", "--json").stdout)["remarks"]
    assert words in remark["message"] and (remark["file"], remark["line"]) == ("channels.yaml", 4)
    (office / "channels.yaml").write_text(CHANNELS.replace("LINE", "command:pass show --password-store x"))
    assert json.loads(bcp(office, "validate", "--json").stdout)["remarks"] == []


@pytest.mark.parametrize(
    "words", ["x --token {file} y", "x --password-file=a/b", "x --token -", "x --tokens abcd"]
)
def test_an_option_that_holds_no_secret_is_nobodys_trouble(words: str) -> None:
    assert not list(advice(words.split()))

"""A keyring that is locked, empty or not there: a sentence, the right exit status, and no letter of what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.offices import bcp_apart, office_in, runbook
from tests.programs import program


def is_clean(text: str) -> bool:
    return "Wq9" not in text and "zebra" not in text


KEYRINGS = {
    "locked": (
        "class KeyringLocked(Exception): pass\ndef get_password(*_): raise KeyringLocked('Wq9-zebra-Kettle-42')",
        "the keyring cannot be asked for router: KeyringLocked",
    ),
    "no backend": (
        "class NoKeyringError(RuntimeError): pass\ndef get_password(*_): raise NoKeyringError('No backend: Wq9')",
        "the keyring cannot be asked for router: NoKeyringError",
    ),
    "broken": ("raise RuntimeError('Wq9-zebra')", "the keyring cannot be asked for router: RuntimeError"),
    "absent": ("raise ImportError('Wq9-zebra')", "the secret keyring:router needs the keyring library"),
    "empty": ("def get_password(*_): return ''", "the secret keyring:router is empty"),
    "none": ("def get_password(*_): return None", "the keyring holds no secret router of bcp"),
}
"""The library, which is installed only where it is wanted, as it behaves on such a computer; and our sentence."""


@pytest.mark.parametrize("how", KEYRINGS)
def test_a_keyring_that_gives_nothing_fails_the_step_with_a_sentence_and_no_letter_of_anything(
    tmp_path: Path, how: str
) -> None:
    code, words = KEYRINGS[how]
    phases = f"""\
  - phase: Now
    steps:
      - step: send
        title: Send it
        auto: true
        command: {{run: {program("pass")}, env: {{TOKEN: "keyring:router"}}}}
        by_hand: Send it.
"""
    office = office_in(tmp_path / "office", outage=runbook(phases))
    library = tmp_path / "library"
    library.mkdir()
    (library / "keyring.py").write_text(code, encoding="utf-8")
    said = bcp_apart(office, "incident", "start", "outage", PYTHONPATH=str(library))
    assert said.returncode == 4, said.stderr
    assert words in " ".join((said.stdout + said.stderr).split())
    assert "Traceback" not in said.stderr and is_clean(said.stdout + said.stderr)
    for path in (each for each in office.rglob("*") if each.is_file()):
        assert is_clean(path.read_bytes().decode("latin-1")), path


def test_a_mailbox_whose_keyring_is_locked_is_an_input_to_correct(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office")
    (office / "channels.yaml").write_text(
        "channels:\n  - {channel: file, file: {}}\n"
        "inbox: {host: 127.0.0.1, port: 9, user: office, password: 'keyring:router'}\n"
    )
    library = tmp_path / "library"
    library.mkdir()
    (library / "keyring.py").write_text(KEYRINGS["locked"][0], encoding="utf-8")
    said = bcp_apart(office, "inbox", "fetch", PYTHONPATH=str(library))
    assert said.returncode == 2, said.stderr
    assert "-m keyring get bcp router" in said.stderr and is_clean(said.stderr)

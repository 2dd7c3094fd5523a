"""The providers of docs/numbers.md: loaded from the page, and carried out against servers that answer as published."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bcp.lever.number.kinds.rest import Rest
from bcp.office.model import Office
from bcp.yaml.source import Reader, parse
from tests.offices import OFFICE, bcp, office_in
from tests.phone_providers import BEARER, KEY, SECRET, TOKEN, Provider, served, sipgate, telnyx, zadarma

PAGE = (Path(__file__).parent.parent / "docs" / "numbers.md").read_text(encoding="utf-8")
SECRETS = {"sipgate": TOKEN, "telnyx": BEARER, "zadarma_key": KEY, "zadarma_secret": SECRET}


def recipe(name: str) -> str:
    """The lines below `rest:` of this number on the page."""
    found = re.search(rf"  - number: {name}\n    phone: .*\n(    way:\n(?:      .*\n)+)", PAGE)
    assert found, name
    return found[1]


def test_each_interface_of_the_page_can_be_loaded() -> None:
    for name in ("at-sipgate", "at-telnyx", "at-zadarma", "at-webex"):
        reader = Reader()
        text = f"{OFFICE}numbers:\n  - number: {name}\n{recipe(name)}"
        office = reader.model(parse(text, name), Office)
        assert office is not None and not reader.mistakes
        assert isinstance(office.numbers[0].way, Rest)


@pytest.mark.parametrize(
    ("name", "answer", "api", "before"),
    [
        ("sipgate", sipgate, "/v2", [{"destination": "voicemail", "timeout": 20, "active": True}]),
        ("telnyx", telnyx, "/v2", {"call_forwarding_enabled": False, "forwards_to": None, "forwarding_type": None}),
        ("zadarma", zadarma, "", {"sip_id": "00001", "status": "on", "condition": "always", "destination": "phone",
                                  "destination_value": "48600000777"}),
    ],
)  # fmt: skip
def test_an_interface_of_the_page_is_looked_at_by_a_check_that_changes_nothing(
    tmp_path: Path, name: str, answer: Any, api: str, before: Any
) -> None:
    """Copied from the page as it is, but for the address and where its secrets are."""
    with served(Provider(before, answer)) as provider:
        text = recipe(f"at-{name}").replace("names: {", f'names: {{api: "{provider.url}{api}", ')
        text = re.sub(r"keyring:([\w-]+)", lambda found: "env:" + found[1].replace("-", "_"), text)
        place = office_in(tmp_path / "office")
        (place / "bcp.yaml").write_text(
            f"{OFFICE}numbers:\n  - number: office\n    phone: '+48226000001'\n{text}", encoding="utf-8"
        )
        done = bcp(place, "number", "check", "office", **SECRETS)
        assert "the interface answers" in done.stdout and done.returncode == 8, done.stdout + done.stderr
        assert provider.state == before and provider.changes == []
        told = done.stdout + done.stderr
        assert not any(secret in told for secret in SECRETS.values())


@pytest.mark.lint
def test_what_replaces_a_skype_number_is_said_where_somebody_would_look() -> None:
    folder = Path(__file__).parent.parent
    for place in ("docs/numbers.md", "runbooks/divert-calls.yaml", "bcp/office/starter.yaml"):
        text = " ".join((folder / place).read_text(encoding="utf-8").replace("#", " ").split())
        for words in ("Skype ended in May 2025", "prepaid", "papers"):
            assert words in text, f"{place}: {words}"

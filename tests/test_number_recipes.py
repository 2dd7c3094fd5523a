"""The recipes of docs/numbers.md: loaded from the page, carried out, and what they ask compared with the documentation.

Telnyx: https://developers.telnyx.com/api-reference/phone-number-configurations/update-a-phone-number-with-voice-settings
sipgate: https://api.sipgate.com/v2/doc (PUT /{userId}/phonelines/{phonelineId}/forwardings)
Zadarma: https://zadarma.com/en/support/api/, signature as in https://github.com/zadarma/user-api-v1/blob/master/lib/Client.php
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bcp.runbook.model import Step
from bcp.yaml.source import Reader, parse
from tests.gateways import Asked, Gateway, gateway
from tests.offices import OFFICE, bcp, office_in, runbook

PAGE = (Path(__file__).parent.parent / "docs" / "numbers.md").read_text(encoding="utf-8")
NUMBERS = "numbers:\n  - {number: standby, phone: '+48732000001', method: api}\n"
SECRET, KEY = "s3cret", "k3y"


def recipe(name: str) -> str:
    """The block of the page that begins with this step."""
    found = re.search(rf"```yaml step\n(step: {name}\n.*?)```", PAGE, re.DOTALL)
    assert found, name
    return found[1]


def office(folder: Path, name: str, url: str) -> Path:
    """An office whose only step is the recipe, the provider's address replaced by that of a server here."""
    text = re.sub(r"https://api\.\w+\.com", url, recipe(name)).replace("keyring:", "env:")
    text = text.replace("[python3,", f"[{sys.executable},")
    first, *rest = text.replace("undo:\n", "undo:\n  auto: yes\n").splitlines()
    step = "\n".join([f"      - {first}", "        auto: yes", *(f"        {line}" for line in rest)])
    made = office_in(folder / "office", outage=runbook(f"  - phase: Now\n    steps:\n{step}"))
    (made / "bcp.yaml").write_text(OFFICE + NUMBERS, encoding="utf-8")
    script = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert script
    (made / "scripts").mkdir()
    (made / "scripts" / "zadarma.py").write_text(script[1], encoding="utf-8")
    return made


@contextmanager
def asked_by(folder: Path, name: str, **environ: str) -> Iterator[Gateway]:
    """What the recipe and then its undo asked of the provider."""
    with gateway(lambda _asked: (200, '{"status": "success"}')) as web:
        place = office(folder, name, web.url)
        told = {**environ, "ZADARMA_API": web.url}
        done = bcp(place, "incident", "start", "outage", **told)
        assert done.returncode == 0, done.stderr
        ended = bcp(place, "incident", "close", **told)
        assert ended.returncode in (0, 9), ended.stderr
        yield web


def sent(asked: Asked) -> tuple[str, str, Any]:
    return asked.method, asked.path, json.loads(asked.body)


def test_each_recipe_is_a_step_that_can_be_loaded() -> None:
    for name in ("call-the-number", "telnyx", "sipgate", "zadarma"):
        reader = Reader()
        step = reader.model(parse(recipe(name), name), Step)
        assert step is not None and not reader.mistakes


def test_telnyx_is_asked_as_its_documentation_says(tmp_path: Path) -> None:
    with asked_by(tmp_path, "telnyx", telnyx="KEY") as web:
        there, back = web.asked
    path = "/v2/phone_numbers/1293384261075731499/voice"
    on = {"call_forwarding_enabled": True, "forwards_to": "+48600000101", "forwarding_type": "always"}
    assert sent(there) == ("PATCH", path, {"call_forwarding": on})
    assert sent(back) == ("PATCH", path, {"call_forwarding": {"call_forwarding_enabled": False}})
    assert there.headers["Authorization"] == "Bearer KEY"


def test_sipgate_is_asked_as_its_documentation_says(tmp_path: Path) -> None:
    login = base64.b64encode(b"token-ID:token").decode()
    with asked_by(tmp_path, "sipgate", sipgate=login) as web:
        there, back = web.asked
    path = "/v2/w0/phonelines/p0/forwardings"
    on = {"destination": "+48600000101", "timeout": 0, "active": True}
    assert sent(there) == ("PUT", path, {"forwardings": [on]})
    assert sent(back) == ("PUT", path, {"forwardings": []})
    assert there.headers["Authorization"] == f"Basic {login}"


def test_zadarma_is_asked_with_its_signature(tmp_path: Path) -> None:
    with asked_by(tmp_path, "zadarma", ZADARMA_KEY=KEY, ZADARMA_SECRET=SECRET) as web:
        asked = list(web.asked)
    assert [one.form for one in asked] == [
        {"format": "json", "id": "00001", "number": "48600000101", "type": "phone"},
        {"format": "json", "id": "00001", "status": "on"},
        {"format": "json", "id": "00001", "status": "off"},
    ]
    for one in asked:
        assert (one.method, one.path) == ("PUT", "/v1/sip/redirection/")
        text = one.path.encode() + one.body + hashlib.md5(one.body).hexdigest().encode()
        mac = hmac.new(SECRET.encode(), text, hashlib.sha1).hexdigest()
        assert one.headers["Authorization"] == f"{KEY}:{base64.b64encode(mac.encode()).decode()}"

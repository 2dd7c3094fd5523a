"""sipgate, Telnyx and Zadarma on loopback: they keep what was set, answer as published, and refuse what is not.

sipgate: https://api.sipgate.com/v2/swagger.json (GET, PUT /{userId}/phonelines/{phonelineId}/forwardings; HTTP Basic).
Telnyx: https://developers.telnyx.com/api-reference/phone-number-configurations/update-a-phone-number-with-voice-settings
(forwards_to is E.164 or blank, forwarding_type always or on-failure).
Zadarma: https://zadarma.com/en/support/api/ (sip/redirection) and https://github.com/zadarma/user-api-v1
(lib/Client.php for the signature, lib/Response for the fields); a line that is not forwarded shows its status alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

KEY, SECRET = "k3y-of-the-office", "s3cret-of-the-office"
TOKEN_ID, TOKEN = "token-AB12CD", "sipgate-token"
BEARER = "KEY0123456789"

Reply = tuple[int, Any]


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: str
    body: str
    headers: dict[str, str]

    @property
    def fields(self) -> dict[str, str]:
        """The fields of its form, or of its query."""
        return dict(parse_qsl(self.body or self.query, keep_blank_values=True))


@dataclass
class Provider:
    """What is set there. Of its changes, counted from 1, `lost` get no answer, and `undone` do nothing besides."""

    state: Any
    answer: Callable[[Any, Asked], Reply]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    undone: set[int] = field(default_factory=set)
    says: Reply | None = None

    @property
    def changes(self) -> list[Asked]:
        """What was asked to change something."""
        return [one for one in self.asked if one.method != "GET"]


def sipgate(provider: Provider, asked: Asked) -> Reply:
    """The forwardings of the line p0 of the user w0; `state` is the list."""
    login = base64.b64encode(f"{TOKEN_ID}:{TOKEN}".encode()).decode()
    if asked.headers.get("Authorization") != f"Basic {login}":
        return 401, {"error": "Unauthorized"}
    if asked.path != "/v2/w0/phonelines/p0/forwardings":
        return 404, {"error": "Not Found"}
    if asked.method == "GET":
        return 200, {"items": provider.state}
    body = json.loads(asked.body)
    shapes = {"destination": str, "timeout": int, "active": bool}
    is_known = set(body) == {"forwardings"} and all(
        set(each) == set(shapes) and all(type(each[key]) is kind for key, kind in shapes.items())
        for each in body["forwardings"]
    )
    if asked.method != "PUT" or not is_known:
        return 400, {"error": "Bad Request"}
    provider.state = body["forwardings"]
    return 204, None


def telnyx(provider: Provider, asked: Asked) -> Reply:
    """The voice settings of one number; `state` is its call_forwarding."""
    if asked.headers.get("Authorization") != f"Bearer {BEARER}":
        return 401, {"errors": [{"code": "10009", "title": "Authentication failed"}]}
    if asked.path != "/v2/phone_numbers/1293384261075731499/voice":
        return 404, {"errors": [{"code": "10005", "title": "Resource not found"}]}
    shown = {
        "data": {
            "id": "1293384261075731499", "record_type": "voice_settings", "tech_prefix_enabled": False,
            "call_forwarding": provider.state, "usage_payment_method": "pay-per-minute",
        }
    }  # fmt: skip
    if asked.method == "GET":
        return 200, shown
    body = json.loads(asked.body)
    told = body.get("call_forwarding", {})
    is_known = (
        asked.method == "PATCH"
        and set(body) == {"call_forwarding"}
        and set(told) <= {"call_forwarding_enabled", "forwards_to", "forwarding_type"}
        and isinstance(told.get("call_forwarding_enabled", True), bool)
        and re.fullmatch(r"(\+\d{7,15})?", told.get("forwards_to") or "") is not None
        and told.get("forwarding_type") in ("always", "on-failure", "", None)
    )
    if not is_known:
        return 422, {"errors": [{"code": "10015", "title": "Bad Request"}]}
    provider.state = {**provider.state, **told}
    shown["data"]["call_forwarding"] = provider.state
    return 200, shown


def zadarma(provider: Provider, asked: Asked) -> Reply:
    """The redirection of the SIP number 00001; `state` is what is shown of it while it is on."""
    fields = asked.fields
    said = urlencode(sorted(fields.items()))
    text = asked.path + said + hashlib.md5(said.encode()).hexdigest()
    seal = hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).hexdigest()
    if asked.headers.get("Authorization") != f"{KEY}:{base64.b64encode(seal.encode()).decode()}":
        return 401, {"status": "error", "message": "Not authorized"}
    if asked.path != "/v1/sip/redirection/" or fields.pop("format") != "json":
        return 404, {"status": "error", "message": "Not found"}
    if fields.pop("id") != "00001":
        return 400, {"status": "error", "message": "Wrong id"}
    state = provider.state
    if asked.method == "GET":
        shown = state if state["status"] == "on" else {key: state[key] for key in ("sip_id", "status")}
        return 200, {"status": "success", "info": [shown]}
    if set(fields) == {"status"} and fields["status"] in ("on", "off"):
        provider.state = {**state, "status": fields["status"]}
        return 200, {"status": "success", "sip": "00001", "current_status": fields["status"]}
    is_phone = (
        set(fields) == {"type", "number"} and fields["type"] == "phone" and fields["number"].isdecimal()
    )
    if asked.method != "PUT" or not is_phone:
        return 400, {"status": "error", "message": "Wrong parameters"}
    provider.state = {
        "condition": "always", **state, "destination": "phone", "destination_value": fields["number"],
    }  # fmt: skip
    return 200, {"status": "success", "sip": "00001", "destination": fields["number"]}


@contextmanager
def served(provider: Provider) -> Iterator[Provider]:
    """The provider on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            asked = Asked(self.command, parts.path, parts.query, body, dict(self.headers))
            provider.asked.append(asked)
            turn = len(provider.changes) if self.command != "GET" else 0
            if turn and turn in provider.undone:
                self.close_connection = True
                return
            status, told = provider.says or provider.answer(provider, asked)
            if turn and turn in provider.lost:
                self.close_connection = True
                return
            raw = told if isinstance(told, bytes) else b"" if told is None else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_PUT = do_PATCH = do_POST = do_DELETE = do_GET

        def log_message(self, *_arguments: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()

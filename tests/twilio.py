"""A small Twilio on loopback: it keeps state, answers as the vendor's OpenAPI document says, and notes what breaks it.

Sources of what the document does not say: https://www.twilio.com/docs/api/errors (20003, 20404, 20429, 21422, 21631,
21649), …/docs/phone-numbers/pricing, …/docs/phone-numbers/regulatory/api/bundles.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

CONTRACT = Path(__file__).parent / "data" / "twilio_api_v2010.trim.json"
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "twilio-secret"
BUNDLE = "BU" + "b" * 32
ADDRESS = "AD" + "a" * 32
BEFORE = "https://demo.example/welcome"
_V = "/2010-04-01/Accounts/{AccountSid}"

Reply = tuple[int, dict[str, Any]]


@dataclass
class Fault:
    """What goes wrong with the next `times` requests that match: before or after the deed is done."""

    method: str
    path: str
    status: int = 500
    after: bool = False
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    garbled: bool = False
    hold: threading.Event | None = None


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]


@dataclass
class Twilio:
    """The account: its numbers, calls and papers; `wrong` is everything that broke the contract."""

    url: str = ""
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    for_sale: list[str] = field(default_factory=lambda: ["+48732000001", "+48732000002"])
    bundles: dict[str, str] = field(default_factory=dict)
    needs_bundle: bool = True
    needs_address: bool = False
    balance: str = "23.40"
    status: str = "active"
    kind: str = "Full"
    asked: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lag: int = 0
    echoed: int = 0
    kept_bin: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    def own(self, phone: str, **more: Any) -> dict[str, Any]:
        """A number in the account."""
        sid = f"PN{len(self.numbers) + 1:032x}"
        self.numbers[sid] = {
            "account_sid": ACCOUNT, "address_sid": None, "address_requirements": "none", "api_version": "2010-04-01",
            "beta": False, "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
            "date_created": None, "date_updated": None, "friendly_name": phone, "identity_sid": None,
            "phone_number": phone, "origin": "twilio", "sid": sid, "sms_application_sid": None,
            "sms_fallback_method": "POST", "sms_fallback_url": "https://demo.example/sms", "sms_method": "POST",
            "sms_url": "https://demo.example/sms", "status_callback": "https://demo.example/status",
            "status_callback_method": "POST", "trunk_sid": None,
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{sid}.json", "voice_receive_mode": "voice",
            "voice_application_sid": None, "voice_caller_id_lookup": False, "voice_fallback_method": "POST",
            "voice_fallback_url": "https://demo.example/fallback", "voice_method": "POST", "voice_url": BEFORE,
            "emergency_status": "Active", "emergency_address_sid": None, "emergency_address_status": "unregistered",
            "bundle_sid": None, "status": "in-use", "type": "mobile", **more,
        }  # fmt: skip
        return self.numbers[sid]

    def spoken(self) -> str:
        """The digits that the last call says to whoever answers it."""
        last = list(self.calls.values())[-1]
        return "".join(re.findall(r"\d", re.sub(r'loop="\d+"', "", last["twiml"])))

    def posts(self, what: str) -> list[Asked]:
        """The requests that change something, by the end of their path."""
        return [one for one in self.asked if one.method == "POST" and one.path.endswith(what)]

    # The interface -----------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Reply:
        """What Twilio answers, after it did what was asked."""
        routes: list[tuple[str, str, Callable[..., Reply]]] = [
            ("GET", rf"/2010-04-01/Accounts/{ACCOUNT}\.json", self._account),
            ("GET", rf"/2010-04-01/Accounts/{ACCOUNT}/Balance\.json", self._balance),
            ("GET", rf"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers\.json", self._list),
            ("POST", rf"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers\.json", self._buy),
            ("POST", rf"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/(PN\w+)\.json", self._change),
            ("POST", rf"/2010-04-01/Accounts/{ACCOUNT}/Calls\.json", self._call),
            ("GET", rf"/2010-04-01/Accounts/{ACCOUNT}/Calls/(CA\w+)\.json", self._fetch_call),
            ("GET", rf"/2010-04-01/Accounts/{ACCOUNT}/AvailablePhoneNumbers/PL/Mobile\.json", self._offers),
            ("GET", r"/v1/PhoneNumbers/Countries/PL", self._price),
            ("GET", r"/v2/RegulatoryCompliance/Bundles/(BU\w+)", self._bundle),
        ]
        for method, pattern, deed in routes:
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                return deed(asked, *found.groups())
        return refused(404, 20404, "The requested resource was not found")

    def echo(self, asked: Asked) -> str:
        """What the Echo twimlet answers: the document in its address."""
        self.echoed += 1
        return asked.query["Twiml"]

    def show_bin(self, asked: Asked, path: str, signature: str | None) -> tuple[int, bytes]:
        """A TwiML Bin: shown to whoever signs the whole address, with the parameters of the request filled in."""
        seal = hmac.new(TOKEN.encode(), f"{self.url}{path}".encode(), hashlib.sha1).digest()
        if signature != base64.b64encode(seal).decode() or asked.query.get("AccountSid") != ACCOUNT:
            return 403, b"<Error/>"
        text = re.sub(r"\{\{(\w+)\}\}", lambda found: asked.query.get(found[1], ""), self.kept_bin)
        return 200, text.encode()

    def _account(self, asked: Asked) -> Reply:
        return 200, {
            "auth_token": "", "date_created": None, "date_updated": None, "friendly_name": "Kropka",
            "owner_account_sid": ACCOUNT, "sid": ACCOUNT, "status": self.status, "subresource_uris": {},
            "type": self.kind, "uri": f"/2010-04-01/Accounts/{ACCOUNT}.json",
        }  # fmt: skip

    def _balance(self, asked: Asked) -> Reply:
        return 200, {"account_sid": ACCOUNT, "balance": self.balance, "currency": "USD"}

    def _list(self, asked: Asked) -> Reply:
        self.lag, is_late = max(0, self.lag - 1), self.lag > 0
        found = [
            each
            for each in ({} if is_late else self.numbers).values()
            if asked.query.get("PhoneNumber", each["phone_number"]) in each["phone_number"]
            and asked.query.get("FriendlyName", each["friendly_name"]) == each["friendly_name"]
        ]
        uri = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json"
        return 200, {
            "end": 0, "first_page_uri": uri, "next_page_uri": None, "page": 0, "page_size": 50,
            "previous_page_uri": None, "start": 0, "uri": uri, "incoming_phone_numbers": found,
        }  # fmt: skip

    def _buy(self, asked: Asked) -> Reply:
        phone = asked.form.get("PhoneNumber", "")
        if phone not in self.for_sale:
            return refused(400, 21422, f"{phone} is not available")
        if self.needs_address and not asked.form.get("AddressSid"):
            return refused(
                400, 21631, "Phone Number Requires an Address but the 'AddressSid' parameter was empty."
            )
        if self.needs_bundle and self.bundles.get(asked.form.get("BundleSid", "")) != "twilio-approved":
            return refused(400, 21649, "Bundle required")
        self.for_sale.remove(phone)
        made = self.own(phone, friendly_name=asked.form.get("FriendlyName") or phone)
        made["bundle_sid"] = asked.form.get("BundleSid")
        return 201, made

    def _change(self, asked: Asked, sid: str) -> Reply:
        if sid not in self.numbers:
            return refused(404, 20404, "The requested resource was not found")
        for key, value in asked.form.items():
            self.numbers[sid][re.sub(r"(?<!^)([A-Z])", r"_\1", key).lower()] = value
        return 200, self.numbers[sid]

    def _call(self, asked: Asked) -> Reply:
        if asked.form["From"] not in [each["phone_number"] for each in self.numbers.values()]:
            return refused(400, 21210, "From phone number not verified")
        sid = f"CA{len(self.calls) + 1:032x}"
        self.calls[sid] = {"to": asked.form["To"], "twiml": asked.form["Twiml"], "status": "no-answer"}
        return 201, self._as_call(sid, "queued")

    def _fetch_call(self, asked: Asked, sid: str) -> Reply:
        return 200, self._as_call(sid, self.calls[sid]["status"])

    def _as_call(self, sid: str, status: str) -> dict[str, Any]:
        return {
            "sid": sid, "date_created": None, "date_updated": None, "parent_call_sid": None, "account_sid": ACCOUNT,
            "to": self.calls[sid]["to"], "to_formatted": None, "from": "+48732000009", "from_formatted": None,
            "phone_number_sid": None, "status": status, "start_time": None, "end_time": None, "duration": None,
            "price": None, "price_unit": "USD", "direction": "outbound-api", "answered_by": None,
            "api_version": "2010-04-01", "forwarded_from": None, "group_sid": None, "caller_name": None,
            "queue_time": "0", "trunk_sid": None, "uri": f"/Calls/{sid}.json", "subresource_uris": {},
        }  # fmt: skip

    def _offers(self, asked: Asked) -> Reply:
        wanted = asked.query.get("Contains", "")
        found = [
            {
                "friendly_name": phone, "phone_number": phone, "lata": None, "locality": "Warszawa",
                "rate_center": None, "latitude": None, "longitude": None, "region": None, "postal_code": None,
                "iso_country": "PL", "address_requirements": "any", "beta": False,
                "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
            }
            for phone in self.for_sale
            if wanted in phone
        ]  # fmt: skip
        uri = f"/2010-04-01/Accounts/{ACCOUNT}/AvailablePhoneNumbers/PL/Mobile.json"
        return 200, {"available_phone_numbers": found, "uri": uri}

    def _price(self, asked: Asked) -> Reply:
        prices = [{"number_type": "mobile", "base_price": "6.00", "current_price": "5.75"}]
        return 200, {
            "country": "Poland",
            "iso_country": "PL",
            "phone_number_prices": prices,
            "price_unit": "USD",
        }

    def _bundle(self, asked: Asked, sid: str) -> Reply:
        if sid not in self.bundles:
            return refused(404, 20404, "The requested resource was not found")
        return 200, {"sid": sid, "account_sid": ACCOUNT, "status": self.bundles[sid]}


def refused(status: int, code: int, message: str) -> Reply:
    return status, {"code": code, "message": message, "status": status, "more_info": f"https://…/{code}"}


@cache
def _checked() -> _Checked:
    return _Checked()


class _Checked:
    """Each request and each answer against the vendor's document."""

    def __init__(self) -> None:
        from openapi_core import OpenAPI

        self.spec = json.loads(CONTRACT.read_text())
        self.api = OpenAPI.from_dict(self.spec)

    def __call__(self, asked: Asked, headers: dict[str, str], body: bytes, reply: Reply) -> str:
        from openapi_core.exceptions import OpenAPIError
        from openapi_core.testing import MockRequest, MockResponse

        strange = self._strange(asked)
        if strange:
            return f"{asked.method} {asked.path}: the contract does not know {strange}"
        form = "application/x-www-form-urlencoded"
        request = MockRequest(
            "https://api.twilio.com", asked.method.lower(), asked.path, args=asked.query, headers=headers,
            **({"data": body, "content_type": form} if asked.method == "POST" else {}),
        )  # fmt: skip
        try:
            self.api.validate_request(request)
            if reply[0] < 300:
                self.api.validate_response(request, MockResponse(json.dumps(reply[1]).encode(), reply[0]))
        except OpenAPIError as error:
            return f"{asked.method} {asked.path}: {error!r}: {error.__cause__!r}"
        return ""

    def _strange(self, asked: Asked) -> set[str]:
        """Fields that the document does not name: openapi-core lets them pass."""
        for path, methods in self.spec["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path).replace(".json", r"\.json"), asked.path):
                told = methods.get(asked.method.lower())
                if told is None:
                    return {asked.method}
                queries = {each["name"] for each in told.get("parameters", ()) if each["in"] == "query"}
                content = told.get("requestBody", {}).get("content", {})
                forms = set(
                    content.get("application/x-www-form-urlencoded", {})
                    .get("schema", {})
                    .get("properties", {})
                )
                return (set(asked.query) - queries) | (set(asked.form) - forms)
        return {asked.path}


@contextmanager
def twilio() -> Iterator[Twilio]:
    """The account on loopback; at the end nothing may have broken the contract."""
    account, checked = Twilio(), _checked()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve("GET", b"")

        def do_POST(self) -> None:
            self._serve("POST", self.rfile.read(int(self.headers["Content-Length"])))

        def _serve(self, method: str, body: bytes) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            asked = Asked(method, parts.path, query, dict(parse_qsl(body.decode(), keep_blank_values=True)))
            if parts.path == "/echo":
                self._send_raw(200, account.echo(asked).encode(), "text/xml")
                return
            if parts.path.startswith("/twiml/EH"):
                seal = self.headers.get("X-Twilio-Signature")
                self._send_raw(*account.show_bin(asked, self.path, seal), "text/xml")
                return
            account.asked.append(asked)
            login = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
            fault = _due(account, asked)
            if self.headers.get("Authorization") != f"Basic {login}":
                reply = refused(401, 20003, "Authenticate")
            elif fault is not None and not fault.after:
                reply = refused(fault.status, {429: 20429}.get(fault.status, 20500), "Trouble")
            else:
                reply = account.answer(asked)
                if parts.path.startswith("/2010"):
                    headers = {"Authorization": self.headers["Authorization"]}
                    wrong = checked(asked, headers, body, reply)
                    account.wrong.extend([wrong] if wrong else [])
                if fault is not None:
                    reply = refused(fault.status, 20500, "Trouble")
            self._send(reply, fault)

        def _send(self, reply: Reply, fault: Fault | None) -> None:
            if fault is not None and fault.hold is not None:
                account.done.set()
                fault.hold.wait(60)
            if fault is not None and fault.cut:
                self.connection.close()
                return
            raw = json.dumps(reply[1]).encode()[: 20 if fault is not None and fault.garbled else None]
            self._send_raw(reply[0], raw, "application/json", fault.headers if fault else {})

        def _send_raw(
            self, status: int, raw: bytes, kind: str, more: Mapping[str, str] = MappingProxyType({})
        ) -> None:
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_arguments: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    account.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield account
    finally:
        for fault in account.faults:
            if fault.hold is not None:
                fault.hold.set()
        server.shutdown()
        server.server_close()
    assert account.wrong == [], account.wrong


def _due(account: Twilio, asked: Asked) -> Fault | None:
    for fault in account.faults:
        if fault.times and fault.method == asked.method and re.search(fault.path, asked.path):
            fault.times -= 1
            return fault
    return None

"""Requests that a provider wants signed: the signature is made at the last moment, when the secrets are known."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_FORM = "application/x-www-form-urlencoded"


class SignedRequest(NamedTuple):
    """What goes out: the whole address, the body (None where a GET has none), and the headers that sign it."""

    url: str
    content: bytes | None
    headers: dict[str, str]


def zadarma(method: str, url: str, form: Mapping[str, str] | None, key: str, secret: str) -> SignedRequest:
    """Sign as https://zadarma.com/en/support/api/ says, in the words of their own client (lib/Client.php there).

    1. All fields, `format=json` among them, sorted by name and encoded as a form: in the query of a GET, else the body.
    2. The text is the path, then those fields, then their MD5 as hexadecimal digits.
    3. The signature is the HMAC-SHA1 of the text as hexadecimal digits, and those in base64.
    """
    parts = urlsplit(url)
    fields = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **(form or {}), "format": "json"}
    # PHP, which compares it, encodes this sign, too.
    said = urlencode(sorted(fields.items())).replace("~", "%7E")
    text = f"{parts.path}{said}{hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()}"
    seal = hmac.new(secret.encode(), text.encode(), hashlib.sha1).hexdigest()
    headers = {"Authorization": f"{key}:{base64.b64encode(seal.encode()).decode()}"}
    if method == "GET":
        return SignedRequest(urlunsplit(parts._replace(query=said)), None, headers)
    headers["Content-Type"] = _FORM
    return SignedRequest(urlunsplit(parts._replace(query="")), said.encode(), headers)


def twilio(url: str, secret: str) -> SignedRequest:
    """Sign a GET as Twilio itself signs one: the HMAC-SHA1 of the whole address, in base64.

    https://www.twilio.com/docs/usage/security#validating-requests. With it Twilio shows a TwiML Bin
    (https://help.twilio.com/articles/223132187).
    """
    seal = hmac.new(secret.encode(), url.encode(), hashlib.sha1).digest()
    return SignedRequest(url, None, {"X-Twilio-Signature": base64.b64encode(seal).decode()})

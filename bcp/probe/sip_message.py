"""SIP messages (RFC 3261) and digest answers (RFC 2617, 8760): requests out, responses in, all bounded."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bcp.mask import KNOWN

MOST = 1 << 16
_START = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: (.*))?")
_PARAMETER = re.compile(r'(?<!\w)(\w++)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_SHORT = {"v": "via", "i": "call-id", "f": "from", "t": "to", "l": "content-length", "m": "contact"}
_CHALLENGES = ("www-authenticate", "proxy-authenticate")
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


class MalformedSip(ValueError):
    """These bytes are not a SIP response."""


@dataclass(frozen=True, slots=True)
class Response:
    """What a SIP server said."""

    code: int
    phrase: str
    headers: Mapping[str, str]

    @property
    def is_final(self) -> bool:
        """Whether no other response follows."""
        return self.code >= 200


def parse(data: bytes) -> Response:
    """The response in `data`. Raises Malformed for anything that is none."""
    head = data[:MOST].decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n\n")[0]
    first, *rest = head.split("\n")
    found = _START.fullmatch(first)
    if not found:
        raise MalformedSip("it is not SIP")
    headers: dict[str, str] = {}
    for line in _unfolded(rest):
        name, _colon, value = line.partition(":")  # a line without one says nothing, and takes nothing away
        key = name.strip().lower()
        key = _SHORT.get(key, key)
        if key in _CHALLENGES and key in headers:  # one for each kind of digest (RFC 8760 §2.3)
            headers[key] += "\n" + value.strip()
        headers.setdefault(key, value.strip())
    return Response(int(found[1]), KNOWN.without_secrets((found[2] or "").strip())[:80], headers)


def _unfolded(lines: list[str]) -> list[str]:
    whole: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and whole:
            whole[-1] += " " + line.strip()
        elif line.strip():
            whole.append(line)
    return whole


def length_of_body(head: bytes) -> int:
    """The Content-Length of a response that came over TCP; nothing said is nothing to come."""
    text = parse(head).headers.get("content-length", "0")
    if not text.isascii() or not text.isdigit() or int(text) > MOST:
        raise MalformedSip("its length makes no sense")
    return int(text)


@dataclass
class Dialog:
    """The requests of one look: they share a Call-ID and count up."""

    domain: str
    user: str
    transport: str
    here: str
    call: str = field(default_factory=lambda: secrets.token_hex(12))
    number: int = 0
    branch: str = ""

    @property
    def uri(self) -> str:
        """The domain as requests name it."""
        return f"sip:{f'[{self.domain}]' if ':' in self.domain else self.domain}"

    def request(self, method: str, extra: Mapping[str, str] | None = None) -> bytes:
        """The next request. A REGISTER without Contact asks who is registered, no more (§10.2.3).

        Any other says where we are: RFC 3261 leaves that open for OPTIONS (§11.1), and there are servers that insist.
        """
        self.number += 1
        self.branch = f"z9hG4bK{secrets.token_hex(8)}"
        uri, who = self.uri, f"<sip:{self.user}@{self.uri.removeprefix('sip:')}>"
        headers = {
            "Via": f"SIP/2.0/{self.transport.upper()} {self.here};branch={self.branch};rport",
            "Max-Forwards": "70",
            "From": f"{who};tag={self.call[:8]}",
            "To": who if method == "REGISTER" else f"<{uri}>",
            "Call-ID": self.call,
            "CSeq": f"{self.number} {method}",
            "User-Agent": "bcp",
            **({} if method == "REGISTER" else {"Contact": f"<sip:{self.user}@{self.here}>"}),
            **(extra or {}),
            "Content-Length": "0",
        }
        lines = [f"{method} {uri} SIP/2.0", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def is_ours(self, response: Response) -> bool:
        """Whether a response answers the last request (RFC 3261 §17.1.3 and §8.1.3)."""
        number = response.headers.get("cseq", "").split()[:1]
        return response.headers.get("call-id") == self.call and number == [str(self.number)]


def authorization(challenges: str, method: str, uri: str, user: str, password: str) -> str | None:
    """The answer to a Digest challenge: of several, each on a line, to the first that can be answered; else None."""
    for challenge in challenges.splitlines():
        with suppress(MalformedSip):
            return _answer(challenge, method, uri, user, password)
    return None


def is_stale(challenges: str) -> bool:
    """Whether the answer was right, and only its number too old (RFC 2617 §3.2.1)."""
    return re.search(r"\bstale\s*=\s*\"?true\b", challenges, re.IGNORECASE) is not None


def _answer(challenge: str, method: str, uri: str, user: str, password: str) -> str:
    scheme, _, rest = challenge.partition(" ")
    told = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)}
    algorithm = told.get("algorithm", "MD5").upper()
    if scheme.lower() != "digest" or algorithm not in _HASHES or not {"realm", "nonce"} <= told.keys():
        raise MalformedSip("it asks for a login of a kind that we do not know")

    def digest(text: str) -> str:
        return _HASHES[algorithm](text.encode(), usedforsecurity=False).hexdigest()

    secret, deed = digest(f"{user}:{told['realm']}:{password}"), digest(f"{method}:{uri}")
    parts = {"username": user, "realm": told["realm"], "nonce": told["nonce"], "uri": uri}
    if "auth" in told.get("qop", "").split(","):
        once = secrets.token_hex(8)
        parts["response"] = digest(f"{secret}:{told['nonce']}:00000001:{once}:auth:{deed}")
        tail = f', qop=auth, nc=00000001, cnonce="{once}"'
    else:
        parts["response"], tail = digest(f"{secret}:{told['nonce']}:{deed}"), ""
    if "opaque" in told:
        parts["opaque"] = told["opaque"]
    shown = ", ".join(f'{name}="{value}"' for name, value in parts.items())
    return f"Digest {shown}, algorithm={algorithm}{tail}"

"""The interfaces that the `rest` way knows by the provider's name, each as its published description has it.

sipgate: https://api.sipgate.com/v2/swagger.json, GET and PUT /{userId}/phonelines/{phonelineId}/forwardings. The list
that is sent replaces the one that is there, so all of it is kept. A time-out of 0 forwards at once.

Telnyx: https://developers.telnyx.com/api-reference/phone-number-configurations/ (retrieve and update a phone number
with voice settings). A PATCH changes the object `call_forwarding` alone.

Zadarma: https://zadarma.com/en/support/api/ (sip/redirection), fields as in their client's lib/Api.php and
lib/Response/Redirection.php. The interface sets a phone only, so nothing else is replaced: it could not be put back.
When calls are forwarded (`condition`) cannot be set either, and stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SIPGATE = "{api}/{user}/phonelines/{line}/forwardings"
_TELNYX = "{api}/phone_numbers/{id}/voice"
_ZADARMA = "{api}/v1/sip/redirection/"

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "sipgate": {
        "names": {"api": "https://api.sipgate.com/v2"},
        "read": {"url": _SIPGATE, "at": "/items"},
        "set": [
            {
                "method": "PUT",
                "url": _SIPGATE,
                "json": {"forwardings": [{"destination": "{to}", "timeout": 0, "active": True}]},
            }
        ],
        "shows": {"/0/destination": "{to}", "/0/timeout": 0, "/0/active": True, "/1": None},
        "back": [{"method": "PUT", "url": _SIPGATE, "json": {"forwardings": "{before}"}}],
    },
    "telnyx": {
        "names": {"api": "https://api.telnyx.com/v2"},
        "read": {"url": _TELNYX, "at": "/data/call_forwarding"},
        "set": [
            {
                "method": "PATCH",
                "url": _TELNYX,
                "json": {
                    "call_forwarding": {
                        "call_forwarding_enabled": True,
                        "forwards_to": "{to}",
                        "forwarding_type": "always",
                    }
                },
            }
        ],
        "shows": {"/call_forwarding_enabled": True, "/forwards_to": "{to}", "/forwarding_type": "always"},
        "back": [{"method": "PATCH", "url": _TELNYX, "json": {"call_forwarding": "{before}"}}],
    },
    "zadarma": {
        "names": {"api": "https://api.zadarma.com"},
        "sign": "zadarma",
        "success": {"/status": "success"},
        "read": {"url": _ZADARMA + "?id={sip}", "at": "/info/0"},
        "may_replace": {"/destination": ["phone", None]},
        "set": [
            {
                "method": "PUT",
                "url": _ZADARMA,
                "form": {"id": "{sip}", "type": "phone", "number": "{to:digits}"},
            },
            {"method": "PUT", "url": _ZADARMA, "form": {"id": "{sip}", "status": "on"}},
        ],
        "shows": {"/status": "on", "/destination": "phone", "/destination_value": "{to:digits}"},
        "back": [
            {
                "method": "PUT",
                "url": _ZADARMA,
                "form": {"id": "{sip}", "type": "phone", "number": "{before:/destination_value}"},
                "only_if": {"/destination": "phone"},
            },
            {"method": "PUT", "url": _ZADARMA, "form": {"id": "{sip}", "status": "{before:/status}"}},
        ],
    },
}

"""Twilio's HTTP interface as the number room uses it, and its errors in plain words.

https://www.twilio.com/docs/usage/api and https://www.twilio.com/docs/api/errors. Twilio has no idempotency keys: what
got no clear answer is raised as Unsure, and whoever asked looks before anything is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bcp.clock import Clock
from bcp.errors import StepFailed, Unsure
from bcp.i18n import _
from bcp.outside import HttpResponse, Request, World

_TRIES = 3
_PAUSE = 2.0
_LONGEST_PAUSE = 20.0
_TOO_MANY = 429
_MOST = 1024 * 1024
Resource = dict[str, Any]
"""What Twilio tells of one thing, under the names of its documentation."""

BY_HAND = (
    "do it in Twilio's console, as the step says by hand, and mend the way of this number in bcp.yaml later"
)


def _said(code: int) -> str:
    """What an error of Twilio means to an office; nothing for one that says enough itself."""
    return {
        10001: _("Twilio has suspended this account"),
        20003: _("Twilio does not accept the account and the token"),
        20005: _("Twilio has suspended this account"),
        20404: _("Twilio does not know it: it is not, or no longer, in this account"),
        20429: _("Twilio is asked too much at once"),
        21210: _(
            "the number from which the test call comes is neither at Twilio nor confirmed there as yours"
        ),
        21215: _("the account may not call that country: Twilio's console, Voice, Geographic permissions"),
        21219: _("a trial account calls only numbers that were confirmed there as yours"),
        21422: _("somebody else has this number by now"),
        21452: _("Twilio has no such number at present"),
        21613: _("Twilio wants an address for this number first: address: AD… below its way in bcp.yaml"),
        21615: _(
            "Twilio wants an address in the place of this number: address: AD… below its way in bcp.yaml"
        ),
        21631: _("Twilio wants an address for this number first: address: AD… below its way in bcp.yaml"),
        21649: _(
            "Twilio hands this number over only with an approved bundle of papers: have it approved in Twilio's "
            "console, which takes days, then bundle: BU… below its way in bcp.yaml"
        ),
    }.get(code, "")


class Refused(StepFailed):
    """Twilio answered that it did not do it; `code` is the number of its error."""

    def __init__(self, message: str, hint: str, code: int) -> None:
        super().__init__(message, hint)
        self.code = code


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """One account, and the door to it; `api` is the address of the main interface."""

    world: World
    clock: Clock
    api: str
    sid: str
    token: str

    def get(self, path: str, **query: str) -> Resource:
        """A resource of the account; asked again where no answer came to what was sent. Raises StepFailed."""
        tail = f"?{urlencode(query)}" if query else ""
        return self._asked(
            Request("GET", f"{self._root}{path}.json{tail}", login=self._login, most=_MOST), True
        )

    def get_from(self, service: str, path: str) -> Resource:
        """The same from one of Twilio's other interfaces, such as `numbers` or `pricing`."""
        root = self.api.replace("//api.", f"//{service}.", 1)
        return self._asked(Request("GET", root + path, login=self._login, most=_MOST), True)

    def numbers(self, **query: str) -> list[Resource]:
        """The numbers of the account that the query is true of."""
        return list(self.get("/IncomingPhoneNumbers", **query).get("incoming_phone_numbers") or [])

    def number(self, phone: str) -> Resource | None:
        """A number of the account, as E.164; None where it is not ours."""
        return next(
            (each for each in self.numbers(PhoneNumber=phone) if each.get("phone_number") == phone), None
        )

    def post(self, path: str, form: Mapping[str, str]) -> Resource:
        """Change something, once. Raises Unsure where it may have been done, Refused where it was not."""
        request = Request("POST", f"{self._root}{path}.json", form=form, login=self._login, timeout=30)
        return self._asked(request, False)

    def missing(self) -> str:
        """In a rehearsal: what would stand in the way of any request, such as a token that is not there."""
        return self.world.request(Request("GET", f"{self._root}.json", login=self._login)).trouble

    @property
    def _root(self) -> str:
        return f"{self.api}/2010-04-01/Accounts/{self.sid}"

    @property
    def _login(self) -> tuple[str, str]:
        return self.sid, self.token

    def _asked(self, request: Request, harmless: bool) -> Resource:
        answer = self.world.request(request)
        for _again in range(1, _TRIES):
            may_help = answer.sent and harmless and (answer.status or 500) >= 500
            if not may_help and answer.status != _TOO_MANY:
                break
            self.clock.sleep(_pause(answer))
            answer = self.world.request(request)
        return _read(answer)


def _read(answer: HttpResponse) -> Resource:
    if answer.status is None:
        words = answer.trouble or _("nothing was asked, because this is a rehearsal")
        raise (Unsure if answer.sent else StepFailed)(f"Twilio: {words}", BY_HAND)
    told = answer.json_object()
    if 200 <= answer.status < 300:
        if told is None:
            # Never taken for an empty answer: what is not seen to be ours might be bought again.
            raise Unsure(_("Twilio's answer cannot be read"), BY_HAND)
        return told
    if answer.status >= 500:
        words = _("Twilio answers with its own trouble ({status}), so nobody knows whether it was done")
        raise Unsure(words.format(status=answer.status), BY_HAND)
    told = told or {}
    code = told["code"] if isinstance(told.get("code"), int) else answer.status
    code = {401: 20003, 404: 20404, 429: 20429}.get(code, code)
    words = _said(code) or _("Twilio refuses it: {words}").format(
        words=told.get("message") or answer.text[:200]
    )
    raise Refused(_("{words} (error {code})").format(words=words, code=code), BY_HAND, code)


def _pause(answer: HttpResponse) -> float:
    """How long Twilio wants to be left alone (RFC 9110, 10.2.3), within what a person waits for."""
    said = answer.headers.get("retry-after", "")
    return min(float(said), _LONGEST_PAUSE) if said.isdecimal() else _PAUSE

"""Looks in peacetime at what a caller would hear at Twilio: how long it rings, whose number is shown, how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from bcp.i18n import _
from bcp.lever.number.base import NumberFinding
from bcp.outside import Request, Signing, World

_MOST = 64 * 1024
_TWIMLETS = ("twimlets.com", "www.twimlets.com")
_RINGS_LONG = 45
_RINGS_BY_DEFAULT = 30
_DIAL = re.compile(r"<Dial\b(?P<with>[^>]*)>(?P<whom>.*?)</Dial>(?P<then>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """The document at `url`, filled in for the phone `to`, and the address that stands in for it.

    A TwiML Bin is at one of the hosts `bins`: Twilio shows it to whoever signs with the token of its `account`.
    """

    world: World
    url: str
    fallback: str
    to: str
    account: str
    token: str
    bins: tuple[str, ...] = ("handler.twilio.com",)

    def run(self) -> Iterator[NumberFinding]:
        """What is right and wrong with it."""
        host, path = urlsplit(self.url).hostname or "", urlsplit(self.url).path
        if host in _TWIMLETS and path.rstrip("/") == "/forward":
            words = _(
                "answer: is Twilio's Forward twimlet, which rings for 20 seconds, then hangs up, and takes numbers of "
                "ten digits: remove answer: from bcp.yaml"
            )
            yield NumberFinding("bad", words)
        else:
            yield from self._document()
        if urlsplit(self.fallback).hostname == host:
            words = _(
                "fallback: is at the same server as answer:, so one fault takes both: make a TwiML Bin of one of them"
            )
            yield NumberFinding("unknown", words)

    def _document(self) -> Iterator[NumberFinding]:
        answer = self.world.request(self._request())
        if answer.status in (401, 403) and self._is_bin():
            words = _(
                "Twilio does not show the TwiML Bin of answer: ({status}): a test call shows what it does"
            )
            yield NumberFinding("unknown", words.format(status=answer.status))
            return
        if answer.status is None:
            words = _("what a caller would hear could not be read: {why}")
            yield NumberFinding("unknown", words.format(why=answer.trouble))
            return
        found = _DIAL.search(answer.text)
        if answer.status != 200 or found is None or self.to.lstrip("+") not in found["whom"]:
            words = _("the document of answer: forwards no call to the number (status {status})")
            yield NumberFinding("bad", words.format(status=answer.status))
            return
        traits = dict(re.findall(r"(\w+)\s*=\s*[\"']([^\"']*)[\"']", found["with"]))
        said = traits.get("timeout", "")
        rings = int(said) if said.isdecimal() else _RINGS_BY_DEFAULT
        wrong = [
            _("it rings for {seconds} s only").format(seconds=rings) if rings < _RINGS_LONG else "",
            "" if traits.get("callerId") else _("it does not show our number as the caller (callerId)"),
            ""
            if "<Record" in found["then"] or traits.get("action")
            else _("where nobody answers it hangs up, and records no message"),
        ]
        if any(wrong):
            told = _("the document of answer: {words}").format(words="; ".join(filter(None, wrong)))
            yield NumberFinding("due", told)
            return
        words = _("a caller hears it ring for {seconds} s, our number is shown, and a message is recorded")
        yield NumberFinding("fine", words.format(seconds=rings))

    def _is_bin(self) -> bool:
        return urlsplit(self.url).hostname in self.bins

    def _request(self) -> Request:
        if not self._is_bin():
            return Request("GET", self.url, most=_MOST, follow=True)
        joint = "&" if "?" in self.url else "?"
        # Twilio fills in whose number is called, and wants to know whose TwiML Bin it is.
        url = f"{self.url}{joint}{urlencode({'To': self.to, 'AccountSid': self.account})}"
        return Request("GET", url, most=_MOST, signed=Signing("twilio", self.token))

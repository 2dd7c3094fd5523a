"""What a caller hears at Twilio: the documents (TwiML) of a forwarded call and of a test call, and where they are.

https://www.twilio.com/docs/voice/twiml/dial, …/record and …/say. Twilio fetches a document from an address whenever
somebody calls. Its Echo twimlet (https://www.twilio.com/labs/twimlets/echo) answers with the document that is in the
address itself, so nobody has to keep one. Its Forward twimlet is not used: it rings for 20 seconds, then hangs up, and
is described for numbers of ten digits only (https://www.twilio.com/labs/twimlets/forward).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape, quoteattr

TO = "{to}"
TWIML = "{twiml}"
ECHO = f"https://twimlets.com/echo?Twiml={TWIML}"
OLD_FORWARD = f"https://twimlets.com/forward?PhoneNumber={TO}"
"""What stood there by default once: open incidents may have set it."""

RINGS = 50
"""Seconds; a mobile phone takes some before it rings at all."""

_LONGEST_MESSAGE = 180
_DIALLED = re.compile(r"<Dial\b[^>]*>\s*(?:<Number\b[^>]*>)?\s*(\+\d+)")
_VOICES: Mapping[str, str] = {"pl": "pl-PL", "de": "de-DE", "cs": "cs-CZ", "el": "el-GR"}
_MESSAGE = {
    "pl": "Jeśli nikt nie odebrał, prosimy po sygnale podać imię i nazwisko, numer i sprawę. Oddzwonimy.",
    "de": "Wenn niemand abgenommen hat, sagen Sie bitte nach dem Ton Name, Nummer und Anliegen. Wir rufen zurück.",
    "cs": "Pokud to nikdo nezvedl, řekněte po tónu své jméno, číslo a co potřebujete. Zavoláme vám zpět.",
    "el": "Αν δεν απάντησε κανείς, πείτε μετά τον ήχο όνομα, αριθμό και θέμα. Θα σας καλέσουμε.",
}
_IN_ENGLISH = (
    "If nobody answered, please say your name, your number and your wish after the tone. We call you back."
)
_TEST = {
    "pl": "Połączenie próbne. Cyfry: {digits}.",
    "de": "Ein Probeanruf. Die Ziffern: {digits}.",
    "cs": "Zkušební hovor. Číslice: {digits}.",
    "el": "Δοκιμαστική κλήση. Τα ψηφία: {digits}.",
}


def forwarding(to: str, caller: str, language: str) -> str:
    """The document that rings at `to` and shows `caller` there; then it asks for a message, and records it.

    Without `caller` the phone shows whoever calls. The words fit also behind a talk that the other side ended. Without
    an address of its own the recording would begin the document again.
    """
    shown = f" callerId={quoteattr(caller)}" if caller else ""
    ended = quoteattr(filled(ECHO, "", "<Response><Hangup/></Response>"))
    return (
        f'<Response><Dial timeout="{RINGS}" answerOnBridge="true"{shown}>{escape(to)}</Dial>'
        f"{_say(_MESSAGE.get(language, _IN_ENGLISH), language)}"
        f'<Record maxLength="{_LONGEST_MESSAGE}" method="GET" action={ended}/></Response>'
    )


def test_call(digits: str, language: str) -> str:
    """The document that says three digits until the call is hung up."""
    words = _TEST.get(language, "This is a test call. The digits are: {digits}.")
    said = _say(words.format(digits=", ".join(digits)), language, ' loop="0"')
    return f"<Response>{said}</Response>"


def filled(address: str, to: str, twiml: str) -> str:
    """The address with the number and the document in it, encoded."""
    return address.replace(TWIML, quote(twiml, safe="")).replace(TO, quote(to, safe=""))


def number_in(url: str, address: str) -> str:
    """The number that an address forwards to, where it was filled in as `address` or as one of ours; else nothing."""
    for known in (address, ECHO, OLD_FORWARD):
        place = TWIML if TWIML in known else TO
        head, _place, tail = known.partition(place)
        if url.startswith(head) and url.endswith(tail) and len(url) > len(head) + len(tail):
            inside = unquote(url[len(head) : len(url) - len(tail)])
            found = _DIALLED.search(inside) if place == TWIML else None
            return found[1] if found else inside if place == TO else ""
    return ""


def _say(words: str, language: str, more: str = "") -> str:
    return f'<Say language="{_VOICES.get(language, "en-GB")}"{more}>{escape(words)}</Say>'

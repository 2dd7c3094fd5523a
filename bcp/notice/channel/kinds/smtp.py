"""smtp: mail through a provider's server, with its real limits; one connection, a verified certificate.

What an answer means is decided by its code and, where there is one, its enhanced code (RFC 3463). Answers
about the account (quota, login, policy) are nobody's address's fault; whether one that came with a recipient is about
the account after all is for the sending to find out (`campaign/suspicion.py`):

    550 5.4.5   daily quota (Google)                       https://support.google.com/a/answer/3726730
    550 5.7.30  basic authentication retired (Microsoft)   https://learn.microsoft.com/exchange
    530/534/535 log in, application password needed        RFC 4954, 6
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from email.utils import parseaddr
from functools import lru_cache
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from bcp.contact.cell import email
from bcp.contact.model import Contact, Medium
from bcp.i18n import _
from bcp.notice.campaign.outbox import Key
from bcp.notice.channel.base import Channel, Envelope, Fate, Handed, Pace, Reference
from bcp.notice.channel.letter import as_mail, dated
from bcp.notice.text.merge import LetterText
from bcp.outside import MailEnvelope, MailResult, MailServer, Security, World
from bcp.yaml.keyed import fail, told
from bcp.yaml.rules import Rule, said
from bcp.yaml.shape import Shape
from bcp.yaml.types import Host, Line, Model
from bcp.yes_no import read_yes_no


class Preset(NamedTuple):
    """A provider: its submission server and what it allows."""

    host: str
    port: int
    security: Security
    a_minute: float
    a_day: int
    source: str


PRESETS: dict[str, Preset] = {
    "microsoft365": Preset(
        "smtp.office365.com", 587, "starttls", 30, 10_000, "learn.microsoft.com, Exchange Online limits"
    ),
    "google": Preset(
        "smtp.gmail.com", 587, "starttls", 0, 2_000, "support.google.com/a/answer/166852 (Workspace)"
    ),
    "home.pl": Preset("smtp.home.pl", 587, "starttls", 0, 0, "the server has the name of your own account"),
    "ovh": Preset("ssl0.ovh.net", 465, "tls", 200 / 60, 0, "200 an hour and account, help.ovhcloud.com"),
    "seznam.cz": Preset("smtp.seznam.cz", 465, "tls", 0, 500, "napoveda.seznam.cz, sending limits"),
    "generic": Preset("", 587, "starttls", 60, 0, ""),
}


def _mailbox(value: str) -> str:
    address = parseaddr(value)[1]
    try:
        email(address)
    except ValueError:
        raise ValueError(
            'expected a name and an address, such as "Agencja Kropka <biuro@example.com>"'
        ) from None
    return value


MailboxAddress = Annotated[
    Line,
    AfterValidator(_mailbox),
    Shape(r"[^\s@<>]@[^\s@<>]", 'a name and an address, such as "Agencja Kropka <biuro@example.com>"'),
]


def _copy(value: str) -> str:
    is_wanted = read_yes_no(value)
    if is_wanted is None:
        try:
            email(value)
        except ValueError:
            raise ValueError("expected yes, no, or a mailbox of yours, such as archive@example.com") from None
    return value if is_wanted is None else "yes" if is_wanted else "no"


class Login(Model):
    """How a mail server is reached and who logs in."""

    host: Host | None = Field(default=None, examples=["mail.example.com"], description="the mail server")
    port: int | None = Field(default=None, ge=1, le=65535, description="its port, if not the usual one")
    security: Literal["starttls", "tls"] | None = Field(
        default=None, description="how the connection is encrypted"
    )
    user: Line | None = Field(default=None, description="who logs in")
    password: Reference | None = Field(
        default=None, examples=["keyring:mail"], description="where the password is kept"
    )
    token: bool = Field(default=False, description="the secret is an OAuth token (XOAUTH2)")
    authority: Line | None = Field(
        default=None, description="a file of certificates to trust besides the system's"
    )

    def server_at(self, host: str, port: int, security: Security) -> MailServer:
        """The server with everything that logging in takes."""
        user, password, authority = self.user or "", self.password or "", self.authority or ""
        return MailServer(host, port, security, user, password, self.token, authority)


_KNOWN = [name for name, preset in PRESETS.items() if preset.host]
_A_SERVER: Rule = {
    "anyOf": [said("host"), {"required": ["preset"], "properties": {"preset": {"enum": _KNOWN}}}]
}
_parsed = lru_cache(maxsize=64)(parseaddr)
"""The name and the address of a mailbox: the sender's is asked for with each letter."""


class Smtp(Channel, Login):
    """Mail through a provider's server."""

    model_config = ConfigDict(json_schema_extra=_A_SERVER)

    medium: ClassVar[Medium] = "email"
    preset: Literal["microsoft365", "google", "home.pl", "ovh", "seznam.cz", "generic"] = Field(
        default="generic", description="a provider whose server and limits are known"
    )
    sender: MailboxAddress = Field(
        alias="from",
        examples=["Agencja Kropka <biuro@example.com>"],
        description="who the letters are from: a name and an address",
    )
    reply_to: MailboxAddress | None = Field(
        default=None, description="a mailbox that is read on mobile internet"
    )
    a_minute: float | None = Field(
        default=None, ge=0, description="how many letters a minute the provider allows"
    )
    a_day: int | None = Field(default=None, ge=0, description="how many letters a day the provider allows")
    copy_to: Annotated[Line, AfterValidator(_copy)] = Field(
        default="no",
        alias="copy",
        examples=["yes", "archive@example.com"],
        description="yes: a copy of each letter goes to the mailbox that is read; or another mailbox of yours",
    )

    @model_validator(mode="after")
    def _has_a_server(self) -> Smtp:
        if not (self.host or PRESETS[self.preset].host):
            fail("Smtp", [told((), "no mail server is named", "add host: mail.example.com, or a preset")])
        return self

    @property
    def server(self) -> MailServer:
        """As set, else as the preset knows it."""
        preset = PRESETS[self.preset]
        port = self.port or (465 if self.security == "tls" else preset.port)
        return self.server_at(self.host or preset.host, port, self.security or preset.security)

    @property
    def address(self) -> str:
        """The address that letters come from."""
        return parseaddr(self.sender)[1]

    def describe(self) -> str:
        """The server and the sender."""
        return f"mail from {self.address} through {self.server.host}"

    @property
    def copy_address(self) -> str:
        """The mailbox of ours that gets each letter too, or nothing."""
        return {"yes": self.reply_address(), "no": ""}.get(self.copy_to, self.copy_to)

    def pace(self) -> Pace:
        """As set, else as the preset knows it, in letters: a copy counts with the provider as the letter does."""
        allowed, each = self._allowed(), 2 if self.copy_address else 1
        return Pace(allowed.a_minute / each, allowed.a_day // each)

    def _allowed(self) -> Pace:
        preset = PRESETS[self.preset]
        a_minute = preset.a_minute if self.a_minute is None else self.a_minute
        return Pace(a_minute, preset.a_day if self.a_day is None else self.a_day)

    def cost(self) -> str:
        """That each letter counts twice, and how many letters a day are left of what is allowed."""
        if not self.copy_address:
            return ""
        a_day = self._allowed().a_day
        if not a_day:
            words = _("each letter counts twice with the provider: a copy goes to {address}")
            return words.format(address=self.copy_address)
        words = _("a copy goes to {address}: {count} a day counts twice, which makes {letters} letters")
        return words.format(address=self.copy_address, count=a_day, letters=a_day // 2)

    def reply_address(self) -> str:
        """The mailbox that is read."""
        return parseaddr(self.reply_to or self.sender)[1]

    def content(self, key: Key, contact: Contact, text: LetterText, office: tuple[str, str]) -> bytes:
        """The letter as mail."""
        name, address = _parsed(self.sender)
        reply_to = _parsed(self.reply_to)[1] if self.reply_to else ""
        return as_mail(contact, text, (name or office[0], address), reply_to)

    def send(self, envelope: Envelope, world: World, claim: Callable[[], None]) -> Handed:
        """Hand it to the server; claimed between its 354 and the first byte of the body."""
        content = dated(envelope.content, envelope.at, envelope.zone)
        parcel = MailEnvelope(self.server, self.address, envelope.address, content, self.copy_address)
        mailed = world.mail(parcel, claim)
        handed = judge(mailed)
        if not mailed.no_copy:
            return handed
        words = _("the letters go out, but {address} gets no copy: {why}")
        remark = words.format(address=self.copy_address, why=mailed.no_copy)
        return replace(handed, reply=f"{handed.reply} ({remark})", remark=remark)


_ACCOUNT = frozenset({"5.4.5", "5.7.30", "5.7.57", "5.7.60", "5.7.708", "5.7.750", "4.7.28"})
_MAILBOX = frozenset({".2.1", ".2.2", ".2.3"})
"""The recipient's mailbox is off, full or takes no letter as large as this one (RFC 3463): its quota is not ours."""
_ACCOUNT_CODES = frozenset({454, 530, 534, 535, 538})
_ACCOUNT_WORDS = re.compile(
    r"quota|(limit|rate|allowance)s? (is |was |has been |have been )?(exceeded|reached)|exceeded [\w ]*limit"
    r"|daily|hourly|too many (e-?mails|messages|log-?in)|suspend|not (allowed|permitted) to send"
    r"|(your|sender'?s?|sending) account"
    r"|sender (address|domain|identity|id)?\b ?(is |was )?(rejected|refused|not (owned|verified|authorized|permitted))"
    r"|not owned by|relay(ing)? (access )?(is )?(denied|not (permitted|allowed)|prohibited)|unable to relay"
    r"|client host .*(block|reject)",
    re.I,
)
"""Of the second half: a server that checks the sender, the login or our place only when it hears of a recipient, as
Postfix does (`smtpd_delay_reject`, https://www.postfix.org/postconf.5.html), means none of the recipients."""
_TOO_MANY = re.compile(r"too many|limit", re.I)
"""Said at the login, it gets no better by logging in again soon."""


def judge(mailed: MailResult) -> Handed:
    """What the server's answer means for the letter, for its recipient, and for the whole sending."""
    return Handed(_fate(mailed), mailed.reply or mailed.trouble, mailed.code, mailed.stage)


def _fate(mailed: MailResult) -> Fate:
    if mailed.accepted:
        return "sent"
    if mailed.code is None:
        return {"body": "unknown", "login": "account", "secure": "account"}.get(mailed.stage, "again")  # type: ignore[return-value]
    if mailed.code == 421:
        return "again"
    if mailed.stage in ("connect", "login"):
        is_passing = mailed.code < 500 and not _TOO_MANY.search(mailed.reply)
        return "again" if is_passing else "account"
    enhanced = re.match(r"\d\.\d{1,3}\.\d{1,3}", mailed.reply)
    if enhanced and mailed.stage != "sender" and enhanced[0][1:] in _MAILBOX:
        return "failed" if mailed.code >= 500 else "later"
    is_account = (
        mailed.code in _ACCOUNT_CODES
        or bool(enhanced and enhanced[0] in _ACCOUNT)
        or (mailed.stage != "sender" and bool(_ACCOUNT_WORDS.search(mailed.reply)))
        or (mailed.code >= 500 and mailed.stage == "sender")
    )
    if is_account:
        return "account"
    return "later" if mailed.code < 500 else "failed"


Kind = Smtp

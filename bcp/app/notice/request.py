"""What is made of what somebody asks of a sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bcp.app.notice.asked import NoticeRequest
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.i18n import _
from bcp.notice.campaign.post import SendingRequest
from bcp.office.model import Office
from bcp.times import parse_moment

__all__ = ["NoticeRequest", "order_of"]


def order_of(session: Session, office: Office, request: NoticeRequest) -> SendingRequest:
    """The request understood. Raises InputError for a time that is none, or a rule without a reason."""
    moment = _moment_of(session, office, request.next_update)
    ways, overruled = tuple(request.channels), _overruled_of(request.overrule)
    return SendingRequest(request.notice, request.audience, ways, moment, overruled, request.again)


def _moment_of(session: Session, office: Office, typed: str | None) -> datetime | None:
    """A moment that was typed. Raises InputError for what is none, or is over."""
    if typed is None:
        return None
    now = session.clock.now()
    try:
        found = parse_moment(typed, now, office.zone)
    except (ValueError, OverflowError):
        raise InputError(
            f'"{typed}" is no date and time', 'such as: --next-update "2026-11-26 16:00"'
        ) from None
    if found <= now:
        raise InputError(f'"{typed}" is over', 'name the day as well: --next-update "2026-11-27 09:00"')
    return found


def _overruled_of(texts: Sequence[str]) -> Mapping[str, str]:
    """The reason by rule. Raises InputError for one without a reason, and for one with two."""
    found: dict[str, str] = {}
    for text in texts:
        rule, _equals, reason = text.partition("=")
        if not reason.strip():
            raise InputError(
                f'overruling "{rule}" needs a reason', f'--overrule "{rule}=why it does not hold here"'
            )
        if found.setdefault(rule.strip(), reason.strip()) != reason.strip():
            words = _('"{rule}" is overruled twice, with two reasons')
            hint = _("give one reason; it holds in all languages: {option}")
            raise InputError(
                words.format(rule=rule.strip()),
                hint.format(option=f'--overrule "{rule.strip()}=why it does not hold here"'),
            )
    return found

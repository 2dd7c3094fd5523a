"""What the notices that the plans of this office send would lack on the day: for `bcp validate`."""

from __future__ import annotations

from bcp.app.notice.good_texts import linted
from bcp.app.notice.office import contacts_of
from bcp.app.session import Session
from bcp.contact.audience import staff
from bcp.errors import Mistake
from bcp.notice.channel.channels import load as load_channels
from bcp.notice.lint.on_the_day import Foresight
from bcp.notice.text.model import Notice
from bcp.validate import OfficeConfig
from bcp.yaml.source import Reader


def lacking_then(session: Session, whole: OfficeConfig) -> list[Mistake]:
    """Each with its place; none of them keeps anything from working now."""
    notices = _sent_by_plans(whole)
    if not notices:
        return []
    ways = load_channels(session.folder, Reader())
    ahead = Foresight(
        whole.office,
        (*contacts_of(session, whole.office).all, *staff(whole.office)),
        ways.reply_address,
        any(way.medium == "sms" for way in ways.channels.values()),
        _set_by_plans(whole),
    )
    with linted(session):
        return list(ahead.lacks(notices))


def _sent_by_plans(whole: OfficeConfig) -> list[Notice]:
    """The notices that a step of a plan names, by their names."""
    acts = (act for loaded in whole.runbooks.values() for _loc, act in loaded.model.acts())
    named = {ref.name for act in acts for ref in act.action.refs() if ref.kind == "notice"}
    return [whole.notices[name] for name in sorted(named & whole.notices.keys())]


def _set_by_plans(whole: OfficeConfig) -> set[str]:
    """The facts that a step of any plan asks for, finds or sets."""
    found: set[str] = set()
    for loaded in whole.runbooks.values():
        for _loc, act in loaded.model.acts():
            found.update(fact.name for fact in act.action.facts())
        for step in loaded.model.steps():
            found.update(step[1].sets)
    return found

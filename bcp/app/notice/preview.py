"""`notice preview`: what the hardest readers of a notice would get, as files that open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bcp.app.book import open_book_of
from bcp.app.notice.office import about, post_of
from bcp.app.session import Session
from bcp.contact import audience as audiences
from bcp.errors import InputError
from bcp.notice.campaign.outbox import Key
from bcp.notice.campaign.specimen import shown, specimens
from bcp.notice.channel.base import Envelope
from bcp.notice.channel.kinds.file import Files
from bcp.notice.text.merge import Merger


@dataclass(frozen=True, slots=True)
class Specimen:
    """A letter as a hard case would get it: its lines, and the file that it lies in."""

    lines: list[str]
    file: Path


def preview_notice(
    session: Session,
    notice: str,
    audience: str,
    *,
    incident: str | None,
    drill: bool,
    by: str | None,
) -> Iterator[Specimen]:
    """The longest name and the ugliest address in each language, one by one, as files that open.

    Raises InputError for a notice or an audience that there is not, and where nobody is in it.
    """
    post = post_of(session)
    found = post.notice(notice)
    affair = about(session, post, notice, open_book_of(session, incident, drill), by)
    setting = post.setting(affair, None)
    everybody = audiences.members(
        audience, post.contacts.all, post.office, lambda: post.told(affair.incident)
    )
    if not everybody:
        raise InputError(f'nobody is in the audience "{audience}"', "name another one, such as: clients")
    channel, files = Files(), session.stores.files(affair.incident).below("preview")
    us = (post.office.name, setting.reach.get("email", ""))
    for language, version in found.versions.items():
        merger = Merger(version, setting)
        for reader in specimens([one for one in everybody if one.language == language] or everybody):
            text, key = merger.text(reader), Key(f"preview/{notice}-{language}", reader.id, "file")
            content = channel.content(key, reader, text, us)
            envelope = Envelope(key, "", content, session.clock.now(), str(post.office.zone), files)
            yield Specimen(list(shown(reader, text)), channel.write(envelope))

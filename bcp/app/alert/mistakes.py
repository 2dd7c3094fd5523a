"""What can never work below `watch:` of bcp.yaml, on this computer: each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bcp.alert.base import AlertWay
from bcp.app.alert.recipients import context_of
from bcp.app.session import Session
from bcp.errors import Mistake
from bcp.host_name import web_address
from bcp.office.find import FILE
from bcp.office.model import Office
from bcp.yaml.source import Reader, YamlDocument


def watch_mistakes(session: Session, office: Office) -> list[Mistake]:
    """The mistakes; nothing is sent, and no other command minds them: another computer may have that program."""
    watching = office.watch
    if not (watching.alive or watching.notify or watching.tell):
        return []
    document = Reader().document(session.folder / FILE, FILE)
    return list(_mistakes(document, session, office)) if document is not None else []


def _mistakes(document: YamlDocument, session: Session, office: Office) -> Iterator[Mistake]:
    context = context_of(session, office, session.clock.now())
    if office.watch.alive is not None:
        try:
            web_address(office.watch.alive)
        except ValueError as error:
            yield document.mistake(("watch", "alive"), str(error), "write it whole, with https:// in front")
    if office.watch.notify is not None:
        from bcp.alert.kinds.program import Program

        for at, words, hint in Program(run=office.watch.notify).slips(context):
            yield document.mistake(("watch", "notify", *at[1:]), words, hint)
    is_list = not isinstance(document.at(("watch", "tell")), Mapping) if office.watch.tell else True
    for index, way in enumerate(office.watch.tell):
        assert isinstance(way, AlertWay)
        kind = type(way).__module__.rpartition(".")[2]
        for at, words, hint in way.slips(context):
            yield document.mistake(("watch", "tell", *((index,) if is_list else ()), kind, *at), words, hint)

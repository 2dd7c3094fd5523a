"""Those whom an office calls by phone when it must: the call list of peacetime, made of contacts and one notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from bcp.contact import audience as audiences
from bcp.contact.load import FOLDER, files
from bcp.contact.load import load as load_contacts
from bcp.contact.model import STAFF, Contact
from bcp.errors import InputError, Mistake
from bcp.notice.campaign.calls import Call
from bcp.notice.text.model import Notice
from bcp.notice.text.sentence import to_call, usual
from bcp.page.blocks import Document
from bcp.page.calls import call_list, calls_content
from bcp.page.fit import SPELL_IT
from bcp.page.labels import Labels
from bcp.page.letters import said_of, strange
from bcp.validate import OfficeConfig
from bcp.yaml.near import near_or_all

_CLIENTS = "clients"


class Clients:
    """The contacts of one office and what is said to them; they are read when they are first needed."""

    def __init__(self, whole: OfficeConfig) -> None:
        """`whole` without mistakes."""
        self.whole = whole

    @property
    def notice(self) -> str:
        """The notice that is said unless another is named; nothing where there is none, or nobody to call."""
        steps = [act for loaded in self.whole.runbooks.values() for _loc, act in loaded.model.acts()]
        said = [ref.name for act in steps for ref in act.action.refs() if ref.kind == "notice"]
        chosen = usual(self.whole.notices, said)
        return chosen if chosen and any(contact.rings for contact in self._in(self.audience)) else ""

    @property
    def audience(self) -> str:
        """Who is called unless another audience is named: the clients, where a file or a group is called so."""
        return _CLIENTS if _CLIENTS in self.whole.audiences else audiences.ALL

    def content(self, notice: str, audience: str) -> dict[str, Any]:
        """What the list says. Raises InputError where there is no such notice, or nobody to call."""
        chosen = self._notice(notice or self.notice)
        audience = audience or self.audience
        return calls_content(self.whole.office.name, chosen, audience, self._calls(chosen, audience))

    def document(self, content: Mapping[str, Any], words: Labels) -> Document:
        """The list that says `content`."""
        calls = self._calls(self._notice(content["notice"]), content["audience"])
        called = {call.contact.id for call in calls}
        silent = [
            each for each in self._in(content["audience"]) if each.id not in called and not each.opted_out
        ]
        return call_list(content, calls, silent, words)

    def mistakes(self) -> Iterator[Mistake]:
        """Names that paper cannot show, each with its place."""
        shown = {path.stem: f"{FOLDER}/{path.name}" for path in files(self.whole.folder)}
        for contact in self._all:
            if signs := strange(contact.called):
                yield Mistake(shown[contact.file], contact.line, 1, said_of(signs), SPELL_IT)

    def _notice(self, name: str) -> Notice:
        notices = self.whole.notices
        if not name:
            raise InputError(
                "there is nobody to call, or nothing to say: a call list needs contacts with numbers and a notice",
                "see: bcp contact list   and: bcp notice list",
            )
        if name not in notices:
            raise InputError(f'there is no notice "{name}"', near_or_all(name, sorted(notices), "notices"))
        return notices[name]

    def _calls(self, notice: Notice, audience: str) -> list[Call]:
        calls = to_call(notice, self._in(audience), self.whole.office)
        if not calls:
            raise InputError(f'nobody in "{audience}" can be called', "see the numbers: bcp contact list")
        return calls

    def _in(self, audience: str) -> list[Contact]:
        if not self._all and audience != STAFF:
            return []
        return audiences.members(audience, self._all, self.whole.office, lambda: ())

    @cached_property
    def _all(self) -> tuple[Contact, ...]:
        return load_contacts(self.whole.folder, self.whole.office.country).all

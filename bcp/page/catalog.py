"""Every document that an office can print: what it says now, and its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from bcp.contact.load import FOLDER as CONTACTS
from bcp.errors import InputError, Mistake
from bcp.office.find import FILE
from bcp.page.blocks import Document
from bcp.page.clients import Clients
from bcp.page.content import sheet, version_hash
from bcp.page.door import door_content, door_sign
from bcp.page.fit import office_mistakes, runbook_mistakes
from bcp.page.labels import Labels
from bcp.page.pack import pack_content, pack_front
from bcp.page.phonecard import phone_card, phonecard_content
from bcp.page.role import role_content, role_sheet
from bcp.page.runbook import runbook_sheet
from bcp.page.wallet import wallet_card, wallet_content
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.plan import compile_plan
from bcp.validate import OfficeConfig
from bcp.yaml.near import near_or_all
from bcp.yaml.source import Reader

_PAGES: Mapping[str, Callable[[Mapping[str, Any], Labels], Document]] = {
    "runbook": runbook_sheet,
    "role": role_sheet,
    "wallet": wallet_card,
    "phone-card": phone_card,
    "door": door_sign,
}


class Wanted(NamedTuple):
    """Which document: its kind, the runbook that it is about, and the role; of a call list notice and audience."""

    kind: str
    runbook: str = ""
    role: str = ""

    def __str__(self) -> str:
        """As people name it: `internet-outage, role lead`."""
        if self.kind in ("runbook", "role"):
            return f"{self.runbook}, role {self.role}" if self.role else self.runbook
        return " ".join(part for part in self if part)


class Catalog:
    """The documents of one office."""

    def __init__(self, whole: OfficeConfig) -> None:
        """`whole` without mistakes."""
        self.whole = whole
        self._clients = Clients(whole)
        self._said: dict[Wanted, dict[str, Any]] = {}
        self._makers: Mapping[str, Callable[[Wanted], dict[str, Any]]] = {
            "runbook": self._sheet,
            "role": lambda wanted: role_content(self.content(Wanted("runbook", wanted.runbook)), wanted.role),
            "wallet": lambda wanted: wallet_content(self.content(Wanted("runbook", wanted.runbook))),
            "phone-card": lambda wanted: phonecard_content(whole.office),
            "door": lambda wanted: door_content(whole.office),
            "calls": lambda wanted: self._clients.content(wanted.runbook, wanted.role),
            "pack": lambda wanted: pack_content(whole.office.name, self._hashes()),
        }

    def content(self, wanted: Wanted) -> dict[str, Any]:
        """What the document says now. Raises InputError for a runbook or a role that there is not."""
        if wanted not in self._said:
            self._said[wanted] = self._makers[wanted.kind](wanted)
        return self._said[wanted]

    def everything(self) -> Iterator[Wanted]:
        """All documents of the office."""
        for name in self.whole.runbooks:
            yield Wanted("runbook", name)
            yield Wanted("wallet", name)
            roles = self.content(Wanted("runbook", name))["roles"]
            yield from (Wanted("role", name, role["id"]) for role in roles)
        yield from self.single()
        yield Wanted("pack")

    def with_role(self, role: str) -> list[str]:
        """The runbooks that give a role something to do. Raises InputError where none does."""
        given = {
            name: [each["id"] for each in self.content(Wanted("runbook", name))["roles"]]
            for name in self.whole.runbooks
        }
        found = [name for name, roles in given.items() if role in roles]
        if not found:
            known = list(dict.fromkeys(each for roles in given.values() for each in roles))
            raise InputError(
                f'no runbook has anything to do for the role "{role}"',
                near_or_all(role, known, "roles"),
            )
        return found

    def single(self) -> list[Wanted]:
        """The documents that there is one of; a call list only where somebody can be called."""
        notice = self._clients.notice
        calls = [Wanted("calls", notice, self._clients.audience)] if notice else []
        return [Wanted("phone-card"), *calls, Wanted("door")]

    def packed(self) -> list[Wanted]:
        """What lies in the pack, in its order."""
        names = list(self.whole.runbooks)
        sheets = [Wanted("runbook", name) for name in names]
        return [*sheets, *self.single(), *(Wanted("wallet", name) for name in names)]

    def document(self, wanted: Wanted, words: Labels) -> Document:
        """The document as pages say it. Raises InputError as `content` does."""
        content = self.content(wanted)
        return self._clients.document(content, words) if wanted.kind == "calls" else pages(content, words)

    def pack(self, words: Labels) -> list[Document]:
        """The whole pack: its front, every sheet, the cards and the sign."""
        documents = [self.document(each, words) for each in self.packed()]
        return [pack_front(self.content(Wanted("pack")), documents, words), *documents]

    def mistakes(self, paper: str, text: str) -> list[Mistake]:
        """What of this office looks otherwise on paper than it was meant."""
        found = [
            each for loaded in self.whole.runbooks.values() for each in runbook_mistakes(loaded, paper, text)
        ]
        document = Reader().document(self.whole.folder / FILE, FILE)
        found += office_mistakes(document, self.whole.office) if document else []
        return [*found, *self._clients.mistakes()]

    def remarks(
        self, runbooks: list[str], paper: str, text: str, with_contacts: bool = False
    ) -> list[Mistake]:
        """What of `runbooks`, or of the contacts, looks otherwise on paper than it was meant."""
        files = {self.loaded(name).document.shown for name in runbooks} | {FILE}
        return [
            each
            for each in self.mistakes(paper, text)
            if each.file in files or (with_contacts and each.file.startswith(f"{CONTACTS}/"))
        ]

    def loaded(self, name: str) -> LoadedRunbook:
        """The runbook `name`. Raises InputError where there is none."""
        if name not in self.whole.runbooks:
            hint = near_or_all(name, self.whole.runbooks, "runbooks")
            raise InputError(f'there is no runbook "{name}"', hint)
        return self.whole.runbooks[name]

    def _hashes(self) -> list[tuple[str, str]]:
        return [(str(each), version_hash(self.content(each))) for each in self.packed()]

    def _sheet(self, wanted: Wanted) -> dict[str, Any]:
        self.loaded(wanted.runbook)
        return sheet(compile_plan(wanted.runbook, self.whole.runbooks, self.whole.office), wanted.runbook)


def pages(content: Mapping[str, Any], words: Labels) -> Document:
    """The document that says `content`."""
    return _PAGES[content["document"]](content, words)

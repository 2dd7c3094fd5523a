"""How everybody of a sending is greeted, the unusual first: somebody looks at these before the letters are out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bcp.command_words import as_typed
from bcp.contact.model import Contact
from bcp.i18n import _
from bcp.notice.campaign.post import Prepared
from bcp.notice.text.greeting import WHYS, Greeting, greeting
from bcp.notice.text.language import LANGUAGES
from bcp.notice.text.placeholders import uses

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class GreetedContact:
    """A contact, the language of its letter, and how that greets."""

    contact: Contact
    language: str
    greeting: Greeting

    @property
    def why(self) -> str:
        """Why somebody should look at it, with what the contact list holds; nothing where it is usual."""
        if not self.greeting.unusual:
            return ""
        cell = self.contact.salutation
        return WHYS[self.greeting.unusual]() + (f': "{cell}"' if cell else "")

    def as_data(self) -> dict[str, str]:
        """It for other programs."""
        told = {"contact": self.contact.id, "language": self.language}
        return {**told, "greeting": self.greeting.text, "why": self.why}

    def describe(self) -> str:
        """`Dear Jan Novák,  Firma X (Jan Novák)  …why`; a name on its own line stands before a bar."""
        text = self.greeting.text.replace("\n\n", " | ")
        return f"{text},  ← {self.contact.called}" + (f"  ({self.why})" if self.why else "")


def greeted(readers: Iterable[tuple[Contact, str]]) -> list[GreetedContact]:
    """How these contacts are greeted in these languages; the unusual first, the most doubtful of them at the top."""
    order = {"": len(WHYS)} | {why: place for place, why in enumerate(WHYS)}
    found = [GreetedContact(contact, language, greeting(language, contact)) for contact, language in readers]
    return sorted(found, key=lambda one: order[one.greeting.unusual])


def language_of(contact: Contact, otherwise: str, written: Collection[str] = LANGUAGES.keys()) -> str:
    """The language of a contact's letters: its own where they are `written` in it."""
    return contact.language if contact.language and contact.language in written else otherwise


def unusual_words(prepared: Prepared) -> list[str]:
    """The first unusual greetings of a new sending in lines, and how to see the others; none where all are usual."""
    greets = {
        language for language, each in prepared.notice.versions.items() if uses(each, "body", "greeting")
    }
    readers = [(one.contact, one.language) for one in prepared.plan.letters if not one.in_room]
    found = [one for one in greeted(reader for reader in readers if reader[1] in greets) if one.why]
    if not found or not prepared.is_new:
        return []
    more = len(found) - _SHOWN
    command = as_typed(("bcp", "notice", "greetings", prepared.notice.id, prepared.campaign.audience))
    words = _("and {count} more: {command}").format(count=more, command=command)
    return [
        _("Unusual greetings: {count}").format(count=len(found)),
        *(f"  {one.describe()}" for one in found[:_SHOWN]),
        *([f"  {words}"] if more > 0 else []),
    ]

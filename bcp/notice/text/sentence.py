"""The sentence that is agreed for a call, before anything has happened: what is not known yet is a line to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bcp.contact.model import Contact
from bcp.notice.campaign.calls import Call
from bcp.notice.campaign.dead import standby_number
from bcp.notice.campaign.links import dialled
from bcp.notice.text.language import LANGUAGES
from bcp.notice.text.merge import LetterText, Merger, Setting
from bcp.notice.text.model import Notice, Version
from bcp.notice.text.placeholders import facts_of
from bcp.office.model import Office

BLANK = "________________"
_SOME_DAY = datetime(2000, 1, 3, 9, 0, tzinfo=UTC)


def to_call(notice: Notice, contacts: Iterable[Contact], office: Office) -> list[Call]:
    """A call for each contact that has a number and may be told, with the sentence in its language."""
    otherwise = notice.otherwise(office.language)
    said = sentences(notice, office)
    calls = []
    for contact in contacts:
        if contact.rings and not contact.opted_out:
            language = contact.language if contact.language in said else otherwise
            number = dialled(contact).number
            calls.append(Call(replace(contact, language=language), number, said[language]))
    return calls


def sentences(notice: Notice, office: Office) -> dict[str, str]:
    """The sentence in each language of the notice."""
    return {language: _sentence(version, office) for language, version in notice.versions.items()}


def subject(notice: Notice, office: Office) -> str:
    """What a notice is about, in the office's language if it is written in it."""
    version = notice.versions[notice.otherwise(office.language)]
    return _with_blanks(_text(version, office).subject, version, office)


def _sentence(version: Version, office: Office) -> str:
    text = _text(version, office)
    return _with_blanks(text.spoken or text.subject, version, office)


def _text(version: Version, office: Office) -> LetterText:
    return Merger(version, _setting(version, office)).text(Contact("", BLANK, person=BLANK))


def _with_blanks(said: str, version: Version, office: Office) -> str:
    language = LANGUAGES[version.language]
    for words in (language.when(_SOME_DAY, office.zone), language.on_day(_SOME_DAY, office.zone)):
        said = said.replace(words, BLANK)
    return said


def _setting(version: Version, office: Office) -> Setting:
    """What a letter knows while nothing is wrong: who we are, and a number that rings when the line is dead."""
    lead = office.person(office.roles[0].owner)
    return Setting(
        office={"name": office.name, "address": office.address or ""},
        sender={"name": BLANK, "phone": BLANK},
        reach={
            "phone": standby_number(office, phone_out=False) or BLANK,
            "email": (lead.email if lead else None) or BLANK,
        },
        zone=office.zone,
        facts=dict.fromkeys(facts_of(version), BLANK),
        next_update=_SOME_DAY,
        since=_SOME_DAY,
    )


def usual(notices: Mapping[str, Notice], named: Sequence[str]) -> str | None:
    """The notice that a call list says in peacetime: the one for trouble that the steps name most often."""
    down = [name for name, notice in notices.items() if notice.kind == "down"]
    return max(down, key=lambda name: (named.count(name), name == "line-down"), default=None)

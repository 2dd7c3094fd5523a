"""What a notice would lack on the day, read in peacetime as its readers would read it, however it may turn out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import product
from zoneinfo import ZoneInfo

from bcp.contact.model import Contact
from bcp.errors import InputError, Mistake
from bcp.i18n import _
from bcp.notice.campaign.dead import standby_number
from bcp.notice.campaign.plan_words import some_of
from bcp.notice.campaign.specimen import specimens
from bcp.notice.lint.lint import lint_finished, missing_languages
from bcp.notice.text.circumstance import SINCE, facts_of_letters
from bcp.notice.text.language import LANGUAGES
from bcp.notice.text.merge import Merger, Setting
from bcp.notice.text.model import LANGUAGE_NAMES, Notice, Version
from bcp.notice.text.placeholders import facts_asked, facts_of, needed_by
from bcp.office.model import Office
from bcp.yaml.near import did_you_mean

_MOMENT = "2026-11-25T07:50:00+01:00"
_OUT = {"verdict": "isp-down", "down_since": _MOMENT}
_DAYS: Sequence[Mapping[str, str]] = (
    {},
    {**_OUT, "phone_works": "no", "internet_by": "mobile"},
    {**_OUT, "phone_works": "yes"},
    {"phone_down_since": _MOMENT, "website_down_since": _MOMENT},
    {**_OUT, "phone_down_since": _MOMENT, "website_down_since": _MOMENT, "restored_at": _MOMENT},
)
"""What may be known then: nothing; internet and phone are out, or the internet alone; the phone and the website; all is
well again."""
FACTS_OF_COMMANDS = (
    "verdict",
    "down_since",
    "restored_at",
    "reachable",
    "answer_number",
    "office_number",
    "next_update",
)
"""Facts that commands and measures set by themselves."""
_NO_WAY = {
    "phone": (
        "no number of ours is known to ring when the line is dead, so the letters give none",
        "write phone: at the person who leads, or method: mobile-code at a number of its own, in bcp.yaml",
    ),
    "email": (
        "nobody knows where answers by mail are read, so the letters give no address",
        "write email: at the person who leads, in bcp.yaml",
    ),
}
_YEAR = 366
_TEXT_MESSAGE = "sms-length"


@dataclass(frozen=True)
class Foresight:
    """An office in peacetime. `readers` are those whom its plans send each notice to, by the name of the notice.

    `reply` is where answers to its mail go, `set_by_plans` the facts that its plans set. `by_text` says
    whether text messages can be sent. None of the facts are known where a plan cannot be read, and of the `unread`
    notices a language cannot.
    """

    office: Office
    readers: Mapping[str, Sequence[Contact]]
    reply: str
    by_text: bool
    set_by_plans: Collection[str] | None
    unread: Collection[str] = ()

    def lacks(self, notices: Sequence[Notice]) -> Iterator[Mistake]:
        """What each of the notices would lack, with its place; what is missing in all of them is said once."""
        yield from self._no_way(notices)
        for notice in notices:
            yield from self._unwritten(notice) if notice.id not in self.unread else ()
            for version in self._read(notice):
                yield from self._of(version)

    def stopped(self, notices: Sequence[Notice]) -> Iterator[Mistake]:
        """What one of the notices writes although it may be unknown then, so that no letter could go out."""
        for notice in notices:
            for version in self._read(notice):
                yield from self._unknown(version)

    def _of(self, version: Version) -> Iterator[Mistake]:
        yield from self._never_said(version)
        yield from self._in_letters(version, known=not any(self._unknown(version)))

    def _languages(self, notice: str) -> set[str]:
        """The languages in which somebody reads a notice."""
        return {self.office.language, *(one.language for one in self._contacts(notice) if one.language)}

    def _contacts(self, notice: str) -> Sequence[Contact]:
        return self.readers.get(notice, ())

    def _read(self, notice: Notice) -> list[Version]:
        """What somebody reads of it."""
        return [notice.versions[each] for each in sorted(self._languages(notice.id) & notice.versions.keys())]

    @cached_property
    def _reach(self) -> dict[str, str]:
        """How we are reached when the line is dead, as far as the files say."""
        lead = self.office.person(self.office.roles[0].owner)
        phone = standby_number(self.office, phone_out=True) or (lead.phone if lead else None)
        email = self.reply or (lead.email if lead else None)
        return {name: value for name, value in (("phone", phone), ("email", email)) if value}

    def _no_way(self, notices: Sequence[Notice]) -> Iterator[Mistake]:
        """A number or an address that the notices would give, and that there is not."""
        for name, (words, hint) in _NO_WAY.items():
            asking = (
                version.document.mistake_at(place, words, hint)
                for notice in notices
                for version in self._read(notice)
                if (place := _place_of(version, f"reach.{name}"))
            )
            if name not in self._reach and (first := next(asking, None)):
                yield first

    def _unwritten(self, notice: Notice) -> Iterator[Mistake]:
        """The languages that contacts read and the notice is not written in."""
        version = notice.versions[notice.otherwise(self.office.language)]
        for language in missing_languages(notice, self._languages(notice.id)):
            readers = [one.called for one in self._contacts(notice.id) if one.language == language]
            if not readers and language not in LANGUAGE_NAMES:
                continue  # that of the office, in which nobody can write a notice
            words = _("it is not written in {language}, which {names} read").format(
                language=LANGUAGE_NAMES.get(language, language), names=some_of(readers or [self.office.name])
            )
            hint = _("write notices/{notice}.{language}.md; until then they get it in {other}")
            if language not in LANGUAGE_NAMES:
                hint = _(
                    "they get it in {other}; if they read another one, write that into their contact file"
                )
            hint = hint.format(notice=notice.id, language=language, other=version.language)
            yield version.document.mistake_at((1, 1), words, hint)

    def _unknown(self, version: Version) -> Iterator[Mistake]:
        """What it writes and may be unknown then, so that the letter could not go out."""
        words = _("this writes {name}, which nobody may know then: the letter could not go out")
        for name, place in needed_by(version).items():
            thing, _dot, way = name.partition(".")
            if name in SINCE or (thing == "reach" and way not in self._reach):
                hint = f"{{% if {name} %}}…{{{{ {name} }}}}…{{% endif %}}"
                yield version.document.mistake_at(place, words.format(name=name), hint)

    def _never_said(self, version: Version) -> Iterator[Mistake]:
        """What stands under a fact that no plan ever sets: mostly a slip in its name."""
        if self.set_by_plans is None:
            return
        known = {*self.set_by_plans, *facts_of_letters(), *FACTS_OF_COMMANDS}
        for name, place in facts_asked(version).items():
            if name not in known:
                words = _('no plan sets the fact "{name}": what stands under it is never said')
                hint = did_you_mean(name, known) or _("let a step of the plan ask for {name}").format(
                    name=name
                )
                yield version.document.mistake_at(place, words.format(name=name), hint)

    def _in_letters(self, version: Version, *, known: bool) -> Iterator[Mistake]:
        """What is wrong with the finished letters of the hardest readers, whatever turns out, each rule once."""
        wrong: set[str] = set() if self.by_text else {_TEXT_MESSAGE}
        for setting, reader in product(self._settings(version), self._readers(version)):
            try:
                text = Merger(version, setting).text(reader)
            except InputError as error:
                if known and error.message not in wrong:
                    wrong.add(error.message)
                    yield version.document.mistake_at((1, 1), error.message, error.hint)
                continue
            for finding in lint_finished(version, text, reader.called, setting):
                if finding.rule not in wrong:
                    wrong.add(finding.rule)
                    yield finding.mistake

    def _readers(self, version: Version) -> list[Contact]:
        own = [one for one in self._contacts(version.notice) if one.language == version.language]
        return specimens(own) if own else [Contact("", self.office.name, language=version.language)]

    def _settings(self, version: Version) -> list[Setting]:
        lead = self.office.person(self.office.roles[0].owner)
        sender = {
            "name": lead.name if lead else self.office.name,
            "phone": (lead.phone if lead else None) or "",
        }
        setting = Setting(
            office={"name": self.office.name, "address": self.office.address or ""},
            sender=sender,
            reach=self._reach,
            zone=self.office.zone,
            next_update=_longest(version.language, self.office.zone),
        )
        examples = {name: f"<{name}>" for name in facts_of(version)}
        return [replace(setting, facts={**examples, **facts}) for facts in _DAYS]


@cache
def _longest(language: str, zone: ZoneInfo) -> datetime:
    """The moment of a year that is the longest in words: a text message must hold it, too."""
    first = datetime(2026, 1, 1, 14, 30, tzinfo=UTC)
    days = (first + timedelta(days=number) for number in range(_YEAR))
    return max(days, key=lambda day: len(LANGUAGES[language].when(day, zone)))


def _place_of(version: Version, words: str) -> tuple[int, int] | None:
    """The first place of words in the file of a notice."""
    lines = enumerate(version.document.lines, 1)
    return next(((number, line.index(words) + 1) for number, line in lines if words in line), None)

"""Everything that speaks against a sending: its texts as they stand, and each letter as it would be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.i18n import _
from bcp.notice.campaign.plan import Planned, SendingPlan
from bcp.notice.channel.base import Channel
from bcp.notice.lint.lint import lint, lint_finished, missing_languages
from bcp.notice.lint.rule import LintFinding
from bcp.notice.text.circumstance import conditions
from bcp.notice.text.merge import Setting, mergers
from bcp.notice.text.model import LANGUAGE_NAMES, Notice, Version
from bcp.notice.text.placeholders import uses
from bcp.progress import UNWATCHED, Progress, Task

_PARTS = "sms-length"
UNKNOWN = "unknown"
"""The rule that a letter breaks which cannot be written, because it says what is not known."""

Reader = tuple[Contact, str, bool]
"""A contact, the language of its letter, and whether it gets text messages."""


def against(
    notice: Notice,
    planned: SendingPlan,
    setting: Setting,
    ways: Mapping[str, Channel],
    otherwise: str,
    *,
    progress: Progress = UNWATCHED,
) -> Iterator[LintFinding]:
    """What speaks against sending it so; `otherwise` is the language for those whose own it is not written in."""
    for language in sorted({one.language for one in planned.letters}):
        yield from lint(notice.versions[language])
    letters = planned.letters
    with progress.task(_("Reading each letter once"), len(letters)) as task:
        readers = _watched(((one.contact, one.language, _by_text(one, ways)) for one in letters), task)
        yield from in_letters(notice, readers, setting)
    yield from _missing(notice, planned, otherwise)
    yield from _said_too_early(notice.versions[otherwise], setting)


def _watched(readers: Iterable[Reader], task: Task) -> Iterator[Reader]:
    """The same readers; how far it is shown."""
    for reader in readers:
        yield reader
        task.advance(name=reader[0].called)


def in_letters(notice: Notice, readers: Iterable[Reader], setting: Setting) -> Iterator[LintFinding]:
    """What is wrong in the finished texts, each rule once a language; for each reader whether he gets text messages.

    Raises InputError for a fact that is not known.
    """
    seen: set[str] = set()
    ready = mergers(notice, setting)
    for contact, language, by_text in readers:
        version = notice.versions[language]
        for finding in lint_finished(version, ready[language].text(contact), contact.called, setting):
            # Without a way that sends it, the short text is only read aloud.
            if finding.rule == _PARTS and not by_text:
                continue
            if finding.rule + language not in seen:
                seen.add(finding.rule + language)
                yield finding


def in_notice(
    notice: Notice, contacts: Sequence[Contact], setting: Setting, ways: Mapping[str, Channel]
) -> Iterator[LintFinding]:
    """What is wrong with a notice in all its languages, read as each of the contacts would read it."""
    by_text = any(way.medium == "sms" for way in ways.values())
    for language, version in sorted(notice.versions.items()):
        yield from lint(version)
        readers = [one for one in contacts if one.language == language] or [_anybody(setting, language)]
        try:
            yield from in_letters(notice, ((one, language, by_text) for one in readers), setting)
        except InputError as error:
            yield LintFinding(UNKNOWN, version.document.mistake_at((1, 1), error.message, error.hint))


def _anybody(setting: Setting, language: str) -> Contact:
    return Contact("", setting.office.get("name", ""), language=language)


def _by_text(one: Planned, ways: Mapping[str, Channel]) -> bool:
    return any(ways[way.channel].medium == "sms" for way in one.ways)


def _missing(notice: Notice, planned: SendingPlan, otherwise: str) -> Iterator[LintFinding]:
    wanted = [one.contact.language for one in planned.letters if one.contact.language]
    any_version: Version = next(iter(notice.versions.values()))
    for language in missing_languages(notice, wanted):
        readers = [one.contact.called for one in planned.letters if one.contact.language == language]
        name = LANGUAGE_NAMES.get(language, language)
        words = f"it is not written in {name}, which {_some(readers)} read"
        # What nobody can write holds nobody back: a letter in another language is better than none.
        is_beyond_us = language not in LANGUAGE_NAMES
        hint = f"they get it in {otherwise}; if they read another one, write that into their contact file"
        if not is_beyond_us:
            hint = (
                f"write notices/{notice.id}.{language}.md, or say that they get it in {otherwise}: "
                f'--overrule "language=they get it in {otherwise}"'
            )
        mistake = any_version.document.mistake_at((1, 1), words, hint)
        why = "Everybody is told in a language that he reads."
        yield LintFinding("language", mistake, why, advice=is_beyond_us)


def _said_too_early(version: Version, setting: Setting) -> Iterator[LintFinding]:
    """What the kind of a notice says by itself and the incident does not: another number, or that all is well."""
    kind, mistake = version.front.kind, version.document.mistake_at
    if kind == "number" and not setting.reach.get("phone") and uses(version, "body", "reach"):
        words = "it says that you answer on another number, and none is known to ring"
        hint = 'say where you answer: bcp incident amend --fact answer_number="+48 600 000 110"'
        yield LintFinding("no-number", mistake((1, 1), words, hint), "A client cannot guess your number.")
    now = conditions(setting.facts)
    out = [name for name in ("phone", "internet", "website", "mail") if now[f"{name}_out"]]
    if kind == "all-clear" and out:
        words = f"it says that all is well, and the incident still says what is out: {', '.join(out)}"
        hint = f"say that it works: bcp incident amend --fact {out[0]}_works=yes"
        yield LintFinding("still-out", mistake((1, 1), words, hint), "Who reads it tries what is out.", True)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown

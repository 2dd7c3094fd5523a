"""`notice new`: the first draft of a notice in the languages that contacts read, written whole and linted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bcp.app.draft.office import AuthorOffice
from bcp.app.draft.trial_lint import refuse_sentence
from bcp.app.draft.writing import written
from bcp.app.notice.lint import read_notices
from bcp.app.session import Session
from bcp.draft.names import free_name, read_name
from bcp.draft.notice import NEUTRAL, notice_file, notice_text, read_sentence
from bcp.errors import InputError, SourceError
from bcp.i18n import _
from bcp.notice.lint.rule import LintFinding
from bcp.notice.text.model import LANGUAGE_NAMES
from bcp.yaml.near import near_or_all


@dataclass(frozen=True, slots=True)
class NoticeDraftRequest:
    """A notice that is wanted; None or empty for what nobody has said."""

    name: str
    kind: str | None = None
    sentence: str | None = None
    languages: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice as it was written: its files, and what it is advised."""

    name: str
    files: Sequence[str]
    advice: Sequence[LintFinding]


def kinds_of_drafts() -> Mapping[str, str]:
    """The kinds that there are drafts of, each with what it says."""
    return {
        "down": _("the first word: something is wrong, and this is how you reach us"),
        "update": _("the news that was promised: it is not over yet"),
        "all-clear": _("all is well again"),
    }


def reader_of_sentence(office: AuthorOffice, kind: str) -> Callable[[str], str]:
    """Reads what clients read first, in the language of the office. It raises ValueError for what the lint stops."""

    def read(typed: str) -> str:
        said = read_sentence(typed)
        if said:
            refuse_sentence(kind, office.languages[0], said)
        return said

    return read


def usual_sentence(office: AuthorOffice, kind: str) -> str:
    """What clients read where nobody says more."""
    return NEUTRAL[kind][office.languages[0]]


def refuse_name(office: AuthorOffice, name: str) -> None:
    """Raises InputError for a name that is none, or that a notice has."""
    try:
        read_name(name)
    except ValueError as error:
        raise InputError(str(error), _("nothing was written")) from None
    if office.holds_notice(name):
        words = _('there is a notice called "{name}" already; free is: {other}')
        raise InputError(words.format(name=name, other=free_name(name, office.holds_notice)))


def write_notice(session: Session, office: AuthorOffice, request: NoticeDraftRequest) -> NewNotice:
    """Write it in each language, and lint it. Raises InputError, and leaves no file, where that is not possible."""
    refuse_name(office, request.name)
    kinds = kinds_of_drafts()
    if request.kind is None:
        listed = [f"{kind}   {words}" for kind, words in kinds.items()]
        raise InputError(_("which kind of notice?"), _("name one of these with --kind"), listed)
    if request.kind not in kinds:
        words = _('there is no draft of the kind "{kind}"').format(kind=request.kind)
        raise InputError(words, near_or_all(request.kind, kinds, _("kinds")))
    for language in request.languages:
        if language not in LANGUAGE_NAMES:
            words = _('there is no draft in the language "{language}"').format(language=language)
            raise InputError(words, near_or_all(language, LANGUAGE_NAMES, _("languages")))
    files = _files(office, request, request.kind)
    with written(office.folder, files):
        found = read_notices(session, request.name)
        if found.is_bad:
            raise SourceError([finding.mistake for finding in found.findings if not finding.advice])
        return NewNotice(request.name, list(files), found.findings)


def _files(office: AuthorOffice, request: NoticeDraftRequest, kind: str) -> dict[str, str]:
    try:
        said = reader_of_sentence(office, kind)(request.sentence or "")
    except ValueError as error:
        raise InputError(str(error), _("nothing was written")) from None
    ours = office.languages[0]
    return {
        notice_file(request.name, each): notice_text(kind, each, said if each == ours else "")
        for each in dict.fromkeys(request.languages or office.languages)
    }

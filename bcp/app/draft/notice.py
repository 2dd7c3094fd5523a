"""`notice new`: the first draft of a notice in the languages that contacts read, written whole and linted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bcp.app.draft.office import AuthorOffice
from bcp.app.draft.trial_lint import findings_of, refuse_sentence
from bcp.app.draft.writing import written
from bcp.app.session import Session
from bcp.draft.names import free_name, read_name
from bcp.draft.notice import NEUTRAL, notice_file, notice_text, read_sentence
from bcp.errors import InputError
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
    """A notice as it was written: its files, and what the lint says of it."""

    name: str
    files: Sequence[str]
    findings: Sequence[LintFinding]


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


def completed(office: AuthorOffice, request: NoticeDraftRequest) -> NoticeDraftRequest:
    """The request with the languages that are to be written, and the kind where the notice has one in another language.

    Raises InputError for a name that is none, and where nothing is left to be written.
    """
    try:
        name = read_name(request.name)
    except ValueError as error:
        raise InputError(str(error), _("nothing was written")) from None
    there = office.whole.notices.get(name)
    wanted = list(dict.fromkeys(request.languages or office.languages))
    if there is None:
        if office.holds_notice(name):
            raise InputError(_taken(office, name))
        return replace(request, languages=wanted)
    if request.kind not in (None, there.kind):
        words = _("the notice {name} is of the kind {kind}")
        raise InputError(
            words.format(name=name, kind=there.kind), _("all languages of a notice say the same")
        )
    left = [language for language in wanted if not office.holds_notice(f"{name}.{language}")]
    if not left or (request.languages and left != wanted):
        raise InputError(_taken(office, name), _("for a further language add it, such as: --lang de"))
    return replace(request, kind=there.kind, languages=left)


def _taken(office: AuthorOffice, name: str) -> str:
    words = _('there is a notice called "{name}" already; free is: {other}')
    return words.format(name=name, other=free_name(name, office.holds_notice))


def write_notice(session: Session, office: AuthorOffice, wanted: NoticeDraftRequest) -> NewNotice:
    """Write it in each language, and lint it. Raises InputError, and leaves no file, where that is not possible.

    Where it is there in another language, only the further ones are written.
    """
    request = completed(office, wanted)
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
    if request.sentence and office.languages[0] not in request.languages:
        words = _("--clients-read is a sentence in the language of the office, and no file in it is written")
        raise InputError(words, _("leave it out, and put your own words into the files"))
    files = _files(office, request, request.kind)
    with written(office.folder, files):
        return NewNotice(request.name, list(files), findings_of(session, request.name, files))


def _files(office: AuthorOffice, request: NoticeDraftRequest, kind: str) -> dict[str, str]:
    ours = office.languages[0]
    try:
        said = reader_of_sentence(office, kind)(request.sentence or "")
    except ValueError as error:
        raise InputError(str(error), _("nothing was written")) from None
    return {
        notice_file(request.name, each): notice_text(kind, each, said if each == ours else "")
        for each in request.languages
    }

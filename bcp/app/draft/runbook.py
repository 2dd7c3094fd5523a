"""`runbook new`: the first draft of a plan with all that belongs to it, written whole, read, and played dry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from bcp.app.draft.office import AuthorOffice
from bcp.app.draft.trial_lint import findings_of, refuse_sentence
from bcp.app.draft.writing import written
from bcp.app.incident.chosen import StartRequest
from bcp.app.incident.dry_run import DryRun, dry_run
from bcp.app.incident.shell import Shell
from bcp.app.load_office import read_now
from bcp.app.office_new import read_length
from bcp.app.runbook_lint import read_style
from bcp.app.session import Session
from bcp.check.model import Check
from bcp.draft.check import check_text
from bcp.draft.names import free_name, name_of, read_name
from bcp.draft.notice import NEUTRAL, notice_file, notice_text, read_sentence
from bcp.draft.plan import PlanDraft, answers_text, plan_text
from bcp.errors import InputError, SourceError
from bcp.i18n import _
from bcp.incident.script import load_answers
from bcp.notice.lint.rule import LintFinding
from bcp.runbook.style import StyleFinding
from bcp.yaml.near import near_or_all
from bcp.yaml.source import Reader, parse

T = TypeVar("T")
_LONGEST = 100
_SHORTEST = timedelta(minutes=5)
_USUAL = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class PlanAnswers:
    """What an author says of a new plan; None for what nobody has said yet, an empty text for none."""

    title: str | None = None
    when: str | None = None
    name: str | None = None
    lead: str | None = None
    about: str | None = None
    within: timedelta | None = None
    tells: bool | None = None
    sentence: str | None = None
    look_at: str | None = None

    def missing(self, office: AuthorOffice) -> Iterator[tuple[str, str]]:
        """The options without which nobody can guess what is meant, each with what it says."""
        if self.title is None:
            yield "--title TEXT", _("what has happened, as people would say it")
        if self.when is None:
            yield "--when TEXT", _("what must be true to begin the plan")
        if self.lead is None and len(office.roles) > 1:
            yield "--lead ROLE", _("who leads: {roles}").format(roles=", ".join(office.roles))
        if self.within is None and not office.target_of(self.about or ""):
            yield "--within TIME", _("by when it must be over, such as 4h")
        if self.tells is None:
            yield "--tell-clients", _("clients hear of it; or --no-tell-clients: they do not")


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan as it will be written: what it says, and the text of each file."""

    draft: PlanDraft
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class PlayedPlan:
    """A new plan that is written, what the lints say of its notices and of its style, and how it was played dry."""

    new: NewPlan
    findings: list[LintFinding]
    style: list[StyleFinding]
    dry: DryRun


def read_line_of(typed: str) -> str:
    """One line of plain words. Raises ValueError for an empty one, or one that is too long for a heading."""
    said = " ".join(typed.split())
    if not said:
        raise ValueError(_("expected a few words"))
    if len(said) > _LONGEST:
        raise ValueError(
            _("expected {count} letters at most, not {found}").format(count=_LONGEST, found=len(said))
        )
    if not said.isprintable():
        raise ValueError(_("expected plain words in one line"))
    return said


def read_within(typed: str) -> timedelta:
    """`4h`, and as people say it. Raises ValueError for what is no length of time, or too short for a plan."""
    length = read_length(typed)
    if length < _SHORTEST:
        raise ValueError(_("expected at least 5 minutes: somebody has to read the plan first"))
    return length


def read_look_at(typed: str) -> str:
    """An address to look at, or nothing. Raises ValueError for what no check can look at."""
    said = typed.strip()
    if said:
        reader = Reader()
        reader.model(parse(check_text("draft", said), "draft"), Check)
        for mistake in reader.mistakes:
            raise ValueError(mistake.message)
    return said


def read_clients_sentence(office: AuthorOffice, typed: str) -> str:
    """What clients read first, in the language of the office. Raises ValueError where the lint takes offence at it."""
    said = read_sentence(typed)
    if said:
        refuse_sentence("down", office.languages[0], said)
    return said


def usual_sentence(office: AuthorOffice) -> str:
    """What clients read where nobody says more."""
    return NEUTRAL["down"][office.languages[0]]


def usual_within(office: AuthorOffice, about: str) -> timedelta:
    """By when it should be over: as bcp.yaml says of that activity, else within half a day."""
    return office.target_of(about) or _USUAL


def usual_name(office: AuthorOffice, title: str) -> str:
    """A short name that nothing has yet."""
    return free_name(name_of(title), office.holds)


def refuse_taken(office: AuthorOffice, name: str) -> None:
    """Raises ValueError for a name that something has."""
    if office.holds(name):
        words = _('there is something called "{name}" already; free is: {other}')
        raise ValueError(words.format(name=name, other=free_name(name, office.holds)))


def given(
    office: AuthorOffice,
    *,
    title: str | None,
    when: str | None,
    name: str | None,
    lead: str | None,
    about: str | None,
    within: str | None,
    tells: bool | None,
    sentence: str | None,
    look_at: str | None,
) -> PlanAnswers:
    """What the command line says, read as an answer is read. Raises InputError for what cannot be one."""
    refuse_unknown(office, lead, about)
    if sentence and tells is False:
        raise InputError(
            _("clients do not hear of it, so they read no sentence"),
            _("leave out --clients-read, or say --tell-clients"),
        )
    try:
        if name is not None:
            refuse_taken(office, read_name(name))
        return PlanAnswers(
            title=_read("--title", title, read_line_of),
            when=_read("--when", when, read_line_of),
            name=_read("--id", name, read_name),
            lead=lead,
            about=about,
            within=_read("--within", within, read_within),
            tells=tells if not sentence else True,
            sentence=_read("--clients-read", sentence, lambda typed: read_clients_sentence(office, typed)),
            look_at=_read("--look-at", look_at, read_look_at),
        )
    except ValueError as error:
        raise InputError(str(error), _("nothing was written")) from None


def refuse_unknown(office: AuthorOffice, lead: str | None, about: str | None) -> None:
    """Raises InputError for a role, an activity or a line that there is not."""
    if lead is not None and lead not in office.roles:
        words = _('there is no role "{role}"').format(role=lead)
        raise InputError(words, near_or_all(lead, office.roles, _("roles")))
    if about and about not in office.subjects:
        words = _('bcp.yaml knows no activity and no line "{name}"').format(name=about)
        raise InputError(words, near_or_all(about, office.subjects, _("activities and lines")))


def _read(option: str, typed: str | None, read: Callable[[str], T]) -> T | None:
    """Raises ValueError, with the option that it is about."""
    if typed is None:
        return None
    try:
        return read(typed)
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from None


def new_plan(office: AuthorOffice, answers: PlanAnswers) -> NewPlan:
    """The files of a plan. Raises InputError with all that is missing, or for what there is not in the office."""
    lacks = [f"{option}   {words}" for option, words in answers.missing(office)]
    if lacks:
        raise InputError(_("say more: nobody is here to be asked"), _("add these to the command"), lacks)
    assert answers.title is not None and answers.when is not None
    lead, about = answers.lead or office.lead, answers.about or ""
    name = answers.name or name_of(answers.title)
    try:
        refuse_taken(office, name)
        sentence = read_clients_sentence(office, answers.sentence or "") or usual_sentence(office)
    except ValueError as error:
        raise InputError(str(error), _("nothing was written")) from None
    draft = PlanDraft(
        name=name,
        title=answers.title,
        when=answers.when,
        lead=lead,
        within=answers.within or usual_within(office, about),
        teller=office.teller(lead),
        activity=about if office.is_activity(about) else "",
        activities=_activities(office, answers.about),
        line=about if office.is_line(about) else "",
        reports=office.is_line(about) and office.reads_back,
        audience=office.audience if answers.tells else "",
        sentence=sentence,
        has_update=office.has_update,
        watched=bool(answers.look_at),
    )
    return NewPlan(draft, dict(_files(office, draft, answers)))


def _activities(office: AuthorOffice, about: str | None) -> list[str] | None:
    """The activities whose clocks the plan shows; None where nobody said it, as of those that hang on a line."""
    if about is not None and office.is_activity(about):
        return [about]
    return [] if about == "" else None


def _files(office: AuthorOffice, draft: PlanDraft, answers: PlanAnswers) -> Iterator[tuple[str, str]]:
    yield f"runbooks/{draft.name}.yaml", plan_text(draft)
    if draft.watched:
        yield f"checks/{draft.name}.yaml", check_text(draft.name, answers.look_at or "")
    if draft.audience:
        ours = office.languages[0]
        for language in office.languages:
            sentence = draft.sentence if language == ours else ""
            yield notice_file(draft.name, language), notice_text("down", language, sentence)
        for language in office.languages:
            yield notice_file(draft.over, language), notice_text("all-clear", language)
    yield f"answers/{draft.name}.yaml", answers_text(draft)


def write_plan(session: Session, office: AuthorOffice, new: NewPlan, shell: Shell) -> PlayedPlan:
    """Write all files, read them as `validate` and both lints do, and play the plan dry with its answers.

    Raises InputError, and takes every file away again, where one cannot be written or there is a mistake in one.
    """
    with (
        session.progress.task(_("Writing and reading the plan"), 3) as task,
        written(office.folder, new.files),
    ):
        task.advance(name=_("mistakes"))
        # Kept for a day with a slip in them are only plans that stay.
        own = [each for each in read_now(session, keeps=False).mistakes if each.file in new.files]
        if own:
            raise SourceError(own)
        task.advance(name=_("notices"))
        findings = list(_linted(session, new))
        style = read_style(session, new.draft.name).findings
        task.advance(name=_("dry run"))
        answers = load_answers(office.folder / f"answers/{new.draft.name}.yaml")
        request = StartRequest("drill", new.draft.name, answers=answers)
        played = PlayedPlan(new, findings, style, dry_run(_as_anybody(session), request, shell))
    read_now(session)
    return played


def _as_anybody(session: Session) -> Session:
    """The same office, whoever sits there: a dry run is nobody's deed, and an author may not be one of its people."""
    environ = {name: value for name, value in session.environ.items() if name != "BCP_PERSON"}
    return Session(str(session.folder), environ, session.clock, session.remark, progress=session.progress)


def _linted(session: Session, new: NewPlan) -> Iterator[LintFinding]:
    """What the lint says of the notices of the plan. Raises SourceError for what no author could mend."""
    for notice in (new.draft.name, new.draft.over) if new.draft.audience else ():
        yield from findings_of(session, notice, new.files)

"""Who would read the notices of the plans: the members of the audiences that their steps name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from bcp.action.kinds.notify import Notify
from bcp.action.kinds.publish import Publish
from bcp.contact.audience import TOLD, members, staff
from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.plan import leads_to
from bcp.validate import OfficeConfig
from bcp.yaml.unread import ANY

_EVERYBODY = ""
"""In the place of an audience: all contacts, and all of us."""


def readers_of_plans(whole: OfficeConfig) -> Mapping[str, Sequence[Contact]]:
    """The contacts that the steps of all plans send each notice to, by its name.

    What is put up in public may be read by everybody, as may be what goes to an audience that nobody is in; where that
    may be because of a mistake in a contact file, nobody knows who reads it. What a provider is told in writing is for
    none of them.
    """
    everybody = (*whole.contacts.all, *staff(whole.office))
    otherwise = () if ("audience", ANY) in whole.unusable else everybody
    told = _told(whole.runbooks)

    @cache
    def of(audience: str) -> Sequence[Contact]:
        try:
            return members(audience, whole.contacts.all, whole.office, tuple)
        except InputError:
            return otherwise

    audiences: dict[str, set[str]] = {}
    for name, loaded in whole.runbooks.items():
        for notice, audience in _sent(loaded):
            named = told(name) if audience == TOLD else {audience or _EVERYBODY}
            audiences.setdefault(notice, set()).update(named or {_EVERYBODY})
    return {
        notice: everybody
        if _EVERYBODY in named
        else tuple({one.id: one for each in sorted(named) for one in of(each)}.values())
        for notice, named in audiences.items()
    }


def _sent(loaded: LoadedRunbook) -> Iterator[tuple[str, str | None]]:
    """Each notice that a plan sends, and to which audience; None for what is put up in public."""
    for _loc, act in loaded.model.acts():
        if isinstance(act.action, Notify):
            yield act.action.notice, act.action.audience
        elif isinstance(act.action, Publish) and act.action.notice is not None:
            yield act.action.notice, None


def _told(runbooks: Mapping[str, LoadedRunbook]) -> Callable[[str], set[str]]:
    """A function: who may have been told in the incident in which a plan is carried out."""
    own = {
        name: {audience for _notice, audience in _sent(loaded) if audience is not None and audience != TOLD}
        for name, loaded in runbooks.items()
    }
    beside: dict[str, set[str]] = {name: set() for name in runbooks}
    for name, loaded in runbooks.items():
        for other in leads_to(loaded.model):
            if other in beside:
                beside[name].add(other)
                beside[other].add(name)

    @cache
    def told(name: str) -> set[str]:
        met, todo = {name}, [name]
        while todo:
            new = beside[todo.pop()] - met
            met |= new
            todo.extend(new)
        return {audience for each in met for audience in own[each]}

    return told

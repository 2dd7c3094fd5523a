"""What looking at checks begins with: the checks of the office, which of them, and what their probes share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from bcp.app.session import Session
from bcp.check.load import load as load_checks
from bcp.check.model import Check
from bcp.check.network_path import References
from bcp.errors import InputError, SourceError, StoreError
from bcp.i18n import _, speak
from bcp.office.line import OfficeLine
from bcp.office.model import Office
from bcp.office.model import load as load_office
from bcp.probe.base import Shared
from bcp.times import local
from bcp.world.secret import Secrets
from bcp.yaml.near import near_or_all
from bcp.yaml.source import Reader


def office_and_checks(session: Session, reader: Reader | None = None) -> tuple[Office, dict[str, Check]]:
    """The office and its checks; `reader` keeps their texts. Raises SourceError with every mistake in them."""
    reader = reader or Reader()
    office = load_office(session.folder, reader)
    checks = {name: loaded.model for name, loaded in load_checks(session.folder, reader).items()}
    if office is None or reader.mistakes:
        raise SourceError(reader.mistakes)
    speak(office.language)
    return office, checks


GOOD_DAY = "good-day.json"
"""Beside the journal: how the line was when it was last well."""


class ChecksToLookAt(NamedTuple):
    """The office and its checks; `is_of_last` where these are the last ones without a mistake, not those of now.

    `texts` are the files of now, by name, where there is no mistake in them.
    """

    office: Office
    checks: dict[str, Check]
    is_of_last: bool
    texts: Mapping[str, str] = {}


def checks_to_look_at(session: Session) -> ChecksToLookAt:
    """The office and its checks; where there is a mistake in them now, as they were last without one.

    A slip of the hand must not blind the office: it is remarked, and looking goes on. Raises SourceError where none
    were kept.
    """
    reader = Reader()
    try:
        return ChecksToLookAt(*office_and_checks(session, reader), is_of_last=False, texts=reader.texts)
    except SourceError as error:
        from bcp.app.check import kept_checks

        kept = kept_checks.find(session)
        if kept is None:
            raise
        for mistake in error.mistakes:
            session.remark(str(mistake))
        speak(kept.office.language)
        words = _("Until this is corrected, the checks run as they were on {time}. Afterwards: bcp validate")
        session.remark(words.format(time=local(kept.at, kept.office.zone)))
        return ChecksToLookAt(kept.office, kept.checks, is_of_last=True)


def shared_for(session: Session, office: Office | None = None) -> Shared:
    """What the probes of a pass have in common. Raises InputError where the office is not ours to run programs of."""
    session.insist_on_our_office()
    secrets = Secrets(session.folder, session.environ, session.progress)
    proxy = office.internet.proxy if office is not None else None
    remembers = kept = None
    with suppress(StoreError):  # where this is no place for a store, nothing is remembered
        remembers, kept = session.stores.folder / GOOD_DAY, session.stores.folder / "looked-up"
    return Shared(
        session.clock,
        session.folder,
        secret=secrets.value,
        proxy=proxy,
        line=partial(line_of, office),
        remembers=remembers,
        kept=kept,
    )


def line_of(office: Office | None, name: str) -> OfficeLine | None:
    """The line of that name."""
    lines = office.lines if office is not None else []
    return next((line for line in lines if line.line == name), None)


def references_of(office: Office) -> References:
    """What stands for the internet: what the office says, else well-known addresses."""
    said, standard = office.internet, References()
    addresses = tuple(
        (host.strip("[]"), int(port))
        for host, _colon, port in (text.rpartition(":") for text in said.addresses)
    )
    return References(
        addresses=addresses or standard.addresses,
        quorum=min(standard.quorum, len(addresses or standard.addresses)),
        page=said.page or standard.page,
        names=tuple(said.names) or standard.names,
        sites=tuple(said.sites) or standard.sites,
        slow_below=said.slow_below or standard.slow_below,
    )


def chosen(names: Sequence[str], checks: Collection[str]) -> list[str]:
    """The checks named, or all. Raises InputError for a name that is none."""
    for name in names:
        if name not in checks:
            raise InputError(f'there is no check "{name}"', near_or_all(name, checks, "checks"))
    return list(names) or list(checks)

"""The one way out of this computer: the real one, or the rehearsal of it."""

from __future__ import annotations

from bcp.app.session import Session
from bcp.outside import World
from bcp.progress import UNWATCHED


def world_of(session: Session, drill: bool = False) -> World:
    """The way out, or the rehearsal of it. Raises InputError where the office is not ours to run programs of."""
    if drill:
        from bcp.world.rehearsal import Rehearsal

        return Rehearsal(session.folder, session.environ)
    session.insist_on_our_office()
    from bcp.world.real import Real
    from bcp.world.secret import Secrets

    world = Real(Secrets(session.folder, session.environ, session.progress))
    if session.progress is UNWATCHED:
        return world
    from bcp.app.watched_world import WatchedWorld

    return WatchedWorld(world, session.progress)

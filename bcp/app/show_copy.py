"""Shows a copy of a site to the browser of this computer."""

from __future__ import annotations

from bcp.app.mirror import CopyToOpen, archive_of
from bcp.app.session import Session
from bcp.world.copy_server import CopyServer


def server_of(session: Session, found: CopyToOpen) -> CopyServer:
    """A server with this copy, which listens and does not answer yet. Raises OSError where none can listen."""
    archive = archive_of(session)
    return CopyServer(lambda: archive.folder(found.mirror))

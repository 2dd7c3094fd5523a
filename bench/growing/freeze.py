"""Freezes the letters of an office, as a sending does before it asks a person for their number: `freeze.py OFFICE`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from bcp.clock import SystemClock
from bcp.contact.load import load as load_contacts
from bcp.files import IncidentFiles
from bcp.notice.campaign.post import LetterContext, Post, SendingRequest
from bcp.notice.channel.channels import Ways
from bcp.notice.channel.kinds.smtp import Smtp
from bcp.notice.text.load import load_files
from bcp.office.model import load as load_office
from bcp.store.outbox import Outbox
from bcp.yaml.source import Reader


def main(folder: Path) -> int:
    """How many letters were frozen, in words."""
    reader = Reader()
    office = load_office(folder, reader)
    notices = load_files(sorted((folder / "notices").glob("line-down.*.md")), reader)
    reader.finish()
    assert office is not None
    way = Smtp.model_validate(
        {"host": "127.0.0.1", "port": 9, "from": "office@kropka.example", "a_minute": 0}
    )
    post = Post(
        folder,
        lambda _incident: IncidentFiles(folder),
        office,
        load_contacts(folder, office.country),
        notices,
        Ways({"mail": way}),
        Outbox(folder / "incidents"),
        SystemClock(),
    )
    affair = LetterContext("incident", datetime.now(UTC), {}, "anna")
    print(post.freeze(post.prepare(affair, SendingRequest("line-down", "clients"))))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""Migration 4: when the letters of a campaign say that we write next, so that a later run says the same."""

from __future__ import annotations

STATEMENTS = ("ALTER TABLE campaigns ADD COLUMN next_update TEXT NOT NULL DEFAULT ''",)

"""Migration 5: how many looks there were in each hour of a day with blips, and how many of them failed."""

from __future__ import annotations

STATEMENTS = ("ALTER TABLE latencies ADD COLUMN blips TEXT NOT NULL DEFAULT ''",)

"""The newest span of each check, by one walk along an index: a look-up a check, however long its past is."""

from __future__ import annotations

from string import Template

_KNOWN = """
    WITH RECURSIVE known (name) AS (
        SELECT min(name) FROM spans
        UNION ALL
        SELECT (SELECT min(name) FROM spans WHERE spans.name > known.name) FROM known WHERE name IS NOT NULL
    )
"""
_NEWEST = Template(f"""
    {_KNOWN}
    SELECT $columns FROM known JOIN spans ON spans.id = (
        SELECT id FROM spans INDEXED BY spans_by_check WHERE spans.name = known.name $among ORDER BY id DESC LIMIT 1
    )
""")
SEEN = "AND state IN ('up', 'warning', 'down', 'inconclusive')"
"""Spans in which somebody saw how it was. Behind the last one there are two others at most, whatever came before."""
NOT_UNOBSERVED = "AND state != 'unobserved'"
"""Spans in which somebody looked, or left it alone because of its maintenance."""


def newest(columns: str, among: str = "") -> str:
    """The query for these columns of the newest span of each check, of those `among` which it is sought."""
    return _NEWEST.substitute(columns=columns, among=among)

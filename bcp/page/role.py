"""The role sheet: the steps of one role, with what each of them waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bcp.errors import InputError
from bcp.page import content as said
from bcp.page.blocks import Block, Document, EndBlock, Heading, Steps, Tick
from bcp.page.labels import Labels
from bcp.page.proof import proof
from bcp.page.sheet import Sheet


def role_content(sheet: Mapping[str, Any], role: str) -> dict[str, Any]:
    """What the sheet of one role says. Raises InputError where the runbook gives that role nothing to do."""
    roles = [each["id"] for each in sheet["roles"]]
    if role not in roles:
        raise InputError(
            f'{sheet["id"]} has nothing to do for the role "{role}"', f"its roles: {', '.join(roles)}"
        )
    return {**sheet, "document": "role", "role": role}


def role_sheet(content: Mapping[str, Any], words: Labels) -> Document:
    """The sheet of one role; the numbers are those of the whole sheet."""
    sheet, role = Sheet(content, words), content["role"]
    title = f"{content['title']}: {sheet.role_title(role)}"
    blocks = (*sheet.first_page(), *_phases(sheet, role), *_stand_down(sheet, role), EndBlock(words("end")))
    return Document(f"{content['id']}-{role}", title, words.language, proof(content, words), blocks)


def _phases(sheet: Sheet, role: str) -> Iterator[Block]:
    words = sheet.words
    yield Heading(
        words("role_sheet", role=sheet.role_title(role)),
        words("role_note", badge=sheet.badges[role]),
        level=1,
    )
    before: Tick | None = None
    for phase in sheet.content["phases"]:
        rows = []
        for step in phase["steps"]:
            tick = sheet.tick(step, phase["within"])
            if (step["who"] or sheet.content["owner"]) == role:
                rows.append(_waiting(tick, before if not phase["any_order"] else None, words))
            before = tick
        if rows:
            yield Heading(phase["phase"])
            yield Steps(tuple(rows))


def _waiting(tick: Tick, before: Tick | None, words: Labels) -> Tick:
    """`tick` with the step that it waits for, where another role does that one."""
    if before is None or before.badge == tick.badge:
        return tick
    wait = words("wait_for", number=before.number, badge=before.badge, title=before.title)
    return tick._replace(condition=f"{wait}\n{tick.condition}".strip())


def _stand_down(sheet: Sheet, role: str) -> Iterator[Block]:
    owner = sheet.content["owner"]
    steps = reversed(said.steps(sheet.content))
    rows = [
        sheet.undo(step)
        for step in steps
        if step["undo"] and (step["undo"]["who"] or step["who"] or owner) == role
    ]
    rows += [sheet.tick(step, None) for step in sheet.content["stand_down"] if (step["who"] or owner) == role]
    if rows:
        yield Heading(sheet.words("stand_down"), sheet.words("stand_down_note"))
        yield Steps(tuple(rows))

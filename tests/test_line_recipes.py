"""The recipes of docs/lines.md: read from the page, carried out as they stand, with programs that note what they hear.

What the programs print was written after their makers' documentation; none of these systems was here to be recorded.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest
import yaml

from bcp.lever.line.kinds.by_hand import picture, wifi_code
from bcp.office.line import OfficeLine
from tests.children import needs_scripts
from tests.offices import OFFICE, bcp, office_in, runbook
from tests.test_line import PHASES

PAGE = (Path(__file__).parent.parent / "docs" / "lines.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"```yaml line\n(.*?)```", PAGE, re.DOTALL)
PROGRAMMED = [text for text in RECIPES if "command:" in text]
PROGRAM = """#!{python}
import json, pathlib, sys
here = pathlib.Path({here!r})
with (here / "asked").open("a") as asked:
    asked.write(json.dumps([pathlib.Path(sys.argv[0]).name, *sys.argv[1:]]) + "\\n")
trouble = here / "trouble"
if trouble.exists():
    code, said = trouble.read_text().split(" ", 1)
    print(said, file=sys.stderr)
    sys.exit(int(code))
"""
TROUBLES = {
    "ssh": (255, "ssh: connect to host 192.168.1.1 port 22: No route to host"),
    "netsh": (1, "There is no profile \"Kropka-Mobile\" assigned to the specified interface."),
    "powershell": (1, "Set-NetIPInterface : No matching MSFT_NetIPInterface objects found"),
    "networksetup": (4, "** Error: Not all services are included in the list"),
}  # fmt: skip


def office(folder: Path, recipe: str) -> tuple[Path, OfficeLine, str]:
    """An office with that line, and a PATH on which its programs only note what they are asked."""
    told = yaml.safe_load(recipe)
    line = OfficeLine.model_validate(told)
    made = office_in(folder / "office", outage=runbook(PHASES.replace("use: mobile", f"use: {line.line}")))
    item = "".join(f"    {text}\n" for text in recipe.splitlines()).replace("    ", "  - ", 1)
    (made / "bcp.yaml").write_text(OFFICE + item, encoding="utf-8")
    programs = folder / "programs"
    programs.mkdir()
    for name in TROUBLES:
        (programs / name).write_text(PROGRAM.format(python=sys.executable, here=str(folder)))
        (programs / name).chmod(0o755)
    return made, line, f"{programs}{os.pathsep}{os.environ['PATH']}"


@needs_scripts
@pytest.mark.parametrize("recipe", PROGRAMMED, ids=lambda text: re.findall(r"title: (.*)", text)[0])
def test_a_recipe_switches_and_switches_back_with_the_very_commands_of_the_page(
    tmp_path: Path, recipe: str
) -> None:
    made, line, path = office(tmp_path, recipe)
    for runbook_ in (made / "runbooks").glob("*.yaml"):
        text = runbook_.read_text().replace("by_hand: Take", "auto: yes\n        by_hand: Take")
        runbook_.write_text(text.replace("by_hand: Plug", "auto: yes\n          by_hand: Plug"))
    assert bcp(made, "incident", "start", "outage", PATH=path).returncode == 0
    closed = bcp(made, "incident", "close", PATH=path)
    assert closed.returncode == 0, closed.stderr
    asked = [json.loads(text) for text in (tmp_path / "asked").read_text().splitlines()]
    told = line.model_dump(mode="json")["way"]["command"]
    assert asked == [told["use"], told["back"]]


@needs_scripts
@pytest.mark.parametrize("program", TROUBLES)
def test_what_the_program_says_stands_in_the_step_that_failed(tmp_path: Path, program: str) -> None:
    recipe = next(text for text in PROGRAMMED if f"[{program}" in text)
    made, _line, path = office(tmp_path, recipe)
    (made / "runbooks" / "outage.yaml").write_text(
        (made / "runbooks" / "outage.yaml").read_text().replace("by_hand: Take", "auto: yes\n        by_hand: Take")
    )  # fmt: skip
    code, said = TROUBLES[program]
    (tmp_path / "trouble").write_text(f"{code} {said}")
    done = bcp(made, "incident", "start", "outage", PATH=path)
    assert done.returncode == 4
    assert said in " ".join(done.stderr.split()) and "Take the router from cabinet B." in done.stderr
    assert "IN FORCE" not in bcp(made, "incident", "status").stdout


def test_each_recipe_is_a_line_that_can_be_loaded() -> None:
    assert len(RECIPES) == 9
    for text in RECIPES:
        assert OfficeLine.model_validate(yaml.safe_load(text)).way is not None


@pytest.mark.parametrize(
    ("wifi", "code"),
    [
        (("Kropka-Mobile", "trzy slowa dwa"), "WIFI:T:WPA;S:Kropka-Mobile;P:trzy slowa dwa;;"),
        (("a;b:c", 'p"q\\r'), 'WIFI:T:WPA;S:a\\;b\\:c;P:p\\"q\\\\r;;'),
        (("open", None), "WIFI:S:open;;"),
    ],
)  # fmt: skip
def test_a_phone_reads_the_code_of_the_hotspot_from_the_screen(
    wifi: tuple[str, str | None], code: str
) -> None:
    import zxingcpp
    from PIL import Image

    lines = picture(wifi_code(*wifi)).splitlines()
    shot = Image.new("L", (len(lines[0]), 2 * len(lines)), 0)
    for y, line in enumerate(lines):
        for x, letter in enumerate(line):
            shot.putpixel((x, 2 * y), 255 * (letter in "█▀"))
            shot.putpixel((x, 2 * y + 1), 255 * (letter in "█▄"))
    (read,) = zxingcpp.read_barcodes(shot.resize((shot.width * 8, shot.height * 8), Image.Resampling.NEAREST))
    assert read.text == code == wifi_code(*wifi)

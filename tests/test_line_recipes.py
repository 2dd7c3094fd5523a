"""The recipes of docs/lines.md: read from the page, carried out as they stand, with programs that note what they hear.

Those of routers change a router that is played (tests/router.py). What the programs print was written after their
makers' documentation; none of these systems was here to be recorded.
"""

from __future__ import annotations

import copy
import functools
import json
import os
import re
import sys
from pathlib import Path

import pytest
import yaml

from bcp.errors import StepFailed
from bcp.lever.line.kinds.by_hand import picture, wifi_code
from bcp.lever.line.kinds.command import Command
from bcp.office.line import OfficeLine
from bcp.outside import World
from tests.children import needs_scripts
from tests.offices import OFFICE, bcp, office_in, runbook
from tests.posts import real_world
from tests.router import FRESH, play
from tests.test_line import PHASES

PAGE = (Path(__file__).parent.parent / "docs" / "lines.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"```yaml line\n(.*?)```", PAGE, re.DOTALL)
OF_ROUTERS = [text for text in RECIPES if "ssh" in text]
PROGRAMMED = [text for text in RECIPES if "command:" in text and text not in OF_ROUTERS]
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


MWAN3 = "The LTE modem of the OpenWrt router, forced through mwan3"
OPENWRT = "The LTE modem of the OpenWrt router"
TELTONIKA = "The modem of the Teltonika router"
MIKROTIK = "The LTE interface of the MikroTik router"
MIKROTIK_BY_HAND = "The LTE route of the MikroTik router, entered by hand"
BY_COMMENT = [
    {"gateway": "192.0.2.1", "comment": "cable", "distance": "1"},
    {"gateway": "192.168.8.1", "comment": "lte", "distance": "10"},
]
ROUTERS = {  # what is changed in a router, for each recipe, when its modem leads out
    OPENWRT: {"ubus": {"wan": False, "wan6": False}},
    MWAN3: {"mwan3": {"wan": False, "wan6": False}},
    TELTONIKA: {"ubus": {"wan": False, "wan6": False, "mob1s1a1": True}},
    MIKROTIK: {"/ip/dhcp-client": {"default-route-distance": "20"}},
    MIKROTIK_BY_HAND: {"/ip/route": {"distance": "20"}},
}


def router(
    folder: Path, monkeypatch: pytest.MonkeyPatch, title: str, **changed: object
) -> tuple[Command, World, Path]:
    """The way of that recipe, a world in which its router is, and the file of the router's state."""
    told = next(found for found in map(yaml.safe_load, OF_ROUTERS) if found["title"] == title)
    way = OfficeLine.model_validate(told).way
    assert isinstance(way, Command)
    state = copy.deepcopy(FRESH)
    state["routeros"]["/ip/route"] = copy.deepcopy(BY_COMMENT)
    for path, value in changed.items():
        *menus, last = path.split("|")
        functools.reduce(dict.__getitem__, menus, state)[last] = value
    played = play(folder / "router", state)
    monkeypatch.setenv("PATH", f"{played}{os.pathsep}{os.environ['PATH']}")
    return way, real_world(folder), played / "state"


@needs_scripts
@pytest.mark.parametrize("title", ROUTERS)
def test_a_fresh_router_is_switched_and_switched_back_also_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str
) -> None:
    way, world, file = router(tmp_path, monkeypatch, title)
    fresh = json.loads(file.read_text())
    expected = copy.deepcopy(fresh)
    for menu, values in ROUTERS[title].items():
        (expected["routeros"][menu][0] if menu.startswith("/") else expected[menu]).update(values)
    for _time in range(2):
        way.switch(world)
        assert json.loads(file.read_text()) == expected
    for _time in range(2):
        way.put_back(world, {}, {})
    expected = copy.deepcopy(fresh)
    expected["ubus"]["mob1s1a1"] = ROUTERS[title].get("ubus", {}).get("mob1s1a1", False)
    assert json.loads(file.read_text()) == expected


LTE_OFF = {"lan": True, "wan": True, "lte": False}
NO_WAN = {"lan": True, "lte": True, "mob1s1a1": True}


@needs_scripts
@pytest.mark.parametrize(
    ("title", "changed", "words"),
    [
        (OPENWRT, {"ubus": LTE_OFF}, "lte is not up, so nothing was changed"),
        (OPENWRT, {"ubus": NO_WAN}, "this router has no interface wan"),
        (OPENWRT, {"unreachable": True}, "No route to host"),
        (MWAN3, {"mwan3": {"lte": True}}, "mwan3 knows no interface wan"),
        (MWAN3, {"mwan3": LTE_OFF}, "lte is not online"),
        (TELTONIKA, {"can_connect": False}, "the cable was left as it is"),
        (TELTONIKA, {"ubus": {"wan": True}}, "this router has no interface mob1s1a1"),
        (MIKROTIK, {"routeros|/interface": []}, "lte1 is not connected"),
        (MIKROTIK, {"routeros|/ip/dhcp-client": []}, "ether1 has no DHCP client"),
        (MIKROTIK, {"unreachable": True}, "No route to host"),
        (MIKROTIK_BY_HAND, {"routeros|/ip/route": BY_COMMENT[:1]}, "no route with the comment lte"),
        (MIKROTIK_BY_HAND, {"routeros|/ip/route": BY_COMMENT[1:]}, "no route has the comment cable"),
    ],
)  # fmt: skip
def test_what_does_not_fit_in_a_router_is_said_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str, changed: dict[str, object], words: str
) -> None:
    way, world, file = router(tmp_path, monkeypatch, title, **changed)
    before = file.read_text()
    with pytest.raises(StepFailed, match=words):
        way.switch(world)
    assert file.read_text() == before


@pytest.mark.lint
def test_what_a_recipe_of_routeros_finds_is_prepared_on_the_page_and_read_back_each_time() -> None:
    ours = PAGE.partition("## MikroTik")[2].partition("\n## ")[0]
    prepared = "".join(re.findall(r"\n\n```\n(.*?)```\n", ours, re.DOTALL))
    for key in ("interface=ether1", "comment=cable", "comment=lte"):
        assert key in prepared
    sets = re.findall(r"'(\S+)/set (\[find \S+\]) (\S+)=(\d+);", ours)
    assert len(sets) == 4
    for menu, find, key, value in sets:
        assert f"; :put [{menu}/get {find} {key}]'\n        has {value} || fail" in ours


def test_each_recipe_is_a_line_that_can_be_loaded() -> None:
    assert len(RECIPES) == 10 and len(OF_ROUTERS) == len(ROUTERS)
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

"""What bcp.yaml says of a lever may change while something is set there: nothing of it is left as it is for ever."""

from __future__ import annotations

import sys
from pathlib import Path

from bcp.app.number.office import incident_numbers
from bcp.app.session import Session
from bcp.errors import Exit
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.older import CALLS
from bcp.lever.stack import StepDoer, StepKey
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.offices import OFFICE, bcp, runbook
from tests.places import PAGE, PHASES, office_with

ROUTER = """import sys
from pathlib import Path
verb, name = sys.argv[1:]
file = Path(__file__).with_name("routes")
rest = [each for each in file.read_text().split() if each != name]
file.write_text(" ".join([name, *rest] if verb == "use" else rest))
"""
SWITCH = """
  - phase: Now
    steps:
      - step: switch
        title: Switch
        network: {use: LINE}
        auto: yes
        by_hand: Plug it in.
        undo: {title: Switch back, network: {use: internet}, auto: yes, by_hand: Plug it out.}
"""


def test_a_page_that_is_another_one_by_now_is_not_written_to_as_if_it_were_the_same(tmp_path: Path) -> None:
    www = tmp_path / "www"
    www.mkdir()
    for name in ("k.html", "n.html"):
        (www / name).write_text(PAGE, encoding="utf-8")
    place = f"  - {{place: website, page: k.html, languages: [pl], way: {{folder: {{path: '{www}'}}}}}}\n"
    office = office_with(tmp_path / "office", place)
    assert bcp(office, "incident", "start", "outage").returncode == 0
    first = open_ids(office)[0]
    yaml = office / "bcp.yaml"
    yaml.write_text(yaml.read_text(encoding="utf-8").replace("k.html", "n.html"), encoding="utf-8")
    (office / "runbooks" / "other.yaml").write_text(
        runbook(PHASES.replace("PLACE", "website"), "other"), encoding="utf-8"
    )
    second = bcp(office, "incident", "start", "other")
    assert second.returncode == Exit.STEP_FAILED, second.stderr
    assert f"another page when the incident {first} wrote there" in second.stderr
    assert f"bcp incident undo tell --incident {first}" in second.stderr
    assert bcp(office, "incident", "undo", "tell", "--incident", first).returncode == 0
    pages = [(www / name).read_text(encoding="utf-8") for name in ("k.html", "n.html")]
    assert pages == [PAGE, PAGE]


def test_a_line_that_bcp_yaml_no_longer_names_is_left_as_the_plan_says_that_switched_to_it(
    tmp_path: Path,
) -> None:
    office = tmp_path / "office"
    office_with(office, "", SWITCH.replace("LINE", "lte"))
    (tmp_path / "router.py").write_text(ROUTER, encoding="utf-8")
    (tmp_path / "routes").write_text("dsl", encoding="utf-8")
    routes = (tmp_path / "routes").read_text
    (office / "bcp.yaml").write_text(lines(tmp_path, "lte"), encoding="utf-8")
    assert bcp(office, "incident", "start", "outage").returncode == 0
    first = open_ids(office)[0]
    (office / "bcp.yaml").write_text(lines(tmp_path, "dish"), encoding="utf-8")
    (office / "runbooks" / "outage.yaml").unlink()
    other = runbook(SWITCH.replace("LINE", "dish"), "other")
    (office / "runbooks" / "other.yaml").write_text(other, encoding="utf-8")
    assert bcp(office, "incident", "start", "other").returncode == 0
    assert routes() == "dish lte dsl"
    assert bcp(office, "incident", "close", "--incident", first).returncode == 0
    assert routes() == "dish lte dsl"
    closed = bcp(office, "incident", "close")
    assert (closed.returncode, routes()) == (0, "dsl"), closed.stderr


def test_a_number_that_is_another_one_by_now_is_not_forwarded_as_if_it_were_the_same(tmp_path: Path) -> None:
    office = office_with(tmp_path / "office", "")
    number = "numbers:\n  - {number: office, phone: '+48226000001', way: {portal: {}}}\n"
    moved: list[list[str]] = []
    steps = "  - phase: Now\n    steps:\n      - {step: look, title: Look, manual: {}, by_hand: Look.}\n"
    for name, phone in (("outage", "+48226000001"), ("other", "+48226000002")):
        (office / "runbooks" / f"{name}.yaml").write_text(runbook(steps, name), encoding="utf-8")
        yaml = OFFICE + number.replace("+48226000001", phone)
        (office / "bcp.yaml").write_text(yaml, encoding="utf-8")
        bcp(office, "incident", "start", name)
        session = Session(str(office), {"BCP_PERSON": "anna"})
        incident = session.book(next(each for each in open_ids(office) if name in each), "incident").incident
        ledger = NumberJournal(session.stores.levers, "anna")
        doer = StepDoer(StepKey(incident.id, "tell"))
        numbers = incident_numbers(session, incident, doer, "anna", Real(Secrets(office, {})))
        moved.append(list(numbers.moved))
        ledger.lay("office", doer.key, {CALLS: {"to": "+48600000101", "whose": "Anna"}}, {CALLS: {}})
    assert moved == [[], ["office"]]


def lines(folder: Path, name: str) -> str:
    """An office whose one other line is switched to by a program."""
    words = f"{sys.executable}, {folder / 'router.py'}"
    way = f"{{command: {{use: [{words}, use, {name}], back: [{words}, back, {name}]}}}}"
    return f"{OFFICE}  - {{line: {name}, provider: Play, way: {way}}}\n"


def open_ids(office: Path) -> list[str]:
    """The open incidents, by when they began."""
    return sorted(each.name for each in (office / "incidents").iterdir() if each.name[:3] == "202")

"""The YAML of a check: what is accepted, and what each mistake is called."""

from datetime import timedelta
from pathlib import Path

import pytest

from bcp.check import load
from bcp.check.model import Check
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.tcp import Tcp
from bcp.yaml.source import Reader

CHECKOUT = Path(__file__).parent.parent

TCP = "probes: [{tcp: {host: 127.0.0.1, port: 80}}]\n"


def office(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "checks").mkdir()
    for name, text in files.items():
        (tmp_path / "checks" / f"{name}.yaml").write_text(text)
    return tmp_path


def mistakes(folder: Path) -> list[str]:
    reader = Reader()
    load.load(folder, reader)
    return [str(mistake) for mistake in reader.mistakes]


def test_the_shipped_checks_load_without_a_mistake():
    reader = Reader()
    found = load.load(CHECKOUT, reader)
    assert reader.mistakes == []
    assert found["internet"].model.runbook == "internet-outage"


def test_every_shipped_check_names_its_schema():
    for path in load.files(CHECKOUT):
        assert path.read_text().startswith("# yaml-language-server: $schema="), path.name


def test_a_check_says_little_and_means_the_defaults(tmp_path):
    folder = office(tmp_path, web="check: web\ntitle: Our website\n" + TCP)
    check = load.load(folder, Reader())["web"].model
    assert check.needed == 1
    assert str(check.confirm) == "3 looks in 4s"
    assert check.every == timedelta(minutes=1)
    assert check.start == "ask"


def test_the_key_of_a_probe_names_its_kind(tmp_path):
    text = "check: web\ntitle: Web\nneed: any\nprobes:\n  - http: {url: 'http://x.test/', status: 204}\n"
    folder = office(tmp_path, web=text + "  - tcp: {host: x.test, port: 443, timeout: 5s}\n")
    check = load.load(folder, Reader())["web"].model
    assert isinstance(check.probes[0], Http)
    assert check.probes[0].status == [204]
    assert isinstance(check.probes[1], Tcp)
    assert check.targets() == {"x.test"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("probes: [{tpc: {host: a, port: 1}}]", 'checks/web.yaml:3:11: unknown key "tpc"'),
        ("probes: [{tcp: {host: a}}]", 'checks/web.yaml:3:16: "port" is missing'),
        ("probes: [{tcp: {host: a, prot: 1, port: 1}}]", 'checks/web.yaml:3:26: unknown key "prot"'),
        ("probes: [{tcp: {host: a, port: 70000}}]", "checks/web.yaml:3:32: "),
        ("probes: [{http: {url: ftp://a/}}]", "checks/web.yaml:3:23: expected a web address such as"),
        ("probes: [tcp]", "checks/web.yaml:3:10: expected a probe, such as"),
        ("probes: []", "checks/web.yaml:3:9: "),
        (TCP + "need: 2", "checks/web.yaml:4:7: need is 2, but there is only 1 probe"),
        (TCP + "need: most", "checks/web.yaml:4:7: expected all, any or a number of probes"),
        (TCP + "confirm: often", "checks/web.yaml:4:10: expected a number of looks and a time"),
        (TCP + "confirm: 0 looks in 4s", "checks/web.yaml:4:10: expected 1 to 20 looks"),
        (TCP + "every: 0s", "checks/web.yaml:4:8: expected a duration longer than nothing"),
        (TCP + "start: auto", "checks/web.yaml:4:8: start: auto without a runbook"),
        (TCP + "depends_on: [web]", "checks/web.yaml:4:13: it depends on itself"),
        (TCP + 'quiet: {days: [1], from: "22:00", to: "6:00"}', "checks/web.yaml:4:16: "),
        (TCP + 'quiet: {from: "22:00", to: "22:00"}', "checks/web.yaml:4:28: from and to are the same time"),
    ],
)
def test_a_mistake_in_a_check_is_named_with_its_place(tmp_path, text, told):
    found = mistakes(office(tmp_path, web=f"check: web\ntitle: Our website\n{text}\n"))
    assert [each[: len(told)] for each in found] == [told], found


def test_two_checks_of_one_name_are_a_mistake(tmp_path):
    text = "check: web\ntitle: Our website\n" + TCP
    found = mistakes(office(tmp_path, a=text, b=text))
    assert found == ['checks/b.yaml:1:8: the check "web" is already in checks/a.yaml']


def test_checks_that_depend_on_each_other_in_a_circle_are_a_mistake(tmp_path):
    one = "check: one\ntitle: One\ndepends_on: two\n" + TCP
    two = "check: two\ntitle: Two\ndepends_on: [one]\n" + TCP
    found = mistakes(office(tmp_path, one=one, two=two))
    assert found == [
        "checks/one.yaml:3:13: the checks depend on each other in a circle: one → two → one",
        "checks/two.yaml:3:13: the checks depend on each other in a circle: two → one → two",
    ]


def test_the_schema_for_editors_knows_every_kind_of_probe():
    schema = Check.model_json_schema(by_alias=True)
    assert '"tcp"' in str(schema).replace("'", '"')
    assert '"http"' in str(schema).replace("'", '"')


def test_weekdays_are_read_by_name_however_they_are_written(tmp_path):
    text = "check: web\ntitle: Web\nmaintenance: {days: [Sunday, MON], from: '2:00', to: '4:00'}\n" + TCP
    check = load.load(office(tmp_path, web=text), Reader())["web"].model
    assert check.maintenance[0].days == ["sun", "mon"]

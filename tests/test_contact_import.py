"""`bcp contact import`: what a person sees and says before a contact file is written, and written again."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pexpect
import pytest

from bcp.notice.campaign.outbox import OPTED_OUT
from bcp.store.database import Database
from bcp.store.outbox import Outbox
from tests.offices import bcp, office_in
from tests.terminal import spawn

CRM = """Firma;Osoba;Mail;Komórka;Zgoda
Żółw;Jan Lis;jan@example.com;600100200;tak
Kropka;Anna Nowak;anna@example.com;600100201;nie
Alfa;;alfa@example.com;;
Beta;;beta@example.com;;może
"""
PLAIN = "".join(line.rpartition(";")[0] + "\n" for line in CRM.splitlines())


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return office_in(tmp_path)


def contact_file(office: Path, name: str = "clients") -> list[str]:
    text = (office / "contacts" / f"{name}.csv").read_text("utf-8-sig")
    return [",".join(filter(None, line.split(","))) for line in text.splitlines()[1:]]


def at_a_terminal(office: Path, *arguments: str) -> pexpect.spawn[str]:
    settings = {"cwd": str(office), "encoding": "utf-8", "timeout": 20, "dimensions": (60, 160)}
    return spawn(sys.executable, ["-m", "bcp", "contact", "import", *arguments], **settings)


def imported(office: Path, text: str, *options: str, name: str = "crm.csv") -> str:
    (office / name).write_text(text)
    said = bcp(office, "contact", "import", name, "--yes", *options)
    assert said.returncode == 0, said.stderr
    return said.stderr


def test_a_column_of_consents_is_never_taken_for_its_opposite_nor_left_out_without_a_word(
    office: Path,
) -> None:
    (office / "crm.csv").write_text(CRM)
    for options, status, words in [
        (("--yes",), 9, 'Nobody can tell what the column "Zgoda" means'),
        (("--yes", "--map", "Zgoda=opted_out"), 2, "which is the opposite of opted_out"),
    ]:
        said = bcp(office, "contact", "import", "crm.csv", *options)
        assert (said.returncode, words in said.stderr) == (status, True)
        assert '--map "Zgoda=consent"' in said.stderr and '--map "Zgoda="' in said.stderr
        assert not (office / "contacts" / "clients.csv").exists()


@pytest.mark.parametrize(
    ("meaning", "out"),
    [("consent", ["Kropka", "Alfa", "Beta"]), ("consent-or-empty", ["Kropka", "Beta"]), ("", [])],
)
def test_a_column_of_consents_means_what_a_person_said(office: Path, meaning: str, out: list[str]) -> None:
    imported(office, CRM, "--map", f"Zgoda={meaning}")
    said = bcp(office, "contact", "list").stdout
    assert [name for name in ("Żółw", "Kropka", "Alfa", "Beta") if f"{name} " in said or name in out] != []
    assert said.count("(opted out)") == len(out)
    lines = {line.split(",")[0]: line for line in contact_file(office)}
    assert [name for name, line in lines.items() if line.endswith(("yes", "Zgoda: może"))] == out


def test_a_person_at_a_terminal_is_asked_what_a_consent_means_and_then_whether_it_is_right(
    office: Path,
) -> None:
    (office / "crm.csv").write_text(CRM)
    person = at_a_terminal(office, "crm.csv")
    person.expect("yes 1, no 1, empty 1, unreadable 1")
    person.expect("Do only those who say yes there get notices")
    person.sendline("n")
    person.expect(r"get no notices \(opted_out\): 2 of 4: Kropka \(Anna Nowak\), Beta")
    person.expect("Is that right")
    person.sendline("y")
    person.expect("4 contacts were written")
    person.expect(pexpect.EOF)


def test_what_a_person_said_of_the_columns_is_known_the_next_time(office: Path) -> None:
    imported(office, CRM, "--map", "Zgoda=consent-or-empty", "--map", "Osoba=")
    again = imported(office, CRM.replace("600100201", "600100999"))
    assert "Zgoda                          → consent-or-empty" in again
    assert "Osoba                          → (left out)" in again
    assert "  Kropka: mobile: 600100201 → 600100999" in again
    assert "→ person" in imported(office, CRM, "--map", "Osoba=person")


def test_a_column_that_says_who_wishes_nothing_is_recognised_and_told(office: Path) -> None:
    said = imported(
        office, "nazwa;mail;Nie wysyłać;Wypisany\nA;a@x.pl;x;\nB;b@x.pl;;2024-05-01\nC;c@x.pl;;\n"
    )
    assert said.count("→ opted_out") == 2 and "get no notices (opted_out): 2 of 3: A, B" in said
    assert contact_file(office) == ["A,a@x.pl,x", "B,b@x.pl,2024-05-01", "C,c@x.pl"]


def test_the_same_file_again_says_that_nothing_changes_and_asks_nothing(office: Path) -> None:
    imported(office, PLAIN)
    before = contact_file(office)
    said = bcp(office, "contact", "import", "crm.csv")
    assert said.returncode == 0 and "contacts/clients.csv says the same" in said.stderr
    assert contact_file(office) == before


def test_what_changed_is_shown_by_name_and_taken_and_the_work_of_the_office_stays(office: Path) -> None:
    imported(office, PLAIN)
    assert bcp(office, "contact", "verify", "jan").returncode == 0
    path = office / "contacts" / "clients.csv"
    mine = (
        path.read_text("utf-8-sig")
        .replace("Alfa,,,", "Alfa,Ola Sowa,Pani Olu,")
        .replace("600100200,,,,,", "600100200,pl,,,,x")
    )
    path.write_text(mine + "Nasz klient,,,own@example.com,,,,,,,\n", "utf-8")
    assert bcp(office, "contact", "verify", "jan").returncode == 0
    new = PLAIN.replace("600100201", "600100999").replace(
        "Beta;;beta@example.com;", "Gamma;;gamma@example.com;"
    )
    (office / "crm.csv").write_text(new)
    asked = bcp(office, "contact", "import", "crm.csv")
    assert asked.returncode == 9 and "take them as they are shown: --yes" in asked.stderr
    assert path.read_text("utf-8").startswith(mine)
    said = imported(office, new)
    assert "  Kropka (Anna Nowak): mobile: 600100201 → 600100999" in said
    assert "new: 1: Gamma" in said and "not in this file, stay: 2: Beta, Nasz klient" in said
    assert contact_file(office) == [
        "Żółw,Jan Lis,jan@example.com,600100200,pl,x",
        "Kropka,Anna Nowak,anna@example.com,600100999",
        "Alfa,Ola Sowa,Pani Olu,alfa@example.com",
        "Beta,beta@example.com",
        "Nasz klient,own@example.com",
        "Gamma,gamma@example.com",
    ]
    assert "not confirmed: Żółw" not in bcp(office, "contact", "check").stderr
    dropped = imported(office, new, "--drop-gone")
    assert "deleted, not in this file any more: Beta" in dropped and "stay: 1: Nasz klient" in dropped
    assert not any(line.startswith("Beta") for line in contact_file(office))


def test_a_list_of_quite_other_people_is_not_mixed_in_where_nobody_can_be_asked(office: Path) -> None:
    imported(office, PLAIN)
    (office / "other.csv").write_text("name,email\nZofia,z@example.com\n")
    said = bcp(office, "contact", "import", "other.csv", "--yes")
    assert said.returncode == 2 and "bring it in beside them: --into NAME" in said.stderr
    assert len(contact_file(office)) == 4


def test_a_contact_file_that_cannot_be_read_whole_is_not_written_anew(office: Path) -> None:
    imported(office, PLAIN)
    path = office / "contacts" / "clients.csv"
    broken = path.read_text("utf-8") + 'Zofia,"z@example.com\n'
    path.write_text(broken, "utf-8")
    said = bcp(office, "contact", "import", "crm.csv", "--yes")
    assert said.returncode == 2 and "never ends" in said.stderr and path.read_text("utf-8") == broken
    (office / "contacts" / "vips.vcf").write_text("BEGIN:VCARD\nFN:A\nEND:VCARD\n")
    cards = bcp(office, "contact", "import", "crm.csv", "--yes", "--into", "vips")
    assert cards.returncode == 2 and "contacts of vips are cards" in cards.stderr


CARDS = """BEGIN:VCARD
VERSION:3.0
FN:Anna Żak
ORG:Kropka;Dział
EMAIL:old@example.com
EMAIL;TYPE=pref:new@example.com
TEL;TYPE=CELL:+48600100200
NOTE:x
END:VCARD
BEGIN:VCARD
FN:Klienci
X-ADDRESSBOOKSERVER-KIND:group
END:VCARD
"""


def test_cards_are_imported_like_a_table_and_again(office: Path) -> None:
    said = imported(office, CARDS, name="phone.vcf")
    assert "phone.vcf: 1 rows, utf-8\n" in said and "EMAIL                          → email" in said
    assert 'the card "Klienci" is a group and no contact' in said
    assert "NOTE                           → (left out)" in said
    assert 'new@example.com was read from "new@example.com; old@example.com"' in said
    assert contact_file(office) == ["Kropka,Anna Żak,new@example.com; old@example.com,'+48600100200"]
    again = imported(office, CARDS.replace("600100200", "600100299"), name="phone.vcf")
    assert "Kropka (Anna Żak): mobile: +48600100200 → +48600100299" in again


def test_what_was_imported_is_kept_as_digests_and_forgotten_with_the_contact(office: Path) -> None:
    imported(office, PLAIN)
    kept = office / "contacts" / "imported.json"
    assert "kropka-anna-nowak" in kept.read_text() and "anna@example.com" not in kept.read_text()
    said = bcp(office, "contact", "forget", "anna", "--confirm", "kropka-anna-nowak")
    assert "imported.json" not in said.stdout + said.stderr
    assert "kropka" not in kept.read_text() and "alfa" in kept.read_text()


def test_who_asked_for_no_more_letters_by_mail_stays_out_under_a_new_address(office: Path) -> None:
    imported(office, PLAIN)
    store = Outbox(Database(office / "incidents"))
    store.suppress("jan@example.com", OPTED_OUT, datetime(2026, 11, 1, tzinfo=UTC))
    said = imported(office, PLAIN.replace("jan@example.com", "lis@example.com"))
    assert "Żółw (Jan Lis): opted_out: (empty) → yes" in said
    assert contact_file(office)[0] == "Żółw,Jan Lis,lis@example.com,600100200,yes"

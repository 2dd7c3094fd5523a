"""The same list imported again: what changed is taken, and what the office did meanwhile stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bcp.contact.model import COLUMNS
from bcp.contact.reimport import Import, Merged, merged

Row = Mapping[str, str]
ANNA: Row = {"name": "Kropka", "person": "Anna Nowak", "email": "anna@example.com", "mobile": "600 100 200"}
JAN: Row = {"name": "Piekarnia", "person": "Jan Lis", "email": "jan@example.com", "phone": "22 600 01 11"}


def again(
    here: Sequence[Row], there: Sequence[Row], first: Sequence[Row] | None = None, drops: bool = False
) -> Merged:
    """Import `there` into `here`, where `first` was imported before."""
    columns = {column for row in [*there, *(first or [])] for column in row} | {"name", "person"}
    before = merged([], Import(first or [], COLUMNS, {}, "PL")).digests if first is not None else {}
    return merged(here, Import(there, columns, before, "PL", drops))


def cells(found: Merged) -> list[tuple[str, str, str, str]]:
    return [(one.name, *cell) for one in found.changed for cell in one.cells]


def test_what_is_new_changed_and_gone_is_told_by_name_and_who_is_gone_stays() -> None:
    ewa = {"name": "Ewa", "email": "ewa@example.com"}
    found = again([ANNA, JAN], [{**ANNA, "mobile": "+48 600 100 201"}, ewa], [ANNA, JAN])
    assert cells(found) == [("Kropka (Anna Nowak)", "mobile", "600 100 200", "+48 600 100 201")]
    assert (found.new, found.gone, found.dropped) == (["Ewa"], ["Piekarnia (Jan Lis)"], [])
    assert [row["name"] for row in found.rows] == ["Kropka", "Piekarnia", "Ewa"]


def test_a_number_that_is_only_written_in_another_way_is_no_change() -> None:
    found = again([ANNA], [{**ANNA, "mobile": "+48600100200", "email": "Anna <ANNA@example.com>"}])
    assert not found.changes and found.rows == [ANNA]


def test_an_edit_of_the_office_stays_and_is_told_only_where_the_other_side_changed_too() -> None:
    mine = {**ANNA, "mobile": "600 100 299", "language": "pl", "salutation": "Pani Anno"}
    same = again([mine], [ANNA], [ANNA])
    assert not same.changes and not same.kept and same.rows == [mine]
    both = again([mine], [{**ANNA, "mobile": "600 100 777", "language": ""}], [ANNA])
    assert not both.changes and both.rows == [mine]
    assert [(one.name, one.cells[0]) for one in both.kept] == [
        ("Kropka (Anna Nowak)", ("mobile", "600 100 299", "600 100 777"))
    ]


def test_an_empty_or_unreadable_cell_there_takes_nothing_that_is_readable_here() -> None:
    found = again([ANNA], [{**ANNA, "mobile": "", "email": "anna(at)example.com"}], [ANNA])
    assert not found.changes and found.rows == [ANNA]
    assert [cell.column for cell in found.kept[0].cells] == ["email", "mobile"]


def test_a_project_that_ended_there_ends_here_unless_it_was_written_here() -> None:
    running = {**ANNA, "running_project": "tak"}
    ended = again([running], [{**ANNA, "running_project": ""}], [running])
    assert cells(ended) == [("Kropka (Anna Nowak)", "running_project", "tak", "")]
    written_here = again([running], [{**ANNA, "running_project": ""}], [ANNA])
    assert not written_here.changes


def test_a_column_that_the_new_file_does_not_have_changes_nothing() -> None:
    full = {**ANNA, "groups": "vip", "running_project": "yes"}
    before = merged([], Import([full], COLUMNS, {}, "PL")).digests
    found = merged([full], Import([ANNA], set(ANNA), before, "PL"))
    assert not found.changes and not found.kept
    assert set(found.digests["kropka-anna-nowak"]) == set(full)


def test_who_opted_out_stays_so_whatever_is_imported() -> None:
    for wish in ("yes", "maybe later", "wypisany 3.5."):
        for said in ("", "no", "nie"):
            found = again([{**ANNA, "opted_out": wish}], [{**ANNA, "opted_out": said}], [ANNA])
            assert found.rows[0]["opted_out"] == wish
            assert found.staying_out == ["Kropka (Anna Nowak)"]
    grouped = again(
        [{**ANNA, "groups": "unsubscribed"}],
        [{**ANNA, "groups": "vip"}],
        [{**ANNA, "groups": "unsubscribed"}],
    )
    assert (grouped.rows[0]["groups"], grouped.rows[0]["opted_out"]) == ("vip", "yes")


def test_who_opted_out_there_is_opted_out_here_in_the_words_of_that_cell() -> None:
    found = again([ANNA], [{**ANNA, "opted_out": "unsubscribed"}], [ANNA])
    assert cells(found) == [("Kropka (Anna Nowak)", "opted_out", "", "unsubscribed")]


def test_who_got_another_name_is_the_same_contact_with_the_same_id_and_wish() -> None:
    found = again([{**ANNA, "opted_out": "yes"}, JAN], [{**ANNA, "person": "Anna Lis"}, JAN])
    assert cells(found) == [("Kropka (Anna Nowak)", "person", "Anna Nowak", "Anna Lis")]
    assert (found.rows[0]["id"], found.rows[0]["opted_out"]) == ("kropka-anna-nowak", "yes")
    assert found.columns[0] == "id"
    later = again(found.rows, [{**ANNA, "person": "Anna Lis"}, JAN])
    assert later.matched == 2 and not later.changes


def test_a_new_contact_at_the_mailbox_of_somebody_who_opted_out_is_opted_out_and_told() -> None:
    ewa = {"name": "Kropka", "person": "Ewa Sowa", "email": "anna@example.com"}
    found = again([{**ANNA, "opted_out": "yes"}], [ANNA, ewa])
    assert (found.refusing, found.rows[1]["opted_out"]) == (["Kropka (Ewa Sowa)"], "yes")


def test_who_is_gone_goes_where_that_is_said_but_nobody_whom_the_office_added_or_who_opted_out() -> None:
    added, out = {"name": "Zofia"}, {"name": "Ola", "opted_out": "x"}
    found = again([ANNA, JAN, added, out], [ANNA], [ANNA, JAN, {"name": "Ola"}], drops=True)
    assert found.dropped == ["Piekarnia (Jan Lis)"]
    assert [row["name"] for row in found.rows] == ["Kropka", "Zofia", "Ola"]


def test_a_contact_that_the_new_file_has_twice_is_told_and_its_wish_is_kept() -> None:
    found = again([], [ANNA, {**ANNA, "opted_out": "tak"}])
    assert found.twice == ["Kropka (Anna Nowak)"] and found.rows[0]["opted_out"] == "yes"


def test_a_second_row_of_one_contact_here_stays_with_its_wish() -> None:
    found = again([ANNA, {**ANNA, "opted_out": "yes"}], [ANNA])
    assert [row.get("opted_out", "") for row in found.rows] == ["", "yes"] and not found.gone


def test_a_second_row_of_one_name_with_an_address_of_its_own_is_kept_and_told_once() -> None:
    second = {**ANNA, "email": "office@example.com"}
    found = again([], [ANNA, second])
    assert found.apart == ["Kropka (Anna Nowak)"] and found.rows == [ANNA, second]
    later = again(found.rows, [ANNA, second], [ANNA, second])
    assert not later.changes and later.rows == found.rows


def test_who_asked_by_mail_for_no_more_letters_is_opted_out_at_the_next_address_too() -> None:
    given = Import(
        [{**ANNA, "email": "new@example.com"}], set(ANNA), {}, "PL", unsubscribed={"anna@example.com"}
    )
    found = merged([ANNA], given)
    assert (found.rows[0]["email"], found.rows[0]["opted_out"]) == ("new@example.com", "yes")
    assert not merged([ANNA], Import([ANNA], set(ANNA), {}, "PL", unsubscribed={"anna@example.com"})).changes


def test_the_id_of_a_contact_that_is_not_in_the_new_file_stays_in_its_row() -> None:
    kept = {**ANNA, "id": "old-name"}
    ewa = {"name": "Ewa", "email": "ewa@example.com"}
    found = again([kept, JAN], [ewa])
    assert found.columns[0] == "id" and found.rows == [kept, JAN, ewa]

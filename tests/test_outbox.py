"""Sending, against a real server that misbehaves: nobody gets it twice, nobody is forgotten, nothing is guessed."""

from __future__ import annotations

import itertools
import random
import subprocess
import time
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import Path

import pytest

from bcp.contact.model import Contact
from bcp.errors import InputError, SourceError
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import Key, LetterAttempt, Settled, Taken, message_id_of
from bcp.notice.campaign.plan import plan
from bcp.notice.campaign.plan_words import plan_words
from bcp.notice.campaign.post import Post
from bcp.notice.campaign.standing import standings
from bcp.notice.channel.letter import as_mail
from bcp.notice.text.merge import LetterText
from tests import quick
from tests.children import KILLED, ends_another_process
from tests.frozen import START, FrozenClock
from tests.posts import (
    INCIDENT,
    Silent,
    affair,
    clients,
    deliver,
    letters_of,
    office,
    order,
    post_room,
    real_world,
    states,
)
from tests.smtpd import Faults, Smtpd, running
from tests.watching import Watching

FIRST = f"{INCIDENT}/line-down/1"


def campaign_of(folder: Path, smtpd: Smtpd | None, contacts: str, channels: str = "") -> Post:
    post = post_room(office(folder, smtpd, contacts, channels))
    post.freeze(post.prepare(affair(), order()))
    return post


def test_preparing_letters_shows_how_far_it_is_and_writes_none_that_is_there(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = post_room(office(tmp_path, smtpd, clients(5)))
    shown = post.progress = Watching()
    assert post.freeze(post.prepare(affair(), order())) == 5
    assert shown.sizes == [("Reading each letter once", 5), ("Writing the letters", 5)]
    assert shown.names[5:] == [f"Firma {n} (Jan Nowak {n})" for n in range(5)]
    before = [post.ledger.content(row.key) for row in post.ledger.rows(FIRST)]
    (tmp_path / "contacts" / "clients.csv").write_text(clients(7))
    later = post_room(tmp_path)
    ready = later.prepare(affair(), order())
    kept = {row.key for row in later.ledger.rows(FIRST)}
    assert [draft.name for draft in later.drafts(ready, kept)] == [
        "Firma 5 (Jan Nowak 5)",
        "Firma 6 (Jan Nowak 6)",
    ]
    assert later.freeze(ready) == 2
    assert [later.ledger.content(row.key) for row in later.ledger.rows(FIRST)][:5] == before


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("file: {}", "about 15 s to write the files"),
        (
            "smtp: {host: localhost, from: office@example.com, a_minute: 60}",
            "about 50 min at the provider's pace",
        ),
        (
            "smtp: {host: localhost, from: office@example.com, a_minute: 0}",
            "about 15 min if the server takes 3 letters a second (no limit of it is known)",
        ),
    ],
)
def test_how_long_a_sending_takes_is_said_by_what_is_known(tmp_path: Path, channel: str, said: str) -> None:
    post = post_room(office(tmp_path, None, clients(1), f"  - channel: way\n    {channel}\n"))
    prepared = post.prepare(affair(), order())
    people = [Contact(f"c{n}", f"Firma {n}", email=f"c{n}@example.com") for n in range(3000)]
    many = plan(people, post.ways.channels, (), (("en",), "en"))
    assert said in plan_words(replace(prepared, plan=many))
    assert not any(words.startswith("about ") for words in plan_words(prepared)), (
        "a moment is not worth a word"
    )


def test_a_long_subject_and_a_long_name_are_read_as_they_were_written() -> None:
    words = [
        "Mamy",
        "problem",
        "–",
        "można",
        "się",
        "z",
        "skontaktować",
        "λειτουργεί",
        "für",
        "ěščř",
        "a",
        "o",
    ]
    drawn = random.Random(17)
    for _ in range(300):
        said, name = (" ".join(drawn.choices(words, k=drawn.randint(2, 16))) for _ in range(2))
        text = LetterText("pl", said, "body")
        raw = as_mail(Contact("c", name, email="c@example.com"), text, (name, "o@example.com"))
        read = message_from_bytes(raw)
        # As RFC 2047 has it: no space between the encoded words into which a long text is divided.
        heard = [str(make_header(decode_header(read[each]))) for each in ("Subject", "To", "From")]
        assert heard == [said, f"{name} <c@example.com>", f"{name} <o@example.com>"]
        assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_everybody_gets_one_letter_in_his_language_by_name(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        ended = deliver(post, FIRST, real_world(tmp_path))
        assert ended.why == "done"
        assert states(post, FIRST) == {"sent": 10}
        assert set(smtpd.copies().values()) == {1} and len(smtpd.accepted) == 10
        polish = next(one for one in smtpd.accepted if one.recipient == "jan0@example.com").message
        assert polish["Subject"] == "Mamy w biurze problem techniczny – tak można się z nami skontaktować"
        assert polish["To"] == "Jan Nowak 0 <jan0@example.com>"
        assert polish["Auto-Submitted"] == "auto-generated"
        assert polish["Content-Language"] == "pl"
        assert polish["Message-ID"] == message_id_of(
            post.ledger.content(Key(FIRST, "firma-0-jan-nowak-0", "mail"))
        )
        assert "Thu, 26 Nov 2026 07:50:00 +0100" in polish["Date"]
        assert "w czwartek 26 listopada o godz. 12:00" in polish.get_content().replace("\r\n", "\n")
        assert "Jan Nowak 0\n\nDzień dobry," in polish.get_content().replace("\r\n", "\n")


def test_giving_the_command_again_sends_nothing_twice_and_finds_new_contacts(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(6))
        deliver(post, FIRST, real_world(tmp_path))
        post = post_room(office(tmp_path, smtpd, clients(8)))
        assert post.freeze(post.prepare(affair(), order())) == 2
        deliver(post, FIRST, real_world(tmp_path))
        assert len(smtpd.accepted) == 8 and set(smtpd.copies().values()) == {1}


def test_after_its_expiry_a_notice_goes_only_to_those_who_did_not_get_it(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        clock = FrozenClock()
        post = post_room(office(tmp_path, smtpd, clients(6)), clock)
        post.freeze(post.prepare(affair(), order()))
        deliver(post, FIRST, real_world(tmp_path), Silent(stop_after=4))
        clock.go_on(timedelta(hours=5))
        assert deliver(post, FIRST, real_world(tmp_path)).why == "expired"
        assert states(post, FIRST) == {"sent": 4, "expired": 2}
        again = post.prepare(affair(), order())
        assert again.campaign.number == 2
        post.freeze(again)
        deliver(post, again.campaign.id, real_world(tmp_path))
        assert len(smtpd.accepted) == 6 and set(smtpd.copies().values()) == {1}


def test_two_contacts_with_one_mailbox_get_one_letter_and_the_plan_says_so(tmp_path: Path) -> None:
    rows = "name,email,language\nA,office@example.com,pl\nB,OFFICE@example.com,en\n"
    with running(tmp_path) as smtpd:
        post = post_room(office(tmp_path, smtpd, rows))
        ready = post.prepare(affair(), order())
        assert [(one.contact.id, one.same_as) for one in ready.plan.shared] == [("b", "a")]
        post.freeze(ready)
        deliver(post, FIRST, real_world(tmp_path))
        assert len(smtpd.accepted) == 1
        told = {name: standing for name, (standing, _why) in standings(post.ledger.rows(FIRST)).items()}
        assert told == {"a": "told", "b": "told"}


@pytest.mark.parametrize("known", ["office@example.com", "OFFICE@Example.com"])
def test_a_contact_that_comes_later_with_a_known_mailbox_is_not_lost(tmp_path: Path, known: str) -> None:
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, f"name,email,language\nB,{known},en\n")
        deliver(post, FIRST, real_world(tmp_path))
        post = post_room(
            office(tmp_path, smtpd, f"name,email,language\nA,office@example.com,en\nB,{known},en\n")
        )
        post.freeze(post.prepare(affair(), order()))
        deliver(post, FIRST, real_world(tmp_path))
        assert len(smtpd.accepted) == 1
        assert {name: found[0] for name, found in standings(post.ledger.rows(FIRST)).items()} == {
            "a": "told",
            "b": "told",
        }


def test_who_cannot_be_reached_or_opted_out_is_in_the_ledger_too(tmp_path: Path) -> None:
    rows = "name,email,language,opted_out\nA,,pl,\nB,b@example.com,pl,yes\n"
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, rows)
        assert standings(post.ledger.rows(FIRST)) == {
            "a": ("unreachable", "no way to reach"),
            "b": ("not to be told", "opted out"),
        }


def test_421_after_some_letters_is_a_new_connection_and_nothing_else(tmp_path: Path) -> None:
    with running(tmp_path, Faults(busy_after=3)) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
        assert states(post, FIRST) == {"sent": 10}
        assert all(row.attempts == 1 for row in post.ledger.rows(FIRST))
        assert smtpd.connections == 4


def test_greylisting_is_waited_out(tmp_path: Path) -> None:
    with running(tmp_path, Faults(greylist=True)) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        ended = deliver(post, FIRST, real_world(tmp_path))
        assert ended.why == "waiting" and ended.until is not None
        assert states(post, FIRST) == {"deferred": 10}
        assert deliver(post, FIRST, real_world(tmp_path), patience=timedelta(minutes=1)).why == "done"
        assert states(post, FIRST) == {"sent": 10}
        assert set(smtpd.copies().values()) == {1}


@pytest.mark.parametrize(
    ("set_rate", "before", "after"), [("a_minute: 60", 1.0, 60 / 42), ("a_minute: 0", 0.0, 1 / 0.7)]
)
def test_a_server_that_puts_the_sender_off_gets_fewer_letters_a_minute(
    tmp_path: Path, set_rate: str, before: float, after: float
) -> None:
    with running(tmp_path, Faults(too_fast=(2,))) as smtpd:
        place = office(tmp_path, smtpd, clients(5))
        channels = place / "channels.yaml"
        channels.write_text(channels.read_text().replace("a_minute: 0", set_rate))
        clock = FrozenClock()
        post = post_room(place, clock)
        post.freeze(post.prepare(affair(), order()))
        at: list[float] = []
        watcher = Silent(seen=lambda _row, _handed: at.append(clock.monotonic()))
        deliver(post, FIRST, real_world(tmp_path), watcher)
        assert watcher.fates == ["sent", "later", "sent", "sent", "sent"]
        gaps = [later - earlier for earlier, later in itertools.pairwise(at)]
        assert gaps == pytest.approx([before, *[after] * 3])
        assert watcher.pauses == ["the server asked for less: 42 letters a minute from now on"]


def test_a_refused_address_fails_alone(tmp_path: Path) -> None:
    with running(tmp_path, Faults(recipients={"jan3@example.com": "550 5.1.1 no such user"})) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
        assert states(post, FIRST) == {"sent": 9, "failed": 1}


@pytest.mark.parametrize(
    "answer", ["550 5.7.30 basic authentication is retired", "550 5.4.5 daily quota exceeded"]
)
def test_a_trouble_of_the_account_stops_the_run_and_blames_nobodys_address(
    tmp_path: Path, answer: str
) -> None:
    everybody = {f"jan{n}@example.com": answer for n in range(3, 10)}
    with running(tmp_path, Faults(recipients=everybody)) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        ended = deliver(post, FIRST, real_world(tmp_path))
        assert ended.why == "account" and ended.words == answer[4:]
        assert states(post, FIRST) == {"sent": 3, "queued": 7}
        assert post.ledger.campaigns(INCIDENT)[0].stopped == answer[4:]
        smtpd.faults.recipients.clear()
        assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
        assert states(post, FIRST) == {"sent": 10}


def test_the_full_mailbox_of_a_client_is_no_trouble_of_our_account(tmp_path: Path) -> None:
    full = {"jan1@example.com": "552 5.2.2 mailbox full, user over quota"}
    with running(tmp_path, Faults(recipients=full)) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(4))
        assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
        assert states(post, FIRST) == {"sent": 3, "failed": 1}


def test_a_quota_in_the_middle_leaves_the_rest_queued(tmp_path: Path) -> None:
    with running(tmp_path, Faults(quota=4)) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        assert deliver(post, FIRST, real_world(tmp_path)).why == "account"
        assert states(post, FIRST) == {"sent": 4, "queued": 6}


def test_a_wrong_certificate_is_a_sentence_and_nothing_is_sent(tmp_path: Path) -> None:
    with running(tmp_path, host="other.example") as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(2))
        ended = deliver(post, FIRST, real_world(tmp_path))
        assert ended.why == "account" and "certificate of localhost is not to be trusted" in ended.words
        assert states(post, FIRST) == {"queued": 2} and not smtpd.accepted


def test_five_failures_in_a_row_stop(tmp_path: Path) -> None:
    with running(tmp_path, Faults(refuse_data="554 5.6.0 I do not like it")) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        ended = deliver(post, FIRST, real_world(tmp_path))
        assert ended.why == "failures"
        assert states(post, FIRST) == {"failed": 5, "queued": 5}


def test_a_letter_lost_behind_the_dot_is_unknown_and_never_repeated(tmp_path: Path) -> None:
    with running(tmp_path, Faults(drop_each=4)) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
        assert states(post, FIRST) == {"sent": 8, "unknown": 2}
        assert len(smtpd.accepted) == 10 and set(smtpd.copies().values()) == {1}
        deliver(post, FIRST, real_world(tmp_path))
        assert len(smtpd.accepted) == 10


def test_the_first_five_are_followed_by_a_pause(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(7))
        watcher = Silent()
        before = post.clock.now()
        deliver(post, FIRST, real_world(tmp_path), watcher)
        assert watcher.pauses == ["the first five are out: have a look at one of them"]
        assert post.clock.now() - before == timedelta(seconds=10)


def test_a_stop_is_heard_between_two_letters_and_the_rest_goes_out_later(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        assert deliver(post, FIRST, real_world(tmp_path), Silent(stop_after=3)).why == "stopped"
        assert states(post, FIRST) == {"sent": 3, "queued": 7}
        deliver(post, FIRST, real_world(tmp_path))
        assert set(smtpd.copies().values()) == {1} and len(smtpd.accepted) == 10


def test_the_all_clear_cancels_what_is_queued_and_goes_to_exactly_those_who_were_told(tmp_path: Path) -> None:
    with running(tmp_path, Faults(drop_each=3)) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(10))
        deliver(post, FIRST, real_world(tmp_path), Silent(stop_after=4))
        smtpd.faults.drop_each = 0
        clear = post.prepare(affair(), order("all-clear", "told"))
        assert {one.contact.id for one in clear.plan.letters} == {
            f"firma-{n}-jan-nowak-{n}" for n in range(4)
        }
        post.freeze(clear)
        assert states(post, FIRST) == {"sent": 3, "unknown": 1, "cancelled": 6}
        deliver(post, FIRST, real_world(tmp_path))
        deliver(post, clear.campaign.id, real_world(tmp_path))
        assert states(post, clear.campaign.id) == {"sent": 4}
        assert len(smtpd.accepted) == 8


def test_a_letter_that_was_cancelled_meanwhile_is_not_sent(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(3))
        first = next(iter(post.ledger.rows(FIRST)))
        post.ledger.end([FIRST], "cancelled", "the all-clear came", post.clock.now())
        with pytest.raises(Taken):
            post.ledger.claim(first.key, post.clock.now())
        assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
        assert not smtpd.accepted


def test_a_second_process_may_not_send_at_the_same_time(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(3))
        with post.ledger.sole_sender(), pytest.raises(InputError, match="another process"):
            deliver(post, FIRST, real_world(tmp_path))


def test_letters_are_frozen_a_later_edit_changes_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        campaign_of(tmp_path, smtpd, clients(2))
        (tmp_path / "notices" / "line-down.pl.md").write_text(
            "---\nsubject: changed\nkind: down\n---\nchanged"
        )
        deliver(post_room(tmp_path), FIRST, real_world(tmp_path))
        assert not any("changed" in str(one.message["Subject"]) for one in smtpd.accepted)


def test_a_finding_stops_before_anything_is_kept(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = post_room(office(tmp_path, smtpd, "name,email,language\nA,a@example.com,el\n"))
        (tmp_path / "notices" / "line-down.el.md").unlink(missing_ok=True)
        post = post_room(tmp_path)
        ready = post.prepare(affair(), order())
        assert [finding.rule for finding in ready.open_findings] == ["language"]
        with pytest.raises(SourceError):
            post.freeze(ready)
        assert not post.ledger.campaigns(INCIDENT)
        overruled = post.prepare(affair(), order(overruled={"language": "they read English"}))
        assert post.freeze(overruled) == 1
        assert post.ledger.campaigns(INCIDENT)[0].overruled == {"language": "they read English"}


def test_who_reads_a_language_that_no_notice_can_have_holds_back_nobody(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        files = "name,email,language\nA,a@example.com,uk\nB,b@example.com,en\n"
        ready = post_room(office(tmp_path, smtpd, files)).prepare(affair(), order())
        assert not ready.open_findings
        assert ["A" in finding.mistake.message for finding in ready.advice if finding.rule == "language"] == [
            True
        ]


def test_while_the_phone_is_out_no_letter_gives_its_number_as_the_way_to_reach_us(tmp_path: Path) -> None:
    place = office(tmp_path, None, clients(5))
    with (place / "bcp.yaml").open("a") as file:
        file.write(
            'numbers: [{number: office, phone: "+48 22 600 00 01", method: portal, works_when_line_dead: yes}]\n'
        )
    post = post_room(place)
    phone_down = {"verdict": "phone-down"}
    for said in ({}, {"answer_number": "+48226000001"}):
        ready = post.prepare(affair(**said, **phone_down), order())
        assert ready.setting.reach["phone"] == "+48600000101" and not ready.open_findings
    forwarded = post.prepare(affair(answer_number="+48226000001", reachable="yes", **phone_down), order())
    assert forwarded.setting.reach["phone"] == "+48226000001"
    typed = place / "notices" / "line-down.en.md"
    typed.write_text(typed.read_text().replace("{{ reach.phone }}", "+48 22 600 00 01"))
    wrong = post_room(place).prepare(affair(**phone_down), order())
    assert {finding.rule for finding in wrong.open_findings} == {"dead-number"}
    with pytest.raises(SourceError, match="1 mistake "):
        post.freeze(wrong)
    overruled = order(overruled={"dead-number": "forwarded by the provider just now"})
    assert not post_room(place).prepare(affair(**phone_down), overruled).open_findings


def test_a_notice_of_another_number_needs_one_and_an_all_clear_that_comes_too_early_is_remarked(
    tmp_path: Path,
) -> None:
    place = office(tmp_path, None, clients(2))
    known = (place / "bcp.yaml").read_text()
    (place / "bcp.yaml").write_text(known.replace(' phone: "+48600000101",', ""))
    ready = post_room(place).prepare(affair(), order("number-changed"))
    assert [finding.rule for finding in ready.open_findings] == ["no-number"]
    given = affair(answer_number="+48600000110", phone_works="no")
    post = post_room(place)
    assert not post.prepare(given, order("number-changed")).open_findings
    early = post.prepare(given, order("all-clear"))
    assert not early.open_findings and [finding.rule for finding in early.advice] == ["still-out"]
    assert "bcp incident amend --fact phone_works=yes" in str(early.advice[0].mistake.hint)
    assert not post.prepare(affair(phone_works="yes"), order("all-clear")).advice


def test_without_channels_letters_become_files_that_open(tmp_path: Path) -> None:
    rows = "name,person,email,phone,language\nA,Anna,a@example.com,,pl\nB,,,22 600 00 01,cs\n"
    post = campaign_of(tmp_path, None, rows)
    assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
    assert {standing for standing, _why in standings(post.ledger.rows(FIRST)).values()} == {"unknown"}
    folder = post.files(INCIDENT).path("letters")
    assert sorted(path.name for path in folder.iterdir()) == ["line-down-1-a-anna.eml", "line-down-1-b.txt"]
    assert "+48226000001" in (folder / "line-down-1-b.txt").read_text()
    assert (folder / "line-down-1-a-anna.eml").read_bytes().startswith(b"Date: Thu, 26 Nov 2026")


def test_files_of_two_endless_names_do_not_take_each_others_place(tmp_path: Path) -> None:
    rows = "name,language\n" + "".join(f"{'x' * 120}{end},en\n" for end in "ab")
    post = campaign_of(tmp_path, None, rows)
    deliver(post, FIRST, real_world(tmp_path))
    assert len(list((post.files(INCIDENT).path("letters")).rglob("*.txt"))) == 2


def test_a_failed_way_is_followed_by_the_next_one_of_that_contact(tmp_path: Path) -> None:
    with running(tmp_path, Faults(recipients={"jan1@example.com": "550 5.1.1 no such user"})) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(3), "  - channel: paper\n    file: {}\n")
        assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
        mine = {
            row.key.channel: row.state
            for row in post.ledger.rows(FIRST)
            if row.key.contact.startswith("firma-1-")
        }
        assert mine == {"mail": "failed", "paper": "unknown"}
        others = {row.state for row in post.ledger.rows(FIRST) if row.key.channel == "paper"}
        assert others == {"unknown", "suppressed"}


def test_who_shared_a_letter_that_failed_is_tried_by_the_next_way_too(tmp_path: Path) -> None:
    rows = "name,email,language\nA,office@example.com,pl\nB,OFFICE@example.com,en\nC,c@example.com,en\n"
    with running(tmp_path, Faults(recipients={"office@example.com": "550 5.1.1 no such user"})) as smtpd:
        post = campaign_of(tmp_path, smtpd, rows, "  - channel: paper\n    file: {}\n")
        deliver(post, FIRST, real_world(tmp_path))
        on_paper = {row.name: row.state for row in post.ledger.rows(FIRST) if row.key.channel == "paper"}
        assert on_paper == {"A": "unknown", "B": "unknown", "C": "suppressed"}
        letters = (tmp_path / "incidents" / INCIDENT / "letters").iterdir()
        assert sorted(path.stem[-1] for path in letters) == ["a", "b"]


@pytest.mark.parametrize(
    ("kept", "written"),
    [("JAN1@example.com", "jan1@example.com"), ("jan1@example.com", "Jan1@Example.com")],
)
def test_a_suppressed_address_is_not_written_to(tmp_path: Path, kept: str, written: str) -> None:
    with running(tmp_path) as smtpd:
        post = post_room(office(tmp_path, smtpd, clients(2).replace("jan1@example.com", written)))
        post.ledger.suppress(kept, "bounced on 1 November", post.clock.now())
        post.freeze(post.prepare(affair(), order()))
        deliver(post, FIRST, real_world(tmp_path))
        assert list(smtpd.copies()) == ["jan0@example.com"]
        assert standings(post.ledger.rows(FIRST))["firma-1-jan-nowak-1"][0] == "unreachable"


def display_name(content: bytes) -> str:
    """As RFC 2047 says: white space between two encoded words is no part of the text."""
    raw = str(message_from_bytes(content)["To"]).replace("\r\n", "")
    return str(make_header(decode_header(parseaddr(raw)[0])))


def test_names_that_hurt_arrive_as_they_are(tmp_path: Path) -> None:
    names = ["Ż" * 290, "🥐 Croissant & Söhne", "שלום עולם", 'O\'Brien "The" <b@x>', "a,b;c"]
    rows = "name;email;language\n" + "".join(
        f'"{name.replace(chr(34), chr(34) * 2)}";"{n}"@example.com;en\n'.replace(f'"{n}"@', f"n{n}@")
        for n, name in enumerate(names)
    )
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, rows)
        assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
        got = {one.recipient: display_name(one.content) for one in smtpd.accepted}
        assert got == {f"n{n}@example.com": name for n, name in enumerate(names)}
        assert all(max(len(line) for line in one.content.split(b"\r\n")) <= 998 for one in smtpd.accepted)


def test_what_came_of_a_call_is_in_the_same_ledger(tmp_path: Path) -> None:
    post = campaign_of(tmp_path, None, "name,phone,language\nA,22 600 00 01,pl\n")
    now = post.clock.now()
    post.ledger.note_call(FIRST, "a", "A", Settled("deferred", now, "call"), "no answer")
    post.ledger.note_call(FIRST, "a", "A", Settled("sent", now, "call"), "told by anna")
    assert standings(post.ledger.rows(FIRST))["a"] == ("told", "told by anna")
    assert [row.attempts for row in post.ledger.rows(FIRST) if row.key.channel == "call"] == [2]


def test_what_is_heard_of_a_letter_later_stands_behind_its_attempts_and_changes_nothing(
    tmp_path: Path,
) -> None:
    post = campaign_of(tmp_path, None, clients(2))
    key = next(iter(post.ledger.rows(FIRST))).key
    post.ledger.claim(key, START)
    post.ledger.settle(key, Settled("sent", START, "data", 250, "2.0.0 queued"))
    later = START + timedelta(minutes=3)
    post.ledger.note(key, "report", None, "delivered", later)
    assert post.ledger.attempts(key) == [
        LetterAttempt(1, START, "data", "sent", 250, "2.0.0 queued"),
        LetterAttempt(2, later, "report", "sent", None, "delivered"),
    ]
    (row, other) = post.ledger.rows(FIRST)
    assert (row.state, row.attempts, row.reply, row.last_at) == ("sent", 1, "2.0.0 queued", START)
    assert post.ledger.attempts(other.key) == []


def phoned(folder: Path, columns: str = "name,phone,language\nA,22 600 00 01,pl\n") -> IncidentLetters:
    """The letters of an incident in which nobody can be written to."""
    mail = "  - channel: mail\n    smtp: {host: localhost, from: office@example.com}\n"
    return letters_of(campaign_of(folder, None, columns, mail))


@pytest.mark.parametrize(
    ("result", "left"), [("no-answer", ["A"]), ("told", []), ("wrong-number", [])], ids=lambda each: str(each)
)
def test_who_did_not_answer_the_phone_is_not_accounted_for(
    tmp_path: Path, result: str, left: list[str]
) -> None:
    letters = phoned(tmp_path)
    assert letters.unaccounted() == ["A"]
    (contact,) = letters.post.contacts.all
    letters.note_call(contact, result, "anna")
    assert letters.unaccounted() == left


def test_a_call_that_nobody_answered_is_no_letter_that_waits(tmp_path: Path) -> None:
    letters = phoned(tmp_path)
    post, (contact,) = letters.post, letters.post.contacts.all
    letters.note_call(contact, "no-answer", "anna")
    assert (post.ledger.next(FIRST, START + timedelta(days=1)), post.ledger.next_time(FIRST)) == (None, None)
    assert post.ledger.waiting(FIRST) == 0  # type: ignore[attr-defined]
    assert not letters.freeze(post.prepare(letters.affair, order())).asks
    assert post.ledger.end([FIRST], "cancelled", "stopped by anna", START) == 0
    assert standings(post.ledger.rows(FIRST))["a"] == ("waiting", "nobody answered the phone, anna")


def test_who_did_not_answer_the_phone_gets_the_letter_that_can_be_sent_since(tmp_path: Path) -> None:
    letters = phoned(tmp_path)
    letters.note_call(letters.post.contacts.all[0], "no-answer", "anna")
    with running(tmp_path) as smtpd:
        rows = "name,phone,email,language\nA,22 600 00 01,a@example.com,pl\n"
        post = post_room(office(tmp_path, smtpd, rows))
        post.freeze(post.prepare(affair(), order()))
        deliver(post, FIRST, real_world(tmp_path))
        assert [one.recipient for one in smtpd.accepted] == ["a@example.com"]


def test_a_call_that_nobody_answered_stays_in_the_ledger_of_who_wants_no_notices_any_more(
    tmp_path: Path,
) -> None:
    head = "name,phone,language,opted_out\nA,22 600 00 01,pl,"
    letters = phoned(tmp_path, head + "\n")
    letters.note_call(letters.post.contacts.all[0], "no-answer", "anna")
    post = post_room(office(tmp_path, None, head + "yes\n"))
    post.freeze(post.prepare(affair(), order()))
    calls = [row for row in post.ledger.rows(FIRST) if row.key.channel == "call"]
    assert [(row.state, row.reason) for row in calls] == [("deferred", "nobody answered the phone, anna")]


def test_once_the_all_clear_is_out_nobody_who_never_got_the_alarm_is_missed(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(4))
        deliver(post, FIRST, real_world(tmp_path), Silent(stop_after=2))
        post.ledger.end([FIRST], "cancelled", "stopped by anna", post.clock.now())
        assert letters_of(post).unaccounted() == ["Firma 2 (Jan Nowak 2)", "Firma 3 (Jan Nowak 3)"]
        clear = post.prepare(affair(), order("all-clear", "told"))
        post.freeze(clear)
        deliver(post, clear.campaign.id, real_world(tmp_path))
        assert letters_of(post).unaccounted() == []


_RUN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from bcp.clock import SystemClock
from tests.posts import deliver, post_room, real_world
folder = Path(sys.argv[1])
post = post_room(folder)
print("ready", flush=True)
deliver(post, sys.argv[3], real_world(folder))
print("done", flush=True)
"""


@ends_another_process
def test_kill_9_at_random_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    import random

    kills, count = 20, 150
    breaking = {f"jan{n}@example.com": "drop" for n in (10, 11, 90)}
    with running(tmp_path, Faults(latency=0.002, recipients=breaking)) as smtpd:
        campaign_of(tmp_path, smtpd, clients(count))
        root = str(Path(__file__).parent.parent)
        chance = random.Random(4)
        killed = 0
        while True:
            words = ["-c", _RUN, str(tmp_path), root, FIRST]
            process = quick.begun(words, tmp_path, stdout=subprocess.PIPE)
            assert process.stdout is not None and process.stdout.readline().strip() == "ready"
            if killed < kills:
                time.sleep(chance.uniform(0.02, 0.18))
                process.kill()
                killed += process.wait() == KILLED
            elif process.wait() == 0:
                break
            process.stdout.close()
            if not set(states(post_room(tmp_path), FIRST)) & {"queued", "in-flight", "deferred"}:
                break
        post = post_room(tmp_path)
        found = states(post, FIRST)
        copies = smtpd.copies()
        assert set(copies.values()) == {1}
        assert found.get("unknown", 0) <= killed and found["deferred"] == len(breaking)
        assert found["sent"] + found.get("unknown", 0) == count - len(breaking)
        sent = {row.address for row in post.ledger.rows(FIRST) if row.state == "sent"}
        assert sent <= set(copies)
        assert killed >= 5


def test_a_text_that_no_channel_sends_may_be_long_since_it_is_only_read_aloud(tmp_path: Path) -> None:
    place = office(tmp_path, None, clients(5))
    named = (place / "bcp.yaml").read_text().replace("Agencja Kropka", "Żółta agencja " * 5, 1)
    (place / "bcp.yaml").write_text(named)
    assert not post_room(place).prepare(affair(), order()).open_findings


def test_a_number_corrected_after_a_stop_is_seen_and_goes_to_those_who_wait_once_somebody_says_so(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as smtpd:
        post = post_room(office(tmp_path, smtpd, clients(6)))
        post.freeze(post.prepare(affair(answer_number="+48600000101"), order()))
        deliver(post, FIRST, real_world(tmp_path), Silent(stop_after=2))
        letters = letters_of(post, answer_number="+48600000202")
        again = post.prepare(letters.affair, order())
        untrue = letters.freeze(again)
        assert untrue.asks and untrue.texts == 4 and untrue.told == 2
        assert "600 000 101" in untrue.was and "600 000 202" in untrue.now
        assert [row.state for row in post.ledger.rows(FIRST)] == ["sent"] * 2 + ["queued"] * 4
        assert letters.renew(again) == 4
        deliver(post, FIRST, real_world(tmp_path))
        said = [one.message.get_content() for one in smtpd.accepted]
        assert ["600 000 202" in text for text in said] == [False] * 2 + [True] * 4
        assert set(smtpd.copies().values()) == {1} and len(said) == 6
        assert not letters.freeze(post.prepare(letters.affair, order())).asks


def test_what_waits_stays_true_while_the_clock_goes_on_and_another_person_goes_on(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        clock = FrozenClock()
        post = post_room(office(tmp_path, smtpd, clients(4)), clock)
        post.freeze(post.prepare(affair(), order(next_update=START + timedelta(hours=5))))
        clock.go_on(timedelta(hours=2))
        letters = letters_of(post, by="somebody else")
        assert not letters.freeze(post.prepare(letters.affair, order())).asks
        clock.go_on(timedelta(hours=1, minutes=59))
        assert not letters.freeze(post.prepare(letters.affair, order())).asks


def test_a_next_update_that_is_over_is_not_promised_to_those_who_wait(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        clock = FrozenClock()
        post = post_room(office(tmp_path, smtpd, clients(4)), clock)
        post.freeze(post.prepare(affair(), order(next_update=START + timedelta(hours=1))))
        clock.go_on(timedelta(hours=2))
        letters = letters_of(post)
        assert letters.freeze(post.prepare(letters.affair, order())).texts == 4


def test_a_corrected_address_a_new_way_and_somebody_who_left_are_seen_in_what_waits(tmp_path: Path) -> None:
    head = "name,email,language\n"
    with running(tmp_path) as smtpd:
        campaign_of(tmp_path, smtpd, head + "A,a@example.com,en\nB,b@example.com,en\nC,c@example.com,en\n")
        post = post_room(
            office(tmp_path, smtpd, head + "A,b@example.com,en\nB,a@example.com,en\nD,d@example.com,en\n")
        )
        letters = letters_of(post)
        ready = post.prepare(letters.affair, order())
        untrue = letters.freeze(ready)
        assert untrue.moved == ("A", "B") and untrue.gone == ("C",) and not untrue.texts
        letters.renew(ready)
        deliver(post, FIRST, real_world(tmp_path))
        sent = {one.message["To"].addresses[0].display_name: one.recipient for one in smtpd.accepted}
        assert sent == {"A": "b@example.com", "B": "a@example.com", "D": "d@example.com"}


def test_who_could_not_be_reached_is_tried_at_the_corrected_address_and_by_a_way_that_came_later(
    tmp_path: Path,
) -> None:
    head, bad = (
        "name,email,mobile,language\n",
        {"a@example.com": "550 5.1.1 no", "b@example.com": "550 5.1.1 no"},
    )
    rows = "A,a@example.com,,en\nB,b@example.com,,en\nC,c@example.com,,en\n"
    with running(tmp_path, Faults(recipients=bad)) as smtpd:
        post = campaign_of(tmp_path, smtpd, head + rows)
        deliver(post, FIRST, real_world(tmp_path))
        assert states(post, FIRST) == {"failed": 2, "sent": 1}
        mended = (
            "A,a.new@example.com,,en\nB,b@example.com,+48600000303,en\nC,c2@example.com,+48600000404,en\n"
        )
        gsm = "  - channel: phone\n    sms-modem: {}\n"
        post = post_room(office(tmp_path, smtpd, head + mended, gsm))
        letters = letters_of(post)
        untrue = letters.freeze(post.prepare(letters.affair, order()))
        assert not untrue.asks and untrue.mended == ("A", "B")
        waiting = [(row.name, row.address) for row in post.ledger.rows(FIRST) if row.state == "queued"]
        assert waiting == [("A", "a.new@example.com"), ("B", "+48600000303")]


def test_an_address_that_is_only_spelled_in_other_capitals_is_no_corrected_one(tmp_path: Path) -> None:
    head = "name,email,language\n"
    with running(tmp_path, Faults(recipients={"a@example.com": "550 5.1.1 no"})) as smtpd:
        post = campaign_of(tmp_path, smtpd, head + "A,a@example.com,en\nB,b@example.com,en\n")
        deliver(post, FIRST, real_world(tmp_path), Silent(stop_after=1))
        assert states(post, FIRST) == {"failed": 1, "queued": 1}
        post = post_room(office(tmp_path, smtpd, head + "A,A@Example.com,en\nB,B@example.com,en\n"))
        letters = letters_of(post)
        untrue = letters.freeze(post.prepare(letters.affair, order()))
        assert (untrue.moved, untrue.mended) == ((), ())
        assert states(post, FIRST) == {"failed": 1, "queued": 1}


def test_who_wants_no_notices_any_more_gets_none_though_his_letter_waited(tmp_path: Path) -> None:
    head = "name,email,language,opted_out\n"
    with running(tmp_path) as smtpd:
        campaign_of(tmp_path, smtpd, head + "A,a@example.com,en,\nB,b@example.com,en,\n")
        post = post_room(office(tmp_path, smtpd, head + "A,a@example.com,en,yes\nB,b@example.com,en,\n"))
        letters = letters_of(post)
        assert not letters.freeze(post.prepare(letters.affair, order())).asks
        deliver(post, FIRST, real_world(tmp_path))
        assert [one.recipient for one in smtpd.accepted] == ["b@example.com"]
        assert standings(post.ledger.rows(FIRST))["a"] == ("not to be told", "opted out")


def test_asking_for_another_way_later_tells_nobody_twice(tmp_path: Path) -> None:
    rows = "name,email,mobile,language\nA,a@example.com,+48600000303,en\n"
    gsm = "  - channel: phone\n    sms-modem: {}\n"
    with running(tmp_path) as smtpd:
        post = post_room(office(tmp_path, smtpd, rows, gsm))
        post.freeze(post.prepare(affair(), order("line-down", "clients", "mail")))
        deliver(post, FIRST, real_world(tmp_path))
        letters = letters_of(post)
        assert not letters.freeze(post.prepare(letters.affair, order("line-down", "clients", "phone"))).asks
        assert {row.key.channel: row.state for row in post.ledger.rows(FIRST)} == {
            "mail": "sent",
            "phone": "suppressed",
        }


def test_what_was_stopped_for_good_stays_so_and_goes_to_the_rest_in_a_sending_of_its_own(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as smtpd:
        post = campaign_of(tmp_path, smtpd, clients(5))
        deliver(post, FIRST, real_world(tmp_path), Silent(stop_after=2))
        post.ledger.end([FIRST], "cancelled", "stopped by anna", post.clock.now())
        again = post.prepare(affair(), order())
        assert again.campaign.number == 2 and len(again.plan.letters) == 3
        post.freeze(again)
        deliver(post, again.campaign.id, real_world(tmp_path))
        assert states(post, FIRST) == {"sent": 2, "cancelled": 3}
        assert len(smtpd.accepted) == 5 and set(smtpd.copies().values()) == {1}


def test_who_was_missed_by_an_earlier_sending_stays_on_the_call_list_of_the_next(tmp_path: Path) -> None:
    rows = "name,email,phone,language\nA,a@example.com,22 600 00 01,en\nB,b@example.com,22 600 00 02,en\n"
    with running(tmp_path, Faults(recipients={"b@example.com": "550 5.1.1 no"})) as smtpd:
        post = campaign_of(tmp_path, smtpd, rows)
        deliver(post, FIRST, real_world(tmp_path))
        update = post.prepare(affair(), order("update", "told"))
        post.freeze(update)
        deliver(post, update.campaign.id, real_world(tmp_path))
        letters = letters_of(post)
        assert [(call.contact.name, call.before) for call in letters.calls(update.campaign)] == [
            ("B", "5.1.1 no")
        ]
        letters.note_call(letters.calls(update.campaign)[0].contact, "told", "anna")
        assert not letters.calls(update.campaign)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happened_before_writing_anew_tells_nobody_twice_and_forgets_nobody(
    tmp_path: Path, seed: int
) -> None:
    """Letters in any state, then a contact file in which anything changed: nobody has two, all have one."""
    chance = random.Random(seed)
    ways = "  - channel: phone\n    sms-modem: {}\n  - channel: paper\n    file: {}\n"

    def table() -> str:
        rows = ["name,email,mobile,language,opted_out"]
        for n in range(12):
            mail = chance.choice([f"c{n}@example.com", f"new{n}@example.com", "shared@example.com", ""])
            mobile = chance.choice([f"+4860000030{n % 10}", ""])
            rows.append(f"C{n},{mail},{mobile},en,{chance.choice(['', '', '', 'yes'])}")
        return "\n".join(rows) + "\n"

    post = post_room(
        office(tmp_path, None, table(), ways + "  - channel: mail\n    smtp: {host: x, from: a@b.example}\n")
    )
    post.freeze(post.prepare(affair(), order()))
    for row in list(post.ledger.rows(FIRST)):
        fate = chance.choice(["sent", "failed", "unknown", "deferred", ""])
        if row.state == "queued" and fate:
            post.ledger.claim(row.key, START)
            later = START + timedelta(minutes=5) if fate == "deferred" else None
            post.ledger.settle(row.key, Settled(fate, START, not_before=later))  # type: ignore[arg-type]
    before = {row.key: row.state for row in post.ledger.rows(FIRST) if row.state in ("sent", "unknown")}
    waited = {row.key.contact for row in post.ledger.rows(FIRST) if row.state in ("queued", "deferred")}
    post = post_room(office(tmp_path, None, table()))
    letters = letters_of(post, answer_number="+48600000202")
    ready = post.prepare(letters.affair, order())
    letters.freeze(ready)
    letters.renew(ready)
    rows = list(post.ledger.rows(FIRST))
    assert {row.key: row.state for row in rows if row.key in before} == before
    live = [row for row in rows if row.state in ("queued", "deferred")]
    assert len({row.key.contact for row in live}) == len(live)
    told = {key.contact for key in before}
    assert not {row.key.contact for row in live} & (told - waited)
    assert len(
        {
            (row.key.channel, row.address.casefold())
            for row in rows
            if row.state != "suppressed" and row.address
        }
    ) == len([row for row in rows if row.state != "suppressed" and row.address])
    standing = {name: found for name, (found, _why) in standings(rows).items()}
    tried = {(row.key.channel, row.address) for row in rows if row.state == "failed"}
    for one in ready.plan.planned:
        assert one.contact.id in standing
        if not one.why_not and any((way.channel, way.address) not in tried for way in one.ways):
            assert standing[one.contact.id] in ("told", "unknown", "waiting")

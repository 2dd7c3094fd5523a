"""What is kept about the tool's own work names nobody."""

from __future__ import annotations

import base64
import html
import json
import shlex
import string
import unicodedata
from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bcp.mask import MASK, Mask

TEXT = st.text(max_size=120)
SECRETS = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip("• \t\r\n")))
PRINTABLE = st.text(st.characters(exclude_categories=("C", "Z")), min_size=4, max_size=30).filter(
    lambda text: bool(text.strip("•"))
)
LETTERS = st.characters(whitelist_categories=("Lu", "Ll"), max_codepoint=0x24F)
NAMES = st.lists(st.text(LETTERS, min_size=2, max_size=12), min_size=1, max_size=3).map(" ".join)
ADDRESSES = st.emails()
SIGNS = [*" -/\u00a0–\u2011·_", "%20"]
DIGITS = st.text(string.digits, min_size=9, max_size=12)


def spelled(digits: str, separator: str, size: int) -> str:
    return separator.join(digits[start : start + size] for start in range(0, len(digits), size))


@given(st.lists(SECRETS, max_size=4), TEXT, TEXT, st.data())
@example(secrets=["•b"], before="••", after="", data=None)
@example(secrets=["x", "a•••b"], before="a", after="b", data=None)
def test_no_secret_survives_any_text(
    secrets: Sequence[str], before: str, after: str, data: st.DataObject
) -> None:
    mask = Mask()
    for secret in secrets:
        mask.secret(secret)
    middle = "x" if data is None else data.draw(st.sampled_from([*secrets, ""]))
    masked = mask(before + middle + after)
    for secret in secrets:
        assert unicodedata.normalize("NFC", secret) not in masked
    assert mask(masked) == masked


@given(PRINTABLE)
@example("s3cr+t/ż „x”")
@example('it\'s "both" <&> a/b+ß')
def test_a_secret_is_found_however_a_program_writes_it(secret: str) -> None:
    mask = Mask()
    mask.secret(secret)
    raw = secret.encode()
    for form in (
        secret.upper(),
        quote(secret),
        repr(secret)[1:-1],
        ascii(secret)[1:-1],
        html.escape(secret),
        shlex.quote(f" {secret}")[2:-1],
        raw.hex(),
        raw.hex().upper(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode(),
        json.dumps(secret)[1:-1],
        quote(secret, safe=""),
        quote_plus(secret),
        base64.b64encode(secret.encode()).decode(),
    ):
        assert form not in mask(f"before <{form}> behind"), form


@pytest.mark.parametrize("user", ["a", "an", "ann", "anna"])
@pytest.mark.parametrize("behind", ["", "!", "!!", "\n"])
def test_a_secret_is_found_in_the_base64_of_a_login(user: str, behind: str) -> None:
    mask = Mask()
    mask.secret("hunter2-geheim")
    login = base64.b64encode(f"{user}:hunter2-geheim{behind}".encode()).decode()
    masked = mask(f"sent {login}")
    left = masked.removeprefix("sent ").replace(MASK, "")
    assert MASK in masked and len(left) <= len(login) - 16


@given(st.lists(NAMES, min_size=1, max_size=4), TEXT, TEXT, st.data())
def test_no_name_survives_any_text_in_capitals_either(
    names: Sequence[str], before: str, after: str, data: st.DataObject
) -> None:
    mask = Mask()
    mask.names(names)
    name = data.draw(st.sampled_from(list(names)))
    for written in (name, name.upper(), name.lower(), unicodedata.normalize("NFD", name)):
        masked = mask(f"{before} {written} {after}")
        assert name not in masked.split(" ")
        assert len(name) < 4 or name not in masked
        assert mask(masked) == masked


@pytest.mark.parametrize(
    "written", ["Anna Nowak", "nowak", "NOWAK", "Nowaka", "anna-nowak", "Anna\tNowak", "Zażółć"]
)
def test_a_name_is_found_in_its_parts_its_cases_and_without_its_accents(written: str) -> None:
    mask = Mask()
    mask.names(["Anna Nowak", "Zażółć"])
    plain = mask(f"so said {written}, and Zazolc")
    assert plain.startswith(f"so said {MASK}")
    assert "owak" not in plain.lower() and "zazolc" not in plain.lower()


def test_the_provider_of_somebodys_mail_is_not_hidden() -> None:
    mask = Mask()
    mask.names(["anna@mail.example.com"])
    assert (
        mask("smtp.example.com took it for anna@mail.example.com") == f"smtp.example.com took it for {MASK}"
    )


def test_a_short_name_is_not_found_inside_another_word() -> None:
    mask = Mask()
    mask.names(["Ewa"])
    assert mask("Ewa looked at the gateway") == f"{MASK} looked at the gateway"


@given(ADDRESSES, TEXT)
def test_no_mail_address_survives_even_if_nobody_knows_it(address: str, after: str) -> None:
    masked = Mask()(f"mail to {address}: {after}")
    assert address not in masked


@given(
    DIGITS,
    st.sampled_from(SIGNS),
    st.integers(2, 4),
    st.sampled_from(["", "+", "00", "(0)", "tel:+"]),
)
def test_no_phone_number_survives_even_if_nobody_knows_it(
    digits: str, sign: str, size: int, head: str
) -> None:
    written = head + spelled(digits, sign, size)
    masked = Mask()(f"called {written}, nobody there")
    assert digits not in "".join(filter(str.isdecimal, masked)), masked


@given(
    st.text(string.digits, min_size=9, max_size=9),
    st.sampled_from([*SIGNS, "", ".", ") ", "  ", ":"]),
)
def test_a_known_phone_number_is_found_in_every_spelling(digits: str, sign: str) -> None:
    mask = Mask()
    mask.phones([f"+48{digits}"])
    for size in (1, 2, 3):
        written = spelled(digits, sign, size)
        for whole in (written, f"+48{sign}{written}", f"0048{sign}{written}", f"x{digits}y"):
            masked = mask(f"<{whole}>")
            assert digits[-7:] not in "".join(filter(str.isdecimal, masked)), whole


@pytest.mark.parametrize(
    "kept",
    [
        "at 2026-11-26T07:50:00.123456+00:00 and 07:50:12",
        "on 26.11.2026, 2026-11-26 07:50",
        "127.0.0.1:8080 and 192.168.100.200",
        "port 65535, event 123456, pid p1234567, 0.12 s",
        "2026-11-26-internet-outage",
        "head d2a84f4b8b650937ec8f73cd8be2c74add5a911ba64df27458ed8229da804a26",
        "https://www.example.com:8443",
        "bcp/cli/main.py:88 KeyError",
        "https://[2001:4860:4860::8888]:443 and 2001:4860:4860::8844",
        "status of 3 passes, keyboard, hash: basic",
    ],
)
def test_times_dates_ports_hashes_and_event_numbers_stay(kept: str) -> None:
    assert Mask()(kept) == kept


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("https://anna:hunter2@www.example.com/hooks/T0/B1?token=abc#x", f"https://www.example.com/{MASK}"),
        ("https://anna:a@b@www.example.com", "https://www.example.com"),
        ("https://anna:1234/5@www.example.com", f"https://{MASK}"),
        ("pbul://o.abcdef and slack://T1/B2/x", f"pbul://{MASK} and slack://{MASK}"),
        ("wss://www.example.com/x", f"wss://www.example.com/{MASK}"),
        ("to PL61109010140000071219812874", f"to {MASK}"),
        ("to DE89 3704 0044 0532 0130 00.", f"to {MASK}."),
        ("to GB29NWBK60161331926819", f"to {MASK}"),
        ("see http://10.0.0.1/?q=Jan and go", f"see http://10.0.0.1/{MASK} and go"),
        ("Authorization: Basic YW5uYTpodW50ZXIy", f"Authorization: {MASK}"),
        ('{"authorization": "Token abc"}', f'{{"authorization": {MASK}'),
        ("Set-Cookie: id=4711; Path=/", f"Set-Cookie: {MASK}"),
        ("sent Bearer abc.def-123", f"sent Bearer {MASK}"),
        ("password=hunter2 given", f"password={MASK}"),
        ("X-Api-Key: hunter2", f"X-Api-Key: {MASK}"),
        ("api_token = hunter2", f"api_token = {MASK}"),
        ("/home/anna/office and C:\\Users\\anna\\x", "~/office and ~\\x"),
    ],
)
def test_what_has_the_shape_of_a_login_is_taken_out(written: str, left: str) -> None:
    assert Mask()(written) == left


@given(TEXT)
@example("a@b@c https://x@y/z?://?@ Bearer bearer bearer token: token=")
@example("+1 (2) 345-67 89/00 26.11.2026 1.2.3.4.5.6.7.8")
def test_what_was_masked_stays_as_it_is_when_it_is_masked_again(text: str) -> None:
    mask = Mask()
    mask.names(["Anna Nowak", "Jo"])
    mask.phones(["+48600000101"])
    masked = mask(text)
    assert mask(masked) == masked


def test_a_sentence_keeps_what_is_quoted_only_where_it_is_an_id() -> None:
    told = (
        "there is no check \"internet\" and nobody called \"Jan Xy\"; can't decode 'Jan P' of “Acme”, 'a-b'"
    )
    assert Mask().told(told) == (
        "there is no check \"internet\" and nobody called \"…\"; can't decode '…' of “…”, 'a-b'"
    )


def test_folders_are_shown_as_what_they_are() -> None:
    mask = Mask()
    mask.folder("/srv/anna/office", "<office>")
    mask.folder("/srv/anna", "~")
    assert mask("/srv/anna/office/bcp.yaml and /srv/anna/x") == "<office>/bcp.yaml and ~/x"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["NFC", "NFD"])
def test_a_folder_with_accents_is_found_however_they_are_written(
    form: Literal["NFC", "NFD"], written: Literal["NFC", "NFD"]
) -> None:
    mask = Mask()
    mask.folder(unicodedata.normalize(form, "/srv/Žofie Łoś/kancelář"), "<office>")
    assert mask(unicodedata.normalize(written, "/srv/Žofie Łoś/kancelář/bcp.yaml")) == "<office>/bcp.yaml"


def test_a_short_word_that_was_typed_does_not_hide_numbers_everywhere() -> None:
    mask = Mask()
    mask.typed(["2", "Jan called"])
    assert mask("status 2: jan called") == f"status 2: {MASK}"


@given(st.lists(NAMES | SECRETS, min_size=1, max_size=4), st.lists(TEXT, max_size=4), st.data())
def test_a_narrowed_mask_takes_out_of_each_line_what_the_whole_one_does(
    words: Sequence[str], lines: Sequence[str], data: st.DataObject
) -> None:
    mask = Mask()
    mask.names(words[:2])
    mask.phones(["+48600000101"])
    for word in words[2:]:
        mask.secret(word)
    long = [f"{line}{data.draw(st.sampled_from([*words, '600 000 101']))}" for line in lines]
    narrowed = mask.narrowed("\n".join(long))
    assert [narrowed(line) for line in long] == [mask(line) for line in long]

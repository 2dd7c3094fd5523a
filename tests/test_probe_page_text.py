"""The words of pages as somebody reads them: encodings, tags, entities, white space, packed pages, long ones."""

import asyncio
import gzip
import random
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.clock import SystemClock
from bcp.probe.base import Result, Shared
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.portal import Portal
from bcp.probe.packed import unpacked
from bcp.probe.page_text import as_seen, decoded, folded
from tests.wire import page, web_server

WORDS = "Zażółć gęślą jaźń"
HTML = "text/html"
SHARED = Shared(SystemClock(), timeout=5.0)


def in_meta(label: str) -> str:
    return f'<!doctype html><html><head><meta charset="{label}"><title>x</title></head><p>{WORDS}</p></html>'


RAW_DEFLATE = zlib.compressobj(wbits=-15)
PAGES = {
    "header": page(WORDS.encode("iso-8859-2"), Content_Type="text/html; charset=ISO-8859-2"),
    "quoted": page(WORDS.encode("cp1250"), Content_Type='text/html; Charset="windows-1250"'),
    "alias": page(WORDS.encode("cp1250"), Content_Type="text/html; charset=x-cp1250"),
    "meta": page(in_meta("iso-8859-2").encode("iso-8859-2"), Content_Type=HTML),
    "late meta": page(
        b"<!doctype html>" + b" " * 3000 + in_meta("cp1250").encode("cp1250"), Content_Type=HTML
    ),
    "http-equiv": page(
        f'<meta http-equiv=Content-Type content="text/html; charset=windows-1250">{WORDS}'.encode("cp1250"),
        Content_Type=HTML,
    ),
    "xml": page(
        f'<?xml version="1.0" encoding="iso-8859-2"?><a>{WORDS}</a>'.encode("iso-8859-2"),
        Content_Type="application/rss+xml",
    ),
    "commented": page(
        b"<!-- <meta charset=koi8-r> -->" + in_meta("cp1250").encode("cp1250"), Content_Type=HTML
    ),
    "no packing": page(WORDS.encode(), Content_Encoding="aws-chunked, utf-8"),
    "mark": page(b"\xef\xbb\xbf" + WORDS.encode(), Content_Type="text/html; charset=iso-8859-1"),
    "utf-16": page(WORDS.encode("utf-16"), Content_Type=HTML),
    "utf-16 by header": page(WORDS.encode("utf-16-le"), Content_Type="text/html; charset=utf-16"),
    "unknown": page(WORDS.encode(), Content_Type="text/html; charset=none"),
    "wrong utf-16": page(in_meta("utf-16").encode(), Content_Type=HTML),
    "nothing said": page(WORDS.encode()),
    "entities": page(
        b"Za&#380;&oacute;&#x142;&#x107;&nbsp;g&eogon;&sacute;l&aogon; \n\t ja&zacute;&#324",
        Content_Type=HTML,
    ),
    "tags": page("<p>Za<b>żółć</b>\n<i>gęślą</i><br>jaź<wbr>ń</p>".encode(), Content_Type=HTML),
    "cells": page("<td>Zażółć</td><td>gęślą</td><td>jaźń</td>".encode(), Content_Type=HTML),
    "apart": page("Za\u00adżo\u0301łc\u0301 gęślą\u2003jaźn\u0301".encode(), Content_Type=HTML),
    "both directions": page("\u200fZażółć\u200e gęślą \u2066jaźń\u2069".encode(), Content_Type=HTML),
    "alt": page(f'<img src=a.png alt="{WORDS}">'.encode(), Content_Type=HTML),
    "button": page(f"<input type=submit value='{WORDS}'>".encode(), Content_Type=HTML),
    "greater": page(f'<a title="a > b" href=c>{WORDS}</a>'.encode(), Content_Type=HTML),
    "cdata": page(f"<item><![CDATA[{WORDS}]]></item>".encode(), Content_Type="text/xml"),
    "gzip": page(gzip.compress(WORDS.encode()), Content_Encoding="gzip"),
    "two parts": page(gzip.compress(b"Za") + gzip.compress(WORDS[2:].encode()), Content_Encoding="X-GZip"),
    "deflate": page(zlib.compress(WORDS.encode()), Content_Encoding="deflate"),
    "raw deflate": page(
        RAW_DEFLATE.compress(WORDS.encode()) + RAW_DEFLATE.flush(), Content_Encoding="deflate"
    ),
    "twice": page(gzip.compress(zlib.compress(WORDS.encode())), Content_Encoding="deflate, gzip"),
    "identity": page(WORDS.encode(), Content_Encoding="identity"),
    "gzip and encoding": page(
        gzip.compress(WORDS.encode("cp1250")),
        Content_Encoding="gzip",
        Content_Type="text/plain; charset=cp1250",
    ),
}
OTHERS = {
    "comment": page(f"<!-- {WORDS} --><p>Welcome".encode(), Content_Type=HTML),
    "script": page(f"<script>say('{WORDS}')</script><p>Welcome".encode(), Content_Type=HTML),
    "style": page(f"<style>/* {WORDS} */</style><p>Welcome".encode(), Content_Type=HTML),
    "attribute": page(f'<meta name=description content="{WORDS}"><p>Welcome'.encode(), Content_Type=HTML),
    "hidden": page(f'<input type=hidden value="{WORDS}"><p>Welcome'.encode(), Content_Type=HTML),
    "plain": page(b"1 < 2 &amp; <b>bold</b>", Content_Type="text/plain"),
    "shop": page(b"<h1>Our Work</h1><p>Fish &amp; chips", Content_Type=HTML),
    "error": page(b"<h1>Error establishing a\n database <b>connection</b></h1>", Content_Type=HTML),
    "long": page(b"x" * (1 << 20) + b" the end", Content_Type=HTML),
    "bomb": page(gzip.compress(bytes(64 << 20), 9), Content_Encoding="gzip"),
    "brotli": page(b"\x0b\x02\x80abc\x03", Content_Encoding="br"),
    "no gzip": page(b"abc", Content_Encoding="gzip"),
    "json": page('\ufeff{"city": "Łódź"}'.encode(), Content_Type="application/json"),
    "old json": page('{"city": "Łódź"}'.encode("cp1250"), Content_Type="application/json; charset=cp1250"),
    "wide json": page('{"city": "Łódź"}'.encode("utf-16-be"), Content_Type="application/json"),
    "zipped json": page(gzip.compress('{"city": "Łódź"}'.encode()), Content_Encoding="gzip"),
    "torn": page(
        gzip.compress(b"All is well" + random.Random(1).randbytes(500))[:150], Content_Encoding="gzip"
    ),
    "broken": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nAll is well",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    known = {name.replace(" ", "-"): answer for name, answer in {**PAGES, **OTHERS}.items()}
    with web_server(lambda path: known[path[1:]]) as found:
        yield found


def look(port: int, name: str, **fields: object) -> Result:
    url = f"http://127.0.0.1:{port}/{name.replace(' ', '-')}"
    return asyncio.run(Http.model_validate({"url": url, **fields}).look(SHARED))


@pytest.mark.parametrize("name", PAGES)
def test_words_are_found_however_the_page_is_written(port, name):
    found = look(port, name, text=WORDS, not_text="�")
    assert found.state == "up", found.reason


@pytest.mark.parametrize("name", ["comment", "script", "style", "attribute", "hidden"])
def test_words_that_nobody_reads_are_not_in_the_page_and_that_is_said(port, name):
    found = look(port, name, text=WORDS)
    assert found.reason == (
        f"the page does not show “{WORDS}”: it stands in its source only, where nobody reads it"
    )
    assert look(port, name, not_text=WORDS).state == "up"


def test_a_tag_is_looked_for_in_the_source_and_plain_text_has_no_tags(port):
    assert look(port, "shop", text="<h1>Our Work</h1>").state == "up"
    assert look(port, "shop", text="Fish & chips").state == "up"
    assert look(port, "shop", text="Fish &amp; chips").state == "down"
    assert look(port, "plain", text="1 < 2 &amp; <b>bold</b>").state == "up"


def test_capital_letters_count_unless_the_check_says_otherwise(port):
    assert look(port, "shop", text="our work").reason == "the page does not say “our work”"
    assert look(port, "shop", text="our work", case="ignore").state == "up"
    assert folded("DİYARBAKIR ΟΔΟΣ", ignores_case=True) == folded("diyarbakir οδος", ignores_case=True)
    assert look(port, "shop", text="OUR  WORK", not_text="FISH & CHIPS", case="ignore").state == "down"


def test_words_that_must_not_be_there_are_named(port):
    words = ["Fatal error", "Error establishing a database connection"]
    assert look(port, "error", not_text=words).reason == f"the page says “{words[1]}”, and should not"
    assert look(port, "shop", not_text=words).state == "up"
    probe = Http.model_validate({"url": "http://a.test/", "text": "Our work", "not_text": words})
    assert probe.describe() == f"fetch http://a.test/ and see “Our work”, no “{words[0]}”, no “{words[1]}”"


def test_what_was_not_read_is_said(port):
    assert look(port, "long", text="the end").reason == (
        "the first 1 MB of the page does not say “the end”, and no more of it is read"
    )
    assert look(port, "long", not_text="the end").reason.endswith("answers 200; only its beginning was read")
    for name in ("broken", "torn"):
        assert look(port, name, text="All is well").state == "up"
        assert (
            look(port, name, text="ill").reason
            == "the page broke off, and what came of it does not say “ill”"
        )


def test_a_page_that_is_packed_to_burst_is_read_up_to_the_bound(port):
    assert look(port, "bomb", text="end").reason.startswith("the first 1 MB of the page does not say")


@pytest.mark.parametrize(("name", "packing"), [("brotli", "br"), ("no gzip", "gzip")])
def test_a_page_that_cannot_be_unpacked_is_not_judged(port, name, packing):
    for wanted in ({"text": "Our work"}, {"not_text": "Error"}, {"json": {"a": "b"}}):
        found = look(port, name, **wanted)
        assert (found.state, found.reason) == (
            "inconclusive",
            f"its server sends the page packed as {packing}, which was not asked for and cannot be read",
        )
    assert look(port, name).state == "up"


@pytest.mark.parametrize("name", ["json", "old json", "wide json", "zipped json"])
def test_json_is_read_in_its_encoding_too(port, name):
    assert look(port, name, json={"city": "Łódź"}).state == "up"


def test_a_login_page_is_compared_in_the_same_manner():
    with web_server(lambda path: PAGES["gzip"]) as at:
        seen = Portal(url=f"http://127.0.0.1:{at}/", text=WORDS)
        assert asyncio.run(seen.look(SHARED)).state == "up"


def test_words_are_not_looked_for_where_no_page_comes():
    with pytest.raises(
        ValueError, match="HEAD brings no page, so nothing can be found in it: not_text needs GET"
    ):
        Http.model_validate({"url": "http://a.test/", "method": "HEAD", "not_text": "Error"})


@given(st.text(alphabet="<>!-=/\"' aspricxtylemgbdCDATA[]", max_size=300))
def test_whatever_stands_in_a_page_there_are_words(source):
    assert isinstance(as_seen(source), str)


@given(st.binary(max_size=200), st.text(max_size=20), st.sampled_from(["", "gzip", "deflate, gzip", "br"]))
def test_whatever_bytes_come_they_are_unpacked_and_read(body, label, encoding):
    assert len(unpacked(body, encoding, 100).body) <= max(100, len(body))
    assert isinstance(decoded(body, f"text/html; charset={label}"), str)
    assert folded(" a\u00a0\u00ad b\u200b ") == "a b"


PIECES = (
    "<",
    "<!--",
    "<script",
    "<script>",
    "<a =",
    '<a "',
    '<a ="',
    "<img alt=",
    "<![CDATA[",
    "</",
    "&",
    "<a b='",
)


@pytest.mark.timeout(20)  # a page that is gone through once for each piece takes minutes
@pytest.mark.parametrize("piece", PIECES)
def test_no_page_costs_more_than_its_length(piece):
    assert as_seen(piece * (1_000_000 // len(piece))) is not None

"""Whether the public sees our marks where an editor put them; whether WordPress kept what was sent to it."""

from __future__ import annotations

import pytest

from bcp.lever.place.public_address import address_beside, other_languages, same_address
from bcp.lever.place.public_marks import unseen
from bcp.lever.place.wordpress.sameness import lost, same

NUMBER = "<!-- bcp:number -->22 600 00 01<!-- /bcp:number -->"
SOURCE = f"<p>Agencja Kropka, ulica Długa 5, Warszawa. Telefon: {NUMBER} od poniedziałku do piątku</p>"
PLAIN = SOURCE.replace("<!-- bcp:number -->", "").replace("<!-- /bcp:number -->", "")


@pytest.mark.parametrize(
    ("public", "why"),
    [
        (f"<html><body><header>Menu</header>{SOURCE}</body></html>", ""),
        (
            f"<html><head><title>x</title><body><p hidden>y<p>{SOURCE}</p></body></html>",
            "that readers do not see",
        ),
        (f"<body><div style='DISPLAY:none'><br><p>{NUMBER}</div>", "that readers do not see"),
        (f"<body><div style='display:none'>x</div>{SOURCE}<div hidden>{NUMBER}</div>", ""),
        (f"<head><noscript>{NUMBER}</noscript></head><body>Kropka</body>", "that readers do not see"),
        (f"<body>{SOURCE}<script>var a = '<!-- bcp:number -->&lt;<!-- /bcp:number -->'</script></body>", ""),
        (f"<body>{SOURCE.replace('22 600', '<script>1</script>22 <b>600</b>')}</body>", ""),
        (f"<body><template>{NUMBER}</template></body>", "that readers do not see"),
        (f"<body><script>var a = '{NUMBER}'</script></body>", "a page builder may show"),
        (f"<body>{SOURCE.replace('600 00 01', '600 00 02')}</body>", "the public sees another text"),
        (
            "<body><div class='elementor'>Tel. 22 600 00 01</div></body>",
            "a page builder may show a text of its own",
        ),
        (f"<body><main>{PLAIN}</main></body>", ""),
        (f"<body>{PLAIN.replace('Agencja Kropka, ', '<i>Firma</i> ')}</body>", "a page builder may show"),
        (f"<body><main>{PLAIN.replace('600 00 01', '600 00 02')}</main></body>", "a page builder may show"),
        ("", "a page builder may show"),
    ],
)
def test_a_mark_counts_as_seen_only_where_a_reader_sees_its_place(public: str, why: str) -> None:
    said = unseen(public.encode(), SOURCE.encode(), "number")
    assert said == "" if not why else why in said, said


@pytest.mark.parametrize(
    "page",
    [
        "<p>" * 20_000 + "</b>" * 20_000,
        "<link application/json " * 20_000,
        "<link hreflang=a href=" + "/wp/v2/pages/" * 20_000,
        "<!-- bcp:number -->" * 20_000,
        "&a;&b" * 20_000,
        "<![strange[ x ]>" * 1000 + "<!DOCTYPE [<" + "<!--",
        "<link rel=alternate hreflang=en href=http://[>",
    ],
    ids=["tags", "links", "one link", "marks", "references", "sections", "address"],
)
def test_a_page_of_any_kind_is_read_to_its_end(page: str) -> None:
    raw = page.encode()
    assert unseen(raw, SOURCE.encode(), "number") and same(raw, raw + b"") and not same(raw, raw + b"<i>")
    other_languages(raw, "https://k.example/")
    assert lost(raw, raw) == []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("<p>a</p>\r\n<br/>", "<p>a</p>\n<br />"),
        ('<p style="border:0; color:red;">', '<p style="border:0;color:red">'),
        ("<img src=a.png alt='x'>", '<img src="a.png" alt="x" />'),
        ('<a target="_blank" href="/x">', '<a target="_blank" href="/x" rel="noopener">'),
        ('<a href="?a=1&b=2">x</a>', '<a href="?a=1&amp;b=2">x</a>'),
        ("<p>😀</p>", "<p>&#x1f600;</p>"),
    ],
)
def test_how_wordpress_writes_a_tag_changes_no_page(was: str, now: str) -> None:
    assert same(was.encode(), now.encode())


@pytest.mark.parametrize(
    ("was", "now", "tags"),
    [
        ("<p>a</p><iframe src=x></iframe><script>1</script>", "<p>a</p>1", ["<iframe>", "<script>"]),
        ("<p>one two</p>", "<p>one</p>", []),
        ("<p>a &amp;nbsp; b</p>", "<p>a &nbsp; b</p>", []),
        ("<p>a</p><!-- wp:html -->", "<p>a</p>", []),
        ('<div onclick="x()">a</div>', "<div>a</div>", []),
        ('<a rel="nofollow" href="/">a</a>', '<a href="/">a</a>', []),
        ("[form id=5]", "[form]", []),
        ("x" * 70_000, "x" * 65_536, []),
    ],
)
def test_what_is_gone_from_a_page_is_never_the_same(was: str, now: str, tags: list[str]) -> None:
    assert not same(was.encode(), now.encode()) and lost(was.encode(), now.encode()) == tags


@pytest.mark.parametrize(
    ("url", "page", "address"),
    [
        ("https://k.example/kontakt.html", "kontakt.html", "https://k.example/kontakt-1.html"),
        ("https://k.example/a/kontakt?x=1", "a/kontakt.html", "https://k.example/a/kontakt-1.html"),
        ("https://k.example/a/", "a/index.php", "https://k.example/a/kontakt-1.html"),
        ("https://k.example", "index.html", "https://k.example/kontakt-1.html"),
        ("https://k.example/", "notice.inc", ""),
        ("https://k.example/start", "notice.html", ""),
    ],
)
def test_where_a_file_beside_the_page_is_read_is_told_by_the_address_of_the_page(
    url: str, page: str, address: str
) -> None:
    assert address_beside(url, page, "a/kontakt-1.html") == address


def test_an_address_is_the_same_with_https_or_not_and_other_languages_are_found() -> None:
    assert same_address("https://www.kropka.example/kontakt/", "http://kropka.example/kontakt")
    assert same_address("https://k.example/%ce%b5/", "https://k.example/ε")
    assert not same_address("https://k.example/kontakt", "https://k.example/firma/kontakt")
    links = "".join(
        f'<link rel="alternate" hreflang="{language}" href="https://k.example{path}">'
        for language, path in (("pl", "/kontakt/"), ("en-GB", "/en/contact/"), ("x-default", "/kontakt/"))
    )
    links += "<link href=https://k.example/de/kontakt rel=alternate hreflang=de>"
    found = other_languages(f"<head>{links}</head>".encode(), "https://k.example/kontakt")
    assert found == {"en-gb": "https://k.example/en/contact/", "de": "https://k.example/de/kontakt"}

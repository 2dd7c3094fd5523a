"""Names of computers with letters of every alphabet: written by people, sent as IDNA 2008 has them, by every probe."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from bcp.check import load
from bcp.clock import SystemClock
from bcp.host_name import ascii_name, host_name, web_address
from bcp.office.model import load as load_office
from bcp.probe.base import Attempt, Probe, Result, Shared
from bcp.probe.excerpt import begin
from bcp.probe.kinds.dns import Dns
from bcp.probe.kinds.domain import Domain
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.imap import Imap
from bcp.probe.kinds.ping import Ping
from bcp.probe.kinds.portal import Portal
from bcp.probe.kinds.sip import Sip
from bcp.probe.kinds.smtp import Smtp
from bcp.probe.kinds.tcp import Tcp
from bcp.probe.kinds.tls import Tls
from bcp.probe.name_settings import Settings
from bcp.probe.names import Names
from bcp.yaml.source import Reader
from tests.wire import dns_answer, page, tcp_server, udp_server

TURTLE = "xn--w-uga1v8h.pl"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("żółw.pl", TURTLE),
        ("ŻÓŁW.PL", TURTLE),
        ("z\u0307o\u0301łw.pl", TURTLE),
        ("żółw。pl", TURTLE),
        ("żółw.pl.", TURTLE + "."),
        ("straße.example", "xn--strae-oqa.example"),
        ("κόσμος.example", "xn--vxaejmc7c.example"),
        ("ｗｗｗ．example．com", "www.example.com"),
        ("WWW.Example.COM", "www.example.com"),
        ("_sip._udp.żółw.pl", f"_sip._udp.{TURTLE}"),
        (TURTLE, TURTLE),
        ("fe80::1%eth0", "fe80::1%eth0"),
    ],
)
def test_a_name_is_sent_as_the_rules_of_2008_have_it(written, sent):
    assert ascii_name(written) == sent
    assert host_name(written) == written


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "cannot be the name of a computer"),
        ("a..b", "cannot be the name of a computer"),
        ("x" * 64 + ".pl", "cannot be the name of a computer"),
        ("ż" * 60 + ".pl", "cannot be the name of a computer"),
        ("a." * 130, "cannot be the name of a computer"),
        ("a b.pl", "cannot be the name of a computer"),
        ("żó łw.pl", "IDNA 2008"),
        ("💩.example", "IDNA 2008"),
        ("xn--99999999.pl", '"xn--99999999" means nothing'),
        ("-a.pl", 'not "-a.pl"'),
        ("*.example.com", r"not \"\*.example.com\""),
        ("192.0.2.300", 'not "192.0.2.300"'),
        ("https://www.example.com", 'without "https://"'),
        ("mail.example.com:993", 'such as "mail.example.com": the port is a field of its own'),
    ],
)
def test_what_is_no_name_is_refused_with_the_reason(written, words):
    with pytest.raises(ValueError, match=words):
        host_name(written)


def test_the_name_in_a_web_address_is_checked_too():
    assert web_address("http://ŻÓŁW.pl/ą").hostname == "żółw.pl"
    assert ascii_name(str(web_address("http://ΚΌΣΜΟΣ.example/").hostname)) == ascii_name("ΚΌΣΜΟΣ.example")
    for wrong in ("http://a..b/", "http://💩.example/", "http://-/"):
        with pytest.raises(ValueError, match="name of a computer"):
            web_address(wrong)


def test_a_name_that_is_none_is_a_mistake_with_its_place(tmp_path):
    (tmp_path / "checks").mkdir()
    fields = {
        "http": "url: http://💩.example/",
        "portal": "url: http://💩.example/",
        "tcp": "port: 80, host: 💩.example",
        "tls": "host: 💩.example",
        "smtp": "host: 💩.example",
        "imap": "host: 💩.example",
        "sip": "host: 💩.example",
        "ping": "host: 💩.example",
        "dns": "name: 💩.example",
        "domain": "name: 💩.example",
    }
    for kind, said in fields.items():
        text = f"check: {kind}\ntitle: Ours\nprobes:\n  - {kind}: {{{said}}}\n"
        (tmp_path / "checks" / f"{kind}.yaml").write_text(text, encoding="utf-8")
    reader = Reader()
    load.load(tmp_path, reader)
    told = [str(each) for each in reader.mistakes]
    assert len(told) == len(fields)
    assert all(":4:" in each and "💩.example" in each and "IDNA 2008" in each for each in told), told


def test_a_domain_is_a_name_like_any_other():
    for written in ("żółw.pl", "ŻÓŁW。PL", "z\u0307o\u0301łw.pl", "faß.example"):
        assert Domain(name=written).name == written
    with pytest.raises(ValueError, match="expected a domain"):
        Domain(name="żółw")


def test_a_name_in_bcp_yaml_is_checked_as_well(tmp_path):
    (tmp_path / "bcp.yaml").write_text(
        "name: Żółw\ncountry: PL\ntimezone: Europe/Warsaw\n"
        "people: [{person: anna, name: Anna}]\nroles: [{role: lead, owner: anna}]\n"
        "internet:\n  page: http://a..b/\n  names: [żółw.pl, a..b]\n  addresses: ['a..b:443']\n",
        encoding="utf-8",
    )
    reader = Reader()
    load_office(tmp_path, reader)
    assert {each.line for each in reader.mistakes} == {7, 8, 9}


@pytest.fixture(scope="module")
def dns_port() -> Iterator[int]:
    with udp_server(lambda packet: dns_answer(packet, {TURTLE: "127.0.0.1"})) as port:
        yield port


@pytest.fixture(scope="module")
def heard() -> list[bytes]:
    return []


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> tuple[ssl.SSLContext, str]:
    authority, file = trustme.CA(), str(tmp_path_factory.mktemp("ca") / "ca.pem")
    authority.cert_pem.write_to_path(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(TURTLE).configure_cert(context)
    return context, file


@pytest.fixture(scope="module")
def server(heard) -> Iterator[int]:
    """Speaks HTTP to those who speak first, and greets as a mail server those who wait."""

    def talk(line: socket.socket) -> None:
        line.settimeout(0.1)
        try:
            heard.append(line.recv(65536))
        except TimeoutError:
            line.sendall(b"220 mx\r\n")
            line.settimeout(5)
            line.recv(4096)
            return line.sendall(b"250 mx\r\n")
        return line.sendall(page(status="204 No Content"))

    with tcp_server(talk) as port:
        yield port


def shared(dns_port: int) -> Shared:
    names = Names(lambda: Settings(servers=(("127.0.0.1", dns_port),)))
    return Shared(SystemClock(), Path(), timeout=2.0, names=names)


def look(probe: Probe, dns_port: int) -> Result:
    return asyncio.run(probe.look(shared(dns_port)))


def test_every_kind_of_probe_finds_it_and_shows_it_as_written(dns_port, server, heard):
    def answer(packet: bytes) -> bytes:
        heard.append(packet)
        kept = [
            line
            for line in packet.split(b"\r\n")
            if line.split(b":")[0] in (b"Via", b"From", b"CSeq", b"Call-ID")
        ]
        return b"\r\n".join([b"SIP/2.0 200 OK", *kept, b"", b""])

    with udp_server(answer) as sip:
        seen = [
            look(probe, dns_port)
            for probe in (
                Http(url=f"http://Żółw.pl:{server}/"),
                Portal(url=f"http://żółw。pl:{server}/"),
                Tcp(host="żółw.pl", port=server),
                Smtp(host="żółw.pl", port=server, security="none"),
                Sip(host="żółw.pl", port=sip),
                Dns(name="żółw.pl", server="żółw.pl", port=dns_port, expect=["127.0.0.1"]),
            )
        ]
    assert [each.state for each in seen] == ["up"] * len(seen), [each.reason for each in seen]
    assert [each.reason for each in seen if "xn--" in each.reason] == []
    sent = b"".join(heard)
    assert sent.count(f"Host: {TURTLE}:{server}\r\n".encode()) == 2
    assert f"OPTIONS sip:{TURTLE} SIP/2.0\r\n".encode() in sent
    assert sent.isascii()


def test_a_control_of_a_diagnosis_may_have_such_a_name_too(dns_port, server):
    assert asyncio.run(begin(Attempt(shared(dns_port)), f"http://żółw.pl:{server}/")).status == 204


@pytest.mark.parametrize(
    ("kind", "data", "expect"),
    [
        ("AAAA", bytes.fromhex("20010db8") + bytes(11) + b"\1", ["2001:DB8:0::1", "2001:0db8::0001"]),
        ("MX", b"\0\x0a\x04mail\xc0\x0c", ["10 mail.żółw.pl", "mail.ŻÓŁW.pl.", f"10  mail.{TURTLE}"]),
        ("CNAME", b"\x04mail\xc0\x0c", ["mail.żółw.pl", f"mail.{TURTLE}"]),
        ("TXT", b"\x06v=spf1", ["v=spf1", "V=SPF1"]),
    ],
)
def test_what_a_name_server_should_say_is_compared_in_one_form(kind, data, expect):
    def answer(packet: bytes) -> bytes:
        asked = packet[12:]
        head = packet[:2] + b"\x81\x80\0\1\0\1\0\0\0\0"
        return head + asked + b"\xc0\x0c" + asked[-4:] + b"\0\0\0\x3c" + len(data).to_bytes(2, "big") + data

    with udp_server(answer) as port:
        server = {"name": "żółw.pl", "server": "127.0.0.1", "port": port, "type": kind}
        right = [look(Dns.model_validate({**server, "expect": each}), 9) for each in expect]
        assert [each.state for each in right] == ["up"] * len(expect), right
        assert look(Dns.model_validate({**server, "expect": "20 mail.gęś.pl"}), 9).state == "down"


def test_a_certificate_is_compared_with_the_name_as_it_is_sent(dns_port, certificates):
    context, trust = certificates

    def talk(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as inside:
            inside.recv(65536)
            inside.sendall(page(status="204 No Content"))

    with tcp_server(talk) as port:
        probes = (
            Http(url=f"https://ŻÓŁW.pl:{port}/", trust=trust),
            Tls(host="żółw.pl", port=port, trust=trust, days=0),
            Tls(host="127.0.0.1", port=port, name="żółw.pl", trust=trust, days=0),
        )
        assert [look(each, dns_port).state for each in probes] == ["up"] * 3
        other = look(Tls(host="127.0.0.1", port=port, name="gęś.pl", trust=trust), dns_port)
    assert other.reason == "its certificate is for another name"


def test_a_redirect_may_lead_to_such_a_name(dns_port, server):
    moved = f"HTTP/1.1 302 Found\r\nLocation: //żółw.pl:{server}/ważne sprawy\r\n\r\n".encode()
    with tcp_server(lambda line: (line.recv(65536), line.sendall(moved))) as port:
        found = look(Http(url=f"http://127.0.0.1:{port}/"), dns_port)
    assert (found.state, found.evidence["url"]) == ("up", f"http://żółw.pl:{server}/ważne%20sprawy")


def test_a_name_that_nobody_knows_is_told_as_it_was_written(dns_port):
    for probe in (Tcp(host="gęś.pl", port=1), Ping(host="gęś.pl"), Imap(host="gęś.pl")):
        assert look(probe, dns_port).reason == "there is no address for the name gęś.pl"
